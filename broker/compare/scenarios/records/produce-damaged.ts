/**
 * Invalid records inside a batch with a valid checksum: which are refused, and which are stored.
 */
import { bytesOf } from '../../../src/core.ts'
import { batchPositions, readBatchHeader, stampCrc } from '../../../src/record/batch.ts'
import { Codec } from '../../../src/record/compression.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { type RawBatch, rawBatch, rawRecord, varint } from './raw-records.ts'
import { fetchOf, produceOf, type Topic } from './writing.ts'

type Case = readonly [what: string, records: readonly number[], batch?: RawBatch]

const A = 0x41
const V = 0x76
const SECOND = rawRecord({ offsetDelta: varint(1) })

/** Fields that say what is not there, or leave something over. */
const STRUCTURE: readonly Case[] = [
  ['nothing wrong', rawRecord()],
  ['a header whose key has length -1', rawRecord({ headers: [...varint(1), ...varint(-1), ...varint(0)] })],
  ['a header whose key has length -2', rawRecord({ headers: [...varint(1), ...varint(-2), ...varint(0)] })],
  ['-1 headers', rawRecord({ headers: varint(-1) })],
  ['1 header, none there', rawRecord({ headers: varint(1) })],
  ['2 headers, one there', rawRecord({ headers: [...varint(2), ...varint(1), A, ...varint(-1)] })],
  ['1,000,000 headers, none there', rawRecord({ headers: varint(1_000_000) })],
  [
    'a header whose key is no UTF-8',
    rawRecord({ headers: [...varint(1), ...varint(1), 0xff, ...varint(-1)] }),
  ],
  [
    'a header whose value has length -5',
    rawRecord({ headers: [...varint(1), ...varint(1), A, ...varint(-5)] }),
  ],
  [
    'a header whose value is too long',
    rawRecord({ headers: [...varint(1), ...varint(1), A, ...varint(50)] }),
  ],
  ['a key longer than the record', rawRecord({ key: [...varint(100), A] })],
  ['a key of 2 GB', rawRecord({ key: varint(0x7fff_ffff) })],
  ['a key of length -2', rawRecord({ key: varint(-2) })],
  ['a value longer than the record', rawRecord({ value: [...varint(100), A] })],
  ['a value of length -7', rawRecord({ value: varint(-7) })],
  ['bytes behind the last field', rawRecord({ tail: [0, 0] })],
  ['bytes behind the record', [...rawRecord(), 0]],
  ['a record of length 0', [0]],
  ['two records of length 0', [0, 0], { count: 2 }],
  ['a record of length -1', varint(-1)],
  ['no record at all', []],
  ['one record too many', [...rawRecord(), ...SECOND]],
  ['one record too few', [...rawRecord(), ...SECOND], { count: 3 }],
  ['an attribute that means nothing', rawRecord({ attributes: 0x7f })],
]

/** Lengths that are not those of their records: plain ones are refused, compressed ones are not looked at. */
const LENGTHS: readonly Case[] = [
  ['a length of -1 before a record', rawRecord({ length: varint(-1) })],
  ['a length of 0 before a record', rawRecord({ length: varint(0) })],
  ['a length of one too few', rawRecord({ longer: -1 })],
  ['a length of one too many', rawRecord({ longer: 1 })],
  ['a length of one too many, and room for it', [...rawRecord({ longer: 1 }), ...SECOND], { count: 2 }],
]

/** Numbers in more bytes than they take. */
const NUMBERS: readonly Case[] = [
  ['a length in 5 bytes', rawRecord({ length: varint(rawRecord().length - 1, 5) })],
  ['a length in 6 bytes', rawRecord({ length: varint(rawRecord().length - 1, 6) })],
  ['a length with bits beyond 32', rawRecord({ length: [0x8e, 0x80, 0x80, 0x80, 0x70] })],
  ['a key length in 3 bytes', rawRecord({ key: [...varint(1, 3), A] })],
  ['a header count in 5 bytes', rawRecord({ headers: varint(0, 5) })],
  ['a header count in 6 bytes', rawRecord({ headers: varint(0, 6) })],
  ['an offset delta in 5 bytes', rawRecord({ offsetDelta: varint(0, 5) })],
  ['a timestamp delta of 0 in 10 bytes', rawRecord({ timestampDelta: varint(0, 10) })],
  ['a timestamp delta in 11 bytes', rawRecord({ timestampDelta: varint(0, 11) })],
]

const OFFSETS: readonly Case[] = [
  ['an offset delta of 1', rawRecord({ offsetDelta: varint(1) })],
  ['an offset delta of -1', rawRecord({ offsetDelta: varint(-1) })],
  ['offset deltas 1, 0', [...SECOND, ...rawRecord()], { count: 2 }],
  ['offset deltas 0, 0', [...rawRecord(), ...rawRecord()], { count: 2 }],
  ['offset deltas 0, 5', [...rawRecord(), ...rawRecord({ offsetDelta: varint(5) })], { count: 2 }],
]

/** Times that are refused, or are no times; the answers depend on the clock, so only the error is compared. */
const TIMES: readonly Case[] = [
  ['a timestamp delta of 2^63 - 1', rawRecord({ timestampDelta: varint(2n ** 63n - 1n) })],
  ['a timestamp delta of -2^63', rawRecord({ timestampDelta: varint(-(2n ** 63n)) })],
  ['a time of -1', rawRecord(), { baseTimestamp: -1, maxTimestamp: -1 }],
  ['a time of -2', rawRecord(), { baseTimestamp: -2, maxTimestamp: -1 }],
  ['a greatest time that is not true', rawRecord(), { maxTimestamp: 5 }],
  ['LogAppendTime, said by the client', rawRecord(), { attributes: 8 }],
  ['LogAppendTime of -1, said by the client', rawRecord(), { attributes: 8, maxTimestamp: -1 }],
  ['attributes that mean nothing', rawRecord(), { attributes: 0x7f80 }],
  ['a delete horizon', rawRecord(), { attributes: 0x40 }],
]

