/**
 * What a topic's settings do to the log: its codec, its times, what is kept of it and what goes.
 */
import { NODE_CODECS } from '../../src/node/codecs.ts'
import { batchPositions, readBatchHeader } from '../../src/record/batch.ts'
import { type BatchOptions, buildBatch, type NewRecord } from '../../src/record/batch-builder.ts'
import { Codec } from '../../src/record/compression.ts'
import { readRecords } from '../../src/record/record.ts'
import { scenario, type Teller } from '../scenario.ts'

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
async function stored({ quietly }: Teller, topic: Topic): Promise<unknown[]> {
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
  scenario(`Produce: a topic that keeps its records ${name}`, 'compression.type, KIP-390', async (teller) => {
    const there = await teller.topic(1, { 'compression.type': name })
    for (const codec of [Codec.NONE, Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD]) {
      const bytes = buildBatch(records(3), { codec, codecs: NODE_CODECS })
      await teller.call('Produce', 9, produceTo(there, bytes))
    }
    teller.note(`stored as codec ${target}`, await stored(teller, there))
  })
}

scenario('Produce: levels of compression', 'KIP-390', async (teller) => {
  for (const [codec, level] of [
    ['gzip', '1'],
    ['zstd', '19'],
    ['lz4', '17'],
  ] as const) {
    const there = await teller.topic(1, { 'compression.type': codec, [`compression.${codec}.level`]: level })
    await teller.call('Produce', 9, produceTo(there, buildBatch(records(3))))
    teller.note(codec, await stored(teller, there))
  }
})

scenario('Produce: recompressed and too big', 'compression.type with max.message.bytes', async (teller) => {
  const there = await teller.topic(1, { 'compression.type': 'uncompressed', 'max.message.bytes': '1000' })
  const bytes = buildBatch(records(100), { codec: Codec.GZIP, codecs: NODE_CODECS })
  await teller.call('Produce', 9, produceTo(there, bytes))
  teller.note('stored', await stored(teller, there))
})

scenario('Produce: recompressed and stamped', 'message.timestamp.type=LogAppendTime', async (teller) => {
  const config = { 'compression.type': 'gzip', 'message.timestamp.type': 'LogAppendTime' }
  const there = await teller.topic(1, config)
  await teller.quietly('Produce', 9, produceTo(there, buildBatch(records(2))))
  const batches = (await stored(teller, there)) as { attributes: number; baseTimestamp: number }[]
  teller.note(
    'stored',
    batches.map(({ attributes, baseTimestamp }) => ({ attributes, baseTimestamp })),
  )
})

scenario('Produce: bytes that no codec opens', 'every broker that opens a batch', async (teller) => {
  const there = await teller.topic(1, { 'compression.type': 'uncompressed' })
  const codecs: BatchOptions['codecs'] = { ...NODE_CODECS, compress: () => utf8.encode('nothing at all') }
  for (const codec of [Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD]) {
    const bytes = buildBatch(records(1), { codec, codecs })
    const { responses } = await teller.quietly('Produce', 9, produceTo(there, bytes))
    teller.note(`codec ${codec}`, responses[0]?.partitionResponses[0]?.errorCode)
  }
})
