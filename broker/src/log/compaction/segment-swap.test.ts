/** Compaction and kills: after a kill at any point the table is the same, and the next pass continues. */
import { describe, expect, it } from 'vitest'
import { FaultyStorage } from '../../../test/faulty-storage.ts'
import { testLog } from '../../../test/log-fixtures.ts'
import type { Storage } from '../../core.ts'
import { batchPositions } from '../../record/batch.ts'
import { buildBatch } from '../../record/batch-builder.ts'
import { readRecords } from '../../record/record.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { DEFAULT_LOG_CONFIG } from '../log.ts'
import type { PartitionLog } from '../partition-log.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()
const config = { cleanupPolicy: ['compact'], segmentBytes: 400, minCleanableDirtyRatio: 0 } as const

function put(log: PartitionLog, key: string, value: string): void {
  const records = [{ key: utf8.encode(key), value: utf8.encode(value), timestamp: 1000 }]
  log.appendAsLeader(buildBatch(records), { leaderEpoch: 0, origin: 'client' })
}

/** Sixteen changes of four keys, in four segments and the active one. The topic's segments may now be larger. */
function filled(storage: Storage): PartitionLog {
  const log = testLog({ storage, config })
  for (let i = 0; i < 16; i++) put(log, 'abcd'[i % 4]!, `${i}`)
  log.roll()
  log.highWatermark = log.logEndOffset
  log.updateConfig({ ...DEFAULT_LOG_CONFIG, ...config, segmentBytes: 1200 })
  return log
}

/** Offsets in the order of the log, and the last value of each key. */
function read(log: PartitionLog): { offsets: number[]; table: Record<string, string> } {
  const offsets: number[] = []
  const table: Record<string, string> = {}
  for (let at = log.logStartOffset; at < log.logEndOffset; ) {
    const { bytes, nextOffset } = log.read(at, { maxBytes: 1, minOneBatch: true, upTo: log.logEndOffset })
    for (const position of batchPositions(bytes)) {
      for (const { offset, key, value } of readRecords(bytes, position)) {
        offsets.push(offset)
        table[text.decode(key!)] = text.decode(value!)
      }
    }
    if (nextOffset <= at) break
    at = nextOffset
  }
  return { offsets, table }
}

const TABLE = { a: '12', b: '13', c: '14', d: '15' }
const names = (storage: Storage) => storage.list('t-0').filter((name) => /\.log/.test(name))

describe('compacted segments', () => {
  it('are merged if they fit into one segment, and the old files are deleted', () => {
    const storage = new MemoryStorage()
    const log = filled(storage)
    expect(names(storage).length).toBeGreaterThan(3)
    log.compaction.compact()
    expect(read(log)).toEqual({ offsets: [12, 13, 14, 15], table: TABLE })
    expect(names(storage)).toEqual(['00000000000000000000.log', '00000000000000000016.log'])
    expect(log.compaction.firstDirtyOffset).toBe(16)
  })

  it('SEGMENT-SWAP-1, SEGMENT-SWAP-2: survive a kill before any disk operation', () => {
    const kills = killsOfAPass()
    expect(kills).toBeGreaterThan(20)
    for (let count = 0; count < kills; count++) {
      for (const clean of [false, true]) {
        const storage = new MemoryStorage()
        const disk = new FaultyStorage(storage)
        const killed = filled(disk)
        disk.dieAfter(count)
        expect(() => killed.compaction.compact(), `kill ${count}`).toThrow(/dead/)
        const log = testLog({ storage, config, clean })
        const { offsets, table } = read(log)
        expect(table, `kill ${count}`).toEqual(TABLE)
        expect(offsets, `kill ${count}`).toEqual([...offsets].sort((a, b) => a - b))
        expect(log.logEndOffset).toBe(16)
        expect(storage.list('t-0').filter((name) => /swap|cleaned|deleted/.test(name))).toEqual([])
        log.highWatermark = 16
        log.compaction.compact()
        expect(read(log), `kill ${count}`).toEqual({ offsets: [12, 13, 14, 15], table: TABLE })
      }
    }
  })

  it('SEGMENT-SWAP-1: an incomplete rename to .swap is ignored: the old segments are complete', () => {
    const storage = new MemoryStorage()
    filled(storage).close()
    const old = '00000000000000000000'
    storage.writeFileAtomic(`t-0/${old}.log.swap`, utf8.encode('of a swap that was not ready'))
    storage.writeFileAtomic(`t-0/${old}.index.cleaned`, new Uint8Array(8))
    const log = testLog({ storage, config })
    expect(read(log).offsets).toEqual(Array.from({ length: 16 }, (_, i) => i))
  })

  it('stay as `.deleted` for file.delete.delay.ms', () => {
    const storage = new MemoryStorage()
    const later: string[] = []
    const log = testLog({ storage, config, removeLater: (paths) => void later.push(...paths) })
    for (let i = 0; i < 16; i++) put(log, 'abcd'[i % 4]!, `${i}`)
    log.roll()
    log.highWatermark = log.logEndOffset
    log.compaction.compact()
    expect(later).toContain('t-0/00000000000000000000.log.deleted')
    expect(later.every((path) => storage.exists(path))).toBe(true)
    expect(read(log).table).toEqual(TABLE)
  })
})

/** How many disk operations a whole pass needs. */
function killsOfAPass(): number {
  const disk = new FaultyStorage(new MemoryStorage())
  const log = filled(disk)
  let changes = 0
  disk.fail = ({ operation }) => {
    if (['append', 'write', 'truncate', 'rename', 'remove'].includes(operation)) changes++
    return undefined
  }
  log.compaction.compact()
  return changes
}
