/**
 * The bench of the labs that speak Kafka's protocol: a broker in this process, in memory, on a port of the
 * system's choice; or, with `--bootstrap`, any cluster there is, Apache Kafka included. What the suite itself does on it
 * goes over the wire by the engine's own small client (raw.ts); the learner's clients go through the bench's proxy.
 *
 * - topics get names of their own, so that a shared cluster is never disturbed
 * - whatever a bench opened, `close` closes; on a shared cluster that includes its topics, and those of runs that were
 *   killed before they could (left-behind.ts)
 * - time can be moved on our broker; elsewhere a suite does something else instead
 */
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { MovableTime } from 'offset-zero-broker/src/node/movable-time.ts'
import type { Surroundings } from '../lab.ts'
import { EnvironmentTrouble } from '../trial.ts'
import { fill, words } from '../words.ts'
import {
  type Committed,
  committedOf,
  type GroupSeen,
  groupOf,
  removeMembers,
  setCommitted,
} from './groups.ts'
import { LeftBehind, leftoversOn } from './left-behind.ts'
import {
  type BatchRead,
  deleteRecords,
  type Ends,
  endsOf,
  type ReadBack,
  readBatches,
  readTopic,
} from './log.ts'
import { WireProxy } from './proxy.ts'
import type { MemberSeen } from './proxy-client.ts'
import { RawCluster } from './raw.ts'
import {
  alterTopic,
  type BatchToSend,
  createTopic,
  initProducer,
  type RecordToSend,
  type SuiteTransaction,
  sendBatches,
  type TopicConfigs,
  transaction,
} from './send.ts'

export type { BatchRead, ReadBack } from './log.ts'

/** Parts of the broker that a lab replaces: `startBroker({ parts })`. */
export type Parts = Readonly<Record<string, unknown>>

export interface BenchOptions {
  readonly brokers?: number
  readonly parts?: Parts
  /** Settings of our broker, with Kafka's names. */
  readonly config?: Readonly<Record<string, string>>
}

type StartBroker = (options: Record<string, unknown>) => Promise<{ bootstrap: string; stop(): Promise<void> }>
interface BrokerModule {
  readonly startBroker: StartBroker
  readonly MovableTime: new () => MovableTime
}

/** The node's id cannot be guessed. Nobody waits for members that might come, and sessions may be short. */
const brokerConfig = {
  'node.id': '47',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '100',
  'num.partitions': '1',
  'connections.max.idle.ms': '-1',
}

const loadBroker = async () => (await import('offset-zero-broker' as string)) as unknown as BrokerModule

export async function startLabBroker(options: BenchOptions & { time?: MovableTime } = {}) {
  const { startBroker } = await loadBroker()
  return startBroker({ ...options, config: { ...brokerConfig, ...options.config } })
}

export class KafkaBench {
  readonly bootstrap: string
  /** True when the broker is ours and in this process; a cluster that was given may be slower, and shared. */
  readonly ours: boolean
  readonly proxy: WireProxy
  readonly #stop: () => Promise<void>
  readonly #time: MovableTime | undefined
  readonly #cluster: RawCluster
  /** Names of topics and groups that this bench has given out; on a cluster that is not ours they are written down. */
  readonly #made = new Set<string>()
  #left: LeftBehind | undefined
  /** Groups of a cluster that was given, before anything was done there: they are not ours to remove. */
  #groupsBefore: readonly string[] = []
  readonly #runId = Math.random().toString(36).slice(2, 8)
  #topics = 0

  private constructor(options: {
    bootstrap: string
    proxy: WireProxy
    stop: () => Promise<void>
    time?: MovableTime
  }) {
    this.proxy = options.proxy
    this.bootstrap = options.bootstrap
    this.ours = options.time !== undefined
    this.#time = options.time
    this.#stop = options.stop
    this.#cluster = new RawCluster(options.bootstrap)
  }

  /** Starts a broker, or checks that the given cluster answers. Throws EnvironmentTrouble. */
  static async open(surroundings: Surroundings, options: BenchOptions = {}): Promise<KafkaBench> {
    if (surroundings.bootstrap !== undefined) {
      const bench = new KafkaBench({
        bootstrap: surroundings.bootstrap,
        proxy: await WireProxy.open(),
        stop: () => Promise.resolve(),
      })
      await bench.#mustAnswer()
      return bench
    }
    try {
      const time = new (await loadBroker()).MovableTime()
      const broker = await startLabBroker({ ...options, time })
      const stop = () => broker.stop()
      const bench = new KafkaBench({ bootstrap: broker.bootstrap, proxy: await WireProxy.open(), stop, time })
      if (surroundings.isRehearsed === true) await bench.#rehearse()
      return bench
    } catch (error) {
      throw new EnvironmentTrouble(fill(words.brokerDidNotStart, { message: messageOf(error) }), error)
    }
  }

