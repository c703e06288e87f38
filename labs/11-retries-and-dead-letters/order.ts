/** Lab 11: records with equal keys stay in order, whatever waits, and nobody else waits for them. */
import { Partitioners } from 'kafkajs'
import type { Dice } from '../engine/dice.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Desk, factsOf, type Given, type Known } from './desk.ts'
import { overtaking, placeName } from './history.ts'
import { type Checks, hourMs, type Retries, type Retry } from './subject.ts'

type OrderId = 'order' | 'others' | 'restart' | 'free'

/** Three of these are more than kafkajs fetches of a partition at once, bytes. */
const bigBytes = 400_000
/** Copies at the start of a partition that were handled before. */
const goneCopies = 9

const partitionOf = Partitioners.DefaultPartitioner()

/** A key that kafkajs, and every client in Java, puts into that one of two partitions. */
function keyIn(dice: Dice, wanted: 0 | 1): string {
  const partitionMetadata = [0, 1].map((partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }))
  for (;;) {
    const key = dice.freshWord()
    if (partitionOf({ topic: '', partitionMetadata, message: { key, value: null } }) === wanted) return key
  }
}

/** The second attempt of a record goes on when a later one of its key comes. */
async function whileItIsTried(
  t: Trial<'overtakesTried' | 'stuck'>,
  subject: Retries,
  bench: KafkaBench,
): Promise<void> {
  const desk = await Desk.open(t, bench, { delays: [t.dice.int(60, 80)] })
  const gate = t.gate()
  const key = t.dice.freshWord()
  const meanwhile = ({ attempt }: { readonly attempt?: unknown }) => (attempt === 2 ? gate.pass() : undefined)
  const [tried] = (await desk.send([{ key, fails: 1, meanwhile }])) as [Known]
  const client = learnerClient(t, bench)
  const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
  await desk.goesOn(client, () => gate.waiting > 0)
  const [later] = (await desk.send([{ key }])) as [Known]
  // Who works on one partition at a time comes to it afterwards.
  await t.until(() => desk.calls(later).length > 0, { ms: 200 })
  t.check(desk.calls(later).length === 0, 'overtakesTried', {
    ...factsOf(later),
    earlier: placeName(tried),
    later: placeName(later),
  })
  gate.open()
  await desk.goesOn(client, () => desk.history.isSettled(later))
  t.check(desk.history.isSettled(later), 'stuck', { ...factsOf(later), times: desk.calls(later).length })
  await t.attemptLater(() => running.stop())
}

