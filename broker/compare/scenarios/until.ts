/**
 * Waits for changes: a broker of Apache Kafka applies a change some time after the controller has made it.
 */
import type { Recorder } from '../scenario.ts'

const ATTEMPTS_MAX = 200
const PAUSE_MS = 25

/** Waits until `state` returns true. */
export async function until(what: string, state: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (await state()) return
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error(`compare: never came to be: ${what}`)
}

/** How many partitions a topic has as the broker sees it; undefined while it has none of that name. */
export async function partitionsOf({ quietly }: Recorder, name: string): Promise<number | undefined> {
  const { topics } = await quietly('Metadata', 12, { topics: [{ name }], allowAutoTopicCreation: false })
  const { errorCode, partitions } = topics[0]!
  return errorCode === 0 && partitions.every((each) => each.errorCode === 0) ? partitions.length : undefined
}

/** Waits until the broker knows of the topic, with `partitions` if that is given. */
export async function untilThere(recorder: Recorder, name: string, partitions?: number): Promise<void> {
  await until(`topic ${name}`, async () => {
    const count = await partitionsOf(recorder, name)
    return count !== undefined && (partitions === undefined || count === partitions)
  })
}

/** Waits until all partitions of a topic have leaders: Metadata lists a partition before its leader serves it. */
export async function untilServing({ quietly }: Recorder, name: string, count: number): Promise<void> {
  for (let partitionIndex = 0; partitionIndex < count; partitionIndex++)
    await until(`partition ${partitionIndex} of ${name}`, async () => {
      const partitions = [{ partitionIndex, timestamp: -1 }]
      const { topics } = await quietly('ListOffsets', 6, { replicaId: -1, topics: [{ name, partitions }] })
      return topics[0]!.partitions[0]!.errorCode === 0
    })
}

/** Waits until the broker knows of no such topic. */
export async function untilGone(recorder: Recorder, name: string): Promise<void> {
  await until(`${name} gone`, async () => (await partitionsOf(recorder, name)) === undefined)
}

/** The id of the broker that answers: on both sides there is one. */
export async function brokerId({ quietly }: Recorder): Promise<number> {
  const { brokers } = await quietly('Metadata', 12, { topics: [] })
  return brokers[0]!.nodeId
}
