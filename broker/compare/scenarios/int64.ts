/**
 * Numbers of 64 bits that a client chooses, beyond what a double holds: each comes back as it was sent, is compared
 * as it is, or is refused.
 */
import { INT64_MAX, INT64_MIN, type Int64, minus } from '../../src/wire/int64.ts'
import { versionsOf } from '../apis.ts'
import { type Recorder, scenario } from '../scenario.ts'
import { newGroup } from './groups/classic-member.ts'
import { recordsOf } from './groups/log.ts'
import { all, committing, type Topic } from './groups/offsets.ts'
import { batchOf, fetchOf, produceOf, TransactionalProducer } from './records/writing.ts'

/** 2^53 + 1 is the first number that a double rounds. */
const ROUNDED = 2n ** 53n + 1n
const EDGES: readonly Int64[] = [-1, -2, -3, -7, 2 ** 53 - 1, ROUNDED, -ROUNDED, INT64_MAX, INT64_MIN]

for (const version of versionsOf('OffsetCommit')) {
  scenario(
    `OffsetCommit v${version}: offsets beyond 2^53`,
    'a tool that resets offsets',
    async (recorder) => {
      const there = await recorder.topic()
      const groupId = await newGroup(recorder)
      for (const offset of EDGES) {
        await recorder.call('OffsetCommit', version, { groupId, topics: [committing(there, offset)] })
        await all(recorder, groupId)
      }
      recorder.note('stored', await storedOffsets(recorder, groupId))
    },
  )
}

for (const version of versionsOf('OffsetCommit').filter((each) => each <= 4)) {
  scenario(`OffsetCommit v${version}: retention times`, 'a client before KIP-211', async (recorder) => {
    const there = await recorder.topic()
    const groupId = await newGroup(recorder)
    for (const retentionTimeMs of [0, 1, ...EDGES]) {
      await recorder.call('OffsetCommit', version, { groupId, retentionTimeMs, topics: [committing(there)] })
    }
    recorder.note('stored', await storedOffsets(recorder, groupId))
  })
}

/** Of each commit in the log: its offset, and how long after it it expires. */
async function storedOffsets(recorder: Recorder, groupId: string) {
  const records = await recordsOf(recorder, groupId)
  return records.flatMap(({ value }) => {
    if (!value || !('offset' in value)) return []
    const { offset, expireTimestamp, commitTimestamp } = value as Record<string, Int64>
    const kept = expireTimestamp === -1 ? -1 : minus(expireTimestamp!, commitTimestamp!)
    return [{ offset: String(offset), kept: String(kept) }]
  })
}

scenario('TxnOffsetCommit: offsets beyond 2^53', 'a transaction that commits them', async (recorder) => {
  const there = await recorder.topic()
  const groupId = await newGroup(recorder)
  for (const offset of EDGES) {
    const producer = await TransactionalProducer.first(recorder)
    await recorder.call('AddOffsetsToTxn', 3, { ...producer.identity, groupId })
    const topics = [{ name: there.name, partitions: committing(there, offset).partitions }]
    await recorder.call('TxnOffsetCommit', 3, { ...producer.identity, groupId, topics })
    await producer.end(true)
    await all(recorder, groupId)
  }
})

for (const version of versionsOf('TxnOffsetCommit')) {
  scenario(`TxnOffsetCommit v${version}: ids beyond 2^53`, 'a producer with a wrong id', async (recorder) => {
    const there = await recorder.topic()
    const groupId = await newGroup(recorder)
    const topics = [{ name: there.name, partitions: committing(there).partitions }]
    const { id: transactionalId } = await TransactionalProducer.first(recorder)
    for (const producerId of EDGES)
      await recorder.call('TxnOffsetCommit', version, {
        transactionalId,
        producerId,
        producerEpoch: 0,
        groupId,
        topics,
      })
  })
}

scenario('transactions: ids beyond 2^53', 'a producer with a wrong id', async (recorder) => {
  const there = await recorder.topic()
  const { id: transactionalId } = await TransactionalProducer.first(recorder)
  const groupId = await newGroup(recorder)
  const topics = [{ name: there.name, partitions: [0] }]
  for (const producerId of EDGES) {
    const who = { transactionalId, producerId, producerEpoch: 0 }
    const before = {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: topics,
    }
    await recorder.call('AddPartitionsToTxn', 3, before)
    await recorder.call('AddPartitionsToTxn', 5, { transactions: [{ ...who, verifyOnly: true, topics }] })
    await recorder.call('AddOffsetsToTxn', 4, { ...who, groupId })
    for (const version of [4, 5]) await recorder.call('EndTxn', version, { ...who, committed: true })
  }
})

