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
    async (teller) => {
      const { all, groupId } = await members(teller, ['a'], 3)
      const [a] = all
      await a!.join({}, version)
      await described(teller, groupId)
      await a!.beat({}, version)
      await a!.beat({ topicPartitions: a!.owned }, version)
      await a!.join({}, version)
      await a!.beat({ memberEpoch: -1 }, version)
      await described(teller, groupId)
      await a!.beat({}, version)
      await a!.join({}, version)
      await described(teller, groupId)
    },
  )
}

scenario('KIP-848: a member without an id is given one', 'librdkafka before KIP-1082', async (teller) => {
  const there = await teller.topic()
  const groupId = await promptGroup(teller)
  const a = new ConsumerMember(teller, groupId, { memberId: '', subscribedTopicNames: [there.name] })
  await a.join({}, 0)
  await described(teller, groupId)
})

scenario('KIP-848: two members, step by step', 'two consumers', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await described(teller, groupId)
  await a!.beat()
  await described(teller, groupId)
  await b!.beat()
  await a!.beat({ topicPartitions: [] })
  await described(teller, groupId)
  await b!.beat()
  await described(teller, groupId)
  await a!.beat()
  await b!.leave()
  await described(teller, groupId)
  await a!.beat()
  await described(teller, groupId)
})

scenario('KIP-848: a member that keeps what it was to give up', 'max.poll.interval.ms', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  const before = a!.owned
  await b!.join()
  await a!.beat({ topicPartitions: before })
  await a!.beat({ topicPartitions: before })
  await b!.beat()
  await a!.report()
  await b!.beat()
  await described(teller, groupId)
})

scenario(
  'KIP-848: a member gives up a part of what it was to',
  'a consumer of its own making',
  async (teller) => {
    const { all, groupId, topicId } = await members(teller, ['a', 'b'], 6)
    const [a, b] = all
    await a!.join()
    await b!.join()
    await a!.beat()
    await a!.beat({ topicPartitions: [{ topicId, partitions: [0, 1, 2, 3] }] })
    await b!.beat()
    await a!.beat({ topicPartitions: [{ topicId, partitions: [0, 1, 2] }] })
    await b!.beat()
    await described(teller, groupId)
  },
)

scenario('KIP-848: three members one after the other', 'a fleet that grows', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b', 'c'], 6)
  for (const each of all) {
    await each.join()
    await settle(all.slice(0, all.indexOf(each) + 1))
    await described(teller, groupId)
  }
  await all[0]!.leave()
  await settle(all.slice(1))
  await described(teller, groupId)
})

scenario('KIP-848: a third comes while two still move', 'a fleet that grows', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b', 'c'], 6)
  const [a, b, c] = all
  await a!.join()
  await b!.join()
  await a!.beat()
  await c!.join()
  await described(teller, groupId)
  await a!.beat()
  await a!.report()
  await b!.beat()
  await c!.beat()
  await described(teller, groupId)
  await settle(all)
  await described(teller, groupId)
})

scenario('KIP-848: a member leaves while it is waited for', 'a consumer that is killed', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await a!.beat()
  await a!.leave()
  await b!.beat()
  await described(teller, groupId)
})

scenario('KIP-848: more members than partitions', 'a fleet that is too big', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b', 'c'], 2)
  for (const each of all) await each.join()
  await settle(all)
  await described(teller, groupId)
})

scenario(
  'KIP-848: a member joins again without leaving',
  'a consumer after a crash of its own',
  async (teller) => {
    const { all, groupId } = await members(teller, ['a', 'b'], 4)
    const [a, b] = all
    await a!.join()
    await b!.join()
    await settle(all)
    await a!.join()
    await described(teller, groupId)
    await a!.beat()
    await b!.beat()
  },
)

scenario('KIP-848: full and half requests', 'a consumer that is not sure', async (teller) => {
  const { all, name } = await members(teller, ['a'], 2)
  const [a] = all
  await a!.join()
  await a!.beat({ rebalanceTimeoutMs: 10_000, subscribedTopicNames: [name], topicPartitions: [] })
  await a!.beat({ rebalanceTimeoutMs: 10_000, subscribedTopicNames: [name], topicPartitions: a!.owned })
  await a!.beat({ rebalanceTimeoutMs: 20_000 })
  await a!.beat({ subscribedTopicNames: [name], topicPartitions: a!.owned })
  await a!.beat({ subscribedTopicNames: [name] })
  await a!.beat({ rackId: 'r2' })
  await described(teller, a!.groupId)
})

scenario('KIP-848: epochs that are wrong', 'a lost answer, a zombie', async (teller) => {
  const { all, groupId, topicId } = await members(teller, ['a', 'b'], 4)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await settle(all)
  for (const memberEpoch of [1, 2, 3, 4, 99]) await a!.beat({ memberEpoch })
  for (const memberEpoch of [1, 2]) await a!.beat({ memberEpoch, topicPartitions: [] })
  for (const memberEpoch of [1, 2]) await a!.beat({ memberEpoch, topicPartitions: a!.owned })
  await a!.beat({ memberEpoch: 2, topicPartitions: [{ topicId, partitions: [0, 1, 2, 3] }] })
  await a!.beat({ memberEpoch: 2, topicPartitions: [{ topicId, partitions: [9] }] })
  await described(teller, groupId)
})

scenario('KIP-848: session that is over', 'a consumer that was killed', async (teller) => {
  const { all, groupId } = await members(teller, ['a', 'b'], 2)
  const [a, b] = all
  await a!.join({ rebalanceTimeoutMs: 500 })
  await b!.join()
  await a!.beat()
  await new Promise((resolve) => setTimeout(resolve, 800)) // it keeps what it was to give up
  await a!.beat()
  await b!.beat()
  await described(teller, groupId)
})
