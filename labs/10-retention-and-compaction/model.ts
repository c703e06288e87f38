/**
 * Lab 10: what the three functions that compute must give, and what they give under a wrong belief: each rule may be
 * twisted, one at a time. A check compares with the right answer; when it differs, and a twist explains all answers of the
 * check, it is the twist that is told.
 */
import type { LogRecord, NextPass, Obstacle, PartitionLog, Pass, Row, Segment } from './subject.ts'

export type ExpiredTwist =
  | 'firstRecord'
  | 'equalAge'
  | 'eachAlone'
  | 'toTheLimit'
  | 'bothNeeded'
  | 'activeNever'
  | 'emptyGoes'
  | 'watermark'
  | 'anyPolicy'
  | 'compactKeepsAll'
  | 'activeBelowStart'
  | 'inPasses'

/** Base offsets of the segments that go. */
export function expiredOf(log: PartitionLog, now: number, twist?: ExpiredTwist): number[] {
  const { config, segments } = log
  const byPolicy = twist === 'anyPolicy' || config.cleanupPolicy !== 'compact'
  const isOld = ({ firstTimestamp, maxTimestamp }: Segment) => {
    const age = now - (twist === 'firstRecord' ? firstTimestamp : maxTimestamp)
    return twist === 'equalAge' ? age >= config.retentionMs : age > config.retentionMs
  }
  const hasRoom = (i: number) => {
    const without = bytesOf(segments.slice(i + 1))
    if (twist === 'toTheLimit') return without + (segments[i]?.bytes ?? 0) > config.retentionBytes
    return without >= config.retentionBytes
  }
  const goes = (segment: Segment, i: number): boolean => {
    const isActive = i === segments.length - 1
    const end = endOf(log, i)
    if (twist !== 'watermark' && end > log.highWatermark) return false
    if (isActive && segment.bytes === 0 && twist !== 'emptyGoes') return false
    if (isActive && twist === 'activeNever') return false
    if (config.cleanupPolicy === 'compact' && twist === 'compactKeepsAll') return false
    if (end <= log.startOffset && (!isActive || twist === 'activeBelowStart')) return true
    if (!byPolicy) return false
    const [timed, sized] = [config.retentionMs >= 0, config.retentionBytes >= 0]
    if (twist === 'bothNeeded' && timed && sized) return isOld(segment) && hasRoom(i)
    return (timed && isOld(segment)) || (sized && hasRoom(i))
  }
  const flags = segments.map(goes)
  if (twist === 'inPasses') {
    // Time, then size, then the start: each takes what it can, from where the one before has ended.
    const mayGo = (i: number) => goes(segments[i] as Segment, i)
    const isActive = (i: number) => i === segments.length - 1
    const reasons = [
      (i: number) => byPolicy && config.retentionMs >= 0 && isOld(segments[i] as Segment),
      (i: number) => byPolicy && config.retentionBytes >= 0 && hasRoom(i),
      (i: number) => !isActive(i) && endOf(log, i) <= log.startOffset,
    ]
    let upTo = 0
    for (const hasReason of reasons) while (upTo < segments.length && mayGo(upTo) && hasReason(upTo)) upTo++
    return segments.slice(0, upTo).map(({ baseOffset }) => baseOffset)
  }
  const firstKept = twist === 'eachAlone' || !flags.includes(false) ? segments.length : flags.indexOf(false)
  return segments.filter((_, i) => flags[i] === true && i < firstKept).map(({ baseOffset }) => baseOffset)
}

export type RangeTwist =
  | 'activeToo'
  | 'noTransactions'
  | 'stableInside'
  | 'ageOfFirst'
  | 'noAge'
  | 'skipsWaiting'

export type DueTwist =
  | 'equalShare'
  | 'multiplied'
  | 'shareOfAll'
  | 'overNothing'
  | 'neverOverdue'
  | 'newestOverdue'

