/**
 * ListOffsets and OffsetForLeaderEpoch: offsets by position, timestamp and leader epoch.
 */
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { batchOf, produceOf, recordsOf, THEN, type Topic, TransactionalProducer } from './writing.ts'

const SPECIAL = [-1, -2, -3, -4, -5, -6, -7, -100]

async function list(
  { call }: Recorder,
  topic: Topic,
  timestamps: readonly number[],
  more: object = {},
  version = 7,
) {
  for (const timestamp of timestamps) {
    const partitions = [{ partitionIndex: 0, timestamp, ...more }]
    await call('ListOffsets', version, { replicaId: -1, topics: [{ name: topic.name, partitions }], ...more })
  }
}

/** Writes a batch of records with these times. */
async function wrote(
  { quietly }: Recorder,
  topic: Topic,
  times: readonly number[],
  codec: Codec = Codec.NONE,
) {
  const records = times.map((time) => ({ key: null, value: null, timestamp: THEN + time }))
  await quietly('Produce', 9, produceOf(topic, buildBatch(records, { codec, codecs: NODE_CODECS })))
}

for (const version of versionsOf('ListOffsets')) {
  scenario(`ListOffsets v${version}: of an empty log`, 'Consumer.beginningOffsets', async (recorder) => {
    const topic = await recorder.topic(1)
    await list(recorder, topic, [...SPECIAL, 0, THEN], {}, version)
  })

  scenario(`ListOffsets v${version}: places and times`, 'KIP-79, KIP-734', async (recorder) => {
    const topic = await recorder.topic(1)
    await wrote(recorder, topic, [0, 10, 20])
    await wrote(recorder, topic, [15, 30])
    const times = [0, 1, 10, 11, 15, 16, 20, 21, 30, 31].map((each) => THEN + each)
    await list(recorder, topic, [...SPECIAL, 0, 1, ...times], {}, version)
  })

  scenario(
    `ListOffsets v${version}: topics and partitions that are not there`,
    'KIP-79',
    async (recorder) => {
      const topic = await recorder.topic(1)
      for (const [name, partitionIndex] of [
        [topic.name, 7],
        [topic.name, -1],
        ['no-such-topic', 0],
        ['', 0],
      ] as const)
        for (const timestamp of [-1, -3, 0])
          await recorder.call('ListOffsets', version, {
            replicaId: -1,
            topics: [{ name, partitions: [{ partitionIndex, timestamp }] }],
          })
      await recorder.call('ListOffsets', version, { replicaId: -1, topics: [] })
      await recorder.call('ListOffsets', version, {
        replicaId: -1,
        topics: [{ name: topic.name, partitions: [] }],
      })
    },
  )
}

for (const [codec, name] of ['no codec', 'gzip', 'snappy', 'lz4', 'zstd'].entries())
  scenario(`ListOffsets: times within batches, ${name}`, 'KIP-79', async (recorder) => {
    const topic = await recorder.topic(1)
    await wrote(recorder, topic, [5, 1, 9, 3, 9], codec as Codec)
    await wrote(recorder, topic, [7, 2, 8], codec as Codec)
    await wrote(recorder, topic, [9, 12, 12, 4], codec as Codec)
    await list(recorder, topic, [-3, ...Array.from({ length: 14 }, (_, i) => THEN + i)])
  })

scenario('ListOffsets: times over segments', 'KIP-79', async (recorder) => {
  const topic = await recorder.topic(1, { 'segment.bytes': '1048576' })
  const value = new Uint8Array(400_000)
  for (const time of [10, 30, 20, 40, 5, 40, 35, 50])
    await recorder.quietly(
      'Produce',
      9,
      produceOf(topic, buildBatch([{ key: null, value, timestamp: THEN + time }])),
    )
  await list(recorder, topic, [
    -3,
    ...[0, 5, 10, 15, 25, 30, 31, 36, 40, 41, 50, 51].map((each) => THEN + each),
  ])
  const partitions = [{ partitionIndex: 0, offset: 4 }]
  await recorder.quietly('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
  await list(recorder, topic, [-1, -2, -3, -4, ...[0, 10, 30, 36, 45].map((each) => THEN + each)])
})

scenario('ListOffsets: after records were deleted', 'KIP-107', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [0, 10, 50])
  await wrote(recorder, topic, [15, 30])
  for (const offset of [1, 2, 3, 5]) {
    const partitions = [{ partitionIndex: 0, offset }]
    await recorder.quietly('DeleteRecords', 2, {
      topics: [{ name: topic.name, partitions }],
      timeoutMs: 5000,
    })
    await list(recorder, topic, [-1, -2, -3, -4, ...[0, 5, 12, 20, 40, 60].map((each) => THEN + each)])
  }
})

