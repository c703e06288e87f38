/** The limits of connections by Kafka's settings: their number, idle time, and request size. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../src/messages/create-topics.ts'
import { FetchRequest } from '../../../src/messages/fetch.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../../../src/messages/incremental-alter-configs.ts'
import { ProduceRequest, ProduceResponse } from '../../../src/messages/produce.ts'
import { type RunningBroker, startBroker } from '../../../src/node/index.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { ErrorCode } from '../../../src/wire/errors.ts'
import { RawClient } from '../../raw-client.ts'
import { withPatience } from '../patience.ts'

// Nothing here is slow, unless the machine is busy.
vi.setConfig({ testTimeout: 200_000 })

let broker: RunningBroker
const lines: string[] = []
const clients: RawClient[] = []

async function start(config: Record<string, string>): Promise<void> {
  lines.length = 0
  broker = await startBroker({ config, log: (_, line) => void lines.push(line) })
}
async function connect(): Promise<RawClient> {
  const client = await RawClient.to(broker.bootstrap)
  clients.push(client)
  return client
}
afterEach(async () => {
  for (const client of clients.splice(0)) client.end()
  await broker.stop()
})

function ask(client: RawClient) {
  return client.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
}
async function isServed(client: RawClient): Promise<boolean> {
  return (await withPatience(ask(client), () => 'an answer'))?.errorCode === ErrorCode.NONE
}

async function bigTopic(): Promise<void> {
  const client = await connect()
  const topics = [{ name: 'big', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
  await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  for (let i = 0; i < 10; i++) {
    const records = buildBatch([{ key: null, value: new Uint8Array(900_000), timestamp: 1 }])
    const topicData = [{ name: 'big', partitionData: [{ index: 0, records }] }]
    await client.call(ProduceRequest, ProduceResponse, 9, { acks: -1, timeoutMs: 1000, topicData })
  }
  client.end()
}

describe('connections.max.idle.ms', () => {
  test('TCP-4: ends who does nothing, who stops within a frame, and who does not read', async () => {
    await start({ 'connections.max.idle.ms': '300' })
    await bigTopic()
    const silent = await connect()
    const half = await connect()
    half.send(Uint8Array.of(0, 0, 1, 0, 18))
    const deaf = await connect()
    deaf.socket.pause()
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 30 }]
    const body = { maxWaitMs: 0, minBytes: 1, topics: [{ topic: 'big', partitions }] }
    for (let i = 0; i < 3; i++) deaf.send(frameOf(FetchRequest, 11, 1, i, body))
    await withPatience(Promise.all([silent.closed, half.closed]), () => 'the end of idle connections')
    // Only a client that reads notices that the other end has closed.
    deaf.socket.resume()
    await withPatience(deaf.closed, () => 'the end of a connection that was not read')
    expect(lines.filter((line) => line.includes('idle for 300 ms')).length).toBeGreaterThanOrEqual(3)
  })
})

describe('max.connections', () => {
  test('one more waits, and is served when another goes', async () => {
    await start({ 'max.connections': '2' })
    const [one, two] = [await connect(), await connect()]
    expect(await isServed(one)).toBe(true)
    expect(await isServed(two)).toBe(true)
    const three = await connect()
    let answered = false
    const asked = ask(three).then((answer) => {
      answered = true
      return answer
    })
    for (let i = 0; i < 20; i++) expect(await isServed(one)).toBe(true)
    expect(answered).toBe(false)
    two.end()
    expect((await withPatience(asked, () => 'an answer to the third'))?.errorCode).toBe(ErrorCode.NONE)
  })

  test('can be changed while the broker runs', async () => {
    await start({ 'max.connections.per.ip': '1' })
    const one = await connect()
    await withPatience((await connect()).closed, () => 'the refusal')
    const configs = [{ name: 'max.connections.per.ip', value: '2', configOperation: 0 }]
    const answer = await one.call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
      resources: [{ resourceType: 4, resourceName: '', configs }],
    })
    expect(answer?.responses[0]?.errorCode).toBe(ErrorCode.NONE)
    expect(await isServed(await connect())).toBe(true)
    await withPatience((await connect()).closed, () => 'the refusal of the third')
  })

  test('max.connections.per.ip.overrides speaks for some addresses', async () => {
    await start({
      'max.connections.per.ip': '1',
      'max.connections.per.ip.overrides': '10.0.0.7:5,127.0.0.1:2',
    })
    for (let i = 0; i < 2; i++) expect(await isServed(await connect())).toBe(true)
    await withPatience((await connect()).closed, () => 'the refusal')
    expect(lines.filter((line) => line.includes('max.connections.per.ip is 2'))).toHaveLength(1)
  })
})

describe('acks=0', () => {
  test.each([
    ['a topic that is not there', 'nope', buildBatch([{ key: null, value: null }])],
    ['a batch with a wrong checksum', 'big', buildBatch([{ key: null, value: null }]).fill(7, 30, 40)],
  ])('%s: the only answer there can be is to hang up, on this client alone', async (_, name, records) => {
    await start({ 'auto.create.topics.enable': 'false' })
    await bigTopic()
    const bystander = await connect()
    const client = await connect()
    const topicData = [{ name, partitionData: [{ index: 0, records }] }]
    client.send(frameOf(ProduceRequest, 9, 2, 1, { acks: 0, timeoutMs: 1000, topicData }))
    await withPatience(client.closed, () => 'the end of the connection')
    expect(await isServed(bystander)).toBe(true)
  })
})
