import { describe, expect, test } from 'vitest'
import { type RecordedRpc, RecordedRpcs } from '../../../test/recorded-rpcs.ts'
import type { Core } from '../../core.ts'
import type { WriteTxnMarkersRequest } from '../../messages/write-txn-markers.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { type Marking, TransactionMarkers } from './transaction-markers.ts'
import { newTransaction, prepared, withPartitions } from './transaction-state.ts'

/** Partitions of topic `a` by their leaders; the coordinator is node 1. */
class Stage {
  readonly time = new VirtualTime()
  readonly rpcs = new RecordedRpcs()
  readonly story: string[] = []
  leaders: Record<number, number | 'none' | 'no partition'> = { 0: 1, 1: 2, 2: 2, 3: 3 }
  /** The results of local writes; default NONE. */
  answers: ErrorCode[] = []
  timersLeft = 0
  readonly markers: TransactionMarkers

  constructor() {
    const set = (delayMs: number, fire: () => void) => {
      this.timersLeft++
      const timer = this.time.after(delayMs, () => {
        this.timersLeft--
        fire()
      })
      const cancel = (): void => {
        this.timersLeft--
        timer.cancel()
      }
      return { cancel }
    }
    const log: Core['log'] = (level, message) => void this.story.push(`${level} ${message}`)
    this.markers = new TransactionMarkers({
      core: { timers: { set }, log } as unknown as Core,
      nodeId: 1,
      leaderOf: (_topic, index) => this.leaders[index] ?? 'no partition',
      rpcs: this.rpcs,
      write: ({ topic, index }, { producerId, commit }, done) => {
        this.story.push(`${producerId} ${commit ? 'COMMIT' : 'ABORT'} ${topic}-${index}`)
        done(this.answers.shift() ?? ErrorCode.NONE)
      },
    })
  }

  /** Commits a transaction with these partitions. */
  commit(producerId: number, ...indexes: number[]): Marking {
    const partitions = indexes.map((index) => ({ topic: 'a', index }))
    const open = withPartitions(newTransaction(`t${producerId}`, producerId, 60_000, 0), partitions, 0, 0)
    const done = (): void => void this.story.push(`${producerId} done`)
    return this.markers.send(prepared({ ...open, producerEpoch: 7 }, true, 0, -1, 0), 5, done)
  }

  told(): string[] {
    return this.story.splice(0)
  }

  /** Requests without an answer, as text: `2: 10 a[1,2]`. */
  get open(): string[] {
    return this.rpcs.open.map((each) => {
      const { markers } = each.body as WriteTxnMarkersRequest
      const texts = markers.map(
        ({ producerId, topics }) =>
          `${producerId} ${topics.map(({ name, partitionIndexes }) => `${name}[${partitionIndexes}]`)}`,
      )
      return `${each.nodeId}: ${texts.join('; ')}`
    })
  }

  /** Answers the oldest open request; `error` for the partitions in `errors`. */
  answer(errors: Record<number, ErrorCode> = {}): void {
    const [first] = this.rpcs.open
    first!.answer(responseTo(first!, errors))
  }
}

function responseTo({ body }: RecordedRpc, errors: Record<number, ErrorCode>) {
  const { markers } = body as WriteTxnMarkersRequest
  return {
    markers: markers.map(({ producerId, topics }) => ({
      producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({
          partitionIndex,
          errorCode: errors[partitionIndex] ?? ErrorCode.NONE,
        })),
      })),
    })),
  }
}

describe('MARKERS-2: the transaction is complete when every partition has its marker', () => {
  test('on this node and on others; each leader gets one request with its partitions', () => {
    const stage = new Stage()
    stage.commit(10, 0, 1, 2, 3)
    expect(stage.told()).toEqual(['10 COMMIT a-0'])
    expect(stage.open).toEqual(['2: 10 a[1,2]', '3: 10 a[3]'])
    stage.answer()
    expect(stage.told()).toEqual([])
    stage.answer()
    expect([stage.told(), stage.timersLeft]).toEqual([['10 done'], 0])
  })

  test('the request says what the marker must contain', () => {
    const stage = new Stage()
    stage.commit(10, 1)
    expect(stage.rpcs.sent[0]!.body).toEqual({
      markers: [
        {
          producerId: 10,
          producerEpoch: 7,
          transactionResult: true,
          topics: [{ name: 'a', partitionIndexes: [1] }],
          coordinatorEpoch: 5,
          transactionVersion: 0,
        },
      ],
    })
  })

  test('without partitions, and with deleted ones only: at once', () => {
    const stage = new Stage()
    stage.commit(10)
    stage.commit(11, 8, 9)
    expect(stage.told()).toEqual(['10 done', '11 done'])
  })

  test('a partition that can not have taken part counts as complete', () => {
    const stage = new Stage()
    stage.commit(10, 1, 2)
    stage.answer({ 1: ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT, 2: ErrorCode.UNSUPPORTED_VERSION })
    expect(stage.told()).toEqual(['10 done'])
  })
})

