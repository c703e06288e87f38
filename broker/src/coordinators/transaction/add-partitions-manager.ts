/**
 * Asks the coordinators of transactional ids whether partitions belong to an open transaction.
 *
 * The leader of a partition asks before it appends the first batch of a transaction (KIP-890), and so does a group
 * coordinator before it stores offsets. The coordinator may be another node:
 *
 *   Produce --id--> this node coordinates it: asked directly
 *               --> node 2: { id: partitions, id: partitions, … }   one AddPartitionsToTxn at a time;
 *                                                                   what comes meanwhile goes with the next one
 *               --> no node at the moment: COORDINATOR_NOT_AVAILABLE
 *
 * One request has each transactional id once. A producer has one request with a partition in flight, so a second request
 * of the same id means that the client has given up the first one, or that there is a second producer:
 *
 *   the first one has an older epoch   INVALID_PRODUCER_EPOCH for the first one: it is fenced
 *   the same epoch                     NETWORK_EXCEPTION for the first one, which is retried
 *   the first one has a newer epoch    INVALID_PRODUCER_EPOCH for the second one
 *
 * With transaction version 2 the request adds the partitions, and is tried again while the coordinator still writes the
 * markers of the previous transaction, because a producer's own retry would come much later.
 *
 * ADD-PARTITIONS-1  `done` is called once, with one code for each partition; not at all after `close`, which leaves no timer
 * ADD-PARTITIONS-2  without a response the result is NETWORK_EXCEPTION, which clients retry. A coordinator that does not
 *     know the API in this form verifies nothing: the batch is appended, as before KIP-890
 * ADD-PARTITIONS-3  at most one request to a node is unanswered
 *
 * (AddPartitionsToTxnManager; the retry: ReplicaManager.handleProduceAppend)
 */
import type { Rpc, RpcResult, Rpcs } from '../../channel/rpc.ts'
import type { Core, Timer } from '../../core.ts'
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../messages/add-partitions-to-txn.ts'
import { partitionKey } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { groupBy } from '../../wire/group-by.ts'
import { type InputOf, stableVersions } from '../../wire/schema.ts'
import type { AddPartitionsConfig } from './transaction-config.ts'
import type { PartitionsRequest } from './transaction-coordinator.ts'

/** What is to be verified; `add`: with transaction version 2 missing partitions are added. */
export interface VerifyRequest extends PartitionsRequest {
  readonly add: boolean
}

/** One code for each partition, in their order. */
export type Verified = (codes: readonly ErrorCode[]) => void

interface Asked {
  readonly request: VerifyRequest
  readonly done: Verified
}

/** What one node is to be asked, by transactional id. */
interface Destination {
  asked: Map<string, Asked>
  isInFlight: boolean
}

/** Brokers ask in the versions that have several transactions. */
const ADD_PARTITIONS: Rpc<InputOf<typeof AddPartitionsToTxnRequest>, AddPartitionsToTxnResponse> = {
  request: AddPartitionsToTxnRequest,
  response: AddPartitionsToTxnResponse,
  versions: { min: 4, max: stableVersions(AddPartitionsToTxnRequest).max },
}

export class AddPartitionsManager {
  private readonly core: Core
  private readonly nodeId: number
  private readonly config: AddPartitionsConfig
  private readonly coordinatorOf: (transactionalId: string) => number | undefined
  private readonly own: (request: VerifyRequest, done: Verified) => void
  private readonly rpcs: Rpcs
  private readonly destinations = new Map<number, Destination>()
  private readonly retries = new Set<Timer>()

  constructor(options: {
    core: Core
    nodeId: number
    config: AddPartitionsConfig
    /** The node that coordinates an id and can be reached; undefined if there is none at the moment. */
    coordinatorOf: (transactionalId: string) => number | undefined
    /** This node's own coordinator. */
    own: (request: VerifyRequest, done: Verified) => void
    rpcs: Rpcs
  }) {
    this.core = options.core
    this.nodeId = options.nodeId
    this.config = options.config
    this.coordinatorOf = options.coordinatorOf
    this.own = options.own
    this.rpcs = options.rpcs
  }

  /** Verifies or adds partitions. The codes are the coordinator's. */
  verify(request: VerifyRequest, done: Verified): void {
    const coordinator = this.coordinatorOf(request.transactionalId)
    if (coordinator === undefined) return done(allOf(request, ErrorCode.COORDINATOR_NOT_AVAILABLE))
    if (coordinator === this.nodeId) return this.own(request, done)
    this.enqueue(this.destinationOf(coordinator), { request, done })
    this.flush(coordinator)
  }

