/** Four tasks for a group of two workers, in a topic with one partition: `node tasks.mjs [broker]`. */
import { Kafka, logLevel } from 'kafkajs'

const [address = '127.0.0.1:9092'] = process.argv.slice(2)
const connect = () => new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
const [admin, producer] = [connect().admin(), connect().producer()]
for (const client of [admin, producer]) await client.connect()
await admin.createTopics({ topics: [{ topic: 'tasks', numPartitions: 1 }] })

// #region tasks
const done = [] // { worker, task } in the order in which they were finished
const work = (task) => new Promise((resolve) => setTimeout(resolve, task === 'slow' ? 1000 : 0))
const workers = [0, 1].map((worker) => ({
  consumer: connect().consumer({ groupId: 'workers' }),
  eachMessage: async ({ message }) => {
    const task = String(message.value)
    await work(task)
    done.push({ worker, task })
  },
}))
for (const { consumer, eachMessage } of workers) {
  await consumer.connect()
  await consumer.subscribe({ topics: ['tasks'] })
  await consumer.run({ eachMessage })
}
const tasks = ['fast', 'slow', 'fast', 'fast']
await producer.send({ topic: 'tasks', messages: tasks.map((value) => ({ value })) })
// #endregion tasks

while (done.length < tasks.length) await new Promise((resolve) => setTimeout(resolve, 50))
const shares = [0, 1].map((worker) => done.filter((each) => each.worker === worker).length).sort()
console.log(`${tasks.length} tasks, 2 workers: one did ${shares[1]}, the other ${shares[0]}`)
const behind = done.slice(done.findIndex(({ task }) => task === 'slow') + 1)
console.log(`fast tasks behind the slow one waited for it: ${behind.length}`)
for (const client of [admin, producer, ...workers.map(({ consumer }) => consumer)]) await client.disconnect()
