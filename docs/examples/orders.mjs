import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'], logLevel: logLevel.NOTHING })
const [admin, producer, consumer] = [kafka.admin(), kafka.producer(), kafka.consumer({ groupId: 'readers' })]
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})

await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] })
const [place] = await producer.send({ topic: 'orders', messages: [{ key: 'anna', value: 'created' }] })
console.log(`sent to partition ${place.partition}, offset ${place.baseOffset}`)

await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
await consumer.run({
  eachMessage: async ({ partition, message: { offset, key, value } }) =>
    console.log(`read ${partition}:${offset} ${key} ${value}`),
})