async function sendAll(
  { quietly, note, call }: Recorder,
  topic: Topic,
  codec: Codec,
  cases: readonly Case[],
): Promise<void> {
  for (const [what, records, batch] of cases) {
    const sent = rawBatch(records, { ...batch, codec })
    const { responses } = await quietly('Produce', 9, produceOf(topic, sent))
    const { errorCode, baseOffset, recordErrors } = responses[0]!.partitionResponses[0]!
    note(what, { errorCode, baseOffset, refused: recordErrors.map(({ batchIndex }) => batchIndex) })
  }
  await call('Fetch', 12, fetchOf(topic))
}

const ALL = [...STRUCTURE, ...LENGTHS, ...NUMBERS, ...OFFSETS, ...TIMES]

for (const [name, codec] of Object.entries(Codec))
  scenario(`Produce: damaged records, codec ${name}`, 'LogValidator', async (recorder) => {
    await sendAll(recorder, await recorder.topic(), codec, ALL)
  })

for (const [name, config] of [
  ['that are packed anew', { 'compression.type': 'uncompressed' }],
  ['on a compacted topic', { 'cleanup.policy': 'compact' }],
  ['whose times do not matter', { 'message.timestamp.after.max.ms': '9223372036854775807' }],
] as const)
  scenario(`Produce: damaged records ${name}`, 'LogValidator, KIP-390', async (recorder) => {
    await sendAll(recorder, await recorder.topic(1, config), Codec.NONE, ALL)
    await sendAll(recorder, await recorder.topic(1, config), Codec.GZIP, ALL)
  })

scenario('Produce: attributes when a time is stamped', 'LogAppendTime', async (recorder) => {
  const topic = await recorder.topic(1, { 'message.timestamp.type': 'LogAppendTime' })
  // A delete horizon, and bits that mean nothing.
  for (const attributes of [0x40, 0x80, 0x7f00])
    await recorder.quietly('Produce', 9, produceOf(topic, rawBatch(rawRecord(), { attributes })))
  const { responses } = await recorder.quietly('Fetch', 12, fetchOf(topic))
  const bytes = bytesOf(responses[0]!.partitions[0]!.records ?? new Uint8Array(0))
  recorder.note(
    'attributes',
    Array.from(batchPositions(bytes), (at) => readBatchHeader(bytes, at).attributes),
  )
})

scenario('Produce: more than ten thousand records without a key', 'KIP-467', async (recorder) => {
  const topic = await recorder.topic(1, { 'cleanup.policy': 'compact' })
  const count = 10_001
  const keyless = Array.from({ length: count }, (_, i) =>
    rawRecord({ offsetDelta: varint(i), key: varint(-1) }),
  )
  const sent = rawBatch(keyless.flat(), { count, codec: Codec.GZIP })
  const { responses } = await recorder.quietly('Produce', 9, produceOf(topic, sent))
  const { errorCode, recordErrors } = responses[0]!.partitionResponses[0]!
  const last = recordErrors.at(9999)?.batchIndex
  recorder.note('refused', { errorCode, last, named: recordErrors.length })
})

scenario('Produce: codecs that are none', 'LogValidator', async (recorder) => {
  const topic = await recorder.topic()
  const CONTROL = 0x20
  for (const codec of [5, 6, 7])
    for (const attributes of [codec, codec | CONTROL])
      for (const count of [1, 2])
        await recorder.call('Produce', 9, produceOf(topic, rawBatch(rawRecord(), { attributes, count })))
})

scenario('Produce: an older format with the bit of a transaction', 'ProduceRequest', async (recorder) => {
  const topic = await recorder.topic()
  for (const magic of [0, 1, 2]) {
    const batch = rawBatch(rawRecord(), { attributes: 0x10 })
    batch[16] = magic
    await recorder.call('Produce', 9, produceOf(topic, batch))
  }
})

/** The record says that its value has 59 bytes; behind it the stream is cut. Which of both is found first? */
for (const [name, codec] of Object.entries(Codec).slice(1))
  scenario(`Produce: a damaged record in a damaged stream, ${name}`, 'LogValidator', async (recorder) => {
    const sent = rawBatch([...rawRecord({ value: [0x76, V] }), ...SECOND], {
      codec: codec as Codec,
      count: 2,
    })
    for (const type of ['producer', 'uncompressed', 'gzip', 'zstd']) {
      const topic = await recorder.topic(1, { 'compression.type': type })
      for (const cut of [0, 1, 2, 4, 8]) {
        const { responses } = await recorder.quietly('Produce', 9, produceOf(topic, shortened(sent, cut)))
        recorder.note(`${type}, ${cut} bytes cut off`, responses[0]!.partitionResponses[0]!.errorCode)
      }
    }
  })

function shortened(batch: Uint8Array, cut: number): Uint8Array {
  const shorter = batch.slice(0, batch.length - cut)
  new DataView(shorter.buffer).setInt32(8, shorter.length - 12)
  stampCrc(shorter, 0)
  return shorter
}
