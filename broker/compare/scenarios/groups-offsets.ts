/**
 * OffsetCommit and OffsetFetch: who may commit, what is kept, what is found again.
 */
import { type RequestOf, versionsOf } from '../apis.ts'
import { scenario, type Teller } from '../scenario.ts'
import { ClassicMember, groupIs, newGroup, stableGroup } from './groups-classic-member.ts'
import { ConsumerMember, promptGroup } from './groups-consumer-member.ts'

type Commit = Partial<RequestOf<'OffsetCommit'>>
type Topic = { readonly name: string; readonly topicId: string }

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

const committing = (topic: Topic, offset = 5, more: object = {}, partitions = [0]) => ({
  ...topic,
  partitions: partitions.map((partitionIndex) => ({
    partitionIndex,
    committedOffset: offset,
    committedMetadata: '',
    ...more,
  })),
})

const fetching = (topic: Topic, partitionIndexes = [0]) => ({ ...topic, partitionIndexes })

/** All that a group has committed; topic ids stand in a note, so that they are known. */
const all = (teller: Teller, groupId: string, version = 9) =>
  teller.call('OffsetFetch', version, { groupId, topics: null, groups: [{ groupId, topics: null }] })

for (const version of versionsOf('OffsetCommit')) {
  scenario(
    `OffsetCommit v${version}: what comes back`,
    'a consumer that assigns by itself',
    async (teller) => {
      const there = await teller.topic(2)
      const groupId = await newGroup(teller)
      const partitions = [
        { partitionIndex: 0, committedOffset: 7, committedMetadata: 'a note', committedLeaderEpoch: 3 },
        { partitionIndex: 1, committedOffset: 0, committedMetadata: null },
        { partitionIndex: 2, committedOffset: 1, committedMetadata: '' },
      ]
      await teller.call('OffsetCommit', version, { groupId, topics: [{ ...there, partitions }] })
      await all(teller, groupId)
      await teller.call('OffsetCommit', version, {
        groupId,
        topics: [committing(there, 0, { committedMetadata: 'ü' })],
      })
      await teller.call('OffsetCommit', version, { groupId, topics: [] })
      await teller.call('OffsetCommit', version, { groupId, topics: [{ ...there, partitions: [] }] })
      await all(teller, groupId)
      await teller.call('DescribeGroups', 6, { groups: [groupId] })
    },
  )

  scenario(
    `OffsetCommit v${version}: topics that are not there`,
    'a topic that was deleted',
    async (teller) => {
      const there = await teller.topic(1)
      const groupId = await newGroup(teller)
      const gone = { name: teller.name('gone'), topicId: OTHER_ID }
      const nobody = { name: '', topicId: NO_ID }
      const commit = (topics: Commit['topics']) =>
        teller.call('OffsetCommit', version, { groupId, topics: topics! })
      await commit([committing(gone)])
      await commit([committing(nobody)])
      await commit([committing(gone), committing(there)])
      await commit([committing(there, 5, {}, [0, 1, -1])])
      await commit([committing(there, -1), committing(there, -7)])
      await all(teller, groupId)
    },
  )

  scenario(`OffsetCommit v${version}: who may not`, 'a zombie', async (teller) => {
    const there = await teller.topic(1)
    const topics = [committing(there)]
    const commit = (body: Commit) => teller.call('OffsetCommit', version, { groupId: '', topics, ...body })
    const groupId = await newGroup(teller)
    await commit({ groupId, generationIdOrMemberEpoch: 1, memberId: 'nobody' })
    await commit({ groupId, generationIdOrMemberEpoch: 1 })
    await commit({ groupId, generationIdOrMemberEpoch: -1, memberId: 'nobody' })
    const [a] = await stableGroup(teller, [{}])
    const member = { groupId: a!.groupId, memberId: a!.memberId, generationIdOrMemberEpoch: a!.generationId }
    await commit(member)
    await commit({ ...member, generationIdOrMemberEpoch: 9 })
    await commit({ ...member, generationIdOrMemberEpoch: -1 })
    await commit({ ...member, memberId: 'nobody' })
    await commit({ ...member, memberId: '', generationIdOrMemberEpoch: -1 })
    if (version >= 7) await commit({ ...member, groupInstanceId: 'nobody' })
    await a!.leave()
    await groupIs(teller, a!.groupId, 'Empty')
    await commit(member)
    await commit({ ...member, memberId: '', generationIdOrMemberEpoch: -1 })
    await commit({ ...member, generationIdOrMemberEpoch: -1 })
  })

  scenario(`OffsetCommit v${version}: members of the new protocol`, 'KIP-848', async (teller) => {
    const there = await teller.topic(1)
    const a = await ConsumerMember.settled(teller, { memberId: 'a', subscribedTopicNames: [there.name] })
    const commit = (body: Commit) =>
      teller.call('OffsetCommit', version, { ...a.committer, topics: [committing(there)], ...body })
    await commit({})
    for (const generationIdOrMemberEpoch of [-1, 0, 1, 2, 3]) await commit({ generationIdOrMemberEpoch })
    await commit({ memberId: 'nobody' })
    await commit({ memberId: '', generationIdOrMemberEpoch: -1 })
    await a.leave()
    await commit({})
    await commit({ memberId: '', generationIdOrMemberEpoch: -1 })
    await all(teller, a.groupId)
  })
}

