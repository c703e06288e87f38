/**
 * How a compacted segment replaces the old ones, so that a crash at any moment loses neither.
 *
 *   1  0.log.cleaned  0.index.cleaned …       written and flushed                  after a crash: they are removed
 *   2  0.log.swap     0.index.swap …          renamed one by one                   some renamed: all are removed
 *   3  0.log.deleted  8.log.deleted …         the old files are renamed            after a crash: the swap is finished
 *   4  0.log          0.index …               the new files get their names        after a crash: the swap is finished
 *   5  (removed, file.delete.delay.ms later)                                       after a crash: they are removed
 *
 * Kafka uses the same order and finishes interrupted swaps at its start. So do we, with its files as with ours.
 *
 * SEGMENT-SWAP-1  while a .cleaned file exists, the old segments are complete: a .swap file of its offset or above is ignored
 * SEGMENT-SWAP-2  when all files are .swap, the new segment is complete, and old ones in its range of offsets may be deleted
 *
 * (LocalLog.replaceSegments, LogLoader)
 */
import type { Logger, Storage } from '../../core.ts'
import { SEGMENT_SUFFIXES, segmentFile } from '../files.ts'
import { Segment } from '../segment/segment.ts'

/** Suffixes of files that are being added or removed. */
export const SwapSuffix = { CLEANED: '.cleaned', SWAP: '.swap', DELETED: '.deleted' } as const

/** The existing files of a segment with this suffix, as paths without it. */
function filesOf(storage: Storage, folder: string, baseOffset: number, suffix: string): string[] {
  return SEGMENT_SUFFIXES.map((kind) => `${folder}/${segmentFile(baseOffset, kind)}`).filter((path) =>
    storage.exists(path + suffix),
  )
}

function renameAll(storage: Storage, paths: readonly string[], from: string, to: string): void {
  for (const path of paths) storage.rename(path + from, path + to)
}

/** Undoes step 1. */
export function removeCleaned(storage: Storage, folder: string, baseOffset: number): void {
  for (const path of filesOf(storage, folder, baseOffset, SwapSuffix.CLEANED))
    storage.remove(path + SwapSuffix.CLEANED)
}

/** Removes a closed segment's files at once. */
export function removeSegment(storage: Storage, folder: string, baseOffset: number): void {
  for (const path of filesOf(storage, folder, baseOffset, '')) storage.remove(path)
}

/** Renames a segment's files to .deleted (step 3); returns their paths, to be removed later. */
export function setAside(storage: Storage, folder: string, baseOffset: number): string[] {
  const paths = filesOf(storage, folder, baseOffset, '')
  renameAll(storage, paths, '', SwapSuffix.DELETED)
  return paths.map((path) => path + SwapSuffix.DELETED)
}

/** Steps 2 to 4 for closed segments; returns the paths of step 5. `oldBases`: base offsets of the replaced segments. */
export function swapIn(
  storage: Storage,
  folder: string,
  { cleanedBase, oldBases }: { cleanedBase: number; oldBases: readonly number[] },
): string[] {
  const paths = filesOf(storage, folder, cleanedBase, SwapSuffix.CLEANED)
  renameAll(storage, paths, SwapSuffix.CLEANED, SwapSuffix.SWAP)
  const deleted = oldBases.flatMap((base) => setAside(storage, folder, base))
  renameAll(storage, paths, SwapSuffix.SWAP, '')
  return deleted
}

/** Called when a log is opened: finishes a swap that a crash interrupted, or undoes it (SEGMENT-SWAP-1, SEGMENT-SWAP-2). */
export function finishSwaps(storage: Storage, folder: string, log: Logger): void {
  const names = storage.list(folder)
  const leftovers = names.filter((name) => /\.(deleted|cleaned|tmp)$/.test(name))
  const cleanedFrom = Math.min(
    ...leftovers.filter((name) => name.endsWith('.cleaned')).map(offsetOf),
    Infinity,
  )
  const swaps = names.filter((name) => name.endsWith(SwapSuffix.SWAP))
  const undone = swaps.filter((name) => offsetOf(name) >= cleanedFrom)
  for (const name of [...undone, ...leftovers]) storage.remove(`${folder}/${name}`)
  const valid = swaps.filter((name) => !undone.includes(name))
  if (valid.length === 0) return
  const logs = valid.filter((name) => name.endsWith(`.log${SwapSuffix.SWAP}`)).map(offsetOf)
  const upTo = Math.max(...logs.map((base) => swapEnd(storage, folder, base)), -1)
  for (const name of names) {
    const isOld = SEGMENT_SUFFIXES.some((kind) => name.endsWith(`.${kind}`))
    if (isOld && offsetOf(name) >= Math.min(...logs) && offsetOf(name) < upTo)
      storage.remove(`${folder}/${name}`)
  }
  for (const name of valid)
    storage.rename(`${folder}/${name}`, `${folder}/${name.slice(0, -SwapSuffix.SWAP.length)}`)
  log('info', `log ${folder}: a compaction that a crash interrupted was finished`, {
    segments: logs.length,
  })
}

function offsetOf(name: string): number {
  return Number(name.slice(0, name.indexOf('.')))
}

/** One past the last offset in the new segment. */
function swapEnd(storage: Storage, folder: string, baseOffset: number): number {
  const segment = new Segment(storage, folder, baseOffset, 0, SwapSuffix.SWAP)
  const end = segment.readNextOffset()
  segment.close()
  return end
}
