/** Lab 08: `handle` and `save` that fail, `stop`, refusals, and connections that are closed. */
import type { Kafka } from 'kafkajs'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { type LearnerClient, learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, eventsFor, lives, placeName, type Save, type Sent, send } from './desk.ts'
import { type Checks, type ConsumeOptions, type Once, type Place, stepMs } from './subject.ts'

type EndsId = 'fails' | 'stop' | 'ends'

/** What `handle` and `save` throw: an error as any, some that kafkajs takes for a fault of the program, and nothing. */
const failures = {
  Error: (place: string) => new Error(`no room for ${place}`),
  TypeError: (place: string) => new TypeError(`cannot read the amount of ${place}`),
  RangeError: (place: string) => new RangeError(`the database is full at ${place}`),
  undefined: () => undefined,
} as const

type Kind = keyof typeof failures
type Moment = 'handle' | 'save' | 'saved'

/** Errors to be thrown, in this order for each record: in `handle`, in `save` before anything is done, or when all is. */
class Failing {
  readonly #plan: Map<string, { at: Moment; kind: Kind }[]>
  /** The error that was thrown last. */
  last: { readonly place: string; readonly kind: Kind } | undefined

  constructor(plan: readonly (readonly [Place, ...(readonly [Moment, Kind])[]])[]) {
    this.#plan = new Map(
      plan.map(([place, ...errors]) => [placeName(place), errors.map(([at, kind]) => ({ at, kind }))]),
    )
  }

  at(moment: Moment, place: string): void {
    const left = this.#plan.get(place)
    const next = left?.[0]
    if (next?.at !== moment) return
    left?.shift()
    this.last = { place, kind: next.kind }
    throw failures[next.kind](place)
  }
}

/** A consumer that does not wait for `handle` leaves its group in less time than it took to join; but at least, and at most, ms. */
const waitMs = { min: 200, max: 3_000 }
const closedMs = 1_500
/** Connections that close within this time after the page's second do close, too late, ms. */
const lateMs = 4_000

const firstOf = (places: readonly Place[]) => (places[0] === undefined ? '' : placeName(places[0]))

/** Options that do nothing. */
const idleOptions = (keepMs: number): ConsumeOptions => ({
  keepMs,
  handle: async () => ({}),
  store: { load: async () => null, save: async () => {} },
})

/** Judges a second after a call has ended whether its connections are closed. */
async function isClosed(
  t: Trial<'openAfterStop' | 'openAfterError' | 'late'>,
  client: LearnerClient,
  says: 'openAfterStop' | 'openAfterError',
): Promise<void> {
  await t.until(() => client.openSockets() === 0, { ms: closedMs })
  const count = client.openSockets()
  if (count > 0) client.isAsked()
  const isLate = count > 0 && (await t.until(() => client.openSockets() === 0, { ms: lateMs })) === 'holds'
  t.check(count === 0, isLate ? 'late' : says, { count })
}

/** `stop` comes while `handle` fails: what is not saved then is not committed either. */
async function stopsWhileFailing(
  t: Trial<'never' | 'passed'>,
  subject: Once,
  bench: KafkaBench,
): Promise<void> {
  const { dice } = t
  const topic = await bench.topic(dice.freshWord(), 1)
  const events = eventsFor(t, [6])
  await send(bench, topic, events)
  const at = dice.int(2, 4)
  const desk = new Desk({
    group: bench.topicName(dice.freshWord()),
    topic,
    keepMs: dice.freshInt(60_000, 600_000),
    events,
  })
  let count = 0
  const options = desk.options(({ partition, offset }) => {
    if (offset !== at || count === 3) return
    count++
    throw failures.Error(placeName({ partition, offset }))
  })
  const client = learnerClient(t, bench)
  const running = await subject.consumeOnce(client.kafka, topic, desk.group, options)
  await desk.readOn(t, client, () => count > 0)
  t.check(count > 0, 'never', { got: desk.calls.length })
  await running.stop()
  const committed = (await bench.committed(desk.group, topic))[0]?.offset ?? 0
  const passed = desk.lost.filter(({ offset }) => offset < committed)
  t.check(passed.length === 0, 'passed', { place: firstOf(passed), committed }, () => lives(desk, 0, passed))
}

