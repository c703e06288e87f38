/**
 * Lab 12: a relay whose surroundings break: Kafka is away, the database fails, the program crashes; and how it stops.
 *
 * The crash: three relays work in one run of the program, and each comes to a moment of its own, where it is held; when all
 * three are there, the program dies, once. A second run goes on.
 *
 *   on the way   the records have left the program; the broker never gets them
 *   unheard      the broker has stored them; the program never hears of it
 *   unmarked     the program has heard of it; the commit of the marks never takes place
 */
import { instance } from '../engine/instance.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { Fate } from '../engine/wire/point.ts'
import { idFault, missing, outOfOrder, repeated, sides } from './judge.ts'
import type { outageCases } from './messages-breaks.ts'
import { eventsFor, type Line, never, Shop } from './shop.ts'
import { type AtStep, failure } from './store.ts'
import { backMs, type Checks, closedMs, type Outbox } from './subject.ts'

type BreaksId = 'relay-outage' | 'relay-crash' | 'stop'

/** So long Kafka is away: default retries of a client of the bench have given up by then, ms. */
const awayMs = 1_300
/** What a program does without waiting, it has done by then, ms. */
const settleMs = 80
/** Who does not wait in `stop` has ended by then, ms. */
const waitMs = 200

const settles: readonly string[] = ['markSent', 'deleteEvents']

async function kafkaAway(
  t: Trial<keyof typeof outageCases>,
  subject: Outbox,
  bench: KafkaBench,
): Promise<void> {
  const shop = await Shop.open(t, bench, 2)
  const keys = t.dice.freshWords(3)
  const line = shop.line(t, bench)
  let [isAway, cuts] = [false, 0]
  const before = (): Fate => {
    if (isAway) cuts++
    return isAway ? 'cut' : 'pass'
  }
  line.client.at(['ApiVersions', 'Metadata', 'Produce'], { nth: 'all' }, { before })
  const running = await shop.relay(subject, line)
  isAway = true
  shop.store.add(eventsFor(t, 6, keys))
  await t.until(() => cuts > 0)
  t.inFlight(cuts, 1)
  await t.until(() => false, { ms: awayMs })
  shop.store.add(eventsFor(t, 3, keys))
  isAway = false
  await shop.sent(t, [line], { ms: backMs, mayIdle: false })
  await t.attemptLater(() => running.stop())
  const { rows } = shop
  const records = await shop.read(bench)
  const lost = missing(rows, records)
  const facts = { count: lost.length, wanted: rows.length }
  const picture = () => sides(rows, records, { marked: lost })
  const settled = lost.filter(({ id }) => shop.store.settled.has(id))
  t.check(settled.length === 0, 'settled', { ...facts, count: settled.length }, picture)
  t.check(lost.length === 0, 'kafkaAway', facts, picture)
}

async function databaseFails(
  t: Trial<keyof typeof outageCases>,
  subject: Outbox,
  bench: KafkaBench,
): Promise<void> {
  const shop = await Shop.open(t, bench, 2)
  const keys = t.dice.freshWords(3)
  const left = new Set(['settles', 'commit', 'answer'])
  let [failures, isDown] = [0, true]
  const atStep: AtStep = (step, _nth, changes) => {
    const name = settles.includes(step) ? 'settles' : step
    if (name === 'events' && isDown) {
      failures++
      throw failure('the connection to the database was lost')
    }
    if ((name === 'commit' || name === 'answer') && changes === 0) return
    if (!left.delete(name)) return
    failures++
    throw failure('the connection to the database was lost')
  }
  const line = shop.line(t, bench, { atStep })
  for (const event of eventsFor(t, 5, keys)) shop.store.add([event])
  const { got: running, error } = await t.attemptLater(() => shop.relay(subject, line))
  t.check(error === undefined, 'notStarted', { message: error?.message ?? '' })
  await t.until(() => false, { ms: awayMs })
  isDown = false
  await shop.sent(t, [line], { ms: backMs, mayIdle: false })
  const before = missing(shop.rows, await shop.read(bench)).length
  const later = shop.store.add(eventsFor(t, 3, keys))
  await shop.sent(t, [line], { mayIdle: false })
  const late = missing(later, await shop.read(bench)).length
  await shop.sent(t, [line], { ms: backMs, mayIdle: false })
  const { rows } = shop
  const records = await shop.read(bench)
  const lost = missing(rows, records)
  t.inFlight(failures, 1)
  t.check(lost.length === 0, 'databaseFails', { count: lost.length, wanted: rows.length, failures }, () =>
    sides(rows, records, { marked: lost }),
  )
  t.check(before > 0 || late === 0, 'stillSlow', { count: late, wanted: later.length, failures })
  await t.attemptLater(async () => running?.stop())
}

interface Moment {
  readonly shop: Shop
  readonly line: Line
  readonly isThere: () => boolean
}

