import { scenario } from '../../scenario.ts'
import { groupIs, stableGroup } from './classic-member.ts'
import { ConsumerMember, described, promptGroup } from './consumer-member.ts'
import { classicDescribed, old, owning } from './mixed-members.ts'

scenario(
  'Upgrade: a classic group takes a new member in',
  'a rolling upgrade to group.protocol=consumer',
  async (recorder) => {
    const { all, groupId, name } = await old(recorder, [
      [0, 1, 2],
      [3, 4, 5],
    ])
    const [a, b] = all
    const c = new ConsumerMember(recorder, groupId, { memberId: 'c', subscribedTopicNames: [name] })
    await c.join()
    await described(recorder, groupId)
    await classicDescribed(recorder, groupId)
    await a!.beat()
    await b!.beat()
    await a!.sync()
    await a!.join(owning(name, [0, 1, 2], a!.generationId))
    await a!.sync()
    await described(recorder, groupId)
    await a!.beat()
    await b!.join(owning(name, [3, 4, 5], b!.generationId))
    await b!.sync()
    await b!.beat()
    await described(recorder, groupId)
    for (const each of all)
      if ((await each.beat()).errorCode !== 0)
        await each.join(owning(name, each === a ? [0, 1] : [3, 4], each.generationId))
    await c.beat()
    for (const each of all) await each.sync()
    await c.report()
    await described(recorder, groupId)
    await a!.leave()
    await described(recorder, groupId)
  },
)

scenario('Upgrade: an eager classic member', 'a rolling upgrade, range assignor', async (recorder) => {
  const { all, groupId, name } = await old(recorder, [[0, 1]])
  const [a] = all
  const c = new ConsumerMember(recorder, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  await c.join()
  await a!.beat()
  await a!.join()
  await a!.sync()
  await a!.beat()
  await c.beat()
  await described(recorder, groupId)
})

scenario('Upgrade: during a rebalance', 'a rolling upgrade', async (recorder) => {
  const { all, groupId, name } = await old(recorder, [[0], [1]])
  const [a, b] = all
  const waiting = a!.join()
  await groupIs(recorder, groupId, 'PreparingRebalance')
  const c = new ConsumerMember(recorder, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  await c.join()
  await waiting
  await described(recorder, groupId)
  await a!.beat()
  await b!.beat()
})

scenario('Upgrade: an empty classic group', 'a name that is used again', async (recorder) => {
  const { all, groupId, name } = await old(recorder, [[0, 1]])
  await all[0]!.leave()
  await groupIs(recorder, groupId, 'Empty')
  const c = new ConsumerMember(recorder, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  await c.join()
  await described(recorder, groupId)
  await all[0]!.join()
})

scenario('Upgrade: a group that only has offsets', 'a name that is used again', async (recorder) => {
  const there = await recorder.topic(1)
  const groupId = await promptGroup(recorder)
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: 'kept' }]
  await recorder.quietly('OffsetCommit', 9, { groupId, topics: [{ ...there, partitions }] })
  const c = new ConsumerMember(recorder, groupId, { memberId: 'c', subscribedTopicNames: [there.name] })
  await c.beat({ memberEpoch: 3 })
  await c.join()
  await described(recorder, groupId)
  await recorder.call('OffsetFetch', 9, { groups: [{ groupId, topics: null }] })
})

scenario('Upgrade: heartbeats that do not join', 'a consumer of its own making', async (recorder) => {
  const { groupId, name } = await old(recorder, [[0]])
  const c = new ConsumerMember(recorder, groupId, { memberId: 'c', subscribedTopicNames: [name] })
  for (const memberEpoch of [1, -1]) await c.beat({ memberEpoch })
  await c.beat({ memberEpoch: -2, instanceId: 'one' })
})

scenario('Upgrade: a group of connectors', 'Kafka Connect', async (recorder) => {
  const [a] = await stableGroup(recorder, [{ protocolType: 'connect' }])
  const c = new ConsumerMember(recorder, a!.groupId, { memberId: 'c', subscribedTopicNames: ['t'] })
  await c.join()
  await a!.beat()
})

scenario('Upgrade: bytes that no consumer has written', 'a consumer of its own making', async (recorder) => {
  const [a] = await stableGroup(recorder, [{ protocols: [{ name: 'range', metadata: Uint8Array.of(1) }] }])
  const c = new ConsumerMember(recorder, a!.groupId, { memberId: 'c', subscribedTopicNames: ['t'] })
  await c.join()
  await a!.beat()
})

scenario(
  'Upgrade: a static member changes its protocol',
  'a rolling upgrade, group.instance.id',
  async (recorder) => {
    const { all, groupId, name } = await old(recorder, [[0], [1]], { groupInstanceId: 'i' })
    const c = new ConsumerMember(recorder, groupId, {
      memberId: 'c',
      instanceId: 'i0',
      subscribedTopicNames: [name],
    })
    await c.join()
    await described(recorder, groupId)
    await all[0]!.beat()
    await all[1]!.beat()
    await c.report()
    await described(recorder, groupId)
  },
)
