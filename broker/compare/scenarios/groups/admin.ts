/**
 * What administrators ask of groups: ListGroups, DescribeGroups, DeleteGroups, OffsetDelete.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { scenario, type Teller } from '../../scenario.ts'
import { ClassicMember, groupIs, newGroup, stableGroup, subscription } from './classic-member.ts'
import { ConsumerMember } from './consumer-member.ts'

/** Lists groups, and records those of this scenario. */
async function listed(
  teller: Teller,
  version: number,
  body: RequestOf<'ListGroups'>,
  own: readonly string[],
) {
  const { groups, ...rest } = await teller.quietly('ListGroups', version, body)
  const places = groups.map((each) => ({ ...each, groupId: own.indexOf(each.groupId) }))
  teller.note(`ListGroups v${version}`, {
    ...rest,
    found: places.filter(({ groupId }) => groupId >= 0).sort((a, b) => a.groupId - b.groupId),
  })
}

/** A group of each kind and state. */
async function zoo(teller: Teller): Promise<string[]> {
  const [stable] = await stableGroup(teller, [{}])
  const [left] = await stableGroup(teller, [{}])
  await left!.teller.quietly('LeaveGroup', 5, {
    groupId: left!.groupId,
    members: [{ memberId: left!.memberId }],
  })
  await groupIs(teller, left!.groupId, 'Empty')
  const [moving] = await stableGroup(teller, [{ sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 }])
  const newcomer = new ClassicMember(teller, moving!.groupId)
  void newcomer.enter()
  await groupIs(teller, moving!.groupId, 'PreparingRebalance')
  const [unsynced] = await stableGroup(teller, [{}])
  await unsynced!.join({}, 9, unsynced!.teller.quietly)
  const [connect] = await stableGroup(teller, [{ protocolType: 'connect' }])
  const simple = await newGroup(teller)
  const there = await teller.topic()
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }]
  await teller.quietly('OffsetCommit', 9, { groupId: simple, topics: [{ ...there, partitions }] })
  const modern = await ConsumerMember.settled(teller, { subscribedTopicNames: [there.name] })
  const gone = await ConsumerMember.settled(teller, { subscribedTopicNames: [there.name] })
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

scenario('ListGroups: every version and filter', 'Admin.listGroups, KIP-518, KIP-848', async (teller) => {
  const own = await zoo(teller)
  for (const version of versionsOf('ListGroups')) await listed(teller, version, {}, own)
  for (const filter of Object.values(FILTERS))
    for (const version of [4, 5]) await listed(teller, version, filter, own)
  for (const filter of Object.values(TYPES)) await listed(teller, 5, filter, own)
})

scenario('DescribeGroups: every state', 'Admin.describeClassicGroups', async (teller) => {
  const own = await zoo(teller)
  for (const version of versionsOf('DescribeGroups'))
    for (const groupId of own) await teller.call('DescribeGroups', version, { groups: [groupId] })
})

scenario('ConsumerGroupDescribe: every state', 'Admin.describeConsumerGroups, KIP-848', async (teller) => {
  const own = await zoo(teller)
  for (const version of versionsOf('ConsumerGroupDescribe'))
    for (const groupId of [...own, teller.name('nobody'), '']) {
      await teller.call('ConsumerGroupDescribe', version, { groupIds: [groupId] })
      await teller.call('ConsumerGroupDescribe', version, {
        groupIds: [groupId],
        includeAuthorizedOperations: true,
      })
    }
})

scenario('DeleteGroups: every state', 'Admin.deleteConsumerGroups', async (teller) => {
  const own = await zoo(teller)
  for (const version of versionsOf('DeleteGroups'))
    for (const groupId of own) await teller.call('DeleteGroups', version, { groupsNames: [groupId] })
  for (const groupId of own) {
    await teller.call('DescribeGroups', 6, { groups: [groupId] })
    await teller.call('ConsumerGroupDescribe', 1, { groupIds: [groupId] })
  }
  await listed(teller, 5, {}, own)
})

scenario('DeleteGroups: unknown and empty names', 'Admin.deleteConsumerGroups', async (teller) => {
  const other = await newGroup(teller)
  for (const version of versionsOf('DeleteGroups')) {
    await teller.call('DeleteGroups', version, { groupsNames: [other] })
    await teller.call('DeleteGroups', version, { groupsNames: [''] })
    await teller.call('DeleteGroups', version, { groupsNames: [] })
  }
})

