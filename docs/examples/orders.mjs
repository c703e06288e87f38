import { Kafka, logLevel } from 'kafkajs'

const brokers = [process.argv[2] ?? '127.0.0.1:9092']
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: 'readers' })
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})

await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] })
const messages = [{ key: 'anna', value: 'created' }]
const [{ partition, baseOffset }] = await producer.send({ topic: 'orders', messages })
console.log(`sent to partition ${partition}, offset ${baseOffset}`)

await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
await consumer.run({
  eachMessage: async ({ partition, message: { offset, key, value } }) =>
    console.log(`read ${partition}:${offset} ${key} ${value}`),
})
