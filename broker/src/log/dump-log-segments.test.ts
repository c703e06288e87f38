/** Kafka's own DumpLogSegments over files that we wrote: it recomputes checksums, and compares indexes with logs. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findKafkaTools, runKafkaTool } from '../../test/kafka-tools.ts'
import { produce, TestClock, testLog } from '../../test/log-fixtures.ts'
import { FileStorage } from '../node/file-storage.ts'
import type { PartitionLog } from './partition-log.ts'

const DUMP = 'org.apache.kafka.tools.DumpLogSegments'
const tools = findKafkaTools()
if ('missing' in tools) console.warn(`DumpLogSegments is left out: ${tools.missing}`)

const START = 1_700_000_000_000

let root: string
let log: PartitionLog

/** Some segments of all that a log may hold: plain, idempotent, committed, aborted and open. */
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
  if ('missing' in tools) throw new Error(tools.missing)
  const folder = join(root, 't-0')
  const files = readdirSync(folder).filter((name) => /\.(log|index|timeindex|txnindex|snapshot)$/.test(name))
  const paths = files.map((name) => join(folder, name)).join(',')
  return runKafkaTool(tools.folder, DUMP, ...options, '--files', paths)
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

  it('reads every record while the log is open, and finds the indexes in order', () => {
    const output = dump('--deep-iteration')
    expect(complaints(output)).toEqual([])
    expect(output.match(/^\| offset: /gm)?.length).toBe(log.logEndOffset)
    expect(output).not.toMatch(/isvalid: false/)
  }, 60_000)

  it('finds nothing to say in a check of the indexes', () => {
    expect(complaints(dump('--verify-index-only'))).toEqual([])
    const sane = dump('--index-sanity-check').match(/passed sanity check/g)
    expect(sane?.length).toBe(2 * log.local.segments.all.length)
  }, 60_000)

  it('reads a log that was closed, with the snapshot of its end', () => {
    log.close()
    const output = dump('--deep-iteration')
    expect(complaints(output)).toEqual([])
    expect(output).toMatch(/producerId: 1 producerEpoch: 0 .* lastSequence: 399/)
  }, 60_000)
})

/**
 * Lines in which the tool found something wrong. "Non-consecutive offsets … -1 is followed by" is not: it
 * says so of the first record of every segment but the first, in Kafka's own files as well.
 */
function complaints(output: string): string[] {
  const lines = output.split('\n')
  return lines.filter((line, i) => {
    if (/^Non-consecutive/.test(line)) return !/-1 is followed by/.test(lines[i + 1] ?? '')
    return /mismatch|corrupt|invalid bytes|not found|exception|out of order|found timestamp/i.test(line)
  })
}
