/**
 * The machine's clock is set: an hour ahead for 2.5 s and back, ten days ahead for a second, a day back.
 *
 * Timestamps follow at once; durations and timers are not affected; deletions wait until the clock has settled
 * (settled-time.ts).
 */
import { describe, expect, test } from 'vitest'
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../src/messages/add-partitions-to-txn.ts'
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from '../src/messages/alter-client-quotas.ts'
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../src/messages/describe-transactions.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../src/messages/find-coordinator.ts'
import { HeartbeatRequest, HeartbeatResponse } from '../src/messages/heartbeat.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../src/messages/init-producer-id.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import type { SimClient } from '../src/sim/sim-client.ts'
import { Simulation } from '../src/sim/simulation.ts'
import { ErrorCode } from '../src/wire/errors.ts'
import { commit, committed, createTopic, findCoordinator, join, produce, TOPIC } from './sim-story.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

function started(config: Record<string, string> = {}): { run: Simulation; client: SimClient } {
  const run = new Simulation({ seed: 5, config })
  run.start()
  return { run, client: run.client() }
}

/** The clock is an hour ahead for 2.5 s, as after a wrong correction. */
function hourAheadForAMoment(run: Simulation): void {
  run.jumpClock(HOUR_MS)
  run.run(2500)
  run.jumpClock(-HOUR_MS)
}

/** Produces a record; gives the response's partition. */
function produceAt(client: SimClient, timestamp: number, value = new Uint8Array(10)) {
  const records = buildBatch([{ key: null, value, timestamp }])
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
  const response = client.call(ProduceRequest, ProduceResponse, 9, { acks: -1, timeoutMs: 1000, topicData })
  return { ...response.responses[0]!.partitionResponses[0]!, throttleTimeMs: response.throttleTimeMs }
}

function logStart(client: SimClient): number {
  const topics = [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp: -2 }] }]
  const response = client.call(ListOffsetsRequest, ListOffsetsResponse, 5, { replicaId: -1, topics })
  return Number(response.topics[0]!.partitions[0]!.offset)
}

test('LogAppendTime is right again at once', () => {
  const { run, client } = started()
  createTopic(client, [{ name: 'message.timestamp.type', value: 'LogAppendTime' }])
  run.jumpClock(HOUR_MS)
  expect(Number(produceAt(client, 1).logAppendTimeMs) - run.time.now()).toBeGreaterThan(HOUR_MS - SECOND_MS)
  run.run(2500)
  run.jumpClock(-HOUR_MS)
  expect(Math.abs(Number(produceAt(client, 1).logAppendTimeMs) - run.time.now())).toBeLessThan(SECOND_MS)
})

