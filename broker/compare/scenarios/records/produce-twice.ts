/**
 * A Produce that names a partition twice, and one to the topics of the broker itself.
 */
import { scenario } from '../../scenario.ts'
import { rawBatch, rawRecord, varint } from './raw-records.ts'
import { batchOf, fetchOf, produceOf } from './writing.ts'

const good = (count = 1) => batchOf(count)
const damaged = () => rawBatch(rawRecord({ headers: varint(-1) }))
const twoBatches = () => Buffer.concat([good(), good()])

scenario('Produce: a partition twice', 'a client of its own making', async ({ call, topic }) => {
  const there = await topic()
  for (const [first, second] of [
    [good(2), good(3)],
    [good(), damaged()],
    [damaged(), good()],
    [good(), twoBatches()],
    [twoBatches(), good()],
    [twoBatches(), damaged()],
  ] as const) {
    const partition = (records: Uint8Array, index = 0) => ({ index, records })
    const inOne = [{ ...there, partitionData: [partition(first), partition(second)] }]
    const inTwo = [first, second].map((records) => ({ ...there, partitionData: [partition(records)] }))
    const elsewhere = [{ ...there, partitionData: [partition(first, 7), partition(second, 7)] }]
    for (const topicData of [inOne, inTwo, elsewhere])
      for (const version of [9, 13]) await call('Produce', version, { acks: -1, timeoutMs: 5000, topicData })
  }
  await call('Fetch', 12, fetchOf(there))
})

scenario('Produce: to the topics of the broker itself', 'Admin clients', async (recorder) => {
  const { quietly, call, another, coordinator } = recorder
  await coordinator(recorder.name('group'))
  const { topics } = await quietly('Metadata', 12, {
    topics: [{ name: '__consumer_offsets' }],
    allowAutoTopicCreation: false,
  })
  const { topicId } = topics[0]!
  // A record without a key is refused by a compacted topic, but only of one who may write there at all.
  const body = () =>
    produceOf({ name: '__consumer_offsets', topicId }, rawBatch(rawRecord({ key: varint(-1) })))
  await call('Produce', 9, body())
  await another('__admin_client').call('Produce', 9, body())
})