export const breaksChecks: Checks<BreaksId> = {
  'relay-outage': async (t, subject, bench) => {
    await Promise.all([kafkaAway(t, subject, bench), databaseFails(t, subject, bench)])
  },

  'relay-crash': async (t, _subject, bench) => {
    const first = await instance<Outbox>(t, bench, { name: { en: 'The first run', ru: 'Первый запуск' } })
    const begin = async (atStep: AtStep = () => {}) => {
      const shop = await Shop.open(t, bench, 2)
      shop.store.add(eventsFor(t, 9, t.dice.freshWords(3)))
      return { shop, line: shop.line(t, bench, { instance: first, atStep }) }
    }
    const held = async (what: 'hold-request' | 'hold-answer'): Promise<Moment> => {
      const { shop, line } = await begin()
      const point = line.client.at('Produce', {}, what)
      return { shop, line, isThere: () => point.isReached }
    }
    const unmarked = async (): Promise<Moment> => {
      let [hasSettled, isHeld] = [false, false]
      const { shop, line } = await begin((step, _nth, changes) => {
        hasSettled ||= settles.includes(step)
        if (step !== 'commit' || !hasSettled || changes === 0) return
        isHeld = true
        return never()
      })
      return { shop, line, isThere: () => isHeld }
    }
    const [onTheWay, unheard, unmarkedOne] = await Promise.all([
      held('hold-request'),
      held('hold-answer'),
      unmarked(),
    ])
    const moments = [onTheWay, unheard, unmarkedOne]
    for (const { shop, line } of moments) await shop.relay(first.subject, line)
    await t.until(() => moments.every(({ shop, isThere }) => isThere() || shop.store.unsent.length === 0))
    await t.quiet(() => moments.reduce((sum, { shop }) => sum + shop.store.moves, 0), settleMs)
    t.inFlight(onTheWay.line.client.asked('Produce').length, 1)
    const settledThen = onTheWay.shop.store.settled.size
    for (const { line } of moments) line.connection.end()
    await first.crash()

    const second = await instance<Outbox>(t, bench, { name: { en: 'The second run', ru: 'Второй запуск' } })
    await Promise.all(
      moments.map(async ({ shop }) => {
        const line = shop.line(t, bench, { instance: second })
        await shop.relay(second.subject, line)
        await shop.sent(t, [line])
      }),
    )
    for (const moment of moments) {
      const { shop } = moment
      const { rows } = shop
      const records = await shop.read(bench)
      const lost = missing(rows, records)
      const picture = () => sides(rows, records, { marked: lost })
      const facts = { count: lost.length, wanted: rows.length }
      moment.line.client.isAsked()
      t.check(lost.length === 0 || moment !== onTheWay || settledThen === 0, 'lostInFlight', facts, picture)
      t.check(lost.length === 0, 'lost', facts, picture)
      const fault = idFault(rows, records)
      t.check(fault?.kind !== 'newId', 'newId', {
        row: fault?.row.id ?? '',
        one: fault?.kind === 'newId' ? fault.ids[0] : '',
        other: fault?.kind === 'newId' ? fault.ids[1] : '',
      })
      const found = outOfOrder(rows, records)
      t.check(found === undefined, 'order', { key: found?.row.key ?? '' }, () =>
        sides(rows, records, { key: found?.row.key, marked: found === undefined ? [] : [found.row] }),
      )
    }
  },

  stop: async (t, subject, bench) => {
    const shop = await Shop.open(t, bench, 1)
    const { store } = shop
    const keys = t.dice.freshWords(2)
    store.add(eventsFor(t, 3, keys))
    const gate = t.gate()
    let isSent = () => false
    const atStep: AtStep = (step, _nth, changes) =>
      step === 'commit' && changes > 0 && isSent() ? gate.pass() : undefined
    const line = shop.line(t, bench, { atStep })
    const { client } = line
    const point = client.at('Produce', {}, 'hold-answer')
    isSent = () => point.isReached
    const running = await shop.relay(subject, line)
    // Without acks there is no answer that could be waited for.
    const isSentOff = () => client.asked('Produce').length > 0 && store.unsent.length === 0
    await t.until(() => point.isReached || isSentOff())
    t.inFlight(client.asked('Produce').length, 1)
    const stopping = running.stop()
    const waited = await t.until(() => false, { during: stopping, ms: waitMs })
    t.check(waited === 'late' || !point.isReached, 'early')
    point.release()
    const marks = await t.until(() => gate.waiting > 0, { during: stopping })
    t.check(marks !== 'ended' || store.settled.size > 0, 'earlyMark')
    const waitedOn = await t.until(() => false, { during: stopping, ms: waitMs })
    t.check(gate.waiting === 0 || waitedOn === 'late', 'earlyMark')
    gate.open()
    await stopping
    const before = await shop.read(bench)
    const confirmed = shop.rows.filter((row) => missing([row], before).length === 0)
    const open = confirmed.filter(({ id }) => !store.settled.has(id))
    t.check(open.length === 0, 'unmarked', { count: open.length, wanted: confirmed.length })

    const sent = client.asked('Produce').length
    const later = store.add(eventsFor(t, 2, keys))
    await t.until(() => client.openSockets() === 0, { ms: closedMs })
    const count = client.openSockets()
    await t.quiet(() => client.asked('Produce').length, waitMs)
    t.check(client.asked('Produce').length === sent, 'afterwards', { count: later.length })
    t.check(count === 0, 'open', { count })
    const next = shop.line(t, bench)
    const again = await shop.relay(subject, next)
    await shop.sent(t, [next])
    await t.attemptLater(() => again.stop())
    const [rows, records] = [shop.rows, await shop.read(bench)]
    const twice = repeated(rows, records)
    t.check(twice.length === 0, 'twice', { count: twice.length }, () =>
      sides(rows, records, { marked: twice }),
    )
    const lost = missing(rows, records)
    t.check(lost.length === 0, 'missing', { count: lost.length, wanted: rows.length }, () =>
      sides(rows, records, { marked: lost }),
    )
  },
}