scenario('InitProducerId: ids beyond 2^53', 'a producer with a wrong id', async (recorder) => {
  const { id: transactionalId } = await TransactionalProducer.first(recorder)
  for (const producerId of EDGES) {
    for (const producerEpoch of [-1, 0]) {
      const body = { transactionTimeoutMs: 60_000, producerId, producerEpoch }
      await recorder.call('InitProducerId', 4, { ...body, transactionalId })
      if (producerId !== -1) await recorder.call('InitProducerId', 4, { ...body, transactionalId: null })
    }
  }
})

scenario('ListTransactions: filters beyond 2^53', 'kafka-transactions list', async (recorder) => {
  const { producerId } = await TransactionalProducer.first(recorder)
  for (const other of EDGES) await recorder.call('ListTransactions', 1, { producerIdFilters: [other] })
  for (const durationFilter of [...EDGES, 0, 1e9])
    await recorder.call('ListTransactions', 1, { producerIdFilters: [producerId], durationFilter })
})

scenario('DeleteRecords: offsets beyond 2^53', 'kafka-delete-records', async (recorder) => {
  const there = await recorder.topic()
  await recorder.quietly('Produce', 11, produceOf(there, batchOf(3)))
  for (const offset of EDGES) {
    const topics = [{ name: there.name, partitions: [{ partitionIndex: 0, offset }] }]
    await recorder.call('DeleteRecords', 2, { topics, timeoutMs: 1000 })
  }
})

scenario('Fetch: offsets beyond 2^53', 'a consumer that seeks', async (recorder) => {
  const there = await recorder.topic()
  await recorder.quietly('Produce', 11, produceOf(there, batchOf(3)))
  for (const value of EDGES) {
    for (const version of [4, 12, 17]) await recorder.call('Fetch', version, fetchOf(there, value))
    await recorder.call('Fetch', 12, fetchOf(there, 0, {}, { logStartOffset: value }))
    await recorder.call('Fetch', 12, fetchOf(there, value, {}, { lastFetchedEpoch: 0 }))
  }
})

scenario('ListOffsets: times beyond 2^53', 'a consumer that seeks by time', async (recorder) => {
  const there = await recorder.topic()
  await recorder.quietly('Produce', 11, produceOf(there, batchOf(3)))
  for (const version of versionsOf('ListOffsets')) {
    for (const timestamp of EDGES) {
      const topics = [{ name: there.name, partitions: [{ partitionIndex: 0, timestamp }] }]
      await recorder.call('ListOffsets', version, { replicaId: -1, topics })
    }
  }
})

const idempotent = (producerId: Int64) => batchOf(1, { producerId, producerEpoch: 0, baseSequence: 0 })

scenario('Produce: ids beyond 2^53', 'an idempotent producer that makes up its id', async (recorder) => {
  for (const producerId of EDGES) {
    const there = await recorder.topic()
    for (let time = 0; time < 2; time++)
      await recorder.call('Produce', 11, produceOf(there, idempotent(producerId)))
    await recorder.call('Fetch', 12, fetchOf(there))
    await showProducers(recorder, there)
  }
})

scenario('Produce: ids that a double takes for one', 'two producers', async (recorder) => {
  const there = await recorder.topic()
  for (const producerId of [2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 53n + 3n])
    await recorder.call('Produce', 11, produceOf(there, idempotent(producerId)))
  await showProducers(recorder, there)
})

scenario('WriteTxnMarkers: ids beyond 2^53', 'kafka-transactions abort', async (recorder) => {
  const there = await recorder.topic()
  const topics = [{ name: there.name, partitionIndexes: [0] }]
  const mark = (producerId: Int64, producerEpoch: number, more: object = {}) => {
    const who = { producerId, producerEpoch, coordinatorEpoch: 0, ...more }
    const markers = [{ ...who, transactionResult: false, topics }]
    return recorder.call('WriteTxnMarkers', 'transactionVersion' in more ? 2 : 1, { markers })
  }
  for (const producerId of EDGES) await mark(producerId, 0)
  for (const producerEpoch of [-1, -2, -32_768, 32_767]) await mark(1n << 60n, producerEpoch)
  for (const coordinatorEpoch of [-1, -2, -(2 ** 31), 2 ** 31 - 1])
    await mark(1n << 61n, 0, { coordinatorEpoch })
  for (const transactionVersion of [-128, -1, 0, 1, 2, 3, 127])
    await mark(1n << 62n, 5, { transactionVersion })
  await recorder.call('Fetch', 12, fetchOf(there))
  await showProducers(recorder, there)
})

/** As text: `normalise` takes numbers for ids that any broker would choose otherwise. */
async function showProducers(recorder: Recorder, { name }: Topic): Promise<void> {
  const { topics } = await recorder.quietly('DescribeProducers', 0, {
    topics: [{ name, partitionIndexes: [0] }],
  })
  const { activeProducers } = topics[0]!.partitions[0]!
  recorder.note('producers', activeProducers.map(({ producerId }) => String(producerId)).sort())
}
