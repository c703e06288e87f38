/**
 * CRC-32C by the processor's own instruction, if a package with native code (@node-rs/crc32) is installed.
 *
 * The package is optional: npm leaves it out on platforms that it does not support, and the tables of wire/crc32c.ts are
 * used then. It is loaded with the first batch that is large enough to profit, because loading takes as long as starting
 * a broker in memory.
 *
 * MACHINE-CRC32C-1  before use it must give the same results as the tables, for every alignment and every remainder of
 *     eight
 */
import { createRequire } from 'node:module'
import { type Checksum, crc32cByTables } from '../wire/crc32c.ts'

const PACKAGE = '@node-rs/crc32'

/** A checksum function that is loaded at its first call. `load` returns the package; it may throw. */
export function machineCrc32c(load: () => { crc32c?: Checksum } = loadPackage): Checksum {
  let chosen: Checksum | undefined
  return (bytes) => {
    chosen ??= choose(load)
    return chosen(bytes)
  }
}

/** Whether the package is installed and gives the same results as the tables. */
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

/** The package's function, if it gives the same results as the tables (MACHINE-CRC32C-1). */
function candidateOf(load: () => { crc32c?: Checksum }): Checksum | undefined {
  try {
    const { crc32c } = load()
    return crc32c && agrees(crc32c) ? crc32c : undefined
  } catch {
    // Not installed, or not for this platform: the tables give the same results, more slowly.
    return undefined
  }
}

function agrees(candidate: Checksum): boolean {
  const bytes = Uint8Array.from({ length: 1024 }, (_, i) => (i * 167 + 13) & 0xff)
  return Array.from({ length: 17 }, (_, i) => bytes.subarray(i, 1024 - 3 * i)).every(
    (part) => candidate(part) === crc32cByTables(part),
  )
}
