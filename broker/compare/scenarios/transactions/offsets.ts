/**
 * Offsets that are committed within a transaction: who may, and what becomes of them. (Members and generations:
 * groups/offsets.ts)
 */
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { describeProducers, type Topic, TransactionalProducer } from '../records/writing.ts'
import { until } from '../until.ts'

/** Verification is gathered, as for records (transactions.ts). */
const VERIFIED = { alone: true }

function commitOf(producer: TransactionalProducer, groupId: string, topic: Topic, committedOffset = 5) {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: 'a note' }]
  return { ...producer.identity, groupId, topics: [{ name: topic.name, partitions }] }
}

async function offsets(
  { call }: Recorder,
  groupId: string,
  topic: Topic,
  requireStable = false,
): Promise<void> {
  const topics = [{ name: topic.name, partitionIndexes: [0] }]
  await call('OffsetFetch', 8, { groups: [{ groupId, topics }], requireStable })
}

async function newGroup(recorder: Recorder): Promise<string> {
  const groupId = recorder.name('group')
  await recorder.coordinator(groupId)
  return groupId
}

for (const version of versionsOf('TxnOffsetCommit')) {
  scenario(`TxnOffsetCommit v${version}: of a group without members`, 'KIP-98, KIP-447', async (recorder) => {
    const topic = await recorder.topic(1)
    const groupId = await newGroup(recorder)
    const producer = await TransactionalProducer.first(recorder)
    await recorder.quietly('AddOffsetsToTxn', 3, { ...producer.identity, groupId })
    await recorder.call('TxnOffsetCommit', version, commitOf(producer, groupId, topic))
    await offsets(recorder, groupId, topic)
    await producer.end(true)
    await offsets(recorder, groupId, topic)
    await recorder.call('DescribeGroups', 5, { groups: [groupId] })
  })

  scenario(
    `TxnOffsetCommit v${version}: that nobody has announced`,
    'KIP-890',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const groupId = await newGroup(recorder)
      const producer = await TransactionalProducer.first(recorder)
      await recorder.call('TxnOffsetCommit', version, commitOf(producer, groupId, topic))
      await producer.shown()
      await offsets(recorder, groupId, topic)
      await recorder.call('EndTxn', 4, { ...producer.identity, committed: true })
    },
    VERIFIED,
  )

  scenario(
    `TxnOffsetCommit v${version}: by others`,
    'KIP-98, a zombie',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const groupId = await newGroup(recorder)
      const producer = await TransactionalProducer.first(recorder)
      await producer.init()
      const body = commitOf(producer, groupId, topic)
      await recorder.quietly('AddOffsetsToTxn', 3, { ...producer.identity, groupId })
      await recorder.call('TxnOffsetCommit', version, body)
      for (const wrong of [
        { producerEpoch: 0 },
        { groupId: '' },
        { memberId: 'nobody', generationId: 3 },
        { memberId: 'nobody' },
        { generationId: 3 },
        { groupInstanceId: 'nobody', memberId: 'm', generationId: 1 },
      ])
        await recorder.call('TxnOffsetCommit', version, { ...body, ...wrong })
    },
    VERIFIED,
  )

  scenario(`TxnOffsetCommit v${version}: topics that are not there`, 'KIP-98', async (recorder) => {
    const topic = await recorder.topic(1)
    const groupId = await newGroup(recorder)
    const producer = await TransactionalProducer.first(recorder)
    await recorder.quietly('AddOffsetsToTxn', 3, { ...producer.identity, groupId })
    const body = commitOf(producer, groupId, topic)
    const partitions = [
      { partitionIndex: 0, committedOffset: 1, committedMetadata: null },
      { partitionIndex: 7, committedOffset: 1, committedMetadata: '' },
      { partitionIndex: -1, committedOffset: 1, committedMetadata: '' },
    ]
    await recorder.call('TxnOffsetCommit', version, {
      ...body,
      topics: [{ name: 'no-such-topic', partitions }],
    })
    await recorder.call('TxnOffsetCommit', version, { ...body, topics: [{ name: topic.name, partitions }] })
    await recorder.call('TxnOffsetCommit', version, { ...body, topics: [] })
    await recorder.call('TxnOffsetCommit', version, {
      ...body,
      topics: [{ name: topic.name, partitions: [] }],
    })
  })
}

for (const version of [4, 5]) {
  scenario(
    `TxnOffsetCommit v${version}: by a producer that has no such id`,
    'KIP-890',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const groupId = await newGroup(recorder)
      const producer = await TransactionalProducer.first(recorder)
      const body = commitOf(producer, groupId, topic)
      for (const wrong of [
        { transactionalId: 'nobody' },
        { transactionalId: '' },
        { producerId: 987_654 },
        { producerId: -1 },
        { producerEpoch: 9 },
      ])
        await recorder.call('TxnOffsetCommit', version, { ...body, ...wrong })
      await producer.shown()
    },
    VERIFIED,
  )
}

for (const committed of [true, false]) {
  const verb = committed ? 'committed' : 'aborted'
  scenario(`TxnOffsetCommit: pending, then ${verb}`, 'KIP-447', async (recorder) => {
    const topic = await recorder.topic(1)
    const groupId = await newGroup(recorder)
    const producer = await TransactionalProducer.second(recorder)
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: 'before' }]
    await recorder.call('OffsetCommit', 8, { groupId, topics: [{ name: topic.name, partitions }] })
    await recorder.call('TxnOffsetCommit', 5, commitOf(producer, groupId, topic))
    await offsets(recorder, groupId, topic)
    await offsets(recorder, groupId, topic, true)
    await producer.produce(topic)
    await producer.shown()
    await producer.end(committed)
    await until('offsets that are stable', async () => {
      const topics = [{ name: topic.name, partitionIndexes: [0] }]
      const { groups } = await recorder.quietly('OffsetFetch', 8, {
        groups: [{ groupId, topics }],
        requireStable: true,
      })
      return groups[0]!.topics[0]!.partitions[0]!.errorCode === 0
    })
    await offsets(recorder, groupId, topic, true)
    await describeProducers(recorder, topic)
  })
}
