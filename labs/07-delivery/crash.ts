/**
 * Lab 07: the crash. Three groups read the same topic in one run of the learner's program, and each comes to a moment of
 * its own, where it is held; when all three are there, the program dies, once. A second run reads on.
 *
 *   in `handle`      the work has begun, and has not ended
 *   on the way       a commit has left the program; the broker never gets it
 *   unheard          the broker has taken the commit; the program never hears of it
 *
 * Each moment lies in the middle of a batch, with more than ten records before and behind it: a program that commits
 * batch by batch loses or repeats more than the page allows. Two partitions are as long, and a program that works on both
 * at once comes on in them by turns: one that counts the records of all partitions together never commits in one of them.
 */
import { instance } from '../engine/instance.ts'
import type { Facts, Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { most, type Place, placeName, repeated, undone } from './history.ts'
import { type Behave, lives, Reader } from './reader.ts'
import { topicOf } from './records.ts'
import { type Checks, type Consumer, costMax, type Delivery, stepMs } from './subject.ts'

type CrashId = 'most-crash' | 'least-crash'

const long = 26
/** A program that works on several partitions at once begins with the other one within this time, ms. */
const turnMs = 100
const tickMs = 5
/** And comes to the record at which it is held within this one, ms. */
const heldMsMax = 3_000
/** What a program does without waiting, it has done by then, ms. */
const settleMs = 120

/** One group, the moment at which it stands when the program dies, and what the group had committed then. */
interface Moment {
  readonly reader: Reader
  readonly client: LearnerClient
  readonly behave: Behave
  readonly isThere: () => boolean
}

interface Crashed {
  /** The record at which the moments lie. */
  readonly at: Place
  readonly inHandle: Moment
  readonly onTheWay: Moment
  readonly unheard: Moment
  /** Committed in the partition of `at` when the program died; undefined: nothing. */
  readonly committed: ReadonlyMap<Moment, number | undefined>
  /** Offsets that the group in `handle` committed in this partition, in order. */
  readonly commits: readonly number[]
}

type StuckCase = 'never' | 'stuck'

/** Runs the program, lets it die at the three moments, runs it again, and gives what there is to judge. */
async function crash(t: Trial<StuckCase>, bench: KafkaBench, consume: Consumer): Promise<Crashed> {
  const lengths = t.dice.shuffle([long, long + 1, 0])
  const held = t.dice.pick([long, long + 1])
  const other = lengths.findIndex((length) => length > 0 && length !== held)
  const at: Place = { partition: lengths.indexOf(held), offset: t.dice.int(12, 13) }
  const { topic, records } = await topicOf(t, bench, lengths)
  const newReader = () => new Reader(bench.topicName(t.dice.freshWord()), topic, records)
  const readers = [newReader(), newReader(), newReader()] as const
  // Where a group has committed nothing it may begin elsewhere: that is another check's question.
  for (const { group } of readers) await bench.setCommitted(group, topic, { 0: 0, 1: 0, 2: 0 })
  const before = await instance<Delivery>(t, bench, { name: { en: 'The first run', ru: 'Первый запуск' } })
  const inHandle = heldInHandle(readers[0], before.client(), at, other)
  const onTheWay = heldAtCommit(readers[1], before.client(), at, other, 'hold-request')
  const unheard = heldAtCommit(readers[2], before.client(), at, other, 'hold-answer')

  const moments = [inHandle, onTheWay, unheard]
  await Promise.all(
    moments.map(({ reader, client, behave }) =>
      before.subject[consume](client.kafka, topic, reader.group, reader.handle(behave)),
    ),
  )
  const idle = moments.map(({ reader, client }) => reader.idleness(client))
  const isReady = ({ isThere, reader }: Moment) => isThere() || reader.hasReadAll
  await t.until(() => moments.every((moment, i) => isReady(moment) || idle[i]?.() === true), { ms: stepMs })
  const missing = moments.find((moment) => !isReady(moment))
  t.check(missing === undefined, 'never', {
    got: missing?.reader.history.calls.length ?? 0,
    wanted: records.length,
  })
  const moves = () =>
    moments.reduce(
      (sum, { reader, client }) => sum + reader.history.moves + client.asked('OffsetCommit').length,
      0,
    )
  await t.quiet(moves, settleMs)
  t.inFlight(inHandle.reader.history.open.length, 1)
  const commits = inHandle.client
    .asked('OffsetCommit')
    .flatMap(({ offsets = [] }) =>
      offsets.flatMap(({ partition, offset }) => (partition === at.partition ? [offset] : [])),
    )
  await before.crash()
  for (const { reader } of moments) reader.history.crash()
  const committed = new Map<Moment, number | undefined>()
  for (const moment of moments) {
    const all = await bench.committed(moment.reader.group, topic)
    committed.set(moment, all.find(({ partition }) => partition === at.partition)?.offset)
  }

  const after = await instance<Delivery>(t, bench, { name: { en: 'The second run', ru: 'Второй запуск' } })
  const ended = await Promise.all(
    moments.map(async ({ reader }) => {
      const client = after.client()
      await after.subject[consume](client.kafka, topic, reader.group, reader.handle())
      return reader.readOn(t, client)
    }),
  )
  const stuck = moments[ended.indexOf('late')]
  t.check(stuck === undefined, 'stuck', {
    committed: (stuck === undefined ? undefined : committed.get(stuck)) ?? '—',
    wanted: lengths[at.partition] ?? 0,
  })
  return { at, inHandle, onTheWay, unheard, committed, commits }
}

/**
 * Held in the call of `handle` for that record. A program may work on several partitions at once: then one call of the
 * other partition waits until this record is in flight, ends while it is, and what the program commits then must not cover it.
 */
function heldInHandle(reader: Reader, client: LearnerClient, at: Place, other: number): Moment {
  let isHeld = false
  const begun = () =>
    reader.history.calls.filter(({ partition, life }) => partition === at.partition && life === 1).length
  const behave: Behave = async (place) => {
    if (placeName(place) === placeName(at)) {
      isHeld = true
      await new Promise(() => {})
    }
    if (place.partition !== other || place.offset !== 3) return
    for (let ms = 0; !isHeld && ms < (begun() > 0 ? heldMsMax : turnMs); ms += tickMs)
      await new Promise((resolve) => setTimeout(resolve, tickMs))
  }
  return { reader, client, behave, isThere: () => isHeld }
}

/** Held at the first commit that covers that record; until then the program comes on in this partition and the other by turns. */
function heldAtCommit(
  reader: Reader,
  client: LearnerClient,
  at: Place,
  other: number,
  what: 'hold-request' | 'hold-answer',
): Moment {
  const point = client.at(
    'OffsetCommit',
    {
      where: ({ offsets = [] }) =>
        offsets.some(({ partition, offset }) => partition === at.partition && offset > at.offset),
    },
    what,
  )
  const behave = byTurns(reader, at.partition, other)
  return { reader, client, behave, isThere: () => point.isReached }
}

/**
 * A `handle` for a program that works on two partitions at once: its calls end by turns, one of `first`, one of `second`.
 * Calls of a program that takes one partition after the other wait once, and then never.
 */
function byTurns(reader: Reader, first: number, second: number): Behave {
  const done = new Map([
    [first, 0],
    [second, 0],
  ])
  let isAlone = false
  return async ({ partition }) => {
    const [mine, other] = [done.get(partition), partition === first ? second : first]
    if (mine === undefined || reader.history.life > 1) return
    const isTurn = () => mine < (done.get(other) ?? 0) + (partition === first ? 1 : 0)
    let waitedMs = 0
    for (; !isTurn() && !isAlone && waitedMs < turnMs; waitedMs += tickMs)
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    isAlone ||= waitedMs >= turnMs
    done.set(partition, mine + 1)
  }
}

const nameOfFirst = (places: readonly Place[]) => (places[0] === undefined ? '' : placeName(places[0]))

/** Records of the partition in which the crash fell come first: what the group had committed there is told beside them. */
const nearFirst = (places: readonly Place[], { partition }: Place): Place[] => [
  ...places.filter((place) => place.partition === partition),
  ...places.filter((place) => place.partition !== partition),
]

/** One assertion about a moment: when it fails, what its client did before the crash is told, and its calls are drawn. */
function judge<Case extends string>(
  t: Trial<Case>,
  { reader, client }: Moment,
  holds: boolean,
  says: Case,
  facts: Facts,
  marked: readonly Place[],
): void {
  if (!holds) client.isAsked()
  t.check(holds, says, facts, () => lives(reader, marked[0]?.partition ?? 0, marked))
}

export const crashChecks: Checks<CrashId> = {
  'most-crash': async (t, _subject, bench) => {
    const { at, inHandle, onTheWay, unheard, committed, commits } = await crash(t, bench, 'consumeAtMostOnce')
    const again = ({ reader }: Moment) => nearFirst(repeated(reader.history.calls, reader.wanted), at)
    const [before, between, after] = [again(inHandle), again(onTheWay), again(unheard)]
    const offsetOf = (moment: Moment) => committed.get(moment) ?? '—'
    const facts = { place: placeName(at), count: before.length, committed: offsetOf(inHandle) }
    // Only a program that commits the offset of the record itself ever commits 0.
    const isThisOffset = commits[0] === 0 && commits.at(-1) === at.offset
    judge(t, inHandle, before.length === 0 || !isThisOffset, 'thisOffset', facts, before)
    judge(t, inHandle, before.length === 0, 'again', facts, before)
    const early = { place: nameOfFirst(between), committed: offsetOf(onTheWay) }
    judge(t, onTheWay, between.length === 0, 'early', early, between.slice(0, 1))
    const twice = { place: nameOfFirst(after), committed: offsetOf(unheard) }
    judge(t, unheard, after.length === 0, 'twice', twice, after)
    for (const moment of [inHandle, onTheWay, unheard]) {
      const lost = undone(moment.reader.history.calls, moment.reader.wanted)
      const { partition, count } = most(lost) ?? { partition: 0, count: 0 }
      judge(t, moment, count <= costMax, 'lostMany', { partition, count, max: costMax }, lost)
    }
  },

  'least-crash': async (t, _subject, bench) => {
    const { at, inHandle, onTheWay, unheard, committed } = await crash(t, bench, 'consumeAtLeastOnce')
    const lostIn = ({ reader }: Moment) => nearFirst(undone(reader.history.calls, reader.wanted), at)
    const offsetOf = (moment: Moment) => committed.get(moment) ?? '—'
    const isLost = lostIn(inHandle).some((place) => placeName(place) === placeName(at))
    const facts = { place: placeName(at), committed: offsetOf(inHandle) }
    judge(t, inHandle, !isLost, 'lostInFlight', facts, [at])
    for (const moment of [inHandle, onTheWay, unheard]) {
      const lost = lostIn(moment)
      const told = { place: nameOfFirst(lost), count: lost.length, committed: offsetOf(moment) }
      judge(t, moment, lost.length === 0, 'lost', told, lost)
    }
    for (const moment of [inHandle, onTheWay, unheard]) {
      const again = repeated(moment.reader.history.calls, moment.reader.wanted)
      const { partition, count } = most(again) ?? { partition: 0, count: 0 }
      judge(t, moment, count <= costMax, 'tooMany', { partition, count, max: costMax }, again)
    }
  },
}
