/** What four of Kafka's tools do, by kafkajs: `node rewind.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const producer = kafka.producer()
const admin = kafka.admin()
await Promise.all([producer.connect(), admin.connect()])
const hoursAgo = (hours) => Date.now() - hours * 3_600_000

// #region rewind
// kafka-topics --create --topic meters --partitions 1
await admin.createTopics({ topics: [{ topic: 'meters', numPartitions: 1 }] })
const messages = [4, 3, 2, 1].map((hours) => ({ value: 'a reading', timestamp: `${hoursAgo(hours)}` }))
await producer.send({ topic: 'meters', messages })

// kafka-get-offsets --topic meters
const [{ low, high }] = await admin.fetchTopicOffsets('meters')
console.log(`offsets from ${low} to ${high}`)

// kafka-consumer-groups --reset-offsets --group tariffs --topic meters --to-datetime … --execute
const partitions = await admin.fetchTopicOffsetsByTimestamp('meters', hoursAgo(2.5))
await admin.setOffsets({ groupId: 'tariffs', topic: 'meters', partitions })
console.log(`tariffs begins at ${partitions[0].offset}`)

// kafka-topics --alter --topic meters --partitions 3
await admin.createPartitions({ topicPartitions: [{ topic: 'meters', count: 3 }] })
const { topics } = await admin.fetchTopicMetadata({ topics: ['meters'] })
console.log(`partitions: ${topics[0].partitions.length}`)
// #endregion rewind

await Promise.all([producer.disconnect(), admin.disconnect()])
