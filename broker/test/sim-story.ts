/**
 * Short functions for tests in the simulator: topics, records, groups and offsets.
 */
import { expect } from 'vitest'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../src/messages/find-coordinator.ts'
import { JoinGroupRequest, JoinGroupResponse } from '../src/messages/join-group.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../src/messages/offset-commit.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../src/messages/offset-fetch.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { SyncGroupRequest, SyncGroupResponse } from '../src/messages/sync-group.ts'
import { batchPositions } from '../src/record/batch.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { readRecords } from '../src/record/record.ts'
import type { SimClient } from '../src/sim/sim-client.ts'
import type { Simulation } from '../src/sim/simulation.ts'
import { ErrorCode } from '../src/wire/errors.ts'
import { nearestNumber } from '../src/wire/int64.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()
export const TOPIC = 'orders'
const GROUP = 'billing'

export function createTopic(client: SimClient, configs: { name: string; value: string }[] = []): void {
  const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs }
  const { topics } = client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
  expect(topics[0]).toMatchObject({ name: TOPIC, errorCode: ErrorCode.NONE })
}

/** Produces a batch with acks=all; returns its base offset. */
export function produce(client: SimClient, ...values: string[]): number {
  const records = buildBatch(values.map((value) => ({ key: null, value: utf8.encode(value), timestamp: 1 })))
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
  const body = { acks: -1, timeoutMs: 1000, topicData }
  const { responses } = client.call(ProduceRequest, ProduceResponse, 9, body)
  const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!
  expect(errorCode).toBe(ErrorCode.NONE)
  return nearestNumber(baseOffset)
}

export function askFor(client: SimClient, fetchOffset: number, maxWaitMs: number) {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }]
  const body = { maxWaitMs, minBytes: 1, topics: [{ topic: TOPIC, partitions }] }
  return client.send(FetchRequest, FetchResponse, 12, body)
}

/** The values from an offset on, as far as one response contains them. */
export function fetch(client: SimClient, fetchOffset: number): string[] {
  return valuesOf(askFor(client, fetchOffset, 0).wait())
}

export function valuesOf({ responses }: FetchResponse): string[] {
  const { errorCode, records } = responses[0]!.partitions[0]!
  expect(errorCode).toBe(ErrorCode.NONE)
  const bytes = records ?? new Uint8Array(0)
  return [...batchPositions(bytes)]
    .flatMap((at) => readRecords(bytes, at))
    .map(({ value }) => text.decode(value!))
}

/** Finds the coordinator; retries, because the first request creates `__consumer_offsets`. */
export function findCoordinator(run: Simulation, client: SimClient): number {
  for (let attempt = 0; attempt < 20; attempt++) {
    const body = { coordinatorKeys: [GROUP], keyType: 0 }
    const { coordinators } = client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
    if (coordinators[0]!.errorCode === ErrorCode.NONE) return coordinators[0]!.nodeId
    run.run(100)
  }
  throw new Error('no coordinator')
}

/** Joins a group as its only member; returns member id and generation. */
export function join(client: SimClient): { memberId: string; generationId: number } {
  const body = (memberId: string) => ({
    groupId: GROUP,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Uint8Array.of(0, 0, 0, 0, 0, 0, 255, 255, 255, 255) }],
  })
  const first = client.call(JoinGroupRequest, JoinGroupResponse, 7, body(''))
  expect(first.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED)
  const { errorCode, memberId, generationId, leader } = client.call(
    JoinGroupRequest,
    JoinGroupResponse,
    7,
    body(first.memberId),
  )
  expect({ errorCode, leader }).toEqual({ errorCode: ErrorCode.NONE, leader: memberId })
  const assignments = [{ memberId, assignment: Uint8Array.of(1, 2, 3) }]
  const sync = {
    groupId: GROUP,
    generationId,
    memberId,
    assignments,
    protocolType: 'consumer',
    protocolName: 'range',
  }
  const synced = client.call(SyncGroupRequest, SyncGroupResponse, 5, sync)
  expect([...synced.assignment]).toEqual([1, 2, 3])
  return { memberId, generationId }
}

export function commit(
  client: SimClient,
  member: { memberId: string; generationId: number },
  committedOffset: number,
): void {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }]
  const { topics } = client.call(OffsetCommitRequest, OffsetCommitResponse, 8, {
    groupId: GROUP,
    generationIdOrMemberEpoch: member.generationId,
    memberId: member.memberId,
    topics: [{ name: TOPIC, partitions }],
  })
  expect(topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.NONE)
}

export function committed(client: SimClient): number {
  const body = { groups: [{ groupId: GROUP, topics: [{ name: TOPIC, partitionIndexes: [0] }] }] }
  const { groups } = client.call(OffsetFetchRequest, OffsetFetchResponse, 8, body)
  return nearestNumber(groups[0]!.topics[0]!.partitions[0]!.committedOffset)
}