describe('TRANSACTION-EXPIRY-3: a transaction is as old as the time that has passed', () => {
  const TIMEOUT_MS = 60 * SECOND_MS
  const ID = 'payments'

  function opened(): { run: Simulation; client: SimClient } {
    const { run, client } = started({ 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100' })
    createTopic(client)
    open(run, client)
    return { run, client }
  }

  function open(run: Simulation, client: SimClient): void {
    findTransactionCoordinator(run, client)
    const asked = { transactionalId: ID, transactionTimeoutMs: TIMEOUT_MS }
    const producer = client.call(InitProducerIdRequest, InitProducerIdResponse, 4, asked)
    expect(producer.errorCode).toBe(ErrorCode.NONE)
    const { producerId, producerEpoch } = producer
    const added = client.call(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, 3, {
      v3AndBelowTransactionalId: ID,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: TOPIC, partitions: [0] }],
    })
    expect(added.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode).toBe(ErrorCode.NONE)
  }

  /** The first request creates `__transaction_state`. */
  function findTransactionCoordinator(run: Simulation, client: SimClient): void {
    const body = { coordinatorKeys: [ID], keyType: 1 }
    const ask = () =>
      client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body).coordinators[0]!.errorCode
    for (let i = 0; i < 20 && ask() !== ErrorCode.NONE; i++) run.run(100)
  }

  function stateOf(client: SimClient): string {
    const body = { transactionalIds: [ID] }
    const response = client.call(DescribeTransactionsRequest, DescribeTransactionsResponse, 0, body)
    return response.transactionStates[0]!.transactionState
  }

  /** How long the transaction stays open from here on, in ms, to half a second. */
  function staysOpenFor(run: Simulation, client: SimClient): number {
    const from = run.time.now()
    while (stateOf(client) === 'Ongoing' && run.time.now() - from < 2 * TIMEOUT_MS) run.run(500)
    return run.time.now() - from
  }

  const isTheTimeout = (ms: number): void => {
    expect(ms).toBeGreaterThan(TIMEOUT_MS - SECOND_MS)
    expect(ms).toBeLessThan(TIMEOUT_MS + 2 * SECOND_MS)
  }

  test('opened before the clock is an hour ahead, and right again', () => {
    const { run, client } = opened()
    hourAheadForAMoment(run)
    isTheTimeout(staysOpenFor(run, client) + 2500)
  })

  test('opened while it is an hour ahead', () => {
    const { run, client } = started({ 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100' })
    createTopic(client)
    run.jumpClock(HOUR_MS)
    open(run, client)
    run.jumpClock(-HOUR_MS)
    isTheTimeout(staysOpenFor(run, client))
  })

  test('after a restart its age follows from its record; a start time in the future counts as now', () => {
    const { run } = opened()
    run.run(TIMEOUT_MS / 2)
    run.stop()
    run.start()
    const again = run.client()
    isTheTimeout(staysOpenFor(run, again) + TIMEOUT_MS / 2)
    run.jumpClock(HOUR_MS)
    open(run, again)
    run.jumpClock(-HOUR_MS)
    run.stop()
    run.start()
    isTheTimeout(staysOpenFor(run, run.client()))
  })
})

describe('quotas', () => {
  function limited(): { run: Simulation; client: SimClient } {
    const { run, client } = started()
    createTopic(client)
    const entries = [
      {
        entity: [{ entityType: 'client-id', entityName: null }],
        ops: [{ key: 'producer_byte_rate', value: 2000, remove: false }],
      },
    ]
    const answer = client.call(AlterClientQuotasRequest, AlterClientQuotasResponse, 1, {
      entries,
      validateOnly: false,
    })
    expect(answer.entries[0]!.errorCode).toBe(ErrorCode.NONE)
    return { run, client }
  }

  /** Sends 1 KB a second for so many seconds: half of the quota. Returns the sum of the throttle times. */
  function produceFor(run: Simulation, client: SimClient, seconds: number): number {
    let throttledMs = 0
    for (let i = 0; i < seconds; i++) {
      throttledMs += produceAt(client, 1, new Uint8Array(800)).throttleTimeMs
      run.run(SECOND_MS)
    }
    return throttledMs
  }

  test('a client below its quota is not throttled, whatever the clock does', () => {
    const { run, client } = limited()
    expect(produceFor(run, client, 5)).toBe(0)
    hourAheadForAMoment(run)
    expect(produceFor(run, client, 20)).toBe(0)
    run.jumpClock(-DAY_MS)
    expect(produceFor(run, client, 20)).toBe(0)
  })

  test('a client above it is throttled as without the jump', () => {
    const throttled = (jump: boolean): number => {
      const { run, client } = limited()
      produceAt(client, 1, new Uint8Array(15_000))
      if (jump) run.jumpClock(HOUR_MS)
      run.run(SECOND_MS)
      return produceAt(client, 1, new Uint8Array(15_000)).throttleTimeMs
    }
    expect(throttled(true)).toBe(throttled(false))
    expect(throttled(true)).toBeGreaterThan(SECOND_MS)
  })
})

test('a group keeps its member, whose heartbeats come in time, and its offsets', () => {
  const { run, client } = started({ 'offsets.retention.check.interval.ms': '500' })
  createTopic(client)
  findCoordinator(run, client)
  const member = join(client)
  commit(client, member, 7)
  const beat = (): number => {
    const { memberId, generationId } = member
    return client.call(HeartbeatRequest, HeartbeatResponse, 4, { groupId: 'billing', memberId, generationId })
      .errorCode
  }
  for (const aheadMs of [HOUR_MS, -HOUR_MS, 10 * DAY_MS, -10 * DAY_MS, -DAY_MS]) {
    run.jumpClock(aheadMs)
    run.run(SECOND_MS)
    expect(beat()).toBe(ErrorCode.NONE)
    run.run(5 * SECOND_MS)
    expect(beat()).toBe(ErrorCode.NONE)
  }
  // The member stops its heartbeats: its session expires ten seconds later, independent of the wall clock.
  run.run(11 * SECOND_MS)
  expect(beat()).toBe(ErrorCode.UNKNOWN_MEMBER_ID)
  run.jumpClock(10 * DAY_MS)
  run.run(SECOND_MS)
  run.jumpClock(-10 * DAY_MS)
  run.run(5 * SECOND_MS)
  expect(committed(client)).toBe(7)
})

test('a fetch session that is in use is not evicted for another because the clock says so', () => {
  const { run, client } = started({ 'max.incremental.fetch.session.cache.slots': '1' })
  createTopic(client)
  const open = (): number => {
    const topics = [{ topic: TOPIC, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }]
    const body = { maxWaitMs: 0, minBytes: 0, sessionId: 0, sessionEpoch: 0, topics }
    return client.call(FetchRequest, FetchResponse, 12, body).sessionId
  }
  expect(open()).not.toBe(0)
  hourAheadForAMoment(run)
  run.jumpClock(HOUR_MS)
  expect(open()).toBe(0)
  run.jumpClock(-HOUR_MS)
  run.run(2 * MINUTE_MS)
  expect(open()).not.toBe(0)
})

describe('retention', () => {
  function aged(): { run: Simulation; client: SimClient } {
    const settings = { 'log.retention.check.interval.ms': '1000', 'log.initial.task.delay.ms': '1000' }
    const { run, client } = started(settings)
    createTopic(client, [{ name: 'retention.ms', value: String(7 * DAY_MS) }])
    produceAt(client, run.time.now())
    run.run(MINUTE_MS)
    return { run, client }
  }

  test('SETTLED-TIME-3: a clock that is ten days ahead for a minute deletes nothing', () => {
    const { run, client } = aged()
    run.jumpClock(10 * DAY_MS)
    run.run(MINUTE_MS)
    run.jumpClock(-10 * DAY_MS)
    run.run(HOUR_MS)
    expect(logStart(client)).toBe(0)
  })

  test('SETTLED-TIME-3: after ten minutes it is believed: the machine has slept for ten days', () => {
    const { run, client } = aged()
    run.jumpClock(10 * DAY_MS)
    run.run(9 * MINUTE_MS)
    expect(logStart(client)).toBe(0)
    run.run(2 * MINUTE_MS)
    expect(logStart(client)).toBe(1)
  })

  test('SETTLED-TIME-4: a broker that was off for ten days deletes when it is back', () => {
    const { run } = aged()
    run.stop()
    run.run(10 * DAY_MS)
    run.start()
    run.run(2 * SECOND_MS)
    expect(logStart(run.client())).toBe(1)
  })
})

test('producing goes on, in order, over a clock that is set back', () => {
  const { run, client } = started()
  createTopic(client)
  produce(client, 'before')
  run.jumpClock(-DAY_MS)
  expect(produce(client, 'after')).toBe(1)
})
