import { beforeEach, describe, expect, test } from 'vitest'
import type { Rpcs } from '../../channel/rpc.ts'
import type { Core } from '../../core.ts'
import { type Steps, Turns } from '../../turns.ts'
import { ErrorCode, errorName } from '../../wire/errors.ts'
import type { CoordinatorHost, CoordinatorRecord, ReplayedEntry } from '../coordinator-host.ts'
import { NO_EXPRESSIONS } from '../expressions.ts'
import { partitionFor } from '../partition-for.ts'
import { ProducerIds } from './producer-ids.ts'
import { type ProducerIdentity, TransactionCoordinator } from './transaction-coordinator.ts'
import { isExpired } from './transaction-expiry.ts'
import { decodeState, encodeState } from './transaction-log.ts'
import { TransactionMarkers } from './transaction-markers.ts'
import {
  checkTransition,
  completed,
  newTransaction,
  prepared,
  STATE_NAMES,
  withNextEpoch,
  withPartitions,
} from './transaction-state.ts'

const NO_OTHER_NODES: Rpcs = {
  send: () => {
    throw new Error('there is one node')
  },
  close: () => {},
}

/** A coordinator on a log in memory, with a clock that the test moves; events are recorded as lines of text. */
class Stage {
  readonly story: string[] = []
  readonly log: CoordinatorRecord[] = []
  now = 1_000_000
  private timers: { at: number; fire: () => void }[] = []
  failNext: ErrorCode = ErrorCode.NONE
  /** Responses that wait, while the log is slow. */
  held: ((error: ErrorCode) => void)[] | undefined
  markerAnswers: ErrorCode[] = []
  transactionVersion = 0
  coordinator = this.start()

  private host(): CoordinatorHost {
    const { log } = this
    const set = (delayMs: number, fire: () => void) => {
      const timer = { at: this.now + delayMs, fire }
      this.timers.push(timer)
      const cancel = (): void => {
        this.timers = this.timers.filter((each) => each !== timer)
      }
      return { cancel }
    }
    const core = {
      clock: { now: () => this.now, monotonicMs: () => this.now },
      timers: { set },
      log: () => {},
    } as unknown as Core
    return {
      core,
      nodeId: 1,
      turns: new Turns(core),
      expressions: NO_EXPRESSIONS,
      partitionCount: () => 1,
      topicId: () => undefined,
      topicName: () => undefined,
      topicNames: () => [],
      append: (_topic, _partition, records) => {
        const error = this.failNext
        this.failNext = ErrorCode.NONE
        if (error === ErrorCode.NONE) this.log.push(...records)
        const { state } = decodeState(records[0]!)
        const what = state ? `${state.name} epoch ${state.producerEpoch}` : 'tombstone'
        this.story.push(`log ${what}${error ? ` fails: ${errorName(error)}` : ''}`)
        return { error, endOffset: log.length }
      },
      whenCommitted: (_topic, _partition, _offset, _timeoutMs, done) => {
        if (this.held) this.held.push(done)
        else done(ErrorCode.NONE)
        return () => {}
      },
      replay: (_topic, _partition, visit) => this.replay(visit),
    }
  }

  /** A load waits here, if this is a list. */
  loads: (() => void)[] | undefined

  private *replay(visit: (entry: ReplayedEntry) => void): Steps<number> {
    const { loads } = this
    if (loads) yield { whenOver: (goOn) => void loads.push(goOn) }
    for (const record of this.log) visit({ kind: 'record', record })
    return this.log.length
  }

  start(): TransactionCoordinator {
    let block = 0
    const producerIds = new ProducerIds((done) =>
      done(ErrorCode.NONE, { firstProducerId: 1000 * ++block, size: 1000 }),
    )
    const host = this.host()
    const coordinator = new TransactionCoordinator({
      host,
      config: {
        timeoutMsMax: 900_000,
        abortTimedOutIntervalMs: 10_000,
        removeExpiredIntervalMs: 3_600_000,
        expirationMs: () => 604_800_000,
        transactionVersion: () => this.transactionVersion,
      },
      producerIds,
      markers: new TransactionMarkers({
        core: host.core,
        nodeId: 1,
        leaderOf: () => 1,
        rpcs: NO_OTHER_NODES,
        write: ({ topic, index }, { producerEpoch, commit }, done) => {
          const error = this.markerAnswers.shift() ?? ErrorCode.NONE
          this.story.push(
            `marker ${commit ? 'COMMIT' : 'ABORT'} ${topic}-${index} epoch ${producerEpoch}${error ? ` ${errorName(error)}` : ''}`,
          )
          done(error)
        },
      }),
    })
    coordinator.onElection(0, 0)
    return coordinator
  }

