/** Malformed bytes, clients that do not read, and idle connections. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ApiVersionsRequest, ApiVersionsResponse } from '../src/messages/api-versions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { FetchRequest } from '../src/messages/fetch.ts'
import { MetadataRequest, MetadataResponse } from '../src/messages/metadata.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { type RunningBroker, startBroker } from '../src/node/index.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { frameOf } from '../src/sim/sim-client.ts'
import { ErrorCode } from '../src/wire/errors.ts'
import { FrameAssembler } from '../src/wire/framing.ts'
import { heldBytes, MEBIBYTE } from './long/memory.ts'
import { RawClient } from './raw-client.ts'

const REQUEST_BYTES_MAX = 10_000_000
const complaints: string[] = []
let broker: RunningBroker

beforeAll(async () => {
  const config = { 'socket.request.max.bytes': String(REQUEST_BYTES_MAX) }
  const log = (level: string, message: string): void => {
    if (level === 'warn' || level === 'error') complaints.push(message)
  }
  broker = await startBroker({ config, log })
})
afterAll(() => broker.stop())
beforeEach(() => {
  complaints.length = 0
})

const aFrame = (...body: number[]): Uint8Array => Uint8Array.of(0, 0, 0, body.length, ...body)
const size = (bytes: number): Uint8Array => {
  const four = new Uint8Array(4)
  new DataView(four.buffer).setInt32(0, bytes)
  return four
}
const apiVersions = (correlationId: number): Uint8Array =>
  frameOf(ApiVersionsRequest, 0, 1, correlationId, {})

async function isAlive(client?: RawClient): Promise<boolean> {
  const asker = client ?? (await RawClient.to(broker.bootstrap))
  const answer = await asker.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
  if (!client) asker.end()
  return answer?.errorCode === ErrorCode.NONE
}

/** Sends bytes on a new connection and waits until the broker has closed it. */
async function hungUpOn(bytes: Uint8Array): Promise<void> {
  const client = await RawClient.to(broker.bootstrap)
  client.send(bytes)
  await client.closed
}

