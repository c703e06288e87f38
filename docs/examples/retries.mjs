/**
 * Charges four customers; one record cannot be read at all, one charge fails the first time: `node retries.mjs [broker]`.
 * What fails is copied aside, tried again after two seconds, and put to the dead letters if it fails again.
 */
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092'] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
const consumer = kafka.consumer({ groupId: 'billing-retries', maxWaitTimeInMs: 100 })
const clients = [admin, producer, consumer]
for (const client of clients) await client.connect()
process.once('SIGINT', async () => {
  for (const client of clients) await client.disconnect()
})

const topics = ['bills', 'bills-retry', 'bills-dead']
const isNew = await admin.createTopics({ topics: topics.map((topic) => ({ topic })) })
const bill = (key, value) => ({ key, value })
const bills = [
  bill('anna', '{"amount":10}'),
  bill('boris', '{"amou'),
  bill('vera', '{"amount":30}'),
  bill('gleb', '{"amount":40}'),
]
if (isNew) await producer.send({ topic: 'bills', messages: bills })

const failed = new Set()
const charge = async (key, value) => {
  const { amount } = JSON.parse(value)
  if (amount === 30 && !failed.has(key)) {
    failed.add(key)
    throw new Error('the bank does not answer')
  }
  console.log(`charged ${key}: ${amount}`)
}

// #region aside
const next = { bills: 'bills-retry', 'bills-retry': 'bills-dead' }
const eachBatch = async ({ batch, resolveOffset, pause }) => {
  for (const { key, value, headers, offset } of batch.messages) {
    const waitMs = Number(headers.due ?? 0) - Date.now()
    if (waitMs > 0) return void setTimeout(pause(), waitMs)
    try {
      await charge(String(key), String(value))
    } catch (error) {
      const topic = next[batch.topic]
      const more = { due: `${Date.now() + 2000}`, error: error.message, from: `${batch.topic}:${offset}` }
      await producer.send({ topic, messages: [{ key, value, headers: { ...headers, ...more } }] })
      console.log(`${key} failed in ${batch.topic}: copied into ${topic}`)
    }
    resolveOffset(offset)
  }
}
await consumer.subscribe({ topics: Object.keys(next), fromBeginning: true })
await consumer.run({ eachBatchAutoResolve: false, eachBatch })
// #endregion aside