  /** From now on nothing is committed until `catchUp`. */
  slowDown(): void {
    this.held = []
  }

  catchUp(error: ErrorCode = ErrorCode.NONE): void {
    const held = this.held ?? []
    this.held = undefined
    for (const done of held) done(error)
  }

  get timersLeft(): number {
    return this.timers.length
  }

  pass(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.timers = this.timers.filter((each) => each !== next)
      this.now = next.at
      next.fire()
    }
    this.now = end
  }

  private tell = (verb: string) => (error: ErrorCode, producer?: ProducerIdentity) => {
    this.story.push(
      `${verb}: ${errorName(error)}${producer && error === ErrorCode.NONE ? ` ${producer.producerId}/${producer.producerEpoch}` : ''}`,
    )
  }
  init(producerId = -1, producerEpoch = -1, timeoutMs = 60_000): void {
    this.coordinator.initProducerId('t', { timeoutMs, producerId, producerEpoch }, this.tell('init'))
  }
  add(producerEpoch: number, index = 0, clientVersion = 0): void {
    const partitions = [{ topic: 'a', index }]
    this.coordinator.addPartitions(
      { transactionalId: 't', producerId: 1000, producerEpoch, partitions },
      clientVersion,
      this.tell('add'),
    )
  }
  end(producerEpoch: number, commit: boolean, clientVersion = 0): void {
    this.coordinator.endTransaction(
      't',
      { producerId: 1000, producerEpoch, commit, clientVersion },
      this.tell(commit ? 'commit' : 'abort'),
    )
  }
}

let stage: Stage
beforeEach(() => {
  stage = new Stage()
})
const story = (): string[] => stage.story.splice(0)

describe('transaction version 1', () => {
  test('begin, add two partitions, commit: the response is sent before the markers', () => {
    stage.init()
    stage.add(0)
    stage.add(0, 1)
    stage.add(0, 1)
    stage.end(0, true)
    expect(story()).toEqual([
      'log Empty epoch 0',
      'init: NONE 1000/0',
      'log Ongoing epoch 0',
      'add: NONE',
      'log Ongoing epoch 0',
      'add: NONE',
      'add: NONE',
      'log PrepareCommit epoch 0',
      'commit: NONE 1000/0',
      'marker COMMIT a-0 epoch 0',
      'marker COMMIT a-1 epoch 0',
      'log CompleteCommit epoch 0',
    ])
  })

  test('a retried commit succeeds, an abort of a committed transaction fails', () => {
    stage.init()
    stage.add(0)
    stage.end(0, true)
    story()
    stage.end(0, true)
    stage.end(0, false)
    expect(story()).toEqual(['commit: NONE 1000/0', 'abort: INVALID_TXN_STATE'])
  })

  test('TRANSACTION-STATE-1: a second producer of the id aborts the open transaction of the first one, and fences it', () => {
    stage.init()
    stage.add(0)
    story()
    stage.init()
    stage.init()
    stage.end(0, true)
    stage.add(0)
    expect(story()).toEqual([
      'log PrepareAbort epoch 1',
      'init: CONCURRENT_TRANSACTIONS',
      'marker ABORT a-0 epoch 1',
      'log CompleteAbort epoch 1',
      'log Empty epoch 2',
      'init: NONE 1000/2',
      'commit: PRODUCER_FENCED',
      'add: PRODUCER_FENCED',
    ])
  })

  test('KIP-360: the current epoch gets the next one, a retry the same one, an older epoch is fenced', () => {
    stage.init()
    stage.init(1000, 0)
    stage.init(1000, 0)
    stage.init()
    stage.init(1000, 1)
    expect(story().filter((line) => line.startsWith('init'))).toEqual([
      'init: NONE 1000/0',
      'init: NONE 1000/1',
      'init: NONE 1000/1',
      'init: NONE 1000/2',
      'init: PRODUCER_FENCED',
    ])
  })
})

