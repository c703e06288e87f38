import { describe, expect, test } from 'vitest'
import { testLog } from '../../test/log-fixtures.ts'
import type { CoordinatorHost, ReplayedEntry } from '../coordinators/coordinator-host.ts'
import type { Core } from '../core.ts'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import { buildBatch, type NewRecord } from '../record/batch-builder.ts'
import { Codec } from '../record/compression.ts'
import { Purgatory } from '../replica/purgatory.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { finish, type Turns } from '../turns.ts'
import { ErrorCode, errorName } from '../wire/errors.ts'
import { coordinatorHost, markerWriter } from './coordinator-logs.ts'

const KEY = new TextEncoder().encode('key')

/** A coordinator's log with one compressed batch, and its host, whose turns are over at once. */
function partitionOf(records: readonly NewRecord[]): CoordinatorHost {
  const log = testLog({ codecs: NODE_CODECS })
  const batch = buildBatch(records, { codec: Codec.GZIP, codecs: NODE_CODECS })
  log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'coordinator' })
  const replicas = { leader: () => ({ log }) } as unknown as ReplicaManager
  const turns = { isOver: true } as unknown as Turns
  return coordinatorHost({ replicas, turns, codecs: NODE_CODECS } as Parameters<typeof coordinatorHost>[0])
}

function keysOf(entries: readonly ReplayedEntry[]): (string | undefined)[] {
  return entries.map((entry) =>
    entry.kind === 'record' ? new TextDecoder().decode(entry.record.key) : undefined,
  )
}

describe('a replay', () => {
  test('COORDINATOR-LOGS-2: pauses between the records of a batch, and visits each of them once', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `key ${i}`)
    const host = partitionOf(names.map((name) => ({ key: new TextEncoder().encode(name), value: null })))
    const entries: ReplayedEntry[] = []
    const replay = host.replay('__consumer_offsets', 0, (entry) => entries.push(entry))
    let pauses = 0
    for (let step = replay.next(); !step.done; step = replay.next()) pauses++
    expect(pauses).toBeGreaterThanOrEqual(5000)
    expect(keysOf(entries)).toEqual(names)
  })

  test('may be cancelled in the middle of a batch', () => {
    const host = partitionOf(Array.from({ length: 5000 }, () => ({ key: KEY, value: null })))
    let visited = 0
    const replay = host.replay('__consumer_offsets', 0, () => visited++)
    for (let i = 0; i < 10; i++) replay.next()
    replay.return(0)
    expect(replay.next().done).toBe(true)
    expect(visited).toBe(10)
  })

  test('COORDINATOR-LOGS-3: ends at a record that no broker writes, with its position', () => {
    const host = partitionOf([
      { key: KEY, value: new Uint8Array(10) },
      { key: KEY, value: new Uint8Array(9 << 20) },
    ])
    const entries: ReplayedEntry[] = []
    const replay = () => finish(host.replay('__consumer_offsets', 0, (entry) => entries.push(entry)))
    expect(replay).toThrow(
      /is damaged at byte 0, offset 0: it can't be decoded: a record of 9437187 bytes is too large for a coordinator/,
    )
    expect(entries).toHaveLength(1)
  })

  test('the headers of a record take no memory, however many there are', () => {
    const headers = Array.from({ length: 100_000 }, () => ({ key: '', value: null }))
    const host = partitionOf([{ key: KEY, value: null, headers }])
    const entries: ReplayedEntry[] = []
    finish(host.replay('__consumer_offsets', 0, (entry) => entries.push(entry)))
    expect(entries).toEqual([{ kind: 'record', record: { key: KEY, value: null }, producer: undefined }])
  })
})

