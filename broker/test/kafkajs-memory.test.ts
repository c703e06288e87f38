/** kafkajs with the core in this process, over sockets in memory: a real client without a port. */
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/broker/cluster.ts'
import { BrokerConfig } from '../src/config/broker-config.ts'
import { coreOfNode, type NodeCore } from '../src/node/core-of-node.ts'
import { MemoryStorage } from '../src/sim/memory-storage.ts'
import { memorySocket } from './memory-socket.ts'

const TOPIC = 'orders'
const complaints: string[] = []
let node: NodeCore
let cluster: Cluster
let kafka: Kafka

beforeAll(async () => {
  const log = (level: string, message: string): void => {
    if (level === 'error') complaints.push(message)
  }
  node = coreOfNode({
    storage: new MemoryStorage((event) => void setImmediate(event)),
    log,
    stalls: { worked: () => {} },
  })
  const config = new BrokerConfig({ 'group.initial.rebalance.delay.ms': '0' })
  const endpoint = { id: 1, host: 'in-memory', port: 1, rack: null }
  cluster = new Cluster({ clusterId: 'memory', nodes: [{ core: node.core, config, endpoint }] })
  await new Promise<void>((resolve) => cluster.start(() => resolve()))
  kafka = new Kafka({
    brokers: ['in-memory:1'],
    logLevel: logLevel.NOTHING,
    socketFactory: ({ onConnect }) => memorySocket(cluster.brokers[0]!, onConnect),
  })
})

afterAll(async () => {
  await new Promise<void>((resolve) => cluster.stop(resolve))
  node.close()
  expect(complaints).toEqual([])
})

/** Reads with a group until `count` records have arrived; returns them with the committed offsets. */
async function consume(groupId: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true })
  const seen: string[] = []
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          seen.push(`${partition}/${message.offset} ${message.key} ${message.value}`)
          const offset = String(Number(message.offset) + 1)
          await consumer.commitOffsets([{ topic: TOPIC, partition, offset }])
          if (seen.length === count) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return seen
}

describe('kafkajs in memory', () => {
  test('creates a topic and sees it', async () => {
    const admin = kafka.admin()
    await admin.connect()
    expect(await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 2 }] })).toBe(true)
    const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] })
    expect(topics[0]!.partitions.map(({ partitionId, leader }) => [partitionId, leader]).sort()).toEqual([
      [0, 1],
      [1, 1],
    ])
    await admin.disconnect()
  })

  test('produces, and gets the offsets', async () => {
    const producer = kafka.producer()
    await producer.connect()
    const messages = (partition: number) => ['x', 'y', 'z'].map((value) => ({ partition, key: 'k', value }))
    const sent = await producer.send({ topic: TOPIC, acks: -1, messages: [...messages(0), ...messages(1)] })
    expect(sent.map(({ partition, baseOffset }) => [partition, baseOffset]).sort()).toEqual([
      [0, '0'],
      [1, '0'],
    ])
    await producer.disconnect()
  })

  test('consumes in a group, commits, and goes on where it has stopped', async () => {
    const seen = await consume('billing', 6)
    expect(seen.sort()).toEqual(['0/0 k x', '0/1 k y', '0/2 k z', '1/0 k x', '1/1 k y', '1/2 k z'])
    const admin = kafka.admin()
    await admin.connect()
    const [offsets] = await admin.fetchOffsets({ groupId: 'billing', topics: [TOPIC] })
    expect(offsets!.partitions.map(({ partition, offset }) => [partition, offset]).sort()).toEqual([
      [0, '3'],
      [1, '3'],
    ])
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: TOPIC, messages: [{ partition: 1, key: 'k', value: 'later' }] })
    await producer.disconnect()
    expect(await consume('billing', 1)).toEqual(['1/3 k later'])
  })
})
