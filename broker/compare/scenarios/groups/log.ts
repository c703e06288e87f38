/**
 * The records of groups in `__consumer_offsets`: the same scenarios, and then the records that each broker has written.
 *
 * A folder of one broker is read by the other, and kafka-dump-log prints both; so the records are compared one by one,
 * in order, each with its type, the version of its value and all its fields.
 *
 * - times and hashes are only compared for presence: times come from the broker's clock, hashes from random topic ids
 */

import { partitionFor } from '../../../src/coordinators/partition-for.ts'
import {
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupMetadataKey,
  ConsumerGroupMetadataValue,
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupPartitionMetadataValue,
  ConsumerGroupRegularExpressionKey,
  ConsumerGroupRegularExpressionValue,
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
} from '../../../src/messages/records/consumer-group-records.ts'
import {
  GroupMetadataKey,
  GroupMetadataValue,
  OffsetCommitKey,
  OffsetCommitValue,
} from '../../../src/messages/records/consumer-offsets.ts'
import { decodeKey, decodeValue, recordType } from '../../../src/messages/records/record-frame.ts'
import { batchPositions, isControl, readBatchHeader } from '../../../src/record/batch.ts'
import { readRecords } from '../../../src/record/record.ts'
import { Reader } from '../../../src/wire/reader.ts'
import type { Message } from '../../../src/wire/schema.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { assignment, ClassicMember, groupIs, newGroup, stableGroup, subscription } from './classic-member.ts'
import { ConsumerMember, promptGroup } from './consumer-member.ts'

const TOPIC = '__consumer_offsets'
const TYPES = [
  [OffsetCommitKey, OffsetCommitValue],
  [GroupMetadataKey, GroupMetadataValue],
  [ConsumerGroupMetadataKey, ConsumerGroupMetadataValue],
  [ConsumerGroupPartitionMetadataKey, ConsumerGroupPartitionMetadataValue],
  [ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue],
  [ConsumerGroupTargetAssignmentMetadataKey, ConsumerGroupTargetAssignmentMetadataValue],
  [ConsumerGroupTargetAssignmentMemberKey, ConsumerGroupTargetAssignmentMemberValue],
  [ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupCurrentMemberAssignmentValue],
  [ConsumerGroupRegularExpressionKey, ConsumerGroupRegularExpressionValue],
] as unknown as readonly (readonly [Message<Record<string, unknown>>, Message<Record<string, unknown>>])[]

const ONLY_THERE = new Set([
  'commitTimestamp',
  'expireTimestamp',
  'currentStateTimestamp',
  'assignmentTimestamp',
  'timestamp',
  'metadataHash',
  'version',
])

/** Writes down what was written of the group. How it was put into batches is Kafka's matter: it lets some wait. */
async function written(recorder: Recorder, groupId: string, inOrder = true): Promise<void> {
  const records = (await recordsOf(recorder, groupId)).map(shown)
  recorder.note('written', inOrder ? records : byMember(records))
}

/** What is in the log of the group, as it is there. */
export async function recordsOf(recorder: Recorder, groupId: string): Promise<Recording[]> {
  const { topics } = await recorder.quietly('Metadata', 12, { topics: [{ name: TOPIC }] })
  const { topicId, partitions } = topics[0]!
  const partition = partitionFor(groupId, partitions.length)
  let fetchOffset = 0
  const records: Recording[] = []
  for (;;) {
    const asked = { partition, fetchOffset, partitionMaxBytes: 4_000_000 }
    const { responses } = await recorder.quietly('Fetch', 13, {
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel: 0,
      topics: [{ topicId, partitions: [asked] }],
    })
    const bytes = responses[0]!.partitions[0]!.records ?? new Uint8Array()
    const positions = [...batchPositions(bytes)]
    if (positions.length === 0) break
    for (const at of positions) records.push(...wordsIn(bytes, at, groupId))
    const last = readBatchHeader(bytes, positions.at(-1)!)
    fetchOffset = last.baseOffset + last.lastOffsetDelta + 1
  }
  return records
}

