/**
 * ListTransactions (key 66): which transactional ids do you coordinate?
 *
 * Each broker knows only its own, so admin clients ask them all. What the filters do not match is left out.
 * (KIP-664)
 *
 *   1  only those that are older than so many milliseconds (KIP-994)
 *   2  only ids that match a regular expression (KIP-1152)
 */
import { array, int16, int32, int64, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const ListTransactionsRequest = request(
  66,
  'ListTransactionsRequest',
  { versions: '0-2', flexible: '0+' },
  {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    /** Milliseconds; negative: any age. */
    durationFilter: int64({ since: 1, default: -1 }),
    transactionalIdPattern: string({ since: 2, nullable: true, default: null }),
  },
)
export type ListTransactionsRequest = TypeOf<typeof ListTransactionsRequest>

export const ListTransactionsResponse = response(
  66,
  'ListTransactionsResponse',
  { versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array(
      struct({ transactionalId: string(), producerId: int64(), transactionState: string() }),
    ),
  },
)
export type ListTransactionsResponse = TypeOf<typeof ListTransactionsResponse>