describe('MARKERS-4: one request to a node at a time', () => {
  test('what comes meanwhile goes with the next one, of all transactions', () => {
    const stage = new Stage()
    stage.commit(10, 1)
    stage.commit(11, 2)
    stage.commit(12, 1, 2, 3)
    expect(stage.open).toEqual(['2: 10 a[1]', '3: 12 a[3]'])
    stage.answer()
    expect(stage.open).toEqual(['3: 12 a[3]', '2: 11 a[2]; 12 a[1,2]'])
    stage.answer()
    stage.answer({ 1: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    expect(stage.told()).toEqual(['10 done', '11 done'])
  })

  test('a slow node does not delay another one', () => {
    const stage = new Stage()
    stage.commit(10, 1)
    stage.commit(11, 3)
    stage.rpcs.open[1]!.answer(responseTo(stage.rpcs.open[1]!, {}))
    expect(stage.told()).toEqual(['11 done'])
  })
})

describe('MARKERS-1: failures are retried', () => {
  const retriable = [
    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    ErrorCode.NOT_LEADER_OR_FOLLOWER,
    ErrorCode.NOT_ENOUGH_REPLICAS,
    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    ErrorCode.REQUEST_TIMED_OUT,
    ErrorCode.KAFKA_STORAGE_ERROR,
    ErrorCode.UNKNOWN_SERVER_ERROR,
  ]
  for (const error of retriable)
    test(`error ${error} of one partition: this one again, and not the others`, () => {
      const stage = new Stage()
      stage.commit(10, 1, 2)
      stage.answer({ 2: error })
      expect(stage.open).toEqual([])
      stage.time.run(100)
      expect(stage.open).toEqual(['2: 10 a[2]'])
      stage.answer()
      expect([stage.told(), stage.timersLeft]).toEqual([['10 done'], 0])
    })

  for (const failure of ['not connected', 'disconnected', 'timed out', 'unsupported version'] as const)
    test(`${failure}: the node that leads then is asked`, () => {
      const stage = new Stage()
      stage.commit(10, 1, 2)
      stage.rpcs.open[0]!.fail(failure)
      stage.leaders = { 1: 3, 2: 1 }
      stage.time.run(100)
      expect(stage.told()).toEqual(['10 COMMIT a-2'])
      expect(stage.open).toEqual(['3: 10 a[1]'])
      stage.answer()
      expect(stage.told()).toEqual(['10 done'])
    })

  test('without a leader it is looked up again, until there is one', () => {
    const stage = new Stage()
    stage.leaders = { 1: 'none' }
    stage.commit(10, 1)
    stage.time.run(10_000)
    expect([stage.open, stage.told()]).toEqual([[], []])
    stage.leaders = { 1: 2 }
    stage.time.run(100)
    expect(stage.open).toEqual(['2: 10 a[1]'])
  })

  test('a partition that was deleted meanwhile needs no marker', () => {
    const stage = new Stage()
    stage.commit(10, 1)
    stage.answer({ 1: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION })
    stage.leaders = {}
    stage.time.run(100)
    expect(stage.told()).toEqual(['10 done'])
  })

  test('a leader that leaves a partition out of its response has not written it', () => {
    const stage = new Stage()
    stage.commit(10, 1, 2)
    const [request] = stage.rpcs.open
    const partitions = [{ partitionIndex: 1, errorCode: 0 }]
    request!.answer({ markers: [{ producerId: 10, topics: [{ name: 'a', partitions }] }] })
    stage.time.run(100)
    expect(stage.open).toEqual(['2: 10 a[2]'])
  })

  test('a failed local write is retried as well, with others of its transaction in one go', () => {
    const stage = new Stage()
    stage.leaders = { 0: 1, 1: 1 }
    stage.answers = [ErrorCode.KAFKA_STORAGE_ERROR, ErrorCode.KAFKA_STORAGE_ERROR]
    stage.commit(10, 0, 1)
    expect(stage.timersLeft).toBe(1)
    stage.told()
    stage.time.run(100)
    expect(stage.told()).toEqual(['10 COMMIT a-0', '10 COMMIT a-1', '10 done'])
  })
})

describe('MARKERS-3: after cancel', () => {
  test('nothing that waits is sent, responses are ignored, and no timer is left', () => {
    const stage = new Stage()
    const first = stage.commit(10, 1)
    const second = stage.commit(11, 2, 3)
    stage.answers = [ErrorCode.KAFKA_STORAGE_ERROR]
    const third = stage.commit(12, 0)
    for (const marking of [first, second, third]) marking.cancel()
    expect(stage.timersLeft).toBe(0)
    stage.told()
    while (stage.rpcs.open.length > 0) stage.answer()
    stage.time.run(60_000)
    expect(stage.told()).toEqual([])
    expect(stage.rpcs.sent.map(({ nodeId }) => nodeId)).toEqual([2, 3])
    first.cancel()
    expect(stage.timersLeft).toBe(0)
  })

  test('other transactions that wait for the same node go on', () => {
    const stage = new Stage()
    stage.commit(10, 1).cancel()
    stage.commit(11, 2)
    stage.answer()
    expect(stage.open).toEqual(['2: 11 a[2]'])
    stage.answer()
    expect(stage.told()).toEqual(['11 done'])
  })
})

describe('MARKERS-5: a later epoch', () => {
  for (const error of [ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.TRANSACTION_COORDINATOR_FENCED])
    test(`error ${error}: the transaction is given up, others are not`, () => {
      const stage = new Stage()
      stage.commit(10, 1, 2, 3)
      stage.commit(11, 2)
      stage.answer({ 1: error })
      stage.answer({ 3: ErrorCode.NOT_LEADER_OR_FOLLOWER })
      expect(stage.open).toEqual(['2: 11 a[2]'])
      stage.answer()
      stage.time.run(60_000)
      const [warning, ...rest] = stage.told()
      expect(warning).toMatch(/^warn gave up the markers of a transaction: a-1 answered /)
      expect([rest, stage.timersLeft, stage.open]).toEqual([['11 done'], 0, []])
    })
})
