/**
 * One pass of compaction over one log, in small steps. (Cleaner)
 *
 *   1  visit the dirty part, and map each key to its last offset              {a: 9, b: 8}
 *   2  group neighbouring segments that fit into one segment                  [0 8 14] [20] …
 *   3  copy each group to a new segment, filtered by clean-filter.ts          0.log.cleaned     c:5 b:8 a:9
 *   4  flush it, and replace its group by it                                  (segment-swap.ts)
 *
 * A pass over a gigabyte takes a while, and a broker of one thread has other work. So this is a generator: it yields after
 * each piece of work, with the number of bytes, and continues at the next call (cleaner.ts).
 *
 * CLEAN-PASS-1  before, during and after a pass a consumer sees the same last record of every key
 * CLEAN-PASS-2  a cancelled pass leaves the log unchanged, except for the groups that were finished
 * CLEAN-PASS-3  a batch with a wrong checksum ends the pass: rewritten, it would look valid. So does a batch whose
 *     records can't be read; the error names the batch
 * CLEAN-PASS-4  if there are more keys than fit into memory, only the first are mapped, and no record beyond them is
 *     removed; the next pass begins there, even within a batch
 * CLEAN-PASS-5  a step within a batch takes no longer than a few hundred records need, and reports 0 bytes
 */
import {
  batchSizeAt,
  codecOf,
  computeCrc,
  HEADER_SIZE,
  isControl,
  readBatchHeader,
} from '../../record/batch.ts'
import type { Codecs } from '../../record/compression.ts'
import type { Steps, Wait } from '../../turns.ts'
import type { LocalLog } from '../local-log.ts'
import type { LogConfig } from '../log.ts'
import type { ProducerStateManager } from '../producers/producer-state-manager.ts'
import type { VisitedBatch } from '../segment/batch-reader.ts'
import { Segment } from '../segment/segment.ts'
import type { AbortedEntry } from '../segment/transaction-index.ts'
import { CleanedTransactions, type CleanRules, cleanBatch, eachRecord, keyText } from './clean-filter.ts'
import { type CleanRange, sizeOf } from './cleanable.ts'
import { removeCleaned, SwapSuffix } from './segment-swap.ts'

const INDEX_ENTRY_BYTES = 8
const TIME_INDEX_ENTRY_BYTES = 12
const RELATIVE_OFFSET_MAX = 0x7fff_ffff

/** What a pass needs to know of a log. */
export interface CleanedLog {
  readonly name: string
  readonly settings: LogConfig
  readonly codecs: Codecs
  readonly local: LocalLog
  readonly producers: ProducerStateManager
  abortedTransactions(fromOffset: number, upTo: number): AbortedEntry[]
}

export interface PassLimits {
  /** Settled time, ms since 1970: decides which delete horizons have passed. */
  readonly now: number
  /** The wall clock, ms since 1970: new delete horizons are set from it. */
  readonly wallMs: number
  /** How many keys may be mapped at once (CLEAN-PASS-4). */
  readonly keysMax: number
  /** How many bytes one step reads; more if a single batch is larger. */
  readonly ioBytes: number
}

/** Why a pass pauses: it has read and written so many bytes, or this segment must be flushed before it continues. */
export type CleanStep = number | Segment

export interface CleanedUp {
  /** All offsets below are compacted now. */
  readonly endOffset: number
  readonly savedBytes: number
}

/** The keys of the dirty part; offsets above `latestOffset` are not mapped. */
interface OffsetMap {
  readonly lastOffsets: Map<string, number>
  latestOffset: number
  /** Size of the keys in bytes, counted as in Kafka: KEY_BYTES_MIN for each; a longer key counts more here. */
  bytes: number
}

/** Kafka stores a hash of the key, and an offset. */
const KEY_BYTES_MIN = 24

/** The pass. `return()` cancels it. Throws StorageError, and Error if the log is damaged (CLEAN-PASS-3). */
export function* cleanLog(
  log: CleanedLog,
  range: CleanRange,
  limits: PassLimits,
): Generator<CleanStep, CleanedUp> {
  const map = yield* mapOffsets(log, range, limits)
  const endOffset = map.latestOffset + 1
  const segments = log.local.segments.all.filter((segment) => segment.baseOffset < endOffset)
  const sizeBefore = sizeOf(segments)
  const transactions = new CleanedTransactions()
  let sizeAfter = 0
  for (const group of groupSegments(segments, log.settings, range.firstUncleanableOffset)) {
    const rules: CleanRules = {
      ...map,
      lastOfProducer: log.producers.lastRecords(),
      endOffset: range.firstUncleanableOffset,
      now: limits.now,
      wallMs: limits.wallMs,
      deleteRetentionMs: log.settings.deleteRetentionMs,
      codecs: log.codecs,
    }
    sizeAfter += yield* cleanGroup(log, group, rules, { transactions, ioBytes: limits.ioBytes })
  }
  return { endOffset, savedBytes: sizeBefore - sizeAfter }
}

