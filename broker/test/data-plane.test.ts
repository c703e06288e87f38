/** Produce, Fetch, ListOffsets and DeleteRecords as frames of a client, in virtual time. */
import { beforeEach, describe, expect, test } from 'vitest'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { DeleteRecordsRequest, DeleteRecordsResponse } from '../src/messages/delete-records.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { batchPositions, readBatchHeader } from '../src/record/batch.ts'
import { type BatchOptions, buildBatch } from '../src/record/batch-builder.ts'
import { type Asked, frameOf, type SimClient } from '../src/sim/sim-client.ts'
import { Simulation } from '../src/sim/simulation.ts'
import { errorName } from '../src/wire/errors.ts'

const utf8 = new TextEncoder()
let run: Simulation
let client: SimClient

beforeEach(() => {
  run = new Simulation({ seed: 7 })
  run.start()
  client = run.client()
  create('orders')
})

function create(name: string, configs: Record<string, string> = {}): void {
  const named = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const topics = [{ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: named }]
  const answer = client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics })
  expect(errorName(answer.topics[0]!.errorCode)).toBe('NONE')
}

const batchOf = (values: readonly string[], options: BatchOptions = {}, timestamp = 1000): Uint8Array =>
  buildBatch(
    values.map((value) => ({ key: null, value: utf8.encode(value), timestamp })),
    options,
  )

interface ProduceAs {
  readonly acks?: number
  readonly topic?: string
  readonly index?: number
}
function produceBody(records: Uint8Array, { acks = -1, topic = 'orders', index = 0 }: ProduceAs = {}) {
  return { acks, timeoutMs: 1000, topicData: [{ name: topic, partitionData: [{ index, records }] }] }
}
/** Produces; returns the error and the offset. */
function produce(records: Uint8Array, as: ProduceAs = {}): string {
  const { responses } = client.call(ProduceRequest, ProduceResponse, 9, produceBody(records, as))
  const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!
  return `${errorName(errorCode)} ${baseOffset}`
}

/** Sends a Produce that will not be answered. */
function post(body: ReturnType<typeof produceBody>): void {
  client.sendRaw(frameOf(ProduceRequest, 9, 2, 1_000_000, body))
}

const isAnswered = ({ answer }: Asked<unknown>): boolean => answer !== undefined

interface FetchAs {
  readonly offset?: number
  readonly index?: number
  readonly maxWaitMs?: number
  readonly minBytes?: number
  readonly bytesMax?: number
  readonly leaderEpoch?: number
}
function ask(
  { offset = 0, index = 0, maxWaitMs = 0, minBytes = 1, bytesMax = 1_000_000, leaderEpoch = -1 }: FetchAs,
  by = client,
) {
  const partitions = [
    { partition: index, fetchOffset: offset, partitionMaxBytes: bytesMax, currentLeaderEpoch: leaderEpoch },
  ]
  return by.send(FetchRequest, FetchResponse, 12, {
    maxWaitMs,
    minBytes,
    topics: [{ topic: 'orders', partitions }],
  })
}
/** The contents of a response's only partition: the error, the high watermark, the offsets of the batches. */
function told({ responses }: FetchResponse): string {
  const { errorCode, highWatermark, records } = responses[0]!.partitions[0]!
  const bytes = records ?? new Uint8Array(0)
  const batches = [...batchPositions(bytes)].map((at) => readBatchHeader(bytes, at))
  const offsets = batches.map(({ baseOffset, lastOffset }) => `${baseOffset}..${lastOffset}`)
  return [errorName(errorCode), highWatermark, ...offsets].join(' ')
}
const fetch = (as: FetchAs = {}): string => told(ask(as).wait())

