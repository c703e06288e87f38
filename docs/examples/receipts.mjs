/** Reads the topic receipts: `node receipts.mjs [broker] [uncommitted]`. Ctrl-C ends it. */
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092', uncommitted] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })

// #region receipts
const consumer = kafka.consumer({
  groupId: `auditor-${Date.now()}`,
  readUncommitted: uncommitted !== undefined,
})
await consumer.connect()
process.once('SIGINT', () => consumer.disconnect())
await consumer.subscribe({ topics: ['receipts'], fromBeginning: true })
await consumer.run({ eachMessage: async ({ message }) => console.log(`${message.offset} ${message.value}`) })
// #endregion receipts
