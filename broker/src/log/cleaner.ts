/**
 * Compaction: of each key only the last record stays, so a log of changes is a table that can be read from the
 * start. (LogCleaner, LogCleanerManager; cleanup.policy=compact)
 *
 *     0                    first dirty          first uncleanable            end
 *     | a:1   b:4   c:5    | a:7   b:8   a:9    | d:10 ...                   |
 *     '---- clean ---------'----- dirty --------'----- not yet --------------'
 *
 *   1  walk the dirty part, and note the last offset of each key         {a: 9, b: 8}
 *   2  walk everything below it, and keep what clean-filter.ts says      c:5 b:8 a:9
 *
 *   Not yet: the active segment, what is not replicated or decided, records younger than min.compaction.lag.ms.
 *   It begins when the dirty part is more than min.cleanable.dirty.ratio of both parts.
 *
 * N1  a reader sees the same last record of every key before, between and after
 * N2  offsets stay; a segment that is left empty goes, but never the first
 *
 * Kafka cleans in threads of its own and merges segments that became small; here a pass is one synchronous step
 * per log, and segments keep their borders.
 */
import { codecOf, isControl } from '../record/batch.ts'
import type { Codecs } from '../record/compression.ts'
import { readRecords } from '../record/record.ts'
import { walkBatches } from './batch-reader.ts'
import { CleanedTransactions, type CleanRules, cleanBatch, keyText } from './clean-filter.ts'
import type { LogConfig } from './log.ts'
import type { Segment } from './segment.ts'
import type { AbortedEntry } from './transaction-index.ts'

/** A log as compaction sees it; `now` in ms. */
export interface CleanView {
  readonly segments: readonly Segment[]
  readonly config: LogConfig
  readonly codecs: Codecs
  readonly now: number
  readonly logStartOffset: number
  readonly lastStableOffset: number
  /** Compacted up to here in earlier passes. */
  readonly firstDirtyOffset: number
  readonly abortedTransactions: readonly AbortedEntry[]
  readonly lastOfProducer: ReadonlyMap<number, number>
}

/** The segments that a pass would go over, and where it ends; undefined when it is not worth it yet. */
export function cleanableSegments(view: CleanView): { segments: Segment[]; endOffset: number } | undefined {
  const endOffset = firstUncleanable(view)
  const segments = view.segments.filter((segment) => segment.baseOffset < endOffset)
  const clean = sizeOf(segments.filter((segment) => segment.baseOffset < view.firstDirtyOffset))
  const dirty = sizeOf(segments) - clean
  if (dirty === 0 || dirty / (clean + dirty) <= view.config.minCleanableDirtyRatio) return undefined
  return { segments, endOffset }
}

function firstUncleanable({ segments, config, now, lastStableOffset }: CleanView): number {
  const active = segments[segments.length - 1]!
  const young = segments.find((segment) => segment.maxTimestamp.timestamp > now - config.minCompactionLagMs)
  const byLag = config.minCompactionLagMs > 0 ? (young?.baseOffset ?? active.baseOffset) : active.baseOffset
  const bound = Math.min(lastStableOffset, active.baseOffset, byLag)
  // Whole segments only: the one that the bound lies in waits.
  return segments.findLast((segment) => segment.baseOffset <= bound)?.baseOffset ?? 0
}

function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.size, 0)
}

/** One pass. Gives how many bytes it saved; the caller drops the segments that are empty now. */
export function cleanSegments(
  view: CleanView,
  { segments, endOffset }: { segments: Segment[]; endOffset: number },
): number {
  const { now, codecs, lastOfProducer } = view
  const { deleteRetentionMs, indexIntervalBytes } = view.config
  const lastOffsets = lastOffsetOfKeys(view, segments)
  const rules: CleanRules = { lastOffsets, lastOfProducer, endOffset, now, deleteRetentionMs, codecs }
  const transactions = new CleanedTransactions(view.abortedTransactions)
  let saved = 0
  for (const segment of segments) {
    const left = cleanSegment(segment, transactions, rules)
    if (!left) continue
    saved += segment.size - left.length
    segment.replaceContents(left, indexIntervalBytes)
  }
  return saved
}

/** Step 1. Records of aborted transactions do not hide older ones. */
function lastOffsetOfKeys(view: CleanView, segments: readonly Segment[]): Map<string, number> {
  const last = new Map<string, number>()
  const transactions = new CleanedTransactions(view.abortedTransactions)
  for (const segment of segments) {
    walkBatches(segment.file, 0, segment.size, (batch) => {
      const { header, bytes, at } = batch
      if (transactions.mayGo(batch) || isControl(header) || header.lastOffset < view.firstDirtyOffset)
        return true
      if (codecOf(header) !== 0 && !view.codecs.has(codecOf(header))) return true
      for (const { key, offset } of readRecords(bytes, at, view.codecs))
        if (key) last.set(keyText(key), offset)
      return true
    })
  }
  return last
}

/** Step 2 for one segment: its bytes when something goes, undefined when all of it stays as it is. */
function cleanSegment(
  segment: Segment,
  transactions: CleanedTransactions,
  rules: CleanRules,
): Uint8Array | undefined {
  const kept: Uint8Array[] = []
  let changed = false
  walkBatches(segment.file, 0, segment.size, (batch) => {
    const left = cleanBatch(batch, transactions.mayGo(batch), rules)
    if (left) kept.push(left)
    changed ||= left?.buffer !== batch.bytes.buffer
    return true
  })
  return changed ? concat(kept) : undefined
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
