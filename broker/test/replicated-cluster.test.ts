/**
 * Three brokers of one process with replicated topics, in the simulator: real brokers, real requests between them.
 */
import { describe, expect, test } from 'vitest'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../src/messages/alter-partition-reassignments.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { MetadataRequest, MetadataResponse } from '../src/messages/metadata.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { batchPositions } from '../src/record/batch.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { readRecords } from '../src/record/record.ts'
import { Simulation } from '../src/sim/simulation.ts'
import { errorName } from '../src/wire/errors.ts'

const TOPIC = 'orders'
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

function started(seed: number, minIsr = 2, config: Record<string, string> = {}): Simulation {
  const run = new Simulation({ seed, brokers: 3, config })
  run.start()
  const assignments = [{ partitionIndex: 0, brokerIds: [1, 2, 3] }]
  const configs = [{ name: 'min.insync.replicas', value: String(minIsr) }]
  const topics = [{ name: TOPIC, numPartitions: -1, replicationFactor: -1, assignments, configs }]
  const created = run.client().call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  expect(errorName(created.topics[0]!.errorCode)).toBe('NONE')
  return run
}

function partitionOf(run: Simulation) {
  const { topics } = run.client().call(MetadataRequest, MetadataResponse, 12, { topics: [{ name: TOPIC }] })
  return topics[0]!.partitions[0]!
}

function produce(run: Simulation, value: string, acks = -1): string {
  const { leaderId } = partitionOf(run)
  const records = buildBatch([{ key: null, value: text(value), timestamp: run.time.now() }])
  const { responses } = run.client(leaderId).call(ProduceRequest, ProduceResponse, 9, {
    acks,
    timeoutMs: 3000,
    topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
  })
  return errorName(responses[0]!.partitionResponses[0]!.errorCode)
}

/** The values in the partition, as a consumer reads them from a node; default: the leader. */
function values(run: Simulation, nodeId = partitionOf(run).leaderId): string[] {
  const { responses } = run.client(nodeId).call(FetchRequest, FetchResponse, 12, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic: TOPIC, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }] }],
  })
  const bytes = responses[0]!.partitions[0]!.records ?? new Uint8Array(0)
  return [...batchPositions(bytes)].flatMap((at) =>
    readRecords(bytes, at).map(({ value }) => new TextDecoder().decode(value!)),
  )
}

describe('a topic with three replicas', () => {
  test('acks=all is answered when all replicas of the ISR have the record', () => {
    const run = started(1)
    expect(partitionOf(run)).toMatchObject({ leaderId: 1, isrNodes: [1, 2, 3], replicaNodes: [1, 2, 3] })
    expect([produce(run, 'a'), produce(run, 'b', 1), produce(run, 'c')]).toEqual(['NONE', 'NONE', 'NONE'])
    expect(values(run)).toEqual(['a', 'b', 'c'])
    run.stop()
  })

  test('WAITING-FETCH-6: consumers may read from followers, what is committed', () => {
    const run = started(4)
    for (const value of ['a', 'b']) expect(produce(run, value)).toBe('NONE')
    run.run(1000)
    expect([values(run, 2), values(run, 3)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    run.stop()
  })

  test.each([
    ['stopped cleanly', (run: Simulation) => run.stop()],
    ['cut off from power', (run: Simulation) => run.crash()],
  ])('keeps what was acknowledged and flushed when all brokers are %s and started again', (_how, end) => {
    const run = started(2, 2, { 'log.flush.interval.messages': '1' })
    for (const value of ['a', 'b', 'c']) expect(produce(run, value)).toBe('NONE')
    run.run(120_000)
    end(run)
    run.start()
    run.run(5000)
    expect(partitionOf(run).leaderId).toBeGreaterThan(0)
    expect(produce(run, 'd')).toBe('NONE')
    expect(values(run)).toEqual(['a', 'b', 'c', 'd'])
    expect([...partitionOf(run).isrNodes].sort()).toEqual([1, 2, 3])
    run.stop()
  })

  test('moves to other brokers and back while it is written to', () => {
    const run = started(3, 1)
    const move = (replicas: number[]): void => {
      const topics = [{ name: TOPIC, partitions: [{ partitionIndex: 0, replicas }] }]
      const moved = run
        .client()
        .call(AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse, 0, { topics })
      expect(errorName(moved.responses[0]!.partitions[0]!.errorCode)).toBe('NONE')
      run.run(3000)
    }
    expect(produce(run, 'a')).toBe('NONE')
    move([2])
    expect(partitionOf(run)).toMatchObject({ leaderId: 2, replicaNodes: [2], isrNodes: [2] })
    expect(produce(run, 'b')).toBe('NONE')
    move([3, 1])
    expect(partitionOf(run)).toMatchObject({ leaderId: 3, replicaNodes: [3, 1], isrNodes: [3, 1] })
    expect(produce(run, 'c')).toBe('NONE')
    expect(values(run)).toEqual(['a', 'b', 'c'])
    run.stop()
  })
})
