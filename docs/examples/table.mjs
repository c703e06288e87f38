/** A compacted topic, read from the beginning before and after the cleaner has run: `node table.mjs [broker]`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
for (const client of [admin, producer]) await client.connect()

// #region topic
const configEntries = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'segment.ms', value: '1000' },
  { name: 'min.cleanable.dirty.ratio', value: '0.01' },
]
await admin.createTopics({ topics: [{ topic: 'prices', numPartitions: 1, configEntries }] })

const set = (key, value) => producer.send({ topic: 'prices', messages: [{ key, value }] })
for (const [key, value] of [
  ['tea', '10'],
  ['milk', '20'],
  ['tea', '12'],
  ['milk', null],
])
  await set(key, value)
await sleep(1100)
await set('bread', '30')
// #endregion topic

/** Everything from the beginning to the end as it is now, as `offset key=value`. */
async function readAll() {
  const [{ high }] = await admin.fetchTopicOffsets('prices')
  const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` })
  await consumer.connect()
  await consumer.subscribe({ topics: ['prices'], fromBeginning: true })
  const lines = []
  await new Promise((resolve) => {
    consumer.run({
      eachMessage: async ({ message: { offset, key, value } }) => {
        lines.push(`${offset} ${key}=${value}`)
        if (BigInt(offset) + 1n === BigInt(high)) resolve()
      },
    })
  })
  await consumer.disconnect()
  return lines
}

const before = await readAll()
console.log(`before: ${before.join(', ')}`)
let after = before
while (after.length === before.length) {
  await sleep(1000)
  after = await readAll()
}
console.log(`after: ${after.join(', ')}`)
for (const client of [admin, producer]) await client.disconnect()
