import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KafkaBench } from './bench.ts'

// What a suite sees of a cluster and does to it. LAB_BOOTSTRAP=host:9092 runs the same on a Kafka of your own.
let bench: KafkaBench
const bootstrap = process.env.LAB_BOOTSTRAP
beforeAll(async () => {
  bench = await KafkaBench.open({ patienceMs: 8_000, ...(bootstrap === undefined ? {} : { bootstrap }) })
})
afterAll(() => bench.close())

describe('what a suite sees of a cluster', { timeout: 60_000 }, () => {
  it('records are read as they were written, with keys, headers and times', async () => {
    const topic = await bench.topic('events', 3)
    await bench.fill(topic, [
      { partition: 2, key: 'k', value: 'one', headers: { trace: 'abc' }, timestamp: 1_700_000_000_123 },
      { partition: 0, value: 'two' },
      { partition: 2, key: null, value: null },
    ])
    expect(await bench.read(topic)).toMatchObject([
      { partition: 0, offset: 0, key: null, value: 'two', headers: {} },
      {
        partition: 2,
        offset: 0,
        key: 'k',
        value: 'one',
        headers: { trace: 'abc' },
        timestamp: 1_700_000_000_123,
      },
      { partition: 2, offset: 1, key: null, value: null },
    ])
    expect(await bench.offsets(topic)).toEqual([
      { partition: 0, start: 0, end: 1, stable: 1 },
      { partition: 1, start: 0, end: 0, stable: 0 },
      { partition: 2, start: 0, end: 2, stable: 2 },
    ])
    await bench.trim(topic, 2, 1)
    expect((await bench.read(topic)).filter(({ partition }) => partition === 2)).toHaveLength(1)
    await bench.grow(topic, 5)
    expect(await bench.offsets(topic)).toHaveLength(5)
  })

  it('compressed batches of a client are read too', async () => {
    const topic = await bench.topic('events', 1)
    const producer = bench.client().producer()
    await producer.connect()
    await producer.send({ topic, compression: 1, messages: [{ value: 'a'.repeat(5_000) }, { value: 'b' }] })
    await producer.disconnect()
    expect((await bench.read(topic)).map(({ value }) => value?.length)).toEqual([5_000, 1])
    expect(await bench.batches(topic, 0)).toMatchObject([{ records: 2, codec: 1, producerId: -1 }])
  })

  it('transactions: what committed readers get, what was aborted, what is open, and the control batches', async () => {
    const topic = await bench.topic('events', 1)
    const send = (value: string) => async (tx: { send: KafkaBench['fill'] }) =>
      tx.send(topic, [{ partition: 0, value }])
    await bench.fill(topic, [{ partition: 0, value: 'plain' }])
    await bench.transaction(bench.topicName('tx'), send('kept'), 'commit')
    await bench.transaction(bench.topicName('tx'), send('dropped'), 'abort')
    const open = bench.topicName('tx')
    await bench.transaction(open, send('pending'), 'open')
    expect((await bench.read(topic)).map(({ value }) => value)).toEqual([
      'plain',
      'kept',
      'dropped',
      'pending',
    ])
    expect((await bench.read(topic, { isolation: 'committed' })).map(({ value }) => value)).toEqual([
      'plain',
      'kept',
    ])
    expect((await bench.batches(topic, 0)).map(({ state, control }) => control ?? state)).toEqual([
      'committed',
      'committed',
      'commit',
      'aborted',
      'abort',
      'open',
    ])
    const [ends] = await bench.offsets(topic)
    expect(ends).toMatchObject({ stable: 5, end: 6 })
    // Who takes the transactional id over ends what was open.
    await bench.producer(open)
    await expect.poll(async () => (await bench.offsets(topic))[0]?.stable).toBe(7)
  })

  it('a batch of an idempotent producer that comes again is stored once', async () => {
    const topic = await bench.topic('events', 1)
    const producer = await bench.producer()
    const batch = { records: [{ value: 'once' }], ...producer, baseSequence: 0 }
    expect(await bench.send(topic, 0, batch)).toEqual({ offset: 0 })
    expect(await bench.send(topic, 0, batch)).toEqual({ offset: 0 })
    expect(await bench.send(topic, 0, { ...batch, baseSequence: 7 })).toMatchObject({
      error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    })
    expect(await bench.batches(topic, 0)).toMatchObject([{ ...producer, baseSequence: 0, records: 1 }])
  })

  it('groups: members, committed offsets, lag', async () => {
    const topic = await bench.topic('events', 2)
    await bench.fill(topic, [
      { partition: 0, value: 'a' },
      { partition: 0, value: 'b' },
      { partition: 1, value: 'c' },
    ])
    const group = bench.topicName('group')
    expect(await bench.committed(group, topic)).toEqual([
      { partition: 0, offset: undefined, metadata: '' },
      { partition: 1, offset: undefined, metadata: '' },
    ])
    await bench.setCommitted(group, topic, { 0: 1 })
    expect(await bench.lag(group, topic)).toEqual([
      { partition: 0, committed: 1, end: 2, lag: 1 },
      { partition: 1, committed: undefined, end: 1, lag: 1 },
    ])
    const consumer = bench.client().consumer({ groupId: group })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    await consumer.run({ eachMessage: async () => {} })
    await expect.poll(async () => (await bench.group(group)).state).toBe('Stable')
    const { members, protocol } = await bench.group(group)
    expect(protocol).toBe('RoundRobinAssigner')
    expect(members).toMatchObject([{ instanceId: null, assigned: [{ topic, partitions: [0, 1] }] }])
    const member = { group, memberId: members[0]?.memberId ?? '', instanceId: undefined, generation: 1 }
    await bench.removeMembers([member])
    await consumer.disconnect()
    expect((await bench.group(group)).members).toEqual([])
  })

  it('time passes for our broker at once; elsewhere something else is done', async () => {
    const topic = await bench.topic('events', 1, { 'retention.ms': '60000' })
    await bench.fill(topic, [{ partition: 0, value: 'old' }])
    let elsewhere = false
    await bench.passTime(600_000, {
      elsewhere: () => {
        elsewhere = true
      },
    })
    expect(elsewhere).toBe(!bench.ours)
    if (!bench.ours) await bench.trim(topic, 0, 1)
    await expect.poll(async () => (await bench.offsets(topic))[0]?.start).toBe(1)
    await bench.alterTopic(topic, { 'retention.ms': null, 'cleanup.policy': 'compact' })
    const { resources } = await bench.admin((admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic }] }),
    )
    const policy = resources[0]?.configEntries.find(({ configName }) => configName === 'cleanup.policy')
    expect(policy?.configValue).toBe('compact')
  })
})
