/**
 * Fetch: what a reader gets, how much of it, and when it gets nothing. (Sessions: fetch-sessions.ts)
 */
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { until } from '../until.ts'
import { batchOf, fetchOf, produceOf, THEN, type Topic, TransactionalProducer } from './writing.ts'

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** Writes batches of so many records to a partition. */
async function wrote(
  { quietly }: Recorder,
  topic: Topic,
  counts: readonly number[],
  index = 0,
): Promise<void> {
  for (const count of counts) await quietly('Produce', 9, produceOf(topic, batchOf(count), {}, index))
}

/** A record with a value of so many bytes. */
const big = (bytes: number) => buildBatch([{ key: null, value: new Uint8Array(bytes), timestamp: THEN }])

/** A Fetch of several partitions of a topic. */
function fetchAll(topic: Topic, partitions: readonly object[], more: object = {}) {
  return {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [
      {
        topic: topic.name,
        topicId: topic.topicId,
        partitions: partitions.map((each, partition) => ({
          partition,
          fetchOffset: 0,
          partitionMaxBytes: 1 << 20,
          ...each,
        })),
      },
    ],
    ...more,
  }
}

for (const version of versionsOf('Fetch')) {
  scenario(`Fetch v${version}: from every place in a log`, 'every consumer', async (recorder) => {
    const topic = await recorder.topic()
    await wrote(recorder, topic, [3, 1, 2])
    for (const offset of [0, 1, 3, 4, 5, 6, 7, -1, -2, 1_000_000])
      await recorder.call('Fetch', version, fetchOf(topic, offset))
  })

  scenario(
    `Fetch v${version}: topics and partitions that are not there`,
    'every consumer',
    async (recorder) => {
      const topic = await recorder.topic()
      for (const [nowhere, partition] of [
        [topic, 1],
        [topic, -1],
        [{ name: 'no-such-topic', topicId: OTHER_ID }, 0],
        [{ name: '', topicId: NO_ID }, 0],
      ] as const)
        await recorder.call('Fetch', version, fetchOf(nowhere, 0, {}, { partition }))
      await recorder.call('Fetch', version, { maxWaitMs: 0, minBytes: 0, topics: [] })
      await recorder.call('Fetch', version, { maxWaitMs: 0, minBytes: 1, topics: [] })
    },
  )
}

scenario('Fetch: limits of a partition', 'KIP-74', async (recorder) => {
  const topic = await recorder.topic()
  await wrote(recorder, topic, [1, 1, 1, 5])
  for (const partitionMaxBytes of [0, 1, 60, 100, 101, 102, 103, 200, 250, 400, 5000, -1, 0x7fff_ffff])
    for (const fetchOffset of [0, 2, 8])
      await recorder.call('Fetch', 12, fetchOf(topic, fetchOffset, {}, { partitionMaxBytes }))
})

scenario('Fetch: limits of a response', 'KIP-74', async (recorder) => {
  const topic = await recorder.topic(3)
  for (const index of [0, 1, 2]) await wrote(recorder, topic, [1, 1], index)
  for (const maxBytes of [0, 1, 100, 150, 210, 220, 300, 400, 500, 1000, -1])
    await recorder.call('Fetch', 12, fetchAll(topic, [{}, {}, {}], { maxBytes }))
})

scenario('Fetch: both limits', 'KIP-74', async (recorder) => {
  const topic = await recorder.topic(3)
  for (const index of [0, 1, 2]) await wrote(recorder, topic, [1, 1], index)
  for (const maxBytes of [0, 1, 150, 300, 1000])
    for (const partitionMaxBytes of [0, 1, 110, 230])
      await recorder.call(
        'Fetch',
        12,
        fetchAll(topic, [{ partitionMaxBytes }, { partitionMaxBytes }, { partitionMaxBytes }], { maxBytes }),
      )
})

scenario('Fetch: a record larger than every limit', 'KIP-74', async (recorder) => {
  const topic = await recorder.topic(2)
  for (const index of [0, 1])
    for (const bytes of [5000, 10])
      await recorder.quietly('Produce', 9, produceOf(topic, big(bytes), {}, index))
  for (const version of versionsOf('Fetch'))
    for (const partitionMaxBytes of [0, 100])
      await recorder.call(
        'Fetch',
        version,
        fetchAll(topic, [{ partitionMaxBytes }, { partitionMaxBytes }], { maxBytes: 100 }),
      )
})