export const orderChecks: Checks<OrderId> = {
  order: async (t, subject, bench) => {
    const delays = [t.dice.int(110, 130), t.dice.int(140, 160), t.dice.int(110, 130)]
    const desk = await Desk.open(t, bench, { delays })
    // A key is what its bytes are, whatever they say.
    const [one, two] = [t.dice.freshWord(), 'null']
    const of = (key: string, fails = 0): Given => ({ key, fails })
    await desk.send([
      of(one, 1),
      of(two, 2),
      of(''),
      of(one),
      of(two),
      of('', 1),
      of(one, 1),
      of(''),
      of(two),
    ])
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const first = desk.options.retries[0]?.topic ?? ''
    const isEnough = () =>
      desk.records.every((record) => desk.history.isSettled(record)) ||
      overtaking(desk.history.calls, desk.records) !== undefined
    await t.until(() => isEnough() || desk.sentTo(client, first) > 0, { ms: desk.stillMs })
    // They come while others of their key wait.
    await desk.send([of(two), of(one), of('')])
    await desk.goesOn(client, isEnough)
    const wrong = overtaking(desk.history.calls, desk.records)
    if (wrong !== undefined) {
      const { earlier, later, failures } = wrong
      const isCopied = (await desk.copies(first)).some(
        ({ of }) => of !== undefined && placeName(of) === placeName(later),
      )
      const facts = {
        ...factsOf(later as Known),
        earlier: placeName(earlier),
        later: placeName(later),
        times: failures,
      }
      const picture = () => desk.picture([earlier, later])
      t.check(failures > 0, 'shuffled', facts, picture)
      t.check(false, isCopied ? 'overtakesThere' : 'overtakes', facts, picture)
    }
    const stuck = desk.records.find((record) => !desk.history.isSettled(record))
    t.check(stuck === undefined, 'stuck', {
      ...factsOf(stuck ?? (desk.records[0] as Known)),
      times: stuck === undefined ? 0 : desk.calls(stuck).length,
    })
    await t.attemptLater(() => running.stop())
    await whileItIsTried(t, subject, bench)
  },

  others: async (t, subject, bench) => {
    const desk = await Desk.open(t, bench, { delays: [hourMs] })
    const key = t.dice.freshWord()
    const byte = t.dice.int(0x80, 0xbf)
    const waiting: Given[] = [
      { key, fails: 99 },
      { key: null, fails: 99 },
      { key: Uint8Array.of(0xff, byte), fails: 99 },
    ]
    const free: Given[] = [
      { key: `${key} ` },
      { key: Uint8Array.of(0xfe, byte) },
      { key: 'null' },
      { key: '' },
      { key: t.dice.freshWord() },
      { key: 'undefined' },
      { key: null },
      { key: key.slice(0, -1) },
    ]
    const held = await desk.send(waiting)
    const others = await desk.send(t.dice.shuffle(free))
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const isCalled = (record: Known) => desk.calls(record).length > 0
    await desk.goesOn(client, () => others.every(isCalled))
    t.check(held.some(isCalled), 'never')
    const stays = others.find((record) => !isCalled(record))
    if (stays !== undefined) {
      // A text made of the bytes: the same for two keys that are not the same.
      const isBinary = stays.key?.[0] === 0xfe
      const isKeyless = stays.key === null || Buffer.from(stays.key).toString() === 'null'
      const facts = { ...factsOf(stays), count: others.filter((record) => !isCalled(record)).length }
      t.check(!isKeyless, 'keyless', facts)
      t.check(!isBinary, 'binary', facts)
      t.check(false, 'held', { ...facts, waiting: Desk.keyInWords(held[0] as Known) })
    }
    t.check(stays === undefined, 'held')
    await t.attemptLater(() => running.stop())
  },

  restart: async (t, subject, bench) => {
    const desk = await Desk.open(t, bench, { delays: [t.dice.int(100, 130), 1], counts: [2, 2] })
    // Copies lie where their keys lead: in the second partition those that wait for an hour, with y, z and w among them.
    const [a, c, d] = [keyIn(t.dice, 0), keyIn(t.dice, 0), keyIn(t.dice, 0)]
    const [y, z, w] = [keyIn(t.dice, 1), keyIn(t.dice, 1), keyIn(t.dice, 1)]
    const b = t.dice.freshWord()
    const v = keyIn(t.dice, 1)
    const keys = [a, d, c, y, z, w, v, v, a, b, c, y, w, z, d]
    const all = await desk.send(keys.map((key): Given => ({ key })))
    const [a1, d1, c1, y1, z1, w1, v1, v2, a2, b1, c2] = all as [
      Known,
      Known,
      Known,
      Known,
      Known,
      Known,
      Known,
      Known,
      Known,
      Known,
      Known,
    ]
    const d2 = all.at(-1) as Known
    const [first, second] = desk.options.retries as [Retry, Retry]
    const { topic, group } = desk.options
    // What an earlier run has left: c1 was handled from the retry topic, the others wait.
    const dueInMs = bench.ours ? 450 : 7_000
    await desk.putCopy(first, c1, { into: 0, attempts: 1, dueInMs: -5_000 })
    const writtenAt = performance.now()
    await desk.putCopy(first, a1, { into: 0, attempts: 1, dueInMs })
    await desk.putCopy(second, d1, { into: 0, attempts: 2, dueInMs })
    const bigCopy = (): Known => ({
      ...b1,
      key: Buffer.from(keyIn(t.dice, 1)),
      value: new Uint8Array(bigBytes),
    })
    const anHour = { into: 1, attempts: 1, dueInMs: hourMs }
    await desk.putCopy(second, w1, anHour)
    for (const _ of [1, 2, 3]) await desk.putCopy(second, bigCopy(), anHour)
    await desk.putCopy(second, v1, anHour)
    // Nine that are done with, so that y1 has the offset 10: as a text it is less than 9.
    const gone = { partition: 1, key: null, value: new Uint8Array(0) }
    await bench.fill(
      first.topic,
      Array.from({ length: goneCopies }, () => gone),
    )
    // v2 has followed v1 so far, and is due; v1 waits in the next retry topic.
    await desk.putCopy(first, v2, { into: 1, attempts: 0, dueInMs: -1_000 })
    await desk.putCopy(first, y1, anHour)
    // Between y and z there is more than one fetch brings, as before v1.
    for (const _ of [1, 2, 3]) {
      await desk.putCopy(first, bigCopy(), anHour)
    }
    await desk.putCopy(first, z1, anHour)
    await bench.setCommitted(group, topic, { 0: 8 })
    await bench.setCommitted(group, first.topic, { 0: 1, 1: goneCopies })

    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const wanted = [b1, c2, a1, a2, d1, d2]
    const wrongly = () =>
      overtaking(
        desk.history.calls,
        desk.records.filter(({ offset }) => offset !== c1.offset),
      )
    const isEnough = () => wrongly() !== undefined || wanted.every((record) => desk.history.isSettled(record))
    await desk.goesOn(client, isEnough)
    // What follows y and z waits once: then it would come, if it came.
    await t.quiet(() => desk.history.moves, first.delayMs + 100)
    const wrong = wrongly()
    if (wrong !== undefined) {
      const { earlier, later } = wrong
      const facts = {
        ...factsOf(later as Known),
        earlier: placeName(earlier),
        later: placeName(later),
        topic: [d1, w1, v1].some(({ offset }) => offset === earlier.offset) ? second.topic : first.topic,
      }
      // Who has let y wait has looked into the retry topic, and not to its end.
      t.check(false, earlier.offset === z1.offset ? 'overtakesFar' : 'overtakes', facts, () =>
        desk.picture([later]),
      )
    }
    t.check(desk.calls(c1).length === 0, 'again', { place: placeName(c1), topic: first.topic })
    const copied = (await desk.copies(first.topic)).filter(({ copy }) => (copy.value?.length ?? 0) < bigBytes)
    const held = [c2, b1].find((record) => copied.some(({ of }) => of === record))
    t.check(held === undefined, 'held', { ...factsOf(held ?? b1), topic: first.topic, committed: 1 })
    const soon = [y1, z1, w1, v1].find((record) => desk.calls(record).length > 0)
    const early = soon ?? a1
    const delay = soon === undefined ? dueInMs : hourMs
    const waited = Math.round((desk.calls(early)[0]?.began ?? Number.POSITIVE_INFINITY) - writtenAt)
    t.check(waited >= delay - 50, 'early', { place: placeName(early), waited, delay })
    // Those that wait for an hour hold up nothing.
    const [later] = (await desk.send([{ key: b }])) as [Known]
    await desk.goesOn(client, () => desk.history.isSettled(later))
    wanted.push(later)
    const stuck = wanted.find((record) => !desk.history.isSettled(record))
    t.check(stuck === undefined, 'stuck', {
      ...factsOf(stuck ?? b1),
      count: wanted.filter((record) => !desk.history.isSettled(record)).length,
    })
    for (const [record, attempt] of [
      [a1, 2],
      [d1, 3],
    ] as const) {
      const got = desk.calls(record)[0]?.attempt
      t.check(got === attempt, 'attempt', { place: placeName(record), got: String(got), wanted: attempt })
    }
    await t.attemptLater(() => running.stop())
  },

  free: async (t, subject, bench) => {
    const desk = await Desk.open(t, bench, { delays: [t.dice.int(100, 130), t.dice.int(100, 130)] })
    const [done, poison, tired] = t.dice.freshWords(3) as [string, string, string]
    await desk.send([
      { key: done, fails: 1 },
      { key: poison, poisonAt: 1 },
      { key: tired, fails: 99 },
      { key: done },
    ])
    const client = learnerClient(t, bench)
    const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
    const isThrough = (records: readonly Known[]) => records.every((record) => desk.history.isSettled(record))
    const isDead = () => desk.sentTo(client, desk.options.dead) >= 2
    await desk.goesOn(client, () => isThrough(desk.records) && isDead())
    const early = desk.records.find((record) => !desk.history.isSettled(record))
    t.check(early === undefined, 'stuck', factsOf(early ?? (desk.records[0] as Known)))
    await t.quiet(
      () => desk.history.moves + client.asked('OffsetCommit').length + client.asked('Produce').length,
      120,
    )
    const later = await desk.send([{ key: done }, { key: poison }, { key: tired }])
    await desk.goesOn(client, () => isThrough(later))
    const copied = new Set((await desk.copies(desk.options.retries[0]?.topic ?? '')).map(({ of }) => of))
    for (const [i, record] of later.entries()) {
      const isFree = desk.history.isSettled(record) && !copied.has(record)
      t.check(isFree, i === 0 ? 'heldAfterDone' : 'heldAfterDead', factsOf(record), () =>
        desk.picture([record]),
      )
    }
    await t.attemptLater(() => running.stop())
  },
}
