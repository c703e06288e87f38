/** The checks of what holds for all three functions. */
import type { Kafka } from 'kafkajs'
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { FarLog } from '../engine/wire/far-log.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { viewsOf } from './lag-checks.ts'
import { member } from './member.ts'
import { Handled, placeOf, recordsFor, topicOf } from './records.ts'
import { asSaid, type Checks, committedIn, limitMs, type Offsets } from './subject.ts'

type AllId = 'far-offsets' | 'refused' | 'hang-up'

/** Where partitions begin that have existed for years: beyond 2^31, 2^32, 2^48, and near 2^53. */
const farStarts = [2 ** 31 + 7, 2 ** 32 + 11, 2 ** 48 + 5, 2 ** 53 - 61]
const minute = 60_000
/** Connections that close within this time after the page's second do close, too late, ms. */
const lateMs = 4_000
/** How long a broker of a check's own stays, ms: until its clients have been cut off, and what they did is told. */
const leaveMs = 1_000

/** A broker whose partitions begin far beyond 2^32; a cluster that was given has them at 0. */
async function withFarLogs(kafka: KafkaBench, run: (kafka: KafkaBench) => Promise<void>): Promise<void> {
  if (!kafka.ours) return run(kafka)
  const log = (_topic: string, partition: number) => new FarLog(farStarts[partition % 4] ?? 0)
  const far = await KafkaBench.open({ patienceMs: limitMs }, { brokers: 1, parts: { log } })
  return run(far).finally(() => setTimeout(() => void far.close().catch(() => {}), leaveMs))
}

type Call = readonly [name: string, run: (kafka: Kafka, group: string, topic: string) => Promise<unknown>]

const callsOf = (subject: Offsets, time: number): readonly Call[] => [
  ['resume', (kafka, group, topic) => subject.resume(kafka, group, topic, new Handled().handle)],
  ['lag', (kafka, group, topic) => subject.lag(kafka, group, topic)],
  ['resetToTime', (kafka, group, topic) => subject.resetToTime(kafka, group, topic, time)],
]

