/**
 * WriteTxnMarkers (key 27): end this transaction in your partitions.
 *
 * Between brokers it is how a coordinator reaches the partitions that others lead. From outside it is the last resort:
 * `kafka-transactions abort` ends a hanging transaction, one whose coordinator has forgotten it and which holds the
 * last stable offset back (KIP-664).
 *
 *   v1 flexible; v2 the transaction's version (KIP-1228)
 *
 * A marker that is to go nowhere is not answered for.
 */
import type { TransactionMarker } from '../coordinators/transaction/transaction-markers.ts'
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../messages/write-txn-markers.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api, type Services } from './api.ts'
import { collect } from './collect.ts'

type Wanted = WriteTxnMarkersRequest['markers'][number]
interface PartitionResult {
  readonly partitionIndex: number
  readonly errorCode: number
}

export const WriteTxnMarkers = api({
  request: WriteTxnMarkersRequest,
  response: WriteTxnMarkersResponse,
  handle: (services, request, _context, reply) => {
    collect(
      request.markers,
      (wanted, done: (result: ReturnType<typeof answerOf>) => void) =>
        write(services, wanted, (results) => done(answerOf(wanted, results))),
      (markers) => reply({ markers: markers.filter(({ topics }) => topics.length > 0) }),
    )
  },
})

function write({ writeMarker }: Services, wanted: Wanted, done: (results: PartitionResult[]) => void): void {
  const marker: TransactionMarker = {
    producerId: wanted.producerId,
    producerEpoch: wanted.producerEpoch,
    commit: wanted.transactionResult,
    coordinatorEpoch: wanted.coordinatorEpoch,
    transactionVersion: wanted.transactionVersion,
  }
  const partitions = wanted.topics.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map((index) => ({ topic: name, index })),
  )
  collect(
    partitions,
    (partition, each: (result: PartitionResult) => void) =>
      canBe(wanted)
        ? writeMarker(partition, marker, (errorCode) => each({ partitionIndex: partition.index, errorCode }))
        : each({ partitionIndex: partition.index, errorCode: ErrorCode.UNKNOWN_SERVER_ERROR }),
    done,
  )
}

/** No marker can be built for nobody. */
function canBe({ producerId, producerEpoch, transactionVersion }: Wanted): boolean {
  return producerId >= 0 && producerEpoch >= 0 && transactionVersion >= 0
}

function answerOf({ producerId, topics }: Wanted, results: readonly PartitionResult[]) {
  let next = 0
  return {
    producerId,
    topics: topics
      .filter(({ partitionIndexes }) => partitionIndexes.length > 0)
      .map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map(() => results[next++]!),
      })),
  }
}