export const endsChecks: Checks<EndsId> = {
  fails: async (t, subject, bench) => {
    const { dice } = t
    const lengths = dice.shuffle([10, 4, 0])
    // In one partition: of errors in several, kafkajs hears of one only.
    const partition = lengths.indexOf(10)
    const topic = await bench.topic(dice.freshWord(), lengths.length)
    const events = eventsFor(t, lengths)
    await send(bench, topic, events)
    const keepMs = dice.freshInt(60_000, 600_000)
    const desk = new Desk({ group: bench.topicName(dice.freshWord()), topic, keepMs, events })
    // Four errors in all: kafkajs waits twice as long after each, and after a fifth for longer than the page allows.
    const unsure: Place = { partition, offset: dice.int(5, 7) }
    const failing = new Failing([
      [
        { partition, offset: dice.int(2, 3) },
        ['handle', 'TypeError'],
        ['handle', 'undefined'],
        ['save', 'RangeError'],
      ],
      [unsure, ['saved', 'Error']],
    ])
    const placesOf = ({ effects, changes }: Save) => effects.map((name) => changes[name] ?? '')
    const seen: { again?: string; overtaken?: { readonly failed: string; readonly later: string } } = {}
    const options = desk.options(
      (place) => {
        const name = placeName(place)
        if (desk.effects().has(name)) seen.again ??= name
        const failed = desk.lost.find(
          (event) =>
            event.partition === place.partition &&
            event.offset < place.offset &&
            desk.calls.some((call) => placeName(call) === placeName(event)),
        )
        if (failed !== undefined) seen.overtaken ??= { failed: placeName(failed), later: name }
        failing.at('handle', name)
      },
      {
        before: (save) => {
          for (const name of placesOf(save)) failing.at('save', name)
        },
        after: (save) => {
          for (const name of placesOf(save)) failing.at('saved', name)
        },
      },
    )
    const client = learnerClient(t, bench)
    const running = await subject.consumeOnce(client.kafka, topic, desk.group, options)
    const isEnough = () => seen.overtaken !== undefined || seen.again !== undefined
    for (;;) {
      const before = desk.moves
      const how = await t.until(() => isEnough() || desk.lost.length === 0 || desk.moves > before, {
        ms: stepMs,
      })
      if (isEnough() || desk.lost.length === 0 || how === 'late') break
    }
    // What is tried again after a save that was done comes a moment later.
    await t.quiet(() => desk.moves, 150)
    const marked = (name: string | undefined) => desk.events.filter((event) => placeName(event) === name)
    const { again, overtaken } = seen
    t.check(overtaken === undefined, 'skipped', { ...overtaken }, () =>
      lives(desk, partition, marked(overtaken?.failed)),
    )
    t.check(
      again === undefined,
      again === placeName(unsure) ? 'again' : 'redone',
      { place: again ?? '' },
      () => lives(desk, partition, marked(again)),
    )
    const { lost, doubled } = desk
    const { place, kind } = failing.last ?? { place: firstOf(lost), kind: 'Error' }
    const isLost = lost.some((event) => placeName(event) === place)
    const facts = { place: isLost ? place : firstOf(lost), kind, count: lost.length }
    // kafkajs closes the connections of a consumer that has ended by an error.
    const hasEnded = client.openSockets() === 0
    const isDead = isLost && hasEnded && kind !== 'Error'
    t.check(lost.length === 0 || !isDead, kind === 'undefined' ? 'nothing' : 'dead', facts)
    t.check(lost.length === 0, hasEnded ? 'stuck' : 'slow', facts)
    t.check(doubled.length === 0, 'twice', { place: firstOf(doubled) })
    await t.attemptLater(() => running.stop())
  },

  stop: async (t, subject, bench) => {
    const { dice } = t
    const topic = await bench.topic(dice.freshWord(), 2)
    const lengths = dice.shuffle([12, 0, 5]).filter((length) => length > 0)
    const long = lengths.indexOf(12)
    const events = eventsFor(t, lengths)
    // Both partitions end with duplicates.
    const duplicates = lengths.flatMap((length, partition) => {
      const own = events.filter((event) => event.partition === partition).slice(-2) as [Sent, Sent]
      return own.map((event, i) => ({ ...event, offset: length + i, timestamp: event.timestamp + 1 }))
    })
    await send(bench, topic, [...events, ...duplicates])
    const at = dice.int(4, 8)
    const desk = new Desk({
      group: bench.topicName(dice.freshWord()),
      topic,
      keepMs: dice.freshInt(60_000, 600_000),
      events,
      duplicates,
    })
    const gate = t.gate()
    const client = learnerClient(t, bench)
    const options = desk.options(
      ({ partition, offset }) => (partition === long && offset >= at ? gate.pass() : undefined),
      { before: () => new Promise((resolve) => setTimeout(resolve, 4)) },
    )
    const startedAt = performance.now()
    const running = await subject.consumeOnce(client.kafka, topic, desk.group, options)
    const joinMs = performance.now() - startedAt
    await desk.readOn(t, client, () => gate.waiting > 0)
    t.check(gate.waiting > 0, 'never', { got: desk.calls.length })
    const commitsThen = client.asked('OffsetCommit').length
    const stopping = running.stop()
    // A consumer that waits does nothing now; one that does not leaves the group, and is given the time to end what it began.
    const hasLeft = () => client.asked('LeaveGroup').length > 0
    const ms = Math.min(waitMs.max, Math.max(waitMs.min, joinMs))
    const leaves = await t.until(hasLeft, { during: stopping, ms })
    const waited = leaves === 'holds' ? await t.until(() => false, { during: stopping, ms: 2_000 }) : leaves
    t.check(waited === 'late', 'early', { place: firstOf(desk.open) })
    gate.open()
    await stopping
    t.check(desk.open.length === 0, 'early', { place: firstOf(desk.open) })
    const effects = desk.effects()
    const unsaved = desk.calls.filter((call) => !effects.has(placeName(call)))
    t.check(unsaved.length === 0, 'unsaved', { place: firstOf(unsaved) })
    const last = Math.max(
      ...desk.calls.filter(({ partition }) => partition === long).map(({ offset }) => offset),
    )
    const committed = (await bench.committed(desk.group, topic)).find(({ partition }) => partition === long)
    const facts = { last, committed: committed?.offset ?? '—', wanted: last + 1 }
    // A commit by hand, after the save, that kafkajs has swallowed: the record before was committed.
    const isDropped =
      committed?.offset === last && commitsThen > 0 && client.asked('OffsetCommit').length === commitsThen
    t.check(!isDropped, 'dropped', facts)
    // Duplicates that follow may be covered as well; events that were not handled may not.
    const wanted = last === 11 ? [12, 13, 14] : [last + 1]
    t.check((committed?.offset ?? 0) > last, 'behind', facts)
    t.check(wanted.includes(committed?.offset ?? 0), 'ahead', facts)
    const callsThen = desk.moves
    const callsNow = await t.quiet(() => desk.moves, 60)
    t.check(callsNow === callsThen, 'afterwards', { count: callsNow - callsThen })

    const next = learnerClient(t, bench)
    const again = await subject.consumeOnce(next.kafka, topic, desk.group, desk.options())
    await desk.readOn(t, next)
    await again.stop()
    const { lost, doubled } = desk
    t.check(lost.length === 0, 'missing', { place: firstOf(lost), count: lost.length })
    t.check(doubled.length === 0, 'twice', { place: firstOf(doubled), count: doubled.length })
    const lags = await bench.lag(desk.group, topic)
    const behind = lags.find(({ lag }) => lag !== 0)
    t.check(behind === undefined, 'lag', {
      partition: behind?.partition ?? 0,
      lag: behind?.lag ?? 0,
      committed: behind?.committed ?? '—',
    })
    await stopsWhileFailing(t, subject, bench)
  },

  ends: async (t, subject, bench) => {
    const [one, two, three, four] = t.dice.freshWords(4)
    const bad = [` ${one} ${two} `, `\ufeff${three}`, `${four}e\u0301😀`]
    const start = (kafka: Kafka, topic: string) =>
      subject.consumeOnce(kafka, topic, bench.topicName(t.dice.freshWord()), idleOptions(4_096))
    await Promise.all([
      ...bad.map(async (topic) => {
        const client = learnerClient(t, bench)
        const { error } = await t.attemptLater(() => start(client.kafka, topic))
        if (error === undefined) client.isAsked()
        t.check(error !== undefined, 'resolved', { call: `consumeOnce(kafka, ${show(topic)}, group, …)` })
        await isClosed(t, client, 'openAfterError')
      }),
      (async () => {
        const topic = await bench.topic(t.dice.freshWord(), 2)
        const client = learnerClient(t, bench)
        await (await start(client.kafka, topic)).stop()
        await isClosed(t, client, 'openAfterStop')
      })(),
    ])
  },
}
