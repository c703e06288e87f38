/**
 * A shop that takes an order and tells Kafka about it: `node outbox.mjs [broker] [direct|outbox] [crash]`. With crash it dies on the
 * way. Its database is a file.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092', way = 'outbox', crash] = process.argv.slice(2)
const topic = `shop-${way}`
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
const [admin, producer] = [kafka.admin(), kafka.producer()]
for (const client of [admin, producer]) await client.connect()
const isNew = await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
const file = join(tmpdir(), `${topic}-${address.replaceAll(/\W/g, '-')}.json`)
const empty = { orders: [], outbox: [], lastId: 0 }
const db = isNew || !existsSync(file) ? empty : JSON.parse(readFileSync(file, 'utf8'))

/** Saves orders and outbox together: the old file is replaced by the new one at once. */
function commit() {
  writeFileSync(`${file}.new`, JSON.stringify(db))
  renameSync(`${file}.new`, file)
}

// #region direct
async function placeAndSend(order) {
  db.orders.push(order)
  commit()
  if (crash) process.exit(1)
  await producer.send({ topic, messages: [{ key: order, value: 'placed' }] })
}
// #endregion direct

// #region outbox
function place(order) {
  db.orders.push(order)
  db.outbox.push({ id: ++db.lastId, key: order, value: 'placed' })
  commit()
}

async function relay() {
  for (const row of [...db.outbox]) {
    const { id, key, value } = row
    await producer.send({ topic, messages: [{ key, value, headers: { id: String(id) } }] })
    if (crash) process.exit(1)
    db.outbox = db.outbox.filter((other) => other.id !== id)
    commit()
    console.log(`sent: ${key}, id ${id}`)
  }
}
// #endregion outbox

const order = `order ${db.orders.length + 1}`
if (way === 'direct') await placeAndSend(order)
else {
  place(order)
  await relay()
}
const [{ offset }] = await admin.fetchTopicOffsets(topic)
console.log(`orders in the database: ${db.orders.length}, records in the topic: ${offset}`)
for (const client of [admin, producer]) await client.disconnect()
