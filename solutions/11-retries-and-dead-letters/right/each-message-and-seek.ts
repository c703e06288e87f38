/** eachMessage with commits by hand: what is not due is sought again after a pause. Keys that wait are kept in one flat map. */
import type { Admin, Kafka, KafkaMessage } from 'kafkajs'

type Retry = { topic: string; delayMs: number }
type Options = { topic: string; group: string; retries: Retry[]; dead: string }
type Handle = (record: {
  partition: number
  offset: bigint
  key: Buffer | null
  value: Buffer | null
  attempt: number
}) => Promise<void>

export function planRetries(topic: string, plan: { retries: number; firstMs: number; maxMs: number }) {
  const list: Retry[] = []
  for (let delay = plan.firstMs; list.length < plan.retries; delay *= 2)
    list.push({
      topic: `${topic}-retry-${list.length + 1}`,
      delayMs: delay < plan.maxMs ? delay : plan.maxMs,
    })
  return list
}

const text = (message: KafkaMessage, name: string) => (message.headers?.[name] ?? '').toString()
const plainError = (cause: unknown) => new Error('the copy could not be sent', { cause })

export async function consumeWithRetries(kafka: Kafka, options: Options, handle: Handle) {
  const stages = [options.topic, ...options.retries.map(({ topic }) => topic)]
  const consumer = kafka.consumer({ groupId: options.group })
  const producer = kafka.producer()
  const timers: NodeJS.Timeout[] = []
  const waiting = new Map<string, number>()
  const change = (stage: number, key: Buffer | null, by: number) => {
    if (key === null || stage === 0 || stage >= stages.length) return
    const name = `${stage} ${key.toString('base64')}`
    const count = (waiting.get(name) ?? 0) + by
    if (count > 0) waiting.set(name, count)
    else waiting.delete(name)
  }
  const isAhead = (stage: number, key: Buffer | null) =>
    key !== null && stages.some((_, i) => i > stage && waiting.has(`${i} ${key.toString('base64')}`))

  const copy = async (message: KafkaMessage, to: number, headers: Record<string, string>) => {
    const { key, value } = message
    const due = Date.now() + (options.retries[to - 1]?.delayMs ?? 0)
    const all = { ...message.headers, ...headers, 'retry-due': `${due}` }
    const topic = stages[to] ?? options.dead
    change(to, key, 1)
    await producer.send({ topic, messages: [{ key, value, headers: all }] }).catch((error: unknown) => {
      change(to, key, -1)
      throw plainError(error)
    })
  }

  const deal = async (stage: number, partition: number, message: KafkaMessage) => {
    const isFirst = stage === 0
    const origin = {
      'retry-topic': options.topic,
      'retry-partition': isFirst ? `${partition}` : text(message, 'retry-partition'),
      'retry-offset': isFirst ? message.offset : text(message, 'retry-offset'),
      'retry-attempts': isFirst ? '0' : text(message, 'retry-attempts'),
    }
    if (isAhead(stage, message.key)) {
      await copy(message, stage + 1, origin)
    } else {
      const attempt = Number(origin['retry-attempts']) + 1
      const failure = await handle({
        partition: Number(origin['retry-partition']),
        offset: BigInt(origin['retry-offset']),
        key: message.key,
        value: message.value,
        attempt,
      }).then(
        () => undefined,
        (error: Error & { retriable?: boolean }) => ({
          text: `${error.message}`,
          isFinal: error.retriable === false,
        }),
      )
      if (failure !== undefined)
        await copy(message, failure.isFinal ? stages.length : stage + 1, {
          ...origin,
          'retry-attempts': `${attempt}`,
          'retry-error': failure.text,
        })
    }
    change(stage, message.key, -1)
  }

  let isStopping = false
  let busy: Promise<unknown> = Promise.resolve()
  const close = async () => {
    isStopping = true
    for (const timer of timers) clearTimeout(timer)
    await busy.catch(() => {})
    await Promise.all([consumer.disconnect(), producer.disconnect()])
  }
  try {
    await Promise.all([consumer.connect(), producer.connect()])
    await consumer.subscribe({ topics: stages, fromBeginning: true })
    for (const { topic, key } of await leftOver(kafka, options.group, stages.slice(1)))
      change(stages.indexOf(topic), key, 1)
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message, pause }) => {
        if (isStopping) return
        const stage = stages.indexOf(topic)
        const left = stage === 0 ? 0 : Number(text(message, 'retry-due')) - Date.now()
        if (left > 0) {
          timers.push(setTimeout(pause(), left))
          consumer.seek({ topic, partition, offset: message.offset })
          return
        }
        busy = (async () => {
          await deal(stage, partition, message)
          const next = (BigInt(message.offset) + 1n).toString()
          await consumer.commitOffsets([{ topic, partition, offset: next }])
        })()
        await busy
      },
    })
  } catch (error) {
    await close()
    throw error
  }
  return { stop: close }
}

/** Keys of the records that were copied into the retry topics and not committed. */
async function leftOver(kafka: Kafka, group: string, topics: string[]) {
  const found: { topic: string; key: Buffer | null }[] = []
  const admin = kafka.admin()
  await admin.connect()
  const ranges = await rangesOf(admin, group, topics).finally(() => admin.disconnect())
  if (ranges.size === 0) return found
  const consumer = kafka.consumer({ groupId: `${group}-${process.pid}-${performance.now().toFixed()}` })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await new Promise<void>((resolve) => {
      consumer.run({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          const range = ranges.get(`${topic}/${partition}`)
          if (range === undefined || BigInt(message.offset) < range.next) return
          if (BigInt(message.offset) < range.end) found.push({ topic, key: message.key })
          range.next = BigInt(message.offset) + 1n
          if ([...ranges.values()].every(({ next, end }) => next >= end)) resolve()
        },
      })
      for (const { topic, partition, next } of ranges.values())
        consumer.seek({ topic, partition, offset: `${next}` })
    })
  } finally {
    await consumer.disconnect()
  }
  return found
}

async function rangesOf(admin: Admin, groupId: string, topics: string[]) {
  const ranges = new Map<string, { topic: string; partition: number; next: bigint; end: bigint }>()
  for (const topic of topics) {
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      const known = committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1'
      const next = BigInt(known) < BigInt(low) ? BigInt(low) : BigInt(known)
      if (next < BigInt(high))
        ranges.set(`${topic}/${partition}`, { topic, partition, next, end: BigInt(high) })
    }
  }
  return ranges
}
