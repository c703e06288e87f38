/**
 * Removing large files without keeping everybody waiting.
 *
 * A file's blocks are given back when its last name and its last descriptor are gone. For a segment of half a gigabyte
 * that takes some 70 ms, in which a process of one thread answers nobody. Kafka has a thread for it (the scheduler's
 * delete-file task). Here the file is held open while its name goes, which is quick, and closed in Node's thread pool.
 *
 *   open -> unlink: the name is gone -> close, elsewhere: the blocks are
 *
 * REMOVE-FILES-1  when this returns nothing is at `path` any more
 * - a process that ends before the close loses nothing: the system closes for it
 */
import * as fs from 'node:fs'
import { join } from 'node:path'

/** Smaller ones are gone in no time. */
const LARGE_BYTES = 4 * 1_048_576

/** Removes a file, or a folder with all that is in it; silent when it is not there. Throws what node:fs throws. */
export function removeFiles(path: string): void {
  const held: number[] = []
  try {
    for (const file of largeFiles(path)) held.push(fs.openSync(file, 'r'))
    fs.rmSync(path, { recursive: true, force: true })
  } finally {
    for (const fd of held) fs.close(fd, () => {})
  }
}

/** Those of `path`, or of the folder that it is. Folders of partitions are flat. */
function largeFiles(path: string): string[] {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  const files = stat.isDirectory() ? fs.readdirSync(path).map((name) => join(path, name)) : [path]
  return files.filter((file) => {
    const found = fs.statSync(file, { throwIfNoEntry: false })
    return found?.isFile() && found.size >= LARGE_BYTES
  })
}
