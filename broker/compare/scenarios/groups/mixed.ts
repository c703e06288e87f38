/**
 * Members of both protocols in one group, and groups that become classic again (KIP-848).
 */
import type { RequestOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, introduce, subscription } from './classic-member.ts'
import { ConsumerMember, described, promptGroup } from './consumer-member.ts'
import { classicDescribed, mixed, owning, protocolsFor, shared } from './mixed-members.ts'

scenario('Mixed: a classic member comes', 'a rolling downgrade', async (recorder) => {
  const { young, classic, groupId, name } = await mixed(recorder)
  await classic.join()
  await classic.join()
  await described(recorder, groupId)
  await classic.sync()
  await classic.beat()
  await young.beat()
  await young.report()
  await classic.beat()
  await classic.join(owning(name, [], classic.generationId))
  await classic.sync()
  await classic.beat()
  await described(recorder, groupId)
  await classic.leave()
  await young.beat()
  await described(recorder, groupId)
})

for (const version of [0, 3, 4, 5, 7, 9]) {
  scenario(
    `Mixed: a classic member of JoinGroup v${version} comes`,
    'an older client in a new group',
    async (recorder) => {
      const { classic } = await mixed(recorder)
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
  scenario(`Mixed: a classic member with ${what}`, 'a client of its own making', async (recorder) => {
    const { classic, groupId } = await mixed(recorder)
    await classic.join(change)
    await described(recorder, groupId)
  })
  scenario(`Mixed: a second classic member with ${what}`, 'a client of its own making', async (recorder) => {
    const { groupId } = await shared(recorder)
    const second = new ClassicMember(recorder, groupId, {
      protocols: [{ name: 'range', metadata: subscription() }],
    })
    await second.join(change)
    await described(recorder, groupId)
  })
}

scenario('Mixed: generations and names that are wrong', 'a client of its own making', async (recorder) => {
  const { young, classic } = await shared(recorder)
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
  async (recorder) => {
    const { classic, groupId, name } = await shared(recorder)
    const same = new ConsumerMember(recorder, groupId, {
      memberId: classic.memberId,
      subscribedTopicNames: [name],
    })
    await same.beat({ memberEpoch: classic.generationId })
    await classic.beat()
    await described(recorder, groupId)
  },
)

scenario('Downgrade: the last new member leaves', 'a rolling downgrade', async (recorder) => {
  const { young, classic, groupId, name } = await shared(recorder)
  await young.leave()
  await described(recorder, groupId)
  await classicDescribed(recorder, groupId)
  await classic.beat()
  await classic.join(owning(name, [2, 3], classic.generationId))
  await classic.sync()
  await classicDescribed(recorder, groupId)
})

scenario(
  'Downgrade: an administrator takes the last new member out',
  'Admin.removeMembersFromConsumerGroup',
  async (recorder) => {
    const { young, classic, groupId } = await shared(recorder)
    const members = [{ memberId: young.memberId }, { memberId: 'nobody' }]
    await recorder.call('LeaveGroup', 5, { groupId, members })
    await classicDescribed(recorder, groupId)
    await classic.beat()
    await young.beat()
  },
)

scenario('Downgrade: all leave at once', 'Admin.removeMembersFromConsumerGroup', async (recorder) => {
  const { young, classic, groupId } = await shared(recorder)
  await recorder.call('LeaveGroup', 5, {
    groupId,
    members: [{ memberId: young.memberId }, { memberId: classic.memberId }],
  })
  await classicDescribed(recorder, groupId)
  await described(recorder, groupId)
})

scenario('Downgrade: two classic members stay', 'a rolling downgrade', async (recorder) => {
  const { young, classic, groupId, name } = await shared(recorder)
  const second = new ClassicMember(recorder, groupId, {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
  })
  await second.enter()
  introduce(recorder, [classic, second])
  await young.leave()
  await classicDescribed(recorder, groupId)
  const waiting = classic.join({}, 9, classic.recorder.quietly)
  await groupIs(recorder, groupId, 'PreparingRebalance')
  // Who leads is up to a hash map.
  const answers = await Promise.all([waiting, second.join({}, 9, second.recorder.quietly)])
  recorder.note(
    'both',
    answers.map(({ errorCode, generationId, protocolName }) => ({ errorCode, generationId, protocolName })),
  )
})

scenario(
  'Downgrade: a static member comes back with the classic protocol',
  'a rolling downgrade',
  async (recorder) => {
    const { name, topicId } = await recorder.topic(2)
    recorder.note('the topic', { topicId })
    const groupId = await promptGroup(recorder)
    const young = new ConsumerMember(recorder, groupId, {
      memberId: 'young',
      instanceId: 'one',
      subscribedTopicNames: [name],
    })
    await young.join()
    await young.leave(-2)
    const classic = new ClassicMember(recorder, groupId, {
      protocols: protocolsFor(name),
      groupInstanceId: 'one',
    })
    await classic.join()
    await classicDescribed(recorder, groupId)
    await classic.sync()
    await classic.beat()
    await young.beat({ memberEpoch: 2 })
  },
)

scenario('Downgrade: a static member comes back otherwise', 'a rolling downgrade', async (recorder) => {
  const [one, two] = [await recorder.topic(2), await recorder.topic(2)]
  const groupId = await promptGroup(recorder)
  const terms = { memberId: 'young', instanceId: 'one', subscribedTopicNames: [one.name] }
  const young = new ConsumerMember(recorder, groupId, terms)
  await young.join()
  const classic = new ClassicMember(recorder, groupId, {
    protocols: protocolsFor(two.name),
    groupInstanceId: 'one',
  })
  await classic.join()
  await classicDescribed(recorder, groupId)
  await classic.sync()
  await classic.beat()
})

scenario(
  'Mixed: a static member of the new protocol is replaced by a classic one',
  'a rolling downgrade',
  async (recorder) => {
    const { name, topicId } = await recorder.topic(4)
    recorder.note('the topic', { topicId })
    const groupId = await promptGroup(recorder)
    const terms = { subscribedTopicNames: [name] }
    const young = new ConsumerMember(recorder, groupId, { ...terms, memberId: 'young', instanceId: 'one' })
    const other = new ConsumerMember(recorder, groupId, { ...terms, memberId: 'other' })
    await young.join()
    await other.join()
    await young.beat()
    await young.report()
    await other.beat()
    const classic = new ClassicMember(recorder, groupId, {
      protocols: protocolsFor(name),
      groupInstanceId: 'one',
    })
    await classic.join()
    await classic.sync()
    await described(recorder, groupId)
    const again = new ClassicMember(recorder, groupId, {
      protocols: protocolsFor(name),
      groupInstanceId: 'one',
    })
    await again.join()
    await again.sync()
    await classic.beat()
    await described(recorder, groupId)
  },
)

scenario('An empty KIP-848 group turns classic', 'a name that is used again', async (recorder) => {
  const there = await recorder.topic(2)
  const young = await ConsumerMember.settled(recorder, { subscribedTopicNames: [there.name] })
  const { groupId } = young
  await young.leave()
  const classic = new ClassicMember(recorder, groupId)
  await classic.join({ memberId: 'nobody' })
  await described(recorder, groupId)
  await classic.join({ memberId: '' })
  await classic.join()
  await classic.sync()
  await classicDescribed(recorder, groupId)
})
