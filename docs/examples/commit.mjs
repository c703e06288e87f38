/** Reads the topic invoices and commits by hand: `node commit.mjs [broker] [crash]`. With crash it dies at "pay 20". */
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092', crash] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: 'billing', sessionTimeout: 6000, heartbeatInterval: 2000 })
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})

const isNew = await admin.createTopics({ topics: [{ topic: 'invoices', numPartitions: 1 }] })
const messages = ['pay 10', 'pay 20', 'pay 30'].map((value) => ({ value }))
if (isNew) await producer.send({ topic: 'invoices', messages })

// #region commit
await consumer.subscribe({ topics: ['invoices'], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ topic, partition, message }) => {
    console.log(`handled ${message.offset}: ${message.value}`)
    if (crash && String(message.value) === 'pay 20') process.exit(1)
    const offset = String(BigInt(message.offset) + 1n)
    await consumer.commitOffsets([{ topic, partition, offset }])
    console.log(`committed ${offset}`)
  },
})
// #endregion commit
