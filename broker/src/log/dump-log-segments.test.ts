/** Kafka's own DumpLogSegments on our files: it recomputes checksums, and compares indexes with logs. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findKafkaTools, runKafkaTool } from '../../test/kafka-tools.ts'
import { produce, TestClock, testLog } from '../../test/log-fixtures.ts'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import { FileStorage } from '../node/files/file-storage.ts'
import { buildBatch } from '../record/batch-builder.ts'
import { Codec } from '../record/compression.ts'
import type { PartitionLog } from './partition-log.ts'

const DUMP = 'org.apache.kafka.tools.DumpLogSegments'
const tools = findKafkaTools()
if ('missing' in tools) console.warn(`DumpLogSegments is skipped: ${tools.missing}`)

const START = 1_700_000_000_000

const utf8 = new TextEncoder()

let root: string
let log: PartitionLog

/** Several segments with all kinds of batches: plain, idempotent, committed, aborted and open. */
function fill(log: PartitionLog): void {
  for (let i = 0; i < 400; i++) {
    const timestamp = START + 7 * i
    produce(log, ['plain', `${i}`], { timestamp, leaderEpoch: i >> 7 })
    produce(log, [`idempotent ${i}`], {
      timestamp,
      leaderEpoch: i >> 7,
      producerId: 1,
      producerEpoch: 0,
      baseSequence: i,
    })
    const transaction = {
      producerId: 2 + (i % 3),
      producerEpoch: 4,
      baseSequence: Math.floor(i / 3),
      transactional: true,
    }
    produce(log, ['transactional'], { timestamp, leaderEpoch: i >> 7, ...transaction })
    if (i % 5 !== 0) continue
    const { producerId, producerEpoch } = transaction
    const end = { producerId, producerEpoch, coordinatorEpoch: 1, committed: i % 2 === 0, timestamp }
    log.appendEndTxnMarker(end, { leaderEpoch: i >> 7, transactionVersion: 1 })
  }
}

function dump(...options: string[]): string {
  return dumpFolders([join(root, 't-0')], ...options)
}

function dumpFolders(folders: readonly string[], ...options: string[]): string {
  if ('missing' in tools) throw new Error(tools.missing)
  const paths = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(log|index|timeindex|txnindex|snapshot)$/.test(name))
      .map((name) => join(folder, name)),
  )
  return runKafkaTool(tools.folder, DUMP, ...options, '--files', paths.join(','))
}

describe.skipIf('missing' in tools)('DumpLogSegments', () => {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'offset-zero-dump-'))
    const clock = new TestClock()
    clock.time = START
    log = testLog({
      storage: new FileStorage(root),
      clock,
      config: { segmentBytes: 30_000, indexIntervalBytes: 300 },
    })
    fill(log)
  })
  afterAll(() => {
    log?.close()
    rmSync(root, { recursive: true, force: true })
  })

  it('reads every record while the log is open, and finds the indexes valid', () => {
    const output = dump('--deep-iteration')
    expect(complaints(output)).toEqual([])
    expect(output.match(/^\| offset: /gm)?.length).toBe(log.logEndOffset)
    expect(output).not.toMatch(/isvalid: false/)
  }, 60_000)

  it('reports nothing when it checks the indexes', () => {
    expect(complaints(dump('--verify-index-only'))).toEqual([])
    const sane = dump('--index-sanity-check').match(/passed sanity check/g)
    expect(sane?.length).toBe(2 * log.local.segments.all.length)
  }, 60_000)

  it('reads a closed log, with the snapshot at its end', () => {
    log.close()
    const output = dump('--deep-iteration')
    expect(complaints(output)).toEqual([])
    expect(output).toMatch(/producerId: 1 producerEpoch: 0 .* lastSequence: 399/)
  }, 60_000)
})

