/**
 * Lab 07 for real: the same five payments for both consumers, and a `handle` that fails once. At most once has lost the
 * payment then, at least once comes back with it.
 */
import { defineReal } from '../engine/real.ts'
import type { Consumer, Delivery, Handle } from './subject.ts'

const topic = 'payments'
const values = ['120', '75', '300', '18', '42']
/** The payment that fails the first time. */
const refused = '300'
const waitMsMax = 10_000

export const real = defineReal<Delivery>({
  topics: [topic],
  run: async ({ subject, kafka, say, show }) => {
    const run = Math.random().toString(36).slice(2, 7)
    const records = values.map((value) => ({ key: run, value }))
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
    await admin.disconnect()
    await subject.sendAtLeastOnce(kafka, topic, records)
    show(`sendAtLeastOnce(kafka, '${topic}', …)`, values)
    say(
      {
        en: 'Now two groups read the topic; handle fails when it first sees {refused}.',
        ru: 'Теперь топик читают две группы; увидев {refused} в первый раз, handle завершается ошибкой.',
      },
      { refused },
    )
    for (const name of ['consumeAtMostOnce', 'consumeAtLeastOnce'] as const) {
      const told = await read(subject[name], name)
      show(`${name}(kafka, '${topic}', '${name}-${run}', handle)`, told)
    }
    say(
      {
        en: 'Only the second consumer came back to {refused}. After a crash it would be the same.',
        ru: 'К записи {refused} вернулся только второй консюмер. После падения было бы так же.',
      },
      { refused },
    )

    /** What `handle` saw of this run's payments; records of earlier runs are handled too, and not told. */
    async function read(consume: Delivery[Consumer], name: string): Promise<string[]> {
      const told: string[] = []
      let isRefused = false
      let end: () => void = () => {}
      const last = new Promise<void>((resolve) => {
        end = resolve
      })
      const handle: Handle = async ({ key, value }) => {
        if (key !== run) return
        const isFailing = value === refused && !isRefused
        told.push(`${value} ${isFailing ? '✗' : '✓'}`)
        if (isFailing) {
          isRefused = true
          throw new Error('the bank did not answer')
        }
        if (value === values.at(-1)) end()
      }
      const running = await consume(kafka, topic, `${name}-${run}`, handle)
      await Promise.race([last, new Promise((resolve) => setTimeout(resolve, waitMsMax))])
      await running.stop()
      return told
    }
  },
})
