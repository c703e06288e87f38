/** Lab 11: what a copy is: the record byte for byte, and the headers that say where it comes from and why it is there. */
import { compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { ReadBack } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, type Given, type Known, sameBytes } from './desk.ts'
import { placeName } from './history.ts'
import { type Checks, marks } from './subject.ts'

/** Not UTF-8: whoever makes a text of it, changes it. */
const binary = (...bytes: number[]) => Uint8Array.of(0, 0xff, ...bytes, 0xc3)

/** The time in a header may be so far from the check's own, ms: a machine may be busy. */
const dueSlackMs = 2_000

interface Pair {
  readonly name: string
  readonly value: Uint8Array | null
}

/** The headers of a copy that are not marks; names in the order of the alphabet, equal names in theirs. */
const ownHeaders = (copy: ReadBack): Pair[] =>
  copy.bytes.headers
    .filter(({ key }) => !(Object.values(marks) as string[]).includes(key))
    .map(({ key, value }) => ({ name: key, value }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

const sentHeaders = ({ headers }: Known): Pair[] =>
  headers
    .map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? new TextEncoder().encode(value) : value,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

const inWords = (pairs: readonly Pair[]) =>
  pairs
    .map(({ name, value }) => `${name}=${value === null ? 'null' : Buffer.from(value).toString('hex')}`)
    .join(' ') || '—'

const row = (what: string, expected: string, got: string) =>
  compareTable([{ left: [what], expected, got }], [{ en: 'what', ru: 'что' }])

export const copyChecks: Checks<'copies'> = {
  copies: async (t, subject, bench) => {
    const delay = t.dice.int(120, 160)
    const desk = await Desk.open(t, bench, { partitions: 2, delays: [delay], counts: [3] })
    const word = () => t.dice.freshWord()
    const given: Given[] = [
      { key: word(), value: word(), headers: [['trace', word()]] },
      { key: binary(t.dice.int(2, 99)), value: binary(0x80, t.dice.int(2, 99)) },
      { key: null, value: word() },
      { key: word(), value: null, headers: [['why', 'deleted']] },
      { key: '', value: `\ufeff${word()}e\u0301${t.dice.freshForeignWord()}` },
      { key: word(), value: '', headers: [['empty', '']] },
      {
        key: word(),
        value: binary(7, 7),
        headers: [
          ['hop', word()],
          ['bytes', binary(t.dice.int(2, 99))],
          ['hop', word()],
          ['retry-count', word()],
          ['hop', word()],
        ],
      },
      { key: word().repeat(200).slice(0, 1_000), value: word().repeat(20_000).slice(0, 100_000) },
    ]
    const records = await desk.send(given.map((one, i) => ({ ...one, partition: i % 2, fails: 99 })))
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const [retry = { topic: '' }] = desk.options.retries
    await desk.goesOn(client, () => desk.sentTo(client, desk.options.dead) >= records.length)
    const clockMs = Date.now() - performance.now()
    // At the first attempt, before any copy.
    const altered = desk.received.slice(0, records.length).find((received) => {
      const record = desk.recordOf(received)
      return (
        record === undefined ||
        !sameBytes(record.key, received.key) ||
        !sameBytes(record.value, received.value)
      )
    })
    const whole = altered === undefined ? undefined : desk.recordOf(altered)
    t.check(altered === undefined, 'handed', { place: whole === undefined ? '?' : placeName(whole) }, () =>
      row(
        'key, value',
        `${show(whole?.key)} ${show(whole?.value)}`,
        `${show(altered?.key)} ${show(altered?.value)}`,
      ),
    )
    const lists = [
      { topic: retry.topic, attempts: 1 },
      { topic: desk.options.dead, attempts: 2 },
    ]
    for (const { topic, attempts } of lists) {
      const copies = await desk.copies(topic)
      for (const record of records) {
        const copy = copies.find(({ of }) => of === record)?.copy
        const place = placeName(record)
        if (copy === undefined)
          t.check(false, 'missing', { place, topic, got: copies.length, wanted: records.length })
        else {
          const what = !sameBytes(record.key, copy.bytes.key) ? 'key' : 'value'
          const isSame = sameBytes(record.key, copy.bytes.key) && sameBytes(record.value, copy.bytes.value)
          t.check(isSame, what === 'key' ? 'key' : 'value', { place, topic }, () =>
            row(what, show(record[what]), show(copy.bytes[what])),
          )
          const [sent, got] = [sentHeaders(record), ownHeaders(copy)]
          t.check(inWords(sent) === inWords(got), 'headers', { place, topic }, () =>
            row('headers', inWords(sent), inWords(got)),
          )
          marksOf(record, copy, { topic, attempts })
        }
      }
    }
    await t.attemptLater(() => running.stop())

    function marksOf(
      record: Known,
      copy: ReadBack,
      { topic, attempts }: { topic: string; attempts: number },
    ) {
      const place = placeName(record)
      for (const name of Object.values(marks)) {
        const got = copy.bytes.headers.filter(({ key }) => key === name).length
        const isFree = name === marks.due && topic === desk.options.dead
        t.check(got === 1 || (isFree && got === 0), got === 0 ? 'noMark' : 'markTwice', {
          place,
          topic,
          name,
          got,
        })
      }
      const textOf = (name: string) => String(copy.headers[name])
      const from = [textOf(marks.topic), textOf(marks.partition), textOf(marks.offset)].join(' ')
      const wanted = [desk.options.topic, record.partition, record.offset].join(' ')
      t.check(from === wanted, 'origin', { place, topic }, () =>
        row(`${marks.topic}, ${marks.partition}, ${marks.offset}`, wanted, from),
      )
      t.check(textOf(marks.attempts) === String(attempts), 'attempts', {
        place,
        topic,
        got: show(textOf(marks.attempts)),
        wanted: attempts,
      })
      const reason = textOf(marks.error)
      t.check(reason.includes(record.reason), 'reason', {
        place,
        topic,
        got: show(reason),
        wanted: show(record.reason),
      })
      if (topic !== retry.topic) return
      const failedAt = (desk.calls(record)[0]?.ended ?? 0) + clockMs
      const off = Number(textOf(marks.due)) - failedAt - delay
      t.check(Math.abs(off) < dueSlackMs, 'due', {
        place,
        topic,
        got: show(textOf(marks.due)),
        wanted: Math.round(failedAt + delay),
      })
    }
  },
}
