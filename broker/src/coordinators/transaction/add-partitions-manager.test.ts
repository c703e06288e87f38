import { describe, expect, test } from 'vitest'
import { type RecordedRpc, RecordedRpcs } from '../../../test/recorded-rpcs.ts'
import type { Core } from '../../core.ts'
import type { AddPartitionsToTxnRequest } from '../../messages/add-partitions-to-txn.ts'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { ErrorCode, errorName } from '../../wire/errors.ts'
import { AddPartitionsManager } from './add-partitions-manager.ts'

/** This is node 1; ids are coordinated by the node that their first letter names: `2-orders`. */
class Stage {
  readonly time = new VirtualTime()
  readonly rpcs = new RecordedRpcs()
  readonly story: string[] = []
  /** The results of this node's coordinator; default NONE. */
  own: ErrorCode[] = []
  timersLeft = 0
  readonly manager: AddPartitionsManager

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
    this.manager = new AddPartitionsManager({
      core: { clock: this.time, timers: { set }, log: () => {} } as unknown as Core,
      nodeId: 1,
      config: { retryMs: 20, retryMsMax: 100 },
      coordinatorOf: (id) => (id.startsWith('none') ? undefined : Number(id[0])),
      own: ({ partitions }, done) => {
        const code = this.own.shift() ?? ErrorCode.NONE
        this.story.push(`asked here: ${errorName(code)}`)
        done(partitions.map(() => code))
      },
      rpcs: this.rpcs,
    })
  }

  verify(transactionalId: string, options: { epoch?: number; indexes?: number[]; add?: boolean } = {}): void {
    const { epoch = 0, indexes = [0], add = false } = options
    const partitions = indexes.map((index) => ({ topic: index < 5 ? 'a' : 'b', index }))
    const request = { transactionalId, producerId: 10, producerEpoch: epoch, partitions, add }
    this.manager.verifyForProduce(request, (codes) =>
      this.story.push(`${transactionalId}/${epoch} ${codes.map(errorName)}`),
    )
  }

  told(): string[] {
    return this.story.splice(0)
  }

  get open(): string[] {
    return this.rpcs.open.map((each) => {
      const ids = transactionsOf(each).map(({ transactionalId }) => transactionalId)
      return `${each.nodeId}: ${ids}`
    })
  }

  /** Answers the oldest open request: `code` for each partition. */
  answer(code: ErrorCode = ErrorCode.NONE): void {
    const [first] = this.rpcs.open
    first!.answer({
      errorCode: 0,
      resultsByTransaction: transactionsOf(first!).map(({ transactionalId, topics }) => ({
        transactionalId,
        topicResults: topics.map(({ name, partitions }) => ({
          name,
          resultsByPartition: partitions.map((partitionIndex) => ({
            partitionIndex,
            partitionErrorCode: code,
          })),
        })),
      })),
    })
  }
}

function transactionsOf({ body }: RecordedRpc) {
  return (body as AddPartitionsToTxnRequest).transactions
}

describe('whom it asks', () => {
  test('this node itself is asked directly', () => {
    const stage = new Stage()
    stage.verify('1-t')
    expect(stage.told()).toEqual(['asked here: NONE', '1-t/0 NONE'])
  })

  test('another node gets AddPartitionsToTxn, and the results are in the order of the partitions', () => {
    const stage = new Stage()
    stage.verify('2-t', { indexes: [7, 1, 3], epoch: 4 })
    expect(stage.rpcs.sent[0]).toMatchObject({ nodeId: 2, name: 'AddPartitionsToTxnRequest' })
    expect(stage.rpcs.sent[0]!.body).toEqual({
      transactions: [
        {
          transactionalId: '2-t',
          producerId: 10,
          producerEpoch: 4,
          verifyOnly: true,
          topics: [
            { name: 'b', partitions: [7] },
            { name: 'a', partitions: [1, 3] },
          ],
        },
      ],
    })
    const a = [1, 3].map((index) => ({ partitionIndex: index, partitionErrorCode: index }))
    const b = [{ partitionIndex: 7, partitionErrorCode: 7 }]
    const topicResults = [
      { name: 'a', resultsByPartition: a },
      { name: 'b', resultsByPartition: b },
    ]
    stage.rpcs.open[0]!.answer({
      errorCode: 0,
      resultsByTransaction: [{ transactionalId: '2-t', topicResults }],
    })
    const names = [7, 1, 3].map((code) => errorName(code as ErrorCode))
    expect(stage.told()).toEqual([`2-t/4 ${names}`])
  })

  test('with transaction version 2 the partitions are added', () => {
    const stage = new Stage()
    stage.verify('2-t', { add: true })
    expect(transactionsOf(stage.rpcs.sent[0]!)[0]!.verifyOnly).toBe(false)
  })

  test('without a coordinator: COORDINATOR_NOT_AVAILABLE', () => {
    const stage = new Stage()
    stage.verify('none', { indexes: [0, 1] })
    expect(stage.told()).toEqual(['none/0 COORDINATOR_NOT_AVAILABLE,COORDINATOR_NOT_AVAILABLE'])
  })
})

