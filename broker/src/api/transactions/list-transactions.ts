/**
 * ListTransactions (key 66): the transactional ids that this node coordinates (KIP-664).
 *
 *   v1 only those running longer than so many ms (KIP-994); v2 only ids that match a pattern (KIP-1152)
 *
 * An empty filter matches everything; unknown states are listed in the response.
 */
import { type Expression, type Expressions, filterMatching } from '../../coordinators/expressions.ts'
import { STATE_NAMES, type TransactionState } from '../../coordinators/transaction/transaction-state.ts'
import { ListTransactionsRequest, ListTransactionsResponse } from '../../messages/list-transactions.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, FEW } from '../api.ts'
import { distinctInTurns, filterInTurns, mapInTurns } from '../in-turns.ts'

export const ListTransactions = api({
  request: ListTransactionsRequest,
  response: ListTransactionsResponse,
  isLarge: ({ transactions }) => transactions.idCount > FEW,
  *steps({ transactions, core, turns, expressions }, request) {
    const pattern = patternOf(expressions, request.transactionalIdPattern)
    if (pattern === 'invalid') return { errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION }
    if (transactions.isLoading) return { errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS }
    const states: readonly string[] = STATE_NAMES
    const wantedStates = new Set(yield* distinctInTurns(turns, request.stateFilters))
    const wantedProducers = new Set(yield* distinctInTurns(turns, request.producerIdFilters))
    const now = core.clock.now()
    const isWanted = (state: TransactionState): boolean =>
      state.name !== 'Dead' &&
      (wantedStates.size === 0 || wantedStates.has(state.name)) &&
      (wantedProducers.size === 0 || wantedProducers.has(state.producerId)) &&
      // (An id without a transaction has start time -1, so Kafka treats it as running since 1970.)
      (request.durationFilter < 0 || now - state.startMs > request.durationFilter)
    const all = yield* filterInTurns(turns, transactions.states(), isWanted)
    const wanted = pattern
      ? yield* filterMatching(turns, all, pattern, ({ transactionalId }) => transactionalId)
      : all
    return {
      errorCode: ErrorCode.NONE,
      unknownStateFilters: request.stateFilters.filter((name) => !states.includes(name)),
      transactionStates: yield* mapInTurns(turns, wanted, ({ transactionalId, producerId, name }) => ({
        transactionalId,
        producerId,
        transactionState: name,
      })),
    }
  },
})

/** The pattern must match the whole id; empty means no filter. (Kafka: RE2/J, as for a group's subscription.) */
function patternOf(expressions: Expressions, text: string | null): Expression | 'invalid' | undefined {
  if (text === null || text === '') return undefined
  const expression = expressions.compile(text)
  return expression.wrong === undefined ? expression : 'invalid'
}
