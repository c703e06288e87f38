/** A data folder that was damaged between a stop and a start: what a client finds. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startBroker } from '../index.ts'

const config = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' }
const COUNT = 20
const LOG = '00000000000000000000.log'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offset-zero-damaged-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const clientOf = (bootstrap: string): Kafka =>
  new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry: { retries: 1 } })

/** A broker with these topics, twenty records in each; it is started and stopped. */
async function filled(...topics: string[]): Promise<void> {
  const broker = await startBroker({ dataDir: folder, config })
  const producer = clientOf(broker.bootstrap).producer({ idempotent: true })
  await producer.connect()
  for (const topic of topics)
    for (let i = 0; i < COUNT; i++) await producer.send({ topic, messages: [{ value: `${i}` }] })
  await producer.disconnect()
  await broker.stop()
}

/** Starts a broker on the folder; returns the end offset of each topic, and the log lines. */
async function ends(...topics: string[]): Promise<{ ends: (string | undefined)[]; told: string }> {
  const told: string[] = []
  const log = (level: string, message: string) => void (level !== 'info' && told.push(message))
  const broker = await startBroker({ dataDir: folder, config, log })
  const admin = clientOf(broker.bootstrap).admin()
  try {
    await admin.connect()
    const found = topics.map(async (topic) => {
      const offsets = await admin.fetchTopicOffsets(topic).catch(() => undefined)
      return offsets?.[0]?.high
    })
    return { ends: await Promise.all(found), told: told.join('\n') }
  } finally {
    await admin.disconnect()
    await broker.stop()
  }
}

const inPartition = (topic: string, name: string): string => join(folder, `${topic}-0`, name)

test('a partition whose folder is a file is offline; the others are served; it is back when its folder is restored', async () => {
  await filled('good', 'bad')
  const bad = join(folder, 'bad-0')
  const kept = readdirSync(bad).map((name) => [name, readFileSync(join(bad, name))] as const)
  rmSync(bad, { recursive: true })
  writeFileSync(bad, 'a file')
  const first = await ends('good', 'bad')
  expect(first.ends).toEqual([`${COUNT}`, undefined])
  expect(first.told).toMatch(/bad-0 is offline until the broker is restarted: .*there is a file where/)
  rmSync(bad)
  mkdirSync(bad)
  for (const [name, bytes] of kept) writeFileSync(join(bad, name), bytes)
  expect((await ends('good', 'bad')).ends).toEqual([`${COUNT}`, `${COUNT}`])
})

test('a log without its last bytes is truncated to a whole batch; the removed bytes are kept', async () => {
  await filled('cut')
  const file = inPartition('cut', LOG)
  truncateSync(file, readFileSync(file).length - 3)
  const { ends: found, told } = await ends('cut')
  expect(found).toEqual([`${COUNT - 1}`])
  expect(told).toMatch(/cut-0, segment 0: damaged, though the last stop was clean/)
  expect(readdirSync(join(folder, 'cut-0'))).toContain(`${LOG}.damaged`)
})

test('garbage at the end of a log, in its snapshot and in every checkpoint loses no record', async () => {
  await filled('garbage')
  appendFileSync(inPartition('garbage', LOG), Buffer.alloc(100, 0xff))
  for (const name of readdirSync(folder).filter((each) => each.endsWith('checkpoint')))
    writeFileSync(join(folder, name), 'garbage')
  const partition = join(folder, 'garbage-0')
  for (const name of readdirSync(partition).filter((each) => /\.snapshot$|checkpoint$|metadata$/.test(each)))
    writeFileSync(join(partition, name), 'garbage')
  const { ends: found, told } = await ends('garbage')
  expect(found).toEqual([`${COUNT}`])
  // Without a recovery point the log is recovered from its start and the snapshot is not read, so nothing is logged about it.
  for (const what of ['recovery-point-offset-checkpoint', 'leader-epoch-checkpoint', 'partition.metadata'])
    expect(told).toMatch(new RegExp(`${what}.* damaged`))
})

test('a folder with a damaged meta.properties is refused, and the message says what may help', async () => {
  await filled()
  writeFileSync(join(folder, 'meta.properties'), 'garbage')
  await expect(ends()).rejects.toThrow(/meta.properties is damaged: .* use another folder/)
})
