/** The checks of `readAll`. */
import { inTime } from '../engine/in-time.ts'
import { instance } from '../engine/instance.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { partitionsMax } from './create.ts'
import {
  checkList,
  farAges,
  type Known,
  type ListCase,
  otherValue,
  recordsFor,
  spans,
  topicOf,
  writeTo,
} from './lists.ts'
import { placeOf } from './places.ts'
import type { Checks, FirstRecord, Rooms } from './subject.ts'
import { checkTexts, hardRecords, longText } from './texts.ts'
import { Together } from './together.ts'

type ReadId =
  | 'read-all'
  | 'read-order'
  | 'read-text'
  | 'read-again'
  | 'read-together'
  | 'read-empty'
  | 'read-late'
  | 'read-trimmed'
  | 'read-large'

/** A group waits a while for further members, as on a cluster: whoever joins once for each partition has no time left. */
const joiningTakes = { 'group.initial.rebalance.delay.ms': '1500' }

/** The one group that all calls have read as; undefined when there are more, or none, or it cannot be known. */
async function onlyGroup(kafka: KafkaBench): Promise<string | undefined> {
  if (!kafka.ours) return undefined
  const { groups } = await kafka.admin((admin) => admin.listGroups())
  return groups.length === 1 ? groups[0]?.groupId : undefined
}