describe('KIP-890: transaction version 2', () => {
  test('every transaction bumps the epoch; a retry gets the same response', () => {
    stage.init()
    stage.add(0, 0, 2)
    stage.end(0, true, 2)
    stage.end(0, true, 2)
    expect(story().slice(4)).toEqual([
      'log PrepareCommit epoch 1',
      'commit: NONE 1000/1',
      'marker COMMIT a-0 epoch 1',
      'log CompleteCommit epoch 1',
      'commit: NONE 1000/1',
    ])
  })

  test('an abort before the first write bumps the epoch and writes no marker', () => {
    stage.init()
    story()
    stage.end(0, false, 2)
    expect(story()).toEqual(['log PrepareAbort epoch 1', 'abort: NONE 1000/1', 'log CompleteAbort epoch 1'])
  })
})

test('with transaction version 2 the owner of an open transaction may ask for the next epoch, twice', () => {
  stage.transactionVersion = 2
  stage.init()
  stage.add(0)
  story()
  stage.init(1000, 0)
  stage.init(1000, 0)
  stage.init(1000, 0)
  expect(story()).toEqual([
    'log PrepareAbort epoch 1',
    'init: CONCURRENT_TRANSACTIONS',
    'marker ABORT a-0 epoch 1',
    'log CompleteAbort epoch 1',
    'log Empty epoch 1',
    'init: NONE 1000/1',
    'log Empty epoch 1',
    'init: NONE 1000/1',
  ])
})

test('a transaction that exceeds its timeout is aborted with the next epoch', () => {
  stage.init(-1, -1, 30_000)
  stage.add(0)
  story()
  stage.pass(29_000)
  expect(story()).toEqual([])
  stage.pass(11_000)
  expect(story()).toEqual([
    'log PrepareAbort epoch 1',
    'marker ABORT a-0 epoch 1',
    'log CompleteAbort epoch 1',
  ])
})

const WEEK_MS = 604_800_000
const HOUR_MS = 3_600_000

test('TRANSACTION-EXPIRY-2: an id that was not used for a week is removed, in the log first', () => {
  stage.init()
  stage.add(0)
  stage.end(0, true)
  story()
  stage.pass(WEEK_MS - HOUR_MS)
  expect(story()).toEqual([])
  stage.failNext = ErrorCode.NOT_ENOUGH_REPLICAS
  stage.pass(HOUR_MS)
  expect(story()).toEqual(['log tombstone fails: NOT_ENOUGH_REPLICAS'])
  expect(stage.coordinator.states()).toHaveLength(1)
  stage.pass(HOUR_MS)
  expect(story()).toEqual(['log tombstone'])
  stage.add(0)
  expect(story()).toEqual(['add: INVALID_PRODUCER_ID_MAPPING'])
  stage.coordinator.close()
  stage.coordinator = stage.start()
  expect(stage.coordinator.states()).toEqual([])
})

test('TRANSACTION-EXPIRY-1: an id with an open or a prepared transaction does not expire', () => {
  const empty = { ...newTransaction('t', 1000, 60_000, 0), producerEpoch: 0 }
  const open = withPartitions(empty, [{ topic: 'a', index: 0 }], 0, 0)
  const waits = prepared(open, true, 0, -1, 0)
  const verdicts = [empty, open, waits, completed(waits, 0)].map((state) =>
    isExpired({ state, pending: false, openedMs: 0 }, WEEK_MS, WEEK_MS),
  )
  expect(verdicts).toEqual([true, false, false, true])
})

test('MARKERS-1, MARKERS-2: a failed marker is retried; until then the transaction is not complete', () => {
  stage.init()
  stage.add(0)
  story()
  stage.markerAnswers = [ErrorCode.NOT_LEADER_OR_FOLLOWER]
  stage.end(0, true)
  expect(story().at(-1)).toBe('marker COMMIT a-0 epoch 0 NOT_LEADER_OR_FOLLOWER')
  stage.pass(100)
  expect(story()).toEqual(['marker COMMIT a-0 epoch 0', 'log CompleteCommit epoch 0'])
})

