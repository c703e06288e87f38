import { connect, type Socket } from 'node:net'
import {
  type Admin,
  CompressionTypes,
  type Consumer,
  type ISocketFactory,
  Kafka,
  logLevel,
  type Message,
  type Producer,
} from 'kafkajs'
import { connectFar } from './far.ts'

/** What one run of a setting has shown. Latencies are those of requests: from the call of `send` to its answer. */
export interface Figures {
  recordsPerS: number
  p50Ms?: number
  p99Ms?: number
  /** Of the requests, with all their headers. */
  bytesPerRecord?: number
}

/** How records are sent. */
export interface Sending {
  valueBytes: number
  /** Records in each call of `send`; with one partition that is one batch. */
  perSend: number
  /** Calls of `send` that wait for an answer at the same time. */
  inFlight: number
  acks: -1 | 0 | 1
  partitions: number
  gzip: boolean
  /** Put between client and broker, in each direction, ms; 0: they are on one machine. */
  wayMs: number
}

/** How records are read. */
export interface Reading {
  records: number
  commits: 'batch' | 'record'
}

const READ_MS_MAX = 60_000

/** A cluster that is measured, through kafkajs. Makes topics as they are needed, and removes them in `end`. */
export class Bench {
  private readonly kafka: Kafka
  private readonly admin: Admin
  private readonly producer: Producer
  /** Producers over a longer way, by its length. */
  private readonly far = new Map<number, Promise<Producer>>()
  private readonly bootstrap: string
  private readonly sockets: readonly Socket[]
  private readonly prefix: string
  private readonly topics = new Map<string, Promise<string>>()
  private readonly groups: string[] = []
  private constructor(kafka: Kafka, sockets: readonly Socket[], bootstrap: string, prefix: string) {
    this.bootstrap = bootstrap
    this.kafka = kafka
    this.sockets = sockets
    this.prefix = prefix
    this.admin = kafka.admin()
    this.producer = kafka.producer()
  }

  /** `prefix`: with what the names of topics and groups begin. Rejects when no broker answers. */
  static async connect(bootstrap: string, prefix: string): Promise<Bench> {
    const sockets: Socket[] = []
    // As kafkajs does it by itself, but the sockets are kept: they count the bytes that were sent.
    const kafka = kafkaOf(bootstrap, ({ host, port, onConnect }) => {
      const socket = connect({ host, port, keepAlive: true }, onConnect)
      sockets.push(socket)
      return socket
    })
    const bench = new Bench(kafka, sockets, bootstrap, prefix)
    await bench.admin.connect()
    await bench.producer.connect()
    return bench
  }

  /** Sends for `runMs`; a topic that was used with these partitions before is used again. */
  async send(sending: Sending, runMs: number): Promise<Figures> {
    const topic = await this.topic('sent', sending.partitions)
    const producer = await this.producerOver(sending.wayMs)
    const messages = messagesOf(sending)
    const compression = sending.gzip ? CompressionTypes.GZIP : CompressionTypes.None
    const times: number[] = []
    const bytesBefore = this.bytesSent()
    const beganMs = performance.now()
    const endMs = beganMs + runMs
    // #region loop
    const loop = async () => {
      while (performance.now() < endMs) {
        const askedMs = performance.now()
        await producer.send({ topic, acks: sending.acks, compression, messages })
        times.push(performance.now() - askedMs)
      }
    }
    // #endregion loop
    await Promise.all(Array.from({ length: sending.inFlight }, loop))
    const records = times.length * sending.perSend
    times.sort((a, b) => a - b)
    return {
      recordsPerS: (records * 1000) / (performance.now() - beganMs),
      p50Ms: times[Math.floor(times.length * 0.5)]!,
      p99Ms: times[Math.floor(times.length * 0.99)]!,
      bytesPerRecord: (this.bytesSent() - bytesBefore) / records,
    }
  }

