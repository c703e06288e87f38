/**
 * Produce: what a broker accepts, what it refuses, and with which error. (Idempotence: idempotence.ts, codecs
 * and times of topics: logs.ts)
 */
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { stampCrc } from '../../../src/record/batch.ts'
import { type BatchOptions, buildBatch } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { batchOf, fetchOf, produceOf, recordsOf, THEN, type Topic } from './writing.ts'

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

async function stored({ call }: Recorder, topic: Topic): Promise<void> {
  await call('Fetch', 12, fetchOf(topic))
}

/** Bytes of a batch, changed by `change`; its checksum is right unless that is what is wrong. */
function changed(change: (bytes: DataView) => void, { stamped = true } = {}, bytes = batchOf(3)): Uint8Array {
  change(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
  if (stamped) stampCrc(bytes, 0)
  return bytes
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** What is wrong with the bytes of a partition. */
const WRONG_BYTES: readonly (readonly [string, () => Uint8Array])[] = [
  ['no bytes', () => new Uint8Array(0)],
  ['a few bytes', () => new Uint8Array(5)],
  ['zeros', () => new Uint8Array(100)],
  ['a batch that is cut off', () => batchOf(3).subarray(0, 100)],
  ['a header that is cut off', () => batchOf(3).subarray(0, 40)],
  ['two batches', () => joined(batchOf(1), batchOf(2))],
  ['a batch and some bytes', () => joined(batchOf(1), new Uint8Array(7))],
  ['a batch and half a batch', () => joined(batchOf(1), batchOf(1).subarray(0, 50))],
  ['a wrong checksum', () => changed((view) => view.setUint32(17, 12_345), { stamped: false })],
  ['a length that is too small', () => changed((view) => view.setInt32(8, 20), { stamped: false })],
  ['a length of 0', () => changed((view) => view.setInt32(8, 0), { stamped: false })],
  ['a length below 0', () => changed((view) => view.setInt32(8, -1), { stamped: false })],
  ['a length that is too great', () => changed((view) => view.setInt32(8, 5000), { stamped: false })],
  ['magic 0', () => changed((view) => view.setInt8(16, 0), { stamped: false })],
  ['magic 1', () => changed((view) => view.setInt8(16, 1), { stamped: false })],
  ['magic 3', () => changed((view) => view.setInt8(16, 3), { stamped: false })],
  ['magic below 0', () => changed((view) => view.setInt8(16, -1), { stamped: false })],
  ['no records', () => buildBatch([])],
  ['a count that is too great', () => changed((view) => view.setInt32(57, 4))],
  ['a count that is too small', () => changed((view) => view.setInt32(57, 2))],
  ['a count of 0', () => changed((view) => view.setInt32(57, 0))],
  ['a count below 0', () => changed((view) => view.setInt32(57, -3))],
  [
    'a count and a last offset that are too great',
    () =>
      changed((view) => {
        view.setInt32(57, 4)
        view.setInt32(23, 3)
      }),
  ],
  [
    'a count and a last offset that are too small',
    () =>
      changed((view) => {
        view.setInt32(57, 2)
        view.setInt32(23, 1)
      }),
  ],
  ['a last offset that is too great', () => changed((view) => view.setInt32(23, 9))],
  ['a last offset below 0', () => changed((view) => view.setInt32(23, -1))],
  ['a base offset', () => changed((view) => view.setBigInt64(0, 42n))],
  ['a base offset below 0', () => changed((view) => view.setBigInt64(0, -1n))],
  ['a leader epoch', () => changed((view) => view.setInt32(12, 7))],
  ['a control batch', () => batchOf(1, { control: true, producerId: 5, producerEpoch: 0, baseSequence: 0 })],
  ['a control batch of nobody', () => batchOf(1, { control: true })],
  ['an unknown codec', () => changed((view) => view.setInt16(21, 5))],
  ['another unknown codec', () => changed((view) => view.setInt16(21, 7))],
  ['a codec that it does not have', () => changed((view) => view.setInt16(21, 1))],
  ['an unknown attribute', () => changed((view) => view.setInt16(21, 0x80))],
  ['a delete horizon', () => changed((view) => view.setInt16(21, 0x40))],
  ['offsets with a gap', () => buildBatch(recordsOf(2).map((each, i) => ({ ...each, offsetDelta: i * 2 })))],
  ['a record that ends too early', () => changed((view) => view.setInt8(61, view.getInt8(61) - 2))],
  ['a record that ends too late', () => changed((view) => view.setInt8(61, view.getInt8(61) + 2))],
]
for (const [what, bytes] of WRONG_BYTES)
  scenario(`Produce: ${what}`, 'a client of its own making', async (recorder) => {
    const topic = await recorder.topic(1)
    for (const version of [3, 7, 8, 13]) await recorder.call('Produce', version, produceOf(topic, bytes()))
    await stored(recorder, topic)
  })

scenario('Produce: keys, values and headers of all kinds', 'every producer', async (recorder) => {
  const topic = await recorder.topic(1)
  const empty = new Uint8Array(0)
  const bytes = new Uint8Array([0, 255, 7])
  const records = [
    { key: null, value: null, timestamp: THEN },
    { key: empty, value: empty, timestamp: THEN },
    { key: bytes, value: bytes, timestamp: THEN + 5 },
    { key: bytes, value: null, timestamp: THEN - 5, headers: [{ key: '', value: null }] },
    {
      key: null,
      value: bytes,
      timestamp: THEN,
      headers: [
        { key: 'ü', value: bytes },
        { key: 'ü', value: empty },
      ],
    },
    { key: null, value: new Uint8Array(100_000).fill(65), timestamp: THEN },
  ]
  await recorder.call('Produce', 9, produceOf(topic, buildBatch(records)))
  for (const codec of [Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD])
    await recorder.call('Produce', 9, produceOf(topic, buildBatch(records, { codec, codecs: NODE_CODECS })))
  await stored(recorder, topic)
})

scenario('Produce: zstd before its version', 'KIP-110', async (recorder) => {
  const topic = await recorder.topic(1)
  const batch = batchOf(3, { codec: Codec.ZSTD, codecs: NODE_CODECS })
  for (const version of [3, 6, 7]) await recorder.call('Produce', version, produceOf(topic, batch))
  await stored(recorder, topic)
})

scenario('Produce: too large', 'max.message.bytes', async (recorder) => {
  const topic = await recorder.topic(1, { 'max.message.bytes': '300' })
  const value = (length: number) => [{ key: null, value: new Uint8Array(length), timestamp: THEN }]
  for (const length of [220, 225, 226, 227, 228, 229, 230, 231, 232, 240, 5000])
    await recorder.call('Produce', 11, produceOf(topic, buildBatch(value(length))))
  const codecs = NODE_CODECS
  await recorder.call('Produce', 11, produceOf(topic, buildBatch(value(5000), { codec: Codec.GZIP, codecs })))
})

scenario('Produce: larger than a segment', 'segment.bytes', async (recorder) => {
  const topic = await recorder.topic(1, { 'segment.bytes': '1048576', 'max.message.bytes': '3000000' })
  const records = [{ key: null, value: new Uint8Array(1_100_000), timestamp: THEN }]
  await recorder.call('Produce', 11, produceOf(topic, buildBatch(records)))
})

scenario('Produce: one good and one bad partition', 'every producer', async (recorder) => {
  const topic = await recorder.topic(3)
  const damaged = changed((view) => view.setUint32(17, 1), { stamped: false })
  for (const version of versionsOf('Produce')) {
    const partitionData = [
      { index: 2, records: batchOf(1) },
      { index: 0, records: damaged },
      { index: 7, records: batchOf(1) },
      { index: 1, records: batchOf(2) },
    ]
    await recorder.call(
      'Produce',
      version,
      produceOf(topic, null, { topicData: [{ ...topic, partitionData }] }),
    )
  }
})

scenario('Produce: nothing to anywhere', 'any client of its own making', async (recorder) => {
  const topic = await recorder.topic(1)
  for (const version of versionsOf('Produce')) {
    await recorder.call('Produce', version, produceOf(topic, null, { topicData: [] }))
    await recorder.call(
      'Produce',
      version,
      produceOf(topic, null, { topicData: [{ ...topic, partitionData: [] }] }),
    )
  }
})

scenario('Produce: topics that are not there', 'every producer', async (recorder) => {
  const nowhere = { name: 'no-such-topic', topicId: OTHER_ID }
  for (const version of versionsOf('Produce')) {
    await recorder.call('Produce', version, produceOf(nowhere, batchOf(1)))
    await recorder.call('Produce', version, produceOf({ ...nowhere, topicId: NO_ID, name: '' }, batchOf(1)))
  }
})

scenario('Produce: to internal topics', 'any client of its own making', async (recorder) => {
  await recorder.coordinator(recorder.name('group'), 0)
  const { topics } = await recorder.quietly('Metadata', 12, { topics: [{ name: '__consumer_offsets' }] })
  const there = { name: '__consumer_offsets', topicId: topics[0]!.topicId }
  for (const version of [3, 9, 13]) await recorder.call('Produce', version, produceOf(there, batchOf(1)))
})

for (const acks of [-1, 0, 1, 2, -2, 32_767])
  scenario(`Produce: acks ${acks < 0 ? `minus ${-acks}` : acks}`, 'every producer', async (recorder) => {
    const topic = await recorder.topic(1)
    if (acks !== 0)
      for (const version of versionsOf('Produce'))
        await recorder.call('Produce', version, produceOf(topic, batchOf(1), { acks }))
    else
      for (let i = 0; i < 3; i++) await recorder.send('Produce', 11, produceOf(topic, batchOf(1), { acks }))
    await stored(recorder, topic)
  })

scenario('Produce: acks 0 and an error hang up', 'KafkaApis.handleProduceRequest', async (recorder) => {
  const topic = await recorder.topic(1)
  const damaged = changed((view) => view.setUint32(17, 1), { stamped: false })
  for (const records of [damaged, joined(batchOf(1), batchOf(1))])
    await recorder.another().call('Produce', 11, produceOf(topic, records, { acks: 0 }))
  await recorder.another().call('Produce', 11, produceOf(topic, batchOf(1), { acks: 0 }, 7))
  await recorder
    .another()
    .call('Produce', 11, produceOf({ name: 'no-such-topic', topicId: '' }, batchOf(1), { acks: 0 }))
  await stored(recorder, topic)
})

scenario('Produce: timeouts of all kinds', 'every producer', async (recorder) => {
  const topic = await recorder.topic(1)
  for (const timeoutMs of [0, -1, 1, 0x7fff_ffff])
    for (const acks of [-1, 1])
      await recorder.call('Produce', 11, produceOf(topic, batchOf(1), { acks, timeoutMs }))
})

scenario('Produce: more in-sync replicas than there are', 'min.insync.replicas', async (recorder) => {
  const topic = await recorder.topic(1, { 'min.insync.replicas': '1' })
  for (const acks of [-1, 1]) await recorder.call('Produce', 11, produceOf(topic, batchOf(1), { acks }))
})

/** Timestamps of batches, in ms relative to now. */
function times(
  what: string,
  configs: Record<string, string>,
  options: (now: number) => [number, BatchOptions][],
) {
  scenario(`Produce: times, ${what}`, 'KIP-937, LogValidator', async (recorder) => {
    const topic = await recorder.topic(1, configs)
    for (const [timestamp, more] of options(THEN)) {
      const records = [...recordsOf(1), { key: null, value: null, timestamp }]
      await recorder.call('Produce', 11, produceOf(topic, buildBatch(records, more)))
    }
    await stored(recorder, topic)
    const stamped = configs['message.timestamp.type'] === 'LogAppendTime'
    for (const timestamp of stamped ? [-1, -2, THEN] : [-1, -2, -3, THEN])
      await recorder.call('ListOffsets', 7, {
        replicaId: -1,
        topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp }] }],
      })
  })
}

const ALL_TIMES = (now: number): [number, BatchOptions][] => [
  [now, {}],
  [now - 10_000_000_000, {}],
  [now + 60_000, {}],
  [now + 24 * 3_600_000, {}],
  [0, {}],
  [-1, {}],
  [-2, {}],
  [now, { maxTimestamp: now + 1000 }],
  [now, { maxTimestamp: now - 1000 }],
  [now, { maxTimestamp: -1 }],
  [now, { maxTimestamp: now + 24 * 3_600_000 }],
  [now + 24 * 3_600_000, { maxTimestamp: now }],
  [now, { logAppendTime: now }],
  [now + 24 * 3_600_000, { logAppendTime: now }],
]
times('as they come', {}, ALL_TIMES)
times('stamped by the broker', { 'message.timestamp.type': 'LogAppendTime' }, ALL_TIMES)
times('not too old', { 'message.timestamp.before.max.ms': '86400000' }, ALL_TIMES)
times('not in the future', { 'message.timestamp.after.max.ms': '0' }, ALL_TIMES)
times('in the future', { 'message.timestamp.after.max.ms': '9223372036854775807' }, ALL_TIMES)
times('compressed anew', { 'compression.type': 'gzip' }, ALL_TIMES)
