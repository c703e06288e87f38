/**
 * Classic groups between and after the joins: SyncGroup, Heartbeat, LeaveGroup.
 */
import { versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { assignment, ClassicMember, groupIs, newGroup, stableGroup, subscription } from './classic-member.ts'

const OTHER_RANGE = { name: 'range', metadata: subscription({ topics: ['other'] }) }

for (const version of versionsOf('SyncGroup')) {
  scenario(`SyncGroup v${version}: good and bad`, 'Consumer.poll', async (recorder) => {
    const [a] = await stableGroup(recorder, [{}])
    await a!.sync({}, version)
    await a!.sync({ generationId: 9 }, version)
    await a!.sync({ memberId: 'nobody' }, version)
    await a!.sync({ groupId: '' }, version)
    await a!.sync({ groupId: `${a!.groupId}-other` }, version)
    await a!.sync({ protocolType: null, protocolName: null }, version)
    await a!.sync({ protocolType: 'connect' }, version)
    await a!.sync({ protocolName: 'sticky' }, version)
    if (version >= 3) await a!.sync({ groupInstanceId: 'one' }, version)
  })
}

for (const version of versionsOf('Heartbeat')) {
  scenario(`Heartbeat v${version}: good and bad`, 'Consumer.poll', async (recorder) => {
    const [a] = await stableGroup(recorder, [{}])
    await a!.beat({}, version)
    await a!.beat({ generationId: 9 }, version)
    await a!.beat({ generationId: -1 }, version)
    await a!.beat({ memberId: 'nobody' }, version)
    await a!.beat({ memberId: '' }, version)
    await a!.beat({ groupId: '' }, version)
    await a!.beat({ groupId: `${a!.groupId}-other` }, version)
    if (version >= 3) await a!.beat({ groupInstanceId: 'one' }, version)
    await a!.leave()
    await a!.beat({}, version)
  })
}

for (const version of versionsOf('LeaveGroup')) {
  scenario(`LeaveGroup v${version}: good and bad`, 'Consumer.close', async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const leave = (groupId: string, memberId: string) =>
      recorder.call('LeaveGroup', version, { groupId, memberId, members: [{ memberId }] })
    await leave('', a!.memberId)
    await leave(a!.groupId, 'nobody')
    await leave(a!.groupId, '')
    await leave(`${a!.groupId}-other`, a!.memberId)
    await leave(a!.groupId, b!.memberId)
    await leave(a!.groupId, b!.memberId)
    await a!.beat()
    await leave(a!.groupId, a!.memberId)
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  })
}

scenario('SyncGroup: shares are handed out', 'Consumer.poll', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  const assignments = [
    { memberId: a!.memberId, assignment: assignment([{ topic: 't', partitions: [0, 1] }]) },
    { memberId: b!.memberId, assignment: assignment([{ topic: 't', partitions: [2] }]) },
    { memberId: 'nobody', assignment: assignment([]) },
  ]
  await Promise.all([b!.sync({ assignments: [] }), a!.sync({ assignments })])
  await b!.sync()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('SyncGroup: a member that the leader forgot', 'a leader of its own making', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  await Promise.all([b!.sync(), a!.sync({ assignments: [] })])
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario(
  'SyncGroup: a follower waits, and the group rebalances',
  'a third member comes',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const coming = a!.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await Promise.all([coming, b!.join()])
    const waiting = b!.sync()
    const again = a!.join({ protocols: [OTHER_RANGE] })
    await waiting
    await Promise.all([again, b!.join()])
  },
)

scenario('SyncGroup: a follower waits, and the leader leaves', 'Consumer.close', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  const waiting = b!.sync()
  await a!.leave()
  await waiting
  await b!.join()
  await b!.sync()
})

scenario('SyncGroup: a member that has left', 'Consumer.close', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  await a!.leave()
  await a!.sync()
  await a!.join()
})

scenario('LeaveGroup: several at once', 'Admin.removeMembersFromConsumerGroup', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{ groupInstanceId: 'one' }, { groupInstanceId: 'two' }, {}])
  const who = [
    { memberId: '', groupInstanceId: 'one', reason: 'because' },
    { memberId: '', groupInstanceId: 'nobody' },
    { memberId: a!.memberId, groupInstanceId: 'two' },
    { memberId: b!.memberId, groupInstanceId: 'two' },
    { memberId: b!.memberId, groupInstanceId: 'two' },
    { memberId: '', groupInstanceId: null },
    { memberId: 'nobody', groupInstanceId: null },
  ]
  for (const version of [3, 4, 5])
    await recorder.call('LeaveGroup', version, { groupId: a!.groupId, members: who })
  await recorder.call('LeaveGroup', 5, { groupId: a!.groupId, members: [] })
  await recorder.call('LeaveGroup', 5, { groupId: `${a!.groupId}-other`, members: who })
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('LeaveGroup: one that was waited for', 'Consumer.close during a rebalance', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await b!.leave()
  await coming
})

scenario('LeaveGroup: one that waits itself', 'Consumer.close during a rebalance', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = b!.join({ protocols: [OTHER_RANGE] })
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await recorder.call('LeaveGroup', 5, { groupId: b!.groupId, members: [{ memberId: b!.memberId }] })
  await coming
  await a!.beat()
})

scenario('LeaveGroup: an id that was given and not used', 'KIP-394', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const b = new ClassicMember(recorder, a!.groupId)
  await b.join()
  await b.leave()
  await b.leave()
  await a!.beat()
})

scenario('A session that is over', 'a consumer that was killed', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{ sessionTimeoutMs: 6000 }, { sessionTimeoutMs: 30_000 }])
  await groupIs(recorder, a!.groupId, 'PreparingRebalance', 1).catch(() => {})
  await groupIs(recorder, a!.groupId, 'PreparingRebalance', 1)
  await a!.beat()
  await b!.beat()
  await b!.join()
})

scenario('An empty group keeps its generation', 'a fleet that is restarted', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  await a!.leave()
  await groupIs(recorder, a!.groupId, 'Empty')
  const b = new ClassicMember(recorder, a!.groupId)
  await b.join()
  await b.join()
  await b.sync()
})

scenario('Groups of several ids', 'Admin.describeConsumerGroups', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const other = await newGroup(recorder)
  for (const includeAuthorizedOperations of [true, false])
    for (const version of versionsOf('DescribeGroups').filter(
      (each) => each >= 3 || !includeAuthorizedOperations,
    ))
      await recorder.call('DescribeGroups', version, {
        groups: [a!.groupId, other, '', a!.groupId],
        includeAuthorizedOperations,
      })
})
