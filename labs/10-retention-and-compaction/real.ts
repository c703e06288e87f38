/**
 * Lab 10 for real: prices that change on a compacted topic, the table of them, and the same table after the cleaner has been
 * there; then on from the first one as a snapshot.
 */
import { defineReal } from '../engine/real.ts'
import type { Cleanup, Table } from './subject.ts'

const topic = 'lab-10-prices'
const segmentMs = 1_000
const waitMsMax = 40_000

export const real = defineReal<Cleanup>({
  topics: [topic],
  run: async ({ subject, kafka, say, show }) => {
    const admin = kafka.admin()
    const producer = kafka.producer()
    await Promise.all([admin.connect(), producer.connect()])
    const set = (key: string, value: string | null) => producer.send({ topic, messages: [{ key, value }] })
    const lines = ({ rows }: Table) => rows.map(({ offset, key, value }) => `${offset} ${key}=${value}`)
    /** How many records a reader from the beginning gets. */
    const count = async () => {
      const consumer = kafka.consumer({
        groupId: `lab-10-${Math.random().toString(36).slice(2)}`,
        maxWaitTimeInMs: 100,
      })
      let records = 0
      const [ends] = await admin.fetchTopicOffsets(topic)
      try {
        await consumer.connect()
        await consumer.subscribe({ topics: [topic], fromBeginning: true })
        await new Promise<void>((resolve, reject) => {
          consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
          const eachMessage = async ({ message }: { message: { offset: string } }) => {
            records++
            if (Number(message.offset) + 1 >= Number(ends?.high)) resolve()
          }
          consumer.run({ autoCommit: false, eachMessage }).catch(reject)
        })
      } finally {
        await consumer.disconnect()
      }
      return records
    }
    try {
      const configEntries = Object.entries({
        'cleanup.policy': 'compact',
        'segment.ms': String(segmentMs),
        'min.cleanable.dirty.ratio': '0.01',
      }).map(([name, value]) => ({ name, value }))
      await admin.createTopics({
        topics: [{ topic, numPartitions: 1, configEntries }],
        waitForLeaders: false,
      })
      for (const [key, value] of [
        ['tea', '10'],
        ['milk', '20'],
        ['tea', '12'],
        ['milk', null],
      ] as const)
        await set(key, value)
      const first = await subject.loadTable(kafka, topic, null)
      show(`loadTable(kafka, '${topic}', null)`, lines(first))
      const before = (await count()) + 1
      await new Promise((resolve) => setTimeout(resolve, segmentMs + 100))
      await set('rice', '30')
      say(
        {
          en: 'The log has {before} {before:record|records}. The cleaner looks every 15 seconds: wait …',
          ru: 'В журнале {before} {before:запись|записи|записей}. Очистка приходит раз в 15 секунд: ждём …',
        },
        { before },
      )
      const until = Date.now() + waitMsMax
      let after = await count()
      while (after >= before && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        after = await count()
      }
      say(
        {
          en: 'Now it has {after}. To the table nothing has happened, but that rice has come:',
          ru: 'Теперь их {after}. С таблицей ничего не случилось, только добавился rice:',
        },
        { after },
      )
      show(`loadTable(kafka, '${topic}', null)`, lines(await subject.loadTable(kafka, topic, null)))
      const on = await subject.loadTable(kafka, topic, first)
      show(`loadTable(kafka, '${topic}', snapshot)`, { rows: lines(on), fromStart: on.fromStart })
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    }
  },
})
