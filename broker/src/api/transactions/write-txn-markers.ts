/**
 * WriteTxnMarkers (key 27): writes transaction markers to partitions that this broker leads.
 *
 * Between brokers, a coordinator sends it to the leaders of a transaction's partitions. An admin uses it as a last resort:
 * `kafka-transactions abort` ends a hanging transaction, which its coordinator does not know any more and which holds
 * the last stable offset back (KIP-664).
 *
 *   v1 flexible; v2 the transaction's version (KIP-1228)
 *
 * A marker without partitions is left out of the response.
 */
import type { TransactionMarker } from '../../coordinators/transaction/transaction-markers.ts'
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../../messages/write-txn-markers.ts'
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../record/batch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { collect } from '../collect.ts'
import { forEachPartition, mapInTurns } from '../in-turns.ts'

type Wanted = WriteTxnMarkersRequest['markers'][number]
/** The transaction version of a marker that does not contain it (TransactionVersion.UNKNOWN). */
const UNKNOWN = -1
interface PartitionResult {
  readonly partitionIndex: number
  readonly errorCode: number
}

/** A marker for one partition. */
interface Errand {
  readonly wanted: Wanted
  readonly topic: string
  readonly index: number
}

export const WriteTxnMarkers = api({
  request: WriteTxnMarkersRequest,
  response: WriteTxnMarkersResponse,
  inTurns: true,
  handle: (services, { markers }, context, reply) => {
    context.inTurns(errandsOf(services.turns, markers), (errands) => {
      const ask = (errand: Errand, done: (result: PartitionResult) => void): void =>
        write(services, errand, (errorCode) => done({ partitionIndex: errand.index, errorCode }))
      collect(services, context, errands, ask, (results) => {
        const next = results.values()
        context.inTurns(
          mapInTurns(services.turns, markers, (wanted) => answerOf(wanted, next)),
          (answers) => reply({ markers: answers.filter(({ topics }) => topics.length > 0) }),
        )
      })
    })
  },
})

function* errandsOf(pace: Pace, markers: readonly Wanted[]): Steps<Errand[]> {
  const errands: Errand[] = []
  for (const wanted of markers) {
    if (pace.isOver) yield
    const topics = wanted.topics.map(({ name, partitionIndexes }) => ({ name, partitions: partitionIndexes }))
    yield* forEachPartition(pace, topics, (index, { name }) => errands.push({ wanted, topic: name, index }))
  }
  return errands
}

function write(
  { writeMarker }: Services,
  { wanted, ...partition }: Errand,
  done: (code: ErrorCode) => void,
): void {
  const { producerId, producerEpoch, coordinatorEpoch, transactionVersion } = wanted
  // A marker must have a producer id and an epoch, that is, not the values for "none" (MemoryRecordsBuilder).
  if (producerId === NO_PRODUCER_ID || producerEpoch === NO_PRODUCER_EPOCH || transactionVersion === UNKNOWN)
    return done(ErrorCode.UNKNOWN_SERVER_ERROR)
  const marker: TransactionMarker = {
    producerId,
    producerEpoch,
    commit: wanted.transactionResult,
    coordinatorEpoch,
    transactionVersion,
  }
  writeMarker(partition, marker, done)
}

/** The response for a marker; `results` are those of all partitions, in order, from this marker's first one on. */
function answerOf({ producerId, topics }: Wanted, results: Iterator<PartitionResult>) {
  return {
    producerId,
    topics: topics
      .filter(({ partitionIndexes }) => partitionIndexes.length > 0)
      .map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map(() => results.next().value as PartitionResult),
      })),
  }
}
