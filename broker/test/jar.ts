/**
 * Reads files from a jar (a zip), as far as tests need it.
 *
 *   entry, entry, … | central directory: name and place of each | end record: place of the directory
 *
 * A zip is read from its end: the end record (22 bytes and a comment) is searched for backwards.
 */
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const STORED = 0

/** The files of a jar whose path `wanted` accepts, as text by path. */
export function readJar(jar: string, wanted: (path: string) => boolean): Map<string, string> {
  const zip = readFileSync(jar)
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== END) end--
  if (end < 0) throw new Error(`not a jar: ${jar}`)
  const files = new Map<string, string>()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28)
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength)
    if (wanted(path)) files.set(path, fileAt(zip, at))
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return files
}

/** The file that the directory's entry at byte `at` describes. */
function fileAt(zip: Buffer, at: number): string {
  const local = zip.readUInt32LE(at + 42)
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const raw = zip.subarray(start, start + zip.readUInt32LE(at + 20))
  return (zip.readUInt16LE(at + 10) === STORED ? raw : inflateRawSync(raw)).toString('utf8')
}
