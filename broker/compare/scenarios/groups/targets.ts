import { scenario } from '../../scenario.ts'
import { untilGone, untilThere } from '../until.ts'
import { ConsumerMember, described, members, promptGroup, settle } from './consumer-member.ts'

scenario('KIP-848: subscribes to other topics', 'Consumer.subscribe', async (recorder) => {
  const [one, two] = [await recorder.topic(2), await recorder.topic(3)]
  recorder.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
  const a = new ConsumerMember(recorder, await promptGroup(recorder), { subscribedTopicNames: [one.name] })
  await a.join()
  await a.beat({ subscribedTopicNames: [two.name] })
  await described(recorder, a.groupId)
  await a.report()
  await a.beat({ subscribedTopicNames: [two.name, one.name, two.name] })
  await a.report()
  await described(recorder, a.groupId)
  await a.beat({ subscribedTopicNames: [] })
  await a.report()
  await described(recorder, a.groupId)
})

scenario('KIP-848: a topic that is not there yet', 'a consumer that starts first', async (recorder) => {
  const later = recorder.name('topic')
  const a = new ConsumerMember(recorder, await promptGroup(recorder), { subscribedTopicNames: [later] })
  await a.join()
  await described(recorder, a.groupId)
  await recorder.quietly('CreateTopics', 7, {
    topics: [{ name: later, numPartitions: 2, replicationFactor: 1 }],
  })
  await untilThere(recorder, later, 2)
  await eventually(a, 2)
  await described(recorder, a.groupId)
})

/** Sends heartbeats until the member has so many partitions; the coordinator learns of topics slightly later. */
async function eventually(member: ConsumerMember, partitions: number): Promise<void> {
  const has = () => member.owned.reduce((sum, each) => sum + each.partitions.length, 0)
  for (let attempt = 0; attempt < 100 && has() !== partitions; attempt++) {
    await member.quietly({ topicPartitions: member.owned })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

scenario('KIP-848: a topic that grows', 'kafka-topics --alter --partitions', async (recorder) => {
  const { all, groupId, name } = await members(recorder, ['a', 'b'], 2)
  const [a, b] = all
  await a!.join()
  await b!.join()
  await settle(all)
  await recorder.quietly('CreatePartitions', 3, {
    topics: [{ name, count: 4, assignments: null }],
    timeoutMs: 10_000,
  })
  await untilThere(recorder, name, 4)
  await eventually(a!, 2)
  await eventually(b!, 2)
  await settle(all)
  await described(recorder, groupId)
})

scenario('KIP-848: a topic that is deleted', 'kafka-topics --delete', async (recorder) => {
  const [one, two] = [await recorder.topic(2), await recorder.topic(2)]
  recorder.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
  const terms = { subscribedTopicNames: [one.name, two.name] }
  const a = new ConsumerMember(recorder, await promptGroup(recorder), terms)
  await a.join()
  await recorder.quietly('DeleteTopics', 6, {
    topics: [{ name: two.name }],
    timeoutMs: 10_000,
  })
  await untilGone(recorder, two.name)
  await eventually(a, 2)
  await a.report()
  await described(recorder, a.groupId)
})

scenario('KIP-848: by range', 'ServerAssignor range', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b', 'c'], 7)
  for (const each of all) await each.join({ serverAssignor: 'range' })
  await settle(all)
  await described(recorder, groupId)
  await all[1]!.leave()
  await settle([all[0]!, all[2]!])
  await described(recorder, groupId)
})

scenario('KIP-848: by range, several topics', 'ServerAssignor range', async (recorder) => {
  const [one, two] = [await recorder.topic(3), await recorder.topic(5)]
  recorder.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
  const groupId = await promptGroup(recorder)
  const both = { serverAssignor: 'range', subscribedTopicNames: [one.name, two.name] }
  const a = new ConsumerMember(recorder, groupId, { ...both, memberId: `${groupId}-a` })
  const b = new ConsumerMember(recorder, groupId, {
    ...both,
    memberId: `${groupId}-b`,
    subscribedTopicNames: [two.name],
  })
  const c = new ConsumerMember(recorder, groupId, { ...both, memberId: `${groupId}-c` })
  for (const each of [a, b, c]) await each.join()
  recorder.note(
    'the members',
    [a, b, c].map(({ memberId }) => ({ memberId })),
  )
  await settle([a, b, c])
  await described(recorder, groupId)
})

scenario(
  'KIP-848: by uniform, subscriptions that differ',
  'a fleet of several services',
  async (recorder) => {
    // As many partitions for each subscriber would let the topics' ids decide.
    const topics = [await recorder.topic(11), await recorder.topic(7), await recorder.topic(4)]
    recorder.note(
      'the topics',
      topics.map(({ topicId }) => ({ topicId })),
    )
    const names = (...wanted: number[]) => ({ subscribedTopicNames: wanted.map((at) => topics[at]!.name) })
    const groupId = await promptGroup(recorder)
    const all = ['a', 'b', 'c', 'd', 'e'].map(
      (each) => new ConsumerMember(recorder, groupId, { memberId: `${groupId}-${each}` }),
    )
    const subscriptions = [names(0, 1), names(0), names(1, 2), names(0, 1, 2), names(2)]
    recorder.note(
      'the members',
      all.map(({ memberId }) => ({ memberId })),
    )
    for (const [at, member] of all.entries()) {
      await member.join(subscriptions[at]!)
      await settle(all.slice(0, at + 1))
      await described(recorder, groupId)
    }
    await all[1]!.beat(names(0, 2))
    await settle(all)
    await all[3]!.leave()
    await settle(all.filter((_, at) => at !== 3))
    await described(recorder, groupId)
  },
)

scenario('KIP-848: the assignor that most want', 'ServerAssignor', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b', 'c'], 6)
  await all[0]!.join({ serverAssignor: 'uniform' })
  await described(recorder, groupId)
  await all[1]!.join({ serverAssignor: 'range' })
  await described(recorder, groupId)
  await all[2]!.join({ serverAssignor: 'range' })
  await settle(all)
  await described(recorder, groupId)
  await all[0]!.beat({ serverAssignor: 'range' })
  await described(recorder, groupId)
})

scenario('KIP-848: racks', 'client.rack', async (recorder) => {
  const { all, groupId } = await members(recorder, ['a', 'b'], 4)
  await all[0]!.join({ rackId: 'one' })
  await all[1]!.join({ rackId: 'two' })
  await settle(all)
  await described(recorder, groupId)
})

scenario('KIP-848: settings of the group itself', 'kafka-configs --entity-type groups', async (recorder) => {
  const there = await recorder.topic(2)
  const own = { 'consumer.session.timeout.ms': '45001', 'consumer.heartbeat.interval.ms': '6001' }
  const a = new ConsumerMember(recorder, await promptGroup(recorder, own), {
    subscribedTopicNames: [there.name],
  })
  await a.join()
  await a.beat()
})

scenario('KIP-848: targets are computed once in an interval', 'KIP-1263', async (recorder) => {
  const there = await recorder.topic(2)
  const groupId = await promptGroup(recorder, { 'consumer.assignment.interval.ms': '15000' })
  const [a, b] = ['a', 'b'].map(
    (each) =>
      new ConsumerMember(recorder, groupId, {
        memberId: `${groupId}-${each}`,
        subscribedTopicNames: [there.name],
      }),
  )
  await a!.join()
  await b!.join()
  await b!.beat()
  await a!.beat()
  await described(recorder, groupId)
  await a!.leave()
  await b!.beat()
  await described(recorder, groupId)
  await b!.leave()
  await described(recorder, groupId)
  await a!.join()
  await described(recorder, groupId)
})
