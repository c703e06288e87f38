/**
 * The effects of topic configs on the log: codec, timestamps, compaction and retention.
 */
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { batchPositions, readBatchHeader } from '../../../src/record/batch.ts'
import { type BatchOptions, buildBatch, type NewRecord } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import { readRecords } from '../../../src/record/record.ts'
import { pause } from '../../line.ts'
import { type Recorder, scenario } from '../../scenario.ts'

type Topic = { name: string; topicId: string }

const utf8 = new TextEncoder()
const text = new TextDecoder()
const CODEC_NAMES = ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const

function records(count: number): NewRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    key: utf8.encode(`key ${i}`),
    value: utf8.encode('the same words again and again'),
    timestamp: 1_700_000_000_000 + i,
    headers: [{ key: 'header', value: utf8.encode(`${i}`) }],
  }))
}

function produceTo(topic: Topic, bytes: Uint8Array) {
  const partitionData = [{ index: 0, records: bytes }]
  return { acks: -1, timeoutMs: 5000, topicData: [{ ...topic, partitionData }] }
}

/** What lies in partition 0, batch by batch; compressed bytes themselves may differ from one library to another. */
async function stored({ quietly }: Recorder, topic: Topic): Promise<unknown[]> {
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 }]
  const topics = [{ topic: topic.name, topicId: topic.topicId, partitions }]
  const { responses } = await quietly('Fetch', 12, { maxWaitMs: 0, minBytes: 0, topics })
  const bytes = responses[0]?.partitions[0]?.records ?? new Uint8Array(0)
  return [...batchPositions(bytes)].map((at) => {
    const { size: _size, crc: _crc, producerId: _id, ...header } = readBatchHeader(bytes, at)
    const shown = readRecords(bytes, at, NODE_CODECS).map(({ key, value, headers, ...rest }) => ({
      ...rest,
      key: key && text.decode(key),
      value: value && text.decode(value),
      headers: headers.map((each) => `${each.key}=${each.value && text.decode(each.value)}`),
    }))
    return { ...header, records: shown }
  })
}

for (const [target, name] of CODEC_NAMES.entries()) {
  scenario(
    `Produce: a topic that keeps its records ${name}`,
    'compression.type, KIP-390',
    async (recorder) => {
      const there = await recorder.topic(1, { 'compression.type': name })
      for (const codec of [Codec.NONE, Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD]) {
        const bytes = buildBatch(records(3), { codec, codecs: NODE_CODECS })
        await recorder.call('Produce', 9, produceTo(there, bytes))
      }
      recorder.note(`stored as codec ${target}`, await stored(recorder, there))
    },
  )
}

scenario('Produce: levels of compression', 'KIP-390', async (recorder) => {
  for (const [codec, level] of [
    ['gzip', '1'],
    ['zstd', '19'],
    ['lz4', '17'],
  ] as const) {
    const there = await recorder.topic(1, {
      'compression.type': codec,
      [`compression.${codec}.level`]: level,
    })
    await recorder.call('Produce', 9, produceTo(there, buildBatch(records(3))))
    recorder.note(codec, await stored(recorder, there))
  }
})

scenario('Produce: recompressed and too big', 'compression.type with max.message.bytes', async (recorder) => {
  const there = await recorder.topic(1, { 'compression.type': 'uncompressed', 'max.message.bytes': '1000' })
  const bytes = buildBatch(records(100), { codec: Codec.GZIP, codecs: NODE_CODECS })
  await recorder.call('Produce', 9, produceTo(there, bytes))
  recorder.note('stored', await stored(recorder, there))
})

scenario('Produce: recompressed and stamped', 'message.timestamp.type=LogAppendTime', async (recorder) => {
  const config = { 'compression.type': 'gzip', 'message.timestamp.type': 'LogAppendTime' }
  const there = await recorder.topic(1, config)
  await recorder.quietly('Produce', 9, produceTo(there, buildBatch(records(2))))
  const batches = (await stored(recorder, there)) as { attributes: number; baseTimestamp: number }[]
  recorder.note(
    'stored',
    batches.map(({ attributes, baseTimestamp }) => ({ attributes, baseTimestamp })),
  )
})

scenario('Produce: bytes that no codec opens', 'every broker that opens a batch', async (recorder) => {
  const there = await recorder.topic(1, { 'compression.type': 'uncompressed' })
  const codecs: BatchOptions['codecs'] = { ...NODE_CODECS, compress: () => utf8.encode('nothing at all') }
  for (const codec of [Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD]) {
    const bytes = buildBatch(records(1), { codec, codecs })
    const { responses } = await recorder.quietly('Produce', 9, produceTo(there, bytes))
    recorder.note(`codec ${codec}`, responses[0]?.partitionResponses[0]?.errorCode)
  }
})

