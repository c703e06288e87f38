/** The order of responses when one request completes another, observed at the connections, without a network. */
import { expect, test } from 'vitest'
import { createBrowserBroker } from '../src/browser/browser-broker.ts'
import { CreateTopicsRequest } from '../src/messages/create-topics.ts'
import { FetchRequest } from '../src/messages/fetch.ts'
import { ProduceRequest } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { frameOf } from '../src/sim/sim-client.ts'

test('a producer is answered before the consumer that waits for its record, as by Kafka’s ActionQueue', async () => {
  const broker = createBrowserBroker({ seed: 1 })
  const producer = broker.connect()
  const made = new Promise<void>((resolve) => producer.onData(() => resolve()))
  const topic = { name: 'orders', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
  producer.send(frameOf(CreateTopicsRequest, 5, 2, 1, { topics: [topic], timeoutMs: 1000 }))
  await made

  const answered: string[] = []
  const both = new Promise<void>((resolve) => {
    const answer = (who: string) => (): void => {
      if (!answered.includes(who)) answered.push(who)
      if (answered.length === 2) resolve()
    }
    producer.onData(answer('producer'))
    const consumer = broker.connect()
    consumer.onData(answer('consumer'))
    const partitions = [
      { partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000, currentLeaderEpoch: -1 },
    ]
    const topics = [{ topic: 'orders', partitions }]
    consumer.send(frameOf(FetchRequest, 12, 2, 1, { maxWaitMs: 60_000, minBytes: 1, topics }))
    const records = buildBatch([{ key: null, value: new Uint8Array(1), timestamp: 0 }])
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
    producer.send(frameOf(ProduceRequest, 9, 2, 2, { acks: -1, timeoutMs: 1000, topicData }))
  })
  await both
  expect(answered).toEqual(['producer', 'consumer'])
  broker.stop()
})
