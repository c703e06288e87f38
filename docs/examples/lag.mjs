/** How far the group billing is behind on the topic invoices: `node lag.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
await admin.connect()

// #region lag
const [{ partitions }] = await admin.fetchOffsets({ groupId: 'billing', topics: ['invoices'] })
const ends = await admin.fetchTopicOffsets('invoices')
for (const { partition, offset } of partitions) {
  const end = ends.find((each) => each.partition === partition).high
  const lag = offset === '-1' ? 'unknown' : BigInt(end) - BigInt(offset)
  console.log(`partition ${partition}: committed ${offset}, end ${end}, lag ${lag}`)
}
// #endregion lag

await admin.disconnect()
