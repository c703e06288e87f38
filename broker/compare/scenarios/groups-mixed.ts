/**
 * Groups in which members of both protocols meet, and groups that turn from one protocol to the other (KIP-848).
 */
import type { RequestOf } from '../apis.ts'
import { scenario, type Teller } from '../scenario.ts'
import {
  assignment,
  ClassicMember,
  groupIs,
  introduce,
  stableGroup,
  subscription,
} from './groups-classic-member.ts'
import { described } from './groups-consumer.ts'
import { ConsumerMember, promptGroup } from './groups-consumer-member.ts'

type Protocols = NonNullable<RequestOf<'JoinGroup'>['protocols']>
type Owned = readonly { topic: string; partitions: number[] }[]

const classicDescribed = (teller: Teller, groupId: string) =>
  teller.call('DescribeGroups', 6, { groups: [groupId] })

function protocolsFor(topic: string, ownedPartitions: Owned = [], generationId = -1): Protocols {
  const metadata = subscription({ topics: [topic], ownedPartitions, generationId })
  return [
    { name: 'cooperative-sticky', metadata },
    { name: 'range', metadata },
  ]
}

/** A stable classic group whose leader gave each member its partitions of one topic. */
async function old(teller: Teller, shares: readonly number[][], terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const { name, topicId } = await teller.topic(shares.flat().length)
  const groupId = await promptGroup(teller)
  teller.note('the topic', { topicId })
  const common = {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    ...terms,
  }
  const instance = (at: number) =>
    terms.groupInstanceId ? { groupInstanceId: `${terms.groupInstanceId}${at}` } : {}
  const all = await stableGroup(
    teller,
    shares.map((_, at) => ({ ...common, ...instance(at) })),
    groupId,
  )
  const again = all[0]!.join({}, 9, all[0]!.teller.quietly)
  if (all.length > 1) await groupIs(teller, groupId, 'PreparingRebalance')
  await Promise.all([again, ...all.slice(1).map((each) => each.join({}, 9, each.teller.quietly))])
  const assignments = all.map(({ memberId }, at) => ({
    memberId,
    assignment: assignment([{ topic: name, partitions: shares[at]! }]),
  }))
  await Promise.all(all.map((each) => each.sync({ assignments }, 5, each.teller.quietly)))
  return { all, groupId, name, topicId }
}

const owning = (topic: string, partitions: number[], generationId: number) => ({
  protocols: protocolsFor(topic, partitions.length > 0 ? [{ topic, partitions }] : [], generationId),
})

scenario(
  'Upgrade: a classic group takes a new member in',
  'a rolling upgrade to group.protocol=consumer',
  async (teller) => {
    const { all, groupId, name } = await old(teller, [
      [0, 1, 2],
      [3, 4, 5],
    ])
    const [a, b] = all
    const c = new ConsumerMember(teller, groupId, { memberId: 'c', subscribedTopicNames: [name] })
    await c.join()
    await described(teller, groupId)
    await classicDescribed(teller, groupId)
    await a!.beat()
    await b!.beat()
    await a!.sync()
    await a!.join(owning(name, [0, 1, 2], a!.generationId))
    await a!.sync()
    await described(teller, groupId)
    await a!.beat()
    await b!.join(owning(name, [3, 4, 5], b!.generationId))
    await b!.sync()
    await b!.beat()
    await described(teller, groupId)
    for (const each of all)
      if ((await each.beat()).errorCode !== 0)
        await each.join(owning(name, each === a ? [0, 1] : [3, 4], each.generationId))
    await c.beat()
    for (const each of all) await each.sync()
    await c.report()
    await described(teller, groupId)
    await a!.leave()
    await described(teller, groupId)
  },
)