/** Kafka writes members in the order of a hash map, whose keys are not ours to choose in a classic group. */
function byMember(records: readonly Shown[]): Shown[] {
  const key = ({ type, memberId = '' }: Shown) => `${String(type).padStart(2)} ${memberId}`
  return [...records].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

interface Shown {
  readonly type: number
  readonly memberId?: string
  readonly [field: string]: unknown
}

/** A record of the group: its key's fields, and its value's. */
interface Recording {
  readonly type: number
  readonly key: Readonly<Record<string, unknown>>
  readonly valueVersion?: number
  readonly value: Readonly<Record<string, unknown>> | null
}

function wordsIn(bytes: Uint8Array, at: number, groupId: string): Recording[] {
  const header = readBatchHeader(bytes, at)
  if (isControl(header)) return []
  return readRecords(bytes, at).flatMap(({ key, value }) => recordInWords(key!, value, groupId))
}

function recordInWords(bytes: Uint8Array, value: Uint8Array | null, groupId: string): Recording[] {
  const type = recordType(bytes)
  const [keys, values] = TYPES.find(([each]) => each.apiKey === type) ?? []
  if (!keys || !values) return []
  const key = decodeKey(keys, bytes)
  if (key.group !== groupId && key.groupId !== groupId) return []
  if (value === null) return [{ type, key, value }]
  return [{ type, key, valueVersion: new Reader(value).int16(), value: decodeValue(values, value) }]
}

function shown({ type, key, valueVersion, value }: Recording): Shown {
  if (value === null) return { type, ...key, value }
  const fields = Object.entries(value).map(([name, field]) =>
    ONLY_THERE.has(name) ? [name, Number(field) !== 0 && Number(field) !== -1] : [name, field],
  )
  return { type, ...key, valueVersion, value: Object.fromEntries(fields) }
}

/** A topic whose id is known from the beginning. */
async function known(recorder: Recorder, partitions: number) {
  const there = await recorder.topic(partitions)
  recorder.note('the topic', { topicId: there.topicId })
  return there
}

scenario('Log of groups: a classic group', 'kafka-dump-log --offsets-decoder', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  await a!.leave()
  await groupIs(recorder, a!.groupId, 'Empty')
  await written(recorder, a!.groupId)
  await recorder.quietly('DeleteGroups', 2, { groupsNames: [a!.groupId] })
  await written(recorder, a!.groupId)
})

scenario(
  'Log of groups: a static member comes back',
  'kafka-dump-log --offsets-decoder',
  async (recorder) => {
    const terms = {
      groupInstanceId: 'one',
      protocols: [{ name: 'range', metadata: subscription({ topics: ['t'] }) }],
    }
    const [a] = await stableGroup(recorder, [terms])
    const again = new ClassicMember(recorder, a!.groupId, terms)
    await again.join({}, 9, recorder.quietly)
    await written(recorder, a!.groupId)
  },
)

scenario('Log of groups: offsets', 'kafka-dump-log --offsets-decoder', async (recorder) => {
  const { name, topicId } = await known(recorder, 2)
  const groupId = await newGroup(recorder)
  const partitions = [
    { partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: 2, committedMetadata: 'ü' },
    { partitionIndex: 1, committedOffset: 8, committedMetadata: null },
  ]
  for (const version of [2, 6, 9, 10])
    await recorder.quietly('OffsetCommit', version, { groupId, topics: [{ name, topicId, partitions }] })
  const one = [{ name, topicId, partitions: partitions.slice(0, 1) }]
  await recorder.quietly('OffsetCommit', 2, { groupId, retentionTimeMs: 1_000_000, topics: one })
  await recorder.quietly('OffsetDelete', 0, {
    groupId,
    topics: [{ name, partitions: [{ partitionIndex: 0 }] }],
  })
  await recorder.quietly('DeleteGroups', 2, { groupsNames: [groupId] })
  await written(recorder, groupId)
})

scenario('Log of groups: offsets of a transaction', 'kafka-dump-log --offsets-decoder', async (recorder) => {
  const { name } = await known(recorder, 1)
  const [groupId, transactionalId] = [await newGroup(recorder), recorder.name('transaction')]
  await recorder.coordinator(transactionalId, 1)
  const begun = { transactionalId, transactionTimeoutMs: 60_000 }
  const { producerId, producerEpoch } = await recorder.quietly('InitProducerId', 4, begun)
  const producer = { transactionalId, producerId, producerEpoch }
  await recorder.quietly('AddOffsetsToTxn', 3, { ...producer, groupId })
  const partitions = [
    { partitionIndex: 0, committedOffset: 8, committedMetadata: 'in it', committedLeaderEpoch: 1 },
  ]
  await recorder.quietly('TxnOffsetCommit', 3, { ...producer, groupId, topics: [{ name, partitions }] })
  await recorder.quietly('EndTxn', 3, { ...producer, committed: true })
  await written(recorder, groupId)
})

