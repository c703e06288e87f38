/**
 * Transaction markers: how the partitions learn whether a transaction was committed or aborted.
 *
 * A marker is a control batch with one record, COMMIT or ABORT, with the producer's id and epoch. It occupies an offset
 * like a record, and advances the last stable offset of the partition. Offsets that were committed in the transaction
 * become valid once the marker is in their partition of `__consumer_offsets`.
 *
 *   prepared transaction --its partitions, by leader--> this node: written at once
 *                                                   --> node 2: [ marker, marker, … ]  one WriteTxnMarkers at a time;
 *                                                   --> node 3: [ marker, … ]          what comes meanwhile goes with the next
 *                                                   --> no leader now: again later
 *
 * The coordinator retries until every partition has its marker, because it has promised the producer that the transaction
 * will end so. It looks up the leaders anew for each attempt: a partition may have moved, or may have been deleted, and
 * then it needs no marker.
 *
 * MARKERS-1  every partition of the transaction gets its marker; failures are retried without limit. A marker that is
 *     written twice is harmless
 * MARKERS-2  `done` is called once all partitions have it, or no longer exist
 * MARKERS-3  after `cancel` no marker is sent and `done` is not called: the next coordinator finds the decision in the log
 * MARKERS-4  at most one request to a node is unanswered; it has the markers of all transactions that wait for this node
 * MARKERS-5  if a partition knows a later epoch of the producer or of the coordinator, this coordinator gives up the
 *     transaction: another one has taken over
 *
 * (TransactionMarkerChannelManager, TransactionMarkerRequestCompletionHandler)
 */
import type { RpcResult, Rpcs } from '../../channel/rpc.ts'
import type { Core, Timer } from '../../core.ts'
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../../messages/write-txn-markers.ts'
import { partitionKey } from '../../topic-names.ts'
import { ErrorCode, errorName } from '../../wire/errors.ts'
import { groupBy } from '../../wire/group-by.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { InputOf } from '../../wire/schema.ts'
import type { TransactionState } from './transaction-state.ts'

export interface TransactionMarker {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly commit: boolean
  /** The leader epoch of the coordinator's partition: an older coordinator's marker is refused. */
  readonly coordinatorEpoch: number
  readonly transactionVersion: number
}

/** A partition that gets a marker. */
interface Marked {
  readonly topic: string
  readonly index: number
}

/** Handle on the markers that are being written. */
export interface Marking {
  /** Stops writing (MARKERS-3). Idempotent; may be called after all markers are written. */
  cancel(): void
}

/** Writes a marker to a partition that this node leads. */
export type WriteMarker = (
  partition: Marked,
  marker: TransactionMarker,
  done: (error: ErrorCode) => void,
) => void

/** Who leads a partition: a node that can be reached, no node at the moment, or the partition does not exist. */
export type LeaderOf = (topic: string, index: number) => number | 'none' | 'no partition'

/** The markers of one transaction. */
interface Job {
  readonly transactionalId: string
  readonly marker: TransactionMarker
  readonly done: () => void
  /** Partitions without their marker. */
  left: number
  isOver: boolean
  /** Partitions for the next attempt, and when it begins. */
  retrying: Marked[]
  retry: Timer | undefined
}

/** A transaction's partitions on one node. */
interface Errand {
  readonly job: Job
  readonly partitions: readonly Marked[]
}

/** What one node is to be sent. */
interface Destination {
  errands: Errand[]
  isInFlight: boolean
}

const WRITE_TXN_MARKERS = { request: WriteTxnMarkersRequest, response: WriteTxnMarkersResponse }
const RETRY_MS = 100
/** Results after which a partition needs no marker: written, or it can't have taken part in a transaction. */
const FINAL: readonly number[] = [
  ErrorCode.NONE,
  ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
  ErrorCode.UNSUPPORTED_VERSION,
]
/** MARKERS-5. */
const FENCED: readonly number[] = [ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.TRANSACTION_COORDINATOR_FENCED]

export class TransactionMarkers {
  private readonly core: Core
  private readonly nodeId: number
  private readonly leaderOf: LeaderOf
  private readonly write: WriteMarker
  private readonly rpcs: Rpcs
  private readonly destinations = new Map<number, Destination>()

  constructor(options: {
    core: Core
    nodeId: number
    leaderOf: LeaderOf
    /** For the partitions that this node leads itself. */
    write: WriteMarker
    /** For those of other nodes. */
    rpcs: Rpcs
  }) {
    this.core = options.core
    this.nodeId = options.nodeId
    this.leaderOf = options.leaderOf
    this.write = options.write
    this.rpcs = options.rpcs
  }

