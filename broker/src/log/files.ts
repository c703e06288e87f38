/**
 * The names of a partition's files, equal to Kafka's, so that its tools work on them.
 *
 *   orders-0/                                the folder: topic, '-', partition
 *     00000000000000000000.log               a segment: batches; the name is its base offset, 20 digits
 *     00000000000000000000.index             offset -> position in .log      (offset-index.ts)
 *     00000000000000000000.timeindex         timestamp -> offset             (time-index.ts)
 *     00000000000000000000.txnindex          aborted transactions, if there are any (transaction-index.ts)
 *     00000000000000000042.snapshot          the producers' state before offset 42    (producer-snapshot.ts)
 *     ….log.cleaned, .swap, .deleted         a segment that is being replaced or removed      (segment-swap.ts)
 *     ….log.damaged                          bytes removed by recovery after a clean stop     (load-segments.ts)
 *     leader-epoch-checkpoint                the start offset of each leader epoch  (leader-epochs.ts)
 *     partition.metadata                     the topic's id                  (partition-metadata.ts)
 *   orders-0.<32 hex digits>-delete/         a deleted partition whose files are not removed yet
 *   orders-0.<32 hex digits>-stray/          a partition that belongs to no topic of the metadata
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

/** The offset in the name of such a file; undefined for other names. */
export function offsetOfFile(name: string, suffix: SegmentSuffix): number | undefined {
  if (!name.endsWith(`.${suffix}`)) return undefined
  const digits = name.slice(0, -suffix.length - 1)
  return /^\d{20}$/.test(digits) ? Number(digits) : undefined
}

/** The partition in a folder; undefined if it is not a partition's folder, or a deleted one's. */
export function partitionOfFolder(folder: string): { topic: string; partition: number } | undefined {
  const match = /^(.+)-(\d+)$/.exec(folder)
  return match ? { topic: match[1]!, partition: Number(match[2]) } : undefined
}

/** Whether only a partition's folder contains files of this name. */
export function isPartitionFile(name: string): boolean {
  return name === 'partition.metadata' || /^\d{20}\.(log|index|timeindex|txnindex|snapshot)$/.test(name)
}

/** The new name of the folder of a partition that belongs to no topic; `unique`: 32 hex digits. */
export function strayFolder(folder: string, unique: string): string {
  return withSuffix(folder, `.${unique}-stray`)
}

/** The name of a deleted partition's folder until it is removed; `unique`: 32 hex digits. */
export function deletedFolder(folder: string, unique: string): string {
  return withSuffix(folder, `.${unique}-delete`)
}

/** File systems limit a name to 255 bytes; Kafka shortens long topic names here, too. */
function withSuffix(folder: string, suffix: string): string {
  return folder.slice(0, 255 - suffix.length) + suffix
}

/** Whether this is the folder of a deleted partition. Such folders are removed at the start. */
export function isDeletedFolder(folder: string): boolean {
  return /\.[0-9a-f]{32}-delete$/.test(folder)
}
