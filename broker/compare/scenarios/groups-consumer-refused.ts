/**
 * KIP-848: heartbeats that are refused, with Kafka's words; static members; expressions.
 */
import { type RequestOf, versionsOf } from '../apis.ts'
import { scenario, type Teller } from '../scenario.ts'
import { described } from './groups-consumer.ts'
import { ConsumerMember, promptGroup } from './groups-consumer-member.ts'
import { untilThere } from './until.ts'

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
    async (teller) => {
      const groupId = await promptGroup(teller)
      for (const version of versionsOf('ConsumerGroupHeartbeat')) {
        const a = new ConsumerMember(teller, groupId, { subscribedTopicNames: [] })
        await a.join(change, version)
      }
      await described(teller, groupId)
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
  scenario(`ConsumerGroupHeartbeat: ${what}, of a member`, 'a client of its own making', async (teller) => {
    const there = await teller.topic()
    const a = await ConsumerMember.settled(teller, {
      memberId: 'somebody',
      subscribedTopicNames: [there.name],
    })
    for (const version of versionsOf('ConsumerGroupHeartbeat')) await a.beat(change, version)
    await described(teller, a.groupId)
  })
}

/** A static member, settled. */
async function fixed(teller: Teller, change: Heartbeat = {}) {
  const there = await teller.topic(2)
  const terms = { memberId: 'first', instanceId: 'one', subscribedTopicNames: [there.name], ...change }
  const first = await ConsumerMember.settled(teller, terms)
  const second = new ConsumerMember(teller, first.groupId, { ...terms, memberId: 'second' })
  return { first, second, there }
}

scenario('KIP-848 static member: goes for a while and comes back', 'a rolling restart', async (teller) => {
  const { first, second } = await fixed(teller)
  await described(teller, first.groupId)
  await first.leave(-2)
  await described(teller, first.groupId)
  await second.join()
  await described(teller, first.groupId)
  await second.report()
  await first.beat()
  await first.beat({ memberEpoch: 2 })
  await first.leave(-1)
  await first.leave(-2)
  await second.leave(-1)
  await described(teller, first.groupId)
})

scenario('KIP-848 static member: comes back under the same id', 'a rolling restart', async (teller) => {
  const { first } = await fixed(teller)
  await first.join()
  await first.leave(-2)
  await first.beat({ memberEpoch: 2 })
  await first.join()
  await described(teller, first.groupId)
})

scenario('KIP-848 static member: the id is taken', 'two processes with one instance id', async (teller) => {
  const { first, second } = await fixed(teller)
  await second.join()
  await second.beat({ memberEpoch: 2 })
  await second.leave(-1)
  await first.beat()
  await described(teller, first.groupId)
})

scenario('KIP-848 static member: leaves for good', 'Admin.removeMembersFromConsumerGroup', async (teller) => {
  const { first, second } = await fixed(teller)
  await first.leave(-1)
  await second.join()
  await described(teller, first.groupId)
  const members = [
    { memberId: '', groupInstanceId: 'one' },
    { memberId: '', groupInstanceId: 'nobody' },
  ]
  await teller.call('LeaveGroup', 5, { groupId: first.groupId, members })
  await described(teller, first.groupId)
})

scenario(
  'KIP-848 static member: comes back and subscribes otherwise',
  'a rolling restart',
  async (teller) => {
    const { first, second, there } = await fixed(teller)
    const other = await teller.topic(2)
    teller.note('the topics', [{ topicId: there.topicId }, { topicId: other.topicId }])
    await first.leave(-2)
    await second.join({ subscribedTopicNames: [other.name, there.name] })
    await second.report()
    await second.beat()
    await described(teller, first.groupId)
  },
)

scenario('KIP-848 static member: goes while it gives something up', 'a rolling restart', async (teller) => {
  const { first, second, there } = await fixed(teller)
  const third = new ConsumerMember(teller, first.groupId, {
    memberId: 'third',
    subscribedTopicNames: [there.name],
  })
  await third.join()
  await first.beat()
  await described(teller, first.groupId)
  await first.leave(-2)
  await third.beat()
  await described(teller, first.groupId)
  await second.join()
  await second.report()
  await third.beat()
  await described(teller, first.groupId)
})

scenario(
  'KIP-848 static member: a dynamic one becomes static',
  'a client of its own making',
  async (teller) => {
    const there = await teller.topic(2)
    const a = await ConsumerMember.settled(teller, { subscribedTopicNames: [there.name] })
    await a.beat({ instanceId: 'one' })
    await a.join({ instanceId: 'one' })
    await described(teller, a.groupId)
  },
)

