/** The checks of `assign`: many small groups of the dice, each looked at for one kind of fault; and one large group. */
import type { Dice } from '../engine/dice.ts'
import type { Trial } from '../engine/trial.ts'
import {
  bornNames,
  fairShare,
  faultOf,
  gluedTopics,
  keepable,
  keptIn,
  partitionsOf,
  pictureOf,
  type Question,
  type ShareCase,
} from './shares.ts'
import type { Checks, ConsumerGroups, Member, Share, Topic, TopicPartition } from './subject.ts'

type AssignId =
  | 'assign-once'
  | 'assign-each'
  | 'assign-balance'
  | 'assign-keep'
  | 'assign-stale'
  | 'assign-many'

const groups = 60

/** Ids of members: whatever a client calls itself. */
function idsOf(dice: Dice, count: number): string[] {
  const odd = [
    () => ` ${dice.freshWord()} `,
    () => `\ufeff${dice.freshWord()}`,
    () => `${dice.freshWord()}e\u0301`,
    () => `${dice.freshWord()}🦉`,
  ]
  return Array.from({ length: count }, () => {
    const make = dice.int(0, 9)
    return odd[make]?.() ?? dice.freshWord()
  })
}

function topicsOf(dice: Dice, count: number, partitionsMax: number): Topic[] {
  return Array.from({ length: count }, () => ({
    topic: dice.freshWord(),
    partitions: dice.int(1, partitionsMax),
  }))
}

const some = <T>(dice: Dice, list: readonly T[], share = 0.6): T[] =>
  list.filter(() => dice.fraction() < share)

/** Members who own some of what they may own; each partition has one owner at most. */
function membersOf(
  dice: Dice,
  topics: readonly Topic[],
  count: number,
  isMixed: boolean,
  owning = 0.7,
): Member[] {
  const ids = idsOf(dice, count)
  const readable = topics.map(({ topic }) => topic)
  const reads = ids.map(() => {
    const chosen = isMixed ? some(dice, readable) : readable
    return chosen.length === 0 ? readable.slice(0, 1) : chosen
  })
  const owned = ids.map((): TopicPartition[] => [])
  // Some members have had far more than others: a group that grew, or lost somebody.
  const weights = ids.map(() => dice.pick([0, 1, 1, 4]))
  for (const one of mixed(dice, partitionsOf(topics))) {
    if (dice.fraction() > owning) continue
    const tickets = ids.flatMap((_, i) =>
      reads[i]?.includes(one.topic) === true ? Array.from({ length: weights[i] ?? 0 }, () => i) : [],
    )
    if (tickets.length > 0) owned[dice.pick(tickets)]?.push(one)
  }
  return ids.map((id, i) => ({ id, topics: reads[i] ?? [], owned: owned[i] ?? [] }))
}

const mixed = <T>(dice: Dice, list: readonly T[]): T[] => (list.length < 3 ? [...list] : dice.shuffle(list))

const many = (make: () => Question): Question[] => Array.from({ length: groups }, make)

/**
 * Each member reads the topic of the one before and its own, and the first has nearly everything: what can be given away has
 * to be handed on from one to the next.
 */
function chain(dice: Dice, count: number): Question {
  const topics = dice.freshWords(count).map((topic) => ({ topic, partitions: dice.int(3, 5) }))
  const names = topics.map(({ topic }) => topic)
  const members = idsOf(dice, count).map((id, i): Member => {
    const own = names.slice(Math.max(0, i - 1), i + 1)
    const owned = partitionsOf(topics).filter(({ topic }) =>
      i === 0 ? topic === names[0] : topic === names[i - 1],
    )
    return { id, topics: own, owned: i === 1 ? [] : owned }
  })
  return { members: mixed(dice, members), topics: mixed(dice, topics) }
}

