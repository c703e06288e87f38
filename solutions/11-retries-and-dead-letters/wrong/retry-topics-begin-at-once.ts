import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'only-the-topic-has-to-know',
  belief: {
    en: 'Only the topic has to know which keys wait; the retry topics can begin at once.',
    ru: 'Какие ключи ждут, должен знать только исходный топик; топики повторов могут начинать сразу.',
  },
  fails: ['restart'],
  breaks: ['restart'],
  explains: 'restart.overtakes',
}

import type { IHeaders, Kafka, KafkaMessage } from 'kafkajs'

export type Offset = string | bigint | number

export interface Retry {
  topic: string
  delayMs: number
}

export interface Received {
  partition: number
  offset: Offset
  key: Buffer | null
  value: Buffer | null
  attempt: number
}

export type Handle = (record: Received) => Promise<void>

export interface Options {
  topic: string
  group: string
  retries: Retry[]
  dead: string
}

export interface Running {
  stop(): Promise<void>
}

export function planRetries(
  topic: string,
  { retries, firstMs, maxMs }: { retries: number; firstMs: number; maxMs: number },
): Retry[] {
  const delays = new Array<number>(retries).fill(firstMs).map((ms, i) => Math.min(maxMs, ms * 2 ** i))
  return delays.map((delayMs, i) => ({ topic: `${topic}-retry-${i + 1}`, delayMs }))
}