describe('Produce', () => {
  test('offsets count records, not batches, each partition for itself', () => {
    expect(produce(batchOf(['a', 'b', 'c']))).toBe('NONE 0')
    expect(produce(batchOf(['d']))).toBe('NONE 3')
    expect(produce(batchOf(['e']), { index: 1 })).toBe('NONE 0')
    expect(fetch()).toBe('NONE 4 0..2 3..3')
  })

  test('PARTITION-LOG-3: the leader stamps base offset and leader epoch, and leaves every other byte alone', () => {
    produce(batchOf(['a']))
    const sent = batchOf(['b'])
    produce(sent.slice())
    const { responses } = ask({ offset: 1 }).wait()
    const got = responses[0]!.partitions[0]!.records!
    expect(readBatchHeader(got).baseOffset).toBe(1)
    expect(readBatchHeader(got).partitionLeaderEpoch).toBe(0)
    expect([...got.subarray(16)]).toEqual([...sent.subarray(16)])
  })

  test.each([
    ['an unknown topic', { topic: 'nope' }, 'UNKNOWN_TOPIC_OR_PARTITION -1'],
    ['an unknown partition', { index: 9 }, 'UNKNOWN_TOPIC_OR_PARTITION -1'],
    ['acks that do not exist', { acks: 2 }, 'INVALID_REQUIRED_ACKS -1'],
  ])('%s is refused', (_what, as, answer) => {
    expect(produce(batchOf(['a']), as)).toBe(answer)
  })

  test('PRODUCE-2: a batch that is sent again is answered with its first offset, and not appended', () => {
    const options = { producerId: 5, producerEpoch: 0, baseSequence: 0 }
    produce(batchOf(['before']))
    expect(produce(batchOf(['a', 'b'], options))).toBe('NONE 1')
    expect(produce(batchOf(['a', 'b'], options))).toBe('NONE 1')
    expect(produce(batchOf(['c'], { ...options, baseSequence: 9 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER -1')
    expect(fetch()).toBe('NONE 3 0..0 1..2')
  })

  test('PRODUCE-1: invalid bytes beside a transactional batch: each partition gets its own error', () => {
    const transactional = batchOf(['a'], {
      producerId: 5,
      producerEpoch: 0,
      baseSequence: 0,
      transactional: true,
    })
    const noBatch = batchOf(['b'])
    noBatch.fill(0xff, 8, 12)
    const partitionData = [
      { index: 0, records: transactional },
      { index: 1, records: noBatch },
    ]
    const body = {
      acks: -1,
      timeoutMs: 1000,
      transactionalId: 'tx',
      topicData: [{ name: 'orders', partitionData }],
    }
    const { responses } = client.call(ProduceRequest, ProduceResponse, 11, body)
    const codes = responses[0]!.partitionResponses.map(({ errorCode }) => errorName(errorCode))
    expect(codes).toEqual(['NOT_ENOUGH_REPLICAS', 'CORRUPT_MESSAGE'])
  })

  test('PRODUCE-1, PRODUCE-4: a partition that fails leaves the others alone; of one that is named twice the last batch counts', () => {
    const partitionData = [
      { index: 1, records: batchOf(['first']) },
      { index: 9, records: batchOf(['nowhere']) },
      { index: 1, records: batchOf(['x', 'y']) },
    ]
    const body = { acks: -1, timeoutMs: 1000, topicData: [{ name: 'orders', partitionData }] }
    const { responses } = client.call(ProduceRequest, ProduceResponse, 9, body)
    const answers = responses[0]!.partitionResponses.map(({ index, errorCode, baseOffset }) => [
      index,
      errorName(errorCode),
      Number(baseOffset),
    ])
    expect(answers.sort()).toEqual([
      [1, 'NONE', 0],
      [9, 'UNKNOWN_TOPIC_OR_PARTITION', -1],
    ])
    expect(fetch({ index: 1 })).toBe('NONE 2 0..1')
  })

  test('acks=0 is not answered: the next answer belongs to the next request', () => {
    post(produceBody(batchOf(['a']), { acks: 0 }))
    expect(fetch()).toBe('NONE 1 0..0')
  })

  test('acks=0 and an error: the connection is closed', () => {
    post(produceBody(batchOf(['a']), { acks: 0, topic: 'nope' }))
    run.run(100)
    expect(client.closed).toBe(true)
  })
})

describe('Fetch', () => {
  test('answers from the batch that holds the offset, in whole batches', () => {
    produce(batchOf(['a', 'b', 'c']))
    produce(batchOf(['d', 'e']))
    expect(fetch({ offset: 2 })).toBe('NONE 5 0..2 3..4')
    expect(fetch({ offset: 5 })).toBe('NONE 5')
  })

  test('KIP-74: the first batch comes whole, however small the limits are', () => {
    produce(batchOf(['a'.repeat(500)]))
    produce(batchOf(['b']))
    expect(fetch({ bytesMax: 10 })).toBe('NONE 2 0..0')
  })

  test('waits for a record, and has it as soon as it is there', () => {
    const waiting = ask({ maxWaitMs: 5000 })
    run.run(1000)
    expect(isAnswered(waiting)).toBe(false)
    const other = run.client()
    other.call(ProduceRequest, ProduceResponse, 9, produceBody(batchOf(['a'])))
    run.run(100)
    expect(isAnswered(waiting)).toBe(true)
    expect(told(waiting.wait())).toBe('NONE 1 0..0')
  })

  test('waits for as many bytes as it asked for', () => {
    const waiting = ask({ maxWaitMs: 5000, minBytes: 200 })
    const other = run.client()
    for (let i = 0; i < 2; i++) other.call(ProduceRequest, ProduceResponse, 9, produceBody(batchOf(['a'])))
    run.run(100)
    expect(isAnswered(waiting)).toBe(false)
    other.call(ProduceRequest, ProduceResponse, 9, produceBody(batchOf(['a'])))
    run.run(100)
    expect(told(waiting.wait())).toBe('NONE 3 0..0 1..1 2..2')
  })

  test('is answered with nothing when its time is up, and not before', () => {
    const waiting = ask({ maxWaitMs: 500 })
    run.run(490)
    expect(isAnswered(waiting)).toBe(false)
    run.run(100)
    expect(isAnswered(waiting)).toBe(true)
    expect(told(waiting.wait())).toBe('NONE 0')
  })

  test('WAITING-FETCH-1: an error answers at once', () => {
    expect(fetch({ offset: 7, maxWaitMs: 60_000 })).toBe('OFFSET_OUT_OF_RANGE -1')
    expect(fetch({ index: 9, maxWaitMs: 60_000 })).toBe('UNKNOWN_TOPIC_OR_PARTITION -1')
    expect(fetch({ leaderEpoch: 4, maxWaitMs: 60_000 })).toBe('UNKNOWN_LEADER_EPOCH -1')
  })

  test('a delayed fetch blocks later requests of its own connection only', () => {
    const waiting = ask({ maxWaitMs: 1000 })
    const behind = ask({ maxWaitMs: 0, index: 1 })
    run.run(500)
    expect([isAnswered(waiting), isAnswered(behind)]).toEqual([false, false])
    expect(told(ask({}, run.client()).wait())).toBe('NONE 0')
    run.run(700)
    expect([isAnswered(waiting), isAnswered(behind)]).toEqual([true, true])
  })

  test('a producer behind its own waiting fetch: both are answered, each once', () => {
    const waiting = ask({ maxWaitMs: 1000 })
    const behind = client.send(ProduceRequest, ProduceResponse, 9, produceBody(batchOf(['a'])))
    run.run(1100)
    expect(told(waiting.wait())).toBe('NONE 0')
    expect(behind.wait().responses[0]!.partitionResponses[0]!.baseOffset).toBe(0)
    expect(fetch()).toBe('NONE 1 0..0')
  })
})

function offsetAt(timestamp: number): string {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp }] }]
  const answer = client.call(ListOffsetsRequest, ListOffsetsResponse, 7, { replicaId: -1, topics })
  const { errorCode, offset, timestamp: at } = answer.topics[0]!.partitions[0]!
  return `${errorName(errorCode)} ${offset} at ${at}`
}