/** Asks for all of them in one crossing, and looks for these kinds of faults. */
function checkShares(
  t: Trial<ShareCase>,
  subject: ConsumerGroups,
  questions: readonly Question[],
  kinds: readonly ShareCase[],
): void {
  const answers = ask(t, subject, questions)
  // Kind by kind: what is told first does not depend on which group of the dice came first.
  for (const kind of kinds)
    for (const [i, question] of questions.entries()) {
      const answer = answers[i] ?? []
      const facts = faultOf(question, answer, kind)
      t.check(facts === undefined, kind, facts, () => pictureOf(question, answer))
    }
}

/** Members some of whom subscribe to a topic that is not there. */
const withUnheard = (dice: Dice, members: readonly Member[]): Member[] =>
  members.map((member, i) =>
    i % 2 === 0 ? { ...member, topics: mixed(dice, [...member.topics, dice.freshWord()]) } : member,
  )

/** As many partitions as possible stay with their owners; `members`: what they really own. */
function checkKept(
  t: Trial<'moved'>,
  question: Question,
  answer: readonly Share[],
  members: readonly Member[],
): void {
  const { topics } = question
  const [kept, possible] = [keptIn(question, answer), keepable({ members, topics })]
  const owned = members.reduce((sum, member) => sum + member.owned.length, 0)
  t.check(kept >= possible, 'moved', { kept, owned, possible }, () => pictureOf(question, answer))
}

const ask = (t: Trial<string>, subject: ConsumerGroups, questions: readonly Question[]) =>
  t.tools.each(
    subject.assign,
    questions.map(({ members, topics }) => [members, topics] as [readonly Member[], readonly Topic[]]),
  )