scenario('Fetch: partitions in the order in which they are asked for', 'KIP-74', async (recorder) => {
  const topic = await recorder.topic(3)
  for (const index of [0, 1, 2]) await wrote(recorder, topic, [2], index)
  for (const order of [
    [2, 0, 1],
    [1, 2, 0],
  ])
    await recorder.call(
      'Fetch',
      12,
      fetchAll(
        topic,
        order.map((partition) => ({ partition })),
        { maxBytes: 200 },
      ),
    )
})

scenario('Fetch: a partition twice', 'any client of its own making', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [2])
  await recorder.call('Fetch', 12, fetchAll(topic, [{ partition: 0 }, { partition: 0, fetchOffset: 2 }]))
  await recorder.call('Fetch', 12, fetchAll(topic, [{ partition: 0, fetchOffset: 2 }, { partition: 0 }]))
})

scenario('Fetch: waits for nothing', 'every consumer', async (recorder) => {
  const topic = await recorder.topic(1)
  for (const minBytes of [0, 1, -1])
    for (const maxWaitMs of [0, 1, -1])
      await recorder.call('Fetch', 12, fetchOf(topic, 0, { minBytes, maxWaitMs }))
})

scenario('Fetch: waits until there is enough', 'every consumer', async (recorder) => {
  const topic = await recorder.topic(1)
  const asked = recorder.another().call('Fetch', 12, fetchOf(topic, 0, { minBytes: 150, maxWaitMs: 20_000 }))
  await wrote(recorder, topic, [1])
  await wrote(recorder, topic, [1])
  await asked
})

scenario('Fetch: waits, and an error ends it', 'every consumer', async (recorder) => {
  const topic = await recorder.topic(2)
  await recorder.call(
    'Fetch',
    12,
    fetchAll(topic, [{}, { fetchOffset: 9 }], { minBytes: 1_000_000, maxWaitMs: 20_000 }),
  )
})

scenario('Fetch: records that were deleted', 'KIP-107', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [3, 3])
  const partitions = [{ partitionIndex: 0, offset: 4 }]
  await recorder.quietly('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
  for (const offset of [0, 3, 4, 5, 6]) await recorder.call('Fetch', 12, fetchOf(topic, offset))
})

scenario('Fetch: leader epochs that a client has', 'KIP-320', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [3])
  for (const version of versionsOf('Fetch').filter((each) => each >= 9))
    for (const currentLeaderEpoch of [-1, 0, 1, 7, -2])
      await recorder.call('Fetch', version, fetchOf(topic, 0, {}, { currentLeaderEpoch }))
})

scenario('Fetch: last fetched epochs', 'KIP-595', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [3])
  for (const version of versionsOf('Fetch').filter((each) => each >= 12))
    for (const [lastFetchedEpoch, fetchOffset] of [
      [0, 0],
      [0, 3],
      [0, 4],
      [1, 0],
      [7, 3],
      [-1, 3],
    ] as const)
      await recorder.call('Fetch', version, fetchOf(topic, fetchOffset, {}, { lastFetchedEpoch }))
})

scenario('Fetch: topic ids', 'KIP-516', async (recorder) => {
  const [one, two] = [await recorder.topic(1), await recorder.topic(1)]
  for (const version of versionsOf('Fetch').filter((each) => each >= 13)) {
    const topics = [one, { ...two, topicId: OTHER_ID }, two].map(({ topicId }) => ({
      topicId,
      partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }],
    }))
    await recorder.call('Fetch', version, { maxWaitMs: 0, minBytes: 0, topics })
  }
})

scenario('Fetch: a topic that was deleted and made again', 'KIP-516', async (recorder) => {
  const old = await recorder.topic(1)
  await recorder.quietly('DeleteTopics', 6, { topics: [{ name: old.name }], timeoutMs: 5000 })
  const create = { topics: [{ name: old.name, numPartitions: 1, replicationFactor: 1 }] }
  let topicId = ''
  await until('a new topic of the name', async () => {
    const { topics } = await recorder.quietly('CreateTopics', 7, create)
    topicId = topics[0]!.topicId
    return topics[0]!.errorCode === 0
  })
  await until('the new topic serves', async () => {
    const { responses } = await recorder.quietly('Fetch', 13, fetchOf({ name: old.name, topicId }))
    return responses[0]!.partitions[0]!.errorCode === 0
  })
  await recorder.call('Fetch', 13, fetchOf(old))
  await recorder.call('Fetch', 12, fetchOf(old))
  await recorder.call('Produce', 13, produceOf(old, batchOf(1)))
})

for (const version of [4, 11, 12, 14, 15, 18])
  scenario(`Fetch v${version}: as a follower`, 'any client of its own making', async (recorder) => {
    const topic = await recorder.topic(1)
    await wrote(recorder, topic, [1])
    for (const replicaId of [0, 1, 5, -2]) {
      const replicaState = { replicaId, replicaEpoch: 0 }
      await recorder.call(
        'Fetch',
        version,
        fetchOf(topic, 0, version < 15 ? { replicaId } : { replicaState }),
      )
    }
  })

