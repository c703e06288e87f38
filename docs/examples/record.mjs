/** Sends a record with everything that a producer can set, and shows what a consumer gets: `node record.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` })
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})
await admin.createTopics({ topics: [{ topic: 'payments', numPartitions: 1 }] })

// #region record
const headers = { traceparent: '00-4bf9-01', attempt: ['1', '2'] }
const timestamp = String(Date.UTC(2026, 0, 31, 12))
const record = { key: 'anna', value: '{"amount":10}', headers, timestamp }
await producer.send({ topic: 'payments', messages: [record, { key: 'anna', value: null }] })

await consumer.subscribe({ topics: ['payments'], fromBeginning: true })
await consumer.run({
  eachMessage: async ({ partition, message: { offset, timestamp, key, value, headers } }) => {
    const time = timestamp === record.timestamp ? 'as sent' : 'now'
    const names = Object.entries(headers).map(([name, text]) => `${name}=${text}`)
    console.log(`${partition}:${offset} ${key} ${value} [${names}] time: ${time}`)
  },
})
// #endregion record
