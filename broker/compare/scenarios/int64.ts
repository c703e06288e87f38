/**
 * Numbers of 64 bits that a client chooses, beyond what a double holds: each comes back as it was sent, is compared
 * as it is, or is refused.
 */
import { INT64_MAX, INT64_MIN, type Int64, minus } from '../../src/wire/int64.ts'
import { versionsOf } from '../apis.ts'
import { scenario, type Teller } from '../scenario.ts'
import { newGroup } from './groups/classic-member.ts'
import { recordsOf } from './groups/log.ts'
import { all, committing, type Topic } from './groups/offsets.ts'
import { batchOf, fetchOf, produceOf, TransactionalProducer } from './records/writing.ts'

/** 2^53 + 1 is the first number that a double rounds. */
const ROUNDED = 2n ** 53n + 1n
const EDGES: readonly Int64[] = [-1, -2, -3, -7, 2 ** 53 - 1, ROUNDED, -ROUNDED, INT64_MAX, INT64_MIN]

for (const version of versionsOf('OffsetCommit')) {
  scenario(`OffsetCommit v${version}: offsets beyond 2^53`, 'a tool that resets offsets', async (teller) => {
    const there = await teller.topic()
    const groupId = await newGroup(teller)
    for (const offset of EDGES) {
      await teller.call('OffsetCommit', version, { groupId, topics: [committing(there, offset)] })
      await all(teller, groupId)
    }
    teller.note('stored', await storedOffsets(teller, groupId))
  })
}

for (const version of versionsOf('OffsetCommit').filter((each) => each <= 4)) {
  scenario(`OffsetCommit v${version}: retention times`, 'a client before KIP-211', async (teller) => {
    const there = await teller.topic()
    const groupId = await newGroup(teller)
    for (const retentionTimeMs of [0, 1, ...EDGES]) {
      await teller.call('OffsetCommit', version, { groupId, retentionTimeMs, topics: [committing(there)] })
    }
    teller.note('stored', await storedOffsets(teller, groupId))
  })
}

/** Of each commit in the log: its offset, and how long after it it expires. */
async function storedOffsets(teller: Teller, groupId: string) {
  const records = await recordsOf(teller, groupId)
  return records.flatMap(({ value }) => {
    if (!value || !('offset' in value)) return []
    const { offset, expireTimestamp, commitTimestamp } = value as Record<string, Int64>
    const kept = expireTimestamp === -1 ? -1 : minus(expireTimestamp!, commitTimestamp!)
    return [{ offset: String(offset), kept: String(kept) }]
  })
}

scenario('TxnOffsetCommit: offsets beyond 2^53', 'a transaction that commits them', async (teller) => {
  const there = await teller.topic()
  const groupId = await newGroup(teller)
  for (const offset of EDGES) {
    const producer = await TransactionalProducer.first(teller)
    await teller.call('AddOffsetsToTxn', 3, { ...producer.identity, groupId })
    const topics = [{ name: there.name, partitions: committing(there, offset).partitions }]
    await teller.call('TxnOffsetCommit', 3, { ...producer.identity, groupId, topics })
    await producer.end(true)
    await all(teller, groupId)
  }
})

for (const version of versionsOf('TxnOffsetCommit')) {
  scenario(`TxnOffsetCommit v${version}: ids beyond 2^53`, 'a producer with a wrong id', async (teller) => {
    const there = await teller.topic()
    const groupId = await newGroup(teller)
    const topics = [{ name: there.name, partitions: committing(there).partitions }]
    const { id: transactionalId } = await TransactionalProducer.first(teller)
    for (const producerId of EDGES)
      await teller.call('TxnOffsetCommit', version, {
        transactionalId,
        producerId,
        producerEpoch: 0,
        groupId,
        topics,
      })
  })
}

scenario('transactions: ids beyond 2^53', 'a producer with a wrong id', async (teller) => {
  const there = await teller.topic()
  const { id: transactionalId } = await TransactionalProducer.first(teller)
  const groupId = await newGroup(teller)
  const topics = [{ name: there.name, partitions: [0] }]
  for (const producerId of EDGES) {
    const who = { transactionalId, producerId, producerEpoch: 0 }
    const before = {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: topics,
    }
    await teller.call('AddPartitionsToTxn', 3, before)
    await teller.call('AddPartitionsToTxn', 5, { transactions: [{ ...who, verifyOnly: true, topics }] })
    await teller.call('AddOffsetsToTxn', 4, { ...who, groupId })
    for (const version of [4, 5]) await teller.call('EndTxn', version, { ...who, committed: true })
  }
})

