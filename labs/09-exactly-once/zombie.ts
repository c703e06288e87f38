/**
 * Lab 09: the zombie. An old instance stands still in the middle of a transaction: nothing of its traffic passes, and its
 * group has removed it. A new one is started with the same settings. Then the old one goes on where it was.
 *
 *   old   transform ── results ── offsets ── commit ─────────────────────┐ arrives only now
 *   new                                              start ── fetch ─────┼── transform ── …
 *
 * What the new one has fetched is kept back until the old one's commit is answered: a program that takes the id over only
 * with its first transaction has read the group's offsets by then, and does not know of that commit.
 */
import { instance } from '../engine/instance.ts'
import type { Picture } from '../engine/picture.ts'
import type { Text } from '../engine/text.ts'
import type { Exchange } from '../engine/wire/exchange.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { type Checks, type ExactlyOnce, stepMs } from './subject.ts'
import {
  factsOf,
  fill,
  isSettled,
  type Known,
  lives,
  placeName,
  type Results,
  sourceOf,
  tally,
  Work,
} from './work.ts'

type ZombieId = 'zombie'

/** The page: a second after it has ended. A little more, for the machine may be busy, ms. */
const closedMs = 1_500
const heldMsMax = 3_000
/** So often work comes to each partition, ms. */
const turnMs = 500

export const zombieChecks: Checks<ZombieId> = {
  zombie: async (t, _subject, bench) => {
    const old = await instance<ExactlyOnce>(t, bench, {
      name: names.old,
    })
    const lengths = t.dice.shuffle([9, 4, 0])
    const given = await sourceOf(t, bench, lengths)
    const [atCommit, inTransform] = [await Work.of(t, bench, given), await Work.of(t, bench, given)]
    const works = [atCommit, inTransform]
    const [committing, transforming] = [old.client(), old.client()]
    const point = committing.at('EndTxn', { where: ({ isCommit }) => isCommit === true }, 'hold-request')
    const gate = t.gate()
    const held = { partition: lengths.indexOf(9), offset: t.dice.int(3, 5) }
    await Promise.all([
      old.subject.startProcessor(committing.kafka, atCommit.settings(committing)),
      old.subject.startProcessor(
        transforming.kafka,
        inTransform.settings(transforming, (place) =>
          placeName(place) === placeName(held) ? gate.pass() : undefined,
        ),
      ),
    ])
    await t.until(() => point.isReached && gate.waiting > 0, { ms: stepMs })
    t.check(gate.waiting > 0, 'never', { got: inTransform.calls.length })
    t.check(point.isReached, 'noTransaction', {})
    old.cutOff()
    await old.expel()
    const before = [committing, transforming].map((client) => client.asked('InitProducerId').length)

    const next = await instance<ExactlyOnce>(t, bench, {
      name: names.next,
    })
    const [fetching, other] = [next.client(), next.client()]
    const came = fetching.at('Fetch', { where: ({ records }) => records > 0 }, 'hold-answer')
    await Promise.all([
      next.subject.startProcessor(fetching.kafka, atCommit.settings(fetching)),
      next.subject.startProcessor(other.kafka, inTransform.settings(other)),
    ])
    await t.until(() => came.isReached, { ms: heldMsMax })

    // The old one wakes up.
    point.release()
    old.letOn()
    gate.open()
    await t.until(() => committing.answered('EndTxn').length > 0, { ms: heldMsMax })
    const [ending] = committing.answered('EndTxn')
    const isAccepted = ending !== undefined && ending.errors.length === 0
    const ids = (client: typeof fetching) =>
      client
        .asked('InitProducerId')
        .flatMap(({ transactionalId }) => (transactionalId === undefined ? [] : [transactionalId]))
    const [oldId = '—', newId = '—'] = [ids(committing)[0], ids(fetching)[0]]
    if (isAccepted) fetching.isAsked()
    const picture = () => duel(committing, fetching)
    t.check(!isAccepted || newId === '—' || newId === oldId, 'otherId', { old: oldId, new: newId }, picture)
    t.check(!isAccepted, 'wrote', {}, picture)
    came.release()

    // Until it has partitions again there may be nothing for it to do, and so nothing to hear of: work comes to all of them, again and again.
    const hasHeard = (work: Work) => work.ended.some(({ life }) => life === 1)
    const hasTakenBack = () =>
      [committing, transforming].some((client, i) => client.asked('InitProducerId').length > (before[i] ?? 0))
    for (let ms = 0; ms < stepMs && !works.every(hasHeard) && !hasTakenBack(); ms += turnMs) {
      await fill(bench, given.source, later(lengths.length, works))
      await t.until(() => works.every(hasHeard) || hasTakenBack(), { ms: turnMs })
    }
    t.check(!hasTakenBack(), 'tookBack', {})
    t.check(works.every(hasHeard), 'goesOn', { count: works.filter((work) => !hasHeard(work)).length })
    const callsOfOld = () => works.map((work) => work.calls.filter(({ life }) => life === 1).length)
    const callsThen = callsOfOld()
    await fill(bench, given.source, later(lengths.length, works))
    // Not by idleness: the new one gets the old one's partitions back only when the group has shared them out again.
    await t.until(() => works.every((work) => work.isThrough), { ms: stepMs })
    const whys = works.flatMap(({ ended }) => ended.filter(({ life }) => life === 1))
    const wrong = whys.find(({ why }) => why !== 'fenced')
    t.check(wrong === undefined, 'why', { why: String(wrong?.why) })
    t.check(whys.length === works.length, 'often', { count: whys.length, wanted: works.length })
    const callsNow = callsOfOld()
    t.check(
      callsNow.every((count, i) => count === callsThen[i]),
      'works',
      {
        count: callsNow.reduce((sum, count, i) => sum + count - (callsThen[i] ?? 0), 0),
      },
    )
    for (const work of works) {
      await isSettled(bench, work.target)
      const { missing, twice } = await tally(bench, work)
      const around = ([first]: Results) =>
        lives(work, first?.of ?? held, (life) => (life === 1 ? names.old : names.next))
      t.check(twice.length === 0, 'twice', factsOf(twice), () => around(twice))
      t.check(missing.length === 0, 'lost', factsOf(missing), () => around(missing))
    }
    const open = () => committing.openSockets() + transforming.openSockets()
    await t.until(() => open() === 0, { ms: closedMs })
    t.check(open() === 0, 'connections', { count: open() })
  },
}