scenario('Produce: records without a key to a compacted topic', 'KIP-467', async (recorder) => {
  const there = await recorder.topic(1, { 'cleanup.policy': 'compact' })
  const keyless = { key: null, value: utf8.encode('x'), timestamp: 1_700_000_000_000 }
  for (const records of [[keyless], [keyed('key', 'x'), keyless, keyless]])
    await recorder.call('Produce', 9, produceTo(there, buildBatch(records)))
  const compressed = buildBatch([keyless, keyed('key', 'x')], { codec: Codec.GZIP, codecs: NODE_CODECS })
  await recorder.call('Produce', 9, produceTo(there, compressed))
})

scenario('Produce: sequences that do not follow', 'KIP-98', async (recorder) => {
  const there = await recorder.topic()
  const { producerId, producerEpoch } = await recorder.quietly('InitProducerId', 4, {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
  })
  for (const [epoch, baseSequence] of [
    [0, 0],
    [0, 2],
    [0, 1],
    [1, 3],
    [1, 0],
    [0, 2],
  ] as const) {
    const options = { producerId, producerEpoch: producerEpoch + epoch, baseSequence }
    await recorder.call('Produce', 9, produceTo(there, buildBatch([keyed('key', 'x')], options)))
  }
})

/** Segments of some batches each, which the cleaner does not clean until `cleaned` is called. */
export const COMPACTED = {
  'cleanup.policy': 'compact',
  'internal.segment.bytes': '700',
  'min.cleanable.dirty.ratio': '1',
}
const CLEANED_MS_MAX = 60_000
const LOOK_MS = 250
const SAME_LOOKS = 4

/** Lets the cleaner run once, and returns what is left; a broker checks every log.cleaner.backoff.ms. */
export async function cleaned(recorder: Recorder, topic: Topic): Promise<unknown[]> {
  const before = JSON.stringify(await stored(recorder, topic))
  await setRatio(recorder, topic, '0')
  let last = before
  for (let same = 0, waited = 0; same < SAME_LOOKS; waited += LOOK_MS) {
    if (waited > CLEANED_MS_MAX) throw new Error('nothing was compacted')
    await pause(LOOK_MS)
    const now = JSON.stringify(await stored(recorder, topic))
    same = now === last && now !== before ? same + 1 : 0
    last = now
  }
  await setRatio(recorder, topic, '1')
  return (await stored(recorder, topic)).map(withoutTimes)
}

