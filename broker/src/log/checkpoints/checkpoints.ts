/**
 * The checkpoints at the root of the log directory: one number per partition.
 *
 *   recovery-point-offset-checkpoint   all offsets below it are flushed: recovery begins there
 *   log-start-offset-checkpoint        the log start offset after DeleteRecords; segments are deleted later
 *   replication-offset-checkpoint      the high watermark: a restarted leader begins with it
 *   cleaner-offset-checkpoint          the offset up to which the log is compacted
 *
 *   line = topic partition offset
 *
 * They are written periodically, so a checkpoint may be lower than the true offset, never higher.
 * (org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile)
 */

import type { Storage } from '../../core.ts'
import { partitionKey } from '../../topic-names.ts'
import { readCheckpoint, writeCheckpoint } from './text-file.ts'

export const CheckpointName = {
  RECOVERY_POINT: 'recovery-point-offset-checkpoint',
  LOG_START: 'log-start-offset-checkpoint',
  HIGH_WATERMARK: 'replication-offset-checkpoint',
  CLEANER: 'cleaner-offset-checkpoint',
} as const
export type CheckpointName = (typeof CheckpointName)[keyof typeof CheckpointName]

const VERSION = 0

/** Offsets by `topic-partition`: empty if the file is missing, undefined if it is damaged. Recovery handles both. */
export function readOffsets(storage: Storage, name: CheckpointName): Map<string, number> | undefined {
  const entries = readCheckpoint(storage, name, VERSION)
  if (!entries) return storage.exists(name) ? undefined : new Map()
  if (!entries.every(isEntry)) return undefined
  return new Map(
    entries.map(([topic, partition, offset]) => [partitionKey(topic!, Number(partition)), Number(offset)]),
  )
}

function isEntry(words: readonly string[]): boolean {
  return words.length === 3 && /^\d+$/.test(words[1]!) && /^\d+$/.test(words[2]!)
}

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export function writeOffsets(
  storage: Storage,
  name: CheckpointName,
  offsets: readonly PartitionOffset[],
): void {
  const lines = offsets.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`)
  writeCheckpoint(storage, name, VERSION, lines)
}