scenario('InitProducerId: ids beyond 2^53', 'a producer with a wrong id', async (teller) => {
  const { id: transactionalId } = await TransactionalProducer.first(teller)
  for (const producerId of EDGES) {
    for (const producerEpoch of [-1, 0]) {
      const body = { transactionTimeoutMs: 60_000, producerId, producerEpoch }
      await teller.call('InitProducerId', 4, { ...body, transactionalId })
      if (producerId !== -1) await teller.call('InitProducerId', 4, { ...body, transactionalId: null })
    }
  }
})

scenario('ListTransactions: filters beyond 2^53', 'kafka-transactions list', async (teller) => {
  const { producerId } = await TransactionalProducer.first(teller)
  for (const other of EDGES) await teller.call('ListTransactions', 1, { producerIdFilters: [other] })
  for (const durationFilter of [...EDGES, 0, 1e9])
    await teller.call('ListTransactions', 1, { producerIdFilters: [producerId], durationFilter })
})

scenario('DeleteRecords: offsets beyond 2^53', 'kafka-delete-records', async (teller) => {
  const there = await teller.topic()
  await teller.quietly('Produce', 11, produceOf(there, batchOf(3)))
  for (const offset of EDGES) {
    const topics = [{ name: there.name, partitions: [{ partitionIndex: 0, offset }] }]
    await teller.call('DeleteRecords', 2, { topics, timeoutMs: 1000 })
  }
})

scenario('Fetch: offsets beyond 2^53', 'a consumer that seeks', async (teller) => {
  const there = await teller.topic()
  await teller.quietly('Produce', 11, produceOf(there, batchOf(3)))
  for (const value of EDGES) {
    for (const version of [4, 12, 17]) await teller.call('Fetch', version, fetchOf(there, value))
    await teller.call('Fetch', 12, fetchOf(there, 0, {}, { logStartOffset: value }))
    await teller.call('Fetch', 12, fetchOf(there, value, {}, { lastFetchedEpoch: 0 }))
  }
})

scenario('ListOffsets: times beyond 2^53', 'a consumer that seeks by time', async (teller) => {
  const there = await teller.topic()
  await teller.quietly('Produce', 11, produceOf(there, batchOf(3)))
  for (const version of versionsOf('ListOffsets')) {
    for (const timestamp of EDGES) {
      const topics = [{ name: there.name, partitions: [{ partitionIndex: 0, timestamp }] }]
      await teller.call('ListOffsets', version, { replicaId: -1, topics })
    }
  }
})

const idempotent = (producerId: Int64) => batchOf(1, { producerId, producerEpoch: 0, baseSequence: 0 })

scenario('Produce: ids beyond 2^53', 'an idempotent producer that makes up its id', async (teller) => {
  for (const producerId of EDGES) {
    const there = await teller.topic()
    for (let time = 0; time < 2; time++)
      await teller.call('Produce', 11, produceOf(there, idempotent(producerId)))
    await teller.call('Fetch', 12, fetchOf(there))
    await showProducers(teller, there)
  }
})

scenario('Produce: ids that a double takes for one', 'two producers', async (teller) => {
  const there = await teller.topic()
  for (const producerId of [2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 53n + 3n])
    await teller.call('Produce', 11, produceOf(there, idempotent(producerId)))
  await showProducers(teller, there)
})

scenario('WriteTxnMarkers: ids beyond 2^53', 'kafka-transactions abort', async (teller) => {
  const there = await teller.topic()
  const topics = [{ name: there.name, partitionIndexes: [0] }]
  const mark = (producerId: Int64, producerEpoch: number, more: object = {}) => {
    const who = { producerId, producerEpoch, coordinatorEpoch: 0, ...more }
    const markers = [{ ...who, transactionResult: false, topics }]
    return teller.call('WriteTxnMarkers', 'transactionVersion' in more ? 2 : 1, { markers })
  }
  for (const producerId of EDGES) await mark(producerId, 0)
  for (const producerEpoch of [-1, -2, -32_768, 32_767]) await mark(1n << 60n, producerEpoch)
  for (const coordinatorEpoch of [-1, -2, -(2 ** 31), 2 ** 31 - 1])
    await mark(1n << 61n, 0, { coordinatorEpoch })
  for (const transactionVersion of [-128, -1, 0, 1, 2, 3, 127])
    await mark(1n << 62n, 5, { transactionVersion })
  await teller.call('Fetch', 12, fetchOf(there))
  await showProducers(teller, there)
})

/** As text: `normalise` takes numbers for ids that any broker would choose otherwise. */
async function showProducers(teller: Teller, { name }: Topic): Promise<void> {
  const { topics } = await teller.quietly('DescribeProducers', 0, {
    topics: [{ name, partitionIndexes: [0] }],
  })
  const { activeProducers } = topics[0]!.partitions[0]!
  teller.note('producers', activeProducers.map(({ producerId }) => String(producerId)).sort())
}