describe('ADD-PARTITIONS-3: one request to a node at a time', () => {
  test('what comes meanwhile goes with the next one', () => {
    const stage = new Stage()
    for (const id of ['2-a', '2-b', '3-c', '2-d']) stage.verify(id)
    expect(stage.open).toEqual(['2: 2-a', '3: 3-c'])
    stage.answer()
    expect(stage.open).toEqual(['3: 3-c', '2: 2-b,2-d'])
    stage.answer()
    stage.answer(ErrorCode.TRANSACTION_ABORTABLE)
    expect(stage.told()).toEqual([
      '2-a/0 NONE',
      '3-c/0 NONE',
      '2-b/0 TRANSACTION_ABORTABLE',
      '2-d/0 TRANSACTION_ABORTABLE',
    ])
  })

  test('a second request of an id that waits takes the place of the first one, unless its epoch is older', () => {
    const stage = new Stage()
    stage.verify('2-first')
    stage.verify('2-t', { epoch: 3 })
    stage.verify('2-t', { epoch: 3, indexes: [1] })
    expect(stage.told()).toEqual(['2-t/3 NETWORK_EXCEPTION'])
    stage.verify('2-t', { epoch: 4 })
    expect(stage.told()).toEqual(['2-t/3 INVALID_PRODUCER_EPOCH'])
    stage.verify('2-t', { epoch: 3 })
    expect(stage.told()).toEqual(['2-t/3 INVALID_PRODUCER_EPOCH'])
    stage.answer()
    expect(stage.open).toEqual(['2: 2-t'])
    stage.answer()
    expect(stage.told()).toEqual(['2-first/0 NONE', '2-t/4 NONE'])
  })
})

describe('ADD-PARTITIONS-2: without a response', () => {
  for (const failure of ['not connected', 'disconnected', 'timed out'] as const)
    test(`${failure}: NETWORK_EXCEPTION, and the next request is sent`, () => {
      const stage = new Stage()
      stage.verify('2-a')
      stage.verify('2-b')
      stage.rpcs.open[0]!.fail(failure)
      expect(stage.told()).toEqual(['2-a/0 NETWORK_EXCEPTION'])
      expect(stage.open).toEqual(['2: 2-b'])
    })

  test('a coordinator that does not know this form of the API verifies nothing', () => {
    const stage = new Stage()
    stage.verify('2-a', { indexes: [0, 1] })
    stage.rpcs.open[0]!.fail('unsupported version')
    expect(stage.told()).toEqual(['2-a/0 NONE,NONE'])
  })
})

describe('a response with an error', () => {
  test('of the whole request: for each partition; a client does not see that the broker may not ask', () => {
    const stage = new Stage()
    stage.verify('2-a', { indexes: [0, 1] })
    stage.rpcs.open[0]!.answer({ errorCode: ErrorCode.NOT_COORDINATOR, resultsByTransaction: [] })
    stage.verify('2-b')
    stage.rpcs.open[0]!.answer({
      errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
      resultsByTransaction: [],
    })
    expect(stage.told()).toEqual(['2-a/0 NOT_COORDINATOR,NOT_COORDINATOR', '2-b/0 INVALID_TXN_STATE'])
  })

  test('a transaction or a partition that is left out is not verified', () => {
    const stage = new Stage()
    stage.verify('2-a', { indexes: [0, 1] })
    stage.rpcs.open[0]!.answer({ errorCode: 0, resultsByTransaction: [] })
    expect(stage.told()).toEqual(['2-a/0 UNKNOWN_SERVER_ERROR,UNKNOWN_SERVER_ERROR'])
  })
})

describe('while the previous transaction still ends', () => {
  const { CONCURRENT_TRANSACTIONS: BUSY } = ErrorCode

  test('a Produce with transaction version 2 is tried again every 20 ms', () => {
    const stage = new Stage()
    stage.own = [BUSY, BUSY]
    stage.verify('1-t', { add: true })
    stage.time.run(40)
    expect(stage.told()).toEqual([
      'asked here: CONCURRENT_TRANSACTIONS',
      'asked here: CONCURRENT_TRANSACTIONS',
      'asked here: NONE',
      '1-t/0 NONE',
    ])
    expect(stage.timersLeft).toBe(0)
  })

  test('for 100 ms, then the producer gets the error', () => {
    const stage = new Stage()
    stage.own = Array(20).fill(BUSY)
    stage.verify('1-t', { add: true })
    stage.time.run(99)
    expect(stage.told().at(-1)).toBe('asked here: CONCURRENT_TRANSACTIONS')
    stage.time.run(1)
    expect(stage.told()).toEqual(['asked here: CONCURRENT_TRANSACTIONS', '1-t/0 CONCURRENT_TRANSACTIONS'])
  })

  test('with transaction version 1 the producer gets the error at once', () => {
    const stage = new Stage()
    stage.own = [BUSY]
    stage.verify('1-t')
    expect(stage.told()).toEqual(['asked here: CONCURRENT_TRANSACTIONS', '1-t/0 CONCURRENT_TRANSACTIONS'])
  })
})

test('ADD-PARTITIONS-1: after close no timer is left, and nothing is asked', () => {
  const stage = new Stage()
  stage.own = [ErrorCode.CONCURRENT_TRANSACTIONS]
  stage.verify('1-t', { add: true })
  stage.told()
  stage.manager.close()
  stage.time.run(60_000)
  expect([stage.told(), stage.timersLeft]).toEqual([[], 0])
})
