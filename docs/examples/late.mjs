/** A group that comes late: what it was to read next is deleted. `node late.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: 'sleepers' })
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})
const topic = 'visits'
await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })

// #region late
const messages = ['mon', 'tue', 'wed', 'thu', 'fri'].map((value) => ({ value }))
await producer.send({ topic, messages })
await admin.setOffsets({ groupId: 'sleepers', topic, partitions: [{ partition: 0, offset: '1' }] })
await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] })
const [{ low, high }] = await admin.fetchTopicOffsets(topic)
console.log(`the log goes from ${low} to ${high}, the group is at 1`)

await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  eachMessage: async ({ message: { offset, value } }) => console.log(`read ${offset}: ${value}`),
})
// #endregion late
