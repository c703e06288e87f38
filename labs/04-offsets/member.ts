/** Lab 04: a consumer of the suite's own that is at work in a group, and commits nothing. */
import type { KafkaBench } from '../engine/wire/bench.ts'

export interface Member {
  /** Waits until it has read so many records. */
  hasRead(count: number): Promise<void>
  leave(): Promise<void>
}

/** Joins the group and reads the topic on from where the group has stopped. `work`: what it does with a record. */
export async function member(
  kafka: KafkaBench,
  group: string,
  topic: string,
  work: () => Promise<void> = async () => {},
): Promise<Member> {
  const consumer = kafka.client().consumer({
    groupId: group,
    maxWaitTimeInMs: 50,
    heartbeatInterval: 100,
    sessionTimeout: 10_000,
  })
  let read = 0
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async () => {
      read++
      await work()
    },
  })
  return {
    async hasRead(count) {
      const until = performance.now() + 8_000
      while (read < count && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 10))
      if (read < count) throw new Error(`member: read ${read} of ${count} records`)
    },
    leave: () => consumer.disconnect(),
  }
}
