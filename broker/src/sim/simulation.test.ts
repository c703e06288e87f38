/** The simulator: a seed is a run, and a crash loses only what nobody had made durable. */
import { describe, expect, test } from 'vitest'
import { CreateTopicsRequest, CreateTopicsResponse } from '../messages/create-topics.ts'
import { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../messages/find-coordinator.ts'
import { JoinGroupRequest, JoinGroupResponse } from '../messages/join-group.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../messages/offset-commit.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../messages/offset-fetch.ts'
import { ProduceRequest, ProduceResponse } from '../messages/produce.ts'
import { SyncGroupRequest, SyncGroupResponse } from '../messages/sync-group.ts'
import { batchPositions } from '../record/batch.ts'
import { buildBatch } from '../record/batch-builder.ts'
import { readRecords } from '../record/record.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { SimClient } from './sim-client.ts'
import { Simulation } from './simulation.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()
const TOPIC = 'orders'
const GROUP = 'billing'

function createTopic(client: SimClient, configs: { name: string; value: string }[] = []): void {
  const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs }
  const { topics } = client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
  expect(topics[0]).toMatchObject({ name: TOPIC, errorCode: ErrorCode.NONE })
}

/** Produces a batch with acks=all; gives its base offset. */
function produce(client: SimClient, ...values: string[]): number {
  const records = buildBatch(values.map((value) => ({ key: null, value: utf8.encode(value), timestamp: 1 })))
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
  const body = { acks: -1, timeoutMs: 1000, topicData }
  const { responses } = client.call(ProduceRequest, ProduceResponse, 9, body)
  const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!
  expect(errorCode).toBe(ErrorCode.NONE)
  return baseOffset
}

function askFor(client: SimClient, fetchOffset: number, maxWaitMs: number) {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }]
  const body = { maxWaitMs, minBytes: 1, topics: [{ topic: TOPIC, partitions }] }
  return client.send(FetchRequest, FetchResponse, 12, body)
}

/** The values from an offset on, as far as one answer has them. */
function fetch(client: SimClient, fetchOffset: number): string[] {
  return valuesOf(askFor(client, fetchOffset, 0).wait())
}

function valuesOf({ responses }: FetchResponse): string[] {
  const { errorCode, records } = responses[0]!.partitions[0]!
  expect(errorCode).toBe(ErrorCode.NONE)
  const bytes = records ?? new Uint8Array(0)
  return [...batchPositions(bytes)]
    .flatMap((at) => readRecords(bytes, at))
    .map(({ value }) => text.decode(value!))
}

/** Finds the coordinator, for the first asker makes `__consumer_offsets`; asks again while it is being made. */
function findCoordinator(run: Simulation, client: SimClient): number {
  for (let attempt = 0; attempt < 20; attempt++) {
    const body = { coordinatorKeys: [GROUP], keyType: 0 }
    const { coordinators } = client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
    if (coordinators[0]!.errorCode === ErrorCode.NONE) return coordinators[0]!.nodeId
    run.run(100)
  }
  throw new Error('no coordinator')
}

/** Joins a group of one; gives the member's id and generation. */
function join(client: SimClient): { memberId: string; generationId: number } {
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

function commit(
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

function committed(client: SimClient): number {
  const body = { groups: [{ groupId: GROUP, topics: [{ name: TOPIC, partitionIndexes: [0] }] }] }
  const { groups } = client.call(OffsetFetchRequest, OffsetFetchResponse, 8, body)
  return groups[0]!.topics[0]!.partitions[0]!.committedOffset
}

/** A day in the life of a broker; the whole of it hangs on the seed. */
function story(seed: number): Simulation {
  const run = new Simulation({ seed })
  run.start()
  const producer = run.client()
  createTopic(producer)
  for (let i = 0; i < 10; i++) produce(producer, `a${i}`, `b${i}`)
  const consumer = run.client()
  findCoordinator(run, consumer)
  commit(consumer, join(consumer), fetch(consumer, 0).length)
  run.run(60_000)
  run.stop()
  return run
}

describe('a run', () => {
  test('M1: the same seed gives the same bytes on the wire, the same events and the same files', () => {
    const [one, two] = [story(7), story(7)]
    expect(one.fingerprint()).toBe(two.fingerprint())
    expect(one.events).toEqual(two.events)
    expect(one.events.length).toBeGreaterThan(20)
  })

  test('another seed is another run', () => {
    expect(story(7).fingerprint()).not.toBe(story(8).fingerprint())
  })

  test('takes no time: an hour passes in an instant', () => {
    const run = new Simulation({ seed: 1 })
    run.start()
    const before = run.time.now()
    run.run(3_600_000)
    expect(run.time.now() - before).toBe(3_600_000)
  })
})

describe('brokers under virtual time', () => {
  test('a consumer waits at the end of the log, and is answered by the next produce', () => {
    const run = new Simulation({ seed: 11 })
    run.start()
    const [producer, consumer] = [run.client(), run.client()]
    createTopic(producer)
    const waiting = askFor(consumer, 0, 30_000)
    run.run(20_000)
    expect(waiting.answer).toBeUndefined()
    produce(producer, 'at last')
    expect(valuesOf(waiting.wait())).toEqual(['at last'])
  })

  test('nobody produces: the wait ends when its time is up, to the millisecond', () => {
    const run = new Simulation({ seed: 12 })
    run.start()
    const client = run.client()
    createTopic(client)
    const asked = run.time.now()
    expect(valuesOf(askFor(client, 0, 30_000).wait())).toEqual([])
    const waited = run.time.now() - asked
    expect(waited).toBeGreaterThanOrEqual(30_000)
    expect(waited).toBeLessThan(30_050)
  })

  test('a committed offset is there after a clean stop', () => {
    const run = new Simulation({ seed: 13 })
    run.start()
    const client = run.client()
    createTopic(client)
    findCoordinator(run, client)
    commit(client, join(client), 42)
    run.stop()
    run.start()
    const again = run.client()
    findCoordinator(run, again)
    expect(committed(again)).toBe(42)
  })
})

describe('a crash', () => {
  test('loses nothing that was flushed: flush.messages=1, and time for the disk', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const run = new Simulation({ seed })
      run.start()
      const client = run.client()
      createTopic(client, [{ name: 'flush.messages', value: '1' }])
      const values = Array.from({ length: 5 }, (_, i) => `record ${i} of seed ${seed}`)
      for (const value of values) produce(client, value)
      run.run(100)
      produce(client, 'in the page cache, perhaps')
      run.crash()
      run.start()
      expect(fetch(run.client(), 0).slice(0, 5)).toEqual(values)
    }
  })

  test('what was not flushed may be lost, but what is left are the oldest records, whole and in order', () => {
    const lost: number[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const run = new Simulation({ seed })
      run.start()
      const client = run.client()
      createTopic(client)
      const values = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(400))
      for (const value of values) produce(client, value)
      run.crash()
      run.start()
      const left = fetch(run.client(), 0)
      expect(left).toEqual(values.slice(0, left.length))
      expect(produce(run.client(), 'next')).toBe(left.length)
      lost.push(values.length - left.length)
    }
    expect(Math.max(...lost)).toBeGreaterThan(0)
  })

  test('of a topic that was answered for: it is there, for metadata is flushed first', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const run = new Simulation({ seed })
      run.start()
      createTopic(run.client())
      run.crash()
      run.start()
      expect(produce(run.client(), 'first')).toBe(0)
    }
  })
})
