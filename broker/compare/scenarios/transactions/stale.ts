/**
 * Writing in a transaction as who one no longer is, or never was: the partition looks at the producers that it knows
 * before it asks the coordinator about the transactional id.
 */
import type { BatchOptions } from '../../../src/record/batch-builder.ts'
import type { Int64 } from '../../../src/wire/int64.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { batchOf, produceOf, type Topic, TransactionalProducer } from '../records/writing.ts'

const VERSIONS = [9, 11, 12, 13]
const KNOWN = 0
const NOT_WRITTEN_TO = 1

/** What the writer says of itself. */
interface Writer {
  readonly transactionalId: string
  readonly producerId: Int64
  readonly producerEpoch: number
}

async function write(
  recorder: Recorder,
  version: number,
  topic: Topic,
  { transactionalId, producerId, producerEpoch }: Writer,
  baseSequence: number,
  index = KNOWN,
): Promise<void> {
  const options: BatchOptions = { producerId, producerEpoch, baseSequence, transactional: true }
  await recorder.call('Produce', version, produceOf(topic, batchOf(1, options), { transactionalId }, index))
}

/** A producer that has come a second time; `before` is how it was at first. */
async function comeTwice(recorder: Recorder, version: number, topic: Topic) {
  const begin = version < 12 ? TransactionalProducer.first : TransactionalProducer.second
  const producer = await begin.call(TransactionalProducer, recorder)
  await producer.produce(topic)
  const before: Writer = { ...producer.identity }
  await producer.init()
  await producer.settled()
  return { producer, before }
}

for (const version of VERSIONS) {
  scenario(
    `Produce v${version}: of an epoch that is over`,
    'a zombie, KIP-360, KIP-890',
    async (recorder) => {
      const topic = await recorder.topic(2)
      const { producer, before } = await comeTwice(recorder, version, topic)
      const other = { ...before, transactionalId: recorder.name('other') }
      const everywhere = async (...writers: Writer[]) => {
        for (const writer of writers)
          for (const index of [KNOWN, NOT_WRITTEN_TO]) await write(recorder, version, topic, writer, 1, index)
      }
      await everywhere(before, other)
      await producer.produce(topic)
      await everywhere(before, other, { ...before, producerEpoch: -1 })
      await producer.end(true)
      await everywhere(before, other)
    },
  )

  scenario(`Produce v${version}: under the name of another`, 'KIP-890', async (recorder) => {
    const topic = await recorder.topic(2)
    const { producer } = await comeTwice(recorder, version, topic)
    const other = { ...producer.identity, transactionalId: recorder.name('other') }
    await write(recorder, version, topic, other, 0, NOT_WRITTEN_TO)
    await producer.produce(topic)
    const { identity } = producer
    await write(recorder, version, topic, other, 7)
    await producer.end(true)
    await write(recorder, version, topic, other, 1)
    await write(recorder, version, topic, { ...identity, producerEpoch: identity.producerEpoch + 5 }, 0)
    await write(recorder, version, topic, { ...other, producerEpoch: identity.producerEpoch + 5 }, 0)
    await write(recorder, version, topic, { ...identity, producerId: 987_654_321 }, 0)
  })
}

scenario('TxnOffsetCommit: of an epoch that is over', 'a zombie, KIP-360, KIP-890', async (recorder) => {
  const groupId = recorder.name('group')
  const topic = await recorder.topic()
  await recorder.coordinator(groupId)
  const producer = await TransactionalProducer.first(recorder)
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }]
  const topics = [{ name: topic.name, partitions }]
  const commit = (version: number, writer: Writer) =>
    recorder.call('TxnOffsetCommit', version, { ...writer, groupId, topics })
  await recorder.call('AddOffsetsToTxn', 3, { ...producer.identity, groupId })
  await commit(3, producer.identity)
  const before = { ...producer.identity }
  await producer.init()
  for (const version of [3, 4, 5]) {
    await commit(version, before)
    await commit(version, { ...before, transactionalId: recorder.name('other') })
    await commit(version, { ...before, producerId: 987_654_321 })
    await commit(version, { ...producer.identity, transactionalId: recorder.name('other') })
  }
})