export const readChecks: Checks<ReadId> = {
  'read-all': (t, subject, rooms) =>
    rooms.use(t, { brokers: 3, config: joiningTakes }, async (kafka) => {
      // Most of the partitions are empty. 1:11 and 11:1 are two records, as are 1:12 and 11:2.
      const lengths: number[] = Array.from({ length: partitionsMax }, () => 0)
      const some = [1, 11, 0, t.dice.int(12, 40), t.dice.int(41, 58), 59]
      for (let more = 2; more < 12; more++) lengths[more === 11 ? 57 : more] = 1
      for (const [i, length] of [13, 7, ...t.dice.shuffle([4, 6, 3, 1])].entries())
        lengths[some[i] ?? 0] = length
      const now = Date.now()
      const ages = farAges.slice(0, 3)
      const records = recordsFor(t.dice, lengths).map((record, i) => {
        const age = ages[i % 7]
        return age === undefined ? record : { ...record, timestamp: String(now - age) }
      })
      // A dot in the name: a pattern would take it for any character.
      const topic = await topicOf(kafka, t.dice, records, `${t.dice.freshWord()}.${t.dice.freshWord()}`)
      // Topics whose names hold this one's, are held by it, or differ in one character, are none of its business. Theirs are
      // the same places: a program that tells records apart by these must not take one for another.
      for (const other of [`${topic}-old`, `old-${topic}`, topic.slice(0, -1), topic.replace('.', '-')]) {
        await kafka.make(other, lengths.length)
        await kafka.fill(
          other,
          lengths.flatMap((length, partition) =>
            length > 0 ? [{ partition, value: `${otherValue}${t.dice.freshWord()}` }] : [],
          ),
        )
      }
      const client = learnerClient(t, kafka)
      const read = await inTime(subject.readAll(client.kafka, topic), t.limitMs)
      const groups = new Set(client.asked('JoinGroup').map(({ group }) => group)).size
      const waited = { seconds: t.limitMs / 1_000, wanted: records.length, groups }
      const isInTurn = groups > 1 && client.asked('LeaveGroup').length > 0
      t.check(read !== 'late' || !isInTurn, 'inTurn', waited)
      t.check(read !== 'late' || client.recordsCame() > 0, 'silentNothing', waited)
      t.check(read !== 'late' || client.recordsCame() < records.length, 'silentAll', waited)
      t.check(read !== 'late', 'silent', waited)
      const got = read === 'late' ? [] : read.got
      const from = new Set(got.map((one) => (one as { partition?: unknown } | null)?.partition))
      const facts = { partition: show([...from][0]), partitions: lengths.length }
      t.check(from.size !== 1, 'onePartition', facts)
      const has = new Set(got.map(placeOf))
      const missing = records.filter(({ partition, offset }) => !has.has(`${partition}:${offset}`))
      const isByTime = missing.length > 0 && missing.every(({ timestamp }) => timestamp !== undefined)
      t.check(!isByTime, 'byTime', { ...waited, missing: missing.length }, () => spans(got, records))
      checkList(t, got, records, client.recordsCame())
    }),

  'read-order': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      // More than ten in a partition, so that offsets as texts sort differently; values in no order, clocks that go back.
      // Some values are large: who takes the time for them must not let the small ones pass.
      const words = t.dice.shuffle(t.dice.freshWords(26))
      const isLarge = (i: number) => i % 6 === 1 || i === 4
      const records = words.map(
        (word, i): Known => ({
          partition: i % 2,
          offset: Math.floor(i / 2),
          key: i % 3 === 0 ? null : t.dice.freshWord(),
          value: isLarge(i) ? word.repeat(15_000) : word,
        }),
      )
      const topic = await kafka.topic(t.dice.freshWord(), 2)
      const now = Date.now()
      for (const half of [records.slice(0, 14), records.slice(14)])
        await kafka.fill(
          topic,
          half.map(({ partition, offset, key, value }) => ({
            ...{ partition, key, value },
            timestamp: String(now - 60_000 * ((offset * 5) % 13)),
          })),
        )
      const client = learnerClient(t, kafka)
      const got = await subject.readAll(client.kafka, topic)
      checkList(t, got, records, client.recordsCame())
      for (const partition of [0, 1]) {
        const offsets = (got as { partition?: unknown; offset?: unknown }[])
          .filter((record) => record?.partition === partition)
          .map((record) => Number(record.offset))
        const isRising = offsets.every((offset, i) => i === 0 || offset > (offsets[i - 1] ?? 0))
        t.check(isRising, 'order', { partition, got: offsets.join(' ') })
      }
    }),

  'read-text': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const records = hardRecords(t.dice).map(
        (record, offset): Known => ({ partition: 0, offset, ...record }),
      )
      const topic = await topicOf(kafka, t.dice, records)
      const client = learnerClient(t, kafka)
      const got = await subject.readAll(client.kafka, topic)
      checkList(t, got, records, client.recordsCame())
      const byPlace = new Map(got.map((one) => [placeOf(one), one as { key: unknown; value: unknown }]))
      checkTexts(
        t,
        records.map((wanted) => ({
          wanted,
          got: byPlace.get(`0:${wanted.offset}`) ?? { key: undefined, value: undefined },
        })),
      )
    }),

  'read-again': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      let joined = 0
      const beforeAnswer = ({ api }: { api: string }) => {
        if (api === 'SyncGroup') joined++
      }
      const client = learnerClient(t, kafka, { beforeAnswer }).kafka
      const lengths = t.dice.shuffle([0, 8, 5])
      const before = recordsFor(t.dice, lengths)
      const topic = await kafka.topic(t.dice.freshWord(), lengths.length)
      await writeTo(kafka, topic, before)
      checkList(t, await subject.readAll(client, topic), before)
      const added = recordsFor(t.dice, [2, 2, 2]).map((record) => ({
        ...record,
        offset: record.offset + (lengths[record.partition] ?? 0),
      }))
      await writeTo(kafka, topic, added)
      const all = [...before, ...added]
      joined = 0
      const second = await inTime(subject.readAll(client, topic), t.limitMs)
      const isRight = second !== 'late' && second.got.length === all.length
      const group = isRight || joined === 0 ? undefined : await onlyGroup(kafka)
      const facts = { group: group ?? '', wanted: all.length, seconds: t.limitMs / 1_000 }
      t.check(group === undefined, 'sameGroup', facts)
      t.check(second !== 'late', 'silent', facts)
      const got = second === 'late' ? [] : second.got
      const isStale = got.length === before.length && got.every((one) => isIn(before, one))
      t.check(!isStale, 'stale', { added: added.length })
      checkList(t, got, all)
      // The same ends, and fewer records.
      const deleted = t.dice.int(2, 4)
      const longest = lengths.indexOf(8)
      await kafka.trim(topic, longest, deleted)
      // Whether a topic without its oldest records is read right is read-trimmed's question.
      const { got: third } = await t.attemptLater(() => inTime(subject.readAll(client, topic), 10_000))
      const last = third === undefined || third === 'late' ? [] : third.got
      const isKept = last.length === all.length && last.every((one) => isIn(all, one))
      t.check(!isKept, 'deleted', { deleted })
      const left = all.filter(({ partition, offset }) => partition !== longest || offset >= deleted)
      await readElsewhere(t, rooms, kafka, topic, left)
    }),

  'read-together': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const calls = 7
      let joined = 0
      // Nothing is delivered before all have joined a group, or have had the time to.
      const isHeld = (ms: number) => joined < calls && ms < 3_000
      const together = new Together(calls)
      const beforeAnswer = async ({ api }: { api: string }) => {
        if (api === 'SyncGroup') joined++
        if (api === 'ListOffsets') await together.wait()
      }
      const newClient = () => learnerClient(t, kafka, { isHeld, beforeAnswer })
      const [one, two] = [newClient(), newClient()]
      const records = recordsFor(t.dice, t.dice.shuffle([9, 0, 4, 6]))
      const topic = await topicOf(kafka, t.dice, records)
      const groupsBefore = new Set(kafka.proxy.joinedGroups)
      const readings = await Promise.all(
        [one, one, one, one, one, two, two].map((client) =>
          t.attemptLater(() => inTime(subject.readAll(client.kafka, topic), t.limitMs)),
        ),
      )
      const isRight = readings.every(
        ({ got }) => got !== undefined && got !== 'late' && got.got.length === records.length,
      )
      const groups = new Set(kafka.proxy.joinedGroups.filter((group) => !groupsBefore.has(group))).size
      const facts = { calls, groups, wanted: records.length, seconds: t.limitMs / 1_000 }
      t.check(isRight || joined < calls || groups >= calls, 'sameGroup', facts)
      const failed = readings.find(({ error }) => error !== undefined)
      t.check(failed === undefined, 'threw', { ...facts, message: failed?.error?.message ?? '' })
      for (const { got } of readings) {
        t.check(got !== 'late', 'silent', facts)
        if (got !== 'late') checkList(t, got?.got ?? [], records)
      }
    }),

  'read-empty': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const client = learnerClient(t, kafka).kafka
      const seconds = t.limitMs / 1_000
      const never = await kafka.topic(t.dice.freshWord(), t.dice.freshInt(3, 6))
      const deleted = await topicOf(kafka, t.dice, recordsFor(t.dice, [4, 2, 6]))
      for (const { partition, end } of await kafka.offsets(deleted)) await kafka.trim(deleted, partition, end)
      const [first, second] = await Promise.all(
        [never, deleted].map((topic) => inTime(subject.readAll(client, topic), t.limitMs)),
      )
      t.check(first !== 'late', 'never', { seconds })
      t.check(second !== 'late', 'neverDeleted', { seconds })
      for (const one of [first, second])
        if (one !== undefined && one !== 'late')
          t.check(one.got.length === 0, 'empty', { got: show(one.got) })
    }),

  'read-late': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const records = recordsFor(t.dice, t.dice.shuffle([13, 4, 6, 0]))
      const topic = await topicOf(kafka, t.dice, records)
      const client = learnerClient(t, kafka, { isSlow: true })
      const { got, error } = await t.attemptLater(() => subject.readAll(client.kafka, topic))
      const wasLate = client.wasHeldBack()
      t.check(error === undefined || !wasLate, 'gaveUp', { message: error?.message ?? '' })
      if (error !== undefined) throw error
      const facts = { got: got?.length ?? 0, wanted: records.length }
      t.check(!wasLate || facts.got >= facts.wanted, 'early', facts)
      checkList(t, got ?? [], records)
    }),

  'read-trimmed': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const lengths = t.dice.shuffle([13, 6, 4])
      const records = recordsFor(t.dice, lengths)
      const topic = await topicOf(kafka, t.dice, records)
      const trimmed = lengths.indexOf(13)
      // One digit, where the last offset has two: compared as texts, '9' comes after '12'.
      const below = t.dice.int(2, 9)
      await kafka.trim(topic, trimmed, below)
      const left = records.filter(({ partition, offset }) => partition !== trimmed || offset >= below)
      const client = learnerClient(t, kafka)
      const read = await inTime(subject.readAll(client.kafka, topic), t.limitMs)
      t.check(read !== 'late', 'silent', { seconds: t.limitMs / 1_000 })
      if (read !== 'late') checkList(t, read.got, left, client.recordsCame())
    }),

  'read-large': (t, subject, rooms) =>
    rooms.use(t, {}, async (kafka) => {
      const many = [4_100, 0, 900].flatMap((length, partition) =>
        Array.from({ length }, (_, offset): Known => ({ partition, offset, key: null, value: `v${offset}` })),
      )
      const text = longText(t.dice, 100_000)
      const heavy = [38, 12].flatMap((length, partition) =>
        Array.from({ length }, (_, offset): Known => ({ partition, offset, key: null, value: text })),
      )
      for (const records of [many, heavy]) {
        const topic = await topicOf(kafka, t.dice, records)
        const client = learnerClient(t, kafka)
        checkList(t, await subject.readAll(client.kafka, topic), records, client.recordsCame())
      }
    }),
}