scenario('DeleteGroups: a name that is used again', 'Admin.deleteConsumerGroups', async (teller) => {
  const [a] = await stableGroup(teller, [{}])
  const { groupId } = a!
  await a!.leave()
  await groupIs(teller, groupId, 'Empty')
  await teller.call('DeleteGroups', 2, { groupsNames: [groupId] })
  await a!.beat()
  await a!.join()
  const b = new ClassicMember(teller, groupId)
  await b.join()
  await b.join()
})

const TOPIC = (name: string) => ({
  name,
  partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }, { partitionIndex: 7 }],
})

async function withOffsets(
  teller: Teller,
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
  await teller.quietly('OffsetCommit', 9, body)
}

const fetchAll = (teller: Teller, groupId: string) =>
  teller.call('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })

scenario('OffsetDelete: of an empty group', 'Admin.deleteConsumerGroupOffsets, KIP-496', async (teller) => {
  const [there, other] = [await teller.topic(2), await teller.topic(2)]
  const groupId = await newGroup(teller)
  await withOffsets(teller, groupId, there.name)
  await withOffsets(teller, groupId, other.name)
  await teller.call('OffsetDelete', 0, {
    groupId,
    topics: [TOPIC(there.name), TOPIC(teller.name('nothing'))],
  })
  await fetchAll(teller, groupId)
  await teller.call('OffsetDelete', 0, { groupId, topics: [TOPIC(there.name)] })
  await teller.call('OffsetDelete', 0, { groupId, topics: [] })
  await teller.call('OffsetDelete', 0, { groupId, topics: [TOPIC(other.name)] })
  await fetchAll(teller, groupId)
  await teller.call('DescribeGroups', 6, { groups: [groupId] })
})

scenario('OffsetDelete: no such group', 'Admin.deleteConsumerGroupOffsets', async (teller) => {
  const there = await teller.topic(2)
  await teller.call('OffsetDelete', 0, { groupId: await newGroup(teller), topics: [TOPIC(there.name)] })
  await teller.call('OffsetDelete', 0, { groupId: '', topics: [TOPIC(there.name)] })
  await teller.call('OffsetDelete', 0, {
    groupId: await newGroup(teller),
    topics: [TOPIC(teller.name('nothing'))],
  })
  await teller.call('OffsetDelete', 0, { groupId: await newGroup(teller), topics: [] })
})

scenario(
  'OffsetDelete: topics that are read, and not',
  'Admin.deleteConsumerGroupOffsets',
  async (teller) => {
    const [read, other] = [await teller.topic(2), await teller.topic(2)]
    const protocols = [{ name: 'range', metadata: subscription({ topics: [read.name] }) }]
    const [a] = await stableGroup(teller, [{ protocols }])
    for (const { name } of [read, other]) await withOffsets(teller, a!.groupId, name, a)
    await teller.call('OffsetDelete', 0, {
      groupId: a!.groupId,
      topics: [TOPIC(read.name), TOPIC(other.name)],
    })
    await fetchAll(teller, a!.groupId)
  },
)

scenario('OffsetDelete: a group whose protocol is not the consumers’', 'Kafka Connect', async (teller) => {
  const there = await teller.topic(2)
  const [a] = await stableGroup(teller, [{ protocolType: 'connect' }])
  await withOffsets(teller, a!.groupId, there.name, a)
  await teller.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [TOPIC(there.name)] })
  await a!.leave()
  await groupIs(teller, a!.groupId, 'Empty')
  await teller.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [TOPIC(there.name)] })
})

scenario('OffsetDelete: subscriptions that nobody can read', 'a client of its own making', async (teller) => {
  const there = await teller.topic(2)
  const [a] = await stableGroup(teller, [
    { protocols: [{ name: 'range', metadata: Uint8Array.of(1, 2, 3) }] },
  ])
  await withOffsets(teller, a!.groupId, there.name, a)
  await teller.call('OffsetDelete', 0, { groupId: a!.groupId, topics: [TOPIC(there.name)] })
})

scenario('OffsetDelete: a KIP-848 group', 'Admin.deleteConsumerGroupOffsets, KIP-848', async (teller) => {
  const [read, other] = [await teller.topic(2), await teller.topic(2)]
  const a = await ConsumerMember.settled(teller, { subscribedTopicNames: [read.name] })
  for (const { name } of [read, other]) {
    const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: '' }]
    await teller.call('OffsetCommit', 9, { ...a.committer, topics: [{ name, partitions }] })
  }
  await teller.call('OffsetDelete', 0, { groupId: a.groupId, topics: [TOPIC(read.name), TOPIC(other.name)] })
  await fetchAll(teller, a.groupId)
})