for (const version of versionsOf('OffsetFetch')) {
  scenario(`OffsetFetch v${version}: some, all, none`, 'Admin.listConsumerGroupOffsets', async (teller) => {
    const [one, two] = [await teller.topic(3), await teller.topic(1)]
    teller.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
    const groupId = await newGroup(teller)
    const fetch = (topics: ReturnType<typeof fetching>[] | null, group = groupId) => {
      if (topics === null && version < 2) return undefined
      return teller.call('OffsetFetch', version, {
        groupId: group,
        topics,
        groups: [{ groupId: group, topics }],
      })
    }
    await fetch([fetching(one)])
    await fetch(null)
    const topics = [committing(one, 4, { committedLeaderEpoch: 2 }, [0, 2]), committing(two, 9)]
    await teller.quietly('OffsetCommit', 9, { groupId, topics })
    await fetch([fetching(one, [0, 1, 2, 9]), fetching(two)])
    await fetch([fetching(one, [])])
    await fetch([])
    await fetch(null)
    await fetch([fetching({ name: teller.name('gone'), topicId: OTHER_ID }), fetching(one)])
    await fetch([fetching({ name: '', topicId: NO_ID })])
    await fetch([fetching(two)], '')
    await fetch(null, `${groupId}-other`)
  })
}

for (const version of versionsOf('OffsetFetch').filter((each) => each >= 8)) {
  scenario(`OffsetFetch v${version}: several groups`, 'KIP-709', async (teller) => {
    const there = await teller.topic(2)
    const [a, b] = [await newGroup(teller), await newGroup(teller)]
    await teller.quietly('OffsetCommit', 9, { groupId: a, topics: [committing(there, 1)] })
    await teller.quietly('OffsetCommit', 9, { groupId: b, topics: [committing(there, 2, {}, [0, 1])] })
    const groups = [
      { groupId: b, topics: null },
      { groupId: a, topics: [fetching(there)] },
      { groupId: '', topics: null },
      { groupId: teller.name('group'), topics: [fetching(there)] },
    ]
    await teller.call('OffsetFetch', version, { groups })
    await teller.call('OffsetFetch', version, { groups, requireStable: true })
    await teller.call('OffsetFetch', version, { groups: [] })
    await teller.call('OffsetFetch', version, { groups: [groups[0]!, groups[0]!] })
  })
}

for (const version of versionsOf('OffsetFetch').filter((each) => each >= 9)) {
  scenario(`OffsetFetch v${version}: a member says who it is`, 'KIP-848', async (teller) => {
    const there = await teller.topic(1)
    const a = await ConsumerMember.settled(teller, { memberId: 'a', subscribedTopicNames: [there.name] })
    await teller.quietly('OffsetCommit', 9, { ...a.committer, topics: [committing(there)] })
    const fetch = (memberId: string | null, memberEpoch: number, groupId = a.groupId) =>
      teller.call('OffsetFetch', version, {
        groups: [{ groupId, memberId, memberEpoch, topics: [fetching(there)] }],
      })
    await fetch('a', a.memberEpoch)
    for (const epoch of [-1, 0, 1, 3]) await fetch('a', epoch)
    await fetch('nobody', 2)
    await fetch(null, -1)
    await fetch(null, 2)
    await fetch('', 2)
    await fetch('', -1)
    await fetch('a', 2, `${a.groupId}-other`)
    const [classic] = await stableGroup(teller, [{}])
    await fetch('a', 2, classic!.groupId)
  })
}

