/**
 * Lab 09 for real: three sales, a `transform` that fails once in the middle of the batch, and both views of the receipts: what
 * counts, and what is in the log. An e-mail sent in `transform` would have gone out twice.
 */
import { defineReal } from '../engine/real.ts'
import type { ExactlyOnce, Transform } from './subject.ts'

const [source, target] = ['lab-09-sales', 'lab-09-receipts'] as const
const values = ['tea', 'milk', 'bread']
/** The sale for which `transform` fails the first time. */
const refused = 'milk'
const waitMsMax = 10_000

export const real = defineReal<ExactlyOnce>({
  topics: [source, target],
  run: async ({ subject, kafka, bootstrap, say, show }) => {
    const run = Math.random().toString(36).slice(2, 7)
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({
      topics: [source, target].map((topic) => ({ topic, numPartitions: 1 })),
      waitForLeaders: false,
    })
    await admin.disconnect()
    await subject.sendOnce(
      kafka,
      source,
      values.map((value) => ({ key: run, value })),
    )
    show(`sendOnce(kafka, '${source}', …)`, values)
    say(
      {
        en: 'transform fails when it first sees {refused}; by then it has been called with what comes before it.',
        ru: 'Увидев {refused} в первый раз, transform завершается ошибкой; с тем, что раньше, её к этому времени уже вызвали.',
      },
      { refused },
    )
    const called: string[] = []
    let isRefused = false
    let end: () => void = () => {}
    const last = new Promise<void>((resolve) => {
      end = resolve
    })
    const transform: Transform = async ({ key, value }) => {
      // Sales of earlier runs are processed too, and not told.
      if (key !== run) return []
      const isFailing = value === refused && !isRefused
      called.push(`${value} ${isFailing ? '✗' : '✓'}`)
      if (isFailing) {
        isRefused = true
        throw new Error('the printer is out of paper')
      }
      if (value === values.at(-1)) end()
      return [{ key: run, value: `receipt: ${value}` }]
    }
    const running = await subject.startProcessor(kafka, {
      source,
      target,
      group: `lab-09-printer-${run}`,
      transactionalId: `lab-09-printer-${run}-0`,
      transform,
      onEnded: async () => end(),
    })
    await Promise.race([last, new Promise((resolve) => setTimeout(resolve, waitMsMax))])
    await running.stop()
    show('transform', called)
    show('read_committed', await receipts(false))
    show('read_uncommitted', await receipts(true))
    say(
      {
        en: 'Each receipt counts once. The state of the id: kafka-transactions.sh --bootstrap-server {bootstrap} describe --transactional-id lab-09-printer-{run}-0',
        ru: 'Каждый чек виден один раз. Состояние идентификатора: kafka-transactions.sh --bootstrap-server {bootstrap} describe --transactional-id lab-09-printer-{run}-0',
      },
      { bootstrap, run },
    )

    /** The receipts of this run, as one kind of reader gets them; it has read on for a moment when it ends. */
    async function receipts(readUncommitted: boolean): Promise<string[]> {
      const list: string[] = []
      let lastAt = Date.now()
      const consumer = kafka.consumer({ groupId: `lab-09-reader-${readUncommitted}-${run}`, readUncommitted })
      try {
        await consumer.connect()
        await consumer.subscribe({ topics: [target], fromBeginning: true })
        await consumer.run({
          autoCommit: false,
          eachMessage: async ({ message: { offset, key, value } }) => {
            lastAt = Date.now()
            if (key?.toString() === run) list.push(`${offset} ${value}`)
          },
        })
        const quietMs = 1_000
        while (Date.now() - lastAt < quietMs) await new Promise((resolve) => setTimeout(resolve, 50))
        return list
      } finally {
        await consumer.disconnect()
      }
    }
  },
})
