/**
 * ListTransactions (key 66): the transactional ids that this node coordinates (KIP-664).
 *
 *   v1 only those that run for longer than so many ms (KIP-994); v2 only ids that match a pattern (KIP-1152)
 *
 * A filter that is empty lets everything through; a state that nobody knows is named in the answer.
 */
import { compileRegularExpression } from '../coordinators/group/regular-expression.ts'
import { STATE_NAMES, type TransactionState } from '../coordinators/transaction/transaction-state.ts'
import { ListTransactionsRequest, ListTransactionsResponse } from '../messages/list-transactions.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const ListTransactions = api({
  request: ListTransactionsRequest,
  response: ListTransactionsResponse,
  handle: ({ transactions, core }, request, _context, reply) => {
    const pattern = patternOf(request.transactionalIdPattern)
    if (pattern === 'invalid') return reply({ errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION })
    const states: readonly string[] = STATE_NAMES
    const now = core.clock.now()
    const isWanted = (state: TransactionState): boolean =>
      state.name !== 'Dead' &&
      (request.stateFilters.length === 0 || request.stateFilters.includes(state.name)) &&
      (request.producerIdFilters.length === 0 || request.producerIdFilters.includes(state.producerId)) &&
      // (One that has not begun stands at -1: to Kafka it runs since the beginning of time.)
      (request.durationFilter < 0 || now - state.startMs > request.durationFilter) &&
      (pattern === undefined || pattern(state.transactionalId))
    reply({
      errorCode: ErrorCode.NONE,
      unknownStateFilters: request.stateFilters.filter((name) => !states.includes(name)),
      transactionStates: transactions
        .states()
        .filter(isWanted)
        .map(({ transactionalId, producerId, name }) => ({
          transactionalId,
          producerId,
          transactionState: name,
        })),
    })
  },
})

/** The whole id must match; empty is no filter. (Kafka: RE2/J, as for a group's subscription.) */
function patternOf(text: string | null): ((id: string) => boolean) | 'invalid' | undefined {
  if (text === null || text === '') return undefined
  return compileRegularExpression(text) ?? 'invalid'
}
