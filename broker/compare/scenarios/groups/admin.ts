/**
 * What administrators ask of groups: ListGroups, DescribeGroups, DeleteGroups, OffsetDelete.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, newGroup, stableGroup, subscription } from './classic-member.ts'
import { ConsumerMember } from './consumer-member.ts'

/** Lists groups, and records those of this scenario. */
async function listed(
  recorder: Recorder,
  version: number,
  body: RequestOf<'ListGroups'>,
  own: readonly string[],
) {
  const { groups, ...rest } = await recorder.quietly('ListGroups', version, body)
  const places = groups.map((each) => ({ ...each, groupId: own.indexOf(each.groupId) }))
  recorder.note(`ListGroups v${version}`, {
    ...rest,
    found: places.filter(({ groupId }) => groupId >= 0).sort((a, b) => a.groupId - b.groupId),
  })
}

/** A group of each kind and state. */
async function zoo(recorder: Recorder): Promise<string[]> {
  const [stable] = await stableGroup(recorder, [{}])
  const [left] = await stableGroup(recorder, [{}])
  await left!.recorder.quietly('LeaveGroup', 5, {
    groupId: left!.groupId,
    members: [{ memberId: left!.memberId }],
  })
  await groupIs(recorder, left!.groupId, 'Empty')
  const [moving] = await stableGroup(recorder, [{ sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 }])
  const newcomer = new ClassicMember(recorder, moving!.groupId)
  void newcomer.enter()
  await groupIs(recorder, moving!.groupId, 'PreparingRebalance')
  const [unsynced] = await stableGroup(recorder, [{}])
  await unsynced!.join({}, 9, unsynced!.recorder.quietly)
  const [connect] = await stableGroup(recorder, [{ protocolType: 'connect' }])
  const simple = await newGroup(recorder)
  const there = await recorder.topic()
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }]
  await recorder.quietly('OffsetCommit', 9, { groupId: simple, topics: [{ ...there, partitions }] })
  const modern = await ConsumerMember.settled(recorder, { subscribedTopicNames: [there.name] })
  const gone = await ConsumerMember.settled(recorder, { subscribedTopicNames: [there.name] })
  await gone.quietly({ memberEpoch: -1 })
  const classic = [stable, left, moving, unsynced, connect].map((member) => member!.groupId)
  return [...classic, simple, modern.groupId, gone.groupId]
}

const FILTERS: Readonly<Record<string, RequestOf<'ListGroups'>>> = {
  everything: {},
  'stable ones': { statesFilter: ['Stable'] },
  'stable and empty ones': { statesFilter: ['Stable', 'Empty'] },
  'those in a rebalance': {
    statesFilter: ['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling'],
  },
  'a state in small letters': { statesFilter: ['stable'] },
  'a state with spaces': { statesFilter: [' Stable '] },
  'a state that there is not': { statesFilter: ['Asleep'] },
  'dead ones': { statesFilter: ['Dead'] },
}

const TYPES: Readonly<Record<string, RequestOf<'ListGroups'>>> = {
  'classic ones': { typesFilter: ['classic'] },
  'new ones': { typesFilter: ['consumer'] },
  'a type in capitals': { typesFilter: ['Consumer'] },
  'both types': { typesFilter: ['classic', 'consumer'] },
  'a type that there is not': { typesFilter: ['modern'] },
  'a type and a state': { typesFilter: ['classic'], statesFilter: ['Empty'] },
  'share groups': { typesFilter: ['share'] },
}

scenario('ListGroups: every version and filter', 'Admin.listGroups, KIP-518, KIP-848', async (recorder) => {
  const own = await zoo(recorder)
  for (const version of versionsOf('ListGroups')) await listed(recorder, version, {}, own)
  for (const filter of Object.values(FILTERS))
    for (const version of [4, 5]) await listed(recorder, version, filter, own)
  for (const filter of Object.values(TYPES)) await listed(recorder, 5, filter, own)
})

scenario('DescribeGroups: every state', 'Admin.describeClassicGroups', async (recorder) => {
  const own = await zoo(recorder)
  for (const version of versionsOf('DescribeGroups'))
    for (const groupId of own) await recorder.call('DescribeGroups', version, { groups: [groupId] })
})

scenario('ConsumerGroupDescribe: every state', 'Admin.describeConsumerGroups, KIP-848', async (recorder) => {
  const own = await zoo(recorder)
  for (const version of versionsOf('ConsumerGroupDescribe'))
    for (const groupId of [...own, recorder.name('nobody'), '']) {
      await recorder.call('ConsumerGroupDescribe', version, { groupIds: [groupId] })
      await recorder.call('ConsumerGroupDescribe', version, {
        groupIds: [groupId],
        includeAuthorizedOperations: true,
      })
    }
})

scenario('DeleteGroups: every state', 'Admin.deleteConsumerGroups', async (recorder) => {
  const own = await zoo(recorder)
  for (const version of versionsOf('DeleteGroups'))
    for (const groupId of own) await recorder.call('DeleteGroups', version, { groupsNames: [groupId] })
  for (const groupId of own) {
    await recorder.call('DescribeGroups', 6, { groups: [groupId] })
    await recorder.call('ConsumerGroupDescribe', 1, { groupIds: [groupId] })
  }
  await listed(recorder, 5, {}, own)
})

