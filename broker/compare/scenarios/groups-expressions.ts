import { scenario } from '../scenario.ts'
import { ConsumerMember, described, promptGroup } from './groups-consumer-member.ts'
import { untilThere } from './until.ts'

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
