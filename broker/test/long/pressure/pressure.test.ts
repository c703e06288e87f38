/**
 * Expensive clients: how much memory they cost a broker in a separate process, with files and Kafka's defaults, and whether
 * others are still served.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../src/messages/create-topics.ts'
import { FetchRequest } from '../../../src/messages/fetch.ts'
import { MetadataRequest } from '../../../src/messages/metadata.ts'
import { ProduceRequest, ProduceResponse } from '../../../src/messages/produce.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { ErrorCode } from '../../../src/wire/errors.ts'
import { RawClient } from '../../raw-client.ts'
import { BrokerChild } from '../kill/broker-child.ts'
import { MEBIBYTE } from '../memory.ts'
import { withPatience } from '../patience.ts'
import { watchRss } from './rss.ts'

const BATCHES = 40
const BATCH_BYTES = 900_000
/** A frame arrives in pieces, and is joined when it is complete. */
const COPIES_MAX = 2
/** Garbage that is not collected yet under load. */
const SLACK_BYTES = 64 * MEBIBYTE

let data: string
let broker: BrokerChild
let bootstrap: string
const clients: RawClient[] = []

async function connect(): Promise<RawClient> {
  const client = await RawClient.to(bootstrap)
  clients.push(client)
  return client
}

async function isServed(): Promise<boolean> {
  const client = await RawClient.to(bootstrap)
  const answer = await withPatience(
    client.call(ApiVersionsRequest, ApiVersionsResponse, 0, {}),
    () => 'a bystander',
  )
  client.end()
  return answer?.errorCode === ErrorCode.NONE
}

beforeAll(async () => {
  await buildBroker()
  data = mkdtempSync(join(tmpdir(), 'offset-zero-pressure-'))
  broker = new BrokerChild(data, [])
  bootstrap = (await broker.ready)!
  const client = await connect()
  const topics = [{ name: 'big', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
  await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  for (let i = 0; i < BATCHES; i++) {
    const records = buildBatch([{ key: null, value: new Uint8Array(BATCH_BYTES), timestamp: 1 }])
    const topicData = [{ name: 'big', partitionData: [{ index: 0, records }] }]
    await client.call(ProduceRequest, ProduceResponse, 9, { acks: -1, timeoutMs: 1000, topicData })
  }
})
afterEach(() => {
  for (const client of clients.splice(0)) client.end()
})
afterAll(async () => {
  await broker.kill()
  rmSync(data, { recursive: true, force: true })
})

/** A Fetch of all that the topic has, 36 MB. */
function fetchAll(correlationId: number): Uint8Array {
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 30 }]
  const body = { maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 30, topics: [{ topic: 'big', partitions }] }
  return frameOf(FetchRequest, 11, 1, correlationId, body)
}

/** The maximum growth of the broker's memory while `act` runs. */
async function cost(act: () => Promise<void>): Promise<number> {
  const before = watchRss(broker.pid).stop()
  const watch = watchRss(broker.pid)
  await act()
  const grown = watch.stop() - before
  if (process.env.PRESSURE_TELL) console.log(`${expect.getState().currentTestName}: ${grown >> 20} MiB`)
  return grown
}

async function askOften(count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect(await isServed()).toBe(true)
}

