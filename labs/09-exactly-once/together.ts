/** Lab 09: a transaction over several topics: all of its records count, or none, and nothing stays open. */
import { instance } from '../engine/instance.ts'
import { show } from '../engine/show.ts'
import type { Text } from '../engine/text.ts'
import { differing, hardPairs } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench, ReadBack } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { Addressed, Checks, ExactlyOnce } from './subject.ts'
import { misplacedKey, withKeys } from './texts.ts'
import { isSettled } from './work.ts'

type TogetherId = 'together-all' | 'together-none' | 'together-crash'

/** The largest batch that a topic takes which is there to refuse a record, bytes. */
const tightBytes = 300
const tooLarge = (t: Trial<string>) =>
  t.dice
    .freshWord()
    .repeat(tightBytes)
    .slice(0, 2 * tightBytes)

const noTopic = (name: string): Text => ({ en: `for the topic ${name}`, ru: `для топика ${name}` })
const tooLargeFor = (topic: string): Text => ({
  en: `too large for ${topic}`,
  ru: `слишком большую для ${topic}`,
})

/** Records for those topics, in turns; with few keys, so that order can be seen. */
function recordsIn(t: Trial<string>, topics: readonly string[], count: number): Addressed[] {
  const keys = t.dice.freshWords(3)
  return t.dice.freshWords(count).map((value, i) => ({
    topic: topics[i % topics.length] ?? '',
    key: keys[i % keys.length] ?? '',
    value,
  }))
}

const twoTopics = async (t: Trial<string>, bench: KafkaBench): Promise<[string, string]> => [
  await bench.topic(t.dice.freshWord(), 2),
  await bench.topic(t.dice.freshWord(), 1),
]

/** What counts in those topics now, with the topic. */
async function counting(
  bench: KafkaBench,
  topics: readonly string[],
): Promise<(ReadBack & { readonly topic: string })[]> {
  for (const topic of topics) await isSettled(bench, topic)
  return countingNow(bench, topics)
}

async function countingNow(bench: KafkaBench, topics: readonly string[]) {
  const lists = await Promise.all(topics.map((topic) => bench.read(topic, { isolation: 'committed' })))
  return lists.flatMap((list, i) => list.map((record) => ({ ...record, topic: topics[i] ?? '' })))
}

/** How many of the records count, among what was read. */
const timesOf = (records: readonly Addressed[], read: readonly { topic: string; value: string | null }[]) =>
  records.map(({ topic, value }) => read.filter((one) => one.topic === topic && one.value === value).length)

export const togetherChecks: Checks<TogetherId> = {
  'together-all': async (t, subject, bench) => {
    await Promise.all([appear(t, subject, bench), arrive(t, subject, bench), sideBySide(t, subject, bench)])
  },

  'together-none': async (t, subject, bench) => {
    const topics = await twoTopics(t, bench)
    const good = recordsIn(t, topics, t.dice.int(4, 7))
    // As long as a list may be: a program that cuts it into parts has committed some when the last one is refused.
    const long = recordsIn(t, topics, t.dice.int(90, 99))
    const [word, other] = t.dice.freshWords(2)
    const noName = `\ufeff${word} ${other}e\u0301😀 `
    const tight = await bench.topic(t.dice.freshWord(), 1, { 'max.message.bytes': `${tightBytes}` })
    // A name is refused before anything is sent; a record that is too large, when the others have been taken.
    const bad = [
      { good, at: 2, record: { topic: noName, value: t.dice.freshWord() }, what: noTopic(show(noName)) },
      { good: long, at: long.length, record: { topic: tight, value: tooLarge(t) }, what: tooLargeFor(tight) },
    ]
    const commits = await Promise.all(
      bad.map(async ({ good: others, at, record, what }) => {
        const records = others.toSpliced(at, 0, { key: t.dice.freshWord(), ...record })
        const client = learnerClient(t, bench)
        const id = bench.topicName(t.dice.freshWord())
        const { error } = await t.attemptLater(() => subject.writeTogether(client.kafka, id, records))
        if (error === undefined) client.isAsked()
        t.check(error !== undefined, 'resolved', { what })
        return client.asked('EndTxn').filter(({ isCommit }) => isCommit === true).length
      }),
    )
    for (const topic of topics) {
      const isEnded = await isSettled(bench, topic)
      t.check(isEnded, 'open', { topic })
    }
    const read = await countingNow(bench, topics)
    for (const [i, { good: others }] of bad.entries()) {
      const count = timesOf(others, read).filter((times) => times > 0).length
      const parts = commits[i] ?? 0
      t.check(count === 0, parts > 0 ? 'parts' : 'some', { count, wanted: others.length, parts })
    }
  },

  'together-crash': async (t, _subject, bench) => {
    const moments = await Promise.all(
      (['hold-request', 'hold-answer'] as const).map(async (what) => {
        const topics = await twoTopics(t, bench)
        return {
          what,
          topics,
          id: bench.topicName(t.dice.freshWord()),
          before: recordsIn(t, topics, t.dice.int(4, 7)),
          after: recordsIn(t, topics, t.dice.int(3, 5)),
        }
      }),
    )
    const first = await instance<ExactlyOnce>(t, bench, {
      name: { en: 'The first run', ru: 'Первый запуск' },
    })
    const points = moments.map(({ what, id, before }) => {
      const client = first.client()
      const point = client.at('EndTxn', { where: ({ isCommit }) => isCommit === true }, what)
      const calling = first.subject.writeTogether(client.kafka, id, before)
      // The crash ends it; an error before that is thrown by `until`.
      calling.catch(() => {})
      return { point, calling }
    })
    const during = points.map(({ calling }) => calling)
    await t.until(() => points.every(({ point }) => point.isReached), { during })
    const without = points.findIndex(({ point }) => !point.isReached)
    t.check(without === -1, 'noCommit', {})
    await first.crash()
    // A commit that the broker has got counts, although the program has crashed since.
    const unheard = moments.find(({ what }) => what === 'hold-answer')
    const second = await instance<ExactlyOnce>(t, bench, {
      name: { en: 'The second run', ru: 'Второй запуск' },
    })
    await Promise.all(
      moments.map(({ id, after }) => second.subject.writeTogether(second.client().kafka, id, after)),
    )
    for (const moment of moments) {
      for (const topic of moment.topics) {
        const isEnded = await isSettled(bench, topic)
        t.check(isEnded, 'hangs', { topic })
      }
      const read = await countingNow(bench, moment.topics)
      const [early, late] = [timesOf(moment.before, read), timesOf(moment.after, read)]
      const count = early.filter((times) => times > 0).length
      const wanted = moment.before.length
      if (moment === unheard) t.check(count === wanted, 'lost', { count, wanted })
      else t.check(count === 0, 'half', { count, wanted })
      const missing = late.filter((times) => times !== 1).length
      t.check(missing === 0, 'second', { count: missing, wanted: late.length })
    }
  },
}

