/** The checks of `cooperativeRound` and `memberChanges`, and what is seen around the calls of all three that compute. */
import type { Dice } from '../engine/dice.ts'
import type { Picture } from '../engine/picture.ts'
import type { Facts, Trial } from '../engine/trial.ts'
import { changesOf, eventsPicture, isClear, someEvents } from './changes.ts'
import { bornNames, faultOf, given, gluedTopics, idInWords, nameOf, partitionsOf } from './shares.ts'
import type { Checks, ConsumerGroups, GroupEvent, Member, Share, Topic, TopicPartition } from './subject.ts'

type PureId = 'round' | 'changes-dynamic' | 'changes-static' | 'yours'

interface Round {
  readonly members: readonly Member[]
  readonly target: readonly Share[]
}

const someTopics = (dice: Dice, words: readonly string[]): Topic[] =>
  words.map((topic) => ({ topic, partitions: dice.int(1, 6) }))

/** A group in the middle of its life, and what its leader wants. */
function someRound(
  dice: Dice,
  topics: readonly Topic[] = someTopics(dice, dice.freshWords(dice.int(1, 3))),
  ids: readonly string[] = Array.from({ length: dice.int(1, 5) }, (_, i) =>
    i === 1 ? ` ${dice.freshWord()}` : dice.freshWord(),
  ),
): Round {
  const names = topics.map(({ topic }) => topic)
  const owned = ids.map((): TopicPartition[] => [])
  const wanted = ids.map((): TopicPartition[] => [])
  for (const one of partitionsOf(topics)) {
    const [before, after] = [dice.int(-1, ids.length - 1), dice.int(0, ids.length - 1)]
    owned[before]?.push(one)
    // About half of them stay, where somebody has them.
    wanted[before >= 0 && dice.fraction() < 0.5 ? before : after]?.push({ ...one })
  }
  const members = ids.map((id, i) => ({ id, topics: names, owned: owned[i] ?? [] }))
  const target = ids.map((id, i) => ({ id, partitions: wanted[i] ?? [] }))
  return { members, target: target.length < 3 ? [...target].reverse() : dice.shuffle(target) }
}

/** What one round hands out. */
function roundOf({ members, target }: Round): Share[] {
  return members.map(({ id }) => {
    const others = new Set(
      members.flatMap((other) => (other.id === id ? [] : other.owned.map((one) => nameOf(one)))),
    )
    return { id, partitions: given(target, id).filter((one) => !others.has(nameOf(one))) }
  })
}

type RoundCase = 'count' | 'order' | 'taken' | 'stray' | 'kept' | 'withheld'

/** For each kind what is wrong with an answer, if it is. */
const roundFindings: Readonly<
  Record<RoundCase, (round: Round, answer: readonly Share[]) => Facts | undefined>
> = {
  count: ({ members }, answer) => faultOf({ members, topics: [] }, answer, 'count'),
  order: ({ members }, answer) => faultOf({ members, topics: [] }, answer, 'order'),
  stray: ({ members, target }, answer) =>
    firstOf(members, ({ id, owned }) =>
      given(answer, id).find((one) => !isIn(given(target, id), one) && !isIn(owned, one)),
    ),
  kept: ({ members, target }, answer) =>
    firstOf(members, ({ id }) => given(answer, id).find((one) => !isIn(given(target, id), one))),
  taken: ({ members }, answer) => {
    const ownerOf = (one: TopicPartition) => members.find(({ owned }) => isIn(owned, one))?.id
    const isTaken = (id: string, one: TopicPartition) => (ownerOf(one) ?? id) !== id
    const found = firstOf(members, ({ id }) => given(answer, id).find((one) => isTaken(id, one)))
    const owner = members.find(({ owned }) => owned.some((one) => nameOf(one) === found?.partition))
    return found && { ...found, owner: idInWords(owner?.id ?? '') }
  },
  withheld: (round, answer) => {
    const wanted = roundOf(round)
    return firstOf(round.members, ({ id }) => given(wanted, id).find((one) => !isIn(given(answer, id), one)))
  },
}

const isIn = (list: readonly TopicPartition[], one: TopicPartition) =>
  list.some((other) => nameOf(other) === nameOf(one))

/** The first member with a partition that is wrong, and the partition. */
function firstOf(
  members: readonly Member[],
  find: (member: Member) => TopicPartition | undefined,
): { id: string; partition: string } | undefined {
  for (const member of members) {
    const one = find(member)
    if (one !== undefined) return { id: idInWords(member.id), partition: nameOf(one) }
  }
  return undefined
}

