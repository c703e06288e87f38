/**
 * The playground without its looks: the session in the worker talks to the broker in frames. What the page draws
 * comes from these answers only.
 */
import { describe, expect, it } from 'vitest'
import { createBrowserBroker } from '../../broker/src/browser/browser-broker.ts'
import type { SeenFrame } from '../src/playground/client.ts'
import { routeOfKey } from '../src/playground/murmur2.ts'
import { Session } from '../src/playground/session.ts'
import { emptyState, hasNothingToRead, rewound, withRead, withSent } from '../src/playground/state.ts'

const EVERYTHING = 1_000_000

async function open(partitions = 3) {
  const frames: SeenFrame[] = []
  const broker = createBrowserBroker({ seed: 1 })
  const session = new Session(
    () => broker.connect(),
    (frame) => frames.push(frame),
  )
  await session.createTopic(partitions)
  return { session, frames }
}

describe('the playground', { timeout: 5_000 }, () => {
  it('sends and reads through frames of the protocol', async () => {
    const { session, frames } = await open()
    const sent = await session.send('anna', 'first', 1000)
    const route = routeOfKey(new TextEncoder().encode('anna'), 3)
    expect(sent).toEqual({ partition: route.partition, offset: 0, route })
    expect(await session.read(0, [0, 0, 0], EVERYTHING)).toEqual([
      { partition: sent.partition, offset: 0, key: 'anna', value: 'first' },
    ])
    const seen = frames.map(({ direction, api }) => `${direction} ${api}`)
    expect(seen).toEqual(expect.arrayContaining(['out Produce', 'in Produce', 'out Fetch', 'in Fetch']))
    for (const { bytes } of frames) expect(new DataView(bytes.buffer).getInt32(0)).toBe(bytes.length - 4)
  })

  it('keeps the records of a key in one partition, in order; without a key goes round', async () => {
    const { session } = await open()
    const anna = [await session.send('anna', 'a', 1), await session.send('anna', 'b', 2)]
    expect(anna.map(({ offset }) => offset)).toEqual([0, 1])
    expect(new Set(anna.map(({ partition }) => partition)).size).toBe(1)
    const without = [
      await session.send(null, 'x', 3),
      await session.send(null, 'y', 4),
      await session.send(null, 'z', 5),
    ]
    expect(without.map(({ partition }) => partition)).toEqual([0, 1, 2])
  })

  it('reads again what was read: nothing is taken away', async () => {
    const { session } = await open()
    await session.send('anna', 'a', 1)
    const first = await session.read(0, [0, 0, 0], EVERYTHING)
    expect(await session.read(0, [0, 0, 0], EVERYTHING)).toEqual(first)
  })

  it('reads step by step, a batch at a time', async () => {
    const { session } = await open(1)
    for (const value of ['a', 'b', 'c']) await session.send(null, value, 1)
    let state = emptyState(1)
    for (const value of ['a', 'b', 'c']) {
      const records = await session.read(0, state.readers[0]!.positions, 1)
      expect(records.map((record) => record.value)).toEqual([value])
      state = withRead(state, 0, records, false)
    }
    expect(state.readers[0]!.positions).toEqual([3])
  })

  it('lets a fetch wait on the broker and answers it with the next record', async () => {
    const { session } = await open(1)
    const waiting = session.read(0, [0], EVERYTHING)
    await session.send('late', 'but in time', 1)
    expect((await waiting).map(({ value }) => value)).toEqual(['but in time'])
  })

  it('adds a partition, after which keys may go elsewhere', async () => {
    const { session } = await open(3)
    const before = await session.send('maria', '1', 1)
    expect(await session.addPartition()).toBe(4)
    const after = await session.send('maria', '2', 2)
    expect([before.partition, after.partition]).toEqual([0, 3])
  })

  it('says why a key goes where it goes', () => {
    expect(routeOfKey(new TextEncoder().encode('anna'), 3)).toEqual({
      hash: -1408603945,
      positive: 738879703,
      partitions: 3,
      partition: 1,
    })
  })

  it('has two readers, neither of which notices the other', async () => {
    const { session } = await open(1)
    await session.send(null, 'a', 1)
    let state = withSent(emptyState(1), null, 'a', { partition: 0, offset: 0 })
    state = withRead(state, 0, await session.read(0, [0], EVERYTHING), false)
    expect(state.readers.map(({ positions }) => positions)).toEqual([[1], [0]])
    expect([0, 1].map((reader) => hasNothingToRead(state, reader))).toEqual([true, false])
    state = withRead(state, 1, await session.read(1, [0], EVERYTHING), false)
    state = rewound(state, 0)
    expect(state.readers.map(({ positions, read }) => [positions, read.length])).toEqual([
      [[0], 0],
      [[1], 1],
    ])
  })

  it('answers both readers when both wait, each on a connection of its own', async () => {
    const { session } = await open(1)
    const waiting = [session.read(0, [0], EVERYTHING), session.read(1, [0], EVERYTHING)]
    await session.send(null, 'one for both', 1)
    for (const answer of waiting) expect((await answer).map(({ value }) => value)).toEqual(['one for both'])
  })

  it('cuts each frame into parts that are all of its bytes, in order', async () => {
    const { session, frames } = await open()
    await session.send('anna', 'first', 1000)
    await session.read(0, [0, 0, 0], EVERYTHING)
    await session.addPartition()
    expect(frames.length).toBeGreaterThan(12)
    for (const { api, direction, bytes, parts } of frames) {
      let at = 0
      for (const { from, to } of parts) {
        expect(from, `${direction} ${api}`).toBe(at)
        expect(to).toBeGreaterThanOrEqual(from)
        at = to
      }
      expect(at, `${direction} ${api}`).toBe(bytes.length)
    }
  })

  it('names the fields as Kafka does, and shows the batch and the record in them', async () => {
    const { session, frames } = await open()
    await session.send('anna', 'first', 1000)
    const asked = frames.find(({ api, direction }) => api === 'Produce' && direction === 'out')!
    const says = (name: string) => asked.parts.find((part) => part.name === name)?.value
    expect([says('requestApiKey'), says('requestApiVersion'), says('clientId')]).toEqual([
      '0',
      '9',
      '"producer"',
    ])
    expect([says('topicData'), says('name'), says('acks')]).toEqual(['1', '"orders"', '-1'])
    const inner = (kind: string) => asked.parts.find((part) => part.kind === kind)!
    expect(inner('batch').value).toContain('baseOffset 0, recordCount 1')
    expect(inner('batch').to - inner('batch').from).toBe(61)
    expect(inner('records').value).toBe('0: "anna" → "first"')
  })

  it('draws a record where the broker has put it', () => {
    const state = withSent(emptyState(2), 'anna', 'v', { partition: 1, offset: 41 })
    expect(state.partitions).toEqual([[], [{ offset: 41, key: 'anna', value: 'v' }]])
    expect(state.keys).toEqual(['anna'])
  })
})
