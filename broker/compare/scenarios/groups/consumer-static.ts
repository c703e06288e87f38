/**
 * KIP-848: static members, which go for a while and come back.
 */
import type { RequestOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { ConsumerMember, described } from './consumer-member.ts'

type Heartbeat = Partial<RequestOf<'ConsumerGroupHeartbeat'>>

/** A static member, settled. */
async function fixed(recorder: Recorder, change: Heartbeat = {}) {
  const there = await recorder.topic(2)
  const terms = { memberId: 'first', instanceId: 'one', subscribedTopicNames: [there.name], ...change }
  const first = await ConsumerMember.settled(recorder, terms)
  const second = new ConsumerMember(recorder, first.groupId, { ...terms, memberId: 'second' })
  return { first, second, there }
}

scenario('KIP-848 static member: goes for a while and comes back', 'a rolling restart', async (recorder) => {
  const { first, second } = await fixed(recorder)
  await described(recorder, first.groupId)
  await first.leave(-2)
  await described(recorder, first.groupId)
  await second.join()
  await described(recorder, first.groupId)
  await second.report()
  await first.beat()
  await first.beat({ memberEpoch: 2 })
  await first.leave(-1)
  await first.leave(-2)
  await second.leave(-1)
  await described(recorder, first.groupId)
})

scenario('KIP-848 static member: comes back under the same id', 'a rolling restart', async (recorder) => {
  const { first } = await fixed(recorder)
  await first.join()
  await first.leave(-2)
  await first.beat({ memberEpoch: 2 })
  await first.join()
  await described(recorder, first.groupId)
})

scenario('KIP-848 static member: the id is taken', 'two processes with one instance id', async (recorder) => {
  const { first, second } = await fixed(recorder)
  await second.join()
  await second.beat({ memberEpoch: 2 })
  await second.leave(-1)
  await first.beat()
  await described(recorder, first.groupId)
})

scenario(
  'KIP-848 static member: leaves for good',
  'Admin.removeMembersFromConsumerGroup',
  async (recorder) => {
    const { first, second } = await fixed(recorder)
    await first.leave(-1)
    await second.join()
    await described(recorder, first.groupId)
    const members = [
      { memberId: '', groupInstanceId: 'one' },
      { memberId: '', groupInstanceId: 'nobody' },
    ]
    await recorder.call('LeaveGroup', 5, { groupId: first.groupId, members })
    await described(recorder, first.groupId)
  },
)

scenario(
  'KIP-848 static member: comes back and subscribes otherwise',
  'a rolling restart',
  async (recorder) => {
    const { first, second, there } = await fixed(recorder)
    const other = await recorder.topic(2)
    recorder.note('the topics', [{ topicId: there.topicId }, { topicId: other.topicId }])
    await first.leave(-2)
    await second.join({ subscribedTopicNames: [other.name, there.name] })
    await second.report()
    await second.beat()
    await described(recorder, first.groupId)
  },
)

scenario('KIP-848 static member: goes while it gives something up', 'a rolling restart', async (recorder) => {
  const { first, second, there } = await fixed(recorder)
  const third = new ConsumerMember(recorder, first.groupId, {
    memberId: 'third',
    subscribedTopicNames: [there.name],
  })
  await third.join()
  await first.beat()
  await described(recorder, first.groupId)
  await first.leave(-2)
  await third.beat()
  await described(recorder, first.groupId)
  await second.join()
  await second.report()
  await third.beat()
  await described(recorder, first.groupId)
})

scenario(
  'KIP-848 static member: a dynamic one becomes static',
  'a client of its own making',
  async (recorder) => {
    const there = await recorder.topic(2)
    const a = await ConsumerMember.settled(recorder, { subscribedTopicNames: [there.name] })
    await a.beat({ instanceId: 'one' })
    await a.join({ instanceId: 'one' })
    await described(recorder, a.groupId)
  },
)
