/**
 * Transactions as operators see them: lists, descriptions, and the markers that are the last resort (KIP-664).
 */
import type { Int64 } from '../../../src/wire/int64.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import {
  batchOf,
  describeProducers,
  IdempotentProducer,
  produceOf,
  readBoth,
  TransactionalProducer,
} from '../records/writing.ts'

/** Ids of this scenario in all states. */
async function several(recorder: Recorder) {
  const topic = await recorder.topic(1)
  const empty = await TransactionalProducer.first(recorder)
  const open = await TransactionalProducer.first(recorder)
  await open.produce(topic)
  const committed = await TransactionalProducer.second(recorder)
  await committed.produce(topic)
  const aborted = await TransactionalProducer.second(recorder)
  await aborted.produce(topic)
  await committed.end(true)
  await aborted.end(false)
  return { topic, empty, open, committed, aborted }
}

/** Lists transactions, and records only the ids of this scenario. */
async function listed(recorder: Recorder, version: number, body: object, all: Record<string, unknown>) {
  const answer = await recorder.quietly('ListTransactions', version, body)
  const names = new Map(
    Object.entries(all).flatMap(([name, each]) =>
      each instanceof TransactionalProducer ? [[each.id, name] as const] : [],
    ),
  )
  const ours = answer.transactionStates.filter(({ transactionalId }) => names.has(transactionalId))
  const told = ours.map((each) => `${names.get(each.transactionalId)}: ${each.transactionState}`).sort()
  const { errorCode, unknownStateFilters } = answer
  recorder.note(`ListTransactions v${version}`, { errorCode, unknownStateFilters, told })
}

for (const version of versionsOf('ListTransactions')) {
  scenario(
    `ListTransactions v${version}: states and producers`,
    'kafka-transactions list',
    async (recorder) => {
      const all = await several(recorder)
      const list = (body: object) => listed(recorder, version, body, all)
      await list({})
      for (const stateFilters of [
        ['Empty'],
        ['Ongoing', 'CompleteAbort'],
        ['CompleteCommit', 'NoSuchState'],
        ['ongoing'],
        [''],
        ['Dead'],
        ['PrepareEpochFence', 'PrepareCommit', 'PrepareAbort'],
      ])
        await list({ stateFilters })
      const { producerId } = all.open
      for (const producerIdFilters of [[producerId], [producerId, all.empty.producerId], [-1], [987_654]])
        await list({ producerIdFilters })
      await list({ stateFilters: ['Empty'], producerIdFilters: [producerId] })
      await list({ stateFilters: ['Ongoing'], producerIdFilters: [producerId] })
    },
  )
}

scenario('ListTransactions: those that run for long', 'KIP-994', async (recorder) => {
  const all = await several(recorder)
  for (const durationFilter of [-1, 0, 600_000, -5])
    for (const version of [1, 2]) await listed(recorder, version, { durationFilter }, all)
})

scenario('ListTransactions: ids that match', 'KIP-1152', async (recorder) => {
  const all = await several(recorder)
  const { id } = all.open
  for (const transactionalIdPattern of [
    null,
    '',
    '.*',
    id,
    `${id}.*`,
    id.slice(0, -1),
    `${id.slice(0, -1)}.`,
    '[',
    '*',
    `(?i)${id.toUpperCase()}`,
    `${id}|nothing`,
    `^${id}$`,
    `\\Q${id}\\E`,
  ])
    await listed(recorder, 2, { transactionalIdPattern }, all)
  await listed(recorder, 2, { transactionalIdPattern: id, stateFilters: ['Empty'] }, all)
  await listed(recorder, 2, { transactionalIdPattern: '[', stateFilters: ['NoSuchState'] }, all)
})

scenario(
  'DescribeTransactions: of every state, unknown, empty, twice',
  'kafka-transactions',
  async (recorder) => {
    const { empty, open, committed, aborted } = await several(recorder)
    for (const transactionalIds of [
      [empty.id],
      [open.id],
      [committed.id],
      [aborted.id],
      ['nobody'],
      [''],
      [],
      [empty.id, 'nobody', open.id],
      [empty.id, empty.id],
    ])
      await recorder.call('DescribeTransactions', 0, { transactionalIds })
  },
)

scenario(
  'DescribeProducers: of nobody, of several',
  'kafka-transactions describe-producers',
  async (recorder) => {
    const topic = await recorder.topic(2)
    await describeProducers(recorder, topic, [0, 1, 2, -1])
    await recorder.call('DescribeProducers', 0, {
      topics: [{ name: 'no-such-topic', partitionIndexes: [0] }],
    })
    await recorder.call('DescribeProducers', 0, { topics: [{ name: 'a b', partitionIndexes: [0] }] })
    await recorder.call('DescribeProducers', 0, { topics: [{ name: topic.name, partitionIndexes: [] }] })
    await recorder.call('DescribeProducers', 0, { topics: [] })
    const idempotent = await IdempotentProducer.to(recorder, topic)
    await idempotent.sendQuietly(0, 3)
    await describeProducers(recorder, topic)
    await idempotent.sendQuietly(3, 2)
    await describeProducers(recorder, topic)
  },
)