function deleteBefore(offset: number): string {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }]
  const answer = client.call(DeleteRecordsRequest, DeleteRecordsResponse, 2, { topics, timeoutMs: 1000 })
  const { errorCode, lowWatermark } = answer.topics[0]!.partitions[0]!
  return `${errorName(errorCode)} ${lowWatermark}`
}

describe('ListOffsets and DeleteRecords', () => {
  test('both ends, a time, the largest time; no such time is no error', () => {
    for (const [i, timestamp] of [3000, 9000, 6000].entries()) produce(batchOf([`v${i}`], {}, timestamp))
    expect(offsetAt(-2)).toBe('NONE 0 at -1')
    expect(offsetAt(-1)).toBe('NONE 3 at -1')
    expect(offsetAt(3001)).toBe('NONE 1 at 9000')
    expect(offsetAt(-3)).toBe('NONE 1 at 9000')
    expect(offsetAt(9001)).toBe('NONE -1 at -1')
  })

  test('what was deleted is out of range, what was not stays, also over a restart', () => {
    for (const value of ['a', 'b', 'c', 'd']) produce(batchOf([value]))
    expect(deleteBefore(3)).toBe('NONE 3')
    expect(deleteBefore(9)).toBe('OFFSET_OUT_OF_RANGE -1')
    expect(fetch({ offset: 2 })).toBe('OFFSET_OUT_OF_RANGE -1')
    expect(fetch({ offset: 3 })).toBe('NONE 4 3..3')
    run.stop()
    run.start()
    client = run.client()
    expect(offsetAt(-2)).toBe('NONE 3 at -1')
    expect(deleteBefore(-1)).toBe('NONE 4')
    expect(produce(batchOf(['e']))).toBe('NONE 4')
  })
})
