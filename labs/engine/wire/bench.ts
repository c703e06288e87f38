/**
 * The bench of the labs that speak Kafka's protocol: a broker in this process, in memory, on a port of the
 * system's choice; or, with `--bootstrap`, any cluster there is, Apache Kafka included. The suite's own clients
 * are plain kafkajs; the learner's go through the bench's proxy.
 *
 * - topics get names of their own, so that a shared cluster is never disturbed
 * - whatever a bench opened, `close` closes; on a shared cluster that includes its topics
 */
import { type Admin, type Consumer, type IHeaders, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { Surroundings } from '../lab.ts'
import { EnvironmentTrouble } from '../trial.ts'
import { fill, words } from '../words.ts'
import { WireProxy } from './proxy.ts'

/** A record as it was read back. */
export interface ReadBack {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: IHeaders
}

/** Parts of the broker that a lab replaces: `startBroker({ parts })`. */
export type Parts = Readonly<Record<string, unknown>>

type StartBroker = (options: Record<string, unknown>) => Promise<{ bootstrap: string; stop(): Promise<void> }>

/** The node's id cannot be guessed. */
const brokerConfig = { 'node.id': '47', 'group.initial.rebalance.delay.ms': '0', 'num.partitions': '1' }

export async function startLabBroker(options: { brokers?: number; parts?: Parts } = {}) {
  const { startBroker } = (await import('offset-zero-broker' as string)) as unknown as {
    startBroker: StartBroker
  }
  return startBroker({ config: brokerConfig, ...options })
}

export class KafkaBench {
  readonly bootstrap: string
  /** True when the broker is ours and in this process; a cluster that was given may be slower, and shared. */
  readonly ours: boolean
  readonly proxy: WireProxy
  readonly #stop: () => Promise<void>
  /** Names of topics and groups that this bench has given out. */
  readonly #made = new Set<string>()
  /** Groups of a cluster that was given, before anything was done there: they are not ours to remove. */
  #groupsBefore: readonly string[] = []
  readonly #runId = Math.random().toString(36).slice(2, 8)
  #topics = 0

  private constructor(bootstrap: string, ours: boolean, proxy: WireProxy, stop: () => Promise<void>) {
    this.proxy = proxy
    this.bootstrap = bootstrap
    this.ours = ours
    this.#stop = stop
  }

  /** Starts a broker, or checks that the given cluster answers. Throws EnvironmentTrouble. */
  static async open(
    surroundings: Surroundings,
    options: { brokers?: number; parts?: Parts } = {},
  ): Promise<KafkaBench> {
    if (surroundings.bootstrap !== undefined) {
      const bench = new KafkaBench(surroundings.bootstrap, false, await WireProxy.open(), () =>
        Promise.resolve(),
      )
      await bench.#mustAnswer()
      return bench
    }
    try {
      const broker = await startLabBroker(options)
      const bench = new KafkaBench(broker.bootstrap, true, await WireProxy.open(), () => broker.stop())
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
      this.#groupsBefore = await groupsOf(admin)
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

  /** A name that no other topic has. `word` is put in front, for pictures. */
  topicName(word: string): string {
    const name = `${word}-${this.#runId}-${++this.#topics}`
    this.#made.add(name)
    return name
  }

  /** Makes a topic, ready to be written to. Gives its name. */
  topic(word: string, partitions: number): Promise<string> {
    return this.make(this.topicName(word), partitions)
  }

  /** Makes a topic of exactly this name; no other topic of a shared cluster may have it. */
  async make(topic: string, partitions: number): Promise<string> {
    this.#made.add(topic)
    await this.admin((admin) =>
      admin.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }],
        // kafkajs asks for the leaders once, and gives up when a KRaft broker has not yet heard of the topic.
        waitForLeaders: false,
      }),
    )
    await this.offsets(topic)
    return topic
  }

  /** Writes records to the partitions they name, in the order given. */
  async fill(
    topic: string,
    records: readonly {
      readonly partition: number
      readonly key?: string | null
      readonly value: string
      /** Milliseconds since 1970, as kafkajs wants it; the time of sending when left out. */
      readonly timestamp?: string
    }[],
  ): Promise<void> {
    const producer = this.client().producer()
    try {
      await producer.connect()
      await producer.send({ topic, messages: records.map(({ key = null, ...rest }) => ({ key, ...rest })) })
    } finally {
      await producer.disconnect()
    }
  }

  /** Adds partitions, and waits until the cluster knows them. */
  async grow(topic: string, partitions: number): Promise<void> {
    await this.admin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] }))
    await this.#patiently(async () => {
      const known = await this.offsets(topic)
      if (known.length !== partitions)
        throw new Error(`${topic} has ${known.length} partitions, not ${partitions} yet`)
    })
  }

  /** Deletes the records of a partition below `offset`, as retention would. */
  async trim(topic: string, partition: number, offset: number): Promise<void> {
    await this.admin(async (admin) => {
      // kafkajs looks the leader up in metadata that it only loads for other verbs.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
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

  /** Start and end offset of each partition, sorted by partition. */
  async offsets(topic: string): Promise<{ partition: number; start: number; end: number }[]> {
    const all = await this.#patiently(() => this.admin((admin) => admin.fetchTopicOffsets(topic)))
    return all
      .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
      .sort((a, b) => a.partition - b.partition)
  }

  /** A topic that was just made may not have reached every broker yet: asks again, for two seconds at most. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await ask()
      } catch (error) {
        if (tries === 40) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  /** All records that the topic holds now, sorted by partition and offset. */
  async read(topic: string): Promise<ReadBack[]> {
    const ends = await this.offsets(topic)
    const expected = ends.reduce((sum, { start, end }) => sum + end - start, 0)
    if (expected === 0) return []
    const consumer = this.client().consumer({ groupId: this.topicName('bench'), maxWaitTimeInMs: 50 })
    try {
      const records = await collect(consumer, topic, expected)
      return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    } finally {
      await consumer.disconnect()
    }
  }

  async close(): Promise<void> {
    this.proxy.close()
    if (!this.ours) await this.#removeTraces().catch(() => {})
    await this.#stop()
  }

  /** Leaves a cluster that was given as it was: without the topics and groups of this run. */
  async #removeTraces(): Promise<void> {
    await this.admin(async (admin) => {
      const there = await admin.listTopics()
      const topics = there.filter((topic) => this.#made.has(topic))
      if (topics.length > 0) await admin.deleteTopics({ topics })
      const used = new Set([...this.#made, ...this.proxy.joinedGroups])
      const groups = (await groupsOf(admin)).filter((id) => used.has(id) && !this.#groupsBefore.includes(id))
      // One that still has a member is refused, and gone as soon as the member's session has ended.
      if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {})
    })
  }
}

async function groupsOf(admin: Admin): Promise<string[]> {
  const { groups } = await admin.listGroups()
  return groups.map(({ groupId }) => groupId)
}

async function collect(consumer: Consumer, topic: string, count: number): Promise<ReadBack[]> {
  const records: ReadBack[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          records.push({
            partition,
            offset: Number(message.offset),
            key: message.key?.toString() ?? null,
            value: message.value?.toString() ?? null,
            headers: message.headers ?? {},
          })
          if (records.length === count) resolve()
        },
      })
      .catch(reject)
  })
  return records
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