scenario('DeleteGroups: unknown and empty names', 'Admin.deleteConsumerGroups', async (recorder) => {
  const other = await newGroup(recorder)
  for (const version of versionsOf('DeleteGroups')) {
    await recorder.call('DeleteGroups', version, { groupsNames: [other] })
    await recorder.call('DeleteGroups', version, { groupsNames: [''] })
    await recorder.call('DeleteGroups', version, { groupsNames: [] })
  }
})

scenario('DeleteGroups: a name that is used again', 'Admin.deleteConsumerGroups', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const { groupId } = a!
  await a!.leave()
  await groupIs(recorder, groupId, 'Empty')
  await recorder.call('DeleteGroups', 2, { groupsNames: [groupId] })
  await a!.beat()
  await a!.join()
  const b = new ClassicMember(recorder, groupId)
  await b.join()
  await b.join()
})

const TOPIC = (name: string) => ({
  name,
  partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }, { partitionIndex: 7 }],
})

async function withOffsets(
  recorder: Recorder,
  groupId: string,
  name: string,
  member?: ClassicMember,
): Promise<void> {
  const partitions = [0, 1].map((partitionIndex) => ({
    partitionIndex,
    committedOffset: 5,
    committedMetadata: '',
  }))
  const { generationId = -1, memberId = '' } = member ?? {}
  const body = { groupId, memberId, generationIdOrMemberEpoch: generationId, topics: [{ name, partitions }] }
  await recorder.quietly('OffsetCommit', 9, body)
}

const fetchAll = (recorder: Recorder, groupId: string) =>
  recorder.call('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })

scenario('OffsetDelete: of an empty group', 'Admin.deleteConsumerGroupOffsets, KIP-496', async (recorder) => {
  const [there, other] = [await recorder.topic(2), await recorder.topic(2)]
  const groupId = await newGroup(recorder)
  await withOffsets(recorder, groupId, there.name)
  await withOffsets(recorder, groupId, other.name)
  await recorder.call('OffsetDelete', 0, {
    groupId,
    topics: [TOPIC(there.name), TOPIC(recorder.name('nothing'))],
  })
  await fetchAll(recorder, groupId)
  await recorder.call('OffsetDelete', 0, { groupId, topics: [TOPIC(there.name)] })
  await recorder.call('OffsetDelete', 0, { groupId, topics: [] })
  await recorder.call('OffsetDelete', 0, { groupId, topics: [TOPIC(other.name)] })
  await fetchAll(recorder, groupId)
  await recorder.call('DescribeGroups', 6, { groups: [groupId] })
})

scenario('OffsetDelete: no such group', 'Admin.deleteConsumerGroupOffsets', async (recorder) => {
  const there = await recorder.topic(2)
  await recorder.call('OffsetDelete', 0, { groupId: await newGroup(recorder), topics: [TOPIC(there.name)] })
  await recorder.call('OffsetDelete', 0, { groupId: '', topics: [TOPIC(there.name)] })
  await recorder.call('OffsetDelete', 0, {
    groupId: await newGroup(recorder),
    topics: [TOPIC(recorder.name('nothing'))],
  })
  await recorder.call('OffsetDelete', 0, { groupId: await newGroup(recorder), topics: [] })
})

scenario(
  'OffsetDelete: topics that are read, and not',
  'Admin.deleteConsumerGroupOffsets',
  async (recorder) => {
    const [read, other] = [await recorder.topic(2), await recorder.topic(2)]
    const protocols = [{ name: 'range', metadata: subscription({ topics: [read.name] }) }]
    const [a] = await stableGroup(recorder, [{ protocols }])
    for (const { name } of [read, other]) await withOffsets(recorder, a!.groupId, name, a)
    await recorder.call('OffsetDelete', 0, {
      groupId: a!.groupId,
      topics: [TOPIC(read.name), TOPIC(other.name)],
    })
    await fetchAll(recorder, a!.groupId)
  },
)

scenario('OffsetDelete: a group whose protocol is not the consumers’', 'Kafka Connect', async (recorder) => {
  const there = await recorder.topic(2)
  const [a] = await stableGroup(recorder, [{ protocolType: 'connect' }])
  await withOffsets(recorder, a!.groupId, there.name, a)
  await recorder.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [TOPIC(there.name)] })
  await a!.leave()
  await groupIs(recorder, a!.groupId, 'Empty')
  await recorder.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [TOPIC(there.name)] })
})

scenario(
  'OffsetDelete: subscriptions that cannot be decoded',
  'a client of its own making',
  async (recorder) => {
    const there = await recorder.topic(2)
    const [a] = await stableGroup(recorder, [
      { protocols: [{ name: 'range', metadata: Uint8Array.of(1, 2, 3) }] },
    ])
    await withOffsets(recorder, a!.groupId, there.name, a)
    await recorder.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [TOPIC(there.name)] })
  },
)

scenario('OffsetDelete: a KIP-848 group', 'Admin.deleteConsumerGroupOffsets, KIP-848', async (recorder) => {
  const [read, other] = [await recorder.topic(2), await recorder.topic(2)]
  const a = await ConsumerMember.settled(recorder, { subscribedTopicNames: [read.name] })
  for (const { name } of [read, other]) {
    const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: '' }]
    await recorder.call('OffsetCommit', 9, { ...a.committer, topics: [{ name, partitions }] })
  }
  await recorder.call('OffsetDelete', 0, {
    groupId: a.groupId,
    topics: [TOPIC(read.name), TOPIC(other.name)],
  })
  await fetchAll(recorder, a.groupId)
})