for (const protocol of ['first', 'second'] as const) {
  scenario(`DescribeProducers: through a transaction, ${protocol} protocol`, 'KIP-664', async (recorder) => {
    const topic = await recorder.topic(1)
    const producer = await TransactionalProducer[protocol](recorder)
    await producer.produce(topic)
    await describeProducers(recorder, topic)
    await producer.produce(topic, 4)
    await describeProducers(recorder, topic)
    await producer.end(true)
    await describeProducers(recorder, topic)
    await producer.produce(topic)
    await describeProducers(recorder, topic)
    await producer.end(false)
    await describeProducers(recorder, topic)
  })
}

/** A marker as kafka-transactions abort would send it. */
function markerOf(
  producer: { producerId: Int64; producerEpoch: number },
  topics: { name: string; partitionIndexes: number[] }[],
  more: object = {},
) {
  const { producerId, producerEpoch } = producer
  const marker = { producerId, producerEpoch, transactionResult: false, topics, coordinatorEpoch: 0, ...more }
  return { markers: [marker] }
}

for (const version of versionsOf('WriteTxnMarkers')) {
  scenario(
    `WriteTxnMarkers v${version}: an open transaction is aborted`,
    'kafka-transactions abort',
    async (recorder) => {
      const topic = await recorder.topic(2)
      const producer = await TransactionalProducer.first(recorder)
      await producer.produce(topic)
      const topics = [{ name: topic.name, partitionIndexes: [0] }]
      await describeProducers(recorder, topic)
      for (const more of [{ producerEpoch: -1 }, {}, {}, { transactionResult: true }, { producerEpoch: 5 }])
        await recorder.call(
          'WriteTxnMarkers',
          version,
          markerOf({ ...producer, ...more } as never, topics, more),
        )
      await describeProducers(recorder, topic)
      await readBoth(recorder, topic)
    },
  )

  scenario(
    `WriteTxnMarkers v${version}: an unknown producer, unknown partitions`,
    'KIP-664',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const unknownProducer = { producerId: 987_654, producerEpoch: 3 }
      const there = { name: topic.name, partitionIndexes: [0] }
      for (const topics of [
        [there],
        [{ name: topic.name, partitionIndexes: [7, 0] }],
        [{ name: 'no-such-topic', partitionIndexes: [0] }],
        [{ name: topic.name, partitionIndexes: [] }],
        [],
      ])
        await recorder.call('WriteTxnMarkers', version, markerOf(unknownProducer, topics))
      await recorder.call('WriteTxnMarkers', version, { markers: [] })
      await describeProducers(recorder, topic)
      await readBoth(recorder, topic)
    },
  )

  scenario(`WriteTxnMarkers v${version}: of older coordinators and epochs`, 'KIP-98', async (recorder) => {
    const topic = await recorder.topic(1)
    const topics = [{ name: topic.name, partitionIndexes: [0] }]
    const producer = { producerId: 987_654, producerEpoch: 3 }
    for (const more of [
      { coordinatorEpoch: 5 },
      { coordinatorEpoch: 4 },
      { coordinatorEpoch: 5 },
      { coordinatorEpoch: 5, producerEpoch: 2 },
      { coordinatorEpoch: -1, producerEpoch: 4 },
      { coordinatorEpoch: 6, producerEpoch: 4 },
    ])
      await recorder.call('WriteTxnMarkers', version, markerOf(producer, topics, more))
    await describeProducers(recorder, topic)
  })
}

scenario('WriteTxnMarkers: with the version of the transaction', 'KIP-1228', async (recorder) => {
  const topic = await recorder.topic(1)
  const topics = [{ name: topic.name, partitionIndexes: [0] }]
  const producer = await TransactionalProducer.second(recorder)
  await producer.produce(topic)
  for (const more of [
    { transactionVersion: 2 },
    { transactionVersion: 2, producerEpoch: 1 },
    { transactionVersion: 2, producerEpoch: 1 },
    { transactionVersion: 2, producerEpoch: 0 },
    { transactionVersion: 1, producerEpoch: 1 },
    { transactionVersion: 7, producerEpoch: 2 },
    { transactionVersion: -1, producerEpoch: 2 },
  ])
    await recorder.call('WriteTxnMarkers', 2, markerOf(producer, topics, more))
  await describeProducers(recorder, topic)
  await readBoth(recorder, topic)
})

scenario('WriteTxnMarkers: a hanging transaction is found and ended', 'KIP-664', async (recorder) => {
  const topic = await recorder.topic(1)
  const producer = await TransactionalProducer.first(recorder)
  await producer.produce(topic)
  await producer.end(true)
  await readBoth(recorder, topic)
  await recorder.call('ListOffsets', 6, {
    replicaId: -1,
    isolationLevel: 1,
    topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
  })
  await recorder.call('Produce', 9, produceOf(topic, batchOf(1)))
})