describe('what is bounded is bounded by numbers, and the others are served', () => {
  test('a hundred clients ask for 36 MB ten times each, and read nothing', async () => {
    const grown = await cost(async () => {
      const greedy = await Promise.all(Array.from({ length: 100 }, connect))
      for (const client of greedy) {
        client.socket.pause()
        for (let i = 0; i < 10; i++) client.send(fetchAll(i))
      }
      await askOften(50)
    })
    expect(grown).toBeLessThan(SLACK_BYTES)
  }, 200_000)

  test('slow readers get everything while others are served', async () => {
    const grown = await cost(async () => {
      const slow = await Promise.all(Array.from({ length: 2 }, connect))
      const reading = slow.map(async (client) => {
        client.send(fetchAll(1))
        client.socket.on('data', () => {
          client.socket.pause()
          setTimeout(() => client.socket.resume(), 2)
        })
        expect((await client.frame())?.length).toBeGreaterThan(BATCHES * BATCH_BYTES)
      })
      await askOften(20)
      await withPatience(Promise.all(reading), () => 'the slow readers')
    })
    expect(grown).toBeLessThan(SLACK_BYTES)
  }, 200_000)

  test('a hundred clients claim frames of 100 MB and send a kilobyte', async () => {
    const grown = await cost(async () => {
      const liars = await Promise.all(Array.from({ length: 100 }, connect))
      for (const client of liars) client.send(Uint8Array.of(6, 0, 0, 0, ...new Uint8Array(1000)))
      await askOften(20)
    })
    expect(grown).toBeLessThan(SLACK_BYTES)
  }, 200_000)

  test('a hundred thousand requests in one go, answers unread: no more than a few are taken in', async () => {
    const client = await connect()
    client.socket.pause()
    const count = 100_000
    const grown = await cost(async () => {
      const request = frameOf(MetadataRequest, 9, 2, 7, { topics: null })
      const thousand = Buffer.concat(Array.from({ length: 1000 }, () => request))
      for (let i = 0; i < count / 1000; i++) client.send(thousand)
      await askOften(20)
    })
    expect(grown).toBeLessThan(SLACK_BYTES)
    client.socket.resume()
    for (let i = 0; i < count; i++) {
      const frame = await client.frame()
      if (frame?.[3] !== 7) throw new Error(`answer ${i}: ${frame}`)
    }
  }, 200_000)

  test('two thousand connections come and go', async () => {
    const grown = await cost(async () => {
      for (let round = 0; round < 10; round++) {
        const many = await Promise.all(Array.from({ length: 200 }, () => RawClient.to(bootstrap)))
        for (const client of many) client.send(frameOf(ApiVersionsRequest, 0, 1, 1, {}))
        for (const [i, client] of many.entries()) i % 2 ? client.end() : client.socket.resetAndDestroy()
        await Promise.all(many.map(({ closed }) => closed))
      }
      await askOften(5)
    })
    expect(grown).toBeLessThan(SLACK_BYTES)
  }, 200_000)
})

describe('queued.max.request.bytes', () => {
  test('twenty clients send 40 MB each, and stop before the last byte: three are taken in, the others wait', async () => {
    const own = mkdtempSync(join(tmpdir(), 'offset-zero-queued-'))
    const limited = new BrokerChild(own, ['queued.max.request.bytes=110000000'])
    const address = (await limited.ready)!
    const before = watchRss(limited.pid).stop()
    const watch = watchRss(limited.pid)
    const size = 40_000_000
    const most = Buffer.concat([
      Uint8Array.of(size >> 24, size >> 16, size >> 8, size),
      Buffer.alloc(size - 1),
    ])
    const greedy = await Promise.all(Array.from({ length: 20 }, () => RawClient.to(address)))
    for (const client of greedy) client.send(most)
    const taken = (): number => greedy.filter(({ socket }) => socket.writableLength === 0).length
    await withPatience(
      until(() => taken() === 3),
      () => `three to be taken in; there are ${taken()}`,
    )
    // No memory is left to claim, but small requests claim none.
    const bystander = await RawClient.to(address)
    const answer = bystander.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
    expect((await withPatience(answer, () => 'the bystander'))?.errorCode).toBe(ErrorCode.NONE)
    for (let look = 0; look < 5; look++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(taken()).toBe(3)
    expect(watch.stop() - before).toBeLessThan(3 * size * COPIES_MAX + SLACK_BYTES)
    for (const client of greedy) client.end()
    bystander.end()
    await limited.kill()
    rmSync(own, { recursive: true, force: true })
  }, 200_000)
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}