function roundPicture({ members, target }: Round, answer: readonly Share[]): Picture {
  const list = (partitions: readonly TopicPartition[]) => partitions.map(nameOf).join(' ') || '—'
  return {
    kind: 'table',
    columns: [
      { en: 'member', ru: 'участник' },
      { en: 'owns', ru: 'владеет' },
      { en: 'target', ru: 'цель' },
      { en: 'got', ru: 'получено' },
    ],
    rows: members.map(({ id, owned }) => [
      idInWords(id),
      list(owned),
      list(given(target, id)),
      list(given(answer, id)),
    ]),
    wrong: [],
  }
}

const listOf = (moments: readonly number[]) => `[${moments.join(', ')}]`

interface Scene<Case> {
  readonly says: Case
  readonly events: readonly GroupEvent[]
  readonly sessionMs: number
}

/** Asks for all scenes in one crossing, and compares. */
function checkScenes<Case extends string>(
  t: Trial<Case | 'order'>,
  subject: ConsumerGroups,
  scenes: readonly Scene<Case>[],
): void {
  const answers = t.tools.each(
    subject.memberChanges,
    scenes.map(({ events, sessionMs }) => [events, sessionMs] as [readonly GroupEvent[], number]),
  )
  for (const [i, { says, events, sessionMs }] of scenes.entries()) {
    const [wanted, answer] = [changesOf(events, sessionMs), answers[i] ?? []]
    const facts = { wanted: listOf(wanted), got: listOf(answer), session: sessionMs }
    const isMixedUp = listOf([...answer].sort((a, b) => a - b)) === facts.wanted
    t.check(facts.wanted === facts.got, isMixedUp ? 'order' : says, facts, () => eventsPicture(events))
  }
}

/** Moments of four digits each, as are a session later: sorted as texts they are in the same order. */
function fourDigits(dice: Dice) {
  const sessionMs = dice.freshInt(1_500, 2_500)
  const start = dice.freshInt(1_010, 1_400)
  const end = start + dice.int(300, 900)
  const [soon, late] = [end + dice.int(100, sessionMs - 100), end + sessionMs + dice.int(100, 900)]
  return { sessionMs, start, end, soon, late }
}

/** A worker's doings, in a row. */
function life(
  worker: string,
  instanceId: string | null,
  doings: readonly (readonly [GroupEvent['what'], number])[],
): GroupEvent[] {
  return doings.map(([what, atMs]) => ({ atMs, worker, instanceId, what }))
}

/** A crash whose session ends after something else, and moments of two, three and four digits. */
function pastOrder(dice: Dice, instanceId: string | null): { events: GroupEvent[]; sessionMs: number } {
  const sessionMs = dice.freshInt(1_100, 1_900)
  const start = dice.freshInt(61, 99)
  const crash = dice.freshInt(110, 300)
  const other = life(dice.freshWord(), null, [
    ['starts', dice.freshInt(400, 600)],
    ['stops', dice.freshInt(700, 990)],
  ])
  const events = [
    ...life(dice.freshWord(), instanceId, [
      ['starts', start],
      ['crashes', crash],
    ]),
    ...other,
  ]
  return { events, sessionMs }
}

const mixedScenes = 80