async function setRatio({ quietly }: Recorder, topic: Topic, value: string): Promise<void> {
  const configs = [{ name: 'min.cleanable.dirty.ratio', configOperation: 0, value }]
  const resources = [{ resourceType: 2, resourceName: topic.name, configs }]
  await quietly('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
}

/** Delete horizons and markers have the brokers' own times. */
function withoutTimes(batch: unknown): unknown {
  const { attributes, baseTimestamp, maxTimestamp, records, ...rest } = batch as Record<string, unknown> & {
    attributes: number
    records: { timestamp: number }[]
  }
  const times = attributes & 0x60 ? undefined : { baseTimestamp, maxTimestamp }
  const shown = attributes & 0x20 ? records.length : records
  return { ...rest, attributes, ...times, records: shown }
}

const keyed = (key: string, value: string | null): NewRecord => ({
  key: utf8.encode(key),
  value: value === null ? null : utf8.encode(value),
  timestamp: 1_700_000_000_000,
})

/** Enough records to roll the last relevant segment: the active one is never compacted. */
async function roll({ quietly }: Recorder, topic: Topic): Promise<void> {
  for (let i = 0; i < 12; i++)
    await quietly('Produce', 9, produceTo(topic, buildBatch([keyed(`end ${i}`, 'x')])))
}

scenario('Compaction: keys, tombstones, codecs', 'cleanup.policy=compact', async (recorder) => {
  const there = await recorder.topic(1, COMPACTED)
  for (let i = 0; i < 20; i++) {
    const records = [keyed(`key ${i % 3}`, `${i}`), keyed(`key ${i % 7}`, i % 5 === 0 ? null : `${i}`)]
    await recorder.quietly(
      'Produce',
      9,
      produceTo(there, buildBatch(records, { codec: i % 5, codecs: NODE_CODECS })),
    )
  }
  await roll(recorder, there)
  recorder.note('left', await cleaned(recorder, there))
})

scenario('Compaction: an idempotent producer can go on', 'KIP-98', async (recorder) => {
  const there = await recorder.topic(1, COMPACTED)
  const { producerId, producerEpoch } = await recorder.quietly('InitProducerId', 4, {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
  })
  for (let baseSequence = 0; baseSequence < 6; baseSequence++) {
    const bytes = buildBatch([keyed('key', 'value')], { producerId, producerEpoch, baseSequence })
    await recorder.quietly('Produce', 9, produceTo(there, bytes))
  }
  await roll(recorder, there)
  await recorder.quietly('Produce', 9, produceTo(there, buildBatch([keyed('key', 'of another')])))
  await roll(recorder, there)
  recorder.note('left', await cleaned(recorder, there))
  for (const baseSequence of [7, 6]) {
    const bytes = buildBatch([keyed('key', 'value')], { producerId, producerEpoch, baseSequence })
    await recorder.call('Produce', 9, produceTo(there, bytes))
  }
})

scenario('Compaction: transactions that ended well and badly', 'KIP-98', async (recorder) => {
  const { quietly } = recorder
  const there = await recorder.topic(1, COMPACTED)
  const transactionalId = recorder.name('transaction')
  await recorder.coordinator(transactionalId, 1)
  const producer = await quietly('InitProducerId', 4, { transactionalId, transactionTimeoutMs: 60_000 })
  const { producerId, producerEpoch } = producer
  for (let i = 0; i < 6; i++) {
    await quietly('AddPartitionsToTxn', 3, {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: there.name, partitions: [0] }],
    })
    const options = { producerId, producerEpoch, baseSequence: i, transactional: true }
    const bytes = buildBatch([keyed(`key ${i % 2}`, `${i}`)], options)
    await quietly('Produce', 9, { ...produceTo(there, bytes), transactionalId })
    await quietly('EndTxn', 3, { transactionalId, producerId, producerEpoch, committed: i % 3 !== 2 })
    // The markers are written after the answer.
    await untilStable(recorder, there, 2 * (i + 1))
    await untilComplete(recorder, transactionalId)
  }
  await roll(recorder, there)
  recorder.note('left', await cleaned(recorder, there))
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 }]
  const topics = [{ topic: there.name, topicId: there.topicId, partitions }]
  const { responses } = await quietly('Fetch', 12, { maxWaitMs: 0, minBytes: 0, isolationLevel: 1, topics })
  const aborted = responses[0]?.partitions[0]?.abortedTransactions
  recorder.note(
    'aborted',
    aborted?.map(({ firstOffset }) => firstOffset),
  )
})

/** Waits until the coordinator knows that all markers are written: before, a next transaction may be refused. */
async function untilComplete({ quietly }: Recorder, transactionalId: string): Promise<void> {
  for (let waited = 0; waited < CLEANED_MS_MAX; waited += 20) {
    const asked = await quietly('DescribeTransactions', 0, { transactionalIds: [transactionalId] })
    if (asked.transactionStates[0]?.transactionState.startsWith('Complete')) return
    await pause(20)
  }
  throw new Error('the transaction does not complete')
}

/** Waits until the last stable offset is there. */
async function untilStable({ quietly }: Recorder, topic: Topic, offset: number): Promise<void> {
  for (let waited = 0; waited < CLEANED_MS_MAX; waited += 20) {
    const partitions = [{ partitionIndex: 0, timestamp: -1 }]
    const asked = { replicaId: -1, isolationLevel: 1, topics: [{ name: topic.name, partitions }] }
    const { topics } = await quietly('ListOffsets', 7, asked)
    if (topics[0]?.partitions[0]?.offset === offset) return
    await pause(20)
  }
  throw new Error(`the transaction does not end at ${offset}`)
}

const at = (timestamp: number): NewRecord => ({ key: utf8.encode('key'), value: utf8.encode('x'), timestamp })

/** What is refused of a batch, without Kafka's sentence: it names the time of day. */
async function refused({ quietly }: Recorder, topic: Topic, bytes: Uint8Array): Promise<unknown> {
  const { responses } = await quietly('Produce', 9, produceTo(topic, bytes))
  const { errorCode, baseOffset, recordErrors } = responses[0]!.partitionResponses[0]!
  return { errorCode, baseOffset, records: recordErrors.map(({ batchIndex }) => batchIndex) }
}

