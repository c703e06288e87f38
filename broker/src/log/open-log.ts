/**
 * Opens a partition's log: from a folder of files to a log that accepts appends. (LogLoader)
 *
 *   1  remove or finish what an interrupted operation left (segment-swap.ts)
 *   2  open a segment for each .log file; create one if there is none
 *   3  after a crash: read and repair segments from the recovery point on (recovery.ts)
 *   4  set the end of the log to the end of the last batch
 *   5  remove leader epochs beyond the end
 *   6  load the producers' state: the newest snapshot, and the batches after it
 *
 * A new log takes the same steps; they create the folder, partition.metadata and the first segment.
 */
import type { Randomness, Storage } from '../core.ts'
import { type Codecs, NO_CODECS } from '../record/compression.ts'
import {
  PARTITION_METADATA_FILE,
  readPartitionMetadata,
  writePartitionMetadata,
} from './checkpoints/partition-metadata.ts'
import { finishSwaps } from './compaction/segment-swap.ts'
import { offsetOfFile } from './files.ts'
import { LEADER_EPOCH_FILE, LeaderEpochs } from './leader-epochs.ts'
import { LocalLog } from './local-log.ts'
import { PartitionLog } from './partition-log.ts'
import { ProducerStateManager } from './producers/producer-state-manager.ts'
import { type LoadOptions, loadSegments } from './recovery/load-segments.ts'
import { walkBatches } from './segment/batch-reader.ts'
import { Segment } from './segment/segment.ts'
import { DamagedLogError } from './sound-batches.ts'

export interface OpenLogOptions extends LoadOptions {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly codecs?: Codecs | undefined
  /** From log-start-offset-checkpoint. */
  readonly logStartOffset?: number | undefined
  /** From replication-offset-checkpoint. */
  readonly highWatermark?: number | undefined
  /** Called when DeleteRecords has moved the log start, so that the checkpoint is written. */
  readonly onLogStartMoved?: (() => void) | undefined
  /** Removes files later (file.delete.delay.ms); without it they are removed at once. */
  readonly removeLater?: ((paths: readonly string[]) => void) | undefined
  /** Called once, when a flush has failed: the log refuses appends from then on (disk-trouble.ts). */
  readonly onFlushFailed?: ((error: Error) => void) | undefined
  /** For segment.jitter.ms. */
  readonly random?: Randomness | undefined
}

/** Opens or creates a log. Throws StorageError, and DamagedLogError if the folder belongs to another topic. */
export function openLog(options: OpenLogOptions): PartitionLog {
  const { storage, folder, clock, config } = options
  storage.makeFolder(folder)
  checkTopicId(options)
  finishSwaps(storage, folder, options.log)
  const segments = openSegments(options)
  const logStartOffset = Math.max(options.logStartOffset ?? 0, segments[0]!.baseOffset)
  const producers = new ProducerStateManager(storage, folder)
  producers.removeStraySnapshots(segments.map(({ baseOffset }) => baseOffset))
  const leaderEpochs = openLeaderEpochs(options, segments)
  const loaded = loadSegments({ options, segments, producers, leaderEpochs, logStartOffset })
  const { endOffset } = loaded
  leaderEpochs.truncateFromEnd(endOffset)
  leaderEpochs.truncateFromStart(logStartOffset)
  // Producer state that was rebuilt from batches after a crash must survive a clean stop without further appends.
  leaderEpochs.trySave()
  const { removeLater, onFlushFailed, random } = options
  const local = new LocalLog({
    storage,
    folder,
    clock,
    segments,
    ...loaded,
    removeLater,
    onFlushFailed,
    random,
  })
  const opened = new PartitionLog({
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
    firstDirtyOffset: options.firstDirtyOffset ?? 0,
    onLogStartMoved: options.onLogStartMoved,
  })
  if (options.highWatermark !== undefined) opened.highWatermark = options.highWatermark
  if (logStartOffset > endOffset) {
    // DeleteRecords had removed the rest before the crash: offsets continue at the log start, so that none is used twice.
    const what = `ends at ${endOffset} below its start ${logStartOffset}: it is restarted at its start`
    options.log('warn', `log ${folder} ${what}`)
    opened.truncateFullyAndStartAt(logStartOffset)
  }
  return opened
}

/** The folder may belong to a deleted topic of the same name (KIP-516). */
function checkTopicId({ storage, folder, topicId, log }: OpenLogOptions): void {
  const found = readPartitionMetadata(storage, folder)
  if (found === topicId) return
  if (found !== undefined) throw new DamagedLogError(otherTopic(folder, found, topicId))
  // A deleted topic's folder is renamed, so a folder with the plain name belongs to this topic.
  if (storage.exists(`${folder}/${PARTITION_METADATA_FILE}`))
    log('warn', `log ${folder}: ${PARTITION_METADATA_FILE} is damaged, and was rewritten`)
  writePartitionMetadata(storage, folder, topicId)
}

function otherTopic(folder: string, found: string, topicId: string): string {
  return `log ${folder}: topic id ${found} on disk, ${topicId} in the metadata: this is another topic's folder. Move it away, and restart the broker`
}

/** From the checkpoint; if that is damaged or lost, from the batches, each of which holds its leader epoch. */
function openLeaderEpochs(
  { storage, folder, log }: OpenLogOptions,
  segments: readonly Segment[],
): LeaderEpochs {
  const leaderEpochs = new LeaderEpochs(storage, folder)
  if (leaderEpochs.isKnown || segments.every(({ size }) => size === 0)) return leaderEpochs
  log('warn', `log ${folder}: ${LEADER_EPOCH_FILE} is damaged or lost, and was rebuilt from the batches`)
  for (const { file, size } of segments) {
    walkBatches(file, 0, size, ({ header }) => {
      leaderEpochs.assign(header.partitionLeaderEpoch, header.baseOffset)
      return true
    })
  }
  leaderEpochs.trySave()
  return leaderEpochs
}

function openSegments({ storage, folder, clock, logStartOffset }: OpenLogOptions): Segment[] {
  const offsets = storage
    .list(folder)
    .map((name) => offsetOfFile(name, 'log'))
    .filter((offset) => offset !== undefined)
  removeOrphans(storage, folder, offsets)
  if (offsets.length === 0) offsets.push(logStartOffset ?? 0)
  return offsets.map((offset) => new Segment(storage, folder, offset, clock.monotonicMs()))
}

const INDEXES = ['index', 'timeindex', 'txnindex'] as const

/** Indexes without a .log file: a crash came after the .log file was removed. (LogLoader.loadSegmentFiles) */
function removeOrphans(storage: Storage, folder: string, offsets: readonly number[]): void {
  for (const name of storage.list(folder)) {
    const offset = INDEXES.map((suffix) => offsetOfFile(name, suffix)).find((found) => found !== undefined)
    if (offset !== undefined && !offsets.includes(offset)) storage.remove(`${folder}/${name}`)
  }
}
