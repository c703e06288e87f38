/**
 * KIP-848: heartbeats that are refused, with Kafka’s words.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { ConsumerMember, described, promptGroup } from './consumer-member.ts'

type Heartbeat = Partial<RequestOf<'ConsumerGroupHeartbeat'>>

const JOINING: Readonly<Record<string, Heartbeat>> = {
  'no group id': { groupId: '' },
  'a blank group id': { groupId: '  ' },
  'no member id': { memberId: '' },
  'a blank member id': { memberId: ' ' },
  'an empty instance id': { instanceId: '' },
  'an empty rack': { rackId: '' },
  'no rebalance timeout': { rebalanceTimeoutMs: -1 },
  'partitions that it cannot have': {
    topicPartitions: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [0] }],
  },
  'no list of partitions': { topicPartitions: null },
  'no subscription': { subscribedTopicNames: null },
  'an empty subscription': { subscribedTopicNames: [] },
  'an epoch of -3': { memberEpoch: -3 },
  'an epoch of -2': { memberEpoch: -2 },
  'an epoch of -1': { memberEpoch: -1 },
  'an epoch of 1': { memberEpoch: 1 },
  'an unknown assignor': { serverAssignor: 'luck' },
  'an empty assignor': { serverAssignor: '' },
  'an instance id and an epoch of -2': { instanceId: 'one', memberEpoch: -2 },
  'an instance id and an epoch of 5': { instanceId: 'one', memberEpoch: 5 },
  'a negative rebalance timeout': { rebalanceTimeoutMs: -5 },
}

for (const [what, change] of Object.entries(JOINING)) {
  scenario(
    `ConsumerGroupHeartbeat: ${what}, in a new group`,
    'a client of its own making',
    async (recorder) => {
      const groupId = await promptGroup(recorder)
      for (const version of versionsOf('ConsumerGroupHeartbeat')) {
        const a = new ConsumerMember(recorder, groupId, { subscribedTopicNames: [] })
        await a.join(change, version)
      }
      await described(recorder, groupId)
    },
  )
}

const LIVING: Readonly<Record<string, Heartbeat>> = {
  'an unknown member id': { memberId: 'nobody' },
  'an unknown instance id': { instanceId: 'nobody' },
  'an unknown group': { groupId: 'nothing-of-this-name' },
  'an unknown group, leaving': { groupId: 'nothing-of-this-name', memberEpoch: -1 },
  'an unknown member, leaving': { memberId: 'nobody', memberEpoch: -1 },
  'an unknown instance, leaving': { instanceId: 'nobody', memberEpoch: -1 },
  'an unknown instance, leaving for a while': { instanceId: 'nobody', memberEpoch: -2 },
  'a dynamic member, leaving for a while': { memberEpoch: -2 },
  'an unknown assignor': { serverAssignor: 'luck' },
  'partitions that are not its own': {
    topicPartitions: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [0] }],
  },
  'an empty member id': { memberId: '' },
}

for (const [what, change] of Object.entries(LIVING)) {
  scenario(`ConsumerGroupHeartbeat: ${what}, of a member`, 'a client of its own making', async (recorder) => {
    const there = await recorder.topic()
    const a = await ConsumerMember.settled(recorder, {
      memberId: 'somebody',
      subscribedTopicNames: [there.name],
    })
    for (const version of versionsOf('ConsumerGroupHeartbeat')) await a.beat(change, version)
    await described(recorder, a.groupId)
  })
}