test('a new coordinator completes prepared transactions', () => {
  stage.init()
  stage.add(0)
  stage.markerAnswers = [ErrorCode.NOT_LEADER_OR_FOLLOWER]
  stage.end(0, true)
  story()
  stage.coordinator.close()
  stage.coordinator = stage.start()
  expect(story()).toEqual(['marker COMMIT a-0 epoch 0', 'log CompleteCommit epoch 0'])
})

describe('TRANSACTIONS-3, MARKERS-3, TRANSACTION-SHARD-1: one that has resigned', () => {
  const leave = {
    resigned: () => stage.coordinator.onResignation(0, 1),
    closed: () => stage.coordinator.close(),
  }

  for (const [how, go] of Object.entries(leave))
    test(`writes no more markers, and leaves no timer (${how})`, () => {
      stage.init()
      stage.add(0)
      stage.markerAnswers = Array(3).fill(ErrorCode.NOT_LEADER_OR_FOLLOWER)
      stage.end(0, true)
      stage.pass(100)
      expect(story().at(-1)).toBe('marker COMMIT a-0 epoch 0 NOT_LEADER_OR_FOLLOWER')
      go()
      stage.pass(60_000)
      expect(story()).toEqual([])
      stage.coordinator.close()
      expect(stage.timersLeft).toBe(0)
      stage.coordinator = stage.start()
      expect(story().at(-1)).toBe('marker COMMIT a-0 epoch 0 NOT_LEADER_OR_FOLLOWER')
      stage.pass(100)
      expect(story()).toEqual(['marker COMMIT a-0 epoch 0', 'log CompleteCommit epoch 0'])
    })

  test('TRANSACTIONS-2: does not abort timed out transactions, and responds NOT_COORDINATOR', () => {
    stage.init(-1, -1, 30_000)
    stage.add(0)
    stage.coordinator.onResignation(0, 1)
    story()
    stage.pass(120_000)
    stage.end(0, true)
    stage.init()
    expect(story()).toEqual(['commit: NOT_COORDINATOR', 'init: NOT_COORDINATOR'])
  })
})

