/** The checks of what holds for all four functions. */
import type { Kafka } from 'kafkajs'
import { inTime } from '../engine/in-time.ts'
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { FarLog } from '../engine/wire/far-log.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { spans } from './lists.ts'
import { placeOf } from './places.ts'
import { sendOne } from './send.ts'
import type { Checks, FirstRecord, TextRecord } from './subject.ts'
import { Together } from './together.ts'

/** Connections that close within this time after the page's second do close, too late, ms. */
const lateMs = 7_000
/** How long the broker takes to let a member go, ms: longer than a call's connections may stay open. */
const leavingTakesMs = 2_500

type AllId = 'far-offsets' | 'refused' | 'hang-up' | 'yours'

/** What is said of connections that stay open: after an answer, after that of a topic without records, after an error. */
type Open = 'open' | 'openEmpty' | 'openAfterError'

/** Where the partitions of a topic begin that has existed for years: beyond 2^31, 2^32, 2^48, and near 2^53. */
const farStarts = [2 ** 31 + 7, 2 ** 32 + 11, 2 ** 48 + 5, 2 ** 53 - 61]

type Call = readonly [name: string, run: (kafka: Kafka, topic: string) => Promise<unknown>]

function callsOf(subject: FirstRecord, value: string): readonly Call[] {
  return [
    ['createTopic', (kafka, topic) => subject.createTopic(kafka, topic, 2)],
    ['sendRecord', (kafka, topic) => subject.sendRecord(kafka, topic, { key: null, value })],
    ['describeTopic', (kafka, topic) => subject.describeTopic(kafka, topic)],
    ['readAll', (kafka, topic) => subject.readAll(kafka, topic)],
  ]
}

