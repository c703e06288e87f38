/**
 * Groups: members, offsets, and what is asked of groups that are not there.
 */
import { versionsOf } from '../apis.ts'
import { scenario } from '../scenario.ts'

const METADATA = Uint8Array.of(0, 0, 0, 0, 0, 0, 255, 255, 255, 255)

scenario(
  'JoinGroup: a member alone, every version',
  'Consumer.subscribe, KIP-394',
  async ({ call, coordinator, name }) => {
    for (const version of versionsOf('JoinGroup')) {
      const groupId = name('group')
      await coordinator(groupId)
      const body = {
        groupId,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: METADATA }],
      }
      const first = await call('JoinGroup', version, { ...body, memberId: '' })
      const joined =
        first.errorCode === 0
          ? first
          : await call('JoinGroup', version, { ...body, memberId: first.memberId })
      const { memberId, generationId } = joined
      const assignments = [{ memberId, assignment: METADATA }]
      await call('SyncGroup', 3, { groupId, generationId, memberId, assignments })
      for (const generation of [generationId, generationId + 1])
        await call('Heartbeat', 4, { groupId, generationId: generation, memberId })
      await call('LeaveGroup', 4, { groupId, members: [{ memberId }] })
    }
  },
)

scenario('JoinGroup: what is refused', 'a client of its own making', async ({ call, coordinator, name }) => {
  const groupId = name('group')
  await coordinator(groupId)
  const good = {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
  }
  const protocols = [{ name: 'range', metadata: METADATA }]
  await call('JoinGroup', 9, { ...good, protocols: [] })
  await call('JoinGroup', 9, { ...good, protocols, protocolType: '' })
  await call('JoinGroup', 9, { ...good, protocols, sessionTimeoutMs: 1 })
  await call('JoinGroup', 9, { ...good, protocols, memberId: 'nobody' })
  await call('JoinGroup', 9, { ...good, protocols, groupId: '' })
})

scenario('Groups that are not there', 'Admin.describeConsumerGroups', async ({ call, coordinator, name }) => {
  const groupId = name('group')
  await coordinator(groupId)
  for (const version of versionsOf('DescribeGroups'))
    await call('DescribeGroups', version, { groups: [groupId] })
  for (const version of versionsOf('DeleteGroups'))
    await call('DeleteGroups', version, { groupsNames: [groupId] })
  for (const version of versionsOf('Heartbeat'))
    await call('Heartbeat', version, { groupId, generationId: 1, memberId: 'nobody' })
  for (const version of versionsOf('ConsumerGroupDescribe'))
    await call('ConsumerGroupDescribe', version, { groupIds: [groupId] })
})

scenario(
  'Offsets without members',
  'Admin.alterConsumerGroupOffsets',
  async ({ call, coordinator, topic, name }) => {
    const there = await topic()
    for (const version of versionsOf('OffsetCommit')) {
      const groupId = name('group')
      await coordinator(groupId)
      const partitions = [{ partitionIndex: 0, committedOffset: 3, committedMetadata: 'm' }]
      await call('OffsetCommit', version, { groupId, topics: [{ ...there, partitions }] })
      const topics = [{ ...there, partitionIndexes: [0, 1] }]
      for (const fetch of versionsOf('OffsetFetch'))
        await call('OffsetFetch', fetch, { groupId, topics, groups: [{ groupId, topics }] })
    }
  },
)