export const assignChecks: Checks<AssignId> = {
  'assign-once': (t, subject) => {
    const { dice } = t
    const questions = many(() => {
      const topics = topicsOf(dice, dice.int(1, 4), 5)
      // Known to nobody, or to nobody but one member.
      const unheard = { topic: dice.freshWord(), partitions: dice.int(1, 4) }
      const members = membersOf(dice, topics, dice.int(1, 6), true)
      const reader = members[0]
      const wished = reader === undefined ? [] : [{ ...reader, topics: [...reader.topics, dice.freshWord()] }]
      return { members: [...wished, ...members.slice(1)], topics: mixed(dice, [...topics, unheard]) }
    })
    const glued = gluedTopics(dice)
    questions.push({ members: membersOf(dice, glued, 3, false), topics: glued })
    // Names that every object in JavaScript has.
    const born = bornNames.map((topic) => ({ topic, partitions: dice.int(2, 3) }))
    const bearers = membersOf(dice, born, 3, false).map((member, i) => ({
      ...member,
      id: bornNames[i] ?? '',
    }))
    questions.push({ members: bearers, topics: born })
    checkShares(t, subject, questions, ['unknown', 'foreign', 'twice', 'unread'])
  },

  'assign-each': (t, subject) => {
    const { dice } = t
    const questions = many(() => {
      const topics = topicsOf(dice, 1, 3)
      return { members: membersOf(dice, topics, dice.int(3, 7), false), topics }
    })
    const topics = topicsOf(dice, 2, 4)
    questions.push({ members: [], topics }, { members: membersOf(dice, topics, 4, false), topics: [] })
    questions.push({ members: membersOf(dice, topics, 1, false), topics })
    checkShares(t, subject, questions, ['count', 'order'])
  },

  'assign-balance': (t, subject) => {
    const { dice } = t
    const questions = many(() => {
      const topics = topicsOf(dice, dice.int(1, 5), dice.pick([1, 2, 6]))
      return { members: membersOf(dice, topics, dice.int(2, 6), dice.fraction() < 0.5), topics }
    })
    // Topics of one partition: shared out one by one, each would go to the first.
    const small = Array.from({ length: 6 }, () => ({ topic: dice.freshWord(), partitions: 1 }))
    questions.push({ members: membersOf(dice, small, 3, false, 0), topics: small })
    for (let i = 0; i < 8; i++) questions.push(chain(dice, dice.int(3, 5)))
    checkShares(t, subject, questions, ['uneven'])
  },

  'assign-keep': (t, subject) => {
    const { dice } = t
    const same = many(() => {
      const topics = topicsOf(dice, dice.int(1, 3), 7)
      const members = membersOf(dice, topics, dice.int(2, 5), false, dice.pick([0.7, 1]))
      return { members: dice.fraction() < 0.3 ? withUnheard(dice, members) : members, topics }
    })
    for (let i = 0; i < 3; i++) {
      const topics = gluedTopics(dice)
      same.push({ members: membersOf(dice, topics, 3, false, 1), topics })
    }
    const answers = ask(t, subject, same)
    for (const [i, question] of same.entries()) checkKept(t, question, answers[i] ?? [], question.members)
    const settled = many(() => {
      const topics = topicsOf(dice, dice.int(2, 4), 5)
      const members = membersOf(dice, topics, dice.int(2, 5), true)
      const shares = fairShare({ members, topics })
      const owning = members.map((member, i) => ({
        ...member,
        owned: mixed(dice, shares[i]?.partitions ?? []),
      }))
      return { members: mixed(dice, owning), topics }
    })
    const again = ask(t, subject, settled)
    for (const [i, question] of settled.entries()) {
      const answer = again[i] ?? []
      const owned = question.members.reduce((sum, member) => sum + member.owned.length, 0)
      const moved = owned - keptIn(question, answer)
      t.check(moved === 0, 'stirred', { moved }, () => pictureOf(question, answer))
    }
  },

  'assign-stale': (t, subject) => {
    const { dice } = t
    const questions = many(() => {
      const topics = topicsOf(dice, dice.int(2, 3), 5)
      const gone = { topic: dice.freshWord(), partition: dice.int(0, 3) }
      const all = partitionsOf(topics)
      const members = membersOf(dice, topics, dice.int(2, 4), true).map((member): Member => {
        const beyond = topics.map(({ topic, partitions }) => ({
          topic,
          partition: partitions + dice.pick([0, 1, 5_000]),
        }))
        // Of all topics, also of those that it does not read; and others may say the same.
        return { ...member, owned: mixed(dice, [...some(dice, all, 0.7), ...some(dice, beyond), gone]) }
      })
      return { members, topics }
    })
    checkShares(t, subject, questions, ['unknown', 'foreign', 'twice', 'unread', 'uneven'])
    // What is not there any more does not keep anybody from keeping the rest.
    const fresh = many(() => {
      const topics = topicsOf(dice, dice.int(1, 3), 7)
      return { members: membersOf(dice, topics, dice.int(2, 5), false, 0.9), topics }
    })
    const stale = fresh.map(({ members, topics }): Question => {
      const gone = { topic: dice.freshWord(), partition: dice.int(0, 3) }
      const beyond = topics.map(({ topic, partitions }) => ({
        topic,
        partition: partitions + dice.int(0, 2),
      }))
      const stuffed = members.map((member, i) =>
        i % 2 === 0 ? { ...member, owned: mixed(dice, [...member.owned, ...beyond, gone]) } : member,
      )
      return { members: stuffed, topics }
    })
    const [without, answers] = [ask(t, subject, fresh), ask(t, subject, stale)]
    for (const [i, question] of stale.entries()) {
      const real = fresh[i] ?? question
      // Who moves too much in any case is told so by another check.
      const isKeeping = keptIn(real, without[i] ?? []) >= keepable(real)
      if (isKeeping) checkKept(t, question, answers[i] ?? [], real.members)
    }
  },

  'assign-many': (t, subject) => {
    const { dice } = t
    const topics = Array.from({ length: 50 }, (_, i) => ({
      topic: dice.freshWord(),
      partitions: i === 7 ? 1_020 : 20,
    }))
    const members = membersOf(dice, topics, 100, true, 0.8)
    const alone = membersOf(dice, topics, 100, false, 0)
    const [first, ...others] = alone
    const taken = first === undefined ? [] : [{ ...first, owned: partitionsOf(topics) }, ...others]
    const kinds = ['count', 'order', 'unknown', 'foreign', 'twice', 'unread', 'uneven'] as const
    checkShares(
      t,
      subject,
      [
        { members, topics },
        { members: taken, topics },
      ],
      kinds,
    )
  },
}
