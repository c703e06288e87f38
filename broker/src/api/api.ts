/**
 * What an API is: a pair of messages and the handler between them.
 *
 * There is a file per API key in this folder, named as Kafka names it. A handler is thin: it decodes (that
 * has happened before it is called), calls one verb of a floor below, and encodes by calling `reply`. It may
 * reply within the call or much later (a Fetch that waits for records, a JoinGroup that waits for members);
 * the connection keeps the order (broker/connection.ts).
 *
 * A handler whose work grows with what the client has sent is a generator, `steps`: it pauses where others may be
 * served (turns.ts), and returns its response, which is encoded in turns as well:
 *
 *   *steps({ turns, replicas }, { topics }) {
 *     return { topics: yield* mapTopics(turns, topics, …) }        (in-turns.ts)
 *   }
 *
 * What it reads may have changed after a pause, as it may in Kafka, where many threads work at a time. So it takes the
 * metadata once, and what must be decided together it does without a pause.
 *
 * ApiVersions is derived from the list of handlers (api/catalog.ts): what is advertised is what works.
 *
 * API-1  a handler replies exactly once, whatever happens below it
 * API-2  what a client did wrong becomes an error code in the response; only our own mistakes are thrown
 * API-3  between two pauses of a handler lie a few ms, however large its request is
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Controller } from '../controller/controller.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Expressions } from '../coordinators/expressions.ts'
import type { GroupCoordinator } from '../coordinators/group/group-coordinator.ts'
import type { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import type { Core } from '../core.ts'
import type { ReplicaManager } from '../partition/replica-manager.ts'
import type { ClientQuotas, Usage } from '../quota/client-quotas.ts'
import type { Steps, Turns } from '../turns.ts'
import type { Message, VersionRange } from '../wire/schema.ts'
import type { Loggers } from './configs/loggers.ts'

/** The floors below, as one node's handlers see them. */
export interface Services {
  readonly core: Core
  /** For work that grows with what a client has sent. */
  readonly turns: Turns
  readonly expressions: Expressions
  /** The `node.id` of the broker that serves the request. */
  readonly nodeId: number
  readonly config: BrokerConfig
  readonly controller: Controller
  readonly replicas: ReplicaManager
  readonly loggers: Loggers
  readonly groups: GroupCoordinator
  readonly transactions: TransactionCoordinator
  /** The coordinator of a transactional id, on whichever node it is. */
  transactionsOf(transactionalId: string): TransactionCoordinator
  /** Ends a transaction in a partition that this node leads. */
  readonly writeMarker: WriteMarker
  readonly quotas: ClientQuotas
  /** Every API that is served, by key; ApiVersions advertises this list and nothing else. */
  readonly apis: ReadonlyMap<number, Api>
  /** The newest metadata that this node has applied. */
  metadata(): MetadataImage
}

/** Who asks, and in which version. */
export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  /** The client's address as Kafka shows it in a group's description: `/127.0.0.1`. */
  readonly clientHost: string
  /** Changes with every connection of this process. */
  readonly connectionId: number
  /** What the request costs, for quotas. */
  readonly usage: Usage
  /** What waits may be forgotten when the client hangs up before it is answered: then `forget` is called. */
  onDisconnect(forget: () => void): void
  /**
   * Does work in turns, the first one now; `done` gets what it gives. What it throws is answered for as if the handler
   * had thrown it. It ends when the client goes, but for what `goesOn`: work that must not be left half done.
   */
  inTurns<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    options?: { readonly goesOn: boolean },
  ): void
}

/**
 * Answers a request. `throttleTimeMs`: how long the client is to wait, and will not be read from (quota/); left out, it
 * is what the request's time on the thread costs. It goes into the response's field of that name.
 */
export type Reply<Response> = (response: Response | Silence, throttleTimeMs?: number) => void

/** Instead of a response: say nothing (acks=0), or hang up (acks=0 and an error; bytes that make no sense). */
export type Silence = 'no response' | 'close the connection'

export interface Api<Request = unknown, Response = unknown> {
  readonly request: Message<Request, unknown>
  readonly response: Message<unknown, Response>
  /** Advertised instead of the request's own versions, where Kafka does so (Produce: 0 and up, KAFKA-18659). */
  readonly advertised?: VersionRange
  /** Whether nothing of a request's bytes is kept beyond its answer: then their memory is used for another request. */
  readonly keepsNothing?: boolean
  /** Whether its responses are encoded in turns: they may be large though the request is small. */
  readonly inTurns?: boolean
  handle(services: Services, request: Request, context: RequestContext, reply: Reply<Response>): void
}

/** Declares an API; the types of request and response follow from the two messages. */
export function api<Request, RequestIn, ResponseOut, Response>(
  definition: {
    readonly request: Message<Request, RequestIn>
    readonly response: Message<ResponseOut, Response>
    readonly advertised?: VersionRange
    readonly keepsNothing?: boolean
  } & Handler<Request, Response>,
): Api {
  const { steps } = definition
  if (!steps) return definition as unknown as Api
  const inSteps: Handle<Request, Response> = (services, request, context, reply) =>
    context.inTurns(steps(services, request, context), reply)
  return { ...definition, inTurns: true, handle: inSteps } as unknown as Api
}

type Handle<Request, Response> = (
  services: Services,
  request: Request,
  context: RequestContext,
  reply: Reply<Response>,
) => void

/** Replies itself, now or later, or is a generator that returns the response. */
type Handler<Request, Response> =
  | { readonly handle: Handle<Request, Response>; readonly inTurns?: boolean; readonly steps?: never }
  | {
      readonly steps: (
        services: Services,
        request: Request,
        context: RequestContext,
      ) => Steps<Response | Silence>
      readonly handle?: never
    }