export const pureChecks: Checks<PureId> = {
  round: (t, subject) => {
    const { dice } = t
    const rounds = Array.from({ length: 80 }, () => someRound(dice))
    const born = someRound(dice, someTopics(dice, bornNames), bornNames)
    const glued = Array.from({ length: 3 }, () => someRound(dice, gluedTopics(dice), dice.freshWords(3)))
    rounds.push({ members: [], target: [] }, born, ...glued)
    const answers = t.tools.each(
      subject.cooperativeRound,
      rounds.map(({ members, target }) => [members, target] as [readonly Member[], readonly Share[]]),
    )
    // Kind by kind: what is told first does not depend on which round of the dice came first.
    for (const [kind, find] of Object.entries(roundFindings) as [
      RoundCase,
      (typeof roundFindings)[RoundCase],
    ][])
      for (const [i, round] of rounds.entries()) {
        const answer = answers[i] ?? []
        const facts = find(round, answer)
        t.check(facts === undefined, kind, facts, () => roundPicture(round, answer))
      }
  },

  'changes-dynamic': (t, subject) => {
    const { dice } = t
    const { sessionMs, start, end, soon } = fourDigits(dice)
    const worker = dice.freshWord()
    const scene = (doings: Parameters<typeof life>[2]) => ({ events: life(worker, null, doings), sessionMs })
    const mixed = Array.from({ length: mixedScenes }, () => {
      const session = dice.pick([1, 64, 4_096, dice.freshInt(20, 60_000)])
      return {
        says: 'mixed' as const,
        events: someEvents(dice, Math.max(40, session), () => false),
        sessionMs: session,
      }
    }).filter((one) => isClear(one.events, one.sessionMs))
    checkScenes(t, subject, [
      { says: 'mixed', events: [], sessionMs },
      { says: 'stop', ...scene([['starts', start]]) },
      {
        says: 'stop',
        ...scene([
          ['starts', start],
          ['stops', end],
        ]),
      },
      {
        says: 'crash',
        ...scene([
          ['starts', start],
          ['crashes', end],
        ]),
      },
      {
        says: 'comeback',
        ...scene([
          ['starts', start],
          ['crashes', end],
          ['starts', soon],
        ]),
      },
      {
        says: 'comeback',
        ...scene([
          ['starts', start],
          ['stops', end],
          ['starts', soon],
        ]),
      },
      { says: 'order', ...pastOrder(dice, null) },
      {
        says: 'mixed',
        events: life(worker, null, [
          ['starts', 0],
          ['stops', 1],
          ['starts', 1_024],
        ]),
        sessionMs,
      },
      ...mixed,
    ])
  },

  'changes-static': (t, subject) => {
    const { dice } = t
    const { sessionMs, start, end, soon, late } = fourDigits(dice)
    const [worker, heir] = [dice.freshWord(), dice.freshWord()]
    const id = `${dice.freshWord()}-${dice.int(2, 9)}`
    const scene = (doings: Parameters<typeof life>[2]) => ({ events: life(worker, id, doings), sessionMs })
    const odd = [
      ` ${dice.freshWord()} `,
      `\ufeff${dice.freshWord()}`,
      `${dice.freshWord()}e\u0301`,
      `${dice.freshWord()}🦉`,
      ...bornNames,
    ]
    const mixed = Array.from({ length: mixedScenes }, () => {
      const session = dice.freshInt(40, 60_000)
      return {
        says: 'mixed' as const,
        events: someEvents(dice, session, () => true),
        sessionMs: session,
      }
    })
    checkScenes(t, subject, [
      {
        says: 'back',
        ...scene([
          ['starts', start],
          ['stops', end],
          ['starts', soon],
        ]),
      },
      {
        says: 'back',
        ...scene([
          ['starts', start],
          ['crashes', end],
          ['starts', soon],
        ]),
      },
      {
        says: 'heir',
        events: [
          ...life(worker, id, [
            ['starts', start],
            ['crashes', end],
          ]),
          ...life(heir, id, [['starts', soon]]),
        ],
        sessionMs,
      },
      {
        says: 'late',
        ...scene([
          ['starts', start],
          ['stops', end],
          ['starts', late],
        ]),
      },
      {
        says: 'gone',
        ...scene([
          ['starts', start],
          ['stops', end],
        ]),
      },
      {
        says: 'gone',
        ...scene([
          ['starts', start],
          ['crashes', end],
          ['starts', soon],
          ['stops', soon + 10],
        ]),
      },
      { says: 'order', ...pastOrder(dice, id) },
      ...odd.map((instance) => ({
        says: 'back' as const,
        events: life(` ${instance}`, instance, [
          ['starts', start],
          ['stops', end],
          ['starts', soon],
        ]),
        sessionMs,
      })),
      ...mixed,
    ])
  },

  yours: async (t, subject) => {
    const { dice } = t
    const round = someRound(dice)
    const topics = [{ topic: dice.freshWord(), partitions: dice.int(5, 9) }]
    const members = dice.freshWords(3).map(
      (id, i): Member => ({
        id,
        topics: topics.map(({ topic }) => topic),
        owned: i === 1 ? partitionsOf(topics) : [],
      }),
    )
    const { sessionMs, start, end } = fourDigits(dice)
    const events = life(dice.freshWord(), null, [
      ['starts', start],
      ['crashes', end],
    ])
    const isRight = {
      assign: async () => {
        const answer = await subject.assign(members, topics)
        const kinds = ['count', 'order', 'twice', 'unread', 'uneven'] as const
        return kinds.every((kind) => faultOf({ members, topics }, answer, kind) === undefined)
      },
      cooperativeRound: async () => {
        const answer = await subject.cooperativeRound(round.members, round.target)
        const looks = (shares: readonly Share[]) =>
          JSON.stringify(round.members.map(({ id }) => given(shares, id).map(nameOf).sort()))
        return looks(answer) === looks(roundOf(round))
      },
      memberChanges: async () =>
        listOf(await subject.memberChanges(events, sessionMs)) === listOf(changesOf(events, sessionMs)),
    }
    const first = new Map<string, boolean>()
    for (const [call, run] of Object.entries(isRight)) first.set(call, await run())
    // The same members with something else to share: what was returned before still belongs to the caller.
    const other = { topic: dice.freshWord(), partitions: dice.int(5, 9) }
    const moved = members.map((member): Member => ({ ...member, topics: [other.topic], owned: [] }))
    await subject.assign(moved, [other])
    const ids = round.members.map(({ id }) => id)
    const next = someRound(dice, [other], ids)
    await subject.cooperativeRound(next.members, next.target)
    for (const [call, run] of Object.entries(isRight)) {
      const again = await run()
      t.check(again || first.get(call) === false, 'spoilt', { call })
    }
  },
}
