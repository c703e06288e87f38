/**
 * Where partitions lie and how much room they take, as admin clients ask.
 */
import { buildBatch } from '../../src/record/batch-builder.ts'
import { type RequestOf, versionsOf } from '../apis.ts'
import { type Recorder, scenario } from '../scenario.ts'

type Topics = Exclude<RequestOf<'DescribeLogDirs'>['topics'], undefined>

const TIME = 1_700_000_000_000

/** What a description of log directories says of some topics: the directory's name and volume are the machine's. */
async function logDirs(recorder: Recorder, version: number, topics: Topics, mine: string) {
  const { results, ...rest } = await recorder.quietly('DescribeLogDirs', version, { topics })
  const told = results.map(({ logDir, totalBytes, usableBytes, topics, ...result }) => ({
    ...result,
    isNamed: logDir.startsWith('/'),
    isSized: [totalBytes > 0, usableBytes > 0],
    topics: topics.filter(({ name }) => name === mine),
  }))
  recorder.note(`DescribeLogDirs v${version}`, { ...rest, results: told })
}

scenario('DescribeLogDirs: all, some, none', 'Admin.describeLogDirs', async (recorder) => {
  const { name } = await recorder.topic(2)
  for (const version of versionsOf('DescribeLogDirs')) {
    await logDirs(recorder, version, null, name)
    await logDirs(recorder, version, [{ topic: name, partitions: [1] }], name)
    await logDirs(recorder, version, [{ topic: name, partitions: [0, 1, 7] }], name)
    await logDirs(recorder, version, [{ topic: name, partitions: [] }], name)
    await logDirs(recorder, version, [{ topic: recorder.name('missing'), partitions: [0] }], name)
    await logDirs(recorder, version, [], name)
  }
})

scenario('DescribeLogDirs: the log of the controllers', 'Admin.describeLogDirs', async (recorder) => {
  const topic = '__cluster_metadata'
  await logDirs(recorder, 4, [{ topic, partitions: [0] }], topic)
})

scenario('DescribeLogDirs: what takes up room', 'kafka-log-dirs', async (recorder) => {
  const { name } = await recorder.topic(2)
  for (const valueBytes of [0, 100, 10_000]) {
    const records = buildBatch([{ key: null, value: new Uint8Array(valueBytes), timestamp: TIME }])
    const topicData = [{ name, partitionData: [{ index: 1, records }] }]
    await recorder.quietly('Produce', 9, { acks: -1, timeoutMs: 5000, topicData })
    await logDirs(recorder, 4, [{ topic: name, partitions: [0, 1] }], name)
  }
})

scenario('AlterReplicaLogDirs: where it lies, and elsewhere', 'KIP-113', async (recorder) => {
  const { name } = await recorder.topic(2)
  const { results } = await recorder.quietly('DescribeLogDirs', 4, { topics: [] })
  const here = results[0]!.logDir
  const missing = recorder.name('missing')
  const to = (path: string, topic: string, partitions: number[]) => ({
    path,
    topics: [{ name: topic, partitions }],
  })
  for (const dirs of [
    [to(here, name, [0, 1])],
    [to('/nowhere', name, [0])],
    [to('relative', name, [0])],
    [to('', name, [0])],
    [to(here, name, [9])],
    [to(here, name, [-1])],
    [to(here, missing, [0])],
    [to('/nowhere', missing, [0])],
    [to(here, '__cluster_metadata', [0])],
    [to(here, name, [0]), to('/nowhere', name, [0])],
    [{ path: here, topics: [] }],
    [],
  ])
    for (const version of versionsOf('AlterReplicaLogDirs'))
      await recorder.call('AlterReplicaLogDirs', version, { dirs })
})