/** Keys that change repeatedly, by producers of all kinds and with all codecs, while the log is compacted. */
async function change(log: PartitionLog, clock: TestClock): Promise<void> {
  const sequences = [0, 0, 0]
  for (let i = 0; i < 600; i++) {
    clock.time = START + 7 * i
    const kind = i % 4
    const producer = kind === 3 ? {} : { producerId: kind, producerEpoch: 0, baseSequence: sequences[kind]! }
    const count = 1 + (i % 3)
    if (kind < 3) sequences[kind]! += count
    const records = Array.from({ length: count }, (_, n) => ({
      key: utf8.encode(`key ${(i * 7 + n * 3) % 50}`),
      value: (i + n) % 9 === 0 ? null : utf8.encode(`value ${i}`),
      timestamp: clock.time,
    }))
    const options = {
      ...producer,
      transactional: kind === 1 || kind === 2,
      codec: i % 5,
      codecs: NODE_CODECS,
    }
    log.appendAsLeader(buildBatch(records, options), { leaderEpoch: i >> 8, origin: 'client' })
    if (i % 12 === 11) {
      for (const producerId of [1, 2]) {
        const committed = (i / 12 + producerId) % 3 < 2
        const end = { producerId, producerEpoch: 0, coordinatorEpoch: 0, committed, timestamp: clock.time }
        log.appendEndTxnMarker(end, { leaderEpoch: i >> 8, transactionVersion: 1 })
      }
    }
    log.highWatermark = log.logEndOffset
    if (i % 150 === 149) log.compaction.compact()
  }
  await new Promise<void>((resolve, reject) => log.flush((error) => (error ? reject(error) : resolve())))
}

describe.skipIf('missing' in tools)('DumpLogSegments, of logs that were compacted and recompressed', () => {
  it('finds nothing wrong, whatever their compression.type', async () => {
    if ('missing' in tools) throw new Error(tools.missing)
    const root = mkdtempSync(join(tmpdir(), 'offset-zero-dump-'))
    try {
      const folders = []
      for (const codec of [undefined, ...Object.values(Codec)]) {
        const folder = join(root, `codec-${codec}`)
        await live(folder, codec)
        folders.push(join(folder, 't-0'))
      }
      const output = dumpFolders(folders, '--deep-iteration')
      expect(complaints(output, 'compacted')).toEqual([])
      expect(output).not.toMatch(/isvalid: false/)
      expect(output).toMatch(/deleteHorizonMs: OptionalLong\[\d/)
      for (const name of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) expect(output).toContain(`codec: ${name}`)
      expect(complaints(dumpFolders(folders, '--verify-index-only'))).toEqual([])
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }, 120_000)
})

async function live(folder: string, codec: Codec | undefined): Promise<void> {
  const clock = new TestClock()
  const config = {
    cleanupPolicy: ['compact'] as const,
    segmentBytes: 20_000,
    indexIntervalBytes: 300,
    minCleanableDirtyRatio: 0,
    deleteRetentionMs: 500,
    compression: codec === undefined ? undefined : { codec, level: codec === Codec.LZ4 ? 17 : undefined },
  }
  const log = testLog({ storage: new FileStorage(folder), clock, config, codecs: NODE_CODECS })
  await change(log, clock)
  expect(log.compaction.firstDirtyOffset).toBeGreaterThan(500)
  log.close()
}

/**
 * Lines in which the tool reports a problem. "Non-consecutive offsets … -1 is followed by" is none: it prints this for the
 * first record of every segment but the first, in Kafka's own files as well.
 */
function complaints(output: string, kind: 'whole' | 'compacted' = 'whole'): string[] {
  const lines = output.split('\n')
  return lines.filter((line, i) => {
    if (kind === 'compacted' && /^Non-consecutive/.test(line)) return false
    if (/^Non-consecutive/.test(line)) return !/-1 is followed by/.test(lines[i + 1] ?? '')
    return /mismatch|corrupt|invalid bytes|not found|exception|out of order|found timestamp/i.test(line)
  })
}
