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
 * C1  a file whose count and lines disagree is damaged: nothing of it is used
 */
import type { Storage } from '../core.ts'

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

/** The entries of a checkpoint, each split at spaces; undefined when the file is missing or damaged (C1). */
export function readCheckpoint(storage: Storage, path: string, version: number): string[][] | undefined {
  const lines = readText(storage, path)?.trimEnd().split('\n')
  if (!lines || Number(lines[0]) !== version || Number(lines[1]) !== lines.length - 2) return undefined
  return lines.slice(2).map((line) => line.split(/\s+/))
}

export function writeCheckpoint(
  storage: Storage,
  path: string,
  version: number,
  lines: readonly string[],
): void {
  writeText(storage, path, [String(version), String(lines.length), ...lines, ''].join('\n'))
}
