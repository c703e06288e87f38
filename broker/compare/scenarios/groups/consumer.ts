/**
 * KIP-848: members that join, live, move and leave by ConsumerGroupHeartbeat alone.
 */
import { versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { ConsumerMember, described, members, promptGroup, settle } from './consumer-member.ts'

for (const version of versionsOf('ConsumerGroupHeartbeat')) {
  scenario(
    `ConsumerGroupHeartbeat v${version}: a life`,
    'group.protocol=consumer, KIP-848',
    async (recorder) => {
      const { all, groupId } = await members(recorder, ['a'], 3)
      const [a] = all
      await a!.join({}, version)
      await described(recorder, groupId)
      await a!.beat({}, version)
      await a!.beat({ topicPartitions: a!.owned }, version)
      await a!.join({}, version)
      await a!.beat({ memberEpoch: -1 }, version)
      await described(recorder, groupId)
      await a!.beat({}, version)
      await a!.join({}, version)
      await described(recorder, groupId)
    },
  )
}

scenario('KIP-848: a member without an id is given one', 'librdkafka before KIP-1082', async (recorder) => {
  const there = await recorder.topic()
  const groupId = await promptGroup(recorder)
  const a = new ConsumerMember(recorder, groupId, { memberId: '', subscribedTopicNames: [there.name] })
  await a.join({}, 0)
  await described(recorder, groupId)
})

scenario('KIP-848: two members, step by step', 'two consumers', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await described(recorder, groupId)
  await a!.beat()
  await described(recorder, groupId)
  await b!.beat()
  await a!.beat({ topicPartitions: [] })
  await described(recorder, groupId)
  await b!.beat()
  await described(recorder, groupId)
  await a!.beat()
  await b!.leave()
  await described(recorder, groupId)
  await a!.beat()
  await described(recorder, groupId)
})

scenario('KIP-848: a member that keeps what it was to give up', 'max.poll.interval.ms', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  const before = a!.owned
  await b!.join()
  await a!.beat({ topicPartitions: before })
  await a!.beat({ topicPartitions: before })
  await b!.beat()
  await a!.report()
  await b!.beat()
  await described(recorder, groupId)
})

scenario(
  'KIP-848: a member gives up a part of what it was to',
  'a consumer of its own making',
  async (recorder) => {
    const { all, groupId, topicId } = await members(recorder, ['a', 'b'], 6)
    const [a, b] = all
    await a!.join()
    await b!.join()
    await a!.beat()
    await a!.beat({ topicPartitions: [{ topicId, partitions: [0, 1, 2, 3] }] })
    await b!.beat()
    await a!.beat({ topicPartitions: [{ topicId, partitions: [0, 1, 2] }] })
    await b!.beat()
    await described(recorder, groupId)
  },
)

scenario('KIP-848: three members one after the other', 'a fleet that grows', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b', 'c'], 6)
  for (const each of all) {
    await each.join()
    await settle(all.slice(0, all.indexOf(each) + 1))
    await described(recorder, groupId)
  }
  await all[0]!.leave()
  await settle(all.slice(1))
  await described(recorder, groupId)
})

scenario('KIP-848: a third comes while two still move', 'a fleet that grows', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b', 'c'], 6)
  const [a, b, c] = all
  await a!.join()
  await b!.join()
  await a!.beat()
  await c!.join()
  await described(recorder, groupId)
  await a!.beat()
  await a!.report()
  await b!.beat()
  await c!.beat()
  await described(recorder, groupId)
  await settle(all)
  await described(recorder, groupId)
})

scenario('KIP-848: a member leaves while it is waited for', 'a consumer that is killed', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await a!.beat()
  await a!.leave()
  await b!.beat()
  await described(recorder, groupId)
})

scenario('KIP-848: more members than partitions', 'a fleet that is too big', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b', 'c'], 2)
  for (const each of all) await each.join()
  await settle(all)
  await described(recorder, groupId)
})

scenario(
  'KIP-848: a member joins again without leaving',
  'a consumer after a crash of its own',
  async (recorder) => {
    const { all, groupId } = await members(recorder, ['a', 'b'], 4)
    const [a, b] = all
    await a!.join()
    await b!.join()
    await settle(all)
    await a!.join()
    await described(recorder, groupId)
    await a!.beat()
    await b!.beat()
  },
)

scenario('KIP-848: full and half requests', 'a consumer that is not sure', async (recorder) => {
  const { all, name } = await members(recorder, ['a'], 2)
  const [a] = all
  await a!.join()
  await a!.beat({ rebalanceTimeoutMs: 10_000, subscribedTopicNames: [name], topicPartitions: [] })
  await a!.beat({ rebalanceTimeoutMs: 10_000, subscribedTopicNames: [name], topicPartitions: a!.owned })
  await a!.beat({ rebalanceTimeoutMs: 20_000 })
  await a!.beat({ subscribedTopicNames: [name], topicPartitions: a!.owned })
  await a!.beat({ subscribedTopicNames: [name] })
  await a!.beat({ rackId: 'r2' })
  await described(recorder, a!.groupId)
})

scenario('KIP-848: epochs that are wrong', 'a lost answer, a zombie', async (recorder) => {
  const { all, groupId, topicId } = await members(recorder, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await settle(all)
  for (const memberEpoch of [1, 2, 3, 4, 99]) await a!.beat({ memberEpoch })
  for (const memberEpoch of [1, 2]) await a!.beat({ memberEpoch, topicPartitions: [] })
  for (const memberEpoch of [1, 2]) await a!.beat({ memberEpoch, topicPartitions: a!.owned })
  await a!.beat({ memberEpoch: 2, topicPartitions: [{ topicId, partitions: [0, 1, 2, 3] }] })
  await a!.beat({ memberEpoch: 2, topicPartitions: [{ topicId, partitions: [9] }] })
  await described(recorder, groupId)
})

scenario('KIP-848: session that is over', 'a consumer that was killed', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b'], 2)
  const [a, b] = all
  await a!.join({ rebalanceTimeoutMs: 500 })
  await b!.join()
  await a!.beat()
  await new Promise((resolve) => setTimeout(resolve, 800)) // it keeps what it was to give up
  await a!.beat()
  await b!.beat()
  await described(recorder, groupId)
})