scenario('Produce: records too old and too young', 'KIP-937', async (recorder) => {
  const bounds = { 'message.timestamp.before.max.ms': '1000', 'message.timestamp.after.max.ms': '1000' }
  const [there, anyTime] = [await recorder.topic(1, bounds), await recorder.topic()]
  const now = Date.now()
  for (const [what, records] of [
    ['now', [at(now)]],
    ['old', [at(now - 10_000_000)]],
    ['young', [at(now + 10_000_000)]],
    ['some', [at(now), at(1000), at(now), at(now + 10_000_000)]],
    ['without a time', [at(-1)]],
  ] as const) {
    for (const codec of [Codec.NONE, Codec.LZ4]) {
      const bytes = () => buildBatch(records, { codec, codecs: NODE_CODECS })
      recorder.note(`${what}, codec ${codec}`, await refused(recorder, there, bytes()))
      recorder.note(
        `${what}, codec ${codec}, of a topic without bounds`,
        await refused(recorder, anyTime, bytes()),
      )
    }
  }
})

scenario(
  'ListOffsets: times that do not rise, over segments',
  'Consumer.offsetsForTimes',
  async (recorder) => {
    for (const codec of [Codec.NONE, Codec.SNAPPY]) {
      const there = await recorder.topic(1, { 'internal.segment.bytes': '400', 'index.interval.bytes': '1' })
      for (const times of [[5, 9], [3], [9, 9, 2], [30, 1], [20], [30], [4, 31, 31], [7], [], [8]]) {
        if (times.length === 0) continue
        const bytes = buildBatch(
          times.map((time) => at(1_700_000_000_000 + time)),
          { codec, codecs: NODE_CODECS },
        )
        await recorder.quietly('Produce', 9, produceTo(there, bytes))
      }
      for (const time of [0, 1, 5, 6, 9, 10, 20, 21, 30, 31, 32]) {
        const partitions = [{ partitionIndex: 0, timestamp: 1_700_000_000_000 + time }]
        await recorder.call('ListOffsets', 7, { replicaId: -1, topics: [{ name: there.name, partitions }] })
      }
      for (const timestamp of [-1, -2, -3]) {
        const partitions = [{ partitionIndex: 0, timestamp }]
        await recorder.call('ListOffsets', 7, { replicaId: -1, topics: [{ name: there.name, partitions }] })
      }
    }
  },
)

scenario('DeleteRecords: in the middle of a batch', 'KIP-107', async (recorder) => {
  const { call, quietly } = recorder
  const there = await recorder.topic(1, { 'internal.segment.bytes': '400' })
  for (let i = 0; i < 8; i++) await quietly('Produce', 9, produceTo(there, buildBatch(records(3))))
  for (const offset of [4, 3, 13, 24]) {
    const topics = [{ name: there.name, partitions: [{ partitionIndex: 0, offset }] }]
    await call('DeleteRecords', 2, { topics, timeoutMs: 1000 })
    for (const timestamp of [-1, -2]) {
      const partitions = [{ partitionIndex: 0, timestamp }]
      await call('ListOffsets', 7, { replicaId: -1, topics: [{ name: there.name, partitions }] })
    }
    for (const fetchOffset of [0, 3, 4, 5, 13, 23, 24]) {
      const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 300 }]
      const topics = [{ topic: there.name, topicId: there.topicId, partitions }]
      await call('Fetch', 12, { maxWaitMs: 0, minBytes: 0, topics })
    }
  }
})

scenario(
  'DeleteRecords: of topics that are compacted',
  'cleanup.policy',
  async ({ call, quietly, topic }) => {
    for (const policy of ['compact', 'compact,delete', 'delete']) {
      const there = await topic(1, { 'cleanup.policy': policy })
      await quietly('Produce', 9, produceTo(there, buildBatch([keyed('key', 'x'), keyed('key', 'x')])))
      const topics = [{ name: there.name, partitions: [{ partitionIndex: 0, offset: 1 }] }]
      await call('DeleteRecords', 2, { topics, timeoutMs: 1000 })
    }
  },
)

scenario('Produce: batches of the greatest size, and a byte more', 'max.message.bytes', async (recorder) => {
  const size = buildBatch(records(5)).length
  for (const bytesMax of [size, size - 1]) {
    const there = await recorder.topic(1, { 'max.message.bytes': `${bytesMax}` })
    await recorder.call('Produce', 9, produceTo(there, buildBatch(records(5))))
  }
})
