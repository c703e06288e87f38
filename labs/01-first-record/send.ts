/** The checks of `sendRecord`. */
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { placeOf } from './places.ts'
import type { Checks } from './subject.ts'
import { checkTexts, hardRecords } from './texts.ts'

type SendId = 'send-content' | 'send-place' | 'send-together'

/** Each value was sent once, and lies where its answer says. */
async function checkPlaces(
  t: Trial<'noPlace' | 'lost' | 'differs'>,
  kafka: KafkaBench,
  topic: string,
  answers: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const answer of answers.values())
    t.check(placeOf(answer) !== undefined, 'noPlace', { got: show(answer) })
  const read = (await kafka.read(topic)).filter(({ value }) => answers.has(value ?? ''))
  t.check(read.length === answers.size, 'lost', { wanted: answers.size, got: read.length })
  const rows = [...answers].map(([value, answer]) => {
    const real = read.find((record) => record.value === value)
    return { left: [value], expected: `${real?.partition}:${real?.offset}`, got: placeOf(answer) ?? '' }
  })
  const holds = rows.every((row) => row.expected === row.got)
  t.check(holds, 'differs', {}, () => compareTable(rows, [columns.value]))
}

export const sendChecks: Checks<SendId> = {
  'send-content': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka).kafka
      const topic = await kafka.topic(t.dice.freshWord(), 1)
      const some = hardRecords(t.dice)
      // An equal record a second time is a record too.
      const records = [...some, ...some.slice(0, 1)]
      for (const record of records) await subject.sendRecord(client, topic, { ...record })
      const read = await kafka.read(topic)
      t.check(read.length === records.length, 'count', { wanted: records.length, got: read.length })
      checkTexts(
        t,
        records.map((wanted, i) => ({ wanted, got: read[i] ?? { key: null, value: null } })),
      )
    }),

  'send-place': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka).kafka
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
      const answers = new Map<string, unknown>()
      for (const key of [...t.dice.freshWords(5), null]) {
        const value = t.dice.freshWord()
        answers.set(value, await subject.sendRecord(client, topic, { key, value }))
      }
      await checkPlaces(t, kafka, topic, answers)
    }),

  'send-together': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const topic = await kafka.topic(t.dice.freshWord(), 1)
      await kafka.fill(
        topic,
        t.dice.freshWords(7).map((value) => ({ partition: 0, value })),
      )
      // The broker has the record; before its answer arrives, somebody else's record follows.
      const beforeAnswer = async ({ api }: { api: string }) => {
        if (api === 'Produce') await kafka.fill(topic, [{ partition: 0, value: t.dice.freshWord() }])
      }
      const [one, two] = [learnerClient(t, kafka, { beforeAnswer }).kafka, learnerClient(t, kafka).kafka]
      const values = t.dice.freshWords(6)
      const sent = await Promise.all(
        values.map((value, i) =>
          t.attemptLater(() => subject.sendRecord(i % 2 === 0 ? one : two, topic, { key: null, value })),
        ),
      )
      const failed = sent.find(({ error }) => error !== undefined)
      t.check(failed === undefined, 'threw', { calls: values.length, message: failed?.error?.message ?? '' })
      await checkPlaces(t, kafka, topic, new Map(values.map((value, i) => [value, sent[i]?.got])))
    }),
}