describe('bytes that make no sense end their connection, and only theirs, with one line in the log', () => {
  const nonsense: [string, Uint8Array, RegExp][] = [
    ['a negative size', size(-1), /frame of -1 bytes/],
    ['a size above socket.request.max.bytes', size(REQUEST_BYTES_MAX + 1), /socket\.request\.max\.bytes/],
    ['an HTTP request', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'), /frame of 1195725856 bytes/],
    ['a frame too short for a header', aFrame(0, 18), /a request of 2 bytes/],
    ['an API key that nobody knows', aFrame(3, 231, 0, 0, 0, 0, 0, 1, 255, 255), /API key 999/],
    [
      'a version that is not served',
      aFrame(0, 3, 0, 99, 0, 0, 0, 1, 255, 255),
      /MetadataRequest has no version 99/,
    ],
    ['a body that ends too early', aFrame(0, 3, 0, 1, 0, 0, 0, 1, 255, 255, 0, 0), /bytes wanted/],
    [
      'an array that claims two billion',
      aFrame(0, 3, 0, 1, 0, 0, 0, 1, 255, 255, 127, 255, 255, 255),
      /array of/,
    ],
  ]
  test.each(nonsense)('%s', async (_, bytes, line) => {
    const bystander = await RawClient.to(broker.bootstrap)
    await hungUpOn(bytes)
    expect(complaints).toHaveLength(1)
    expect(complaints[0]).toMatch(line)
    expect(complaints[0]).not.toContain('\n')
    expect(await isAlive(bystander)).toBe(true)
    bystander.end()
  })

  test('KIP-511: but a newer ApiVersions is answered in version 0, with the range that is served', async () => {
    const client = await RawClient.to(broker.bootstrap)
    client.send(aFrame(0, 18, 0, 99, 0, 0, 0, 7, 255, 255))
    const frame = await client.frame()
    expect([...frame!.subarray(0, 6)]).toEqual([0, 0, 0, 7, 0, ErrorCode.UNSUPPORTED_VERSION])
    expect(await isAlive(client)).toBe(true)
    client.end()
  })

  test('TCP-2: half a frame, and the client is gone', async () => {
    for (let i = 0; i < 50; i++) {
      const client = await RawClient.to(broker.bootstrap)
      client.send(apiVersions(1).subarray(0, 3 + (i % 8)))
      client.socket.resetAndDestroy()
      await client.closed
    }
    expect(await isAlive()).toBe(true)
    expect(complaints).toEqual([])
  })
})

describe('frames in pieces', () => {
  test('one byte at a time is as good as all at once', async () => {
    const client = await RawClient.to(broker.bootstrap)
    for (const byte of apiVersions(5)) {
      client.send(Uint8Array.of(byte))
      await new Promise(setImmediate)
    }
    expect((await client.frame())?.[3]).toBe(5)
    client.end()
  })

  test('ROUTER-1: a hundred requests in one write are answered in their order', async () => {
    const client = await RawClient.to(broker.bootstrap)
    client.send(Buffer.concat(Array.from({ length: 100 }, (_, i) => apiVersions(i))))
    for (let i = 0; i < 100; i++) expect((await client.frame())?.[3]).toBe(i)
    client.end()
  })

  test('a quick request behind one that waits is answered after it', async () => {
    await createTopic('quiet')
    const client = await RawClient.to(broker.bootstrap)
    const topics = [
      { topic: 'quiet', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ]
    const waiting = frameOf(FetchRequest, 11, 1, 77, { maxWaitMs: 200, minBytes: 1, topics })
    client.send(Buffer.concat([waiting, apiVersions(78)]))
    expect((await client.frame())?.[3]).toBe(77)
    expect((await client.frame())?.[3]).toBe(78)
    client.end()
  })
})

async function createTopic(name: string): Promise<void> {
  const client = await RawClient.to(broker.bootstrap)
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
  const answer = await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  expect(answer?.topics[0]?.errorCode).toBe(ErrorCode.NONE)
  client.end()
}

async function produce(name: string, bytes: number): Promise<void> {
  const client = await RawClient.to(broker.bootstrap)
  const records = buildBatch([{ key: null, value: new Uint8Array(bytes).fill(7) }])
  const topicData = [{ name, partitionData: [{ index: 0, records }] }]
  const answer = await client.call(ProduceRequest, ProduceResponse, 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData,
  })
  expect(answer?.responses[0]?.partitionResponses[0]?.errorCode).toBe(ErrorCode.NONE)
  client.end()
}

describe('what clients can cost', () => {
  test('two hundred idle connections do not disturb other clients', async () => {
    const idle = await Promise.all(Array.from({ length: 200 }, () => RawClient.to(broker.bootstrap)))
    const client = await RawClient.to(broker.bootstrap)
    const answer = await client.call(MetadataRequest, MetadataResponse, 9, { topics: null })
    expect(answer?.brokers).toHaveLength(1)
    expect(await isAlive(idle[199])).toBe(true)
    for (const each of [...idle, client]) each.end()
  })

  test('a size that is claimed and not sent costs nothing', async () => {
    const before = heldBytes()
    const clients = await Promise.all(Array.from({ length: 50 }, () => RawClient.to(broker.bootstrap)))
    for (const client of clients) client.send(size(REQUEST_BYTES_MAX))
    expect(await isAlive()).toBe(true)
    expect(heldBytes() - before).toBeLessThan(20 * MEBIBYTE)
    for (const client of clients) client.end()
  })

  test('clients that ask to wait for a month, and leave at once, leave nothing behind', async () => {
    await createTopic('patience')
    const topics = [
      { topic: 'patience', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ]
    const fetch = frameOf(FetchRequest, 11, 1, 1, { maxWaitMs: 2_000_000_000, minBytes: 1, topics })
    const visit = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const client = await RawClient.to(broker.bootstrap)
        client.send(Buffer.concat([fetch, apiVersions(2)]))
        client.end()
        await client.closed
      }
      expect(await isAlive()).toBe(true)
    }
    await visit(200)
    const before = heldBytes()
    await visit(1000)
    expect(heldBytes() - before).toBeLessThan(2 * MEBIBYTE)
  })

  test('FRAMING-3: a frame of a megabyte that comes byte by byte costs a megabyte', () => {
    const frames = new FrameAssembler(MEBIBYTE)
    frames.push(size(MEBIBYTE))
    const before = heldBytes()
    // As a connection does it.
    let handedOut = 0
    for (let i = 0; i < MEBIBYTE - 1; i++) {
      frames.push(Uint8Array.of(i))
      if (frames.next()) handedOut++
      frames.keep()
    }
    expect(handedOut).toBe(0)
    expect(heldBytes() - before).toBeLessThan(2 * MEBIBYTE)
    frames.push(Uint8Array.of(0xff))
    const frame = frames.next()!
    expect(frame.length).toBe(MEBIBYTE)
    expect(frame.every((byte, i) => byte === (i & 0xff))).toBe(true)
  })

  test('a thousand malformed frames leave nothing behind', async () => {
    const garbage = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await hungUpOn(aFrame(3, 231, i & 255, i >> 8, 0, 0, 0, 1, 255, 255))
    }
    await garbage(200)
    complaints.length = 0
    const before = heldBytes()
    await garbage(1000)
    expect(complaints).toHaveLength(1000)
    complaints.length = 0
    expect(heldBytes() - before).toBeLessThan(4 * MEBIBYTE)
  })

  test('TCP-1: a client that asks for 200 MB and reads none of it costs a response or two', async () => {
    await createTopic('big')
    for (let i = 0; i < 4; i++) await produce('big', 900_000)
    const before = heldBytes()
    const client = await RawClient.to(broker.bootstrap)
    client.socket.pause()
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 4_000_000 }]
    const body = { maxWaitMs: 0, minBytes: 1, maxBytes: 4_000_000, topics: [{ topic: 'big', partitions }] }
    for (let i = 0; i < 60; i++) client.send(frameOf(FetchRequest, 11, 1, i, body))
    for (let i = 0; i < 20; i++) expect(await isAlive()).toBe(true)
    expect(heldBytes() - before).toBeLessThan(16 * MEBIBYTE)
    // Its responses are kept: as soon as it reads, it gets them all, in order.
    client.socket.resume()
    for (let i = 0; i < 60; i++) {
      const frame = await client.frame()
      expect(frame?.[3]).toBe(i)
      expect(frame!.length).toBeGreaterThan(3_600_000)
    }
    client.end()
  })

  test('max.connections.per.ip: one more is refused, with a line in the log', async () => {
    const lines: string[] = []
    const config = { 'max.connections.per.ip': '2' }
    const small = await startBroker({ config, log: (_, line) => void lines.push(line) })
    const [one, two] = [await RawClient.to(small.bootstrap), await RawClient.to(small.bootstrap)]
    await (await RawClient.to(small.bootstrap)).closed
    expect(lines.filter((line) => line.includes('max.connections.per.ip'))).toHaveLength(1)
    one.end()
    await one.closed
    const three = await RawClient.to(small.bootstrap)
    expect((await three.call(ApiVersionsRequest, ApiVersionsResponse, 0, {}))?.errorCode).toBe(ErrorCode.NONE)
    for (const each of [two, three]) each.end()
    await small.stop()
  })
})
