/** Lab 09: `transform` fails, and connections break in the middle of a transaction. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { PointWhat } from '../engine/wire/point.ts'
import type { Checks, ExactlyOnce } from './subject.ts'
import { factsOf, isSettled, type Place, placeName, sourceOf, tally, Work } from './work.ts'

type FailsId = 'process-fails' | 'process-breaks'

/** So often a processor that has ended by itself is started again. */
const startsMax = 4

/** What `transform` throws: an error as any, and one that kafkajs takes for a fault of the program. */
const failures = {
  Error: (place: string) => new Error(`no price for ${place}`),
  TypeError: (place: string) => new TypeError(`cannot read the price of ${place}`),
} as const

export const failsChecks: Checks<FailsId> = {
  'process-fails': async (t, subject, bench) => {
    const lengths = t.dice.shuffle([9, 5, 0])
    // In one partition: of errors in several, kafkajs hears of one only.
    const partition = lengths.indexOf(9)
    const work = await Work.of(t, bench, await sourceOf(t, bench, lengths))
    const plan = [
      { offset: t.dice.int(2, 3), kind: 'Error', left: 3 },
      { offset: t.dice.int(5, 7), kind: 'TypeError', left: 1 },
    ] as const
    const left = new Map(plan.map(({ offset, left: times }) => [offset, times as number]))
    let last = { place: '', kind: 'Error' as keyof typeof failures }
    const client = learnerClient(t, bench)
    const settings = work.settings(client, (place) => {
      const step = plan.find(({ offset }) => place.partition === partition && place.offset === offset)
      const times = step === undefined ? 0 : (left.get(step.offset) ?? 0)
      if (step === undefined || times === 0) return
      left.set(step.offset, times - 1)
      last = { place: placeName(place), kind: step.kind }
      throw failures[step.kind](last.place)
    })
    const running = await subject.startProcessor(client.kafka, settings)
    const ended = await work.readOn(t)
    await isSettled(bench, work.target)
    const { missing, twice } = await tally(bench, work)
    t.check(twice.length === 0, 'twice', { ...factsOf(twice), at: last.place, kind: last.kind })
    const isDead = ended === 'ended' || (ended === 'late' && last.kind === 'TypeError')
    t.check(missing.length === 0 || !isDead, 'dead', { ...factsOf(missing), at: last.place, kind: last.kind })
    const isOpen = ended === 'late'
    t.check(missing.length === 0 || !isOpen, 'stuck', { ...factsOf(missing), at: last.place })
    // The batch has come again, and yet transform was not called again with the records before the one that failed.
    const failedAt = work.calls.findLastIndex(({ ending }) => ending === 'failed')
    const calledAgain = new Set(work.calls.slice(failedAt + 1).map(placeName))
    const before = missing.find(({ of }) => calledAgain.has(last.place) && isBefore(of, work.calls[failedAt]))
    const isSkipped = before !== undefined && !calledAgain.has(placeName(before.of))
    const skipped = {
      count: missing.length,
      at: last.place,
      place: placeName(before?.of ?? { partition, offset: 0 }),
    }
    t.check(!isSkipped, 'skipped', skipped)
    t.check(missing.length === 0, 'lost', { ...factsOf(missing), at: last.place })
    t.inFlight([...left.values()].every((times) => times === 0) ? 1 : 0, 1)
    await t.attemptLater(() => running.stop())
  },

  'process-breaks': async (t, subject, bench) => {
    const broke = await Promise.all([
      breaks(t, subject, bench, ['Produce'], 'cut-after'),
      breaks(t, subject, bench, ['TxnOffsetCommit', 'OffsetCommit'], 'cut-after'),
      breaks(t, subject, bench, ['EndTxn'], 'cut-before'),
      breaks(t, subject, bench, ['EndTxn'], 'cut-after'),
    ])
    t.inFlight(broke.filter(Boolean).length, broke.length)
  },
}

const isBefore = (place: Place, other: Place | undefined) =>
  place.partition === other?.partition && place.offset < other.offset

/**
 * The connection breaks once, at the first request of this kind; whenever the processor ends by itself, it is started again.
 * Gives whether there was such a request.
 */
async function breaks(
  t: Trial<'lost' | 'twice' | 'again' | 'hangs' | 'stuck' | 'why'>,
  subject: ExactlyOnce,
  bench: KafkaBench,
  apis: readonly string[],
  what: PointWhat & string,
): Promise<boolean> {
  const work = await Work.of(t, bench, await sourceOf(t, bench, t.dice.shuffle([7, 4, 0])))
  const first = learnerClient(t, bench)
  const point = first.at(apis, {}, what)
  const isBefore = what === 'cut-before'
  const [api = ''] = apis
  const where = {
    en: isBefore ? `${api}, which the broker never got` : `${api}, which the broker had done`,
    ru: isBefore ? `${api}, до брокера не дошёл` : `${api}, брокер его выполнил`,
  }
  let client = first
  let running = await subject.startProcessor(client.kafka, work.settings(client))
  let how = await work.readOn(t)
  for (let starts = 1; how === 'ended' && starts < startsMax; starts++) {
    client = learnerClient(t, bench)
    running = await subject.startProcessor(client.kafka, work.settings(client))
    how = await work.readOn(t)
  }
  const isOver = await isSettled(bench, work.target)
  const { missing, twice } = await tally(bench, work)
  if (missing.length + twice.length > 0) first.isAsked()
  t.check(twice.length === 0, api === 'EndTxn' ? 'again' : 'twice', { where, ...factsOf(twice) })
  t.check(isOver || how !== 'through', 'hangs', { where, count: missing.length })
  t.check(missing.length === 0 || how === 'through', 'stuck', { where, ...factsOf(missing) })
  t.check(missing.length === 0, 'lost', { where, ...factsOf(missing) })
  const [end] = work.ended
  t.check(end === undefined || end.why === 'failed', 'why', { where, why: String(end?.why) })
  await t.attemptLater(() => running.stop())
  return point.isReached
}
