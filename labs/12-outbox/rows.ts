/**
 * Lab 12: what else happens in the outbox while a relay works on it: transactions that commit late, and a second relay.
 *
 *   id 7 added   id 8 added   8 committed   8 sent   7 committed         "all after 8" never finds 7
 *   8 is being sent   7 committed   8 marked                             "all up to 8" marks 7, which was never sent
 */
import { instance } from '../engine/instance.ts'
import { missing, outOfOrder, repeated, sides } from './judge.ts'
import { eventsFor, Shop } from './shop.ts'
import type { AtStep } from './store.ts'
import { type Checks, type Outbox, sentMs } from './subject.ts'

type RowsId = 'relay-late' | 'relay-together'

/** What a second relay may do while the first one sends, it has done by then, ms. */
const turnMs = 250
const turnMsMax = 2_500
/** So many ids lie between a row that is late and those that were sent before it: transactions that were rolled back have taken them. */
const goneIds = 1_200

export const rowsChecks: Checks<RowsId> = {
  'relay-late': async (t, subject, bench) => {
    const shop = await Shop.open(t, bench, 2)
    const { store } = shop
    const keys = t.dice.freshWords(4)
    const [own, ...others] = keys
    // While it is busy here, each look finds a row that was not there at the look before.
    let [isBusy, stream, word] = [false, 0, t.dice.freshWord()]
    const atStep: AtStep = (step) => {
      if (step !== 'events' || !isBusy) return
      store.add([{ key: others[1] ?? '', value: `${word} ${++stream}` }])
    }
    const line = shop.line(t, bench, { atStep })
    // Two transactions are open while rows with higher ids are committed. Each has a key of its own.
    const [slow, slower] = [store.begin(), store.begin()]
    const [oneOfSlow] = eventsFor(t, 1, [own ?? ''])
    const [oneOfSlower] = eventsFor(t, 1, [others[0] ?? ''])
    const slowId = store.addEvent(slow, oneOfSlow ?? { key: '', value: '' })
    const slowerId = store.addEvent(slower, oneOfSlower ?? { key: '', value: '' })
    const gone = store.begin()
    for (let i = 0; i < goneIds; i++) store.addEvent(gone, { key: '', value: '' })
    store.rollBack(gone)
    store.add(eventsFor(t, 4, others.slice(1)))
    const running = await shop.relay(subject, line)
    const atFirst = await shop.sent(t, [line])
    t.check(atFirst === 'through', 'never', { count: store.unsent.length })

    isBusy = true
    await t.until(() => stream >= 2)
    const highest = Math.max(...store.settled)
    store.commit(slow)
    const wasSent = await t.until(() => store.settled.has(slowId), { ms: sentMs })
    isBusy = false
    await shop.sent(t, [line])
    const judge = async (id: number, says: 'skipped' | 'overrun') => {
      const [rows, records] = [shop.rows, await shop.read(bench)]
      const row = rows.find((one) => one.id === id)
      const isLost = row !== undefined && missing([row], records).length > 0
      const marked = row === undefined ? [] : [row]
      const picture = () => sides(rows, records, { marked })
      const isSettled = store.settled.has(id)
      t.check(!isLost || !isSettled, 'settled', { row: id, highest }, picture)
      t.check(!isLost, says, { row: id, highest }, picture)
    }
    await judge(slowId, 'skipped')
    t.check(wasSent === 'holds', 'starved', { row: slowId, count: stream })

    const { client } = line
    const sent = client.asked('Produce').length
    const point = client.at('Produce', {}, 'hold-answer')
    store.add(eventsFor(t, 2, others.slice(1)))
    await t.until(() => point.isReached)
    t.inFlight(client.asked('Produce').length - sent, 1)
    store.commit(slower)
    point.release()
    await shop.sent(t, [line])
    await t.attemptLater(() => running.stop())
    await judge(slowerId, 'overrun')
  },

  'relay-together': async (t, _subject, bench) => {
    const shop = await Shop.open(t, bench, 2)
    const { store } = shop
    const keys = t.dice.freshWords(3)
    store.add(eventsFor(t, 8, keys))
    const first = await instance<Outbox>(t, bench, { name: { en: 'The first relay', ru: 'Первый relay' } })
    const second = await instance<Outbox>(t, bench, { name: { en: 'The second relay', ru: 'Второй relay' } })
    // The first one gets no further while its records are on their way, also if it does not wait for the broker.
    const gate = t.gate()
    let isOnTheWay = () => false
    const atStep: AtStep = (step) => (step === 'events' && isOnTheWay() ? gate.pass() : undefined)
    const one = shop.line(t, bench, { instance: first, atStep })
    const point = one.client.at('Produce', {}, 'hold-request')
    isOnTheWay = () => point.isReached
    const running = [await shop.relay(first.subject, one)]
    await t.until(() => point.isReached)
    t.inFlight(point.isReached ? 1 : 0, 1)
    const two = shop.line(t, bench, { instance: second })
    running.push(await shop.relay(second.subject, two))
    // More rows of the same keys, while the first ones are on their way.
    store.add(eventsFor(t, 6, keys))
    const hadItsTurn = () =>
      two.connection.open > 0 || two.connection.emptyAnswers > 0 || two.client.answered('Produce').length > 0
    await t.until(hadItsTurn, { ms: turnMsMax })
    await t.quiet(() => two.client.asked('Produce').length, turnMs)
    point.release()
    gate.open()
    await shop.sent(t, [one, two])
    await Promise.all(running.map((relay) => t.attemptLater(() => relay.stop())))

    const { rows } = shop
    const records = await shop.read(bench)
    t.inFlight(two.connection.begun, 1)
    const lost = missing(rows, records)
    t.check(lost.length === 0, 'missing', { count: lost.length, wanted: rows.length }, () =>
      sides(rows, records, { marked: lost }),
    )
    const found = outOfOrder(rows, records)
    t.check(
      found === undefined,
      'order',
      { key: found?.row.key ?? '', row: found?.row.id ?? '', before: found?.before.id ?? '' },
      () => sides(rows, records, { key: found?.row.key, marked: found === undefined ? [] : [found.row] }),
    )
    const twice = repeated(rows, records)
    t.check(twice.length === 0, 'twice', { count: twice.length, wanted: rows.length }, () =>
      sides(rows, records, { marked: twice }),
    )
  },
}