/** Step 1. A record of an aborted transaction does not replace older records of its key. */
function* mapOffsets(log: CleanedLog, range: CleanRange, limits: PassLimits): Generator<number, OffsetMap> {
  const { firstDirtyOffset: from, firstUncleanableOffset: end } = range
  const map: OffsetMap = { lastOffsets: new Map(), latestOffset: from - 1, bytes: 0 }
  const transactions = new CleanedTransactions()
  transactions.add(log.abortedTransactions(from, end))
  const segments = log.local.segments.all.filter((segment) => segment.baseOffset < end)
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]?.baseOffset ?? end
    if (next <= from) continue
    for (let position = segment.offsetIndex.lookup(from); position < segment.size; ) {
      const batches = readSome(segment, position, limits.ioBytes, log.name)
      for (const batch of batches) {
        const noted = noteKeys(batch, map, transactions, { from, log, keysMax: limits.keysMax })
        if (!(yield* readable(noted, batch, segment, log.name))) return map
      }
      const last = batches.at(-1)!
      yield last.position + last.header.size - position
      position = last.position + last.header.size
    }
    map.latestOffset = Math.max(map.latestOffset, next - 1)
  }
  return map
}

/** Returns false if there are more keys than may be mapped (CLEAN-PASS-4). */
function* noteKeys(
  batch: VisitedBatch,
  map: OffsetMap,
  transactions: CleanedTransactions,
  { from, log, keysMax }: { from: number; log: CleanedLog; keysMax: number },
): Steps<boolean> {
  const { header } = batch
  let isFull = false
  if (!transactions.mayGo(batch) && !isControl(header) && canOpen(batch, log.codecs))
    yield* eachRecord(batch, log.codecs, (cursor) => {
      const offset = header.baseOffset + cursor.offsetDelta
      if (isFull || offset < from) return
      isFull = !noteKey(map, cursor.key, offset, keysMax)
    })
  if (!isFull && header.lastOffset >= from) map.latestOffset = header.lastOffset
  return !isFull
}

function noteKey(map: OffsetMap, key: Uint8Array | null, offset: number, keysMax: number): boolean {
  if (key !== null) {
    const text = keyText(key)
    if (!map.lastOffsets.has(text)) {
      map.bytes += Math.max(KEY_BYTES_MIN, key.length)
      if (map.lastOffsets.size > 0 && map.bytes > keysMax * KEY_BYTES_MIN) return false
    }
    map.lastOffsets.set(text, offset)
  }
  map.latestOffset = Math.max(map.latestOffset, offset)
  return true
}

/**
 * The steps within one batch (CLEAN-PASS-5). An error gets the position of the batch (CLEAN-PASS-3).
 */
function* readable<T>(
  steps: Steps<T>,
  { header, position }: VisitedBatch,
  { baseOffset }: Segment,
  name: string,
): Generator<number, T> {
  let step: IteratorResult<Wait | undefined, T> | undefined
  try {
    for (step = steps.next(); !step.done; step = steps.next()) yield 0
    return step.value
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new Error(
      `${name}: segment ${baseOffset}, byte ${position}: the batch of offsets ${header.baseOffset} to ${header.lastOffset} can't be read (${cause}): it is not compacted, and stays unchanged`,
    )
  } finally {
    // The pass was cancelled between two steps.
    if (step && !step.done) steps.return(undefined as never)
  }
}

function canOpen({ header }: VisitedBatch, codecs: Codecs): boolean {
  return codecOf(header) === 0 || codecs.has(codecOf(header))
}

/** Step 2: neighbouring segments that fit into one segment by their current bytes, index entries and offsets. */
export function groupSegments(
  segments: readonly Segment[],
  config: LogConfig,
  firstUncleanableOffset: number,
): Segment[][] {
  const groups: Segment[][] = []
  for (const [i, segment] of segments.entries()) {
    const lastOffset = (segments[i + 1]?.baseOffset ?? firstUncleanableOffset) - 1
    const group = groups.at(-1)
    if (group && fits([...group, segment], lastOffset, config)) group.push(segment)
    else groups.push([segment])
  }
  return groups
}

