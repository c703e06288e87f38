/**
 * The effects of quotas on clients: their throttle times, and that the broker does not read from them meanwhile (KIP-124,
 * KIP-219, KIP-599). Each scenario has its own client id, which both brokers count from its first request on: so the same
 * bytes are throttled for the same time, to the millisecond.
 */
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { CreatePartitionsRequest, CreatePartitionsResponse } from '../../../src/messages/create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../src/messages/create-topics.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../../../src/messages/delete-topics.ts'
import { FetchRequest, FetchResponse } from '../../../src/messages/fetch.ts'
import { ProduceRequest, ProduceResponse } from '../../../src/messages/produce.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { RawClient } from '../../../test/raw-client.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { until } from '../until.ts'

const TIME = 1_700_000_000_000
/** A timer may fire a little early by the client's clock. */
const CLOCKS_APART_MS = 20

/** Sets a quota for a client id of this scenario; returns a client with this id when the broker applies the quota. */
async function limited(recorder: Recorder, key: string, value: number): Promise<RawClient> {
  const clientId = recorder.name('client')
  await change(recorder, clientId, key, value)
  // A broker takes one change after the other: when it shows the second, it has applied the first.
  await change(recorder, `${clientId}-next`, key, value)
  const client = await RawClient.to(recorder.bootstrap.split(',')[0]!)
  client.clientId = clientId
  return client
}

async function change(
  recorder: Recorder,
  entityName: string,
  key: string,
  value: number | null,
  entityType = 'client-id',
): Promise<void> {
  const op = { key, value: value ?? 0, remove: value === null }
  const entity = [{ entityType, entityName }]
  await recorder.quietly('AlterClientQuotas', 1, { entries: [{ entity, ops: [op] }] })
  const components = [{ entityType, matchType: 0, match: entityName }]
  await until(`${key} of ${entityName}`, async () => {
    const { entries } = await recorder.quietly('DescribeClientQuotas', 1, { components, strict: true })
    return entries!.length === (value === null ? 0 : 1)
  })
}

async function free(recorder: Recorder, client: RawClient, key: string): Promise<void> {
  await change(recorder, client.clientId, key, null)
  await change(recorder, `${client.clientId}-next`, key, null)
  client.end()
}

/** How long the connection was silent after an answer that said to wait. */
async function nextHeardAfter(client: RawClient, throttleMs: number): Promise<boolean> {
  const began = performance.now()
  await client.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
  return performance.now() - began >= throttleMs - CLOCKS_APART_MS
}

function produced(name: string, valueBytes: number, acks: number) {
  const records = buildBatch([{ key: null, value: new Uint8Array(valueBytes), timestamp: TIME }])
  return { acks, timeoutMs: 5000, topicData: [{ name, partitionData: [{ index: 0, records }] }] }
}

