/** Lab 07: what both consumers promise: how they stop, and several groups at once. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { type Place, placeName, repeated, uncalled } from './history.ts'
import type { stopCases } from './messages-both.ts'
import { Reader } from './reader.ts'
import { type Known, topicOf } from './records.ts'
import { type Checks, type Consumer, consumers, type Delivery, stepMs } from './subject.ts'

type BothId = 'stop' | 'groups'

/** A consumer that does not wait for `handle` leaves its group in less time than it took to join; but at least, and at most, ms. */
const waitMs = { min: 200, max: 3_000 }

const firstOf = (places: readonly Place[]) => (places[0] === undefined ? '' : placeName(places[0]))

/** Stops a consumer while `handle` works in the middle of a batch; then the same group reads on, and is stopped again. */
async function stopsAndGoesOn(
  t: Trial<keyof typeof stopCases>,
  subject: Delivery,
  bench: KafkaBench,
  name: Consumer,
): Promise<void> {
  // In the second partition the first records come while nobody reads.
  const { topic, records } = await topicOf(t, bench, [t.dice.int(17, 23), 0])
  const late = t.dice
    .freshWords(2)
    .map((value, offset): Known => ({ partition: 1, offset, key: null, value }))
  const reader = new Reader(bench.topicName(t.dice.freshWord()), topic, records)
  const { history } = reader
  // In the middle of every block of two to ten records, counted from the first.
  const at = t.dice.pick([10, 12])
  const gate = t.gate()
  const client = learnerClient(t, bench)
  const handle = reader.handle((place) => (place.offset >= at ? gate.pass() : undefined))
  const startedAt = performance.now()
  const running = await subject[name](client.kafka, topic, reader.group, handle)
  const joinMs = performance.now() - startedAt
  const arrives = await reader.readOn(t, client, { isEnough: () => gate.waiting > 0 })
  t.check(arrives === 'through', 'never', { name, got: history.calls.length })
  const stopping = running.stop()
  // Who waits does nothing now; who does not leaves the group, and is given the time to end what it began.
  const hasLeft = () => client.asked('LeaveGroup').length > 0
  const ms = Math.min(waitMs.max, Math.max(waitMs.min, joinMs))
  const leaves = await t.until(hasLeft, { during: stopping, ms })
  const waited = leaves === 'holds' ? await t.until(() => false, { during: stopping, ms: 2_000 }) : leaves
  t.check(waited === 'late', 'early', {
    name,
    place: placeName(history.open[0] ?? { partition: 0, offset: at }),
  })
  const commitsBefore = client.asked('OffsetCommit').length
  gate.open()
  await stopping
  t.check(history.open.length === 0, 'early', { name, place: firstOf(history.open) })
  const callsThen = history.calls.length
  const lastHandled = Math.max(...history.calls.map(({ offset }) => offset))
  const committed = (await bench.committed(reader.group, topic)).find(
    ({ partition }) => partition === 0,
  )?.offset
  const facts = { name, last: lastHandled, committed: committed ?? '—', wanted: lastHandled + 1 }
  // A commit by hand, after handle, that kafkajs has swallowed: the record before was committed.
  const isDropped =
    name === consumers[1] &&
    committed === lastHandled &&
    commitsBefore > 0 &&
    client.asked('OffsetCommit').length === commitsBefore
  const isBehind = committed === undefined || committed <= lastHandled
  t.check(!isBehind || !isDropped, 'dropped', facts)
  // Only who commits the offset of the record itself ever commits 0.
  const isThisOffset = client
    .asked('OffsetCommit')
    .some(({ offsets = [] }) => offsets.some(({ partition, offset }) => partition === 0 && offset === 0))
  t.check(!isBehind || !isThisOffset, 'thisOffset', facts)
  t.check(!isBehind, 'behind', facts)
  t.check(committed === lastHandled + 1, 'ahead', facts)

  const callsNow = await t.quiet(() => history.calls.length, 60)
  t.check(callsNow === callsThen, 'afterwards', { name, count: callsNow - callsThen })
  await bench.fill(topic, late)
  const next = learnerClient(t, bench)
  const rest = new Reader(reader.group, topic, [...records, ...late], history)
  const again = await subject[name](next.kafka, topic, reader.group, rest.handle())
  await rest.readOn(t, next)
  await again.stop()
  const twice = repeated(history.calls, rest.wanted)
  t.check(twice.length === 0, 'twice', { name, place: firstOf(twice), count: twice.length })
  const missing = uncalled(history.calls, rest.wanted)
  const areLate = missing.length > 0 && missing.every(({ partition }) => partition === 1)
  t.check(!areLate, 'lateMissing', { name, wanted: late.length, got: late.length - missing.length })
  t.check(missing.length === 0, 'missing', { name, place: firstOf(missing), count: missing.length })
}

export const bothChecks: Checks<BothId> = {
  stop: async (t, subject, bench) => {
    await Promise.all(consumers.map((name) => stopsAndGoesOn(t, subject, bench, name)))
  },

  groups: async (t, subject, bench) => {
    const [one, two] = [await topicOf(t, bench, t.dice.shuffle([4, 7, 0])), await topicOf(t, bench, [3])]
    const [first, second, third] = t.dice.freshWords(3)
    // Names that contain each other, with spaces at the ends, a byte order mark, and characters of several code units.
    const names = [` ${first}e\u0301😀`, ` ${first}e\u0301😀 `, `\ufeff${second}`, `\ufeff${third}`]
    const group = (i: number) => `${names[i]}${bench.topicName('')}`
    const shared = learnerClient(t, bench)
    const own = learnerClient(t, bench)
    const readings = [
      { name: consumers[0], reader: new Reader(group(0), one.topic, one.records), client: shared },
      { name: consumers[1], reader: new Reader(group(1), one.topic, one.records), client: shared },
      { name: consumers[1], reader: new Reader(group(2), two.topic, two.records), client: shared },
      { name: consumers[0], reader: new Reader(group(3), one.topic, one.records), client: own },
    ]
    const running = await Promise.all(
      readings.map(({ name, reader, client }) =>
        subject[name](client.kafka, reader.topic, reader.group, reader.handle()),
      ),
    )
    const isOver = () => readings.every(({ reader }) => reader.isThrough())
    const moves = () => readings.reduce((sum, { reader }) => sum + reader.history.moves, 0)
    for (let how = 'holds'; how !== 'late' && !isOver(); ) {
      const before = moves()
      how = await t.until(() => isOver() || moves() > before, { ms: stepMs })
    }
    for (const { name, reader } of readings) {
      const got = reader.wanted.length - uncalled(reader.history.calls, reader.wanted).length
      const facts = { name, count: readings.length, got, wanted: reader.wanted.length }
      t.check(got === reader.wanted.length, 'missing', facts)
      t.check(reader.history.calls.length === reader.wanted.length, 'more', {
        ...facts,
        calls: reader.history.calls.length,
      })
    }
    await Promise.all(running.map((one) => t.attemptLater(() => one.stop())))
  },
}
