/**
 * The cost of appends and reads of the log, in files and in memory. Run it alone, on an idle machine:
 *
 *   node broker/bench/log.ts [rounds]
 *
 * Batches are built beforehand and copied into a new buffer for each append, as with a request's frame; the copy is not
 * timed. Each line: microseconds per batch, and MB/s.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '../src/core.ts'
import { DEFAULT_LOG_CONFIG } from '../src/log/log.ts'
import { openLog } from '../src/log/open-log.ts'
import type { PartitionLog } from '../src/log/partition-log.ts'
import { FileStorage } from '../src/node/files/file-storage.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { MemoryStorage } from '../src/sim/memory-storage.ts'

const rounds = Number(process.argv[2] ?? 3)
const value = new Uint8Array(100).fill(65)

function open(storage: Storage): PartitionLog {
  return openLog({
    storage,
    folder: 'bench-0',
    topic: 'bench',
    partition: 0,
    topicId: 'dLbxROfB-Kp08brOBDzXcg',
    config: { ...DEFAULT_LOG_CONFIG, segmentBytes: 256 << 20 },
    clock: { now: () => 1_700_000_000_000, monotonicMs: () => 1_700_000_000_000 },
    log: () => {},
    recoveryPoint: 0,
    hadCleanShutdown: false,
  })
}

function line(what: string, ms: number, batches: number, bytes: number): void {
  console.log(
    `${what.padEnd(44)} ${((ms * 1000) / batches).toFixed(1).padStart(8)} µs/batch ${(bytes / ms / 1000).toFixed(0).padStart(6)} MB/s`,
  )
}

/** Appends `total` bytes in batches of `count` records, then reads all of it in fetches of `fetchBytes`. */
function run(where: string, storage: Storage, count: number, total: number): void {
  const log = open(storage)
  const records = Array.from({ length: count }, () => ({ key: null, value, timestamp: 1_700_000_000_000 }))
  const batch = buildBatch(records)
  const batches = Math.floor(total / batch.length)
  let ms = 0
  for (let done = 0; done < batches; ) {
    const part = Array.from({ length: Math.min(1000, batches - done) }, () => batch.slice())
    const start = performance.now()
    for (const bytes of part) log.appendAsLeader(bytes, { leaderEpoch: 0, origin: 'client' })
    ms += performance.now() - start
    done += part.length
  }
  line(`${where} append, ${count} records (${batch.length} bytes)`, ms, batches, total)
  for (const maxBytes of [65_536, 1_048_576]) {
    const start = performance.now()
    let reads = 0
    for (let at = 0; at < log.logEndOffset; reads++) {
      at = log.read(at, { maxBytes, minOneBatch: true, upTo: log.logEndOffset }).nextOffset
    }
    const name = `${where} read by ${maxBytes >> 10} KiB: ${reads} reads`
    line(name, performance.now() - start, batches, total)
  }
  log.close()
}

for (let round = 0; round < rounds; round++) {
  const root = mkdtempSync(join(tmpdir(), 'offset-zero-bench-'))
  for (const [count, total] of [
    [1, 20 << 20],
    [10, 100 << 20],
    [150, 200 << 20],
  ] as const) {
    run('files ', new FileStorage(join(root, `${count}`)), count, total)
    run('memory', new MemoryStorage(), count, total)
  }
  rmSync(root, { recursive: true })
}