scenario('ListOffsets: leader epochs that a client has', 'KIP-320', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [0])
  for (const version of versionsOf('ListOffsets').filter((each) => each >= 4))
    for (const currentLeaderEpoch of [-1, 0, 1, 7, -2])
      await list(recorder, topic, [-1, -2, THEN], { currentLeaderEpoch }, version)
})

scenario('ListOffsets: as a follower, and as nobody', 'any client of its own making', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [0])
  for (const replicaId of [0, 1, 5, -2, -3])
    for (const timestamp of [-1, -2, THEN])
      await recorder.call('ListOffsets', 7, {
        replicaId,
        topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp }] }],
      })
})

scenario('ListOffsets: a partition twice', 'any client of its own making', async (recorder) => {
  const { name } = await recorder.topic(2)
  const [one, two] = [0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
  for (const version of [1, 7, 10]) {
    await recorder.call('ListOffsets', version, {
      replicaId: -1,
      topics: [{ name, partitions: [one!, two!, one!] }],
    })
    await recorder.call('ListOffsets', version, {
      replicaId: -1,
      topics: [
        { name, partitions: [one!] },
        { name, partitions: [two!, one!] },
      ],
    })
  }
})

scenario('ListOffsets: isolation levels', 'read_committed', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [0])
  const producer = await TransactionalProducer.first(recorder)
  await producer.produce(topic, 3)
  await wrote(recorder, topic, [60_000])
  const all = [-1, -2, -3, -4, THEN, THEN + 1, THEN + 2, THEN + 60_000]
  for (const isolationLevel of [0, 1, 2, -1]) await list(recorder, topic, all, { isolationLevel })
  await producer.end(false)
  for (const isolationLevel of [0, 1])
    await list(
      recorder,
      topic,
      all.filter((each) => each !== -3),
      { isolationLevel },
    )
})

scenario('ListOffsets: time limits', 'KIP-1075', async (recorder) => {
  const topic = await recorder.topic(1)
  for (const version of [10, 11])
    for (const timeoutMs of [0, -1, 1000])
      await recorder.call('ListOffsets', version, {
        replicaId: -1,
        timeoutMs,
        topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
      })
})

for (const version of versionsOf('OffsetForLeaderEpoch')) {
  scenario(
    `OffsetForLeaderEpoch v${version}: of a log with records and without`,
    'KIP-320',
    async (recorder) => {
      const [empty, full] = [await recorder.topic(1), await recorder.topic(1)]
      await recorder.quietly('Produce', 9, produceOf(full, batchOf(3)))
      for (const { name } of [empty, full])
        for (const leaderEpoch of [0, 1, 7, -1, -2])
          for (const currentLeaderEpoch of [-1, 0, 1])
            await recorder.call('OffsetForLeaderEpoch', version, {
              replicaId: -1,
              topics: [{ topic: name, partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }],
            })
    },
  )

  scenario(`OffsetForLeaderEpoch v${version}: where nothing is`, 'KIP-320', async (recorder) => {
    const { name } = await recorder.topic(1)
    for (const [topic, partition] of [
      [name, 7],
      [name, -1],
      ['no-such-topic', 0],
    ] as const)
      await recorder.call('OffsetForLeaderEpoch', version, {
        replicaId: -1,
        topics: [{ topic, partitions: [{ partition, leaderEpoch: 0 }] }],
      })
    await recorder.call('OffsetForLeaderEpoch', version, { replicaId: -1, topics: [] })
  })
}

scenario('OffsetForLeaderEpoch: as followers', 'any client of its own making', async (recorder) => {
  const { name } = await recorder.topic(1)
  for (const version of [3, 4])
    for (const replicaId of [0, 1, 5, -2])
      await recorder.call('OffsetForLeaderEpoch', version, {
        replicaId,
        topics: [{ topic: name, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
      })
})

scenario('OffsetForLeaderEpoch: after the beginning was deleted', 'KIP-320, KIP-107', async (recorder) => {
  const topic = await recorder.topic(1)
  await recorder.quietly('Produce', 9, produceOf(topic, buildBatch(recordsOf(3))))
  const partitions = [{ partitionIndex: 0, offset: 2 }]
  await recorder.quietly('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
  for (const leaderEpoch of [0, 1])
    await recorder.call('OffsetForLeaderEpoch', 4, {
      replicaId: -1,
      topics: [{ topic: topic.name, partitions: [{ partition: 0, leaderEpoch }] }],
    })
})
