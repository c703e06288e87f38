/** A member of the group workers: `node group.mjs [broker]`, in as many terminals as you like. Ctrl-C: it leaves. */
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic: 'jobs', numPartitions: 4 }] })
await admin.disconnect()

// #region member
const consumer = kafka.consumer({ groupId: 'workers' })
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  const role = payload.isLeader ? 'leader' : 'follower'
  console.log(`${role}, partitions: ${payload.memberAssignment.jobs ?? 'none'}`)
})
consumer.on(consumer.events.REBALANCING, () => console.log('rebalance'))
process.once('SIGINT', () => consumer.disconnect())
await consumer.connect()
await consumer.subscribe({ topics: ['jobs'] })
await consumer.run({ eachMessage: async ({ partition, message }) => console.log(partition, message.offset) })
// #endregion member
