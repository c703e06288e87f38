import { Kafka, type KafkaMessage, logLevel } from 'kafkajs'
import type { Limits } from './consume.ts'
import type { RecordToShow } from './shown-record.ts'
import type { Console } from './tool.ts'

/**
 * A console consumer in a group: a member like any other. What it has printed is committed at once. Kafka's own commits its
 * positions every 5 seconds and when it ends, also in partitions that it has printed nothing of.
 */

export interface Membership {
  readonly topic: string
  readonly group: string
  /** Where the group begins in partitions that it has committed nothing for. */
  readonly isFromBeginning: boolean
}

/** Resolves to whether it has ended because nothing came. */
export async function consumeInGroup(
  { topic, group, isFromBeginning }: Membership,
  { messagesMax, silenceMs }: Limits,
  show: (record: RecordToShow) => void,
  { bootstrap, stopped }: Console,
): Promise<boolean> {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 250 })
  let [count, heardMs, isSilent] = [0, performance.now(), false]
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: isFromBeginning })
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      stopped.addEventListener('abort', () => resolve())
      const look = setInterval(() => {
        isSilent = performance.now() - heardMs > silenceMs
        if (isSilent || count >= messagesMax) resolve()
        if (isSilent || count >= messagesMax || stopped.aborted) clearInterval(look)
      }, 50)
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ partition, message }) => {
            // More may have come with the last one: it stays where it is.
            if (count >= messagesMax || stopped.aborted) return
            count++
            heardMs = performance.now()
            show(recordOf(partition, message))
            await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }])
          },
        })
        .catch(reject)
    })
    return isSilent
  } finally {
    await consumer.disconnect()
  }
}

function recordOf(
  partition: number,
  { offset, timestamp, key, value, headers = {} }: KafkaMessage,
): RecordToShow {
  return {
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: key?.toString() ?? null,
    value: value?.toString() ?? null,
    headers: Object.entries(headers).flatMap(([name, all]) =>
      (Array.isArray(all) ? all : [all]).map((one) => [name, one?.toString() ?? null] as const),
    ),
  }
}