const EXPRESSIONS = [
  '(',
  ')',
  'a)',
  'a)b',
  '(a',
  '[',
  '[a',
  '[]',
  '[]a',
  '[^',
  '*',
  '+a',
  'a**',
  'a*+',
  'a*?',
  'a+*',
  'a??',
  'a{2}{3}',
  'a{2}*',
  'a*{2}',
  'a|*',
  '(*)',
  '(|*)',
  'a{1000}',
  'a{1001}',
  'a{,2}',
  'a{2,1}',
  'a{2',
  'a{}',
  '{2}',
  '\\',
  'a\\',
  '\\h',
  '\\8',
  '\\1',
  '\\0',
  '\\01',
  '\\x',
  '\\x4',
  '\\x41',
  '\\x{41}',
  '\\x{zz}',
  '\\pX',
  '\\pL',
  '\\p{Greek}',
  '\\p{Foo}',
  '\\Qab',
  '\\Q',
  '\\C',
  '\\z',
  '\\Z',
  '\\A',
  '\\G',
  '\\b',
  '\\k<n>',
  '\\e',
  '\\_',
  '\\-',
  '\\é',
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '(?<!a)',
  '(?P<n',
  '(?P<n>a)',
  '(?P=n)',
  '(?P<n>a)(?P<n>b)',
  '(?<n>a)',
  '(?<1>a)',
  '(?<>a)',
  '(?z)a',
  '(?i)a',
  '(?i:a)',
  '(?U)a',
  '(?s-i)a',
  '(?-)a',
  '(?',
  '(?i',
  '(?:',
  '(?#c)',
  '(?>a)',
  'a++',
  'a{2}+',
  '[z-a]',
  '[a-\\d]',
  '[\\d-a]',
  '[[:alpha:]]',
  '[[:nothing:]]',
  '[[.a.]]',
  '[a-]',
  '[a-b-c]',
  '\\d',
  '\\D',
  '[\\h]',
  '^*',
  '$*',
  '(a{1000}){1000}',
  '((a{100}){100}){100}',
  'x{0}',
  'é',
  '.*',
  '[[a]',
  '\\/',
  '\\pLx',
  '\\p',
  '\\p{',
  '\\u0041',
  '\\cA',
  '\\R',
  '\\X',
  '\\n\\t',
]

scenario(
  'KIP-848 expressions: which are some, and what is wrong with the others',
  'RE2/J',
  async (teller) => {
    const groupId = await promptGroup(teller)
    for (const subscribedTopicRegex of EXPRESSIONS) {
      const a = new ConsumerMember(teller, groupId, { memberId: 'a', subscribedTopicRegex })
      const { errorCode, errorMessage } = await a.join({}, 1, teller.quietly)
      teller.note(subscribedTopicRegex, { errorCode, errorMessage })
      await a.quietly({ memberEpoch: -1 })
    }
  },
)

/** Beats until the member has partitions: expressions are matched a moment after the join. */
async function matched(member: ConsumerMember): Promise<void> {
  for (let attempt = 0; attempt < 100 && member.owned.length === 0; attempt++) {
    await member.quietly({ topicPartitions: member.owned })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

scenario('KIP-848 expressions: a member alone', 'Consumer.subscribe(SubscriptionPattern)', async (teller) => {
  const there = await teller.topic(2)
  const a = new ConsumerMember(teller, await promptGroup(teller), { subscribedTopicRegex: `${there.name}.*` })
  await a.join()
  await matched(a)
  await described(teller, a.groupId)
  await a.report()
  await a.beat({ subscribedTopicRegex: '' })
  await a.report()
  await described(teller, a.groupId)
})

scenario(
  'KIP-848 expressions: two with the same one',
  'Consumer.subscribe(SubscriptionPattern)',
  async (teller) => {
    const there = await teller.topic(2)
    const groupId = await promptGroup(teller)
    const subscribedTopicRegex = `${there.name}.*`
    const [a, b] = ['a', 'b'].map(
      (memberId) => new ConsumerMember(teller, groupId, { memberId, subscribedTopicRegex }),
    )
    await a!.join()
    await matched(a!)
    await b!.join()
    await a!.beat()
    await a!.report()
    await b!.beat()
    await described(teller, groupId)
    await a!.leave()
    await b!.beat()
    await b!.leave()
    await described(teller, groupId)
  },
)

scenario('KIP-848 expressions: names and an expression', 'a consumer of its own making', async (teller) => {
  const [one, two] = [await teller.topic(1), await teller.topic(1)]
  teller.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
  const terms = { subscribedTopicNames: [one.name], subscribedTopicRegex: `${two.name}` }
  const a = new ConsumerMember(teller, await promptGroup(teller), terms)
  await a.join()
  for (let round = 0; round < 20; round++) {
    await a.quietly({ topicPartitions: a.owned })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await described(teller, a.groupId)
})

scenario(
  'KIP-848 expressions: nothing matches',
  'Consumer.subscribe(SubscriptionPattern)',
  async (teller) => {
    const a = new ConsumerMember(teller, await promptGroup(teller), {
      subscribedTopicRegex: 'nothing-of-this-name',
    })
    await a.join()
    await a.beat()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await a.beat()
    await described(teller, a.groupId)
  },
)

scenario(
  'KIP-848 expressions: from a name to an expression and back',
  'Consumer.subscribe',
  async (teller) => {
    const there = await teller.topic(2)
    await untilThere(teller, there.name)
    const a = await ConsumerMember.settled(teller, { subscribedTopicNames: [there.name] })
    await a.beat({ subscribedTopicNames: [], subscribedTopicRegex: there.name })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await a.report()
    await matched(a)
    await a.report()
    await described(teller, a.groupId)
    await a.beat({ subscribedTopicNames: [there.name], subscribedTopicRegex: '' })
    await a.report()
    await a.report()
    await described(teller, a.groupId)
  },
)