/** Nothing counts before the commit, everything after it. */
async function appear(
  t: Trial<'noCommit' | 'before' | 'missing' | 'twice'>,
  subject: ExactlyOnce,
  bench: KafkaBench,
): Promise<void> {
  const topics = await twoTopics(t, bench)
  const records = recordsIn(t, topics, t.dice.int(5, 9))
  const client = learnerClient(t, bench)
  const point = client.at('EndTxn', { where: ({ isCommit }) => isCommit === true }, 'hold-request')
  const id = bench.topicName(t.dice.freshWord())
  const calling = t.attemptLater(() => subject.writeTogether(client.kafka, id, records))
  await t.until(() => point.isReached, { during: calling })
  const early = timesOf(records, await countingNow(bench, topics)).filter((times) => times > 0).length
  if (early > 0 || !point.isReached) client.isAsked()
  t.check(early === 0 || !point.isReached, 'before', { count: early, wanted: records.length })
  point.release()
  const { error } = await calling
  if (error !== undefined) throw error
  t.check(point.isReached, 'noCommit', {})
  const times = timesOf(records, await counting(bench, topics))
  const [missing, twice] = [times.filter((one) => one === 0).length, times.filter((one) => one > 1).length]
  t.check(missing === 0, 'missing', { count: missing, wanted: records.length })
  t.check(twice === 0, 'twice', { count: twice, wanted: records.length })
}

/** What arrives is what was sent, in order; one id may be used again; a list may be empty. */
async function arrive(
  t: Trial<'missing' | 'differs' | 'order'>,
  subject: ExactlyOnce,
  bench: KafkaBench,
): Promise<void> {
  const { kafka } = learnerClient(t, bench)
  const [few, one] = await twoTopics(t, bench)
  const id = `\ufeff${bench.topicName(t.dice.freshWord())}e\u0301😀 `
  const pairs = withKeys(hardPairs(t.dice, { key: 200, value: 2_000 }))
  const hard = pairs.map((pair) => ({ topic: one, ...pair }))
  await subject.writeTogether(kafka, id, hard)
  await subject.writeTogether(kafka, id, [])
  const many = recordsIn(t, [few], 100)
  await subject.writeTogether(kafka, id, many)
  const read = await counting(bench, [one, few])
  const inOne = read.filter(({ topic }) => topic === one)
  const wanted = hard.length + many.length
  t.check(read.length >= wanted, 'missing', { count: wanted - read.length, wanted })
  const loss = differing(
    hard.map((pair, i) => ({ wanted: pair, got: inOne[i] ?? { key: null, value: null } })),
  )
  t.check(loss === undefined, 'differs', { count: loss?.count ?? 0 }, loss?.picture)
  const misplaced = misplacedKey(
    many,
    read.filter(({ topic }) => topic === few),
  )
  t.check(misplaced === undefined, 'order', { key: misplaced?.key ?? '' })
}

/** Two calls at once, with ids that are nearly the same. */
async function sideBySide(
  t: Trial<'disturbed' | 'missing'>,
  subject: ExactlyOnce,
  bench: KafkaBench,
): Promise<void> {
  const topics = await twoTopics(t, bench)
  const word = t.dice.freshWord()
  const runs = [1, 2].map(() => {
    const client = learnerClient(t, bench)
    return {
      client,
      id: bench.topicName(word),
      records: recordsIn(t, topics, t.dice.int(3, 6)),
      point: client.at('EndTxn', { where: ({ isCommit }) => isCommit === true }, 'hold-request'),
    }
  })
  const calls = runs.map(({ client, id, records }) =>
    t.attemptLater(() => subject.writeTogether(client.kafka, id, records)),
  )
  // Both are in the middle of their transaction, then both commit.
  await t.until(() => runs.every(({ point }) => point.isReached), { during: calls, ms: 3_000 })
  for (const { point } of runs) point.release()
  const ended = await Promise.all(calls)
  const failed = ended.findIndex(({ error }) => error !== undefined)
  if (failed !== -1) runs[failed]?.client.isAsked()
  t.check(failed === -1, 'disturbed', {
    one: runs[0]?.id ?? '',
    two: runs[1]?.id ?? '',
    message: ended[failed]?.error?.message ?? '',
  })
  const records = runs.flatMap((run) => run.records)
  const missing = timesOf(records, await counting(bench, topics)).filter((times) => times !== 1).length
  t.check(missing === 0, 'missing', { count: missing, wanted: records.length })
}