export const allChecks: Checks<AllId> = {
  'far-offsets': (t, subject, bench) =>
    withFarLogs(bench, async (kafka) => {
      const topic = await kafka.topic(t.dice.freshWord(), farStarts.length)
      const begins = (await kafka.offsets(topic)).map(({ start }) => start)
      // On a cluster that was given, partitions begin at 0: there they differ by what is in them already.
      const before = begins.map((begin, partition) => (begin === 0 ? 2 + 3 * partition : 0))
      const starts = begins.map((begin, partition) => begin + (before[partition] ?? 0))
      const from = Date.now() - 90 * minute
      await kafka.fill(
        topic,
        starts.flatMap((_, partition) =>
          [...Array.from({ length: before[partition] ?? 0 }, () => -10), 0, 10, 20, 30].map((after) => ({
            partition,
            value: t.dice.freshWord(),
            timestamp: String(from + after * minute),
          })),
        ),
      )
      // A group's id may be any text.
      const group = `\ufeff ${kafka.topicName(t.dice.freshWord())} e\u0301😀 `
      const at = (beyond: number) => starts.map((start) => start + beyond)
      const client = learnerClient(t, kafka).kafka
      const rowsOf = (wanted: readonly number[], got: readonly unknown[]) =>
        wanted.map((one, partition) => ({
          left: [String(partition)],
          expected: String(one),
          got: asSaid(got[partition]),
        }))
      const check = (rows: ReturnType<typeof rowsOf>, says: 'lagged' | 'committed' | 'reset' | 'handed') => {
        const picture = () => compareTable(rows, [columns.partition])
        const bits = rows.find(({ expected, got }) => {
          const wanted = Number(expected)
          return got !== expected && (Number(got) === (wanted | 0) || Number(got) === wanted >>> 0)
        })
        t.check(bits === undefined, 'bits', { wanted: bits?.expected ?? '', got: bits?.got ?? '' }, picture)
        t.check(
          rows.every(({ expected, got }) => expected === got),
          says,
          {},
          picture,
        )
      }
      await kafka.setCommitted(group, topic, { ...at(1) })
      const views = viewsOf(await subject.lag(client, group, topic))
      const of = (what: 'committed' | 'end' | 'lag') => views.map((view) => view?.[what])
      check(rowsOf(at(1), of('committed')), 'lagged')
      check(rowsOf(at(4), of('end')), 'lagged')
      check(
        rowsOf(
          starts.map(() => 3),
          of('lag'),
        ),
        'lagged',
      )
      await subject.resetToTime(client, group, topic, from + 15 * minute)
      check(rowsOf(at(2), await committedIn(kafka, group, topic)), 'reset')
      const handled = new Handled()
      await subject.resume(client, group, topic, handled.handle)
      const wanted = starts
        .flatMap((start, partition) => [2, 3].map((i) => `${partition}:${start + i}`))
        .sort()
      const places = handled.records.map(placeOf).sort()
      t.check(places.join() === wanted.join(), 'handed', {}, () =>
        compareTable(
          wanted.map((expected, i) => ({ left: [], expected, got: places[i] ?? '—' })),
          [],
        ),
      )
      check(rowsOf(at(4), await committedIn(kafka, group, topic)), 'committed')
    }),

  refused: async (t, subject, kafka) => {
    const [one, two, three, four] = t.dice.freshWords(4)
    const names = [` ${one} ${two} `, `\ufeff${three}`, `${four}e\u0301😀`]
    await Promise.all(
      callsOf(subject, Date.now()).flatMap(([name, run]) =>
        names.map(async (topic) => {
          const client = learnerClient(t, kafka)
          const group = kafka.topicName(t.dice.freshWord())
          const { got, error } = await t.attemptLater(() => run(client.kafka, group, topic))
          if (error === undefined) client.isAsked()
          const rest = name === 'lag' ? '' : ', …'
          t.check(error !== undefined, 'resolved', {
            call: `${name}(kafka, ${show(group)}, ${show(topic)}${rest})`,
            got: show(got),
          })
        }),
      ),
    )
  },

  'hang-up': async (t, subject, kafka) => {
    const records = recordsFor(t.dice, [3, 2])
    const topic = await topicOf(kafka, t.dice, 2, records)
    const time = Date.now() - minute
    await Promise.all(
      callsOf(subject, time).map(([name, run]) =>
        isClosed(t, kafka, name, 'open', (client) => run(client, kafka.topicName(t.dice.freshWord()), topic)),
      ),
    )
    const busy = kafka.topicName(t.dice.freshWord())
    const one = await member(kafka, busy, topic)
    const failing = new Handled(async () => {
      throw new Error(t.dice.freshWord())
    })
    const bad = `${t.dice.freshWord()} ${t.dice.freshWord()}`
    try {
      await Promise.all([
        isClosed(t, kafka, 'resume', 'openAfterError', (client) =>
          subject.resume(client, kafka.topicName(t.dice.freshWord()), topic, failing.handle),
        ),
        isClosed(t, kafka, 'lag', 'openAfterError', (client) => subject.lag(client, busy, bad)),
        isClosed(t, kafka, 'resetToTime', 'openAfterError', (client) =>
          subject.resetToTime(client, busy, topic, time),
        ),
      ])
    } finally {
      await one.leave()
    }
  },
}

/** Fails when a call has left connections open. A call that should fail and does not is another check's question. */
async function isClosed(
  t: Trial<'open' | 'openAfterError' | 'late'>,
  kafka: KafkaBench,
  name: string,
  says: 'open' | 'openAfterError',
  run: (kafka: Kafka) => Promise<unknown>,
): Promise<void> {
  const client = learnerClient(t, kafka)
  const { error } = await t.attemptLater(() => run(client.kafka))
  if ((error !== undefined) !== (says === 'openAfterError')) return
  const count = await client.hungUp()
  if (count > 0) client.isAsked()
  // Closed all the same, but later: no line was left out.
  const isLate = count > 0 && (await client.hungUp(lateMs)) === 0
  t.check(count === 0, isLate ? 'late' : says, { name, count })
}
