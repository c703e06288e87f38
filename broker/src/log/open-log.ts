/**
 * Opening a partition's log: from a folder of files to a log that can be appended to. (LogLoader)
 *
 *   1  what an interrupted operation left behind is removed, or finished (segment-swap.ts)
 *   2  a segment for each .log file; a new one when there is none
 *   3  after a crash: segments from the recovery point on are read and mended (recovery.ts)
 *   4  the end of the log is where the last batch ends
 *   5  leader epochs beyond the end are forgotten
 *   6  the producers' state: newest snapshot, and the batches behind it
 *
 * A new log is the same but for empty hands: opening makes the folder, partition.metadata and the first segment.
 */
import type { Clock, Logger, Storage, TraceEvent } from '../core.ts'
import { type Codecs, NO_CODECS } from '../record/compression.ts'
import { offsetOfFile } from './files.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import { LocalLog } from './local-log.ts'
import type { LogConfig } from './log.ts'
import { PartitionLog } from './partition-log.ts'
import { readPartitionMetadata, writePartitionMetadata } from './partition-metadata.ts'
import { ProducerStateManager } from './producer-state-manager.ts'
import { recoverSegment, replayProducers } from './recovery.ts'
import { Segment } from './segment.ts'
import { finishSwaps } from './segment-swap.ts'

export interface OpenLogOptions {
  readonly storage: Storage
  /** Relative to the log directory; Kafka's name for it is `<topic>-<partition>`. */
  readonly folder: string
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly config: LogConfig
  readonly clock: Clock
  readonly log: Logger
  readonly trace?: ((event: TraceEvent) => void) | undefined
  readonly codecs?: Codecs | undefined
  /** From recovery-point-offset-checkpoint; 0 when it has no entry. */
  readonly recoveryPoint: number
  readonly hadCleanShutdown: boolean
  /** From log-start-offset-checkpoint. */
  readonly logStartOffset?: number | undefined
  /** Called when DeleteRecords has moved the log start: time to write the checkpoint. */
  readonly onLogStartMoved?: (() => void) | undefined
  /** Removes files some time (file.delete.delay.ms); without it they are removed at once. */
  readonly removeLater?: ((paths: readonly string[]) => void) | undefined
}

/** Opens or makes a log. Throws StorageError, and Error when the folder is another topic's. */
export function openLog(options: OpenLogOptions): PartitionLog {
  const { storage, folder, clock, config } = options
  storage.makeFolder(folder)
  checkTopicId(options)
  finishSwaps(storage, folder, options.log)
  const segments = openSegments(options)
  const logStartOffset = Math.max(options.logStartOffset ?? 0, segments[0]!.baseOffset)
  const producers = new ProducerStateManager(storage, folder)
  producers.removeStraySnapshots(segments.map(({ baseOffset }) => baseOffset))
  const leaderEpochs = new LeaderEpochs(storage, folder)
  const endOffset = options.hadCleanShutdown
    ? trust(segments, producers, { options, logStartOffset, leaderEpochs })
    : mend(segments, producers, { options, logStartOffset, leaderEpochs })
  leaderEpochs.truncateFromEnd(endOffset)
  leaderEpochs.truncateFromStart(logStartOffset)
  const recoveryPoint = options.hadCleanShutdown ? endOffset : Math.min(options.recoveryPoint, endOffset)
  const { removeLater } = options
  const local = new LocalLog({ storage, folder, clock, segments, endOffset, recoveryPoint, removeLater })
  return new PartitionLog({
    topic: options.topic,
    partition: options.partition,
    topicId: options.topicId,
    config,
    clock,
    trace: options.trace,
    codecs: options.codecs ?? NO_CODECS,
    local,
    leaderEpochs,
    producers,
    logStartOffset: Math.min(logStartOffset, endOffset),
    onLogStartMoved: options.onLogStartMoved,
  })
}

/** The folder of a topic that was deleted and made again is not this topic's (KIP-516). */
function checkTopicId({ storage, folder, topicId }: OpenLogOptions): void {
  const found = readPartitionMetadata(storage, folder)
  if (found === undefined) writePartitionMetadata(storage, folder, topicId)
  else if (found !== topicId)
    throw new Error(`log ${folder}: topic id ${found} on disk, ${topicId} in the metadata`)
}

function openSegments({ storage, folder, clock, logStartOffset }: OpenLogOptions): Segment[] {
  const offsets = storage
    .list(folder)
    .map((name) => offsetOfFile(name, 'log'))
    .filter((offset) => offset !== undefined)
  if (offsets.length === 0) offsets.push(logStartOffset ?? 0)
  return offsets.map((offset) => new Segment(storage, folder, offset, clock.now()))
}

interface Opening {
  readonly leaderEpochs: LeaderEpochs
  readonly options: OpenLogOptions
  readonly logStartOffset: number
}

/** After a clean shutdown: the files are as they should be. Gives the end offset. */
function trust(
  segments: Segment[],
  producers: ProducerStateManager,
  { options, logStartOffset }: Opening,
): number {
  for (const segment of segments.slice(0, -1)) {
    if (segment.hasLostIndex) segment.reindex(options.config.indexIntervalBytes)
  }
  const active = segments.at(-1)!
  active.resume()
  const endOffset = active.readNextOffset()
  reloadProducers(producers, { options, logStartOffset }, endOffset)
  replayProducers(producers, segments, endOffset)
  return endOffset
}

function reloadProducers(
  producers: ProducerStateManager,
  { options, logStartOffset }: Omit<Opening, 'leaderEpochs'>,
  endOffset: number,
): void {
  producers.reload(logStartOffset, endOffset, options.clock.now(), options.config.producerIdExpirationMs)
}

/** After a crash: what may not have reached the disk is checked, and cut where it is bad. Gives the end offset. */
function mend(segments: Segment[], producers: ProducerStateManager, opening: Opening): number {
  const { options } = opening
  const first = firstUnflushed(segments, options.recoveryPoint)
  const from = segments[first]!.baseOffset
  reloadProducers(producers, opening, from)
  for (const segment of segments.slice(0, first)) {
    if (segment.hasLostIndex) segment.reindex(options.config.indexIntervalBytes)
  }
  replayProducers(producers, segments.slice(0, first), from)
  let endOffset = from
  for (let i = first; i < segments.length; i++) {
    producers.mapEndOffset = Math.max(producers.mapEndOffset, segments[i]!.baseOffset)
    if (i > first) producers.takeSnapshot()
    const recovered = recoverSegment(segments[i]!, {
      indexIntervalBytes: options.config.indexIntervalBytes,
      producers,
      leaderEpochs: opening.leaderEpochs,
    })
    endOffset = recovered.nextOffset
    if (recovered.cutBytes === 0) continue
    // What follows a hole cannot be kept: offsets would be missing.
    const dropped = segments.splice(i + 1)
    for (const segment of dropped) segment.delete()
    report(opening, { endOffset, cutBytes: recovered.cutBytes, droppedSegments: dropped.length })
  }
  // The next crash need not read all of this again.
  producers.mapEndOffset = Math.max(producers.mapEndOffset, endOffset)
  producers.takeSnapshot()
  return endOffset
}

function firstUnflushed(segments: readonly Segment[], recoveryPoint: number): number {
  return Math.max(
    0,
    segments.findLastIndex((segment) => segment.baseOffset <= recoveryPoint),
  )
}

function report(
  { options }: Opening,
  cut: { endOffset: number; cutBytes: number; droppedSegments: number },
): void {
  options.log('warn', `log ${options.folder} was cut where its bytes are damaged`, cut)
  options.trace?.({ type: 'torn write cut', log: options.folder, ...cut })
}
