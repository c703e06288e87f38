/**
 * Lab 08 for real: three payments, one of them sent twice. The consumer reads them, is stopped, its group is set back, and it
 * reads all of them again. The balances stay.
 */
import { defineReal } from '../engine/real.ts'
import type { Changes, ConsumeOptions, Once } from './subject.ts'

const topic = 'payments-once'
const payments = [
  { id: 'p-1', key: 'anna', value: '120' },
  { id: 'p-2', key: 'boris', value: '75' },
  { id: 'p-1', key: 'anna', value: '120' },
  { id: 'p-3', key: 'anna', value: '30' },
]
/** Reading is over when nothing was saved for so long, ms. */
const quietMs = 1_500

export const real = defineReal<Once>({
  topics: [topic],
  run: async ({ subject, kafka, say, show }) => {
    const run = Math.random().toString(36).slice(2, 7)
    const group = `once-${run}`
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({
      topic,
      messages: payments.map(({ id, key, value }) => ({ key, value, headers: { id: `${id}-${run}` } })),
    })
    await producer.disconnect()
    say({
      en: 'Four records were sent, p-1 twice.',
      ru: 'Отправлены четыре записи, p-1 — дважды.',
    })

    const rows = new Map<string, string>()
    show(`consumeOnce(kafka, '${topic}', '${group}', …)`, await read())
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '0' }] })
    await admin.disconnect()
    say({
      en: 'Now the group begins at offset 0 again.',
      ru: 'Теперь группа снова начинает со смещения 0.',
    })
    show(`consumeOnce(kafka, '${topic}', '${group}', …)`, await read())
    say({
      en: 'The balances are the same: each payment has counted once.',
      ru: 'Балансы те же: каждый платёж учтён один раз.',
    })

    /** The balances after the consumer has read all there is; records of earlier runs change none. */
    async function read(): Promise<string[]> {
      let lastAt = Date.now()
      const options: ConsumeOptions = {
        keepMs: 3_600_000,
        handle: async ({ id, key, value }): Promise<Changes> => {
          lastAt = Date.now()
          if (!String(id).endsWith(run)) return {}
          const name = `balance ${key}`
          return { [name]: String(Number(rows.get(name) ?? 0) + Number(value)) }
        },
        store: {
          load: async (name) => rows.get(name) ?? null,
          save: async (changes) => {
            lastAt = Date.now()
            for (const [name, value] of Object.entries(changes))
              if (value === null) rows.delete(name)
              else rows.set(name, value)
          },
        },
      }
      const running = await subject.consumeOnce(kafka, topic, group, options)
      while (Date.now() - lastAt < quietMs) await new Promise((resolve) => setTimeout(resolve, 100))
      await running.stop()
      return [...rows].flatMap(([name, value]) => (name.startsWith('balance ') ? [`${name}: ${value}`] : []))
    }
  },
})
