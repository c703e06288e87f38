/**
 * The initial state of a fuzzed broker: topics with records, a group with offsets, a transaction.
 */

import { CreateTopicsRequest, CreateTopicsResponse } from '../../../src/messages/create-topics.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../../../src/messages/find-coordinator.ts'
import { headerVersions, ResponseHeader } from '../../../src/messages/header.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../../../src/messages/init-producer-id.ts'
import { MetadataRequest, MetadataResponse } from '../../../src/messages/metadata.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../../src/messages/offset-commit.ts'
import { ProduceRequest, ProduceResponse } from '../../../src/messages/produce.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { Reader } from '../../../src/wire/reader.ts'
import type { Message } from '../../../src/wire/schema.ts'
import type { FuzzedBroker } from './fuzzed-broker.ts'

/** Configs that make a broker read batches: compaction needs keys, another codec needs recompression. */
const CONFIGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  orders: {},
  payments: { 'cleanup.policy': 'compact' },
  squeezed: { 'compression.type': 'gzip', 'message.timestamp.type': 'LogAppendTime' },
}
export const TOPICS = Object.keys(CONFIGS)

/** Returns the ids of the topics. */
export function furnish(broker: FuzzedBroker): string[] {
  const client = broker.connect()
  const call = <In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: In,
  ): Out => {
    const headers = headerVersions(request.apiKey, version >= request.flexibleSince)
    client.connection.receive(frameOf(request, version, headers.request, 1, body))
    broker.time.run(2000)
    const frame = client.frames.shift()
    if (!frame) throw new Error(`${request.name} was not answered`)
    const reader = new Reader(frame)
    ResponseHeader.decode(reader, headers.response)
    return response.decode(reader, version)
  }
  const topics = TOPICS.map((name) => ({
    name,
    numPartitions: 2,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(CONFIGS[name]!).map(([key, value]) => ({ name: key, value })),
  }))
  call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  for (const name of TOPICS) {
    const records = buildBatch([
      { key: Uint8Array.of(1), value: new Uint8Array(100), timestamp: 1_767_225_600_000 },
    ])
    const topicData = [{ name, partitionData: [{ index: 0, records }] }]
    call(ProduceRequest, ProduceResponse, 9, { acks: -1, timeoutMs: 1000, topicData })
  }
  for (const keyType of [0, 1]) {
    const body = { keyType, coordinatorKeys: ['tx'] }
    call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
  }
  call(OffsetCommitRequest, OffsetCommitResponse, 8, {
    groupId: 'group',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [
      { name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] },
    ],
  })
  call(InitProducerIdRequest, InitProducerIdResponse, 4, {
    transactionalId: 'tx',
    transactionTimeoutMs: 60_000,
  })
  const { topics: known } = call(MetadataRequest, MetadataResponse, 12, { topics: null })
  client.connection.closed()
  return known.map(({ topicId }) => topicId)
}
