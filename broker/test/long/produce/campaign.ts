/**
 * Sends the same invalid batches to our broker and to Apache Kafka, and compares the errors, and the logs afterwards.
 *
 *   mutant -> Produce to both -> the same error?        a difference names seed, number and the batch
 *   at the end: Fetch all from both -> the same bytes?
 *
 * Batches go to partitions in turn; a request has as many batches as there are partitions, for speed.
 */
import type { ResponseOf } from '../../../compare/apis.ts'
import { Line } from '../../../compare/line.ts'
import { batchPositions, batchSizeAt } from '../../../src/record/batch.ts'
import { mutantOf } from './mutants.ts'

export const PARTITIONS = 16
const FETCH_BYTES = 4 << 20

export interface CampaignOptions {
  /** host:port */
  readonly ours: string
  readonly kafka: string
  readonly seed: number
  /** Number of batches; the first one is `first`. */
  readonly count: number
  readonly first?: number
}

export interface CampaignReport {
  /** Lines with the two results for a batch. At most SHOWN_MAX. */
  readonly differences: readonly string[]
  readonly differencesCount: number
  /** Number of batches by error code, as Kafka returned it. */
  readonly codes: ReadonlyMap<number, number>
  /** The topics that were written, on both. */
  readonly topics: readonly string[]
}

const SHOWN_MAX = 40

/** One topic accepts all records, the other only records with keys. */
const TOPICS: readonly Readonly<Record<string, string>>[] = [{}, { 'cleanup.policy': 'compact' }]

export async function campaign({
  ours,
  kafka,
  seed,
  count,
  first = 0,
}: CampaignOptions): Promise<CampaignReport> {
  const lines = [new Line(ours), new Line(kafka)] as const
  const differences: string[] = []
  let differencesCount = 0
  const differs = (what: string): void => {
    differencesCount++
    if (differences.length < SHOWN_MAX) differences.push(what)
  }
  const codes = new Map<number, number>()
  const then = Date.now() - 3_600_000
  const topics = TOPICS.map((_, i) => `mutants-${seed}-${first}-${process.pid}-${i}`)
  try {
    for (const line of lines) await createTopics(line, topics)
    for (let from = first; from < first + count; from += PARTITIONS) {
      const name = topics[((from / PARTITIONS) % topics.length) | 0]!
      const mutants = Array.from({ length: PARTITIONS }, (_, i) => mutantOf(seed, from + i, then))
      const [here, there] = await Promise.all(
        lines.map((line) =>
          produce(
            line,
            name,
            mutants.map(({ bytes }) => bytes),
          ),
        ),
      )
      mutants.forEach(({ name: what, bytes }, i) => {
        const code = there![i]!.errorCode
        codes.set(code, (codes.get(code) ?? 0) + 1)
        const [said, should] = [here![i]!, there![i]!].map(shown)
        if (said !== should)
          differs(`seed ${seed}, batch ${from + i} (${what}): ours ${said}, Kafka ${should}: ${hex(bytes)}`)
      })
    }
    // If they accepted different batches, their offsets differ from there on.
    for (const name of differencesCount === 0 ? topics : []) {
      for (let index = 0; index < PARTITIONS; index++) {
        const [here, there] = await Promise.all(lines.map((line) => logOf(line, name, index)))
        const at = firstDifference(here!, there!)
        if (at !== undefined) differs(`${name}-${index}: the logs differ ${at}`)
      }
    }
  } finally {
    for (const line of lines) line.end()
  }
  return { differences, differencesCount, codes, topics }
}

type Said = ResponseOf<'Produce'>['responses'][number]['partitionResponses'][number]

async function createTopics(line: Line, topics: readonly string[]): Promise<void> {
  await line.ask('CreateTopics', 7, {
    timeoutMs: 30_000,
    topics: topics.map((name, i) => ({
      name,
      numPartitions: PARTITIONS,
      replicationFactor: 1,
      configs: Object.entries(TOPICS[i]!).map(([key, value]) => ({ name: key, value })),
    })),
  })
  const asked = topics.map((name) => ({
    name,
    partitions: Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
      partitionIndex,
      timestamp: -1,
    })),
  }))
  for (;;) {
    const answer = (await line.ask('ListOffsets', 7, { topics: asked })) as ResponseOf<'ListOffsets'>
    if (answer.topics.every(({ partitions }) => partitions.every(({ errorCode }) => errorCode === 0))) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function produce(line: Line, name: string, batches: readonly Uint8Array[]): Promise<readonly Said[]> {
  const partitionData = batches.map((records, index) => ({ index, records }))
  const request = { acks: 1, timeoutMs: 30_000, topicData: [{ name, partitionData }] }
  const answer = (await line.ask('Produce', 9, request)) as ResponseOf<'Produce'> | undefined
  if (answer === undefined) throw new Error(`hung up on ${name}`)
  return [...answer.responses[0]!.partitionResponses].sort((a, b) => a.index - b.index)
}

/** What must be equal: the error, and the listed records. Offsets are compared with the logs. */
function shown({ errorCode, recordErrors }: Said): string {
  const blamed = (recordErrors ?? []).map(({ batchIndex }) => batchIndex)
  return `error ${errorCode}${blamed.length > 0 ? ` records ${blamed.join()}` : ''}`
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 400)).toString('hex')
}

/** All bytes of a partition. */
async function logOf(line: Line, topic: string, partition: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let fetchOffset = 0; ; ) {
    const asked = { partition, fetchOffset, partitionMaxBytes: FETCH_BYTES }
    const request = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: FETCH_BYTES,
      topics: [{ topic, partitions: [asked] }],
    }
    const answer = (await line.ask('Fetch', 11, request)) as ResponseOf<'Fetch'>
    const { errorCode, records } = answer.responses[0]!.partitions[0]!
    if (errorCode !== 0) throw new Error(`Fetch of ${topic}-${partition}: error ${errorCode}`)
    let end = 0
    for (const at of batchPositions(records ?? new Uint8Array(0))) {
      const view = new DataView(records!.buffer, records!.byteOffset + at)
      fetchOffset = Number(view.getBigInt64(0)) + view.getInt32(23) + 1
      end = at + batchSizeAt(records!, at)
    }
    if (end === 0) return new Uint8Array(Buffer.concat(parts))
    parts.push(records!.subarray(0, end))
  }
}

function firstDifference(a: Uint8Array, b: Uint8Array): string | undefined {
  if (Buffer.compare(a, b) === 0) return undefined
  const at = a.findIndex((byte, i) => byte !== b[i])
  const from = Math.max(0, at - 80)
  return `at byte ${at}: ours ${hex(a.subarray(from, at + 20))}, Kafka ${hex(b.subarray(from, at + 20))}`
}
