/**
 * Which coordinators this node is: the elections of the leaders of `__consumer_offsets` and `__transaction_state`.
 *
 *   a new image, this node leads __consumer_offsets-7
 *     prepare   the coordinator reads the partition, in turns          a partition may hold millions of records
 *     apply     it is elected: it serves what it has read
 *   a new image, this node leads it no more
 *     apply     it resigns
 *
 * Kafka loads in the background, and answers COORDINATOR_LOAD_IN_PROGRESS meanwhile. Here the image that says who leads is
 * published after the load, and at its start the broker accepts connections after it. So no client meets a coordinator
 * that loads.
 *
 * ELECTIONS-1  a coordinator that can't read one partition answers NOT_COORDINATOR for the groups or transactional ids of
 *     that partition only (Kafka: CoordinatorRuntime's state FAILED); one log line names the file and the position
 * ELECTIONS-2  a partition is read once per election, whatever other images are published
 */
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Core } from '../core.ts'
import { explain } from '../log/disk-trouble.ts'
import type { Partition } from '../replica/partition.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'
import type { Steps } from '../turns.ts'

/** What a coordinator does when this node becomes or stops being leader of a partition of its topic. */
export interface ElectedCoordinator {
  /** Reads the partition in turns, before the node is elected. Throws if it can't be read. */
  load(partition: number): Steps<void>
  /** Serves what was loaded; nothing, if the partition could not be read. */
  onElected(partition: number, epoch: number): void
  onResigned(partition: number): void
}

/** A coordinator and its internal topic; `serves` says what, for people. */
export interface CoordinatorOf {
  readonly topic: string
  readonly serves: string
  readonly coordinator: ElectedCoordinator
}

export class CoordinatorElections {
  private readonly core: Core
  private readonly replicas: ReplicaManager
  private readonly coordinators: readonly CoordinatorOf[]
  /** Partitions whose coordinator is this node: `topic-index` -> the id of the topic. */
  private readonly elected = new Map<string, string>()
  /** Those that were read, or could not be, and are not elected yet. */
  private readonly loaded = new Map<string, string>()

  constructor(options: { core: Core; replicas: ReplicaManager; coordinators: readonly CoordinatorOf[] }) {
    this.core = options.core
    this.replicas = options.replicas
    this.coordinators = options.coordinators
  }

  /** Coordinators read the partitions that this node has begun to lead (ELECTIONS-2). */
  *prepare(image: MetadataImage): Steps<void> {
    for (const each of this.coordinators) {
      for (const partition of this.ledPartitions(image, each.topic)) {
        const { key, topicId } = partition
        const isKnown = this.elected.get(key) === topicId || this.loaded.get(key) === topicId
        if (!isKnown) yield* this.load(each, partition)
      }
    }
  }

  /** ELECTIONS-1. */
  private *load({ coordinator, serves }: CoordinatorOf, { key, index, topicId }: Partition): Steps<void> {
    try {
      yield* coordinator.load(index)
    } catch (error) {
      const what = `the coordinator of ${key} failed to load and refuses its ${serves}: ${explain(error)}`
      const help = `stop the broker and restore ${key} from a backup, or move its folder away: its ${serves} are lost then`
      this.core.log('error', `${what}. ${help}`)
    }
    this.loaded.set(key, topicId)
  }

  /** Coordinators resign from the partitions that this node does not lead any more, and are elected for those that were read. */
  apply(image: MetadataImage): void {
    for (const each of this.coordinators) this.applyTo(each, image)
  }

  private applyTo({ topic, coordinator }: CoordinatorOf, image: MetadataImage): void {
    const led = new Map(this.ledPartitions(image, topic).map((partition) => [partition.key, partition]))
    for (const [key, topicId] of this.elected) {
      if (!key.startsWith(`${topic}-`) || led.get(key)?.topicId === topicId) continue
      this.elected.delete(key)
      coordinator.onResigned(Number(key.slice(topic.length + 1)))
    }
    for (const { key, index, topicId, leaderEpoch } of led.values()) {
      if (this.elected.has(key) || this.loaded.get(key) !== topicId) continue
      this.loaded.delete(key)
      this.elected.set(key, topicId)
      coordinator.onElected(index, leaderEpoch)
    }
  }

  /** The partitions of a topic that this node leads. */
  private ledPartitions(image: MetadataImage, topic: string): Partition[] {
    const count = image.topic(topic)?.partitions.length ?? 0
    return Array.from({ length: count }, (_, index) => this.replicas.find(topic, index) ?? []).flat()
  }
}
