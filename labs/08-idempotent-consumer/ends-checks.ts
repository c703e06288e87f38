/** Lab 08: `handle` and `save` that fail, `stop`, refusals, and connections that are closed. */
import type { Kafka } from 'kafkajs'
import { show } from '../engine/show.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, eventsFor, lives, placeName, type Save, type Sent, send } from './desk.ts'
import { type Checks, type ConsumeOptions, type Place, stepMs } from './subject.ts'

type EndsId = 'fails' | 'stop' | 'refused' | 'closed'

/** What `handle` and `save` throw: an error as any, and some that kafkajs takes for a fault of the program. */
const failures = {
  Error: (place: string) => new Error(`no room for ${place}`),
  TypeError: (place: string) => new TypeError(`cannot read the amount of ${place}`),
  RangeError: (place: string) => new RangeError(`the database is full at ${place}`),
} as const

/** Fails for the records named, so many times each. */
class Failing {
  readonly #left: Map<string, { kind: keyof typeof failures; times: number }>
  last: { place: string; kind: string } | undefined

  constructor(plan: readonly (readonly [Place, keyof typeof failures, number])[]) {
    this.#left = new Map(plan.map(([at, kind, times]) => [placeName(at), { kind, times }]))
  }

  at(place: string): void {
    const left = this.#left.get(place)
    if (left === undefined || left.times === 0) return
    left.times--
    this.last = { place, kind: left.kind }
    throw failures[left.kind](place)
  }
}

/** A program that does not wait for `handle` has left its group by then, ms. */
const waitMs = 300
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
    const [one, two, three, four, five] = [1, 3, 5, 6, 8].map((offset) => ({ partition, offset })) as [
      Place,
      Place,
      Place,
      Place,
      Place,
    ]
    const atHandle = new Failing([
      [one, 'Error', 3],
      [three, 'TypeError', 1],
    ])
    const atSave = new Failing([
      [two, 'Error', 2],
      [four, 'RangeError', 1],
    ])
    const afterSave = new Failing([[five, 'Error', 1]])
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
        atHandle.at(name)
      },
      {
        before: (save) => {
          for (const name of placesOf(save)) atSave.at(name)
        },
        after: (save) => {
          for (const name of placesOf(save)) afterSave.at(name)
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
    t.check(again === undefined, 'again', { place: again ?? '' }, () => lives(desk, partition, marked(again)))
    const { lost, doubled } = desk
    const last = [atHandle.last, atSave.last, afterSave.last].findLast(
      (one) => one !== undefined && lost.some((event) => placeName(event) === one.place),
    )
    const facts = { place: last?.place ?? firstOf(lost), kind: last?.kind ?? '', count: lost.length }
    t.check(lost.length === 0, last === undefined || last.kind === 'Error' ? 'stuck' : 'dead', facts)
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
    const running = await subject.consumeOnce(client.kafka, topic, desk.group, options)
    await desk.readOn(t, client, () => gate.waiting > 0)
    t.check(gate.waiting > 0, 'never', { got: desk.calls.length })
    const stopping = running.stop()
    const waited = await t.until(() => false, { during: stopping, ms: waitMs })
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
  },

  refused: async (t, subject, bench) => {
    const [one, two, three, four] = t.dice.freshWords(4)
    const topics = [` ${one} ${two} `, `\ufeff${three}`, `${four}e\u0301😀`]
    await Promise.all(
      topics.map(async (topic) => {
        const client = learnerClient(t, bench)
        const group = bench.topicName(t.dice.freshWord())
        const options = idleOptions(t.dice.freshInt(600, 9_000))
        const { error } = await t.attemptLater(() =>
          subject.consumeOnce(client.kafka, topic, group, options),
        )
        if (error === undefined) client.isAsked()
        t.check(error !== undefined, 'resolved', { call: `consumeOnce(kafka, ${show(topic)}, group, …)` })
      }),
    )
  },

  closed: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 2)
    const bad = `${t.dice.freshWord()} ${t.dice.freshWord()}`
    const start = (kafka: Kafka, name: string) =>
      subject.consumeOnce(kafka, name, bench.topicName(t.dice.freshWord()), idleOptions(4_096))
    const isClosed = async (
      says: 'openAfterStop' | 'openAfterError',
      run: (kafka: Kafka) => Promise<boolean>,
    ) => {
      const client = learnerClient(t, bench)
      if (!(await run(client.kafka))) return
      await t.until(() => client.openSockets() === 0, { ms: closedMs })
      const count = client.openSockets()
      if (count > 0) client.isAsked()
      const isLate =
        count > 0 && (await t.until(() => client.openSockets() === 0, { ms: lateMs })) === 'holds'
      t.check(count === 0, isLate ? 'late' : says, { count })
    }
    await Promise.all([
      isClosed('openAfterStop', async (kafka) => {
        const { error } = await t.attemptLater(async () => (await start(kafka, topic)).stop())
        return error === undefined
      }),
      isClosed('openAfterError', async (kafka) => {
        const { error } = await t.attemptLater(() => start(kafka, bad))
        return error !== undefined
      }),
    ])
  },
}
