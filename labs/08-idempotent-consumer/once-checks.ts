/** Lab 08: the consumer while nothing crashes: what it gives to `handle`, duplicates of the producer, replays, its memory. */
import { compareTable } from '../engine/picture.ts'
import { show, showText } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import {
  type Call,
  Desk,
  eventsFor,
  lives,
  placeIn,
  placeName,
  type Sent,
  send,
  someHoursAgo,
} from './desk.ts'
import { keptIds, newIds } from './oracle.ts'
import { type Checks, type Place, type Received, stepMs } from './subject.ts'

type OnceId = 'all' | 'resent' | 'replay' | 'bounded' | 'groups'

/** So long the first call of a partition takes, unless a second one of the same partition begins meanwhile, ms. */
const firstMsMax = 200
const tickMs = 10
/** In a replay, so long a call waits for another partition that does not move, ms. */
const apartMsMax = 150
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const firstOf = (places: readonly Place[]) => (places[0] === undefined ? '' : placeName(places[0]))

/** Texts that lose something on the way if one is not careful. */
function hardTexts(t: Trial<string>, lengthMax: number): string[] {
  const { dice } = t
  return [
    ` ${dice.freshWord()} `,
    `${dice.freshWord()}\r\n`,
    `\ufeff${dice.freshWord()}`,
    `${dice.freshWord()}e\u0301`,
    `${dice.freshForeignWord()}😀`,
    `"${dice.freshWord()}"`,
    'null',
    dice.freshWord().repeat(lengthMax).slice(0, lengthMax),
  ]
}

/** Calls that began while an earlier one of their partition was open, and before its changes were saved. */
class Watch {
  together: { readonly earlier: Call; readonly later: Call } | undefined
  unsaved: { readonly earlier: Call; readonly later: Call } | undefined
  readonly #desk: Desk

  constructor(desk: Desk) {
    this.#desk = desk
  }

  readonly look = (_place: Place, later: Call): void => {
    const saved = new Set(this.#desk.rows.values())
    const before = this.#desk.calls.filter(
      (one) => one !== later && one.partition === later.partition && one.life === later.life,
    )
    const open = before.find(({ ending }) => ending === 'open')
    if (open !== undefined) this.together ??= { earlier: open, later }
    const unsaved = before.find((one) => one.ending === 'given' && !saved.has(placeName(one)))
    if (unsaved !== undefined) this.unsaved ??= { earlier: unsaved, later }
  }
}