scenario('Fetch: racks and clusters of other names', 'KIP-392, KIP-595', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [1])
  await recorder.call('Fetch', 11, fetchOf(topic, 0, { rackId: 'elsewhere' }))
  for (const version of [12, 18])
    await recorder.call('Fetch', version, fetchOf(topic, 0, { clusterId: 'elsewhere', rackId: 'elsewhere' }))
})

scenario('Fetch: isolation levels that do not exist', 'any client of its own making', async (recorder) => {
  const topic = await recorder.topic(1)
  await wrote(recorder, topic, [1])
  for (const isolationLevel of [2, -1])
    await recorder.call('Fetch', 12, fetchOf(topic, 0, { isolationLevel }))
})

/** What readers of all isolation levels see from every place on. */
async function seen(recorder: Recorder, topic: Topic, end: number): Promise<void> {
  for (const isolationLevel of [0, 1])
    for (let offset = 0; offset <= end; offset++)
      await recorder.call('Fetch', 12, fetchOf(topic, offset, { isolationLevel }))
  for (const isolationLevel of [0, 1])
    await recorder.call('ListOffsets', 7, {
      replicaId: -1,
      isolationLevel,
      topics: [-1, -3]
        .map((timestamp) => ({
          name: topic.name,
          partitions: [{ partitionIndex: 0, timestamp }],
        }))
        .slice(0, 1),
    })
}

for (const protocol of ['first', 'second'] as const) {
  scenario(`Fetch: an open transaction, ${protocol} protocol`, 'read_committed, KIP-98', async (recorder) => {
    const topic = await recorder.topic(1)
    await wrote(recorder, topic, [1])
    const producer = await TransactionalProducer[protocol](recorder)
    await producer.produce(topic, 2)
    await wrote(recorder, topic, [1])
    await seen(recorder, topic, 4)
    await producer.end(true)
    await seen(recorder, topic, 5)
  })

  scenario(
    `Fetch: transactions side by side, ${protocol} protocol`,
    'read_committed, KIP-98',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const one = await TransactionalProducer[protocol](recorder)
      const two = await TransactionalProducer[protocol](recorder)
      await one.produce(topic)
      await two.produce(topic)
      await one.produce(topic)
      await two.end(false)
      await seen(recorder, topic, 4)
      await two.produce(topic)
      await one.end(false)
      await seen(recorder, topic, 6)
      await two.end(true)
      await seen(recorder, topic, 7)
    },
  )
}

scenario('Fetch: the aborted of many transactions', 'KIP-98', async (recorder) => {
  const topic = await recorder.topic(1)
  const producer = await TransactionalProducer.second(recorder)
  for (let i = 0; i < 6; i++) {
    await producer.produce(topic)
    await producer.end(i % 3 === 0)
  }
  for (const partitionMaxBytes of [1, 200, 400, 1000])
    for (const offset of [0, 3, 8, 11])
      await recorder.call('Fetch', 12, fetchOf(topic, offset, { isolationLevel: 1 }, { partitionMaxBytes }))
})

scenario('Fetch: deleted up to the middle of a transaction', 'KIP-107, KIP-98', async (recorder) => {
  const topic = await recorder.topic(1)
  const producer = await TransactionalProducer.first(recorder)
  await producer.produce(topic, 3)
  for (const offset of [1, 2, 3]) {
    const partitions = [{ partitionIndex: 0, offset }]
    await recorder.call('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
    await seen(recorder, topic, 3)
  }
  await producer.end(false)
  await seen(recorder, topic, 4)
})

scenario(
  'Fetch: deleted up to the middle of a transaction of several batches',
  'KIP-107',
  async (recorder) => {
    const topic = await recorder.topic(1)
    const [one, two] = [
      await TransactionalProducer.first(recorder),
      await TransactionalProducer.second(recorder),
    ]
    await one.produce(topic, 3)
    await two.produce(topic, 2)
    await one.produce(topic, 3)
    for (const offset of [2, 3, 4, 5, 7, 8]) {
      const partitions = [{ partitionIndex: 0, offset }]
      await recorder.call('DeleteRecords', 2, { topics: [{ name: topic.name, partitions }], timeoutMs: 5000 })
      await seen(recorder, topic, 8)
    }
    await one.end(true)
    await seen(recorder, topic, 9)
    await two.end(true)
    await seen(recorder, topic, 10)
  },
)
