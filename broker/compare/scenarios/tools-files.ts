/**
 * What the two write to disk, as Kafka's own kafka-dump-log reads it: the folder of a partition is asked of the broker,
 * and read where it lies on this machine.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
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

/** Notes what kafka-dump-log says of these files of the partition. */
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