scenario('OffsetCommit: notes that are too long', 'offset.metadata.max.bytes', async (teller) => {
  const there = await teller.topic(2)
  const groupId = await newGroup(teller)
  for (const committedMetadata of ['x'.repeat(4096), 'x'.repeat(4097), 'ü'.repeat(4096), '😀'.repeat(2049)])
    await teller.call('OffsetCommit', 9, { groupId, topics: [committing(there, 5, { committedMetadata })] })
  const partitions = ['x'.repeat(5000), 'short'].map((committedMetadata, partitionIndex) => ({
    partitionIndex,
    committedOffset: 9,
    committedMetadata,
  }))
  await teller.call('OffsetCommit', 9, { groupId, topics: [{ ...there, partitions }] })
  const { groups } = await teller.quietly('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })
  teller.note(
    'notes',
    groups[0]!.topics[0]!.partitions.map(({ metadata }) => metadata?.length),
  )
})

scenario('OffsetCommit: a retention of its own', 'clients before 2.1', async (teller) => {
  const there = await teller.topic(1)
  const groupId = await newGroup(teller)
  for (const retentionTimeMs of [-1, 0, 1, 1_000_000, -5])
    await teller.call('OffsetCommit', 2, {
      groupId,
      retentionTimeMs,
      topics: [committing(there, retentionTimeMs + 9)],
    })
  await all(teller, groupId)
})

scenario(
  'OffsetCommit: while the group rebalances',
  'a consumer that commits before it gives up',
  async (teller) => {
    const there = await teller.topic(1)
    const [a, b] = await stableGroup(teller, [{}, {}])
    const commit = (member: ClassicMember, offset: number) =>
      teller.call('OffsetCommit', 9, {
        groupId: a!.groupId,
        memberId: member.memberId,
        generationIdOrMemberEpoch: member.generationId,
        topics: [committing(there, offset)],
      })
    const coming = a!.join()
    await groupIs(teller, a!.groupId, 'PreparingRebalance')
    await commit(a!, 1)
    await commit(b!, 2)
    await Promise.all([coming, b!.join()])
    await commit(a!, 3)
    await commit(b!, 4)
    await Promise.all([a!.sync(), b!.sync()])
    await commit(b!, 5)
    await all(teller, a!.groupId)
  },
)

scenario('OffsetCommit: static members', 'group.instance.id, KIP-345', async (teller) => {
  const there = await teller.topic(1)
  const [a] = await stableGroup(teller, [{ groupInstanceId: 'one' }, { groupInstanceId: 'two' }])
  const commit = (memberId: string, groupInstanceId: string | null) =>
    teller.call('OffsetCommit', 9, {
      groupId: a!.groupId,
      memberId,
      groupInstanceId,
      generationIdOrMemberEpoch: a!.generationId,
      topics: [committing(there)],
    })
  for (const groupInstanceId of ['one', 'two', 'three', null]) await commit(a!.memberId, groupInstanceId)
  await commit('', 'one')
  const again = new ClassicMember(teller, a!.groupId, { groupInstanceId: 'one' })
  await again.join()
  await commit(a!.memberId, 'one')
  await commit(a!.memberId, null)
  await commit(again.memberId, 'one')
})

scenario('OffsetCommit: an older epoch, partition by partition', 'KIP-1251', async (teller) => {
  const there = await teller.topic(4)
  const groupId = await promptGroup(teller)
  const terms = { subscribedTopicNames: [there.name] }
  const [a, b] = ['a', 'b'].map((memberId) => new ConsumerMember(teller, groupId, { ...terms, memberId }))
  const commit = (member: ConsumerMember, epoch: number, partitions: number[], more: object = {}) =>
    teller.call('OffsetCommit', 9, {
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
  await teller.call('OffsetCommit', 10, {
    ...a!.committer,
    generationIdOrMemberEpoch: 2,
    topics: [committing(there, 6, {}, [1]), committing({ name: '', topicId: OTHER_ID })],
  })
  await all(teller, groupId)
})

scenario(
  'Offsets: a topic is deleted, and one of its name is made',
  'kafka-topics --delete',
  async (teller) => {
    const there = await teller.topic(1)
    const groupId = await newGroup(teller)
    teller.note('the topic', { topicId: there.topicId })
    await teller.quietly('OffsetCommit', 9, { groupId, topics: [committing(there)] })
    await teller.quietly('DeleteTopics', 6, { topics: [{ name: there.name }], timeoutMs: 10_000 })
    for (let attempt = 0; attempt < 100; attempt++) {
      const { groups } = await teller.quietly('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })
      if (groups[0]!.topics.length === 0) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await all(teller, groupId)
    await teller.call('OffsetFetch', 9, { groups: [{ groupId, topics: [fetching(there)] }] })
    await teller.call('OffsetFetch', 10, { groups: [{ groupId, topics: [fetching(there)] }] })
    await teller.call('DescribeGroups', 6, { groups: [groupId] })
  },
)

scenario('Offsets: of a transaction, before and after its end', 'KIP-98, KIP-447', async (teller) => {
  const there = await teller.topic(1)
  const groupId = await newGroup(teller)
  const transactionalId = teller.name('transaction')
  await teller.coordinator(transactionalId, 1)
  await teller.quietly('OffsetCommit', 9, { groupId, topics: [committing(there, 1)] })
  const { producerId, producerEpoch } = await teller.quietly('InitProducerId', 4, {
    transactionalId,
    transactionTimeoutMs: 60_000,
  })
  const fetch = (requireStable: boolean) =>
    teller.call('OffsetFetch', 9, { groups: [{ groupId, topics: [fetching(there)] }], requireStable })
  for (const committed of [false, true]) {
    const producer = { transactionalId, producerId, producerEpoch }
    await teller.call('AddOffsetsToTxn', 3, { ...producer, groupId })
    const partitions = [{ partitionIndex: 0, committedOffset: 8, committedMetadata: 'in it' }]
    await teller.call('TxnOffsetCommit', 3, {
      ...producer,
      groupId,
      topics: [{ name: there.name, partitions }],
    })
    await fetch(false)
    await fetch(true)
    await teller.call('OffsetFetch', 9, { groups: [{ groupId, topics: null }], requireStable: true })
    await teller.call('DeleteGroups', 2, { groupsNames: [`${groupId}-other`] })
    await teller.call('EndTxn', 3, { ...producer, committed })
    for (let attempt = 0; attempt < 100; attempt++) {
      const asked = { groups: [{ groupId, topics: [fetching(there)] }], requireStable: true }
      const { groups } = await teller.quietly('OffsetFetch', 9, asked)
      if (groups[0]!.topics[0]!.partitions[0]!.errorCode === 0) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await fetch(true)
  }
})

const TRANSACTIONAL: Readonly<
  Record<string, { memberId?: string; generationId?: number; groupInstanceId?: string }>
> = {
  'nobody in particular': {},
  'a generation that is not': { generationId: 5 },
  'an unknown member': { memberId: 'nobody', generationId: 1 },
  'an unknown member without a generation': { memberId: 'nobody' },
  'an unknown instance': { groupInstanceId: 'nobody' },
}

for (const [what, change] of Object.entries(TRANSACTIONAL)) {
  scenario(`TxnOffsetCommit: ${what}`, 'KIP-447', async (teller) => {
    const there = await teller.topic(1)
    const transactionalId = teller.name('transaction')
    await teller.coordinator(transactionalId, 1)
    const { producerId, producerEpoch } = await teller.quietly('InitProducerId', 4, {
      transactionalId,
      transactionTimeoutMs: 60_000,
    })
    const partitions = [{ partitionIndex: 0, committedOffset: 8, committedMetadata: '' }]
    const topics = [{ name: there.name, partitions }]
    const producer = { transactionalId, producerId, producerEpoch }
    const [classic] = await stableGroup(teller, [{}])
    const young = await ConsumerMember.settled(teller, { memberId: 'a', subscribedTopicNames: [there.name] })
    for (const groupId of [await newGroup(teller), classic!.groupId, young.groupId]) {
      await teller.quietly('AddOffsetsToTxn', 3, { ...producer, groupId })
      for (const version of [0, 2, 3, 4].filter((each) => each >= 3 || Object.keys(change).length === 0))
        await teller.call('TxnOffsetCommit', version, { ...producer, groupId, topics, ...change })
    }
    await teller.call('TxnOffsetCommit', 3, {
      ...producer,
      groupId: classic!.groupId,
      memberId: classic!.memberId,
      generationId: classic!.generationId,
      topics,
    })
    for (const generationId of [1, 2, 3])
      await teller.call('TxnOffsetCommit', 3, {
        ...producer,
        groupId: young.groupId,
        memberId: 'a',
        generationId,
        topics,
      })
    await teller.quietly('EndTxn', 3, { ...producer, committed: true })
  })
}