  async #rehearse(): Promise<void> {
    const topic = await this.topic('rehearsal', 2)
    await this.fill(topic, [{ partition: 1, value: 'one' }])
    await this.read(topic)
  }

  async #mustAnswer(): Promise<void> {
    const admin = this.client({
      retry: { retries: 1, initialRetryTime: 100 },
      connectionTimeout: 3_000,
    }).admin()
    try {
      await admin.connect()
      await admin.describeCluster()
      for (const { names, forget } of leftoversOn(this.bootstrap)) {
        await remove(admin, new Set(names))
        forget()
      }
      this.#groupsBefore = await groupsOf(admin)
      this.#left = new LeftBehind(this.#runId, this.bootstrap)
    } catch (error) {
      throw new EnvironmentTrouble(
        fill(words.unreachable, { bootstrap: this.bootstrap, message: messageOf(error) }),
        error,
      )
    } finally {
      await admin.disconnect().catch(() => {})
    }
  }

  /** How often and how long a client retries: a broker in this process answers in milliseconds. */
  get retry(): NonNullable<KafkaConfig['retry']> {
    return this.ours
      ? { initialRetryTime: 50, maxRetryTime: 400, retries: 4 }
      : { initialRetryTime: 200, retries: 8 }
  }

  /** A kafkajs client that talks to this bench and says nothing on the console. */
  client(config: Partial<KafkaConfig> = {}): Kafka {
    return new Kafka({
      clientId: 'offset-zero-lab',
      brokers: this.bootstrap.split(','),
      logLevel: logLevel.NOTHING,
      retry: this.retry,
      ...config,
    })
  }

  /** Runs an admin's verbs and hangs up. */
  async admin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.client().admin()
    try {
      await admin.connect()
      return await use(admin)
    } finally {
      await admin.disconnect()
    }
  }

  // Topics

  /** A name that no other topic, group or transactional id has. `word` is put in front, for pictures. */
  topicName(word: string): string {
    const name = `${word}-${this.#runId}-${++this.#topics}`
    this.#note(name)
    return name
  }

  #note(name: string): void {
    if (this.#made.has(name)) return
    this.#made.add(name)
    this.#left?.note(name)
  }

  /** Makes a topic, ready to be written to. Gives its name. */
  topic(word: string, partitions: number, configs: TopicConfigs = {}): Promise<string> {
    return this.make(this.topicName(word), partitions, configs)
  }

  /** Makes a topic of exactly this name; no other topic of a shared cluster may have it. */
  async make(topic: string, partitions: number, configs: TopicConfigs = {}): Promise<string> {
    this.#note(topic)
    await createTopic(this.#cluster, topic, partitions, configs)
    // A KRaft broker hears of a topic a moment later than its controller.
    await this.offsets(topic)
    return topic
  }

  /** Sets configs of a topic; null takes one away. */
  alterTopic(topic: string, configs: Readonly<Record<string, string | null>>): Promise<void> {
    return alterTopic(this.#cluster, topic, configs)
  }

  /** Adds partitions, and waits until the cluster knows them. */
  async grow(topic: string, partitions: number): Promise<void> {
    await this.admin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] }))
    for (let tries = 0; (await this.offsets(topic)).length !== partitions; tries++) {
      if (tries === 40) throw new Error(`${topic} does not get its ${partitions} partitions`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Deletes the records of a partition below `offset`, as retention would. */
  trim(topic: string, partition: number, offset: number): Promise<void> {
    return deleteRecords(this.#cluster, topic, partition, offset)
  }

  // Records

  /** Writes records to the partitions they name, in the order given: one batch for each partition. */
  async fill(
    topic: string,
    records: readonly (RecordToSend & { readonly partition: number })[],
  ): Promise<void> {
    const partitions = new Set(records.map(({ partition }) => partition))
    const batches = new Map<number, BatchToSend>()
    for (const partition of partitions)
      batches.set(partition, { records: records.filter((record) => record.partition === partition) })
    for (const [partition, { error }] of await sendBatches(this.#cluster, topic, batches))
      if (error !== undefined) throw new Error(`${topic}-${partition}: ${error}`)
  }

  /** Sends one batch as it is, with a producer id, epoch and sequence if it has some. Gives what the broker answers. */
  async send(
    topic: string,
    partition: number,
    batch: BatchToSend,
  ): Promise<{ readonly offset: number; readonly error?: string }> {
    const answers = await sendBatches(this.#cluster, topic, new Map([[partition, batch]]))
    return answers.get(partition) ?? { offset: -1, error: 'NO_ANSWER' }
  }

  /** A producer id with its epoch; of a transactional id: its epoch goes up, and who had it is fenced. */
  producer(transactionalId?: string): Promise<{ producerId: number; producerEpoch: number }> {
    return initProducer(this.#cluster, transactionalId)
  }

  /** A transaction of the suite's own; 'open' leaves it unfinished. */
  transaction(
    transactionalId: string,
    use: (tx: SuiteTransaction) => Promise<void>,
    end: 'commit' | 'abort' | 'open' = 'commit',
  ): Promise<void> {
    return transaction(this.#cluster, transactionalId, use, end)
  }

  /** Start, end and last stable offset of each partition, sorted by partition. */
  offsets(topic: string): Promise<Ends[]> {
    return endsOf(this.#cluster, topic)
  }

  /**
   * All records that the topic holds now, sorted by partition and offset; 'committed': what a reader of committed data
   * gets.
   */
  read(
    topic: string,
    { isolation = 'uncommitted' }: { readonly isolation?: 'committed' | 'uncommitted' } = {},
  ): Promise<ReadBack[]> {
    return readTopic(this.#cluster, topic, isolation)
  }

  /** The batches of a partition, control batches included, and what became of their transactions. */
  batches(topic: string, partition: number): Promise<BatchRead[]> {
    return readBatches(this.#cluster, topic, partition)
  }

  // Groups

  /** What a group has committed for a topic, by partition. */
  async committed(group: string, topic: string): Promise<Committed[]> {
    return committedOf(this.#cluster, group, topic, await this.#cluster.partitionsOf(topic))
  }

  /** Sets what a group has committed; nobody may be in it. */
  setCommitted(group: string, topic: string, offsets: Readonly<Record<number, number>>): Promise<void> {
    this.#note(group)
    return setCommitted(this.#cluster, group, topic, offsets)
  }

  /** How many records a group has before it; all, where it has committed nothing. */
  async lag(
    group: string,
    topic: string,
  ): Promise<{ partition: number; committed: number | undefined; end: number; lag: number }[]> {
    const [committed, ends] = await Promise.all([this.committed(group, topic), this.offsets(topic)])
    return ends.map(({ partition, start, end }) => {
      const offset = committed.find((one) => one.partition === partition)?.offset
      return { partition, committed: offset, end, lag: end - Math.max(offset ?? start, start) }
    })
  }

  /** A group's state and members, as DescribeGroups tells them. */
  group(group: string): Promise<GroupSeen> {
    return groupOf(this.#cluster, group)
  }

  /** Removes members from their groups, as they would leave themselves; static ones too. */
  async removeMembers(members: readonly MemberSeen[]): Promise<void> {
    for (const group of new Set(members.map((member) => member.group))) {
      const own = members.filter((member) => member.group === group)
      await removeMembers(this.#cluster, group, own)
    }
  }

  // Time

  /**
   * Lets time pass for the broker, in whole ms: on ours its clock jumps, and what is due happens; on a cluster that was given,
   * `elsewhere` is done instead.
   */
  async passTime(
    ms: number,
    { elsewhere }: { readonly elsewhere: () => Promise<void> | void },
  ): Promise<void> {
    if (this.#time === undefined) return void (await elsewhere())
    this.#time.advance(Math.ceil(ms))
    // Timers that are due now fire in the next turns, and what they do may take some more.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
  }

  async close(): Promise<void> {
    this.proxy.close()
    if (!this.ours)
      await this.#removeTraces().then(
        () => this.#left?.forget(),
        () => {},
      )
    this.#cluster.close()
    await this.#stop()
  }

  /** Leaves a cluster that was given as it was: without the topics and groups of this run. */
  async #removeTraces(): Promise<void> {
    // A group that still has a member is not deleted.
    await this.removeMembers([...this.proxy.clients].flatMap((client) => client.members())).catch(() => {})
    const used = [...this.#made, ...this.proxy.joinedGroups]
    await this.admin((admin) =>
      remove(admin, new Set(used.filter((name) => !this.#groupsBefore.includes(name)))),
    )
  }
}

/** Removes those topics and groups that are there. */
async function remove(admin: Admin, names: ReadonlySet<string>): Promise<void> {
  const topics = (await admin.listTopics()).filter((topic) => names.has(topic))
  if (topics.length > 0) await admin.deleteTopics({ topics })
  const groups = (await groupsOf(admin)).filter((id) => names.has(id))
  // One that still has a member is refused, and gone as soon as the member's session has ended.
  if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {})
}

async function groupsOf(admin: Admin): Promise<string[]> {
  const { groups } = await admin.listGroups()
  return groups.map(({ groupId }) => groupId)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
