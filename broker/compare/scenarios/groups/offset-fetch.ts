/**
 * OffsetFetch: what is found again, and when it may be trusted; offsets of transactions.
 */
import { versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { newGroup, stableGroup } from './classic-member.ts'
import { ConsumerMember } from './consumer-member.ts'
import { all, committing, fetching, NO_ID, OTHER_ID } from './offsets.ts'

for (const version of versionsOf('OffsetFetch')) {
  scenario(`OffsetFetch v${version}: some, all, none`, 'Admin.listConsumerGroupOffsets', async (recorder) => {
    const [one, two] = [await recorder.topic(3), await recorder.topic(1)]
    recorder.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
    const groupId = await newGroup(recorder)
    const fetch = (topics: ReturnType<typeof fetching>[] | null, group = groupId) => {
      if (topics === null && version < 2) return undefined
      return recorder.call('OffsetFetch', version, {
        groupId: group,
        topics,
        groups: [{ groupId: group, topics }],
      })
    }
    await fetch([fetching(one)])
    await fetch(null)
    const topics = [committing(one, 4, { committedLeaderEpoch: 2 }, [0, 2]), committing(two, 9)]
    await recorder.quietly('OffsetCommit', 9, { groupId, topics })
    await fetch([fetching(one, [0, 1, 2, 9]), fetching(two)])
    await fetch([fetching(one, [])])
    await fetch([])
    await fetch(null)
    await fetch([fetching({ name: recorder.name('gone'), topicId: OTHER_ID }), fetching(one)])
    await fetch([fetching({ name: '', topicId: NO_ID })])
    await fetch([fetching(two)], '')
    await fetch(null, `${groupId}-other`)
  })
}

for (const version of versionsOf('OffsetFetch').filter((each) => each >= 8)) {
  scenario(`OffsetFetch v${version}: several groups`, 'KIP-709', async (recorder) => {
    const there = await recorder.topic(2)
    const [a, b] = [await newGroup(recorder), await newGroup(recorder)]
    await recorder.quietly('OffsetCommit', 9, { groupId: a, topics: [committing(there, 1)] })
    await recorder.quietly('OffsetCommit', 9, { groupId: b, topics: [committing(there, 2, {}, [0, 1])] })
    const groups = [
      { groupId: b, topics: null },
      { groupId: a, topics: [fetching(there)] },
      { groupId: '', topics: null },
      { groupId: recorder.name('group'), topics: [fetching(there)] },
    ]
    await recorder.call('OffsetFetch', version, { groups })
    await recorder.call('OffsetFetch', version, { groups, requireStable: true })
    await recorder.call('OffsetFetch', version, { groups: [] })
    await recorder.call('OffsetFetch', version, { groups: [groups[0]!, groups[0]!] })
  })
}

for (const version of versionsOf('OffsetFetch').filter((each) => each >= 9)) {
  scenario(`OffsetFetch v${version}: a member says who it is`, 'KIP-848', async (recorder) => {
    const there = await recorder.topic(1)
    const a = await ConsumerMember.settled(recorder, { memberId: 'a', subscribedTopicNames: [there.name] })
    await recorder.quietly('OffsetCommit', 9, { ...a.committer, topics: [committing(there)] })
    const fetch = (memberId: string | null, memberEpoch: number, groupId = a.groupId) =>
      recorder.call('OffsetFetch', version, {
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
    const [classic] = await stableGroup(recorder, [{}])
    await fetch('a', 2, classic!.groupId)
  })
}

scenario(
  'Offsets: a topic is deleted, and one of its name is made',
  'kafka-topics --delete',
  async (recorder) => {
    const there = await recorder.topic(1)
    const groupId = await newGroup(recorder)
    recorder.note('the topic', { topicId: there.topicId })
    await recorder.quietly('OffsetCommit', 9, { groupId, topics: [committing(there)] })
    await recorder.quietly('DeleteTopics', 6, { topics: [{ name: there.name }], timeoutMs: 10_000 })
    for (let attempt = 0; attempt < 100; attempt++) {
      const { groups } = await recorder.quietly('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })
      if (groups[0]!.topics.length === 0) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await all(recorder, groupId)
    await recorder.call('OffsetFetch', 9, { groups: [{ groupId, topics: [fetching(there)] }] })
    await recorder.call('OffsetFetch', 10, { groups: [{ groupId, topics: [fetching(there)] }] })
    await recorder.call('DescribeGroups', 6, { groups: [groupId] })
  },
)

scenario('Offsets: of a transaction, before and after its end', 'KIP-98, KIP-447', async (recorder) => {
  const there = await recorder.topic(1)
  const groupId = await newGroup(recorder)
  const transactionalId = recorder.name('transaction')
  await recorder.coordinator(transactionalId, 1)
  await recorder.quietly('OffsetCommit', 9, { groupId, topics: [committing(there, 1)] })
  const { producerId, producerEpoch } = await recorder.quietly('InitProducerId', 4, {
    transactionalId,
    transactionTimeoutMs: 60_000,
  })
  const fetch = (requireStable: boolean) =>
    recorder.call('OffsetFetch', 9, { groups: [{ groupId, topics: [fetching(there)] }], requireStable })
  for (const committed of [false, true]) {
    const producer = { transactionalId, producerId, producerEpoch }
    await recorder.call('AddOffsetsToTxn', 3, { ...producer, groupId })
    const partitions = [{ partitionIndex: 0, committedOffset: 8, committedMetadata: 'in it' }]
    await recorder.call('TxnOffsetCommit', 3, {
      ...producer,
      groupId,
      topics: [{ name: there.name, partitions }],
    })
    await fetch(false)
    await fetch(true)
    await recorder.call('OffsetFetch', 9, { groups: [{ groupId, topics: null }], requireStable: true })
    await recorder.call('DeleteGroups', 2, { groupsNames: [`${groupId}-other`] })
    await recorder.call('EndTxn', 3, { ...producer, committed })
    for (let attempt = 0; attempt < 100; attempt++) {
      const asked = { groups: [{ groupId, topics: [fetching(there)] }], requireStable: true }
      const { groups } = await recorder.quietly('OffsetFetch', 9, asked)
      if (groups[0]!.topics[0]!.partitions[0]!.errorCode === 0) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await fetch(true)
  }
})

for (const how of ['the group', 'the offset'] as const) {
  scenario(`Offsets: of a transaction, and ${how} is deleted before its end`, 'Admin', async (recorder) => {
    const there = await recorder.topic(1)
    const groupId = await newGroup(recorder)
    const transactionalId = recorder.name('transaction')
    await recorder.coordinator(transactionalId, 1)
    const begun = { transactionalId, transactionTimeoutMs: 60_000 }
    const { producerId, producerEpoch } = await recorder.quietly('InitProducerId', 4, begun)
    const producer = { transactionalId, producerId, producerEpoch }
    await recorder.quietly('AddOffsetsToTxn', 3, { ...producer, groupId })
    const partitions = [{ partitionIndex: 0, committedOffset: 8, committedMetadata: '' }]
    await recorder.call('TxnOffsetCommit', 3, {
      ...producer,
      groupId,
      topics: [{ name: there.name, partitions }],
    })
    if (how === 'the group') await recorder.call('DeleteGroups', 2, { groupsNames: [groupId] })
    else {
      const topics = [{ name: there.name, partitions: [{ partitionIndex: 0 }] }]
      await recorder.call('OffsetDelete', 0, { groupId, topics })
    }
    await recorder.call('EndTxn', 3, { ...producer, committed: true })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await all(recorder, groupId)
    await recorder.call('DescribeGroups', 6, { groups: [groupId] })
  })
}

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
  scenario(`TxnOffsetCommit: ${what}`, 'KIP-447', async (recorder) => {
    const there = await recorder.topic(1)
    const transactionalId = recorder.name('transaction')
    await recorder.coordinator(transactionalId, 1)
    const { producerId, producerEpoch } = await recorder.quietly('InitProducerId', 4, {
      transactionalId,
      transactionTimeoutMs: 60_000,
    })
    const partitions = [{ partitionIndex: 0, committedOffset: 8, committedMetadata: '' }]
    const topics = [{ name: there.name, partitions }]
    const producer = { transactionalId, producerId, producerEpoch }
    const [classic] = await stableGroup(recorder, [{}])
    const young = await ConsumerMember.settled(recorder, {
      memberId: 'a',
      subscribedTopicNames: [there.name],
    })
    for (const groupId of [await newGroup(recorder), classic!.groupId, young.groupId]) {
      await recorder.quietly('AddOffsetsToTxn', 3, { ...producer, groupId })
      for (const version of [0, 2, 3, 4].filter((each) => each >= 3 || Object.keys(change).length === 0))
        await recorder.call('TxnOffsetCommit', version, { ...producer, groupId, topics, ...change })
    }
    await recorder.call('TxnOffsetCommit', 3, {
      ...producer,
      groupId: classic!.groupId,
      memberId: classic!.memberId,
      generationId: classic!.generationId,
      topics,
    })
    for (const generationId of [1, 2, 3])
      await recorder.call('TxnOffsetCommit', 3, {
        ...producer,
        groupId: young.groupId,
        memberId: 'a',
        generationId,
        topics,
      })
    await recorder.quietly('EndTxn', 3, { ...producer, committed: true })
  })
}
