/** For tests of replicas: partitions and brokers as the metadata would have them, and a node that hosts replicas. */
import type { Core } from '../src/core.ts'
import { TopicCounters } from '../src/counters.ts'
import type { Log } from '../src/log/log.ts'
import type { LogManager } from '../src/log/log-manager.ts'
import type {
  AssignedBroker,
  AssignedPartition,
  AssignedTopic,
  Assignment,
} from '../src/replica/assignment.ts'
import { Partition, type PartitionHost } from '../src/replica/partition.ts'
import { ReplicaManager } from '../src/replica/replica-manager.ts'
import { VirtualTime } from '../src/sim/virtual-time.ts'
import { finish } from '../src/turns.ts'
import { TOPIC_ID, testLog } from './log-fixtures.ts'

/** A partition on these nodes: the first one leads, and all are in the ISR, unless `changed` says otherwise. */
export function assigned(
  replicas: readonly number[],
  changed: Partial<AssignedPartition> = {},
): AssignedPartition {
  return { leader: replicas[0]!, leaderEpoch: 0, partitionEpoch: 0, replicas, isr: replicas, ...changed }
}

/** A registered broker that is alive. */
export function alive(epoch: number): AssignedBroker {
  return { epoch, fenced: false }
}

/** Metadata with these topics; each has the partitions in the list. */
export function imageOf(
  topics: Readonly<Record<string, readonly AssignedPartition[]>>,
  brokers: ReadonlyMap<number, AssignedBroker> = new Map(),
): Assignment {
  const byName = new Map(
    Object.entries(topics).map(([name, partitions]): [string, AssignedTopic] => [
      name,
      { name, id: TOPIC_ID, partitions },
    ]),
  )
  return { topics: byName, brokers, topic: (name) => byName.get(name) }
}

/** Node 1, with a clock that stands still and no other brokers, unless `changed` says otherwise. */
export function testHost(changed: Partial<PartitionHost> = {}): PartitionHost {
  return {
    nodeId: 1,
    monotonicMs: () => 0,
    lagMsMax: () => 30_000,
    broker: () => undefined,
    moved: () => {},
    ...changed,
  }
}

/** A replica of a partition of t with an open log, which is a follower of no leader yet. */
export function replicaOf(log: Log, host: PartitionHost = testHost(), index = 0): Partition {
  const counters = new TopicCounters()
  const partition = new Partition({ topic: 't', topicId: TOPIC_ID, index, counters, host })
  partition.open(log)
  return partition
}

/**
 * Node 1 with the partitions of topic t, which it leads, in virtual time; node 2 follows when the test says so. Broker epochs
 * are 10 times the node ids.
 */
export function leadingNode(partitions: readonly AssignedPartition[], minInsyncReplicas = 1) {
  const time = new VirtualTime()
  const core = {
    clock: time,
    timers: { set: (delayMs: number, fire: () => void) => time.after(delayMs, fire) },
    log: () => {},
  } as unknown as Core
  const open = () => testLog({ config: { minInsyncReplicas } })
  const logs = { open, delete: () => {} } as unknown as LogManager
  const replicas = new ReplicaManager({ core, nodeId: 1, logs, sessions: { slotsMax: 1, idleMsMin: 0 } })
  const brokers = new Map([1, 2].map((id) => [id, alive(10 * id)]))
  let image = imageOf({}, brokers)
  /** New metadata; without partitions there is no topic. */
  const apply = (all: readonly AssignedPartition[]): void => {
    image = imageOf(all.length > 0 ? { t: all } : {}, brokers)
    finish(replicas.apply(image, { isOver: false }))
  }
  apply(partitions)
  /** Node 2 has all records from `logStartOffset` to `fetchOffset` (exclusive). */
  const fetch = (index: number, fetchOffset: number, logStartOffset = 0): void => {
    const partition = replicas.leader('t', index)
    const { logEndOffset: leaderEndOffset } = partition
    const life = { followerId: 2, brokerEpoch: 20 }
    if (partition.onFollowerFetch({ ...life, fetchOffset, logStartOffset, leaderEndOffset }))
      replicas.moved(partition)
  }
  return { time, core, replicas, apply, fetch, metadata: () => image }
}
