/**
 * A data folder with all kinds of data, in which bits are flipped, and the broker that starts on it.
 *
 *   filled      a broker is started on a folder, written to by producers, groups and transactions, and stopped
 *   flipped     in a copy of the folder, one bit of one file is flipped
 *   started     a broker is started on the copy; it serves, or names in one line the file that prevents it
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { expect } from 'vitest'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import { startBroker } from '../src/node/index.ts'
import { RawClient } from './raw-client.ts'

const CONFIG = {
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '2',
  'transaction.state.log.num.partitions': '2',
}
/** Topics that are damaged, and one that is not. */
const TOPICS = ['orders', 'table', 'well'] as const
const RECORDS = 40
/** In ListOffsets: where the log ends. */
const LATEST = -1
/** Two producers, two transactions each, and the marker of each. */
const WELL_END = 2 * 2 * (RECORDS + 1)

const clientOf = (bootstrap: string): Kafka =>
  new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry: { retries: 2 } })

/** Fills a new folder; returns its path. */
export async function filledFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'offset-zero-flipped-'))
  const broker = await startBroker({ dataDir: folder, config: CONFIG })
  const kafka = clientOf(broker.bootstrap)
  const admin = kafka.admin()
  await admin.connect()
  const compacted = [{ name: 'cleanup.policy', value: 'compact' }]
  const small = [{ name: 'segment.bytes', value: '1048576' }]
  await admin.createTopics({
    topics: [
      { topic: 'orders', configEntries: small },
      { topic: 'table', configEntries: compacted },
      { topic: 'well' },
    ],
  })
  for (const transactionalId of ['t1', 't2']) {
    const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    for (const ends of ['commit', 'abort'] as const) {
      const transaction = await producer.transaction()
      for (const topic of TOPICS) {
        const messages = Array.from({ length: RECORDS }, (_, i) => ({
          key: `${i % 7}`,
          value: `${i}`.repeat(9),
        }))
        await transaction.send({ topic, messages })
      }
      const topics = TOPICS.map((topic) => ({ topic, partitions: [{ partition: 0, offset: '7' }] }))
      await transaction.sendOffsets({ consumerGroupId: `of ${transactionalId}`, topics })
      await transaction[ends]()
    }
    await producer.disconnect()
  }
  for (const groupId of ['g1', 'g2'])
    await admin.setOffsets({ groupId, topic: 'orders', partitions: [{ partition: 0, offset: '3' }] })
  await admin.disconnect()
  await broker.stop()
  return folder
}

/** The non-empty files of a folder, except those of the undamaged topic. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 0)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('well-'))
    .sort()
}

export interface Outcome {
  /** The error of a failed start; undefined if the broker served. */
  readonly refused: string | undefined
  /** What the broker logged, warnings and errors. */
  readonly told: readonly string[]
  /** The end offset of the undamaged topic; undefined if it was not found. */
  readonly wellEnd: number | undefined
}

/** Flips bit `bit` of byte `at` of `file` in a copy of the folder, and starts a broker on it. */
export async function startDamaged(
  folder: string,
  flip: { file: string; at: number; bit: number },
  crashed = false,
): Promise<Outcome> {
  const copy = mkdtempSync(join(tmpdir(), 'offset-zero-flipped-'))
  try {
    cpSync(folder, copy, { recursive: true })
    const path = join(copy, flip.file)
    const bytes = readFileSync(path)
    bytes[flip.at]! ^= 1 << flip.bit
    writeFileSync(path, bytes)
    if (crashed) rmSync(join(copy, '.kafka_cleanshutdown'), { force: true })
    return await started(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function started(dataDir: string): Promise<Outcome> {
  const told: string[] = []
  const log = (level: string, message: string, fields?: object): void => {
    if (level === 'warn' || level === 'error') told.push(`${message} ${JSON.stringify(fields ?? {})}`)
  }
  let broker: Awaited<ReturnType<typeof startBroker>>
  try {
    broker = await startBroker({ dataDir, config: CONFIG, log })
  } catch (error) {
    const { name, message } = error as Error
    return { refused: `${name}: ${message}`, told, wellEnd: undefined }
  }
  const client = await RawClient.to(broker.bootstrap)
  try {
    const topics = TOPICS.map((name) => ({ name, partitions: [{ partitionIndex: 0, timestamp: LATEST }] }))
    const answer = await client.call(ListOffsetsRequest, ListOffsetsResponse, 7, { replicaId: -1, topics })
    const well = answer?.topics.find(({ name }) => name === 'well')?.partitions[0]
    return { refused: undefined, told, wellEnd: well?.errorCode === 0 ? Number(well.offset) : undefined }
  } finally {
    client.end()
    await broker.stop()
  }
}

/** Checks what must hold after any flip: readable log lines, no stacks, and undamaged data is served. */
export function checkOutcome(
  { file, at, bit }: { file: string; at: number; bit: number },
  { refused, told, wellEnd }: Outcome,
  crashed = false,
): void {
  const what = `bit ${bit} of byte ${at} of ${file}`
  for (const line of refused === undefined ? told : [refused, ...told])
    expect(line, what).not.toMatch(/\n|\\n {4}at |unexpected|undefined|TypeError|RangeError/)
  if (refused !== undefined) {
    expect(refused, what).toMatch(/^(DataFolderError|DamagedLogError): /)
    expect(refused, what).toContain(
      file.startsWith('__cluster_metadata-0') ? '__cluster_metadata-0' : basename(file),
    )
    return
  }
  // A crash is followed by a truncation, and metadata that is lost with it is unknown, as in Kafka.
  if (crashed && file.startsWith('__cluster_metadata-0')) return
  expect(wellEnd, what).toBeGreaterThanOrEqual(WELL_END)
  // A transaction whose marker was truncated is ended again, by another marker.
  if (!(crashed && file.startsWith('__transaction_state'))) expect(wellEnd, what).toBe(WELL_END)
}
