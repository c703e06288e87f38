/**
 * Runs Kafka's own DumpLogSegments on a data folder: it reads every record, compares every index with its log, and decodes
 * the records of the coordinators and the controller.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const DUMP = 'org.apache.kafka.tools.DumpLogSegments'

/** By the partitions that it is for. */
const DECODERS: readonly [RegExp, string][] = [
  [/^__consumer_offsets-/, '--offsets-decoder'],
  [/^__transaction_state-/, '--transaction-log-decoder'],
  [/^__cluster_metadata-/, '--cluster-metadata-decoder'],
]
/** An argument of a program may have 128 KiB on Linux. */
const FILES_AT_ONCE = 500
/** Bytes; an index gets an entry every 500. */
const NEXT_TO_NOTHING = 1000
const FILES = /\.(log|index|timeindex|txnindex|snapshot|checkpoint)$/

/** Lines in which the tool found something wrong in one of the partitions below `data`. `jars`: a folder with Kafka's tools. */
export function complaintsOfKafka(jars: string, data: string): string[] {
  const partitions = readdirSync(data).filter((name) => /^.*-\d+$/.test(name))
  const ours = partitions.filter((name) => !name.startsWith('__'))
  return [
    ...complaints(jars, filesOf(data, ours, FILES), '--deep-iteration'),
    ...complaints(jars, filesOf(data, partitions, /\.(index|timeindex)$/), '--index-sanity-check'),
    ...DECODERS.flatMap(([topic, decoder]) => {
      const files = filesOf(
        data,
        partitions.filter((name) => topic.test(name)),
        FILES,
      )
      return complaints(jars, files, decoder)
    }),
  ]
}

function filesOf(data: string, partitions: readonly string[], wanted: RegExp): string[] {
  return partitions.flatMap((partition) =>
    readdirSync(join(data, partition))
      .filter((name) => wanted.test(name) && !isWithoutIndex(join(data, partition, name)))
      .map((name) => join(data, partition, name)),
  )
}

/** A log with next to nothing in it needs no index, and may have lost it; the tool can't read its time index without. */
function isWithoutIndex(path: string): boolean {
  if (!path.endsWith('.timeindex')) return false
  const [index, log] = ['.index', '.log'].map((suffix) => path.replace(/\.timeindex$/, suffix))
  return (
    !existsSync(index!) &&
    (statSync(log!, { throwIfNoEntry: false })?.size ?? NEXT_TO_NOTHING) < NEXT_TO_NOTHING
  )
}

function complaints(jars: string, files: readonly string[], option: string): string[] {
  const wrong: string[] = []
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    wrong.push(...complaintsOfOne(jars, files.slice(from, from + FILES_AT_ONCE), option))
  }
  return wrong
}

function complaintsOfOne(jars: string, files: readonly string[], option: string): string[] {
  const args = ['-cp', join(jars, '*'), DUMP, option, '--files', files.join(',')]
  const { status, stdout, stderr } = spawnSync('java', args, { encoding: 'utf8', maxBuffer: 1 << 30 })
  const lines = [...stdout.split('\n'), ...stderr.split('\n')]
  const wrong = lines.filter((line, i) => isComplaint(line, lines[i + 1] ?? ''))
  return status === 0
    ? wrong
    : [`${option} ended with ${status}`, ...wrong, ...stderr.split('\n').slice(0, 20)]
}

/**
 * Three things it says of Kafka's own files as well. Of the first record of every segment but the first: -1 comes before.
 * Where a cleaner was: offsets are missing. And of a batch that a cleaner has emptied, and kept for its offset: it finds
 * no timestamp in its records, though the index has the one of its header.
 */
function isComplaint(line: string, next: string): boolean {
  if (/^Non-consecutive/.test(line)) return !/-1 is followed by/.test(next) && !/compacted|__/.test(line)
  if (/timestamp mismatch/.test(line)) return !/log timestamp: -1$/.test(next)
  return /isvalid: false|mismatch|corrupt|invalid bytes|not found|exception|out of order|log timestamp: \d/i.test(
    line,
  )
}