scenario('Log of groups: a KIP-848 group', 'kafka-dump-log --offsets-decoder', async (recorder) => {
  const { name } = await known(recorder, 4)
  const groupId = await promptGroup(recorder)
  const terms = { subscribedTopicNames: [name], rackId: 'r', serverAssignor: 'range' }
  const a = new ConsumerMember(recorder, groupId, { ...terms, memberId: 'a' })
  await a.join({}, 1, recorder.quietly)
  await a.quietly({ topicPartitions: a.owned })
  await a.quietly({ rackId: 's' })
  await a.quietly({ memberEpoch: -1 })
  await recorder.quietly('DeleteGroups', 2, { groupsNames: [groupId] })
  await written(recorder, groupId)
})

scenario(
  'Log of groups: two members of a KIP-848 group',
  'kafka-dump-log --offsets-decoder',
  async (recorder) => {
    const { name } = await known(recorder, 4)
    const groupId = await promptGroup(recorder)
    const [a, b] = ['a', 'b'].map(
      (memberId) => new ConsumerMember(recorder, groupId, { memberId, subscribedTopicNames: [name] }),
    )
    await a!.join({}, 1, recorder.quietly)
    await b!.join({}, 1, recorder.quietly)
    for (let round = 0; round < 3; round++)
      for (const each of [a!, b!]) await each.quietly({ topicPartitions: each.owned })
    await a!.quietly({ memberEpoch: -1 })
    await b!.quietly({})
    await written(recorder, groupId)
  },
)

scenario(
  'Log of groups: a static member of a KIP-848 group',
  'kafka-dump-log --offsets-decoder',
  async (recorder) => {
    const { name } = await known(recorder, 2)
    const groupId = await promptGroup(recorder)
    const terms = { instanceId: 'one', subscribedTopicNames: [name] }
    const a = new ConsumerMember(recorder, groupId, { ...terms, memberId: 'a' })
    await a.join({}, 1, recorder.quietly)
    await a.quietly({ memberEpoch: -2 })
    await new ConsumerMember(recorder, groupId, { ...terms, memberId: 'b' }).join({}, 1, recorder.quietly)
    await written(recorder, groupId)
  },
)

scenario('Log of groups: an expression', 'kafka-dump-log --offsets-decoder', async (recorder) => {
  const { name } = await known(recorder, 2)
  const a = new ConsumerMember(recorder, await promptGroup(recorder), {
    memberId: 'a',
    subscribedTopicRegex: `${name}.*`,
  })
  await a.join({}, 1, recorder.quietly)
  for (let attempt = 0; attempt < 100 && a.owned.length === 0; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    await a.quietly({})
  }
  await a.quietly({ memberEpoch: -1 })
  await written(recorder, a.groupId)
})

scenario(
  'Log of groups: from classic to KIP-848 and back',
  'kafka-dump-log --offsets-decoder',
  async (recorder) => {
    const { name } = await known(recorder, 2)
    const groupId = await promptGroup(recorder)
    const protocols = [{ name: 'range', metadata: subscription({ topics: [name] }) }]
    const [a] = await stableGroup(recorder, [{ protocols, sessionTimeoutMs: 30_000 }], groupId)
    await a!.join({}, 9, a!.recorder.quietly)
    const shares = [{ memberId: a!.memberId, assignment: assignment([{ topic: name, partitions: [0, 1] }]) }]
    await a!.sync({ assignments: shares }, 5, a!.recorder.quietly)
    const b = new ConsumerMember(recorder, groupId, { memberId: 'b', subscribedTopicNames: [name] })
    await b.join({}, 1, recorder.quietly)
    await a!.join({}, 9, a!.recorder.quietly)
    await b.quietly({ topicPartitions: b.owned })
    await b.quietly({ memberEpoch: -1 })
    await written(recorder, groupId, false)
  },
)

scenario(
  'Log of groups: an empty group changes its protocol',
  'kafka-dump-log --offsets-decoder',
  async (recorder) => {
    const { name } = await known(recorder, 1)
    const groupId = await promptGroup(recorder)
    const [a] = await stableGroup(recorder, [{}], groupId)
    await a!.recorder.quietly('LeaveGroup', 5, { groupId, members: [{ memberId: a!.memberId }] })
    await groupIs(recorder, groupId, 'Empty')
    const b = new ConsumerMember(recorder, groupId, { memberId: 'b', subscribedTopicNames: [name] })
    await b.join({}, 1, recorder.quietly)
    await b.quietly({ memberEpoch: -1 })
    await new ClassicMember(recorder, groupId, { groupInstanceId: 'one' }).settle()
    await written(recorder, groupId)
  },
)