scenario('Upgrade: an eager classic member', 'a rolling upgrade, range assignor', async (teller) => {
  const { all, groupId, name } = await old(teller, [[0, 1]])
  const [a] = all
  const c = new ConsumerMember(teller, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  await c.join()
  await a!.beat()
  await a!.join()
  await a!.sync()
  await a!.beat()
  await c.beat()
  await described(teller, groupId)
})

scenario('Upgrade: during a rebalance', 'a rolling upgrade', async (teller) => {
  const { all, groupId, name } = await old(teller, [[0], [1]])
  const [a, b] = all
  const waiting = a!.join()
  await groupIs(teller, groupId, 'PreparingRebalance')
  const c = new ConsumerMember(teller, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  await c.join()
  await waiting
  await described(teller, groupId)
  await a!.beat()
  await b!.beat()
})

scenario('Upgrade: an empty classic group', 'a name that is used again', async (teller) => {
  const { all, groupId, name } = await old(teller, [[0, 1]])
  await all[0]!.leave()
  await groupIs(teller, groupId, 'Empty')
  const c = new ConsumerMember(teller, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  await c.join()
  await described(teller, groupId)
  await all[0]!.join()
})

scenario('Upgrade: a group that only has offsets', 'a name that is used again', async (teller) => {
  const there = await teller.topic(1)
  const groupId = await promptGroup(teller)
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: 'kept' }]
  await teller.quietly('OffsetCommit', 9, { groupId, topics: [{ ...there, partitions }] })
  const c = new ConsumerMember(teller, groupId, { memberId: 'c', subscribedTopicNames: [there.name] })
  await c.beat({ memberEpoch: 3 })
  await c.join()
  await described(teller, groupId)
  await teller.call('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })
})

scenario('Upgrade: heartbeats that do not join', 'a consumer of its own making', async (teller) => {
  const { groupId, name } = await old(teller, [[0]])
  const c = new ConsumerMember(teller, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  for (const memberEpoch of [1, -1]) await c.beat({ memberEpoch })
  await c.beat({ memberEpoch: -2, instanceId: 'one' })
})

scenario('Upgrade: a group of connectors', 'Kafka Connect', async (teller) => {
  const [a] = await stableGroup(teller, [{ protocolType: 'connect' }])
  const c = new ConsumerMember(teller, a!.groupId, { memberId: 'c', subscribedTopicNames: ['t'] })
  await c.join()
  await a!.beat()
})

scenario('Upgrade: bytes that no consumer has written', 'a consumer of its own making', async (teller) => {
  const [a] = await stableGroup(teller, [{ protocols: [{ name: 'range', metadata: Uint8Array.of(1) }] }])
  const c = new ConsumerMember(teller, a!.groupId, { memberId: 'c', subscribedTopicNames: ['t'] })
  await c.join()
  await a!.beat()
})

scenario(
  'Upgrade: a static member changes its protocol',
  'a rolling upgrade, group.instance.id',
  async (teller) => {
    const { all, groupId, name } = await old(teller, [[0], [1]], { groupInstanceId: 'i' })
    const c = new ConsumerMember(teller, groupId, {
      memberId: 'c',
      instanceId: 'i0',
      subscribedTopicNames: [name],
    })
    await c.join()
    await described(teller, groupId)
    await all[0]!.beat()
    await all[1]!.beat()
    await c.report()
    await described(teller, groupId)
  },
)

/** A KIP-848 group of a new member, and a classic one that came later. */
async function mixed(teller: Teller, terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const { name, topicId } = await teller.topic(6)
  teller.note('the topic', { topicId })
  const groupId = await promptGroup(teller)
  const young = new ConsumerMember(teller, groupId, { memberId: 'young', subscribedTopicNames: [name] })
  await young.join({}, 1, teller.quietly)
  const classic = new ClassicMember(teller, groupId, {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    ...terms,
  })
  return { young, classic, groupId, name }
}

/** Both have their share. */
async function shared(teller: Teller, terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const all = await mixed(teller, terms)
  const { young, classic, name } = all
  await classic.enter()
  introduce(teller, [classic])
  for (let round = 0; round < 3; round++) await young.quietly({ topicPartitions: young.owned })
  await classic.join(owning(name, [], classic.generationId), 9, classic.teller.quietly)
  await classic.sync({}, 5, classic.teller.quietly)
  return all
}

scenario('Mixed: a classic member comes', 'a rolling downgrade', async (teller) => {
  const { young, classic, groupId, name } = await mixed(teller)
  await classic.join()
  await classic.join()
  await described(teller, groupId)
  await classic.sync()
  await classic.beat()
  await young.beat()
  await young.report()
  await classic.beat()
  await classic.join(owning(name, [], classic.generationId))
  await classic.sync()
  await classic.beat()
  await described(teller, groupId)
  await classic.leave()
  await young.beat()
  await described(teller, groupId)
})

for (const version of [0, 3, 4, 5, 7, 9]) {
  scenario(
    `Mixed: a classic member of JoinGroup v${version} comes`,
    'an older client in a new group',
    async (teller) => {
      const { classic } = await mixed(teller)
      const first = await classic.join({}, version)
      if (first.errorCode !== 0) await classic.join({}, version)
      await classic.sync({}, Math.min(version, 5))
      await classic.sync({ protocolType: null, protocolName: null }, 5)
      await classic.beat({}, Math.min(version, 4))
    },
  )
}

const REFUSED: Readonly<Record<string, Partial<RequestOf<'JoinGroup'>>>> = {
  'another protocol type': { protocolType: 'connect' },
  'no protocols': { protocols: [] },
  'a protocol of its own': { protocols: [{ name: 'own', metadata: subscription() }] },
  'an id that nobody gave': { memberId: 'nobody' },
  'an unknown instance with an id': { memberId: 'nobody', groupInstanceId: 'one' },
  'bytes that no consumer has written': {
    protocols: [{ name: 'range', metadata: Uint8Array.of(1) }],
    memberId: 'x',
  },
}

for (const [what, change] of Object.entries(REFUSED)) {
  scenario(`Mixed: a classic member with ${what}`, 'a client of its own making', async (teller) => {
    const { classic, groupId } = await mixed(teller)
    await classic.join(change)
    await described(teller, groupId)
  })
  scenario(`Mixed: a second classic member with ${what}`, 'a client of its own making', async (teller) => {
    const { groupId } = await shared(teller)
    const second = new ClassicMember(teller, groupId, {
      protocols: [{ name: 'range', metadata: subscription() }],
    })
    await second.join(change)
    await described(teller, groupId)
  })
}

scenario('Mixed: generations and names that are wrong', 'a client of its own making', async (teller) => {
  const { young, classic } = await shared(teller)
  for (const generationId of [-1, 0, 1, 99]) {
    await classic.beat({ generationId })
    await classic.sync({ generationId })
  }
  await classic.sync({ protocolName: 'range' })
  await classic.sync({ protocolType: 'connect' })
  for (const memberId of ['nobody', young.memberId, '']) {
    await classic.beat({ memberId })
    await classic.sync({ memberId })
  }
  await classic.beat({ groupInstanceId: 'one' })
  await classic.sync({ groupInstanceId: 'one' })
})

scenario(
  'Mixed: the new protocol asks for a classic member',
  'a client of its own making',
  async (teller) => {
    const { classic, groupId, name } = await shared(teller)
    const same = new ConsumerMember(teller, groupId, {
      memberId: classic.memberId,
      subscribedTopicNames: [name],
    })
    await same.beat({ memberEpoch: classic.generationId })
    await classic.beat()
    await described(teller, groupId)
  },
)

scenario('Downgrade: the last new member leaves', 'a rolling downgrade', async (teller) => {
  const { young, classic, groupId, name } = await shared(teller)
  await young.leave()
  await described(teller, groupId)
  await classicDescribed(teller, groupId)
  await classic.beat()
  await classic.join(owning(name, [2, 3], classic.generationId))
  await classic.sync()
  await classicDescribed(teller, groupId)
})

scenario(
  'Downgrade: an administrator takes the last new member out',
  'Admin.removeMembersFromConsumerGroup',
  async (teller) => {
    const { young, classic, groupId } = await shared(teller)
    const members = [{ memberId: young.memberId }, { memberId: 'nobody' }]
    await teller.call('LeaveGroup', 5, { groupId, members })
    await classicDescribed(teller, groupId)
    await classic.beat()
    await young.beat()
  },
)

scenario('Downgrade: all leave at once', 'Admin.removeMembersFromConsumerGroup', async (teller) => {
  const { young, classic, groupId } = await shared(teller)
  await teller.call('LeaveGroup', 5, {
    groupId,
    members: [{ memberId: young.memberId }, { memberId: classic.memberId }],
  })
  await classicDescribed(teller, groupId)
  await described(teller, groupId)
})

scenario('Downgrade: two classic members stay', 'a rolling downgrade', async (teller) => {
  const { young, classic, groupId, name } = await shared(teller)
  const second = new ClassicMember(teller, groupId, {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
  })
  await second.enter()
  introduce(teller, [classic, second])
  await young.leave()
  await classicDescribed(teller, groupId)
  const waiting = classic.join({}, 9, classic.teller.quietly)
  await groupIs(teller, groupId, 'PreparingRebalance')
  // Who leads is up to a hash map.
  const answers = await Promise.all([waiting, second.join({}, 9, second.teller.quietly)])
  teller.note(
    'both',
    answers.map(({ errorCode, generationId, protocolName }) => ({ errorCode, generationId, protocolName })),
  )
})

scenario(
  'Downgrade: a static member comes back with the classic protocol',
  'a rolling downgrade',
  async (teller) => {
    const { name, topicId } = await teller.topic(2)
    teller.note('the topic', { topicId })
    const groupId = await promptGroup(teller)
    const young = new ConsumerMember(teller, groupId, {
      memberId: 'young',
      instanceId: 'one',
      subscribedTopicNames: [name],
    })
    await young.join()
    await young.leave(-2)
    const classic = new ClassicMember(teller, groupId, {
      protocols: protocolsFor(name),
      groupInstanceId: 'one',
    })
    await classic.join()
    await classicDescribed(teller, groupId)
    await classic.sync()
    await classic.beat()
    await young.beat({ memberEpoch: 2 })
  },
)

scenario('Downgrade: a static member comes back otherwise', 'a rolling downgrade', async (teller) => {
  const [one, two] = [await teller.topic(2), await teller.topic(2)]
  const groupId = await promptGroup(teller)
  const terms = { memberId: 'young', instanceId: 'one', subscribedTopicNames: [one.name] }
  const young = new ConsumerMember(teller, groupId, terms)
  await young.join()
  const classic = new ClassicMember(teller, groupId, {
    protocols: protocolsFor(two.name),
    groupInstanceId: 'one',
  })
  await classic.join()
  await classicDescribed(teller, groupId)
  await classic.sync()
  await classic.beat()
})

scenario(
  'Mixed: a static member of the new protocol is replaced by a classic one',
  'a rolling downgrade',
  async (teller) => {
    const { name, topicId } = await teller.topic(4)
    teller.note('the topic', { topicId })
    const groupId = await promptGroup(teller)
    const terms = { subscribedTopicNames: [name] }
    const young = new ConsumerMember(teller, groupId, { ...terms, memberId: 'young', instanceId: 'one' })
    const other = new ConsumerMember(teller, groupId, { ...terms, memberId: 'other' })
    await young.join()
    await other.join()
    await young.beat()
    await young.report()
    await other.beat()
    const classic = new ClassicMember(teller, groupId, {
      protocols: protocolsFor(name),
      groupInstanceId: 'one',
    })
    await classic.join()
    await classic.sync()
    await described(teller, groupId)
    const again = new ClassicMember(teller, groupId, {
      protocols: protocolsFor(name),
      groupInstanceId: 'one',
    })
    await again.join()
    await again.sync()
    await classic.beat()
    await described(teller, groupId)
  },
)

scenario('An empty KIP-848 group turns classic', 'a name that is used again', async (teller) => {
  const there = await teller.topic(2)
  const young = await ConsumerMember.settled(teller, { subscribedTopicNames: [there.name] })
  const { groupId } = young
  await young.leave()
  const classic = new ClassicMember(teller, groupId)
  await classic.join({ memberId: 'nobody' })
  await described(teller, groupId)
  await classic.join({ memberId: '' })
  await classic.join()
  await classic.sync()
  await classicDescribed(teller, groupId)
})