export async function consumeWithRetries(
  kafka: Kafka,
  { topic, group, retries: given, dead }: Options,
  handle: Handle,
): Promise<Running> {
  const retries = structuredClone(given)
  const topics = [topic, ...retries.map((retry) => retry.topic)]
  const producer = kafka.producer({ retry: { retries: 9, initialRetryTime: 100 } })
  const consumer = kafka.consumer({ groupId: group })
  const admin = kafka.admin()
  const stop = new AbortController()

  // What waits: retry topic → key → partition:offset. A copy that is being sent stands there as 'sending'.
  const waiting = topics.map(() => new Map<string, Set<string>>())
  const handled = new Map<string, bigint>()
  const note = (level: number, key: string, place: string) => {
    const places = waiting[level]?.get(key) ?? new Set<string>()
    places.add(place)
    waiting[level]?.set(key, places)
  }
  const strike = (level: number, key: string, place: string) => {
    const places = waiting[level]?.get(key)
    places?.delete(place)
    if (places?.size === 0) waiting[level]?.delete(key)
  }

  const first = (message: KafkaMessage, name: string) =>
    [(message.headers as IHeaders)?.[name] ?? ''].flat().at(0)

  async function send(
    level: number,
    message: KafkaMessage,
    origin: [number, string],
    attempts: number,
    error?: string,
  ) {
    const retry = retries[level - 1]
    const key = message.key?.toString('base64')
    const headers: IHeaders = { ...message.headers }
    headers['retry-topic'] = topic
    headers['retry-partition'] = `${origin[0]}`
    headers['retry-offset'] = origin[1]
    headers['retry-attempts'] = `${attempts}`
    headers['retry-due'] = `${Date.now() + (retry?.delayMs ?? 0)}`
    if (error !== undefined) headers['retry-error'] = error
    const sending = `sending ${Math.random()}`
    if (retry && key !== undefined) note(level, key, sending)
    try {
      const [sent] = await producer.send({
        topic: retry?.topic ?? dead,
        messages: [{ key: message.key, value: message.value, headers }],
      })
      const track = `${retry?.topic}/${sent?.partition}`
      if (retry && key !== undefined && sent && BigInt(sent.baseOffset ?? 0) > (handled.get(track) ?? -1n)) {
        note(level, key, `${sent.partition}:${sent.baseOffset}`)
      }
    } finally {
      if (key !== undefined) strike(level, key, sending)
    }
  }

  async function deal(level: number, partition: number, message: KafkaMessage) {
    const { key, value } = message
    const origin: [number, string] =
      level === 0
        ? [partition, message.offset]
        : [Number(first(message, 'retry-partition')), String(first(message, 'retry-offset'))]
    const attempts = level === 0 ? 0 : Number(first(message, 'retry-attempts'))
    const name = key?.toString('base64')
    if (name !== undefined && waiting.some((one, later) => later > level && one.has(name))) {
      return send(level + 1, message, origin, attempts)
    }
    try {
      await handle({ partition: origin[0], offset: origin[1], key, value, attempt: attempts + 1 })
    } catch (error) {
      const { retriable, message: text } = error as Error & { retriable?: boolean }
      await send(retriable === false ? topics.length : level + 1, message, origin, attempts + 1, text)
    }
  }

  const until = (time: number) =>
    new Promise<void>((resolve) => {
      const left = Math.min(time - Date.now(), 2 ** 31 - 1)
      if (left <= 0 || stop.signal.aborted) return resolve()
      const timer = setTimeout(done, left)
      stop.signal.addEventListener('abort', done, { once: true })
      function done() {
        clearTimeout(timer)
        stop.signal.removeEventListener('abort', done)
        resolve()
      }
    })

  async function work(level: number, partition: number, message: KafkaMessage) {
    const name = topics[level] ?? topic
    if (level > 0) await until(Number(first(message, 'retry-due')))
    if (stop.signal.aborted) return
    await deal(level, partition, message)
    handled.set(`${name}/${partition}`, BigInt(message.offset))
    if (level > 0 && message.key)
      strike(level, message.key.toString('base64'), `${partition}:${message.offset}`)
    const offset = `${BigInt(message.offset) + 1n}`
    await consumer.commitOffsets([{ topic: name, partition, offset }])
  }

  // The partitions of the retry topics that have to be read up to here before the topic may begin.
  const unread = new Map<string, bigint>()
  const resumes: (() => void)[] = []
  const open = () => {
    for (const resume of resumes.splice(0)) resume()
  }
  const chains = new Map<string, Promise<void>>()
  const read = new Map<string, bigint>()

  async function close() {
    stop.abort()
    open()
    await Promise.allSettled(chains.values())
    await consumer.disconnect()
    await Promise.all([producer.disconnect(), admin.disconnect()])
  }

  try {
    await admin.connect()
    await producer.connect()
    await consumer.connect()
    await admin.fetchTopicMetadata({ topics: [...topics, dead] })
    const committed =
      retries.length === 0 ? [] : await admin.fetchOffsets({ groupId: group, topics: topics.slice(1) })
    for (const one of committed) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(one.topic)) {
        const offset = one.partitions.find((other) => other.partition === partition)?.offset ?? '-1'
        const from = offset === '-1' ? BigInt(low) : BigInt(offset)
        if (from < BigInt(high)) unread.set(`${one.topic}/${partition}`, BigInt(high))
      }
    }
    if (unread.size === 0) open()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, pause }) => {
        const level = topics.indexOf(batch.topic)
        const id = `${batch.topic}/${batch.partition}`
        if (stop.signal.aborted) return
        if (level === 0 && unread.size > 0) {
          resumes.push(pause())
          return
        }
        let chain = chains.get(id) ?? Promise.resolve()
        for (const message of batch.messages) {
          const offset = BigInt(message.offset)
          resolveOffset(message.offset)
          if (offset <= (read.get(id) ?? -1n)) continue
          read.set(id, offset)
          if (level > 0 && message.key)
            note(level, message.key.toString('base64'), `${batch.partition}:${offset}`)
          chain = chain.then(() => (stop.signal.aborted ? undefined : work(level, batch.partition, message)))
        }
        if (level === 0) chain = chain.then(pause()) // no more of the topic in memory than one batch of each partition
        chains.set(id, chain)
        if (offsetsEnd(batch.lastOffset()) >= (unread.get(id) ?? 0n)) unread.delete(id)
        if (unread.size === 0) open()
      },
    })
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
  let closed: Promise<void> | undefined
  return {
    stop() {
      closed ??= close()
      return closed
    },
  }
}

const offsetsEnd = (last: string) => BigInt(last) + 1n
