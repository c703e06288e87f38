/**
 * Small text files of lines, as Kafka's checkpoints are: first the version, then the count, then the entries.
 *
 *   0            version
 *   2            how many lines follow
 *   orders 0 42
 *   orders 1 17
 *
 * They are replaced as a whole, by a rename, so that a crash leaves the old one or the new one.
 * (org.apache.kafka.server.common.CheckpointFile)
 *
 * Kafka makes the file, empty, when it starts, and fills it when there is something to say: an empty file is one without
 * entries.
 *
 * TEXT-FILE-1  a file whose count and lines disagree is damaged: nothing of it is used
 */
import type { Storage } from '../../core.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** The file as text; undefined when it is not there. */
export function readText(storage: Storage, path: string): string | undefined {
  const bytes = storage.readFile(path)
  return bytes && text.decode(bytes)
}

export function writeText(storage: Storage, path: string, content: string): void {
  storage.writeFileAtomic(path, utf8.encode(content))
}

/**
 * Replaces a small file by a rename, but does not wait for the disk. For files that can be told from damaged
 * ones and made anew from the log: a process that is killed leaves the old or the new one, a machine that
 * crashes perhaps neither. Creating a thousand partitions would take a thousand fsyncs else.
 */
export function replaceFile(storage: RenameStorage, path: string, bytes: Uint8Array): void {
  const temporary = `${path}.tmp`
  storage.remove(temporary)
  const file = storage.open(temporary)
  file.append([bytes])
  file.close()
  storage.rename(temporary, path)
}

/** Of a Storage, as much as replacing a file needs. */
export type RenameStorage = Pick<Storage, 'open' | 'rename' | 'remove'>

/** The entries of a checkpoint, each split at spaces; undefined when the file is missing or damaged (TEXT-FILE-1). */
export function readCheckpoint(storage: Storage, path: string, version: number): string[][] | undefined {
  const content = readText(storage, path)
  if (content === '') return []
  const lines = content?.trimEnd().split('\n')
  if (!lines || Number(lines[0]) !== version || Number(lines[1]) !== lines.length - 2) return undefined
  return lines.slice(2).map((line) => line.split(/\s+/))
}

export function writeCheckpoint(
  storage: Storage,
  path: string,
  version: number,
  lines: readonly string[],
): void {
  writeText(storage, path, checkpointText(version, lines))
}

/** The same for a checkpoint that recovery can make anew. */
export function replaceCheckpoint(
  storage: Storage,
  path: string,
  version: number,
  lines: readonly string[],
): void {
  replaceFile(storage, path, utf8.encode(checkpointText(version, lines)))
}

function checkpointText(version: number, lines: readonly string[]): string {
  return [String(version), String(lines.length), ...lines, ''].join('\n')
}