const names = {
  old: { en: 'The old instance', ru: 'Старый экземпляр' },
  next: { en: 'The new instance', ru: 'Новый экземпляр' },
} as const satisfies Record<string, Text>

/** A producer without a transactional id asks for an id too, and takes nothing over. */
const takesOver = ({ api, transactionalId }: Exchange) =>
  api === 'InitProducerId' && transactionalId !== undefined

/** Until the old one woke up, and what its commit came to: requests from left to right, those of each instance in its own lane. */
function duel(old: LearnerClient, next: LearnerClient): Picture {
  const ending = old.answered('EndTxn')[0]
  const wokeUpAt = Math.max(
    ...next
      .answered('Fetch')
      .filter(({ records }) => records > 0)
      .map(({ at }) => at),
  )
  const steps = [
    ...old.exchanges.filter((one) => takesOver(one) || one.api === 'EndTxn'),
    ...next.exchanges.filter(
      (one) => takesOver(one) || one.api === 'OffsetFetch' || (one.api === 'Fetch' && one.records > 0),
    ),
  ]
    .filter(({ at }) => at <= wokeUpAt)
    .sort((one, other) => one.at - other.at)
  const cell = (exchange: Exchange) => (exchange === ending ? 'EndTxn …' : exchange.api)
  const lane = (name: Text, client: LearnerClient, last: string) => ({
    name,
    cells: [...steps.map((step) => (client.exchanges.includes(step) ? cell(step) : '')), last],
    wrong: last === '' ? [] : [steps.length],
  })
  return { kind: 'timeline', lanes: [lane(names.old, old, 'EndTxn ✓'), lane(names.next, next, '')] }
}

/** A record more in each partition, with one result; for all works on this source. */
function later(partitions: number, works: readonly Work[]): Known[] {
  const known = works[0]?.records ?? []
  const more = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    offset: known.filter((one) => one.partition === partition).length,
    key: null,
    value: `more for ${partition}`,
  }))
  const withResults = more.map((one) => ({
    ...one,
    results: [{ key: `${one.partition}`, value: `more for ${placeName(one)}` }],
  }))
  for (const work of works) work.records.push(...withResults)
  return withResults
}
