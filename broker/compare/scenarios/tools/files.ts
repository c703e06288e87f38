/**
 * The files of both brokers, as Kafka's own kafka-dump-log prints them. The broker returns the folder of a partition, and
 * the files are read if they are on this machine.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { type BatchOptions, buildBatch } from '../../../src/record/batch-builder.ts'
import { COMPACTED, cleaned } from '../records/logs.ts'
import { type Tools, toolScenario } from './tool-runs.ts'

const FIRST = '00000000000000000000'
/** Checksums cover the time of a batch, and sizes of compressed ones depend on the compressor. */
const UNLIKE = [/CreateTime: -?\d+/g, /crc: \d+/g, /producerId: \d+/g, /LogAppendTime: -?\d+/g] as const

/** The folder of a partition; undefined when the broker's files are not on this machine. */
async function folderOf({ quietly }: Tools, topic: string): Promise<string | undefined> {
  const { results } = await quietly('DescribeLogDirs', 4, { topics: [{ topic, partitions: [0] }] })
  const folder = join(results[0]!.logDir, `${topic}-0`)
  return existsSync(folder) ? folder : undefined
}

/** Records the output of kafka-dump-log for these files of the partition. */
async function dump(tools: Tools, topic: string, options: string, files: readonly string[]): Promise<void> {
  const folder = await folderOf(tools, topic)
  if (folder === undefined) return
  const paths = files.map((file) => join(folder, file)).join(',')
  const { code, out } = await tools.runQuietly('DumpLogSegments', `${options} --files ${paths}`)
  const plain = UNLIKE.reduce(
    (text, pattern) => text.replaceAll(pattern, ''),
    out.replaceAll(folder, 'FOLDER'),
  )
  tools.note(`DumpLogSegments ${options} ${files.join()}`, { code, out: plain.split('\n') })
}

toolScenario('kafka-dump-log: batches of every codec', 'kafka-dump-log.sh', async (tools) => {
  const { name } = await tools.topic(1, { 'index.interval.bytes': '1' })
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    await tools.runQuietly('ConsoleProducer', `--topic ${name} --compression-codec ${codec}`, {
      input: 'a\nb\n',
    })
  await dump(tools, name, '--print-data-log', [`${FIRST}.log`])
  await dump(tools, name, '--deep-iteration', [`${FIRST}.log`])
  await dump(tools, name, '--index-sanity-check', [`${FIRST}.index`])
})

toolScenario('kafka-dump-log: a producer without idempotence', 'kafka-dump-log.sh', async (tools) => {
  const { name } = await tools.topic()
  const settings = '--command-property enable.idempotence=false --command-property acks=1'
  await tools.runQuietly('ConsoleProducer', `--topic ${name} ${settings}`, { input: 'a\nb\nc\n' })
  await dump(tools, name, '--print-data-log', [`${FIRST}.log`])
})

/** Appends a batch; times go up and down, but are the same for both brokers. */
async function append(
  { quietly }: Tools,
  topic: { name: string; topicId: string },
  i: number,
  options: BatchOptions = {},
): Promise<void> {
  const timestamp = 1_700_000_000_000 + i * 1000 - (i % 3) * 5000
  const value = new TextEncoder().encode('x'.repeat(40 + ((i * 37) % 200)))
  const records = buildBatch([{ key: new TextEncoder().encode(`${i % 5}`), value, timestamp }], options)
  const topicData = [{ ...topic, partitionData: [{ index: 0, records }] }]
  await quietly('Produce', 9, { acks: -1, timeoutMs: 5000, topicData })
}

/** Notes the names of a partition's files, and what kafka-dump-log says of those of segments that are done. */
async function dumpFolder(tools: Tools, topic: string): Promise<void> {
  const folder = await folderOf(tools, topic)
  if (folder === undefined) return
  const files = readdirSync(folder)
    .filter((file) => !file.endsWith('.deleted'))
    .sort()
  const active = files
    .filter((file) => file.endsWith('.log'))
    .at(-1)!
    .slice(0, FIRST.length)
  tools.note('files', files)
  const done = files.filter(
    (file) => /\.(log|index|timeindex|txnindex|snapshot)$/.test(file) && file < active,
  )
  for (const file of done) await dump(tools, topic, file.endsWith('.log') ? '--print-data-log' : '', [file])
}

const ROLLING = { 'internal.segment.bytes': '2000', 'index.interval.bytes': '300' }

for (const [why, config] of [
  ['size', ROLLING],
  ['a full index', { 'index.interval.bytes': '1', 'segment.index.bytes': '48' }],
  ['the time of records', { 'segment.ms': '20000', 'index.interval.bytes': '200' }],
] as const) {
  toolScenario(`kafka-dump-log: segments that roll by ${why}`, 'UnifiedLog.maybeRoll', async (tools) => {
    const there = await tools.topic(1, config)
    for (let i = 0; i < 40; i++) {
      await append(tools, there, i, i % 4 === 3 ? { codec: 1 + (i % 3), codecs: NODE_CODECS } : {})
    }
    await dumpFolder(tools, there.name)
  })
}

toolScenario('kafka-dump-log: producers over segments', 'KIP-98, ProducerStateManager', async (tools) => {
  const there = await tools.topic(1, ROLLING)
  const { producerId, producerEpoch } = await tools.quietly('InitProducerId', 4, {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
  })
  for (let i = 0; i < 30; i++) {
    await append(tools, there, i, i % 2 ? {} : { producerId, producerEpoch, baseSequence: i / 2 })
  }
  await dumpFolder(tools, there.name)
})

toolScenario('kafka-dump-log: segments that were compacted', 'cleanup.policy=compact', async (tools) => {
  const there = await tools.topic(1, { ...COMPACTED, 'index.interval.bytes': '300' })
  const { producerId, producerEpoch } = await tools.quietly('InitProducerId', 4, {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
  })
  for (let i = 0; i < 30; i++) {
    await append(tools, there, i, i % 6 ? {} : { producerId, producerEpoch, baseSequence: i / 6 })
  }
  await cleaned(tools, there)
  await dumpFolder(tools, there.name)
})
