/**
 * Members of both protocols in one group, and groups that become classic again (KIP-848).
 */
import type { RequestOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, introduce, subscription } from './classic-member.ts'
import { ConsumerMember, described, promptGroup } from './consumer-member.ts'
import { classicDescribed, mixed, owning, protocolsFor, shared } from './mixed-members.ts'

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
