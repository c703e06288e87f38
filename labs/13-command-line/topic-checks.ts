/** The checks of `topicAsAgreed`: the lines are run, and the topic is looked at. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { Agreement, Checks, CommandLine, Policy } from './subject.ts'
import { eventually, pictureOfRun, type Ran, stateOf } from './terminal.ts'
import { type LineCase, succeed } from './together.ts'

type TopicId = 'topic-new' | 'topic-race' | 'topic-settles' | 'topic-lists' | 'topic-grows' | 'topic-keeps'

type TopicCase = LineCase | 'missing' | 'partitions' | 'setting'

const dayMs = 86_400_000

const sameList = (a: string, b: string) => a.split(',').toSorted().join() === b.split(',').toSorted().join()

/** Runs the lines for an agreement, and holds the topic against it. Gives the lines that ran. */
async function settle(
  t: Trial<TopicCase>,
  subject: CommandLine,
  bench: KafkaBench,
  agreement: Agreement,
): Promise<Ran[]> {
  const ran = await succeed(t, bench, subject.topicAsAgreed(agreement), [agreement.topic])
  await mustBeAsAgreed(t, bench, agreement, ran)
  return ran
}

async function mustBeAsAgreed(
  t: Trial<TopicCase>,
  bench: KafkaBench,
  { topic, partitions, retentionMs, policy, existing }: Agreement,
  ran: readonly Ran[],
): Promise<void> {
  const wanted = Math.max(partitions, existing?.partitions ?? 0)
  type State = Awaited<ReturnType<typeof stateOf>>
  const retentionOf = (state: State) => state?.configs['retention.ms'] ?? ''
  const policyOf = (state: State) => state?.configs['cleanup.policy'] ?? ''
  const state = await eventually(
    bench,
    () => stateOf(bench, topic),
    (now) =>
      now?.partitions === wanted && retentionOf(now) === `${retentionMs}` && sameList(policyOf(now), policy),
  )
  const picture = () => pictureOfRun(ran)
  t.check(state !== undefined, 'missing', { topic }, picture)
  t.check(state?.partitions === wanted, 'partitions', { wanted, got: state?.partitions ?? 0 }, picture)
  const held: [string, string, string, boolean][] = [
    ['retention.ms', `${retentionMs}`, retentionOf(state), retentionOf(state) === `${retentionMs}`],
    ['cleanup.policy', policy, policyOf(state), sameList(policyOf(state), policy)],
  ]
  for (const [name, expected, got, holds] of held)
    t.check(holds, 'setting', { name, wanted: expected, got }, picture)
}

/** A topic that is there, as it would be described. */
async function existingTopic(
  bench: KafkaBench,
  word: string,
  partitions: number,
  configs: Readonly<Record<string, string>>,
): Promise<{ topic: string; existing: NonNullable<Agreement['existing']> }> {
  return { topic: await bench.topic(word, partitions, configs), existing: { partitions, configs } }
}

export const topicChecks: Checks<TopicId> = {
  'topic-new': async (t, subject, bench) => {
    const { dice } = t
    for (const policy of ['compact', 'delete'] as const)
      await settle(t, subject, bench, {
        topic: bench.topicName(dice.freshWord()),
        partitions: dice.freshInt(3, 12),
        retentionMs: dice.freshInt(2, 60) * dayMs + dice.int(1, 900),
        policy,
        existing: null,
      })
  },

  'topic-race': async (t, subject, bench) => {
    const { dice } = t
    const topic = bench.topicName(dice.freshWord())
    const [partitions, retentionMs] = [dice.freshInt(3, 12), dice.freshInt(2, 60) * dayMs]
    const lines = subject.topicAsAgreed({ topic, partitions, retentionMs, policy: 'compact', existing: null })
    await bench.make(topic, partitions, { 'retention.ms': `${retentionMs}`, 'cleanup.policy': 'compact' })
    const ran = await succeed(t, bench, lines, [topic])
    const agreement = { topic, partitions, retentionMs, policy: 'compact', existing: null } as const
    await mustBeAsAgreed(t, bench, agreement, ran)
  },

  'topic-settles': async (t, subject, bench) => {
    const { dice } = t
    const [before, after] = [dice.freshInt(2, 20) * dayMs, dice.freshInt(21, 60) * dayMs]
    const partitions = dice.freshInt(3, 9)
    const cases: [number, Readonly<Record<string, string>>, Policy][] = [
      [partitions, { 'retention.ms': `${before}`, 'cleanup.policy': 'compact' }, 'delete'],
      [partitions + dice.int(1, 4), { 'retention.ms': `${before}` }, 'compact'],
      [partitions, {}, 'delete'],
      // Nothing is left to be done.
      [partitions, { 'retention.ms': `${after}`, 'cleanup.policy': 'compact' }, 'compact'],
    ]
    for (const [own, configs, policy] of cases) {
      const found = await existingTopic(bench, dice.freshWord(), own, configs)
      await settle(t, subject, bench, { ...found, partitions, retentionMs: after, policy })
    }
  },

  'topic-lists': async (t, subject, bench) => {
    const { dice } = t
    const partitions = dice.freshInt(3, 9)
    const retentionMs = dice.freshInt(2, 60) * dayMs
    const found = await existingTopic(bench, dice.freshWord(), partitions - 1, {
      'cleanup.policy': 'compact',
    })
    const fresh = { topic: bench.topicName(dice.freshWord()), existing: null }
    for (const one of [found, fresh])
      await settle(t, subject, bench, { ...one, partitions, retentionMs, policy: 'compact,delete' })
  },

  'topic-grows': async (t, subject, bench) => {
    const { dice } = t
    const retentionMs = dice.freshInt(2, 60) * dayMs
    const configs = { 'retention.ms': `${retentionMs}`, 'cleanup.policy': 'delete' }
    for (const partitions of [dice.freshInt(4, 12), 2]) {
      const own = dice.int(1, partitions - 1)
      const found = await existingTopic(bench, dice.freshWord(), own, configs)
      await settle(t, subject, bench, { ...found, partitions, retentionMs, policy: 'delete' })
    }
  },

  'topic-keeps': async (t, subject, bench) => {
    const { dice } = t
    const own = dice.int(2, 4)
    const kept = {
      'max.message.bytes': `${dice.int(20_000, 900_000)}`,
      'segment.bytes': `${dice.int(2_000_000, 90_000_000)}`,
    }
    const configs = { ...kept, 'retention.ms': `${dice.freshInt(2, 20) * dayMs}`, 'cleanup.policy': 'delete' }
    const { topic, existing } = await existingTopic(bench, dice.freshWord(), own, configs)
    const records = Array.from({ length: 3 * own }, (_, i) => ({
      partition: i % own,
      key: dice.freshWord(),
      value: dice.freshWord(),
    }))
    await bench.fill(topic, records)
    const partitions = own + dice.int(1, 3)
    const retentionMs = dice.freshInt(21, 60) * dayMs
    const lines = subject.topicAsAgreed({ topic, partitions, retentionMs, policy: 'delete', existing })
    const ran = await succeed(t, bench, lines, [topic])
    const picture = () => pictureOfRun(ran)
    const state = await stateOf(bench, topic)
    t.check(state !== undefined, 'missing', { topic }, picture)
    const left = await bench.read(topic)
    const facts = { count: records.length, got: left.length }
    t.check(left.length === records.length, 'recordsGone', facts, picture)
    for (const [name, wanted] of Object.entries(kept)) {
      const got = state?.configs[name] ?? ''
      t.check(got === wanted, 'settingGone', { name, wanted, got }, picture)
    }
  },
}
