/**
 * The kafkajs client that an implementation of lab 01 is handed: a real one, on a bad day. Metadata lists
 * partitions in any order (as brokers may), records can be made to arrive late, sockets are counted.
 *
 * Whoever sleeps instead of waiting for the last record is right on a fast machine and wrong on a slow one.
 * `hurried` makes the difference visible at once: timers set by the implementation's own file fire early,
 * while the records take their time. Code that waits for records does not notice.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { Admin, Consumer, ConsumerConfig, ConsumerRunConfig, Kafka } from 'kafkajs'
import type { KafkaBench } from '../engine/bench.ts'
import type { Dice } from '../engine/dice.ts'
import { currentTest } from '../engine/run-suite.ts'
import { judgedFile } from '../engine/subject.ts'

export interface LearnerClient {
  readonly kafka: Kafka
  readonly openSockets: () => number
  /** Ends what a reader that hangs has left behind, so that it does not disturb the next. */
  readonly abandon: () => void
}

/** How long records are held back by a slow broker, ms; and how long a hurried timer lasts. */
const holdMs = 250
const hurriedMs = 20

export function learnerClient(
  bench: KafkaBench,
  dice: Dice,
  options: { slow?: boolean } = {},
): LearnerClient {
  const { kafka, openSockets, destroySockets } = bench.countedClient()
  const consumers: Consumer[] = []
  const makeAdmin = kafka.admin.bind(kafka)
  kafka.admin = (config) => {
    const admin = shuffling(makeAdmin(config), dice)
    if (!bench.ours) admin.createTopics = bench.patientCreate(admin)
    return admin
  }
  const makeConsumer = kafka.consumer.bind(kafka)
  kafka.consumer = (config?: ConsumerConfig) => {
    // A parked fetch delays disconnect; a short one keeps the verdict quick. The implementation's own value wins.
    const consumer = makeConsumer({ maxWaitTimeInMs: 50, ...config } as ConsumerConfig)
    consumers.push(consumer)
    return options.slow === true ? holding(consumer) : consumer
  }
  const abandon = () => {
    for (const consumer of consumers) consumer.disconnect().catch(() => {})
    realSetTimeout(destroySockets, 100)
  }
  return { kafka, openSockets, abandon }
}

function shuffling(admin: Admin, dice: Dice): Admin {
  const mix = <T>(list: T[]): T[] => (list.length < 3 ? [...list].reverse() : dice.shuffle(list))
  const { fetchTopicMetadata, fetchTopicOffsets } = admin
  admin.fetchTopicMetadata = async (...args: Parameters<typeof fetchTopicMetadata>) => {
    const { topics } = await fetchTopicMetadata(...args)
    return { topics: topics.map((topic) => ({ ...topic, partitions: mix(topic.partitions) })) }
  }
  admin.fetchTopicOffsets = async (topic) => mix(await fetchTopicOffsets(topic))
  return admin
}

/** All but the first record reach the handler late. */
function holding(consumer: Consumer): Consumer {
  const run = consumer.run.bind(consumer)
  let seen = 0
  let late: Promise<void> | undefined
  const hold = async () => {
    if (seen++ === 0) return
    late ??= new Promise((resolve) => realSetTimeout(resolve, holdMs))
    await late
  }
  consumer.run = async (config?: ConsumerRunConfig) => {
    const { eachMessage, eachBatch } = config ?? {}
    const held: ConsumerRunConfig = { ...config }
    if (eachMessage !== undefined) held.eachMessage = (payload) => hold().then(() => eachMessage(payload))
    if (eachBatch !== undefined) held.eachBatch = (payload) => hold().then(() => eachBatch(payload))
    return run(held)
  }
  return consumer
}

const realSetTimeout = globalThis.setTimeout
const timersPromises = createRequire(import.meta.url)('node:timers/promises') as {
  setTimeout: (ms?: number, value?: unknown, options?: object) => Promise<unknown>
}

/** Runs `call`; timers that the implementation's file sets meanwhile, in this test, fire early. */
export async function hurried<T>(call: () => Promise<T>): Promise<T> {
  const test = currentTest.getStore()
  const realPromised = timersPromises.setTimeout
  const isTheirs = () => currentTest.getStore() === test && callerIs(judgedFile())
  const shorter = (ms: unknown) =>
    Math.min(Number(ms ?? 0), isTheirs() ? hurriedMs : Number.POSITIVE_INFINITY)
  globalThis.setTimeout = ((run: (...args: unknown[]) => void, ms?: number, ...rest: unknown[]) =>
    realSetTimeout(run, shorter(ms), ...rest)) as typeof setTimeout
  timersPromises.setTimeout = (ms, value, options) => realPromised(shorter(ms), value, options)
  syncBuiltinESMExports()
  try {
    return await call()
  } finally {
    globalThis.setTimeout = realSetTimeout
    timersPromises.setTimeout = realPromised
    syncBuiltinESMExports()
  }
}

/** Whether the code that called the timer lies in this file. */
function callerIs(file: string | undefined): boolean {
  if (file === undefined) return false
  const frames = (new Error('where am I').stack ?? '')
    .split('\n')
    .filter((line) => line.includes('.ts') || line.includes('/'))
  const outside = frames.find((line) => !line.includes('learner-client.ts'))
  return outside?.includes(file) ?? false
}
