import { describe, expect, test } from 'vitest'
import { testLog } from '../../test/log-fixtures.ts'
import type { CoordinatorHost, ReplayedEntry } from '../coordinators/coordinator-host.ts'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import { buildBatch, type NewRecord } from '../record/batch-builder.ts'
import { Codec } from '../record/compression.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'
import { finish, type Turns } from '../turns.ts'
import { coordinatorHost } from './coordinator-logs.ts'

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
    replay.return()
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
