/**
 * DescribeTransactions (key 65): the states of transactional ids. (KIP-664)
 *
 * It is sent to the coordinator of each id; `kafka-transactions describe` looks it up first.
 */
import type { TransactionState } from '../../coordinators/transaction/transaction-state.ts'
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../../messages/describe-transactions.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { groupBy } from '../../wire/group-by.ts'
import { api } from '../api.ts'
import { mapInTurns } from '../in-turns.ts'

export const DescribeTransactions = api({
  request: DescribeTransactionsRequest,
  response: DescribeTransactionsResponse,
  *steps({ transactions, turns }, request) {
    const known = new Map<string, ReturnType<typeof describe>>()
    const transactionStates = yield* mapInTurns(turns, request.transactionalIds, (transactionalId) => {
      const state = transactionalId === '' ? ErrorCode.INVALID_REQUEST : transactions.stateOf(transactionalId)
      if (typeof state === 'number') return { transactionalId, errorCode: state }
      const described = known.get(transactionalId) ?? describe(state)
      known.set(transactionalId, described)
      return described
    })
    return { transactionStates }
  },
})

function describe(state: TransactionState) {
  const partitions = [...state.partitions.values()]
  const byTopic = groupBy(partitions, ({ topic }) => topic)
  return {
    errorCode: ErrorCode.NONE,
    transactionalId: state.transactionalId,
    transactionState: state.name,
    transactionTimeoutMs: state.timeoutMs,
    transactionStartTimeMs: state.startMs,
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    topics: [...byTopic].map(([topic, its]) => ({ topic, partitions: its.map(({ index }) => index) })),
  }
}
