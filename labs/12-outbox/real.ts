/** Lab 12 for real: a shop whose database is in memory takes orders before there is a relay; then the relay sends what was saved. */
import { defineReal } from '../engine/real.ts'
import { Store } from './store.ts'
import type { Outbox } from './subject.ts'

const topic = 'shop'
const waitMsMax = 10_000

export const real = defineReal<Outbox>({
  topics: [topic],
  run: async ({ subject, kafka, say, show }) => {
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
    await admin.disconnect()
    // Each run has a database of its own; ids go on, so that none comes twice in the topic.
    const store = new Store(Math.floor(Date.now() / 1_000))
    const { db } = store.connect()
    const rows = () => store.rows.map(({ id, key, sent }) => `${id} ${key} ${sent ? '✓' : '…'}`)
    for (const [id, item, amount] of [
      ['a-17', 'tea', 3],
      ['a-18', 'milk', 1],
    ] as const)
      await subject.placeOrder(db, kafka, topic, { id, item, amount })
    await subject.cancelOrder(db, kafka, topic, 'a-17')
    show('db.outbox', rows())
    say({
      en: 'The orders are taken, and Kafka knows nothing of them. Now the relay is started.',
      ru: 'Заказы приняты, а Kafka о них ещё не знает. Теперь запускается relay.',
    })
    const running = await subject.relay(db, kafka, topic)
    for (let ms = 0; ms < waitMsMax && store.unsent.length > 0; ms += 50)
      await new Promise((resolve) => setTimeout(resolve, 50))
    await running.stop()
    show('db.outbox', rows())
    say({
      en: 'Each row is marked or deleted: the topic has its record, with the header id.',
      ru: 'Каждая строка отмечена или удалена: её запись в топике, с заголовком id.',
    })
  },
})
