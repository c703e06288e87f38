/**
 * Static members of classic groups (KIP-345, KIP-814): they come back, and are in conflict.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, stableGroup, subscription } from './classic-member.ts'

const STATIC = { groupInstanceId: 'one' }
const OTHER_RANGE = { name: 'range', metadata: subscription({ topics: ['other'] }) }

scenario('Static member: comes back unchanged', 'group.instance.id, KIP-345', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [STATIC, {}])
  const again = new ClassicMember(recorder, a!.groupId, STATIC)
  await again.join()
  await again.sync()
  await a!.beat()
  await a!.join()
  await a!.sync()
  await a!.leave()
  await b!.beat()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

for (const version of versionsOf('JoinGroup').filter((each) => each >= 5)) {
  scenario(`Static member: the leader comes back, v${version}`, 'KIP-345, KIP-814', async (recorder) => {
    const [a] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
    const again = new ClassicMember(recorder, a!.groupId, STATIC)
    await again.join({}, version)
    await again.sync()
    await a!.beat()
  })
  scenario(`Static member: a follower comes back, v${version}`, 'KIP-345, KIP-814', async (recorder) => {
    const [a] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
    const again = new ClassicMember(recorder, a!.groupId, { groupInstanceId: 'two' })
    await again.join({}, version)
    await again.join({}, version)
    await again.sync()
    await a!.beat()
  })
}

scenario(
  'Static member: comes back with another subscription',
  'group.instance.id, KIP-345',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
    const again = new ClassicMember(recorder, a!.groupId, { groupInstanceId: 'two' })
    await again.join({ protocols: [OTHER_RANGE] })
    await again.sync()
    await a!.beat()
    await b!.beat()
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  },
)

scenario(
  'Static member: comes back with another protocol',
  'group.instance.id, KIP-345',
  async (recorder) => {
    const both = [
      { name: 'range', metadata: subscription() },
      { name: 'sticky', metadata: subscription() },
    ]
    const [a] = await stableGroup(recorder, [{ ...STATIC, protocols: both }])
    const again = new ClassicMember(recorder, a!.groupId, STATIC)
    await again.join({ protocols: both.slice(1) })
    await again.sync()
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  },
)

scenario('Static member: comes back during a rebalance', 'group.instance.id, KIP-345', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
  const waiting = b!.join({ protocols: [OTHER_RANGE] })
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  const again = new ClassicMember(recorder, a!.groupId, STATIC)
  await Promise.all([waiting, again.join()])
  await a!.beat()
})

scenario(
  'Static member: comes back while it waits itself',
  'group.instance.id, KIP-345',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
    const waiting = b!.join({ protocols: [OTHER_RANGE] })
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    const again = new ClassicMember(recorder, a!.groupId, { groupInstanceId: 'two' })
    const coming = again.join()
    await waiting
    await Promise.all([coming, a!.join()])
  },
)

scenario(
  'Static member: comes back before anyone has synced',
  'group.instance.id, KIP-345',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
    const coming = a!.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await Promise.all([coming, b!.join()])
    const waiting = b!.sync()
    const again = new ClassicMember(recorder, a!.groupId, { groupInstanceId: 'two' })
    const joining = again.join()
    await waiting
    await Promise.all([joining, a!.join()])
  },
)

const CONFLICTS: Readonly<Record<string, Partial<RequestOf<'Heartbeat'>>>> = {
  'the id of another': { groupInstanceId: 'two' },
  'an instance id that nobody has': { groupInstanceId: 'nobody' },
  'no instance id': { groupInstanceId: null },
  'an empty member id': { memberId: '' },
  'an unknown member id': { memberId: 'nobody' },
}

for (const [what, change] of Object.entries(CONFLICTS)) {
  scenario(`Static member: ${what}`, 'KIP-345', async (recorder) => {
    const [a] = await stableGroup(recorder, [STATIC, { groupInstanceId: 'two' }])
    await a!.beat(change)
    await a!.sync(change)
    await recorder.call('LeaveGroup', 5, {
      groupId: a!.groupId,
      members: [{ memberId: a!.memberId, groupInstanceId: 'one', ...change }],
    })
    await a!.beat()
  })
}

scenario('A static member misses a round', 'group.instance.id, KIP-345', async (recorder) => {
  const terms = { rebalanceTimeoutMs: 700 }
  const [a, b] = await stableGroup(recorder, [{ ...terms, ...STATIC }, terms])
  await b!.join({ protocols: [OTHER_RANGE] })
  await a!.beat()
  await b!.sync()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})
