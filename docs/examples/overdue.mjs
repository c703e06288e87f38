/** How many records have waited too long for the group kitchen: `node overdue.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const producer = kafka.producer()
const admin = kafka.admin()
await Promise.all([producer.connect(), admin.connect()])
await admin.createTopics({ topics: [{ topic: 'meals', numPartitions: 1 }] })
const messages = [10, 6, 1, 0].map((minutes) => ({
  value: 'soup',
  timestamp: `${Date.now() - minutes * 60_000}`,
}))
await producer.send({ topic: 'meals', messages })
await admin.setOffsets({ groupId: 'kitchen', topic: 'meals', partitions: [{ partition: 0, offset: '1' }] })

// #region overdue
const MINUTES_MAX = 5
const then = await admin.fetchTopicOffsetsByTimestamp('meals', Date.now() - MINUTES_MAX * 60_000)
const ends = await admin.fetchTopicOffsets('meals')
const [{ partitions }] = await admin.fetchOffsets({ groupId: 'kitchen', topics: ['meals'] })
for (const { partition, offset } of partitions) {
  const of = (list) => Number(list.find((each) => each.partition === partition).offset)
  const lag = of(ends) - Number(offset)
  const overdue = Math.max(0, of(then) - Number(offset))
  console.log(`partition ${partition}: lag ${lag}, older than ${MINUTES_MAX} minutes: ${overdue}`)
}
// #endregion overdue

await Promise.all([producer.disconnect(), admin.disconnect()])
