/**
 * Damage that a crash may leave in a folder: half a batch at the end of a log, missing or invalid indexes, snapshots and
 * checkpoints that were never written. None of it was acknowledged, or all of it can be rebuilt; so a start must handle it,
 * and no promise is affected.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeededRandom } from '../../../src/sim/seeded-random.ts'

/** Causes one to four kinds of damage below `folder`; returns their names. After a clean stop no tail is torn: tails are trusted. */
export function damage(folder: string, random: SeededRandom, isClean: boolean): string[] {
  const told: string[] = []
  const partitions = readdirSync(folder).filter((name) => /-\d+$/.test(name))
  for (let left = 1 + random.int(4); left > 0; left--) {
    const partition = partitions[random.int(partitions.length)]!
    const kinds = isClean ? KINDS_AFTER_A_STOP : KINDS
    const kind = kinds[random.int(kinds.length)]!
    const what = kind(join(folder, partition), random, folder)
    if (what) told.push(`${partition}: ${what}`)
  }
  return told
}

type Kind = (partition: string, random: SeededRandom, folder: string) => string | undefined

const KINDS: readonly Kind[] = [
  tearTail,
  tearTail,
  loseIndex,
  garbleIndex,
  tearIndex,
  loseSnapshot,
  loseCheckpoint,
  leaveRest,
]

const KINDS_AFTER_A_STOP: readonly Kind[] = [loseIndex, loseSnapshot, leaveRest]

function filesOf(partition: string, suffix: string): string[] {
  return readdirSync(partition)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(partition, name))
}

/** An interrupted write: a batch begins, and ends too early. */
function tearTail(partition: string, random: SeededRandom): string | undefined {
  const log = filesOf(partition, '.log').at(-1)
  if (!log) return undefined
  const bytes = readFileSync(log)
  if (bytes.length < 100) return undefined
  const size = 12 + bytes.readInt32BE(8)
  const part = 1 + random.int(Math.min(size, bytes.length) - 1)
  appendFileSync(log, bytes.subarray(0, part))
  return `${part} bytes of a batch of ${size} at the end of its log`
}

function anIndex(partition: string, random: SeededRandom): string | undefined {
  const indexes = [...filesOf(partition, '.index'), ...filesOf(partition, '.timeindex')]
  return indexes[random.int(indexes.length)]
}

function loseIndex(partition: string, random: SeededRandom): string | undefined {
  const index = anIndex(partition, random)
  if (!index) return undefined
  rmSync(index)
  return `${index} is gone`
}

/** For the active segment only: closed segments are flushed, and trusted if they look right. */
function garbleIndex(partition: string, random: SeededRandom): string | undefined {
  const suffix = random.chance(50) ? '.index' : '.timeindex'
  const index = filesOf(partition, suffix).at(-1)
  if (!index) return undefined
  writeFileSync(index, random.bytes(random.int(300)))
  return `${index} is nonsense`
}

function tearIndex(partition: string, random: SeededRandom): string | undefined {
  const index = anIndex(partition, random)
  if (!index) return undefined
  const { size } = statSync(index)
  writeFileSync(index, readFileSync(index).subarray(0, random.int(size + 1)))
  return `${index} is cut`
}

function loseSnapshot(partition: string): string | undefined {
  const snapshot = filesOf(partition, '.snapshot').at(-1)
  if (!snapshot || partition.includes('__cluster_metadata')) return undefined
  rmSync(snapshot)
  return `${snapshot} is gone`
}

function loseCheckpoint(_partition: string, random: SeededRandom, folder: string): string | undefined {
  const names = [
    'recovery-point-offset-checkpoint',
    'cleaner-offset-checkpoint',
    'replication-offset-checkpoint',
  ]
  const name = names[random.int(names.length)]!
  rmSync(join(folder, name), { force: true })
  return `${name} is gone`
}

/** Files of a compaction that had just begun, and a file that was about to be deleted. */
function leaveRest(partition: string, random: SeededRandom): string | undefined {
  const log = filesOf(partition, '.log')[0]
  if (!log) return undefined
  const suffix = ['.cleaned', '.deleted'][random.int(2)]!
  writeFileSync(log + suffix, random.bytes(random.int(500)))
  return `${log}${suffix}`
}
