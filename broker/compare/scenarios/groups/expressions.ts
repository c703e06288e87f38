import { scenario } from '../../scenario.ts'
import { untilThere } from '../until.ts'
import { ConsumerMember, described, promptGroup } from './consumer-member.ts'

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
  '[[:^digit:]]',
  '[[:^nothing:]]',
  '(?s)*?',
  'a(?s)*?',
  '\\x{110000}',
  '\\x{10FFFF}',
  'gr\\ö[\\ß]e',
  '(?P<é>a)',
  '(.{0,1000}){0,9}x',
  '(a{100}){100}b{1001}',
  '(a{100}){100}(',
]

scenario(
  'KIP-848 expressions: which are some, and what is wrong with the others',
  'RE2/J',
  async (recorder) => {
    const groupId = await promptGroup(recorder)
    for (const subscribedTopicRegex of EXPRESSIONS) {
      const a = new ConsumerMember(recorder, groupId, { memberId: 'a', subscribedTopicRegex })
      const { errorCode, errorMessage } = await a.join({}, 1, recorder.quietly)
      recorder.note(subscribedTopicRegex, { errorCode, errorMessage })
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

scenario(
  'KIP-848 expressions: a member alone',
  'Consumer.subscribe(SubscriptionPattern)',
  async (recorder) => {
    const there = await recorder.topic(2)
    const a = new ConsumerMember(recorder, await promptGroup(recorder), {
      subscribedTopicRegex: `${there.name}.*`,
    })
    await a.join()
    await matched(a)
    await described(recorder, a.groupId)
    await a.report()
    await a.beat({ subscribedTopicRegex: '' })
    await a.report()
    await described(recorder, a.groupId)
  },
)

scenario(
  'KIP-848 expressions: two with the same one',
  'Consumer.subscribe(SubscriptionPattern)',
  async (recorder) => {
    const there = await recorder.topic(2)
    const groupId = await promptGroup(recorder)
    const subscribedTopicRegex = `${there.name}.*`
    const [a, b] = ['a', 'b'].map(
      (memberId) => new ConsumerMember(recorder, groupId, { memberId, subscribedTopicRegex }),
    )
    await a!.join()
    await matched(a!)
    await b!.join()
    await a!.beat()
    await a!.report()
    await b!.beat()
    await described(recorder, groupId)
    await a!.leave()
    await b!.beat()
    await b!.leave()
    await described(recorder, groupId)
  },
)

scenario('KIP-848 expressions: names and an expression', 'a consumer of its own making', async (recorder) => {
  const [one, two] = [await recorder.topic(1), await recorder.topic(1)]
  recorder.note('the topics', [{ topicId: one.topicId }, { topicId: two.topicId }])
  const terms = { subscribedTopicNames: [one.name], subscribedTopicRegex: `${two.name}` }
  const a = new ConsumerMember(recorder, await promptGroup(recorder), terms)
  await a.join()
  for (let round = 0; round < 20; round++) {
    await a.quietly({ topicPartitions: a.owned })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await described(recorder, a.groupId)
})

scenario(
  'KIP-848 expressions: nothing matches',
  'Consumer.subscribe(SubscriptionPattern)',
  async (recorder) => {
    const a = new ConsumerMember(recorder, await promptGroup(recorder), {
      subscribedTopicRegex: 'nothing-of-this-name',
    })
    await a.join()
    await a.beat()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await a.beat()
    await described(recorder, a.groupId)
  },
)

scenario(
  'KIP-848 expressions: from a name to an expression and back',
  'Consumer.subscribe',
  async (recorder) => {
    const there = await recorder.topic(2)
    await untilThere(recorder, there.name)
    const a = await ConsumerMember.settled(recorder, { subscribedTopicNames: [there.name] })
    await a.beat({ subscribedTopicNames: [], subscribedTopicRegex: there.name })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await a.report()
    await matched(a)
    await a.report()
    await described(recorder, a.groupId)
    await a.beat({ subscribedTopicNames: [there.name], subscribedTopicRegex: '' })
    await a.report()
    await a.report()
    await described(recorder, a.groupId)
  },
)

/** For a topic whose name ends in `-Ab.c_d1`; some match it, some do not. */
const ENDS = [
  '-Ab\\.c_d1',
  '-Ab.c_d1',
  '-ab.c_d1',
  '-Ab',
  '-Ab.*',
  '(?i:-AB\\.C_D1)',
  '-\\QAb.c\\E_d1',
  '[[:upper:]]b\\.c_d1',
  '[[:^upper:]]b\\.c_d1',
  'd1$',
  '\\Ad1',
  '_d\\d',
  '_d\\D',
  '[^a-c]1',
  '\\p{Lu}b.c_d1',
  '\\PLb.c_d1',
  '\\bAb.c_d1',
  '\\x41b.c_d1',
  '[\\x41-\\x42]b.c_d1',
  '(?:c_d1|x)',
  '(c)_(d)1',
  '(?P<n>c)_d1',
  '[.]c_d1',
  '[\\w.]{7}',
  '(?U)c.*',
  'c_d1{0,1}',
  'c_d(1|2)',
  'c_d(2|3)',
  '[c]_d[^2]',
  '(?-i)c_d1',
  '\\101b.c_d1',
  'c_d\\z',
  'c\\_d1',
  '[]c]_d1',
  '[^]c]_d1',
  'c|_d1',
  '(.{0,1000}){0,9}1',
  '(.{0,1000}){0,9}2',
  '(?:\\b|.){0,1000}',
]

for (const [at, end] of ENDS.entries()) {
  scenario(`KIP-848 expressions: does ${end} match, ${at}`, 'RE2/J', async (recorder) => {
    const name = `${recorder.name('topic')}-Ab.c_d1`
    await recorder.quietly('CreateTopics', 7, { topics: [{ name, numPartitions: 1, replicationFactor: 1 }] })
    await untilThere(recorder, name, 1)
    const stem = name.slice(0, -'-Ab.c_d1'.length)
    const a = new ConsumerMember(recorder, await promptGroup(recorder), {
      subscribedTopicRegex: `${stem}.*${end}`,
    })
    await a.join({}, 1, recorder.quietly)
    for (let round = 0; round < 6; round++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      await a.quietly({ topicPartitions: a.owned })
    }
    recorder.note('matches', a.owned.length)
  })
}