/**
 * The same program, started anew: it has counted no calls yet. What it calls its groups may have been used before, by the
 * program that ran until now; the groups of that one have read the topic to its end.
 */
async function readElsewhere(
  t: Trial<'sameGroupAnew' | 'silentAnew' | ListCase>,
  rooms: Rooms,
  kafka: KafkaBench,
  topic: string,
  records: readonly Known[],
): Promise<void> {
  const ends = Object.fromEntries((await kafka.offsets(topic)).map(({ partition, end }) => [partition, end]))
  const used = rooms.groupsUsed()
  // A group that its member has left open has no offsets but those that it commits itself.
  const until = performance.now() + leavingMsMax
  for (const group of used)
    if (await isEmpty(kafka, group, until)) await kafka.setCommitted(group, topic, ends)
  const anew = await instance<FirstRecord>(t, kafka)
  const client = anew.client()
  const read = await inTime(anew.subject.readAll(client.kafka, topic), t.limitMs)
  const group = client.asked('JoinGroup').find((one) => used.includes(one.group ?? ''))?.group
  const isRight = read !== 'late' && read.got.length === records.length
  const facts = { group: group ?? '', wanted: records.length, seconds: t.limitMs / 1_000 }
  t.check(isRight || group === undefined, 'sameGroupAnew', facts)
  t.check(read !== 'late', 'silentAnew', facts)
  if (read !== 'late') checkList(t, read.got, records)
}

/** So long a program that did not await it may take to leave its groups, ms. */
const leavingMsMax = 3_000

/** Whether nobody is in the group, now or soon. */
async function isEmpty(kafka: KafkaBench, group: string, until: number): Promise<boolean> {
  while ((await kafka.group(group)).members.length > 0) {
    if (performance.now() >= until) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return true
}

const isIn = (records: readonly Known[], one: unknown) =>
  records.some(({ partition, offset }) => placeOf(one) === `${partition}:${offset}`)
