/**
 * Lab 08: the crash. Four groups read the same topic in one run of the learner's program, and each comes to a moment of its
 * own, where it is held; when all four are there, the program dies, once. A second run reads on.
 *
 *   in `handle`        the work has begun, and has not ended
 *   before the save    `save` was called, and the database has done nothing of it
 *   after the save     the database has done it; the program never hears of it
 *   commit on the way  all is saved; the commit has left the program, and the broker never gets it
 *
 * The moments lie in the middle of a batch. What `handle` gave for each event must be in the database once at the end.
 */
import { instance } from '../engine/instance.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { type BehaveAtHandle, type BehaveAtSave, Desk, eventsFor, lives, placeName, send } from './desk.ts'
import type { crashCases } from './messages-once.ts'
import { type Checks, type Once, type Place, stepMs } from './subject.ts'

const long = 11
/** What a program does without waiting, it has done by then, ms. */
const settleMs = 100
const never = () => new Promise<void>(() => {})

interface Moment {
  readonly name: 'inHandle' | 'beforeSave' | 'afterSave' | 'onTheWay'
  readonly desk: Desk
  readonly client: LearnerClient
  readonly atHandle: BehaveAtHandle
  readonly atSave: BehaveAtSave
  readonly isThere: () => boolean
}

/** Held in the call of `handle` for that record. */
function inHandle(desk: Desk, client: LearnerClient, at: Place): Moment {
  let isThere = false
  const atHandle: BehaveAtHandle = (place) => {
    if (placeName(place) !== placeName(at)) return
    isThere = true
    return never()
  }
  return { name: 'inHandle', desk, client, atHandle, atSave: {}, isThere: () => isThere }
}

/** Held at the save that holds what `handle` gave for that record: before anything is done, or when all is. */
function atSave(desk: Desk, client: LearnerClient, at: Place, when: 'before' | 'after'): Moment {
  let isThere = false
  const hold = ({ changes }: { readonly changes: Readonly<Record<string, string | null>> }) => {
    if (!Object.values(changes).includes(placeName(at))) return
    isThere = true
    return never()
  }
  return {
    name: when === 'before' ? 'beforeSave' : 'afterSave',
    desk,
    client,
    atHandle: () => {},
    atSave: { [when]: hold },
    isThere: () => isThere,
  }
}

/** Held at the first commit that covers that record. */
function onTheWay(desk: Desk, client: LearnerClient, at: Place): Moment {
  const point = client.at(
    'OffsetCommit',
    {
      where: ({ offsets = [] }) =>
        offsets.some(({ partition, offset }) => partition === at.partition && offset > at.offset),
    },
    'hold-request',
  )
  return {
    name: 'onTheWay',
    desk,
    client,
    atHandle: () => {},
    atSave: {},
    isThere: () => point.isReached,
  }
}

async function crash(
  t: Trial<keyof typeof crashCases>,
  bench: KafkaBench,
): Promise<{ at: Place; moments: readonly Moment[]; committed: readonly (number | undefined)[] }> {
  const lengths = t.dice.shuffle([long, 4, 0])
  const at: Place = { partition: lengths.indexOf(long), offset: t.dice.int(4, 6) }
  const topic = await bench.topic(t.dice.freshWord(), lengths.length)
  const events = eventsFor(t, lengths)
  await send(bench, topic, events)
  const desk = () =>
    new Desk({
      group: bench.topicName(t.dice.freshWord()),
      topic,
      keepMs: t.dice.freshInt(60_000, 600_000),
      events,
    })
  const first = await instance<Once>(t, bench, { name: { en: 'The first run', ru: 'Первый запуск' } })
  const moments = [
    inHandle(desk(), first.client(), at),
    atSave(desk(), first.client(), at, 'before'),
    atSave(desk(), first.client(), at, 'after'),
    onTheWay(desk(), first.client(), at),
  ]
  await Promise.all(
    moments.map((one) =>
      first.subject.consumeOnce(
        one.client.kafka,
        topic,
        one.desk.group,
        one.desk.options(one.atHandle, one.atSave),
      ),
    ),
  )
  const idle = moments.map(({ desk: own, client }) => own.idleness(client))
  await t.until(() => moments.every(({ isThere }, i) => isThere() || idle[i]?.() === true), { ms: stepMs })
  // A program that never commits while it runs has no commit on its way: then it is the end of the topic at which it dies.
  const missing = moments.find(({ name, isThere }) => name !== 'onTheWay' && !isThere())
  t.check(missing === undefined, 'never', {
    got: missing?.desk.calls.length ?? 0,
    wanted: events.length,
  })
  await t.quiet(() => moments.reduce((sum, { desk: own }) => sum + own.moves, 0), settleMs)
  t.inFlight(moments.filter(({ isThere }) => isThere()).length, 3)
  await first.crash()
  for (const { desk: own } of moments) own.nextLife()
  const committed: (number | undefined)[] = []
  for (const { desk: own } of moments) {
    const all = await bench.committed(own.group, topic)
    committed.push(all.find(({ partition }) => partition === at.partition)?.offset)
  }

  const second = await instance<Once>(t, bench, { name: { en: 'The second run', ru: 'Второй запуск' } })
  const ended = await Promise.all(
    moments.map(async ({ desk: own }) => {
      const client = second.client()
      await second.subject.consumeOnce(client.kafka, topic, own.group, own.options())
      return own.readOn(t, client)
    }),
  )
  const stuck = moments.find(({ desk: own }, i) => ended[i] === 'late' && own.lost.length > 0)
  t.check(stuck === undefined, 'stuck', { count: stuck?.desk.lost.length ?? 0 })
  // What is handled again is saved a moment later.
  await t.quiet(() => moments.reduce((sum, { desk: own }) => sum + own.moves, 0), settleMs)
  return { at, moments, committed }
}

export const crashChecks: Checks<'crash'> = {
  crash: async (t, _subject, bench) => {
    const { at, moments, committed } = await crash(t, bench)
    for (const [i, { name, desk, client }] of moments.entries()) {
      const facts = (places: readonly Place[]) => ({
        place: places[0] === undefined ? placeName(at) : placeName(places[0]),
        count: places.length,
        committed: committed[i] ?? '—',
      })
      const { lost, doubled } = desk
      if (lost.length > 0 || doubled.length > 0) client.isAsked()
      const lostCase = name === 'beforeSave' ? 'lostAtSave' : 'lost'
      t.check(lost.length === 0, lostCase, facts(lost), () => lives(desk, at.partition, lost))
      const doubledCase =
        name === 'afterSave' ? 'twiceAtSave' : name === 'onTheWay' ? 'twiceAtCommit' : 'twice'
      t.check(doubled.length === 0, doubledCase, facts(doubled), () => lives(desk, at.partition, doubled))
    }
  },
}
