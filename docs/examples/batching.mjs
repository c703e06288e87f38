/** How many requests a hundred records take: `node batching.mjs [broker]`. */
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic: 'clicks', numPartitions: 1 }] })
await admin.disconnect()
const messages = Array.from({ length: 100 }, (_, number) => ({ value: `click ${number}` }))

// #region batching
const producer = kafka.producer({ idempotent: true })
let requests = 0
producer.on(producer.events.REQUEST, ({ payload }) => {
  if (payload.apiName === 'Produce') requests++
})
await producer.connect()
for (const message of messages) await producer.send({ topic: 'clicks', messages: [message] })
console.log(`100 calls of send: ${requests} requests`)
requests = 0
const [{ baseOffset }] = await producer.send({
  topic: 'clicks',
  messages,
  compression: CompressionTypes.GZIP,
})
console.log(`one call with 100 records: ${requests} request, offsets from ${baseOffset} on`)
// #endregion batching

await producer.disconnect()
