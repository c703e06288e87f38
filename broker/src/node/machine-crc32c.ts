/**
 * CRC-32C by the processor's own instruction, where a package in machine code (@node-rs/crc32) is installed.
 *
 * It is optional: npm leaves it out where there is none for the platform, and the tables of wire/crc32c.ts do then. It
 * is loaded with the first batch that is worth it, for loading takes as long as starting a broker in memory.
 *
 * MACHINE-CRC32C-1  it has to agree with the tables before it is used, at every alignment and over every remainder of
 *     eight
 */
import { createRequire } from 'node:module'
import { type Checksum, crc32cByTables } from '../wire/crc32c.ts'

const PACKAGE = '@node-rs/crc32'

/** A checksum that is loaded when it is first asked for. `load` gives the package; it may throw. */
export function machineCrc32c(load: () => { crc32c?: Checksum } = loadPackage): Checksum {
  let chosen: Checksum | undefined
  return (bytes) => {
    chosen ??= choose(load)
    return chosen(bytes)
  }
}

/** Whether the package is there and agrees with the tables. */
export function machineHasCrc32c(load: () => { crc32c?: Checksum } = loadPackage): boolean {
  return candidateOf(load) !== undefined
}

function loadPackage(): { crc32c?: Checksum } {
  const load = createRequire(import.meta.url)
  return load(PACKAGE)
}

function choose(load: () => { crc32c?: Checksum }): Checksum {
  return candidateOf(load) ?? ((bytes) => crc32cByTables(bytes))
}

/** The package's checksum, if it agrees with the tables (MACHINE-CRC32C-1). */
function candidateOf(load: () => { crc32c?: Checksum }): Checksum | undefined {
  try {
    const { crc32c } = load()
    return crc32c && agrees(crc32c) ? crc32c : undefined
  } catch {
    // Not installed, or not for this platform: the tables are as right, and slower.
    return undefined
  }
}

function agrees(candidate: Checksum): boolean {
  const bytes = Uint8Array.from({ length: 1024 }, (_, i) => (i * 167 + 13) & 0xff)
  return Array.from({ length: 17 }, (_, i) => bytes.subarray(i, 1024 - 3 * i)).every(
    (part) => candidate(part) === crc32cByTables(part),
  )
}
