/**
 * From files to a log's end: trusted after a clean stop, mended after a crash, or when something looks wrong.
 * (LogLoader.recoverLog)
 *
 *   clean stop   | 0 ... 41 | 42 ... 97 | 98 ... |       nothing is read but the end of the last segment
 *   crash        | 0 ... 41 | 42 ... 97 | 98 ..~         from the recovery point on, every batch is read (recovery.ts)
 *
 *   what looks wrong after a clean stop             what is done
 *   an index is odd, or short in a done segment     it is written anew from the batches
 *   the last segment ends in what is no batch       mended from there; what is cut off is kept as `.log.damaged`
 *   an index of aborted transactions is odd         mended from there: it takes the producers' state to write it
 *
 * LOAD-SEGMENTS-1  what follows a cut goes: its offsets would not follow on those before it
 * LOAD-SEGMENTS-2  the same for segments that do not follow on each other, where nothing was compacted: a crash may
 *     have taken exactly the last batches of one. (Kafka looks at bytes only, and keeps such a gap.)
 * LOAD-SEGMENTS-3  damage that no crash explains is told, and what it costs is put aside, not thrown away
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

/** How a log is loaded; the rest of what opens one stands in open-log.ts. */
export interface LoadOptions {
  readonly storage: Storage
  /** Relative to the log directory; Kafka's name for it is `<topic>-<partition>`. */
  readonly folder: string
  readonly config: LogConfig
  readonly clock: Clock
  readonly log: Logger
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** From recovery-point-offset-checkpoint; 0 when it has no entry. */
  readonly recoveryPoint: number
  readonly hadCleanShutdown: boolean
  /**
   * Damage that no crash explains is an error, not mended by a cut: what the metadata log loses, a topic or all of them,
   * would be put aside as nobody's. (Kafka's controller ends, too, when it comes to the place.)
   */
  readonly refusesDamage?: boolean
  /** From cleaner-offset-checkpoint; 0 when it has no entry. */
  readonly firstDirtyOffset?: number
}

/** What is loaded, and into what. */
export interface Loading {
  readonly options: LoadOptions
  /** Of the log; those that go are taken out. */
  readonly segments: Segment[]
  readonly producers: ProducerStateManager
  readonly leaderEpochs: LeaderEpochs
  readonly logStartOffset: number
}

/** Where the log ends, and up to where it is known to be on disk. */
export interface Loaded {
  readonly endOffset: number
  readonly recoveryPoint: number
}

/** Brings segments and producers into order. Throws StorageError. */
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
      'no whole batch is there, though the last stop was clean',
    )
  }
  const what = 'damaged, though the last stop was clean: it is read, and mended'
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

/** Of segments that are done, and whose batches are trusted. */
function mendIndexes(loading: Loading, segments: readonly Segment[]): void {
  for (const segment of segments) if (segment.hasLostIndex) mendIndex(loading, segment)
}

function mendIndex({ options }: Loading, segment: Segment): void {
  options.log('warn', `log ${options.folder}, segment ${segment.baseOffset}: its indexes are made anew`)
  segment.reindex(options.config.indexIntervalBytes)
}

function reloadProducers({ options, producers, logStartOffset }: Loading, endOffset: number): void {
  const { clock, config, log, folder } = options
  producers.reload(logStartOffset, endOffset, settledNow(clock), config.producerIdExpirationMs, (snapshot) =>
    log('warn', `log ${folder}: the producers' snapshot ${snapshot} is damaged: an older one is taken`),
  )
}

/** Everything from `fromOffset` on is read, and cut where it is bad. Gives the end offset. */
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
  // The next crash need not read all of this again.
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

/** LOAD-SEGMENTS-2. Below the first dirty offset compaction may have made the gap. */
function isGap({ options }: Loading, endOffset: number, next: Segment): boolean {
  if (options.config.cleanupPolicy.includes('compact')) return false
  return endOffset < next.baseOffset && next.baseOffset > (options.firstDirtyOffset ?? 0)
}

/** LOAD-SEGMENTS-1: what follows a hole cannot be kept. */
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
  options.log('warn', `log ${options.folder} was cut where ${why}`, told)
  options.trace?.({ type: 'torn write cut', log: options.folder, ...told })
}

/**
 * LOAD-SEGMENTS-3: what is cut off a log that was closed cleanly goes to a file of its own, for people to look into.
 */
function keepDamaged({ options }: Loading, segment: Segment, position: number): void {
  if (!options.hadCleanShutdown || position >= segment.size) return
  const path = `${options.folder}/${segmentFile(segment.baseOffset, 'log')}.damaged`
  options.storage.remove(path)
  const file = options.storage.open(path)
  for (let at = position; at < segment.size; at += CHUNK_BYTES)
    file.append([segment.file.read(at, Math.min(CHUNK_BYTES, segment.size - at))])
  file.close()
  options.log('warn', `what was cut off is kept in ${path}`, { bytes: segment.size - position })
}
