/**
 * Small text files of lines, the format of Kafka's checkpoints: first the version, then the count, then the entries.
 *
 *   0            version
 *   2            number of lines that follow
 *   orders 0 42
 *   orders 1 17
 *
 * A file is replaced as a whole, by a rename, so that after a crash either the old or the new file is there.
 * (org.apache.kafka.server.common.CheckpointFile)
 *
 * Kafka creates the file empty, and fills it when there are entries: so an empty file has no entries.
 *
 * TEXT-FILE-1  a file whose count and lines disagree is damaged, and none of its entries is used
 */
import type { Storage } from '../../core.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** The file as text; undefined if it does not exist. */
export function readText(storage: Storage, path: string): string | undefined {
  const bytes = storage.readFile(path)
  return bytes && text.decode(bytes)
}

export function writeText(storage: Storage, path: string, content: string): void {
  storage.writeFileAtomic(path, utf8.encode(content))
}

/**
 * Replaces a small file by a rename, without a flush. For files whose damage is detectable and which can be rebuilt from
 * the log: after a kill the old or the new file is there, after a crash of the machine perhaps neither. With a flush,
 * creating a thousand partitions would take a thousand fsyncs.
 */
export function replaceFile(storage: RenameStorage, path: string, bytes: Uint8Array): void {
  const temporary = `${path}.tmp`
  storage.remove(temporary)
  const file = storage.open(temporary)
  file.append([bytes])
  file.close()
  storage.rename(temporary, path)
}

/** The functions of a Storage that replacing a file needs. */
export type RenameStorage = Pick<Storage, 'open' | 'rename' | 'remove'>

/** The entries of a checkpoint, each split at spaces; undefined if the file is missing or damaged (TEXT-FILE-1). */
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

/** As writeCheckpoint, for a checkpoint that recovery can rebuild. */
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
