/**
 * Looking up offsets by times that a double does not hold, and where records have no times.
 */
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import { INT64_MAX, type Int64, int64Of } from '../../../src/wire/int64.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { rawBatch, rawRecord, varint } from './raw-records.ts'
import { fetchOf, produceOf, type Topic } from './writing.ts'

const ANY_TIME = { 'message.timestamp.after.max.ms': '9223372036854775807' }
/** A time in nanoseconds. */
const NANOSECONDS = 1_796_011_945_555_123_457n

async function ask({ call }: Recorder, { name }: Topic, times: readonly Int64[]): Promise<void> {
  for (const timestamp of times)
    await call('ListOffsets', 7, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name, partitions: [{ partitionIndex: 0, timestamp }] }],
    })
}

for (const [name, config] of [
  ['as they came', {}],
  ['packed anew', { 'compression.type': 'gzip' }],
] as const)
  scenario(
    `ListOffsets: times in nanoseconds, records ${name}`,
    'clients with a clock of their own',
    async (recorder) => {
      const topic = await recorder.topic(1, { ...ANY_TIME, ...config })
      const records = [0n, 1n, 1n, 5n, -3n].map((more) => ({
        key: null,
        value: null,
        timestamp: int64Of(NANOSECONDS + more),
      }))
      await recorder.call('Produce', 9, produceOf(topic, buildBatch(records)))
      await recorder.call(
        'Produce',
        9,
        produceOf(topic, buildBatch([{ key: null, value: null, timestamp: INT64_MAX }])),
      )
      const times = [-4n, 0n, 1n, 2n, 5n, 6n].map((more) => int64Of(NANOSECONDS + more))
      await ask(recorder, topic, [...times, INT64_MAX, -3])
      await recorder.call('Fetch', 12, fetchOf(topic))
    },
  )

scenario('ListOffsets: records without times', 'producers of old', async (recorder) => {
  const topic = await recorder.topic(2)
  await ask(recorder, topic, [-3])
  const none = { baseTimestamp: -1, maxTimestamp: -1 }
  for (let i = 0; i < 2; i++) await recorder.call('Produce', 9, produceOf(topic, rawBatch(rawRecord(), none)))
  await ask(recorder, topic, [-3, 0, 1])
  const below = rawBatch(rawRecord({ timestampDelta: varint(-5) }), none)
  await recorder.call('Produce', 9, produceOf(topic, below))
  await ask(recorder, topic, [-3])
})

scenario('ListOffsets: times before 1970 only', 'producers of old', async (recorder) => {
  const topic = await recorder.topic()
  const below = rawBatch(rawRecord({ timestampDelta: varint(-5) }), { baseTimestamp: -1, maxTimestamp: -1 })
  await recorder.call('Produce', 9, produceOf(topic, below))
  await ask(recorder, topic, [-3, 0])
})

scenario('ListOffsets: a record whose length is not true', 'LogValidator', async (recorder) => {
  // Kafka takes it, for it does not look at the lengths of compressed records, and stumbles over it later.
  const topic = await recorder.topic()
  await recorder.call(
    'Produce',
    9,
    produceOf(topic, rawBatch(rawRecord({ longer: 1 }), { codec: Codec.GZIP })),
  )
  await ask(recorder, topic, [0, -3])
})