/** A led partition, whose high watermark the test moves, and its host. */
function ledPartition() {
  const time = new VirtualTime(0)
  const timers = { set: (delayMs: number, fire: () => void) => time.after(delayMs, fire) }
  const purgatory = new Purgatory(timers)
  const log = { highWatermark: 0, logEndOffset: 0 }
  const append = () => ({ lastOffset: log.logEndOffset++ })
  const partition = { log, append, appendEndTxnMarker: append }
  let isLeader = true
  const replicas = {
    purgatory,
    find: () => (isLeader ? partition : undefined),
    leader: () => partition,
    moved: () => purgatory.check('t-0'),
    errorCodeOf: () => ErrorCode.UNKNOWN_SERVER_ERROR,
  } as unknown as ReplicaManager
  const core = { clock: time, timers } as unknown as Core
  const story: string[] = []
  const tell = (error: ErrorCode): void => void story.push(`${time.now()} ${errorName(error)}`)
  const commit = (highWatermark: number): void => {
    log.highWatermark = highWatermark
    purgatory.check('t-0')
  }
  const resign = (): void => {
    isLeader = false
    purgatory.check('t-0')
  }
  const host = coordinatorHost({ core, replicas } as Parameters<typeof coordinatorHost>[0])
  return { time, log, core, replicas, host, story, tell, commit, resign }
}

const RECORD = { key: KEY, value: null }

describe('COORDINATOR-LOGS-1: an append is committed', () => {
  test('when the high watermark has passed it', () => {
    const { host, story, tell, commit, time } = ledPartition()
    const first = host.append('t', 0, [RECORD], undefined)
    const second = host.append('t', 0, [RECORD], undefined)
    expect([first, second]).toEqual([
      { error: ErrorCode.NONE, endOffset: 1 },
      { error: ErrorCode.NONE, endOffset: 2 },
    ])
    for (const { endOffset } of [first, second]) host.whenCommitted('t', 0, endOffset, 1000, tell)
    time.run(10)
    commit(1)
    time.run(10)
    commit(2)
    host.whenCommitted('t', 0, 2, 1000, tell)
    time.run(5000)
    expect(story).toEqual(['10 NONE', '20 NONE', '20 NONE'])
  })

  test('never, if this node does not lead any more, or the time is up, or it is cancelled', () => {
    const { host, story, tell, commit, resign, time } = ledPartition()
    host.append('t', 0, [RECORD], undefined)
    host.whenCommitted('t', 0, 1, 1000, tell)
    host.whenCommitted('t', 0, 1, 2000, tell)
    host.whenCommitted('t', 0, 1, 3000, () => tell(ErrorCode.UNKNOWN_SERVER_ERROR))()
    time.run(1000)
    resign()
    commit(1)
    time.run(5000)
    host.whenCommitted('t', 0, 1, 1000, tell)
    expect(story).toEqual(['1000 COORDINATOR_NOT_AVAILABLE', '1000 NOT_COORDINATOR', '6000 NOT_COORDINATOR'])
  })
})

describe('a transaction marker', () => {
  const marker = {
    producerId: 7,
    producerEpoch: 0,
    commit: true,
    coordinatorEpoch: 0,
    transactionVersion: 2,
  }

  test('is answered when it is committed', () => {
    const { core, replicas, story, tell, commit, resign, time } = ledPartition()
    const groups = { completeTransaction: () => {} }
    const write = markerWriter({ core, replicas }, groups, () => 30_000)
    write({ topic: 't', index: 0 }, marker, tell)
    time.run(10)
    commit(1)
    write({ topic: 't', index: 0 }, marker, tell)
    resign()
    expect(story).toEqual(['10 NONE', '10 NOT_LEADER_OR_FOLLOWER'])
  })

  test('for offsets is written by the group coordinator, or refused with an error after which the sender tries again', () => {
    const { core, replicas, log, story, tell } = ledPartition()
    const answers = [ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.NOT_COORDINATOR, ErrorCode.NONE]
    const groups: Parameters<typeof markerWriter>[1] = {
      completeTransaction: (partition, ended, write, timeoutMs, done) => {
        expect([partition, ended, timeoutMs]).toEqual([0, { producerId: 7, committed: true }, 30_000])
        const answer = answers.shift()!
        if (answer === ErrorCode.NONE) write()
        done(answer)
      },
    }
    const write = markerWriter({ core, replicas }, groups, () => 30_000)
    for (let i = 0; i < 3; i++) write({ topic: '__consumer_offsets', index: 0 }, marker, tell)
    expect(story).toEqual(['0 NOT_LEADER_OR_FOLLOWER', '0 NOT_LEADER_OR_FOLLOWER', '0 NONE'])
    expect(log.logEndOffset).toBe(1)
  })
})
