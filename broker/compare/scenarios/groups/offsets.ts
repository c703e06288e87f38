/**
 * OffsetCommit: which commits are accepted, and what is stored.
 */
import type { Int64 } from '../../../src/wire/int64.ts'
import { type RequestOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, newGroup, stableGroup } from './classic-member.ts'
import { ConsumerMember, promptGroup } from './consumer-member.ts'

type Commit = Partial<RequestOf<'OffsetCommit'>>

export type Topic = { readonly name: string; readonly topicId: string }

export const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
export const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

export const committing = (topic: Topic, offset: Int64 = 5, more: object = {}, partitions = [0]) => ({
  ...topic,
  partitions: partitions.map((partitionIndex) => ({
    partitionIndex,
    committedOffset: offset,
    committedMetadata: '',
    ...more,
  })),
})

export const fetching = (topic: Topic, partitionIndexes = [0]) => ({ ...topic, partitionIndexes })

/** All that a group has committed; topic ids stand in a note, so that they are known. */
export const all = (recorder: Recorder, groupId: string, version = 9) =>
  recorder.call('OffsetFetch', version, { groupId, topics: null, groups: [{ groupId, topics: null }] })

for (const version of versionsOf('OffsetCommit')) {
  scenario(
    `OffsetCommit v${version}: what comes back`,
    'a consumer that assigns by itself',
    async (recorder) => {
      const there = await recorder.topic(2)
      const groupId = await newGroup(recorder)
      const partitions = [
        { partitionIndex: 0, committedOffset: 7, committedMetadata: 'a note', committedLeaderEpoch: 3 },
        { partitionIndex: 1, committedOffset: 0, committedMetadata: null },
        { partitionIndex: 2, committedOffset: 1, committedMetadata: '' },
      ]
      await recorder.call('OffsetCommit', version, { groupId, topics: [{ ...there, partitions }] })
      await all(recorder, groupId)
      await recorder.call('OffsetCommit', version, {
        groupId,
        topics: [committing(there, 0, { committedMetadata: 'ü' })],
      })
      await recorder.call('OffsetCommit', version, { groupId, topics: [] })
      await recorder.call('OffsetCommit', version, { groupId, topics: [{ ...there, partitions: [] }] })
      await all(recorder, groupId)
      await recorder.call('DescribeGroups', 6, { groups: [groupId] })
    },
  )

  scenario(
    `OffsetCommit v${version}: topics that are not there`,
    'a topic that was deleted',
    async (recorder) => {
      const there = await recorder.topic(1)
      const groupId = await newGroup(recorder)
      const gone = { name: recorder.name('gone'), topicId: OTHER_ID }
      const nobody = { name: '', topicId: NO_ID }
      const commit = (topics: Commit['topics']) =>
        recorder.call('OffsetCommit', version, { groupId, topics: topics! })
      await commit([committing(gone)])
      await commit([committing(nobody)])
      await commit([committing(gone), committing(there)])
      await commit([committing(there, 5, {}, [0, 1, -1])])
      await commit([committing(there, -1), committing(there, -7)])
      await all(recorder, groupId)
    },
  )

  scenario(`OffsetCommit v${version}: who may not`, 'a zombie', async (recorder) => {
    const there = await recorder.topic(1)
    const topics = [committing(there)]
    const commit = (body: Commit) => recorder.call('OffsetCommit', version, { groupId: '', topics, ...body })
    const groupId = await newGroup(recorder)
    await commit({ groupId, generationIdOrMemberEpoch: 1, memberId: 'nobody' })
    await commit({ groupId, generationIdOrMemberEpoch: 1 })
    await commit({ groupId, generationIdOrMemberEpoch: -1, memberId: 'nobody' })
    const [a] = await stableGroup(recorder, [{}])
    const member = { groupId: a!.groupId, memberId: a!.memberId, generationIdOrMemberEpoch: a!.generationId }
    await commit(member)
    await commit({ ...member, generationIdOrMemberEpoch: 9 })
    await commit({ ...member, generationIdOrMemberEpoch: -1 })
    await commit({ ...member, memberId: 'nobody' })
    await commit({ ...member, memberId: '', generationIdOrMemberEpoch: -1 })
    if (version >= 7) await commit({ ...member, groupInstanceId: 'nobody' })
    await a!.leave()
    await groupIs(recorder, a!.groupId, 'Empty')
    await commit(member)
    await commit({ ...member, memberId: '', generationIdOrMemberEpoch: -1 })
    await commit({ ...member, generationIdOrMemberEpoch: -1 })
  })

  scenario(`OffsetCommit v${version}: members of the new protocol`, 'KIP-848', async (recorder) => {
    const there = await recorder.topic(1)
    const a = await ConsumerMember.settled(recorder, { memberId: 'a', subscribedTopicNames: [there.name] })
    const commit = (body: Commit) =>
      recorder.call('OffsetCommit', version, { ...a.committer, topics: [committing(there)], ...body })
    await commit({})
    for (const generationIdOrMemberEpoch of [-1, 0, 1, 2, 3]) await commit({ generationIdOrMemberEpoch })
    await commit({ memberId: 'nobody' })
    await commit({ memberId: '', generationIdOrMemberEpoch: -1 })
    await a.leave()
    await commit({})
    await commit({ memberId: '', generationIdOrMemberEpoch: -1 })
    await all(recorder, a.groupId)
  })
}