function fits(group: readonly Segment[], lastOffset: number, config: LogConfig): boolean {
  const entries = group.reduce((sum, { offsetIndex }) => sum + offsetIndex.count, 0)
  const timeEntries = group.reduce((sum, { timeIndex }) => sum + timeIndex.count, 0)
  return (
    sizeOf(group) <= config.segmentBytes &&
    entries * INDEX_ENTRY_BYTES <= config.segmentIndexBytes &&
    timeEntries * TIME_INDEX_ENTRY_BYTES <= config.segmentIndexBytes &&
    (group.at(-1)!.size === 0 || lastOffset - group[0]!.baseOffset <= RELATIVE_OFFSET_MAX)
  )
}

/** Steps 3 and 4 for one group; returns the bytes that are kept. */
function* cleanGroup(
  log: CleanedLog,
  group: readonly Segment[],
  rules: CleanRules,
  { transactions, ioBytes }: { transactions: CleanedTransactions; ioBytes: number },
): Generator<CleanStep, number> {
  const { folder, storage } = log.local
  const { baseOffset } = group[0]!
  const last = group.at(-1)!
  removeCleaned(storage, folder, baseOffset)
  const cleaned = new Segment(storage, folder, baseOffset, last.createdAt, SwapSuffix.CLEANED)
  let swapped = false
  try {
    transactions.writeTo(cleaned.transactionIndex)
    for (const [i, segment] of group.entries()) {
      const end = group[i + 1]?.baseOffset ?? segment.readNextOffset()
      transactions.add(log.abortedTransactions(segment.baseOffset, end))
      yield* copyKept(segment, cleaned, log, { rules, transactions, ioBytes })
    }
    // An empty segment has index files all the same: Kafka's tools look for them.
    cleaned.makeIndexFiles()
    cleaned.becomeInactive()
    yield cleaned
    const { size } = cleaned
    log.local.replaceSegments(group, cleaned)
    log.producers.removeStraySnapshots(log.local.segments.all.map((segment) => segment.baseOffset))
    swapped = true
    return size
  } finally {
    if (!swapped) {
      cleaned.close()
      removeCleaned(storage, folder, baseOffset)
    }
  }
}

function* copyKept(
  segment: Segment,
  cleaned: Segment,
  log: CleanedLog,
  { rules, transactions, ioBytes }: { rules: CleanRules; transactions: CleanedTransactions; ioBytes: number },
): Generator<number, void> {
  for (let position = 0; position < segment.size; ) {
    const sizeBefore = cleaned.size
    const batches = readSome(segment, position, ioBytes, log.name)
    for (const batch of batches) {
      const cleaning = cleanBatch(batch, transactions.mayGo(batch), rules)
      const kept = yield* readable(cleaning, batch, segment, log.name)
      if (kept) cleaned.append(kept, readBatchHeader(kept), log.settings.indexIntervalBytes)
    }
    const last = batches.at(-1)!
    yield last.position + last.header.size - position + cleaned.size - sizeBefore
    position = last.position + last.header.size
  }
}

/** The whole batches at `position`: one read of `ioBytes`, or a second read if the first batch is larger; at least one batch. */
function readSome(segment: Segment, position: number, ioBytes: number, name: string): VisitedBatch[] {
  let bytes = segment.file.read(position, Math.min(ioBytes, segment.size - position))
  const first = bytes.length >= HEADER_SIZE ? batchSizeAt(bytes, 0) : 0
  if (first > bytes.length) bytes = segment.file.read(position, Math.min(first, segment.size - position))
  const batches: VisitedBatch[] = []
  for (let at = 0; at + HEADER_SIZE <= bytes.length; at += batches.at(-1)!.header.size) {
    const size = batchSizeAt(bytes, at)
    if (size < HEADER_SIZE || at + size > bytes.length) break
    const header = readBatchHeader(bytes, at)
    if (computeCrc(bytes, at) !== header.crc) break
    batches.push({ header, position: position + at, bytes, at })
  }
  if (batches.length > 0) return batches
  throw new Error(
    `${name}: segment ${segment.baseOffset} is damaged at byte ${position}: it is not compacted, and stays unchanged`,
  )
}
