/**
 * Determines a log's end from its files: trusted after a clean stop, recovered after a crash or if a file looks wrong.
 * (LogLoader.recoverLog)
 *
 *   clean stop   | 0 ... 41 | 42 ... 97 | 98 ... |       only the end of the last segment is read
 *   crash        | 0 ... 41 | 42 ... 97 | 98 ..~         from the recovery point on, every batch is read (recovery.ts)
 *
 *   what is wrong after a clean stop                what is done
 *   an index is invalid, or too short               it is rebuilt from the batches
 *   the last segment ends in an incomplete batch    recovered from there; removed bytes are kept as `.log.damaged`
 *   an index of aborted transactions is invalid     recovered from there: rebuilding it needs the producers' state
 *
 * LOAD-SEGMENTS-1  everything after a truncation is removed: otherwise offsets would be missing
 * LOAD-SEGMENTS-2  the same applies if segments do not follow each other in the part that was not compacted: a crash may
 *     have lost exactly the last batches of one. (Kafka looks at bytes only, and keeps such a gap.)
 * LOAD-SEGMENTS-3  damage that a crash can't explain is logged, and the bytes that are removed are kept in a file
 */
import type { Clock, Logger, Storage, TraceEvent } from '../../core.ts'
import { settledNow } from '../../settled-time.ts'
import { removeSegment } from '../compaction/segment-swap.ts'
import { segmentFile } from '../files.ts'
import type { LeaderEpochs } from '../leader-epochs.ts'
import type { LogConfig } from '../log.ts'
import type { ProducerStateManager } from '../producers/producer-state-manager.ts'
import { CHUNK_BYTES } from '../segment/batch-reader.ts'
import type { Segment } from '../segment/segment.ts'
import { damagedAt } from '../sound-batches.ts'
import { recoverSegment, replayProducers } from './recovery.ts'

/** How a log is loaded. open-log.ts has the other options of opening a log. */
export interface LoadOptions {
  readonly storage: Storage
  /** Relative to the log directory; Kafka's name for it is `<topic>-<partition>`. */
  readonly folder: string
  readonly config: LogConfig
  readonly clock: Clock
  readonly log: Logger
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** From recovery-point-offset-checkpoint; 0 without an entry. */
  readonly recoveryPoint: number
  readonly hadCleanShutdown: boolean
  /**
   * If true, damage that a crash can't explain throws, and is not repaired by truncation: the metadata log would lose
   * topics, and their folders would become stray. (Kafka's controller also fails when it reads the damaged batch.)
   */
  readonly refusesDamage?: boolean
  /** From cleaner-offset-checkpoint; 0 without an entry. */
  readonly firstDirtyOffset?: number
}

/** The log's parts while it is loaded. */
export interface Loading {
  readonly options: LoadOptions
  /** The segments of the log; removed ones are taken out. */
  readonly segments: Segment[]
  readonly producers: ProducerStateManager
  readonly leaderEpochs: LeaderEpochs
  readonly logStartOffset: number
}

/** The end of the log, and the offset up to which it is known to be flushed. */
export interface Loaded {
  readonly endOffset: number
  readonly recoveryPoint: number
}

/** Repairs segments, and loads the producers' state. Throws StorageError. */
export function loadSegments(loading: Loading): Loaded {
  const { options, segments } = loading
  if (!options.hadCleanShutdown) {
    const endOffset = mend(loading, options.recoveryPoint)
    return { endOffset, recoveryPoint: Math.min(options.recoveryPoint, endOffset) }
  }
  const active = segments.at(-1)!
  const { nextOffset, position } = active.readEnd()
  const torn = position < active.size ? active : undefined
  const damaged = segments.find((segment) => segment.transactionIndex.isDamaged) ?? torn
  if (!damaged) return trust(loading, nextOffset)
  if (options.refusesDamage) {
    const file = `${options.folder}/${segmentFile(damaged.baseOffset, 'log')}`
    throw damagedAt(
      file,
      { position, offset: nextOffset },
      'there is no complete batch, though the last stop was clean',
    )
  }
  const what = 'damaged, though the last stop was clean: it is recovered'
  options.log('warn', `log ${options.folder}, segment ${damaged.baseOffset}: ${what}`)
  const endOffset = mend(loading, damaged.baseOffset)
  return { endOffset, recoveryPoint: Math.min(damaged.baseOffset, endOffset) }
}

