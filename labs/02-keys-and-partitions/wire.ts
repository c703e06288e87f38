/** Lab 02 on a broker: kafkajs with the learner's partitioner, and what a topic that grows does to its keys. */
import type { ICustomPartitioner } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import { columns, compareTable, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench, ReadBack } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'
import { metadata, type Partitioner, partitionCount, partitionOf, wireKeys } from './oracle.ts'
import type { Partitioning } from './suite.ts'

type OrderTrial = Trial<CaseOf<typeof text, 'wire-order'>>
type GrowthTrial = Trial<CaseOf<typeof text, 'wire-growth'>>

interface Keyed {
  readonly key: string
  readonly value: string
}

/** Sends the messages a dozen at a time. Gives what kafkajs refused with, if it did. */
async function send(
  bench: KafkaBench,
  partitioner: Partitioner,
  topic: string,
  messages: readonly Keyed[],
): Promise<Error | undefined> {
  const createPartitioner = () => partitioner as ReturnType<ICustomPartitioner>
  const producer = bench.client().producer({ createPartitioner })
  await producer.connect()
  try {
    for (let from = 0; from < messages.length; from += 12) {
      await producer.send({ topic, messages: messages.slice(from, from + 12) })
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(show(error))
  } finally {
    await producer.disconnect()
  }
}

export async function wireOrder(t: OrderTrial, subject: Partitioning, bench: KafkaBench): Promise<void> {
  const count = partitionCount(t.dice)
  const keys = wireKeys(t.dice)
  const sent = t.dice.shuffle(keys.flatMap((_, key) => [key, key + 0.25, key + 0.5]))
  const messages = sent.map((key, at) => ({ key: keys[Math.floor(key)] as string, value: `v${at}` }))
  const partitioner = subject.createPartitioner()
  const topic = await bench.topic('orders', count)
  const refusal = await send(bench, partitioner, topic, messages)
  t.check(refusal === undefined, 'refused', { message: refusal?.message ?? '' })
  const records = await bench.read(topic)
  for (const key of keys) {
    const own = records.filter((record) => record.key === key)
    const expected = partitionOf(key, count)
    const elsewhere = own.find((record) => record.partition !== expected)
    const facts = { key: show(key), got: elsewhere?.partition ?? '', expected }
    t.check(elsewhere === undefined, 'elsewhere', facts, () => lanes(records, count))
    const wanted = messages.filter((message) => message.key === key).map((message) => message.value)
    const read = own.map((record) => record.value)
    t.check(wanted.join() === read.join(), 'order', {
      key: show(key),
      sent: wanted.join(' '),
      read: read.join(' '),
    })
  }
}

/** The topic's partitions, with the records that lie in the wrong one marked. */
function lanes(records: readonly ReadBack[], count: number): Picture {
  return {
    kind: 'timeline',
    lanes: metadata(count).map(({ partitionId }) => {
      const lane = records.filter((record) => record.partition === partitionId)
      const cells = lane.map((record) => `${record.offset}:${record.key}=${record.value}`)
      const wrong = lane.flatMap((r, i) =>
        r.key !== null && partitionOf(r.key, count) !== partitionId ? [i] : [],
      )
      return { name: `p${partitionId}`, cells, wrong }
    }),
  }
}

/** One record of each key, then the topic grows from 2n to 3n partitions, then one more of each: who has moved? */
export async function wireGrowth(t: GrowthTrial, subject: Partitioning, bench: KafkaBench): Promise<void> {
  const n = t.dice.pick([3, 5, 6, 7])
  const [before, after] = [2 * n, 3 * n]
  const keys = t.dice.shuffle(wireKeys(t.dice))
  const partitioner = subject.createPartitioner()
  const topic = await bench.topic('growing', before)
  for (const value of ['old', 'new']) {
    const refusal = await send(
      bench,
      partitioner,
      topic,
      keys.map((key) => ({ key, value })),
    )
    t.check(refusal === undefined, 'refused', { message: refusal?.message ?? '' })
    if (value === 'old') await bench.grow(topic, after)
  }
  const records = await bench.read(topic)
  const placesOf = (key: string, value: string) =>
    records.filter((record) => record.key === key && record.value === value).map(({ partition }) => partition)
  const rows = keys.map((key) => ({
    left: [show(key)],
    expected: `${partitionOf(key, before)} → ${partitionOf(key, after)}`,
    got: `${placesOf(key, 'old')} → ${placesOf(key, 'new')}`,
  }))
  t.check(
    rows.every((row) => row.expected === row.got),
    'elsewhere',
    { before, after },
    () => compareTable(rows, [columns.key]),
  )
  const moved = keys.filter((key) => String(placesOf(key, 'old')) !== String(placesOf(key, 'new')))
  const foretold: unknown = subject.movedKeys([...keys], before, after)
  const isForetold = Array.isArray(foretold) && foretold.join() === moved.join()
  const missing = Array.isArray(foretold) ? foretold.length : show(foretold)
  t.check(isForetold, 'foretold', { moved: moved.length, foretold: missing, all: keys.length })
}
