/** The checks of `sendRecord`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { type LearnerClient, learnerClient } from '../engine/wire/learner-client.ts'
import { placeOf } from './places.ts'
import type { Checks, FirstRecord, TextRecord } from './subject.ts'
import { checkTexts, hardRecords, longWord } from './texts.ts'

type SendId = 'send-content' | 'send-place' | 'send-together'

/** What one call was to send, and what it gave. */
interface Sent {
  readonly value: string
  readonly answer: unknown
}

/** Each value was sent once, and lies where its answer says. */
async function checkPlaces(
  t: Trial<'noPlace' | 'partitionType' | 'lost' | 'differs'>,
  kafka: KafkaBench,
  topic: string,
  sent: readonly Sent[],
): Promise<void> {
  for (const { answer } of sent) checkIsPlace(t, answer)
  const values = new Set(sent.map(({ value }) => value))
  const read = (await kafka.read(topic)).filter(({ value }) => values.has(value ?? ''))
  t.check(read.length === sent.length, 'lost', { wanted: sent.length, got: read.length })
  const rows = sent.map(({ value, answer }) => {
    const real = read.find((record) => record.value === value)
    return { left: [show(value)], expected: `${real?.partition}:${real?.offset}`, got: placeOf(answer) ?? '' }
  })
  const holds = rows.every((row) => row.expected === row.got)
  t.check(holds, 'differs', {}, () => compareTable(rows, [columns.value]))
}

function checkIsPlace(t: Trial<'noPlace' | 'partitionType'>, answer: unknown): void {
  const partition = (answer as { partition?: unknown } | null)?.partition
  t.check(typeof partition !== 'string', 'partitionType', { got: show(partition) })
  t.check(placeOf(answer) !== undefined, 'noPlace', { got: show(answer) })
}

/** One call with a client of its own, so that a failure tells what this call asked for. */
export async function sendOne(
  t: Trial<'sentNothing'>,
  subject: FirstRecord,
  client: LearnerClient,
  topic: string,
  record: TextRecord,
): Promise<unknown> {
  const { got, error } = await t.attemptLater(() => subject.sendRecord(client.kafka, topic, record))
  if (error === undefined) return got
  const hasAsked = client.exchanges.length > 0 && client.asked('Produce').length === 0
  t.check(!(hasAsked && error.isA('TypeError')), 'sentNothing', { message: error.message })
  throw error
}

/** So many calls at once: with values of this size they are more than a broker takes in one request. */
const manyCalls = 16
const largeBytes = 100_000

export const sendChecks: Checks<SendId> = {
  'send-content': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const topic = await kafka.topic(t.dice.freshWord(), 1)
      const some = hardRecords(t.dice)
      // An equal record a second time is a record too.
      const records = [...some, ...some.slice(0, 1)]
      for (const record of records) await sendOne(t, subject, learnerClient(t, kafka), topic, { ...record })
      const read = await kafka.read(topic)
      t.check(read.length === records.length, 'count', { wanted: records.length, got: read.length })
      checkTexts(
        t,
        records.map((wanted, i) => ({ wanted, got: read[i] ?? { key: null, value: null } })),
      )
      const [{ end } = { end: 0 }] = await kafka.offsets(topic)
      const markers = end - records.length
      t.check(markers === 0, 'marker', { wanted: records.length, end, markers })
    }),

  'send-place': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const partitions = t.dice.freshInt(4, 9)
      const topic = await kafka.topic(t.dice.freshWord(), partitions)
      // Every partition has another end before the first record is sent.
      const lengths = t.dice.shuffle(Array.from({ length: partitions }, (_, n) => 2 + 2 * n))
      await kafka.fill(
        topic,
        lengths.flatMap((length, partition) =>
          Array.from({ length }, () => ({ partition, value: 'filler' })),
        ),
      )
      const sent: Sent[] = []
      for (const key of [...t.dice.freshWords(5), null]) {
        const value = t.dice.freshWord()
        sent.push({
          value,
          answer: await sendOne(t, subject, learnerClient(t, kafka), topic, { key, value }),
        })
      }
      await checkPlaces(t, kafka, topic, sent)
    }),

  'send-together': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const topic = await kafka.topic(t.dice.freshWord(), 1)
      // The broker has the record; before its answer arrives, somebody else's record follows.
      const beforeAnswer = async ({ api }: { api: string }) => {
        if (api === 'Produce') await kafka.fill(topic, [{ partition: 0, value: t.dice.freshWord() }])
      }
      const [one, two] = [learnerClient(t, kafka, { beforeAnswer }).kafka, learnerClient(t, kafka).kafka]
      // The first record of the topic has the offset 0, and is the first of those that follow.
      const value = t.dice.freshWord()
      const first: Sent = { value, answer: await subject.sendRecord(one, topic, { key: null, value }) }
      const values = Array.from({ length: manyCalls }, () => longWord(t.dice, largeBytes))
      const sent = await Promise.all(
        values.map((large, i) =>
          t.attemptLater(() =>
            subject.sendRecord(i % 8 === 7 ? two : one, topic, { key: null, value: large }),
          ),
        ),
      )
      const failed = sent.find(({ error }) => error !== undefined)
      const facts = { calls: manyCalls, bytes: largeBytes, message: failed?.error?.message ?? '' }
      t.check(failed === undefined, 'threw', facts)
      await checkPlaces(t, kafka, topic, [
        first,
        ...values.map((large, i) => ({ value: large, answer: sent[i]?.got })),
      ])
    }),
}