function trust(loading: Loading, endOffset: number): Loaded {
  const { segments, producers } = loading
  mendIndexes(loading, segments.slice(0, -1))
  const active = segments.at(-1)!
  if (active.hasDamagedIndex) mendIndex(loading, active)
  active.resume()
  reloadProducers(loading, endOffset)
  replayProducers(producers, segments, endOffset)
  return { endOffset, recoveryPoint: endOffset }
}

/** Rebuilds indexes of inactive segments whose batches are trusted. */
function mendIndexes(loading: Loading, segments: readonly Segment[]): void {
  for (const segment of segments) if (segment.hasLostIndex) mendIndex(loading, segment)
}

function mendIndex({ options }: Loading, segment: Segment): void {
  options.log('warn', `log ${options.folder}, segment ${segment.baseOffset}: rebuilding its indexes`)
  segment.reindex(options.config.indexIntervalBytes)
}

function reloadProducers({ options, producers, logStartOffset }: Loading, endOffset: number): void {
  const { clock, config, log, folder } = options
  producers.reload(logStartOffset, endOffset, settledNow(clock), config.producerIdExpirationMs, (snapshot) =>
    log('warn', `log ${folder}: the producers' snapshot ${snapshot} is damaged: using an older one`),
  )
}

/** Reads everything from `fromOffset` on, and truncates it at the first invalid batch. Returns the end offset. */
function mend(loading: Loading, fromOffset: number): number {
  const { options, segments, producers, leaderEpochs } = loading
  const first = firstToRead(segments, fromOffset)
  const from = segments[first]!.baseOffset
  reloadProducers(loading, from)
  mendIndexes(loading, segments.slice(0, first))
  replayProducers(producers, segments.slice(0, first), from)
  let endOffset = from
  for (let i = first; i < segments.length; i++) {
    const segment = segments[i]!
    if (i > first && isGap(loading, endOffset, segment)) {
      drop(loading, i, { endOffset, cutBytes: 0 })
      break
    }
    producers.mapEndOffset = Math.max(producers.mapEndOffset, segment.baseOffset)
    if (i > first) producers.takeSnapshot()
    const recovered = recoverSegment(segment, {
      indexIntervalBytes: options.config.indexIntervalBytes,
      producers,
      leaderEpochs,
      onCut: (position) => keepDamaged(loading, segment, position),
    })
    endOffset = recovered.nextOffset
    if (recovered.cutBytes > 0) drop(loading, i + 1, { endOffset, cutBytes: recovered.cutBytes })
  }
  // So that the next crash does not have to read all of this again.
  producers.mapEndOffset = Math.max(producers.mapEndOffset, endOffset)
  producers.takeSnapshot()
  return endOffset
}

function firstToRead(segments: readonly Segment[], fromOffset: number): number {
  return Math.max(
    0,
    segments.findLastIndex((segment) => segment.baseOffset <= fromOffset),
  )
}

/** LOAD-SEGMENTS-2. Below the first dirty offset, a gap may come from compaction. */
function isGap({ options }: Loading, endOffset: number, next: Segment): boolean {
  if (options.config.cleanupPolicy.includes('compact')) return false
  return endOffset < next.baseOffset && next.baseOffset > (options.firstDirtyOffset ?? 0)
}

/** LOAD-SEGMENTS-1: removes everything after a gap. */
function drop(loading: Loading, from: number, cut: { endOffset: number; cutBytes: number }): void {
  const { options, segments } = loading
  const dropped = segments.splice(from)
  for (const segment of dropped) {
    keepDamaged(loading, segment, 0)
    segment.close()
    removeSegment(options.storage, options.folder, segment.baseOffset)
  }
  const told = { ...cut, droppedSegments: dropped.length }
  const why = cut.cutBytes > 0 ? 'its bytes are damaged' : 'batches are missing'
  options.log('warn', `log ${options.folder} was truncated where ${why}`, told)
  options.trace?.({ type: 'torn write cut', log: options.folder, ...told })
}

/**
 * LOAD-SEGMENTS-3: bytes removed from a cleanly closed log are kept in a file of their own, for inspection.
 */
function keepDamaged({ options }: Loading, segment: Segment, position: number): void {
  if (!options.hadCleanShutdown || position >= segment.size) return
  const path = `${options.folder}/${segmentFile(segment.baseOffset, 'log')}.damaged`
  options.storage.remove(path)
  const file = options.storage.open(path)
  for (let at = position; at < segment.size; at += CHUNK_BYTES)
    file.append([segment.file.read(at, Math.min(CHUNK_BYTES, segment.size - at))])
  file.close()
  options.log('warn', `the removed bytes are kept in ${path}`, { bytes: segment.size - position })
}
