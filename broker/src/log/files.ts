/**
 * The names of a partition's files, as Kafka has them: any of its tools finds its way here.
 *
 *   orders-0/                                the folder: topic, '-', partition
 *     00000000000000000000.log               a segment: batches; named by the first offset it may hold, 20 digits
 *     00000000000000000000.index             offset -> position in .log      (offset-index.ts)
 *     00000000000000000000.timeindex         timestamp -> offset             (time-index.ts)
 *     00000000000000000000.txnindex          aborted transactions, when there are any (transaction-index.ts)
 *     00000000000000000042.snapshot          the producers' state before offset 42    (producer-snapshot.ts)
 *     ….log.cleaned, .swap, .deleted         a segment that is being replaced or removed      (segment-swap.ts)
 *     ….log.damaged                          what was cut off though no crash explains it    (load-segments.ts)
 *     leader-epoch-checkpoint                where each leader's time began  (leader-epochs.ts)
 *     partition.metadata                     the topic's id                  (partition-metadata.ts)
 *   orders-0.<32 hex digits>-delete/         a deleted partition that has not been removed yet
 *   orders-0.<32 hex digits>-stray/          one that was found, and is in no topic
 *
 * (org.apache.kafka.storage.internals.log.LogFileUtils)
 */
/** The files of a segment, in the order in which they are renamed. */
export const SEGMENT_SUFFIXES = ['log', 'index', 'timeindex', 'txnindex'] as const
export type SegmentSuffix = (typeof SEGMENT_SUFFIXES)[number] | 'snapshot'

/** `00000000000000000042.log` for 42. */
export function segmentFile(baseOffset: number, suffix: SegmentSuffix): string {
  return `${String(baseOffset).padStart(20, '0')}.${suffix}`
}

/** The offset in the name of such a file; undefined for other files. */
export function offsetOfFile(name: string, suffix: SegmentSuffix): number | undefined {
  if (!name.endsWith(`.${suffix}`)) return undefined
  const digits = name.slice(0, -suffix.length - 1)
  return /^\d{20}$/.test(digits) ? Number(digits) : undefined
}

/** The partition that a folder holds; undefined when it is no partition's, or that of a deleted one. */
export function partitionOfFolder(folder: string): { topic: string; partition: number } | undefined {
  const match = /^(.+)-(\d+)$/.exec(folder)
  return match ? { topic: match[1]!, partition: Number(match[2]) } : undefined
}

/** Is this name one of those that lie in a partition's folder, and nowhere else? */
export function isPartitionFile(name: string): boolean {
  return name === 'partition.metadata' || /^\d{20}\.(log|index|timeindex|txnindex|snapshot)$/.test(name)
}

/** Where the folder of a partition that is in no topic is put aside; `unique` are 32 hex digits. */
export function strayFolder(folder: string, unique: string): string {
  return withSuffix(folder, `.${unique}-stray`)
}

/** Where a deleted partition's folder waits for its removal; `unique` are 32 hex digits. */
export function deletedFolder(folder: string, unique: string): string {
  return withSuffix(folder, `.${unique}-delete`)
}

/** File systems end a name at 255 bytes; Kafka cuts long topic names here, too. */
function withSuffix(folder: string, suffix: string): string {
  return folder.slice(0, 255 - suffix.length) + suffix
}

/** Was this folder's partition deleted? Such folders are removed when the broker starts. */
export function isDeletedFolder(folder: string): boolean {
  return /\.[0-9a-f]{32}-delete$/.test(folder)
}