scenario(
  'Quotas: a producer above its rate',
  'producer_byte_rate, KIP-124',
  async (recorder) => {
    const { name } = await recorder.topic()
    const client = await limited(recorder, 'producer_byte_rate', 1900)
    const first = await client.call(ProduceRequest, ProduceResponse, 3, produced(name, 20_000, 1))
    recorder.note('for', first!.throttleTimeMs)
    recorder.note('silence', await nextHeardAfter(client, first!.throttleTimeMs))
    for (const version of [7, 9, 12]) {
      const another = await RawClient.to(recorder.bootstrap.split(',')[0]!)
      another.clientId = client.clientId
      const answer = await another.call(ProduceRequest, ProduceResponse, version, produced(name, 20_000, 1))
      recorder.note(`Produce v${version} is throttled`, answer!.throttleTimeMs > 0)
      another.end()
    }
    await free(recorder, client, 'producer_byte_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: a producer within its rate',
  'producer_byte_rate',
  async (recorder) => {
    const { name } = await recorder.topic()
    const client = await limited(recorder, 'producer_byte_rate', 10_000)
    for (let round = 0; round < 5; round++) {
      const answer = await client.call(ProduceRequest, ProduceResponse, 9, produced(name, 10_000, 1))
      recorder.note(`round ${round}`, answer!.throttleTimeMs)
    }
    await free(recorder, client, 'producer_byte_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: a producer that wants no answer',
  'acks=0, producer_byte_rate, KIP-219',
  async (recorder) => {
    const { name } = await recorder.topic()
    const client = await limited(recorder, 'producer_byte_rate', 1900)
    void client.call(ProduceRequest, ProduceResponse, 9, produced(name, 20_000, 0))
    recorder.note('is not heard for half a second', await nextHeardAfter(client, 500))
    await free(recorder, client, 'producer_byte_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: a consumer above its rate',
  'consumer_byte_rate, KIP-124',
  async (recorder) => {
    const { name, topicId } = await recorder.topic()
    await recorder.quietly('Produce', 9, produced(name, 20_000, 1))
    const fromStart = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000, currentLeaderEpoch: -1 }
    for (const version of [4, 12, 13]) {
      const client = await limited(recorder, 'consumer_byte_rate', 1900)
      const answer = await client.call(FetchRequest, FetchResponse, version, {
        maxWaitMs: 100,
        minBytes: 1,
        maxBytes: 1_000_000,
        sessionEpoch: -1,
        topics: [{ ...(version < 13 ? { topic: name } : { topicId }), partitions: [fromStart] }],
      })
      recorder.note(`Fetch v${version}`, answer)
      recorder.note('silence', await nextHeardAfter(client, answer!.throttleTimeMs))
      await free(recorder, client, 'consumer_byte_rate')
    }
  },
  { alone: true },
)

scenario(
  'Quotas: a fetch asks for more than the window holds',
  'consumer_byte_rate',
  async (recorder) => {
    const { name } = await recorder.topic()
    for (let batch = 0; batch < 4; batch++) await recorder.quietly('Produce', 9, produced(name, 5000, 1))
    const client = await limited(recorder, 'consumer_byte_rate', 1100)
    const partitions = [
      { partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000, currentLeaderEpoch: -1 },
    ]
    const wanted = { maxWaitMs: 100, minBytes: 1, maxBytes: 1_000_000, sessionEpoch: -1 }
    const answer = await client.call(FetchRequest, FetchResponse, 12, {
      ...wanted,
      topics: [{ topic: name, partitions }],
    })
    const records = answer!.responses[0]?.partitions[0]?.records
    recorder.note('Fetch v12', [answer!.throttleTimeMs, records?.length])
    await free(recorder, client, 'consumer_byte_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: partitions faster than they may be made',
  'controller_mutation_rate, KIP-599',
  async (recorder) => {
    const client = await limited(recorder, 'controller_mutation_rate', 1)
    const topic = (numPartitions: number) => ({
      name: recorder.name('t'),
      numPartitions,
      replicationFactor: 1,
    })
    const create = async (numPartitions: number, validateOnly = false) => {
      const body = { topics: [topic(numPartitions)], validateOnly, timeoutMs: 5000 }
      const answer = await client.call(CreateTopicsRequest, CreateTopicsResponse, 7, body)
      const { errorCode, errorMessage } = answer!.topics[0]!
      recorder.note('CreateTopics v7', { errorCode, errorMessage, waits: answer!.throttleTimeMs > 0 })
    }
    await create(12)
    await create(1, true)
    await create(1)
    const removed = { topics: [{ name: recorder.name('t') }], timeoutMs: 5000 }
    const { responses } = (await client.call(DeleteTopicsRequest, DeleteTopicsResponse, 6, removed))!
    recorder.note('DeleteTopics v6', responses[0]!.errorCode)
    await free(recorder, client, 'controller_mutation_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: more partitions than may be added or removed',
  'controller_mutation_rate, KIP-599',
  async (recorder) => {
    const { name } = await recorder.topic()
    const client = await limited(recorder, 'controller_mutation_rate', 1)
    for (const count of [15, 16]) {
      const body = { topics: [{ name, count, assignments: null }], timeoutMs: 5000 }
      const answer = await client.call(CreatePartitionsRequest, CreatePartitionsResponse, 3, body)
      recorder.note(`to ${count}`, { waits: answer!.throttleTimeMs > 0, results: answer!.results })
    }
    for (const topicName of [name, name]) {
      const body = { topics: [{ name: topicName }], timeoutMs: 5000 }
      const answer = await client.call(DeleteTopicsRequest, DeleteTopicsResponse, 6, body)
      recorder.note('DeleteTopics v6', { waits: answer!.throttleTimeMs > 0, responses: answer!.responses })
    }
    await free(recorder, client, 'controller_mutation_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: clients that do not know the error wait',
  'controller_mutation_rate, KIP-599',
  async (recorder) => {
    const client = await limited(recorder, 'controller_mutation_rate', 10)
    const body = {
      topics: [{ name: recorder.name('t'), numPartitions: 120, replicationFactor: 1 }],
      timeoutMs: 5000,
      validateOnly: true,
    }
    const answer = await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, body)
    const { errorCode, errorMessage } = answer!.topics[0]!
    recorder.note('CreateTopics v5', { errorCode, errorMessage, waits: answer!.throttleTimeMs > 0 })
    await free(recorder, client, 'controller_mutation_rate')
  },
  { alone: true },
)

scenario(
  'Quotas: an address that connects too often',
  'connection_creation_rate, KIP-612',
  async (recorder) => {
    const bootstrap = recorder.bootstrap.split(',')[0]!
    const key = 'connection_creation_rate'
    // The scenario's own connection exists already, and stays open.
    for (const address of ['127.0.0.1', '127.0.0.99']) await change(recorder, address, key, 1, 'ip')
    for (let nth = 1; nth <= 12; nth++) {
      const client = await RawClient.to(bootstrap)
      const answer = await client.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
      recorder.note(`connection ${nth}`, answer === undefined ? 'hung up on' : 'let in')
      client.end()
    }
    for (const address of ['127.0.0.1', '127.0.0.99']) await change(recorder, address, key, null, 'ip')
  },
  { alone: true },
)

scenario(
  'Quotas: time on the thread',
  'request_percentage, KIP-124',
  async (recorder) => {
    const client = await limited(recorder, 'request_percentage', 0.000_001)
    await until('a throttled request', async () => {
      const answer = await client.call(ApiVersionsRequest, ApiVersionsResponse, 2, {})
      if (answer!.throttleTimeMs > 0) recorder.note('at most a window', answer!.throttleTimeMs <= 1000)
      return answer!.throttleTimeMs > 0
    })
    await free(recorder, client, 'request_percentage')
  },
  { alone: true },
)
