/** Lab 07: `handle` fails. At most once goes on without the record, at least once comes back with it. */
import { learnerClient } from '../engine/wire/learner-client.ts'
import { overtaking, type Place, placeName, repeated, uncalled, undone } from './history.ts'
import { type Behave, lives, Reader } from './reader.ts'
import { topicOf } from './records.ts'
import type { Checks } from './subject.ts'

type FailsId = 'most-fails' | 'least-fails'

/** What `handle` throws: an error as any, and one that kafkajs takes for a fault of the program. */
const failures = {
  Error: (place: Place) => new Error(`no room for ${placeName(place)}`),
  TypeError: (place: Place) => new TypeError(`cannot read the amount of ${placeName(place)}`),
} as const

type Kind = keyof typeof failures

/** Fails for the records named, so many times each. */
class Failing {
  readonly #left: Map<string, { kind: Kind; times: number }>
  /** The record that failed last. */
  last: { place: string; kind: Kind } | undefined

  constructor(plan: readonly { readonly at: Place; readonly kind: Kind; readonly times: number }[]) {
    this.#left = new Map(plan.map(({ at, kind, times }) => [placeName(at), { kind, times }]))
  }

  readonly behave: Behave = (place) => {
    const left = this.#left.get(placeName(place))
    if (left === undefined || left.times === 0) return
    left.times--
    this.last = { place: placeName(place), kind: left.kind }
    throw failures[left.kind](place)
  }
}

export const failsChecks: Checks<FailsId> = {
  'most-fails': async (t, subject, bench) => {
    const lengths = t.dice.shuffle([11, 5, 0])
    const partition = lengths.indexOf(11)
    const { topic, records } = await topicOf(t, bench, lengths)
    const reader = new Reader(bench.topicName(t.dice.freshWord()), topic, records)
    const failing = new Failing([
      { at: { partition, offset: t.dice.int(2, 3) }, kind: 'Error', times: 9 },
      { at: { partition, offset: t.dice.int(5, 7) }, kind: 'TypeError', times: 9 },
      // The last one: nothing follows that would show that the program lives.
      { at: { partition: lengths.indexOf(5), offset: 4 }, kind: 'Error', times: 9 },
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
      { at: { partition: long, offset: t.dice.int(2, 3) }, kind: 'Error', times: 3 },
      { at: { partition: long, offset: t.dice.int(5, 7) }, kind: 'TypeError', times: 1 },
    ])
    const client = learnerClient(t, bench)
    const handle = reader.handle(failing.behave)
    const running = await subject.consumeAtLeastOnce(client.kafka, topic, reader.group, handle)
    const isEnough = () => overtaking(reader.history.calls) !== undefined
    const ended = await reader.readOn(t, undefined, { isEnough })
    const overtaken = overtaking(reader.history.calls)
    t.check(
      overtaken === undefined,
      'skipped',
      {
        place: overtaken === undefined ? '' : placeName(overtaken.failed),
        later: overtaken === undefined ? '' : placeName(overtaken.later),
      },
      () => lives(reader, overtaken?.later.partition ?? 0, overtaken === undefined ? [] : [overtaken.failed]),
    )
    const missing = undone(reader.history.calls, records)
    const { place = '', kind = '' } = failing.last ?? {}
    const isDead = ended === 'late' && kind === 'TypeError'
    t.check(!isDead, 'dead', { place, count: missing.length })
    t.check(missing.length === 0, 'stuck', { place, kind, count: missing.length })
    await t.attemptLater(() => running.stop())
  },
}
