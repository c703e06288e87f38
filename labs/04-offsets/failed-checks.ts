/** The check of `resume` when `handle` fails: with an error, with nothing, and while another record is in hand. */
import { columns, compareTable } from '../engine/picture.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { checkHanded, Handled, placeOf, placeOfKnown } from './records.ts'
import { begin, resumed } from './rooms.ts'
import { type Checks, committedIn, limit, type Offsets } from './subject.ts'

/** How long a record is in hand where partitions are worked on side by side: until another begins, at most; after that one has failed, ms. */
const inHandMs = { begins: 100, most: 1_000, after: 100 }

/** The partition of a place, `2` of `2:17`. */
const partitionIn = (place: string) => place.split(':')[0] ?? ''

export const failedChecks: Checks<'resume-failed'> = {
  'resume-failed': async (t, subject, kafka) => {
    const begun = t.dice.shuffle([{ length: 7, committed: 2 }, { length: 5 }, { length: 6, committed: 1 }])
    const room = await begin(t, kafka, begun)
    const message = t.dice.freshWord()
    const client = learnerClient(t, kafka).kafka
    // The second record of the second partition: by then something is done in two of them.
    let bad = ''
    const open = new Set<string>()
    const done: string[] = []
    let isSideBySide = false
    const work = async (place: string, nth: number) => {
      const met = [...new Set(handled.places.map(partitionIn))]
      const own = handled.places.filter((one) => partitionIn(one) === met[1])
      if (bad === '' && own.length === 2) bad = place
      if (place === bad) throw new Error(message)
      // A program that works on partitions side by side has the first record in hand when the other fails, and some time longer.
      const isAlone = nth > 1 || (await t.until(() => open.size > 1, { ms: inHandMs.begins })) === 'late'
      if (isAlone) return
      isSideBySide = true
      await t.until(() => bad !== '', { ms: inHandMs.most })
      await new Promise((resolve) => setTimeout(resolve, inHandMs.after))
    }
    const handled = new Handled(async (record, nth) => {
      const place = placeOf(record)
      isSideBySide ||= open.size > 0
      open.add(place)
      await work(place, nth).finally(() => open.delete(place))
      done.push(place)
    })
    const call = t.attemptLater(() => subject.resume(client, room.group, room.topic, handled.handle))
    const timesBad = () => handled.places.filter((place) => place === bad).length
    const how = await t.until(() => timesBad() > 1, { during: call, ms: limit.seconds * 1_000 })
    const facts = { ...limit, place: bad, times: timesBad() }
    t.check(timesBad() <= 1, 'retried', facts)
    t.check(how !== 'late', 'silent', { ...limit, got: handled.records.length, wanted: room.due.length })
    const { error } = await call
    const doneThen = [...done]
    t.check(timesBad() === 1, 'unmet', { got: handled.records.length, wanted: room.due.length })
    t.check(error !== undefined, 'resolved', facts)
    // Side by side, handle may have been called once more in each other partition before anybody could know.
    const after = handled.places.slice(handled.places.indexOf(bad) + 1).map(partitionIn)
    const isTooMany = isSideBySide
      ? after.some((one, i) => one === partitionIn(bad) || after.indexOf(one) < i)
      : after.length > 0
    t.check(!isTooMany, 'wentOn', { ...facts, after: after.length })

    // What handle is done with is committed, and what it is not done with is not.
    const committed = await committedIn(kafka, room.group, room.topic)
    const rows = begun.map((one, i) => {
      const count = doneThen.filter((place) => partitionIn(place) === String(i)).length
      const from = one.committed === undefined ? '-' : String(one.committed)
      const expected = count === 0 ? from : String((one.committed ?? 0) + count)
      return { left: [String(i)], expected, got: committed[i] ?? '-' }
    })
    const picture = () => compareTable(rows, [columns.partition])
    const ofBad = rows[Number(partitionIn(bad))]
    const passed = ofBad !== undefined && Number(ofBad.got) > Number(bad.split(':')[1])
    t.check(!passed, 'passed', { place: bad, got: ofBad?.got ?? '' }, picture)
    const isBehind = rows.some((row) => row.expected !== row.got)
    t.check(!isBehind, 'behind', { place: bad }, picture)

    const rest = room.due.filter((one) => !doneThen.includes(placeOfKnown(one)))
    const next = await resumed(t, subject, client, { ...room, due: rest })
    checkHanded(t, next.handled.records, rest, room.all)
    await failsWithNothing(t, subject, kafka)
  },
}

/** A promise may be rejected with nothing at all. */
async function failsWithNothing(
  t: Trial<'forgiven' | 'passed'>,
  subject: Offsets,
  kafka: KafkaBench,
): Promise<void> {
  const room = await begin(t, kafka, [{ length: 5, committed: 1 }])
  let bad = ''
  const handled = new Handled(async (record, nth) => {
    if (nth !== 2) return
    bad = placeOf(record)
    return Promise.reject()
  })
  const client = learnerClient(t, kafka).kafka
  const { error } = await t.attemptLater(() => subject.resume(client, room.group, room.topic, handled.handle))
  t.check(error !== undefined, 'forgiven', { place: bad })
  const [got = '-'] = await committedIn(kafka, room.group, room.topic)
  t.check(!(Number(got) > Number(bad.split(':')[1])), 'passed', { place: bad, got })
}