  /**
   * Writes the markers of a prepared transaction to all its partitions. `done` may be called within the call. Returns a
   * handle to cancel it (MARKERS-3).
   */
  send(state: TransactionState, coordinatorEpoch: number, done: () => void): Marking {
    const job: Job = {
      transactionalId: state.transactionalId,
      marker: {
        producerId: state.producerId,
        producerEpoch: state.producerEpoch,
        commit: state.name === 'PrepareCommit',
        coordinatorEpoch,
        transactionVersion: state.clientVersion,
      },
      done,
      left: state.partitions.size,
      isOver: false,
      retrying: [],
      retry: undefined,
    }
    if (job.left === 0) done()
    else this.route(job, [...state.partitions.values()])
    return { cancel: () => end(job) }
  }

  /** Sends the marker to the leaders of these partitions. */
  private route(job: Job, partitions: readonly Marked[]): void {
    const byLeader = groupBy(partitions, ({ topic, index }) => this.leaderOf(topic, index))
    for (const [leader, its] of byLeader) {
      if (leader === 'none') for (const partition of its) this.retryLater(job, partition)
      else if (leader === 'no partition') for (const _ of its) this.written(job)
      else if (leader === this.nodeId) this.writeHere(job, its)
      else this.sendTo(leader, { job, partitions: its })
    }
  }

  private writeHere(job: Job, partitions: readonly Marked[]): void {
    for (const partition of partitions)
      this.write(partition, job.marker, (error) => this.settle(job, partition, error))
  }

  private sendTo(node: number, errand: Errand): void {
    this.destinationOf(node).errands.push(errand)
    this.flush(node)
  }

  private destinationOf(node: number): Destination {
    const known = this.destinations.get(node)
    if (known) return known
    const destination = { errands: [], isInFlight: false }
    this.destinations.set(node, destination)
    return destination
  }

  /** Sends what waits for a node, unless a request to it is unanswered (MARKERS-4). */
  private flush(node: number): void {
    const destination = this.destinationOf(node)
    if (destination.isInFlight) return
    const errands = destination.errands.filter(({ job }) => !job.isOver)
    destination.errands = []
    if (errands.length === 0) return
    destination.isInFlight = true
    const body = (): InputOf<typeof WriteTxnMarkersRequest> => ({ markers: errands.map(toRequest) })
    this.rpcs.send(node, WRITE_TXN_MARKERS, body, (result) => {
      destination.isInFlight = false
      this.answered(errands, result)
      this.flush(node)
    })
  }

  private answered(errands: readonly Errand[], result: RpcResult<WriteTxnMarkersResponse>): void {
    const errors = result.ok ? errorsOf(result.response) : undefined
    for (const { job, partitions } of errands) {
      for (const partition of partitions) {
        // A leader that leaves a partition out has not written its marker.
        const error = errors?.get(errorKey(job.marker.producerId, partition.topic, partition.index))
        this.settle(job, partition, error ?? ErrorCode.NETWORK_EXCEPTION)
      }
    }
  }

  private settle(job: Job, partition: Marked, error: ErrorCode): void {
    if (job.isOver) return
    if (FINAL.includes(error)) this.written(job)
    else if (FENCED.includes(error)) this.giveUp(job, partition, error)
    else this.retryLater(job, partition)
  }

  private written(job: Job): void {
    if (job.isOver) return
    job.left--
    if (job.left > 0) return
    end(job)
    job.done()
  }

  /** MARKERS-5. */
  private giveUp(job: Job, { topic, index }: Marked, error: ErrorCode): void {
    end(job)
    const why = `gave up the markers of a transaction: ${partitionKey(topic, index)} answered ${errorName(error)}`
    this.core.log('warn', why, { transactionalId: job.transactionalId })
  }

  private retryLater(job: Job, partition: Marked): void {
    if (job.isOver) return
    job.retrying.push(partition)
    job.retry ??= this.core.timers.set(
      RETRY_MS,
      () => {
        const partitions = job.retrying
        job.retrying = []
        job.retry = undefined
        this.route(job, partitions)
      },
      'transaction markers',
    )
  }
}

function end(job: Job): void {
  job.isOver = true
  job.retry?.cancel()
}

function toRequest({ job, partitions }: Errand) {
  const { producerId, producerEpoch, commit, coordinatorEpoch, transactionVersion } = job.marker
  const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, its]) => ({
    name,
    partitionIndexes: its.map(({ index }) => index),
  }))
  return {
    producerId,
    producerEpoch,
    transactionResult: commit,
    topics,
    coordinatorEpoch,
    transactionVersion,
  }
}

/** The result of each partition, for each producer. */
function errorsOf({ markers }: WriteTxnMarkersResponse): Map<string, ErrorCode> {
  const errors = new Map<string, ErrorCode>()
  for (const { producerId, topics } of markers) {
    for (const { name, partitions } of topics) {
      for (const { partitionIndex, errorCode } of partitions)
        errors.set(errorKey(producerId, name, partitionIndex), errorCode as ErrorCode)
    }
  }
  return errors
}

function errorKey(producerId: Int64, topic: string, index: number): string {
  return `${producerId} ${partitionKey(topic, index)}`
}
