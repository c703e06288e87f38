/**
 * The state of a transactional id as a record of `__transaction_state`: encode, decode and replay.
 *
 * messages/records/transaction-log.ts declares the layout. Version 1 is written for clients with transaction version 2; its
 * new fields are tagged, so older readers skip them. Version 0 is written otherwise.
 *
 * TRANSACTION-LOG-1  decodeState(encodeState(s)) = s, except for the last epoch, which is derived from the bump of
 *     transaction version 2
 *
 * (Kafka: TransactionLog)
 */

import type { Clock } from '../../core.ts'
import { decodeKey, decodeValue, encodeKey, encodeValue } from '../../messages/records/record-frame.ts'
import { TransactionLogKey, TransactionLogValue } from '../../messages/records/transaction-log.ts'
import { settledNow } from '../../settled-time.ts'
import { partitionKey } from '../../topic-names.ts'
import { nearestNumber } from '../../wire/int64.ts'
import type { CoordinatorRecord, ReplayedEntry } from '../coordinator-host.ts'
import { type Entry, NO_EPOCH, STATE_NAMES, type TransactionState } from './transaction-state.ts'

/** The record that stores `state`. */
export function encodeState(state: TransactionState): CoordinatorRecord {
  const topics = new Map<string, number[]>()
  for (const { topic, index } of state.partitions.values())
    topics.set(topic, [...(topics.get(topic) ?? []), index])
  const partitions = [...topics].map(([topic, partitionIds]) => ({ topic, partitionIds }))
  const value = encodeValue(TransactionLogValue, state.clientVersion > 0 ? 1 : 0, {
    producerId: state.producerId,
    previousProducerId: state.previousProducerId,
    nextProducerId: state.nextProducerId,
    producerEpoch: state.producerEpoch,
    transactionTimeoutMs: state.timeoutMs,
    transactionStatus: STATE_NAMES.indexOf(state.name),
    transactionPartitions: state.name === 'Empty' ? null : partitions,
    transactionLastUpdateTimestampMs: state.lastUpdateMs,
    transactionStartTimestampMs: state.startMs,
    clientTransactionVersion: state.clientVersion,
  })
  return { key: encodeKey(TransactionLogKey, { transactionalId: state.transactionalId }), value }
}

/** The tombstone of an id. */
export function encodeTombstone(transactionalId: string): CoordinatorRecord {
  return { key: encodeKey(TransactionLogKey, { transactionalId }), value: null }
}

/** The id of a record, and its state; undefined for a tombstone. */
export function decodeState({ key, value }: CoordinatorRecord): {
  transactionalId: string
  state: TransactionState | undefined
} {
  const { transactionalId } = decodeKey(TransactionLogKey, key)
  if (value === null) return { transactionalId, state: undefined }
  const stored = decodeValue(TransactionLogValue, value)
  const partitions = (stored.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
    partitionIds.map((index) => [partitionKey(topic, index), { topic, index }] as const),
  )
  const bumped = stored.clientTransactionVersion >= 2 && stored.producerEpoch > 0
  return {
    transactionalId,
    state: {
      transactionalId,
      producerId: stored.producerId,
      previousProducerId: stored.previousProducerId,
      nextProducerId: stored.nextProducerId,
      producerEpoch: stored.producerEpoch,
      lastProducerEpoch: bumped ? stored.producerEpoch - 1 : NO_EPOCH,
      timeoutMs: stored.transactionTimeoutMs,
      name: STATE_NAMES[stored.transactionStatus] ?? 'Dead',
      partitions: new Map(partitions),
      startMs: nearestNumber(stored.transactionStartTimestampMs),
      lastUpdateMs: nearestNumber(stored.transactionLastUpdateTimestampMs),
      clientVersion: stored.clientTransactionVersion,
    },
  }
}

/**
 * Returns a function that replays the entries of a partition into `entries`: the last record of an id counts. The age of an
 * open transaction is computed once from the settled wall clock; from then on elapsed time is added (TRANSACTION-EXPIRY-3).
 */
export function entriesReader(entries: Map<string, Entry>, clock: Clock): (entry: ReplayedEntry) => void {
  const [now, monotonicMs] = [settledNow(clock), clock.monotonicMs()]
  const openedMs = ({ startMs }: TransactionState): number => monotonicMs - Math.max(0, now - startMs)
  return (entry) => {
    if (entry.kind !== 'record') return
    const { transactionalId, state } = decodeState(entry.record)
    if (state) entries.set(transactionalId, { state, pending: false, openedMs: openedMs(state) })
    else entries.delete(transactionalId)
  }
}
