/** The broker as a library: start, use by kafkajs, stop; nothing stays behind. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import type { LogPart } from '../log/log-part.ts'
import { startBroker } from './index.ts'

const config = { 'group.initial.rebalance.delay.ms': '0' }

function clientOf(bootstrap: string): Kafka {
  return new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry: { retries: 3 } })
}

async function send(bootstrap: string, topic: string, ...values: string[]): Promise<void> {
  const producer = clientOf(bootstrap).producer()
  await producer.connect()
  await producer.send({ topic, messages: values.map((value) => ({ value })) })
  await producer.disconnect()
}

async function receive(bootstrap: string, topic: string, count: number): Promise<string[]> {
  const consumer = clientOf(bootstrap).consumer({ groupId: `readers of ${topic}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const values: string[] = []
  await new Promise<void>((resolve) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value))
        if (values.length === count) resolve()
      },
    })
  })
  await consumer.disconnect()
  return values
}

function isListening(bootstrap: string): Promise<boolean> {
  const [host, port] = bootstrap.split(':')
  return new Promise((resolve) => {
    const socket = connect(Number(port), host!)
    socket.once('connect', () => resolve(socket.destroy() !== undefined))
    socket.once('error', () => resolve(false))
  })
}

describe('startBroker', () => {
  test('serves kafkajs, in memory, at once', async () => {
    const broker = await startBroker({ config })
    await send(broker.bootstrap, 'greetings', 'hello', 'world')
    expect(await receive(broker.bootstrap, 'greetings', 2)).toEqual(['hello', 'world'])
    await broker.stop()
  })

  test('starts within tens of milliseconds', async () => {
    await (await startBroker()).stop()
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      const before = performance.now()
      const broker = await startBroker()
      times.push(performance.now() - before)
      await broker.stop()
    }
    console.info(`startBroker in memory: ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`)
    expect(Math.min(...times)).toBeLessThan(100)
  })

  test('START-BROKER-1: two brokers in one process are independent', async () => {
    const [one, two] = await Promise.all([startBroker(), startBroker()])
    await send(one.bootstrap, 'mine', 'x')
    const admin = clientOf(two.bootstrap).admin()
    await admin.connect()
    expect(await admin.listTopics()).toEqual([])
    await admin.disconnect()
    await Promise.all([one.stop(), two.stop()])
  })

  test('BROKER-PROCESS-2, TCP-3: after stop the port is free and clients are disconnected; stop may be called again', async () => {
    const broker = await startBroker({ brokers: 2 })
    const [first] = broker.bootstrap.split(',')
    const idle = connect(Number(first!.split(':')[1]), '127.0.0.1')
    const ended = new Promise((resolve) => idle.once('close', resolve))
    await new Promise((resolve) => idle.once('connect', resolve))
    expect(await isListening(first!)).toBe(true)
    await Promise.all([broker.stop(), broker.stop()])
    await broker.stop()
    await ended
    expect(await isListening(first!)).toBe(false)
  })

  test('START-BROKER-2, NODE-LOOP-2: a process that starts and stops a broker exits by itself', () => {
    const module = new URL('./index.ts', import.meta.url)
    const code = `
      const { startBroker } = await import('${module}')
      await startBroker({ config: { 'num.partition': '1' } }).catch(() => {})
      const broker = await startBroker({ brokers: 2 })
      await broker.stop()
      console.log('stopped')`
    const args = [
      ...(process.features.typescript ? [] : ['--import', 'tsx']),
      '--input-type=module',
      '-e',
      code,
    ]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 8000 })).toBe('stopped\n')
  })

  test('on disk: records survive a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'broker-'))
    const first = await startBroker({ dataDir, config })
    await send(first.bootstrap, 'kept', 'a', 'b', 'c')
    await first.stop()
    expect(readdirSync(dataDir)).toEqual(
      expect.arrayContaining(['kept-0', '.kafka_cleanshutdown', 'meta.properties']),
    )
    expect(readdirSync(dataDir)).not.toContain('.lock')
    const second = await startBroker({ dataDir, config })
    expect(await receive(second.bootstrap, 'kept', 3)).toEqual(['a', 'b', 'c'])
    await second.stop()
    rmSync(dataDir, { recursive: true })
  })

  test('CLUSTER-1: three brokers: Metadata lists all, and each leads some partitions', async () => {
    const broker = await startBroker({ brokers: 3, config })
    const admin = clientOf(broker.bootstrap).admin()
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    expect(brokers.map(({ nodeId }) => nodeId).sort()).toEqual([1, 2, 3])
    expect(brokers.map(({ host, port }) => `${host}:${port}`).sort()).toEqual(
      broker.bootstrap.split(',').sort(),
    )
    await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 6 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: ['shared'] })
    expect(new Set(topics[0]!.partitions.map(({ leader }) => leader)).size).toBe(3)
    await admin.disconnect()
    await send(broker.bootstrap, 'shared', 'one', 'two', 'three', 'four')
    expect((await receive(broker.bootstrap, 'shared', 4)).sort()).toEqual(['four', 'one', 'three', 'two'])
    await broker.stop()
  })

  test('parts: a log from outside serves clients', async () => {
    const asked: string[] = []
    const log = (topic: string, partition: number): LogPart => {
      asked.push(`${topic}-${partition}`)
      return simpleLog()
    }
    const broker = await startBroker({ parts: { log }, config })
    await send(broker.bootstrap, 'theirs', 'x', 'y')
    expect(await receive(broker.bootstrap, 'theirs', 2)).toEqual(['x', 'y'])
    expect(asked).toEqual(['theirs-0'])
    await broker.stop()
  })

  test('BROKER-PROCESS-1: invalid options are refused, and nothing stays behind', async () => {
    await expect(startBroker({ config: { 'num.partition': '1' } })).rejects.toThrow(
      'did you mean num.partitions?',
    )
    const running = await startBroker()
    const port = Number(running.bootstrap.split(':')[1])
    await expect(startBroker({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`)
    await running.stop()
    await (await startBroker({ port })).stop()
  })
})

/** The simplest log that works: an array of batches. */
function simpleLog(): LogPart {
  const batches: { base: number; end: number; bytes: Uint8Array }[] = []
  const end = (): number => batches.at(-1)?.end ?? 0
  return {
    startOffset: 0,
    get endOffset() {
      return end()
    },
    append: (batch, count) => {
      const base = end()
      const bytes = batch.slice()
      new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
      batches.push({ base, end: base + count, bytes })
      return base
    },
    read: (offset) => batches.filter((batch) => batch.end > offset).map(({ bytes }) => bytes.slice()),
  }
}

test('several brokers with advertised.listeners: each advertises its own port, one above the other', async () => {
  const address = 'PLAINTEXT://kafka.example:29092'
  const broker = await startBroker({ brokers: 3, config: { 'advertised.listeners': address } })
  try {
    expect(broker.bootstrap).toBe('kafka.example:29092,kafka.example:29093,kafka.example:29094')
  } finally {
    await broker.stop()
  }
})
