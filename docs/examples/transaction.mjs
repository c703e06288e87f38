/**
 * Makes a receipt for each sale, exactly once: `node transaction.mjs [broker] [crash]`. With crash it dies in the middle of its
 * second transaction.
 */
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092', crash] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
const [admin, seller] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: 'receipts', sessionTimeout: 6000, heartbeatInterval: 2000 })
for (const client of [admin, seller, consumer]) await client.connect()
const isNew = await admin.createTopics({
  topics: ['sales', 'receipts'].map((topic) => ({ topic, numPartitions: 1 })),
})
const sales = ['tea', 'milk', 'bread'].map((value) => ({ value }))
if (isNew) await seller.send({ topic: 'sales', messages: sales })

// #region transaction
const producer = kafka.producer({ transactionalId: 'receipts-0', idempotent: true, maxInFlightRequests: 1 })
await producer.connect()
await consumer.subscribe({ topics: ['sales'], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ topic, partition, message }) => {
    const transaction = await producer.transaction()
    await transaction.send({ topic: 'receipts', messages: [{ value: `receipt: ${message.value}` }] })
    if (crash && message.offset === '1') process.exit(1)
    const offset = String(BigInt(message.offset) + 1n)
    const topics = [{ topic, partitions: [{ partition, offset }] }]
    await transaction.sendOffsets({ consumerGroupId: 'receipts', topics })
    await transaction.commit()
    console.log(`committed: ${message.value}`)
  },
})
// #endregion transaction

process.once('SIGINT', async () => {
  for (const client of [admin, seller, producer, consumer]) await client.disconnect()
})
