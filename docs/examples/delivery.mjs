/**
 * Charges customers, and dies between the two steps of record 1: `node delivery.mjs [broker] before|after [crash]`.
 * Run it twice, first with crash, then without: which record is charged twice, or never?
 */
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092', order = 'after', crash] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
const topic = `charges-${order}`
const [admin, producer] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: topic, sessionTimeout: 6000, heartbeatInterval: 2000 })
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})

const isNew = await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
const messages = ['anna', 'boris', 'vera'].map((value) => ({ value }))
if (isNew) await producer.send({ topic, messages })

const dieAt = (offset) => {
  if (crash && offset === '1') process.exit(1)
}
const charge = async ({ offset, value }) => console.log(`charged ${value} (offset ${offset})`)
const commit = ({ partition, message }) =>
  consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }])

// #region orders
const atMostOnce = async (record) => {
  await commit(record)
  dieAt(record.message.offset)
  await charge(record.message)
}
const atLeastOnce = async (record) => {
  await charge(record.message)
  dieAt(record.message.offset)
  await commit(record)
}
const eachMessage = order === 'before' ? atMostOnce : atLeastOnce
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({ autoCommit: false, eachMessage })
// #endregion orders
