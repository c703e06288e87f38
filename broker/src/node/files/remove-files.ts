/**
 * Removes large files without blocking the thread.
 *
 * The system frees the blocks of a file when its last name and its last descriptor are gone. For a segment of half a
 * gigabyte this takes about 70 ms, in which a process with one thread answers no one. Kafka uses a background thread
 * (the scheduler's delete-file task). Here the file is kept open while its name is removed, which is fast, and then
 * closed in Node's thread pool.
 *
 *   open -> unlink: the name is gone -> close in the thread pool: the blocks are freed
 *
 * REMOVE-FILES-1  when this returns, nothing is left at `path`
 * - a process that exits before the close loses nothing: the system closes the file
 */
import * as fs from 'node:fs'
import { join } from 'node:path'

/** Smaller files are removed fast enough. */
const LARGE_BYTES = 4 * 1_048_576

/** Removes a file, or a folder with its contents. Does nothing if `path` does not exist. Throws the errors of node:fs. */
export function removeFiles(path: string): void {
  const held: number[] = []
  try {
    for (const file of largeFiles(path)) held.push(fs.openSync(file, 'r'))
    fs.rmSync(path, { recursive: true, force: true })
  } finally {
    for (const fd of held) fs.close(fd, () => {})
  }
}

/** Large files at `path`, or in the folder `path`. Folders of partitions are flat. */
function largeFiles(path: string): string[] {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  const files = stat.isDirectory() ? fs.readdirSync(path).map((name) => join(path, name)) : [path]
  return files.filter((file) => {
    const found = fs.statSync(file, { throwIfNoEntry: false })
    return found?.isFile() && found.size >= LARGE_BYTES
  })
}