  /** Reads so many records by a new group, from the first record that is handed over to the last. */
  async read({ records, commits }: Reading): Promise<Figures> {
    const topic = await this.filled(records)
    const groupId = `${this.prefix}-group-${this.groups.length}`
    this.groups.push(groupId)
    const consumer = this.kafka.consumer({ groupId })
    try {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      const ms = await timeToRead(consumer, records, commits)
      return { recordsPerS: (records * 1000) / ms }
    } finally {
      await consumer.disconnect()
    }
  }

  /** A topic with this many partitions; the same one for the same word and number. */
  topic(word: string, partitions: number): Promise<string> {
    const name = `${this.prefix}-${word}-${partitions}`
    const known = this.topics.get(name)
    if (known !== undefined) return known
    const created = this.create(name, partitions)
    this.topics.set(name, created)
    return created
  }

  /** Removes topics and groups, and disconnects. */
  async end(): Promise<void> {
    for (const producer of [this.producer, ...(await Promise.all(this.far.values()))])
      await producer.disconnect()
    const topics = await Promise.all(this.topics.values())
    if (topics.length > 0) await this.admin.deleteTopics({ topics })
    if (this.groups.length > 0) await this.admin.deleteGroups(this.groups)
    await this.admin.disconnect()
  }

  private producerOver(wayMs: number): Promise<Producer> {
    if (wayMs === 0) return Promise.resolve(this.producer)
    const known = this.far.get(wayMs) ?? connectOver(this.bootstrap, wayMs)
    this.far.set(wayMs, known)
    return known
  }

  private bytesSent(): number {
    return this.sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)
  }

  private async create(topic: string, numPartitions: number): Promise<string> {
    await this.admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true })
    return topic
  }

  private async filled(records: number): Promise<string> {
    const name = await this.topic(`read-${records}`, 1)
    const [ends] = await this.admin.fetchTopicOffsets(name)
    for (let sent = Number(ends!.high); sent < records; sent += 1000)
      await this.producer.send({ topic: name, messages: messagesOf({ valueBytes: 100, perSend: 1000 }) })
    return name
  }
}

function kafkaOf(bootstrap: string, socketFactory: ISocketFactory): Kafka {
  const brokers = bootstrap.split(',')
  const retry = { retries: 3 }
  return new Kafka({ clientId: 'measure', brokers, logLevel: logLevel.NOTHING, retry, socketFactory })
}

async function connectOver(bootstrap: string, wayMs: number): Promise<Producer> {
  const kafka = kafkaOf(bootstrap, ({ host, port, onConnect }) => connectFar(host, port, wayMs, onConnect))
  const producer = kafka.producer()
  await producer.connect()
  return producer
}

async function timeToRead(consumer: Consumer, records: number, commits: Reading['commits']): Promise<number> {
  let [read, beganMs] = [0, 0]
  let done = () => {}
  const finished = new Promise<void>((resolve, reject) => {
    done = resolve
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    setTimeout(() => reject(new Error(`read ${read} of ${records} records`)), READ_MS_MAX).unref()
  })
  await consumer.run({
    autoCommit: commits === 'batch',
    eachMessage: async ({ topic, partition, message }) => {
      if (read === 0) beganMs = performance.now()
      if (commits === 'record') {
        const offset = String(BigInt(message.offset) + 1n)
        await consumer.commitOffsets([{ topic, partition, offset }])
      }
      read++
      if (read === records) done()
    },
  })
  await finished
  return performance.now() - beganMs
}

const WORDS =
  'call the customer before noon leave it with neighbour side door bell broken please ring twice dog'
    .split(' ')
    .map((word) => `${word} `)

/** Values like those of a service: JSON whose names repeat, with numbers and words that change. */
function messagesOf({ valueBytes, perSend }: Pick<Sending, 'valueBytes' | 'perSend'>): Message[] {
  let seed = 1
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  return Array.from({ length: perSend }, () => {
    let text = `{"order":${next(1e9)},"customer":${next(1e5)},"amount":${next(1e4)},"note":"`
    while (text.length < valueBytes) text += WORDS[next(WORDS.length)]
    return { value: `${text.slice(0, valueBytes - 2)}"}` }
  })
}