  /** The same for a Produce: waits a little for the end of the previous transaction. */
  verifyForProduce(request: VerifyRequest, done: Verified): void {
    if (!request.add) return this.verify(request, done)
    const untilMs = this.core.clock.monotonicMs() + this.config.retryMsMax
    const attempt = (): void =>
      this.verify(request, (codes) => {
        const isOpen = codes.includes(ErrorCode.CONCURRENT_TRANSACTIONS)
        if (!isOpen || this.core.clock.monotonicMs() >= untilMs) return done(codes)
        this.retryLater(attempt)
      })
    attempt()
  }

  close(): void {
    for (const timer of this.retries) timer.cancel()
    this.retries.clear()
    this.destinations.clear()
  }

  private retryLater(attempt: () => void): void {
    const timer = this.core.timers.set(
      this.config.retryMs,
      () => {
        this.retries.delete(timer)
        attempt()
      },
      'partitions of a transaction',
    )
    this.retries.add(timer)
  }

  private destinationOf(node: number): Destination {
    const known = this.destinations.get(node)
    if (known) return known
    const destination: Destination = { asked: new Map(), isInFlight: false }
    this.destinations.set(node, destination)
    return destination
  }

  private enqueue({ asked }: Destination, incoming: Asked): void {
    const { transactionalId, producerEpoch } = incoming.request
    const earlier = asked.get(transactionalId)
    if (earlier && earlier.request.producerEpoch > producerEpoch)
      return incoming.done(allOf(incoming.request, ErrorCode.INVALID_PRODUCER_EPOCH))
    asked.set(transactionalId, incoming)
    if (!earlier) return
    const isFenced = earlier.request.producerEpoch < producerEpoch
    const error = isFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : ErrorCode.NETWORK_EXCEPTION
    earlier.done(allOf(earlier.request, error))
  }

  /** Asks what waits for a node, unless a request to it is unanswered (ADD-PARTITIONS-3). */
  private flush(node: number): void {
    const destination = this.destinationOf(node)
    if (destination.isInFlight || destination.asked.size === 0) return
    const asked = [...destination.asked.values()]
    destination.asked = new Map()
    destination.isInFlight = true
    const body = () => ({ transactions: asked.map(({ request }) => toTransaction(request)) })
    this.rpcs.send(node, ADD_PARTITIONS, body, (result) => {
      destination.isInFlight = false
      this.answered(asked, result)
      this.flush(node)
    })
  }

  private answered(asked: readonly Asked[], result: RpcResult<AddPartitionsToTxnResponse>): void {
    if (!result.ok) {
      const isOld = result.failure === 'unsupported version'
      this.core.log('warn', `AddPartitionsToTxn: ${result.reason}`)
      // ADD-PARTITIONS-2
      return fail(asked, isOld ? ErrorCode.NONE : ErrorCode.NETWORK_EXCEPTION)
    }
    const { errorCode, resultsByTransaction } = result.response
    if (errorCode !== ErrorCode.NONE) {
      // A client must not see that this broker may not ask the coordinator.
      const isHidden = errorCode === ErrorCode.CLUSTER_AUTHORIZATION_FAILED
      return fail(asked, isHidden ? ErrorCode.INVALID_TXN_STATE : (errorCode as ErrorCode))
    }
    const byId = new Map(resultsByTransaction.map((each) => [each.transactionalId, codesOf(each)]))
    for (const { request, done } of asked) {
      const codes = byId.get(request.transactionalId)
      done(
        request.partitions.map(
          ({ topic, index }) => codes?.get(partitionKey(topic, index)) ?? ErrorCode.UNKNOWN_SERVER_ERROR,
        ),
      )
    }
  }
}

function fail(asked: readonly Asked[], error: ErrorCode): void {
  for (const { request, done } of asked) done(allOf(request, error))
}

function allOf({ partitions }: VerifyRequest, error: ErrorCode): ErrorCode[] {
  return partitions.map(() => error)
}

function toTransaction({ transactionalId, producerId, producerEpoch, partitions, add }: VerifyRequest) {
  const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, its]) => ({
    name,
    partitions: its.map(({ index }) => index),
  }))
  return { transactionalId, producerId, producerEpoch, verifyOnly: !add, topics }
}

type TransactionResult = AddPartitionsToTxnResponse['resultsByTransaction'][number]

function codesOf({ topicResults }: TransactionResult): Map<string, ErrorCode> {
  return new Map(
    topicResults.flatMap(({ name, resultsByPartition }) =>
      resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => [
        partitionKey(name, partitionIndex),
        partitionErrorCode as ErrorCode,
      ]),
    ),
  )
}
