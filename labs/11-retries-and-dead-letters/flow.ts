/** Lab 11: the way of a record whose handling fails: aside, back after its delay, and at last to the dead letters. */
import { show } from '../engine/show.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, factsOf, type Known } from './desk.ts'
import { outOfOrder, placeName, repeated } from './history.ts'
import { type Checks, hourMs, type Received } from './subject.ts'

type FlowId = 'goes-on' | 'stages' | 'permanent'

/** A timer may fire that much early, ms. */
const earlyMs = 3
/** So long a slow handler takes, ms. */
const handleMs = 400

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const placeIn = (received: Partial<Received> | undefined) => `${received?.partition}:${received?.offset}`

export const flowChecks: Checks<FlowId> = {
  'goes-on': async (t, subject, bench) => {
    const desk = await Desk.open(t, bench, { partitions: 2, delays: [hourMs], counts: [3] })
    const [one, other] = t.dice.shuffle([0, 1, 2]).filter((partition) => partition < 2) as [number, number]
    const plain = (partition: number, fails = 0) => ({ partition, key: t.dice.freshWord(), fails })
    const first = await desk.send([
      plain(one),
      plain(one),
      plain(one, 99),
      plain(one),
      { partition: one, fails: 99 },
      ...[1, 2, 3].map(() => plain(one)),
      ...[1, 2].map(() => plain(other)),
    ])
    const failing = first.filter(({ fails = 0 }) => fails > 0)
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const isCalled = (record: Known) => desk.calls(record).length > 0
    const isWrong = () =>
      failing.some((record) => desk.calls(record).length > 2) || repeated(desk.history.calls) !== undefined
    await desk.goesOn(client, () => first.every(isCalled) || isWrong())

    const odd = desk.received.find((received) => desk.recordOf(received) === undefined)
    t.check(odd === undefined, 'shape', { got: show(odd) })
    const held = first.find((record) => !isCalled(record))
    const blocker =
      failing.findLast((record) => isCalled(record) && record.partition === held?.partition) ??
      failing.findLast(isCalled)
    const facts = {
      count: first.filter((record) => !isCalled(record)).length,
      place: blocker === undefined ? '' : placeName(blocker),
      times: blocker === undefined ? 0 : desk.calls(blocker).length,
    }
    t.check(held === undefined || blocker !== undefined, 'never', { count: facts.count })
    t.check(held === undefined, 'blocked', facts, () => desk.picture(blocker === undefined ? [] : [blocker]))
    const retry = desk.options.retries[0]?.topic ?? ''
    const inPlace =
      desk.sentTo(client, retry) > 0 ? undefined : failing.find((record) => desk.calls(record).length > 1)
    const again = {
      ...factsOf(inPlace ?? (failing[0] as Known)),
      times: inPlace === undefined ? 0 : desk.calls(inPlace).length,
    }
    t.check(inPlace === undefined, 'inPlace', again, () =>
      desk.picture(inPlace === undefined ? [] : [inPlace]),
    )
    const twice = repeated(desk.history.calls)
    t.check(twice === undefined, 'twice', { place: twice === undefined ? '' : placeName(twice) }, () =>
      desk.picture(twice === undefined ? [] : [twice]),
    )
    const wrongOrder = outOfOrder(desk.history.calls)
    t.check(wrongOrder === undefined, 'order', {
      place: wrongOrder === undefined ? '' : placeName(wrongOrder),
    })
    const misplaced = desk.received.find(
      (received) => placeIn(received) !== placeName(desk.recordOf(received) as Known),
    )
    t.check(misplaced === undefined, 'place', {
      got: placeIn(misplaced),
      place: misplaced === undefined ? '' : placeName(desk.recordOf(misplaced) as Known),
    })
    const counted = desk.history.calls.find((call) => desk.calls(call)[0] === call && call.attempt !== 1)
    t.check(counted === undefined, 'attempt', { got: show(counted?.attempt) })

    await t.until(() => desk.sentTo(client, retry) >= failing.length, { ms: 1_000 })
    const copies = await desk.copies(retry)
    const missing = failing.find((record) => !copies.some(({ of }) => of === record))
    t.check(missing === undefined, 'notCopied', {
      place: missing === undefined ? '' : placeName(missing),
      topic: retry,
      got: copies.length,
    })
    const needless = copies.find(({ of }) => of === undefined || !failing.includes(of))
    t.check(needless === undefined && copies.length === failing.length, 'copiedMore', {
      got: copies.length,
      wanted: failing.length,
      topic: retry,
    })
    await t.quiet(() => client.asked('OffsetCommit').length, 100)
    const beats = client.asked('Heartbeat').length
    const later = await desk.send([plain(one), plain(other), plain(one)])
    await desk.goesOn(client, () => later.every(isCalled))
    const isAsleep = !later.some(isCalled) && client.asked('Heartbeat').length === beats
    t.check(!isAsleep, 'asleep', { topic: retry, seconds: desk.stillMs / 1_000 })
    t.check(later.some(isCalled), 'waitsWith', { topic: retry, seconds: desk.stillMs / 1_000 })
    t.check(later.every(isCalled), 'laterMissing', {
      wanted: later.length,
      got: later.filter(isCalled).length,
    })
    await t.attemptLater(() => running.stop())
  },

  stages: async (t, subject, bench) => {
    const delays = t.dice.shuffle([t.dice.int(90, 120), t.dice.int(620, 680), t.dice.int(150, 180)])
    const slowAt = delays.indexOf(Math.max(...delays)) + 1
    const takesTime = ({ attempt }: { readonly attempt?: unknown }) =>
      attempt === slowAt ? pause(handleMs) : undefined
    const desk = await Desk.open(t, bench, { partitions: 2, delays, counts: [1, 3, 2] })
    const records = await desk.send([
      { partition: 0, key: t.dice.freshWord(), fails: 1 },
      { partition: 1, fails: 99 },
      // A handler may take its time before the longest delay, which begins when the record is copied. And an error may have any name.
      { partition: 0, key: t.dice.freshWord(), fails: 3, meanwhile: takesTime },
      { partition: 1, key: t.dice.freshWord(), fails: 3, named: 'SyntaxError' },
      { partition: 0, key: t.dice.freshWord() },
    ])
    const callsMax = delays.length + 1
    const wantedCalls = ({ fails = 0 }: Known) => Math.min(fails + 1, callsMax)
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const isThrough = () =>
      records.every((record) => desk.history.isSettled(record)) && desk.sentTo(client, desk.options.dead) > 0
    const tooOften = () => records.find((record) => desk.calls(record).length > callsMax)
    await desk.goesOn(client, () => isThrough() || tooOften() !== undefined)
    await t.quiet(() => desk.history.moves, 80)

    const endless = tooOften()
    t.check(
      endless === undefined,
      'forever',
      {
        ...factsOf(endless ?? (records[0] as Known)),
        times: endless === undefined ? 0 : desk.calls(endless).length,
        retries: delays.length,
      },
      () => desk.picture(endless === undefined ? [] : [endless]),
    )
    for (const record of records)
      for (const [i, call] of desk.calls(record).entries()) {
        const before = desk.calls(record)[i - 1]
        const delay = delays[i - 1]
        if (before === undefined || delay === undefined) continue
        const waited = call.began - before.ended
        const facts = { place: placeName(record), nth: i + 1, waited: Math.round(waited), delay }
        t.check(waited >= delay - earlyMs, 'early', facts)
      }
    const topics = [...desk.options.retries.map(({ topic }) => topic), desk.options.dead]
    for (const [i, topic] of topics.entries()) {
      const copies = await desk.copies(topic)
      const hasFailed = (record: Known) =>
        desk.calls(record).filter(({ ending }) => ending !== 'done').length > i
      const missing = records.find((record) => hasFailed(record) && !copies.some(({ of }) => of === record))
      const facts = { place: missing === undefined ? '' : placeName(missing), topic, times: i + 1 }
      const isNamed =
        missing?.named !== undefined &&
        (await desk.copies(desk.options.dead)).some(({ of }) => of === missing)
      t.check(!isNamed, 'byName', { ...facts, name: missing?.named ?? '' })
      t.check(missing === undefined, topic === desk.options.dead ? 'notDead' : 'elsewhere', facts)
    }
    const short = records.find((record) => !desk.history.isSettled(record))
    t.check(
      short === undefined,
      'stuck',
      {
        place: short === undefined ? '' : placeName(short),
        times: short === undefined ? 0 : desk.calls(short).length,
        wanted: short === undefined ? 0 : wantedCalls(short),
      },
      () => desk.picture(short === undefined ? [] : [short]),
    )
    for (const [i, topic] of topics.entries()) {
      const copies = await desk.copies(topic)
      const wanted = records.filter(({ fails = 0 }) => fails > i).length
      t.check(copies.length === wanted, 'copiedMore', { topic, got: copies.length, wanted })
    }
    const misplaced = desk.received.find(
      (received) => placeIn(received) !== placeName(desk.recordOf(received) as Known),
    )
    t.check(misplaced === undefined, 'place', {
      got: placeIn(misplaced),
      place: misplaced === undefined ? '' : placeName(desk.recordOf(misplaced) as Known),
      topic: desk.options.topic,
    })
    const miscounted = records.flatMap((record) =>
      desk
        .calls(record)
        .flatMap(({ attempt }, i) => (attempt === i + 1 ? [] : [{ record, nth: i + 1, attempt }])),
    )[0]
    t.check(miscounted === undefined, 'attempt', {
      place: miscounted === undefined ? '' : placeName(miscounted.record),
      nth: miscounted?.nth ?? 0,
      got: show(miscounted?.attempt),
    })
    await t.attemptLater(() => running.stop())
  },

  permanent: async (t, subject, bench) => {
    const plain = await Desk.open(t, bench, { delays: [] })
    const desk = await Desk.open(t, bench, { delays: [0, t.dice.int(100, 130)] })
    const fates = [{ poisonAt: 1 }, { fails: 1, poisonAt: 2 }, {}]
    const records = await desk.send(fates.map((fate) => ({ ...fate, key: t.dice.freshWord() })))
    const [tried] = (await plain.send([{ fails: 99 }, {}])) as [Known, Known]
    const [client, other] = [learnerClient(t, bench), learnerClient(t, bench)]
    const running = await Promise.all([
      subject.consumeWithRetries(client.kafka, desk.options, desk.handle()),
      subject.consumeWithRetries(other.kafka, plain.options, plain.handle()),
    ])
    const often = () => records.find((record, i) => desk.calls(record).length > (fates[i]?.poisonAt ?? 1))
    await desk.goesOn(client, () => often() !== undefined || desk.sentTo(client, desk.options.dead) >= 2)
    await t.quiet(() => desk.history.moves, 100)
    const again = often()
    t.check(again === undefined, 'retried', {
      place: again === undefined ? '' : placeName(again),
      times: again === undefined ? 0 : desk.calls(again).length,
    })
    const dead = await desk.copies(desk.options.dead)
    for (const record of records.slice(0, 2)) {
      const facts = { place: placeName(record), topic: desk.options.dead }
      t.check(desk.history.isSettled(record), 'never', facts)
      t.check(
        dead.some(({ of }) => of === record),
        'notDead',
        facts,
      )
    }
    const [first, second] = desk.options.retries.map(({ topic }) => topic)
    const inFirst = await desk.copies(first ?? '')
    const inSecond = await desk.copies(second ?? '')
    const stray =
      inFirst.find(({ of }) => of === records[0])?.of ?? inSecond.find(({ of }) => of === records[1])?.of
    t.check(stray === undefined, 'copiedMore', {
      place: stray === undefined ? '' : placeName(stray),
      topic: (stray === records[0] ? first : second) ?? '',
    })
    await plain.goesOn(
      other,
      () => plain.sentTo(other, plain.options.dead) > 0 && plain.calls(tried).length > 0,
    )
    const left = await plain.copies(plain.options.dead)
    t.check(
      left.some(({ of }) => of === tried),
      'noStages',
      { place: placeName(tried), topic: plain.options.dead },
    )
    await Promise.all(running.map((one) => t.attemptLater(() => one.stop())))
    // Again, now that the group has committed something.
    const next = learnerClient(t, bench)
    const [later] = (await plain.send([{}])) as [Known]
    const restarted = await subject.consumeWithRetries(next.kafka, plain.options, plain.handle())
    await plain.goesOn(next, () => plain.calls(later).length > 0)
    t.check(plain.calls(later).length > 0, 'notAgain', { place: placeName(later) })
    await t.attemptLater(() => restarted.stop())
  },
}