test('TRANSACTIONS-2: while the partition is loaded, its ids are refused with COORDINATOR_LOAD_IN_PROGRESS', () => {
  stage.init()
  stage.add(0)
  stage.coordinator.onResignation(0, 1)
  stage.loads = []
  stage.coordinator.onElection(0, 2)
  story()
  stage.init()
  stage.end(0, true)
  expect(stage.coordinator.stateOf('t')).toBe(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
  expect(stage.coordinator.isLoading).toBe(true)
  for (const goOn of stage.loads) goOn()
  stage.pass(1)
  expect(stage.coordinator.isLoading).toBe(false)
  stage.end(0, true)
  expect(story().slice(0, 4)).toEqual([
    'init: COORDINATOR_LOAD_IN_PROGRESS',
    'commit: COORDINATOR_LOAD_IN_PROGRESS',
    'log PrepareCommit epoch 0',
    'commit: NONE 1000/0',
  ])
})

test('TRANSACTION-STATE-3: only the transitions of the table are allowed', () => {
  const follows = (from: (typeof STATE_NAMES)[number]) =>
    STATE_NAMES.filter((to) => {
      try {
        checkTransition(from, to)
        return true
      } catch {
        return false
      }
    })
  expect(Object.fromEntries(STATE_NAMES.map((from) => [from, follows(from).join(' ')]))).toEqual({
    Empty: 'Empty Ongoing PrepareAbort',
    Ongoing: 'Ongoing PrepareCommit PrepareAbort',
    PrepareCommit: 'CompleteCommit',
    PrepareAbort: 'CompleteAbort',
    CompleteCommit: 'Empty Ongoing PrepareAbort',
    CompleteAbort: 'Empty Ongoing PrepareAbort',
    Dead: '',
    PrepareEpochFence: '',
  })
})

test('TRANSACTIONS-1, TRANSACTION-STATE-2: a state that cannot be written does not change the transaction', () => {
  stage.init()
  stage.failNext = ErrorCode.NOT_ENOUGH_REPLICAS
  stage.add(0)
  stage.end(0, true)
  expect(story().slice(-2)).toEqual(['add: NOT_ENOUGH_REPLICAS', 'commit: INVALID_TXN_STATE'])
})

describe('a slow log', () => {
  test('TRANSACTIONS-1, TRANSACTION-STATE-1, TRANSACTION-STATE-2: the state changes when it is committed; other requests are refused until then', () => {
    stage.init()
    stage.slowDown()
    stage.add(0)
    stage.end(0, true)
    expect(story().slice(2)).toEqual(['log Ongoing epoch 0', 'commit: CONCURRENT_TRANSACTIONS'])
    stage.catchUp()
    expect(story()).toEqual(['add: NONE'])
    stage.slowDown()
    stage.end(0, true)
    expect(story()).toEqual(['log PrepareCommit epoch 0'])
    stage.catchUp()
    expect(story()).toEqual([
      'commit: NONE 1000/0',
      'marker COMMIT a-0 epoch 0',
      'log CompleteCommit epoch 0',
    ])
  })

  test('TRANSACTIONS-3: a decision that is lost with the leadership is not carried out', () => {
    stage.init()
    stage.add(0)
    story()
    stage.slowDown()
    stage.end(0, true)
    stage.coordinator.onResignation(0, 1)
    stage.log.pop()
    stage.catchUp()
    stage.coordinator.onElection(0, 2)
    stage.end(0, false)
    expect(story()).toEqual([
      'log PrepareCommit epoch 0',
      'commit: NOT_COORDINATOR',
      'log PrepareAbort epoch 0',
      'abort: NONE 1000/0',
      'marker ABORT a-0 epoch 0',
      'log CompleteAbort epoch 0',
    ])
  })

  test('TRANSACTIONS-4: a completion that cannot be written is tried again, unless the coordinator has resigned', () => {
    stage.init()
    stage.add(0)
    stage.markerAnswers = [ErrorCode.NOT_LEADER_OR_FOLLOWER]
    stage.end(0, true)
    story()
    stage.failNext = ErrorCode.COORDINATOR_NOT_AVAILABLE
    stage.pass(100)
    expect(story()).toEqual([
      'marker COMMIT a-0 epoch 0',
      'log CompleteCommit epoch 0 fails: COORDINATOR_NOT_AVAILABLE',
    ])
    stage.failNext = ErrorCode.COORDINATOR_NOT_AVAILABLE
    stage.pass(100)
    expect(story()).toHaveLength(1)
    stage.coordinator.onResignation(0, 1)
    stage.pass(1000)
    expect(story()).toEqual([])
    stage.coordinator.onElection(0, 2)
    expect(story()).toEqual(['marker COMMIT a-0 epoch 0', 'log CompleteCommit epoch 0'])
  })
})

test('exhausted epochs lead to a new producer id', () => {
  const used = withNextEpoch(newTransaction('t', 1000, 60_000, 0), 32_766, 32_765, 60_000, 0)
  stage.log.push(encodeState(used))
  stage.coordinator.close()
  stage.coordinator = stage.start()
  stage.init()
  expect(story().at(-1)).toBe('init: NONE 1000/0')
})

test('KIP-890: the abort of an open transaction with exhausted epochs leads to the new id', () => {
  const used = withNextEpoch(newTransaction('t', 900, 60_000, 0), 32_766, 32_765, 60_000, 0)
  stage.log.push(encodeState(withPartitions(used, [{ topic: 'a', index: 0 }], 0, stage.now)))
  stage.coordinator.close()
  stage.transactionVersion = 2
  stage.coordinator = stage.start()
  stage.init()
  expect(story()).toEqual([
    'log PrepareAbort epoch 32767',
    'init: CONCURRENT_TRANSACTIONS',
    'marker ABORT a-0 epoch 32767',
    'log CompleteAbort epoch 0',
  ])
  stage.init()
  expect(story().at(-1)).toBe('init: NONE 1000/1')
})

test('TRANSACTION-LOG-1: a state survives the round trip through its record', () => {
  const open = withPartitions(newTransaction('t', 7, 1, 2), [{ topic: 'a', index: 3 }], 2, 5)
  const decided = prepared({ ...open, producerEpoch: 4 }, true, 2, 99, 6)
  expect(decodeState(encodeState(decided)).state).toEqual(decided)
})

test('the partition of an id equals that of Java', () => {
  expect(partitionFor('my-group', 50)).toBe(12)
  expect(partitionFor('polygenelubricants', 50)).toBe(0)
})