export const allChecks: Checks<AllId> = {
  'far-offsets': (t, subject, rooms) => {
    const log = (_topic: string, partition: number) => new FarLog(farStarts[partition % 4] ?? 0)
    return rooms.use(t, { parts: { log } }, async (kafka) => {
      const topic = await kafka.topic(t.dice.freshWord(), farStarts.length)
      const write = (times: number) =>
        kafka.fill(
          topic,
          Array.from({ length: 4 * times }, (_, i) => ({ partition: i % 4, value: t.dice.freshWord() })),
        )
      await write(2)
      type View = { partition?: unknown; startOffset?: unknown; endOffset?: unknown } | undefined
      const views = (await subject.describeTopic(learnerClient(t, kafka).kafka, topic)) as View[]
      const viewOf = (partition: number) => views.find((view) => view?.partition === partition)
      const real = await kafka.offsets(topic)
      const rows = real.map(({ partition, start, end }) => ({
        left: [String(partition)],
        expected: `${start}–${end}`,
        got: `${viewOf(partition)?.startOffset}–${viewOf(partition)?.endOffset}`,
      }))
      const picture = () => compareTable(rows, [columns.partition])
      const bits = real.find(({ partition, end }) => {
        const said = Number(viewOf(partition)?.endOffset)
        return said !== end && (said === (end | 0) || said === end >>> 0)
      })
      const gotBits = bits === undefined ? undefined : viewOf(bits.partition)?.endOffset
      t.check(bits === undefined, 'bits', { wanted: bits?.end ?? 0, got: String(gotBits) }, picture)
      const isDescribed = rows.every((row) => row.expected === row.got)
      t.check(isDescribed, 'described', {}, picture)
      const value = t.dice.freshWord()
      for (const key of t.dice.freshWords(3)) {
        const record = { key, value: `${key}-${value}` }
        const place = placeOf(await sendOne(t, subject, learnerClient(t, kafka), topic, record))
        const real = (await kafka.read(topic)).find((one) => one.value === record.value)
        const wanted = `${real?.partition}:${real?.offset}`
        t.check(place === wanted, 'sent', { got: place ?? '—', wanted })
      }
      const records = await kafka.read(topic)
      const got = await subject.readAll(learnerClient(t, kafka).kafka, topic)
      const places = new Set(got.map(placeOf))
      const right = records.filter(({ partition, offset }) => places.has(`${partition}:${offset}`)).length
      const facts = { got: right, wanted: records.length, times: got.length }
      t.check(right === records.length && got.length === right, 'read', facts, () => spans(got, records))
    })
  },

  refused: (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const [one, two, three, four] = t.dice.freshWords(4)
      const names = [` ${one} ${two} `, `\ufeff${three}`, `${four}e\u0301😀`, 'x'.repeat(250)]
      const calls = callsOf(subject, t.dice.freshWord())
      const limitMs = t.limitMs
      await Promise.all(
        calls.flatMap(([name, run]) =>
          names.map(async (topic) => {
            const client = learnerClient(t, kafka)
            const call = t.attemptLater(() => run(client.kafka, topic))
            const ended = await inTime(call, limitMs)
            const rest = name === 'createTopic' || name === 'sendRecord' ? ', …' : ''
            const facts = { call: `${name}(kafka, ${show(topic)}${rest})`, seconds: limitMs / 1_000 }
            const times = client.exchanges.filter(({ errors }) => errors.length > 0).length
            if (ended === 'late' && times > 0) client.isAsked()
            t.check(ended !== 'late' || times === 0, 'retries', { ...facts, times })
            const { got, error } = ended === 'late' ? await call : ended.got
            if (error === undefined) client.isAsked()
            const asked = new Set(client.exchanges.flatMap((exchange) => exchange.topics ?? []))
            const [other] = [...asked].filter((one) => one !== topic)
            const isOther = other !== undefined && !asked.has(topic)
            t.check(error !== undefined || !isOther, 'otherName', { ...facts, other: show(other) })
            t.check(error !== undefined, 'resolved', { ...facts, got: show(got) })
          }),
        ),
      )
      await collide(t, subject, kafka)
    }),

  'hang-up': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const topic = await kafka.topic(t.dice.freshWord(), 2)
      const calls = callsOf(subject, t.dice.freshWord())
      // A member leaves slowly: who does not await that is done long before its connections are closed.
      const beforeAnswer = async ({ api }: { api: string }) => {
        if (api === 'LeaveGroup') await new Promise((resolve) => setTimeout(resolve, leavingTakesMs))
      }
      const isClosed = async (name: string, call: Call[1], on: string, says: Open) => {
        const client = learnerClient(t, kafka, { beforeAnswer })
        // Two at the same time: who keeps the client where calls share it forgets one of them.
        const calls = name === 'readAll' ? [call] : [call, call]
        const ended = await Promise.all(calls.map((run) => t.attemptLater(() => run(client.kafka, on))))
        const failed = ended.filter(({ error }) => error !== undefined).length
        if (failed !== (says === 'openAfterError' ? calls.length : 0)) return
        const count = await client.hungUp()
        if (count > 0) client.isAsked()
        // Closed all the same, but later: no line was left out.
        const isLate = count > 0 && (await client.hungUp(lateMs)) === 0
        t.check(count === 0, isLate ? 'late' : says, { name, count })
      }
      await calls.find(([name]) => name === 'sendRecord')?.[1](learnerClient(t, kafka).kafka, topic)
      const [readAll] = calls.flatMap(([name, run]) => (name === 'readAll' ? [run] : []))
      const empty = await kafka.topic(t.dice.freshWord(), 2)
      if (readAll !== undefined) await isClosed('readAll', readAll, empty, 'openEmpty')
      await Promise.all(
        calls.map(([name, run]) =>
          isClosed(name, run, name === 'createTopic' ? kafka.topicName(t.dice.freshWord()) : topic, 'open'),
        ),
      )
      const bad = `${t.dice.freshWord()} ${t.dice.freshWord()}`
      await Promise.all(calls.map(([name, run]) => isClosed(name, run, bad, 'openAfterError')))
    }),

  yours: (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka)
      const topic = await kafka.topic(t.dice.freshWord(), 2)
      const record = { key: t.dice.freshWord(), value: t.dice.freshWord() }
      const wanted = 2
      for (let times = 0; times < wanted; times++) {
        await sendOne(t, subject, client, topic, record)
        await subject.describeTopic(client.kafka, topic)
        await subject.readAll(client.kafka, topic)
      }
      // The same object in two calls at once: neither is answered before both have sent.
      const shared = t.tools.same({ key: t.dice.freshWord(), value: t.dice.freshWord() })
      const together = new Together(wanted)
      const both = learnerClient(t, kafka, {
        beforeAnswer: ({ api }) => (api === 'Produce' ? together.wait() : undefined),
      })
      await Promise.all([1, 2].map(() => subject.sendRecord(both.kafka, topic, shared)))
      const read = await kafka.read(topic)
      for (const one of [record, shared]) {
        const got = read.filter(({ key, value }) => key === one.key && value === one.value).length
        t.check(got === wanted && read.length === 2 * wanted, 'lost', { wanted, got })
      }
      await reuse(t, subject, kafka, topic)
    }),
}

/** A name that differs from that of an existing topic only in a dot and an underscore: Kafka refuses it. */
async function collide(t: Trial<'collides'>, subject: FirstRecord, kafka: KafkaBench): Promise<void> {
  const [one, two] = t.dice.freshWords(2)
  const other = await kafka.topic(`${one}.${two}`, 1)
  const topic = other.replace('.', '_')
  const client = learnerClient(t, kafka)
  const { got, error } = await t.attemptLater(() => subject.createTopic(client.kafka, topic, 2))
  const facts = { call: `createTopic(kafka, ${show(topic)}, 2)`, other, got: show(got) }
  t.check(error !== undefined, 'collides', facts)
}

/** The caller puts another record into the same object. */
async function reuse(
  t: Trial<'sentNothing' | 'stale'>,
  subject: FirstRecord,
  kafka: KafkaBench,
  topic: string,
): Promise<void> {
  const client = learnerClient(t, kafka)
  const record = (): TextRecord => ({ key: t.dice.freshWord(), value: t.dice.freshWord() })
  const [before, after] = [record(), record()]
  const kept = t.tools.keep(before)
  await sendOne(t, subject, client, topic, kept.value)
  kept.become(after)
  // Frozen by the call before: that is told as a change of the argument.
  if ((kept.now() as Partial<TextRecord> | undefined)?.value !== after.value) return
  await sendOne(t, subject, client, topic, kept.value)
  const read = await kafka.read(topic)
  const countOf = (one: TextRecord) =>
    read.filter(({ key, value }) => key === one.key && value === one.value).length
  t.check(countOf(after) === 1, 'stale', { got: countOf(after), old: countOf(before) })
}