scenario('OffsetCommit: notes that are too long', 'offset.metadata.max.bytes', async (recorder) => {
  const there = await recorder.topic(2)
  const groupId = await newGroup(recorder)
  for (const committedMetadata of ['x'.repeat(4096), 'x'.repeat(4097), 'ü'.repeat(4096), '😀'.repeat(2049)])
    await recorder.call('OffsetCommit', 9, { groupId, topics: [committing(there, 5, { committedMetadata })] })
  const partitions = ['x'.repeat(5000), 'short'].map((committedMetadata, partitionIndex) => ({
    partitionIndex,
    committedOffset: 9,
    committedMetadata,
  }))
  await recorder.call('OffsetCommit', 9, { groupId, topics: [{ ...there, partitions }] })
  const { groups } = await recorder.quietly('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })
  recorder.note(
    'notes',
    groups[0]!.topics[0]!.partitions.map(({ metadata }) => metadata?.length),
  )
})

scenario('OffsetCommit: a retention of its own', 'clients before 2.1', async (recorder) => {
  const there = await recorder.topic(1)
  const groupId = await newGroup(recorder)
  for (const retentionTimeMs of [-1, 0, 1, 1_000_000, -5])
    await recorder.call('OffsetCommit', 2, {
      groupId,
      retentionTimeMs,
      topics: [committing(there, retentionTimeMs + 9)],
    })
  await all(recorder, groupId)
})

scenario(
  'OffsetCommit: while the group rebalances',
  'a consumer that commits before it gives up',
  async (recorder) => {
    const there = await recorder.topic(1)
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const commit = (member: ClassicMember, offset: number) =>
      recorder.call('OffsetCommit', 9, {
        groupId: a!.groupId,
        memberId: member.memberId,
        generationIdOrMemberEpoch: member.generationId,
        topics: [committing(there, offset)],
      })
    const coming = a!.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await commit(a!, 1)
    await commit(b!, 2)
    await Promise.all([coming, b!.join()])
    await commit(a!, 3)
    await commit(b!, 4)
    await Promise.all([a!.sync(), b!.sync()])
    await commit(b!, 5)
    await all(recorder, a!.groupId)
  },
)

scenario('OffsetCommit: static members', 'group.instance.id, KIP-345', async (recorder) => {
  const there = await recorder.topic(1)
  const [a] = await stableGroup(recorder, [{ groupInstanceId: 'one' }, { groupInstanceId: 'two' }])
  const commit = (memberId: string, groupInstanceId: string | null) =>
    recorder.call('OffsetCommit', 9, {
      groupId: a!.groupId,
      memberId,
      groupInstanceId,
      generationIdOrMemberEpoch: a!.generationId,
      topics: [committing(there)],
    })
  for (const groupInstanceId of ['one', 'two', 'three', null]) await commit(a!.memberId, groupInstanceId)
  await commit('', 'one')
  const again = new ClassicMember(recorder, a!.groupId, { groupInstanceId: 'one' })
  await again.join()
  await commit(a!.memberId, 'one')
  await commit(a!.memberId, null)
  await commit(again.memberId, 'one')
})

scenario('OffsetCommit: an older epoch, partition by partition', 'KIP-1251', async (recorder) => {
  const there = await recorder.topic(4)
  const groupId = await promptGroup(recorder)
  const terms = { subscribedTopicNames: [there.name] }
  const [a, b] = ['a', 'b'].map((memberId) => new ConsumerMember(recorder, groupId, { ...terms, memberId }))
  const commit = (member: ConsumerMember, epoch: number, partitions: number[], more: object = {}) =>
    recorder.call('OffsetCommit', 9, {
      ...member.committer,
      generationIdOrMemberEpoch: epoch,
      topics: [committing(there, 5, more, partitions)],
    })
  await a!.join()
  await b!.join()
  await a!.beat()
  for (const epoch of [1, 2, 3]) await commit(a!, epoch, [3])
  await a!.report()
  await b!.beat()
  for (const epoch of [1, 2, 3, 4])
    for (const partitions of [[0], [0, 3], [3]]) await commit(a!, epoch, partitions)
  for (const epoch of [2, 3]) for (const partitions of [[2], [0]]) await commit(b!, epoch, partitions)
  await commit(a!, 2, [3], { committedMetadata: 'x'.repeat(5000) })
  await recorder.call('OffsetCommit', 10, {
    ...a!.committer,
    generationIdOrMemberEpoch: 2,
    topics: [committing(there, 6, {}, [1]), committing({ name: '', topicId: OTHER_ID })],
  })
  await all(recorder, groupId)
})