/** The part that the next pass takes, and what it waits for. */
export function nextPassOf(log: PartitionLog, now: number, twist?: RangeTwist | DueTwist): NextPass {
  const { segments, config } = log
  const first = segments.findIndex(({ baseOffset }) => baseOffset === log.cleanedTo)
  const hindered = segments.map((_, i) => hindranceOf(log, i, now, twist))
  const waiting = hindered.findIndex((one, i) => i >= first && one !== undefined)
  const end =
    twist === 'skipsWaiting'
      ? Math.max(first, hindered.lastIndexOf(undefined) + 1)
      : waiting === -1
        ? segments.length
        : waiting
  const dirty = segments.slice(first, end)
  const upTo = segments[end]?.baseOffset ?? log.endOffset
  const all = twist === 'shareOfAll' ? segments : segments.slice(0, end)
  const share = bytesOf(dirty) / bytesOf(all)
  const isWorth =
    twist === 'multiplied'
      ? bytesOf(dirty) > config.minCleanableDirtyRatio * bytesOf(all)
      : twist === 'equalShare'
        ? share >= config.minCleanableDirtyRatio
        : share > config.minCleanableDirtyRatio
  const candidates = twist === 'overNothing' ? segments.slice(first) : dirty
  const isOverdue =
    twist !== 'neverOverdue' &&
    candidates.some(
      ({ firstTimestamp, maxTimestamp }) =>
        now - (twist === 'newestOverdue' ? maxTimestamp : firstTimestamp) > config.maxCompactionLagMs,
    )
  const isDue = (dirty.length > 0 && isWorth) || isOverdue
  const waitsFor = isDue ? null : dirty.length > 0 ? 'ratio' : (hindered[first] ?? 'roll')
  return { from: log.cleanedTo, upTo, waitsFor }
}

/** What keeps a segment from being compacted now. */
function hindranceOf(
  log: PartitionLog,
  i: number,
  now: number,
  twist: RangeTwist | DueTwist | undefined,
): Obstacle | undefined {
  const segment = log.segments[i]
  if (segment === undefined) return undefined
  if (i === log.segments.length - 1 && twist !== 'activeToo') return 'roll'
  const isOpen =
    twist === 'stableInside'
      ? segment.baseOffset >= log.lastStableOffset
      : endOf(log, i) > log.lastStableOffset
  if (isOpen && twist !== 'noTransactions') return 'transaction'
  const { minCompactionLagMs } = log.config
  const age = now - (twist === 'ageOfFirst' ? segment.firstTimestamp : segment.maxTimestamp)
  return minCompactionLagMs > 0 && age < minCompactionLagMs && twist !== 'noAge' ? 'age' : undefined
}

export type CompactTwist =
  | 'wholeLog'
  | 'keepsKeyless'
  | 'nullIsAKey'
  | 'tombstoneAtOnce'
  | 'neverGoes'
  | 'clockAnew'
  | 'emptyIsNull'
  | 'notYetAtGoesAt'
  | 'tombstonesBeyond'
  | 'zeroIsNull'

/** What a pass leaves. */
export function compactedOf(
  records: readonly LogRecord[],
  { upTo, now, deleteRetentionMs }: Pass,
  twist?: CompactTwist,
): LogRecord[] {
  const newest = new Map<string | null, number>()
  for (const { offset, key } of records) if (offset < upTo || twist === 'wholeLog') newest.set(key, offset)
  const isTombstone = ({ value }: LogRecord) => value === null || (value === '' && twist === 'emptyIsNull')
  const left: LogRecord[] = []
  for (const record of records) {
    const { offset, key, goesAt } = record
    const isBeyond = offset >= upTo
    if (isBeyond && !(twist === 'tombstonesBeyond' && isTombstone(record))) {
      left.push(record)
      continue
    }
    if (key === null && twist !== 'nullIsAKey') {
      if (twist === 'keepsKeyless') left.push(record)
      continue
    }
    if (!isBeyond && newest.get(key) !== offset) continue
    if (!isTombstone(record)) left.push(record)
    else if (twist === 'tombstoneAtOnce') continue
    else if (goesAt === null || twist === 'clockAnew' || (twist === 'zeroIsNull' && goesAt === 0))
      left.push({ ...record, goesAt: now + deleteRetentionMs })
    else if (now < goesAt || twist === 'neverGoes' || (now === goesAt && twist === 'notYetAtGoesAt'))
      left.push(record)
  }
  return left
}

/** A record of a topic, as a table is made of it. */
export interface TableRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
}

/** The rows that records come to, in the order of partition and offset. */
export function rowsOf(records: readonly TableRecord[]): Row[] {
  const rows = new Map<string, Row>()
  for (const { partition, offset, key, value } of records) {
    if (key === null) continue
    const place = `${partition} ${key}`
    rows.delete(place)
    if (value !== null) rows.set(place, { partition, offset, key, value })
  }
  return [...rows.values()].sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}

/** Where the records of a segment end: an offset. */
export const endOf = (log: PartitionLog, i: number): number =>
  log.segments[i + 1]?.baseOffset ?? log.endOffset

export const bytesOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { bytes }) => sum + bytes, 0)
