/** Lab 07: `handle` fails. At most once goes on without the record, at least once comes back with it. */
import { learnerClient } from '../engine/wire/learner-client.ts'
import { overtaking, type Place, placeName, repeated, uncalled, undone } from './history.ts'
import { type Behave, lives, Reader } from './reader.ts'
import { topicOf } from './records.ts'
import type { Checks } from './subject.ts'

type FailsId = 'most-fails' | 'least-fails'

/** What `handle` is rejected with: an error as any; one that kafkajs takes for a fault of the program; a text; nothing. */
const failures = {
  Error: (place: Place) => new Error(`no room for ${placeName(place)}`),
  TypeError: (place: Place) => new TypeError(`cannot read the amount of ${placeName(place)}`),
  string: (place: Place) => `no room for ${placeName(place)}`,
  undefined: () => undefined,
} as const

type Kind = keyof typeof failures

/** Fails for the records named, call by call with the next of these kinds. */
class Failing {
  readonly #plan: ReadonlyMap<string, readonly Kind[]>
  readonly #calls = new Map<string, number>()
  /** The call that failed last: its record, and what it was rejected with. */
  last: { place: string; kind: Kind } | undefined

  constructor(plan: readonly { readonly at: Place; readonly kinds: readonly Kind[] }[]) {
    this.#plan = new Map(plan.map(({ at, kinds }) => [placeName(at), kinds]))
  }

  readonly behave: Behave = (place) => {
    const name = placeName(place)
    const nth = this.#calls.get(name) ?? 0
    this.#calls.set(name, nth + 1)
    const kind = this.#plan.get(name)?.[nth]
    if (kind === undefined) return
    this.last = { place: name, kind }
    throw failures[kind](place)
  }
}

/** A kind that fails at each call. */
const always = (kind: Kind): Kind[] => Array.from({ length: 9 }, () => kind)

export const failsChecks: Checks<FailsId> = {
  'most-fails': async (t, subject, bench) => {
    const lengths = t.dice.shuffle([11, 5, 0])
    const partition = lengths.indexOf(11)
    const { topic, records } = await topicOf(t, bench, lengths)
    const reader = new Reader(bench.topicName(t.dice.freshWord()), topic, records)
    const failing = new Failing([
      { at: { partition, offset: t.dice.int(1, 2) }, kinds: always('string') },
      { at: { partition, offset: t.dice.int(4, 5) }, kinds: always('TypeError') },
      { at: { partition, offset: 7 }, kinds: always('undefined') },
      // The last one: nothing follows that would show that the program lives.
      { at: { partition: lengths.indexOf(5), offset: 4 }, kinds: always('Error') },
    ])
    const client = learnerClient(t, bench)
    const handle = reader.handle(failing.behave)
    const running = await subject.consumeAtMostOnce(client.kafka, topic, reader.group, handle)
    const isEnough = () => repeated(reader.history.calls, records).length > 0
    await reader.readOn(t, undefined, { failedCounts: true, isEnough })
    await t.quiet(() => reader.history.moves, 150)
    const again = repeated(reader.history.calls, records)
    const { place = '', kind = '' } = failing.last ?? {}
    t.check(again.length === 0, 'again', { place: again[0] === undefined ? '' : placeName(again[0]) }, () =>
      lives(reader, again[0]?.partition ?? 0, again),
    )
    const missing = uncalled(reader.history.calls, records)
    t.check(missing.length === 0, 'stuck', { place, kind, count: missing.length })
    await t.attemptLater(() => running.stop())
  },

  'least-fails': async (t, subject, bench) => {
    const lengths = t.dice.shuffle([9, 5, 0])
    // In one partition: of errors in several, kafkajs hears of one only.
    const long = lengths.indexOf(9)
    const { topic, records } = await topicOf(t, bench, lengths)
    const reader = new Reader(bench.topicName(t.dice.freshWord()), topic, records)
    const failing = new Failing([
      { at: { partition: long, offset: t.dice.int(2, 3) }, kinds: ['Error', 'string', 'undefined'] },
      { at: { partition: long, offset: t.dice.int(5, 7) }, kinds: ['TypeError'] },
    ])
    const client = learnerClient(t, bench)
    const handle = reader.handle(failing.behave)
    const running = await subject.consumeAtLeastOnce(client.kafka, topic, reader.group, handle)
    const isEnough = () => overtaking(reader.history.calls) !== undefined
    const ended = await reader.readOn(t, undefined, { isEnough })
    const overtaken = overtaking(reader.history.calls)
    const { place = '', kind = '' } = failing.last ?? {}
    const failed = overtaken === undefined ? '' : placeName(overtaken.failed)
    const isForgiven = failed === place && kind === 'undefined'
    t.check(
      overtaken === undefined,
      isForgiven ? 'forgiven' : 'skipped',
      { place: failed, later: overtaken === undefined ? '' : placeName(overtaken.later) },
      () => lives(reader, overtaken?.later.partition ?? 0, overtaken === undefined ? [] : [overtaken.failed]),
    )
    const missing = undone(reader.history.calls, records)
    // Where it is handed undefined, kafkajs itself fails with a TypeError.
    const isDead = ended === 'late' && (kind === 'TypeError' || kind === 'undefined')
    t.check(!isDead, 'dead', { place, kind, count: missing.length })
    t.check(missing.length === 0, 'stuck', { place, kind, count: missing.length })
    await t.attemptLater(() => running.stop())
  },
}