export const onceChecks: Checks<OnceId> = {
  all: async (t, subject, bench) => {
    const { dice } = t
    const [hard, trimmed, empty, few] = dice.shuffle([0, 1, 2, 3]) as [number, number, number, number]
    const topic = await bench.topic(dice.freshWord(), 4)
    const below = dice.int(2, 3)
    let atMs = someHoursAgo()
    const sent = (partition: number, offset: number, texts: Partial<Sent> = {}): Sent => {
      atMs += dice.int(1, 90)
      return {
        partition,
        offset,
        id: dice.freshWord(),
        timestamp: atMs,
        key: offset % 3 === 0 ? null : dice.freshWord(),
        value: dice.freshWord(),
        ...texts,
      }
    }
    const [ids, keys, values] = [hardTexts(t, 30), hardTexts(t, 1_000), hardTexts(t, 100_000)]
    const texts = [
      ...ids.map((id, i) => ({ id, key: keys.at(i - 3) ?? null, value: values.at(i - 5) ?? '' })),
      { key: '', value: '' },
    ]
    const before = [
      ...texts.map((text, offset) => sent(hard, offset, text)),
      ...Array.from({ length: 7 }, (_, offset) => sent(trimmed, offset)),
      ...[0, 1].map((offset) => sent(few, offset)),
    ]
    await send(bench, topic, before)
    await bench.trim(topic, trimmed, below)
    const later = [sent(empty, 0), sent(empty, 1), sent(few, 2)]
    const events = [...before.filter((one) => one.partition !== trimmed || one.offset >= below), ...later]
    const desk = new Desk({
      group: bench.topicName(dice.freshWord()),
      topic,
      keepMs: dice.freshInt(60_000, 600_000),
      events,
    })
    const watch = new Watch(desk)
    const client = learnerClient(t, bench)
    const inHard = () => desk.calls.filter(({ partition }) => partition === hard).length
    const options = desk.options(
      async (place, call) => {
        watch.look(place, call)
        if (place.partition !== hard || place.offset !== 0) return
        for (let ms = 0; ms < firstMsMax && inHard() === 1; ms += tickMs) await pause(tickMs)
      },
      { before: () => pause(2) },
    )
    const running = await subject.consumeOnce(client.kafka, topic, desk.group, options)
    const present = events.slice(0, -later.length)
    const uncalled = (wanted: readonly Sent[]) => {
      const called = new Set(desk.calls.map(placeName))
      return wanted.filter((one) => !called.has(placeName(one)))
    }
    const isWrong = () => watch.together !== undefined || watch.unsaved !== undefined
    const isSaved = (wanted: readonly Sent[]) => {
      const effects = desk.effects()
      return wanted.every((one) => effects.has(placeName(one)))
    }
    await desk.readOn(t, client, () => isWrong() || isSaved(present))
    const atFirst = uncalled(present)
    if (atFirst.length === 0 && !isWrong()) {
      await send(bench, topic, later)
      await t.until(() => isWrong() || isSaved(events), { ms: stepMs })
    }
    await t.attemptLater(() => running.stop())

    const [odd] = desk.received.filter((record) => {
      const { partition, offset } = placeIn(record)
      return Number.isNaN(partition + offset)
    })
    t.check(odd === undefined, 'shape', { got: show(odd) })
    const pair = (one: { readonly earlier: Call; readonly later: Call } | undefined) =>
      one === undefined ? {} : { earlier: placeName(one.earlier), later: placeName(one.later) }
    const { together, unsaved } = watch
    t.check(together === undefined, 'together', pair(together), () =>
      lives(desk, hard, together === undefined ? [] : [together.later]),
    )
    t.check(unsaved === undefined, 'unsaved', pair(unsaved), () =>
      lives(desk, unsaved?.later.partition ?? hard, unsaved === undefined ? [] : [unsaved.later]),
    )
    t.check(desk.calls.length > 0 || client.recordsCame() > 0, 'fromNowOn', { wanted: present.length })
    const backwards = desk.calls.find((call, i) =>
      desk.calls.slice(0, i).some((one) => one.partition === call.partition && one.offset > call.offset),
    )
    t.check(backwards === undefined, 'order', { place: firstOf(backwards === undefined ? [] : [backwards]) })
    t.check(atFirst.length === 0, 'missing', {
      got: present.length - atFirst.length,
      wanted: present.length,
      place: firstOf(atFirst),
    })
    t.check(uncalled(later).length === 0, 'laterMissing', { wanted: later.length })
    const { lost, doubled } = desk
    t.check(lost.length === 0, 'notSaved', { count: lost.length, place: firstOf(lost) })
    t.check(doubled.length === 0, 'twice', { count: doubled.length, place: firstOf(doubled) })
    t.check(desk.strangeNames.length === 0, 'strange', { name: showText(desk.strangeNames[0] ?? '') })
    const received = new Map(desk.received.map((record) => [placeName(placeIn(record)), record]))
    const fields = ['timestamp', 'id', 'key', 'value'] as const
    const rows = events.flatMap((event) => {
      const got: Partial<Received> = received.get(placeName(event)) ?? {}
      return fields
        .filter((field) => got[field] !== event[field])
        .map((field) => ({ left: [field], expected: show(event[field]), got: show(got[field]) }))
    })
    t.check(rows.length === 0, 'differs', { count: rows.length }, () =>
      compareTable(rows, [{ en: 'what', ru: 'что' }], 5),
    )
  },

  resent: async (t, subject, bench) => {
    const { dice } = t
    const keepMs = dice.freshInt(2_000, 90_000)
    const startMs = someHoursAgo()
    const [here, there, third] = dice.shuffle([0, 1, 2]) as [number, number, number]
    const topic = await bench.topic(dice.freshWord(), 3)
    const [one, two, three, four, five] = dice.freshWords(5) as [string, string, string, string, string]
    const record = (partition: number, offset: number, id: string, ms: number): Sent => ({
      partition,
      offset,
      id,
      timestamp: startMs + ms,
      key: dice.pick([null, id, dice.freshWord()]),
      value: dice.freshWord(),
    })
    // Another partition is far ahead in time: that is no reason to forget anything in this one.
    const ahead = [record(there, 0, dice.freshWord(), 100 * keepMs)]
    const aheadAgain = ahead.map(({ id }) => record(there, 1, id, 100 * keepMs + 1))
    const half = Math.floor(keepMs / 2)
    const told = [
      [one, 0],
      [one, 0], // a retry of the producer: all is equal, but the offset
      [two, 7],
      [one, half], // another attempt of the program, a while later
      [`${two} `, half + 1],
      [`${two}e\u0301`, half + 2],
      [`${two}\u00e9`, half + 3],
      [two, 8], // late: its timestamp lies before that of others
      [one, keepMs - 1],
      [one, keepMs], // forgotten
      [three, keepMs + 3],
      [two, keepMs + 6],
      [two, keepMs + 7], // forgotten
      [one, 2 * keepMs - 1],
      [three, 2 * keepMs],
      [four, 4 * keepMs],
      [five, 4 * keepMs + half],
      [five, 5 * keepMs + 2], // a duplicate, and yet it moves the time on
      [four, 5 * keepMs - 3], // forgotten: the duplicate has seen to that
    ] as const
    const records = told.map(([id, ms], offset) => record(here, offset, id, ms))
    const isNew = newIds(keepMs, records)
    const calm = eventsFor(t, [3]).map((event) => ({ ...event, partition: third }))
    const events = [...ahead, ...calm, ...records.filter((_, i) => isNew[i])]
    const desk = new Desk({
      group: bench.topicName(dice.freshWord()),
      topic,
      keepMs,
      events,
      duplicates: [...aheadAgain, ...records.filter((_, i) => !isNew[i])],
    })
    const client = learnerClient(t, bench)
    await send(bench, topic, [...ahead, ...aheadAgain, ...calm])
    const running = await subject.consumeOnce(client.kafka, topic, desk.group, desk.options())
    await desk.readOn(t, client, () => desk.effects().size === 1 + calm.length)
    await send(bench, topic, records)
    await desk.readOn(t, client, () => desk.handledDuplicates.length > 0)
    await t.attemptLater(() => running.stop())

    const picture = (marked: readonly Place[]) => () => lives(desk, here, marked)
    const called = new Set(desk.calls.map(placeName))
    const dups = desk.handledDuplicates
    const dup = dups.find(({ partition }) => partition === here) ?? dups[0]
    const original =
      dup?.partition === there
        ? ahead[0]
        : records.findLast((record, i) => isNew[i] && record.id === dup?.id && record.offset < dup.offset)
    // One time for all partitions: the duplicate ahead is known, and all that lies behind is forgotten at once.
    const isForAll =
      dup?.partition === here &&
      dup.timestamp === original?.timestamp &&
      !called.has(placeName(aheadAgain[0] ?? dup))
    t.check(
      dup === undefined,
      isForAll ? 'forAll' : 'dup',
      {
        place: firstOf(dup === undefined ? [] : [dup]),
        first: firstOf(original === undefined ? [] : [original]),
        ms: (dup?.timestamp ?? 0) - (original?.timestamp ?? 0),
        keepMs,
        ahead: placeName(aheadAgain[0] ?? ahead[0] ?? { partition: there, offset: 0 }),
      },
      picture(dup === undefined ? [] : [dup]),
    )
    const missing = events.filter((event) => !called.has(placeName(event)))
    const [first] = missing
    const before = records.findLast(
      (record, i) => isNew[i] && record.id === first?.id && record.offset < first.offset,
    )
    const facts = {
      place: firstOf(missing),
      first: firstOf(before === undefined ? [] : [before]),
      ms: (first?.timestamp ?? 0) - (before?.timestamp ?? 0),
      keepMs,
      id: showText(first?.id ?? ''),
    }
    // The last one is forgotten because of a duplicate: its own timestamp says too little.
    const isMoved = before !== undefined && facts.ms < keepMs
    const moved = { ...facts, mover: placeName({ partition: here, offset: (first?.offset ?? 1) - 1 }) }
    t.check(missing.length === 0 || !isMoved, 'movedOn', moved)
    t.check(missing.length === 0, before === undefined ? 'other' : 'forgotten', facts)
    t.check(desk.lost.length === 0, 'notSaved', { place: firstOf(desk.lost), count: desk.lost.length })
    t.check(desk.doubled.length === 0, 'twice', { place: firstOf(desk.doubled) })
  },

  replay: async (t, subject, bench) => {
    const { dice } = t
    const keepMs = dice.freshInt(30_000, 90_000)
    const lengths = dice.shuffle([9, 5, 0])
    const long = lengths.indexOf(9)
    const topic = await bench.topic(dice.freshWord(), lengths.length)
    // Each is long forgotten when the next one comes; one comes twice.
    const events = eventsFor(t, lengths).map((event, i) => ({
      ...event,
      timestamp: event.timestamp + i * 3 * keepMs,
    }))
    const last = events.findLast(({ partition }) => partition === long) as Sent
    const dup = { ...last, offset: 9, timestamp: last.timestamp + 1 }
    const next = { ...last, offset: 10, id: dice.freshWord(), timestamp: last.timestamp + 9 * keepMs }
    const desk = new Desk({
      group: bench.topicName(dice.freshWord()),
      topic,
      keepMs,
      events: [...events, next],
      duplicates: [dup],
    })
    await send(bench, topic, [...events, dup])
    const client = learnerClient(t, bench)
    const short = lengths.indexOf(5)
    const savedIn = (wanted: number) =>
      events.filter((one) => one.partition === wanted && desk.effects().has(placeName(one))).length
    // Where partitions are handled at the same time, the last call of one lasts until the other has come to its end.
    const overlap = async ({ partition, offset }: Place) => {
      if (partition !== short || offset !== 4) return
      for (let [saved, ms] = [-1, 0]; saved < 9 && ms < apartMsMax; ms += tickMs) {
        if (savedIn(long) > saved) [saved, ms] = [savedIn(long), 0]
        await pause(tickMs)
      }
    }
    const running = await subject.consumeOnce(client.kafka, topic, desk.group, desk.options(overlap))
    const ended = await desk.readOn(t, client)
    const calls = desk.calls.length
    t.check(ended === 'idle' && calls >= events.length, 'never', { got: calls, wanted: events.length })
    await running.stop()
    // Offsets of a group can be set when its member has left.
    const leaves = await t.until(() => client.answered('LeaveGroup').length > 0, { ms: stepMs })
    t.check(leaves === 'holds', 'stays')
    const back = dice.int(2, 4)
    await bench.setCommitted(desk.group, topic, { [long]: back, [short]: 0 })
    desk.nextLife()
    const again = learnerClient(t, bench)
    const second = await subject.consumeOnce(again.kafka, topic, desk.group, desk.options())
    await desk.readOn(t, again)
    const handled = desk.calls.filter(({ life }) => life === 2)
    t.check(
      handled.length === 0,
      !desk.remembered.has(2)
        ? 'unremembered'
        : handled.every(({ partition }) => partition === long)
          ? 'overwritten'
          : 'again',
      {
        other: short,
        count: handled.length,
        place: firstOf(handled),
        back: handled[0]?.partition === long ? back : 0,
      },
      () => lives(desk, handled[0]?.partition ?? long, handled),
    )
    await send(bench, topic, [next])
    await t.until(() => desk.lost.length === 0, { ms: stepMs })
    t.check(desk.lost.length === 0, 'after', { place: placeName(next) })
    await t.attemptLater(() => second.stop())
  },

  bounded: async (t, subject, bench) => {
    const { dice } = t
    const keepMs = dice.freshInt(1_000, 9_000)
    const lengths = dice.shuffle([110, 45, 65])
    const crowded = lengths.indexOf(65)
    const topic = await bench.topic(dice.freshWord(), lengths.length)
    const events = eventsFor(t, lengths).map((event, i) => ({
      ...event,
      id: `${dice.freshWord()}-${dice.int(10_000, 99_999)}`,
      // Those of one partition come in a crowd: none is forgotten when the consumer is stopped.
      timestamp: event.timestamp + (event.partition === crowded ? 0 : Math.floor((i * keepMs) / 5)),
    }))
    const latestMs = Math.max(...events.map(({ timestamp }) => timestamp))
    const later = lengths.map((length, partition) => ({
      partition,
      offset: length,
      id: dice.freshWord(),
      timestamp: latestMs + 2 * keepMs,
      key: null,
      value: dice.freshWord(),
    }))
    const all = [...events, ...later]
    const desk = new Desk({ group: bench.topicName(dice.freshWord()), topic, keepMs, events: all })
    const run = async (sent: readonly Sent[], came: readonly Sent[], says: 'large' | 'left') => {
      await send(bench, topic, sent)
      const client = learnerClient(t, bench)
      const running = await subject.consumeOnce(client.kafka, topic, desk.group, desk.options())
      await desk.readOn(t, client)
      await running.stop()
      const done = desk.effects()
      const isDone = came.every((one) => done.has(placeName(one)))
      t.check(isDone, 'never', { got: desk.calls.length, wanted: came.length })
      const keptIn = (partition: number) =>
        keptIds(
          keepMs,
          came.filter((one) => one.partition === partition),
        ).length
      const kept = lengths.reduce((sum, _, partition) => sum + keptIn(partition), 0)
      const max = 1_000 + 100 * kept
      t.check(desk.ownSize <= max, says, { size: desk.ownSize, max, kept, count: came.length })
    }
    await run(events, events, 'large')
    await run(later, all, 'left')
  },

  groups: async (t, subject, bench: KafkaBench) => {
    const { dice } = t
    const topicOf = async (lengths: readonly number[]) => {
      const topic = await bench.topic(dice.freshWord(), lengths.length)
      const events = eventsFor(t, lengths)
      await send(bench, topic, events)
      return { topic, events }
    }
    const [one, two] = [await topicOf(dice.shuffle([4, 7, 0])), await topicOf([3])]
    const [first, second, third] = dice.freshWords(3)
    // Names with spaces at the ends, a byte order mark, and characters of several code units.
    const names = [` ${first}e\u0301😀`, `${second} `, `\ufeff${third}`]
    const shared = learnerClient(t, bench)
    const desks = [one, one, two].map(
      ({ topic, events }, i) =>
        new Desk({
          group: `${names[i]}${bench.topicName('')}`,
          topic,
          keepMs: i === 0 ? 1 : dice.freshInt(600, 90_000),
          events,
        }),
    )
    const clients = [shared, shared, learnerClient(t, bench)]
    const running = await Promise.all(
      desks.map((desk, i) =>
        subject.consumeOnce((clients[i] ?? shared).kafka, desk.topic, desk.group, desk.options()),
      ),
    )
    const isOver = () => desks.every(({ lost }) => lost.length === 0)
    const moves = () => desks.reduce((sum, desk) => sum + desk.moves, 0)
    for (let how = 'holds'; how !== 'late' && !isOver(); ) {
      const before = moves()
      how = await t.until(() => isOver() || moves() > before, { ms: stepMs })
    }
    for (const { lost, events, calls } of desks) {
      const got = events.length - lost.length
      t.check(got === events.length, 'missing', { count: desks.length, got, wanted: events.length })
      t.check(calls.length === events.length, 'more', { calls: calls.length, wanted: events.length })
    }
    await Promise.all(running.map((each) => t.attemptLater(() => each.stop())))
  },
}
