/**
 * An API: a request, a response, and the handler between them.
 *
 * There is one file per API key in this folder, named as in Kafka. A handler is thin: the request is decoded before
 * the handler is called; the handler calls one function of the layer below, and encodes by calling `reply`. It may reply
 * within the call or much later (a delayed Fetch, a JoinGroup that waits for members); the connection keeps the order of
 * responses (broker/connection.ts).
 *
 * A handler whose work grows with the request is a generator, `steps`: it pauses so that other clients are served
 * (turns.ts), and returns its response, which is encoded in turns as well:
 *
 *   *steps({ turns, replicas }, { topics }) {
 *     return { topics: yield* mapTopics(turns, topics, …) }        (in-turns.ts)
 *   }
 *
 * After a pause, the state may have changed, as it may in Kafka, where many threads run at a time. So a handler reads the
 * metadata once, and does not pause between steps that must happen together.
 *
 * ApiVersions is derived from the list of handlers (api/catalog.ts): what is advertised works.
 *
 * API-1  a handler replies exactly once, whatever happens below it
 * API-2  a client's mistake becomes an error code in the response; only our own bugs are thrown
 * API-3  a handler pauses every few ms, however large its request is
 */
import type { ControllerChannel } from '../channel/controller-channel.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Controller, Outcome } from '../controller/controller.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Expressions } from '../coordinators/expressions.ts'
import type { GroupCoordinator } from '../coordinators/group/group-coordinator.ts'
import type { AddPartitionsManager } from '../coordinators/transaction/add-partitions-manager.ts'
import type { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import type { Core } from '../core.ts'
import type { ClientQuotas, Usage } from '../quota/client-quotas.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'
import type { Steps, Turns } from '../turns.ts'
import type { Message, VersionRange } from '../wire/schema.ts'
import type { Loggers } from './configs/loggers.ts'

/** Creates topics on demand (topics/topic-creation.ts). */
export interface CreatesTopics {
  /** `done` gets the outcome of each topic, in their order. */
  create(
    services: Services,
    client: Pick<RequestContext, 'clientId' | 'clientHost'>,
    names: readonly string[],
    done: (outcomes: readonly Outcome[]) => void,
  ): void
}

/** The layers below, as the handlers of one node see them. */
export interface Services {
  readonly core: Core
  /** For work that grows with the request. */
  readonly turns: Turns
  readonly expressions: Expressions
  /** The `node.id` of the broker that serves the request. */
  readonly nodeId: number
  readonly config: BrokerConfig
  /** The controller of this process; requests to it are forwarded unless this node is the active one. */
  readonly controller: Controller
  /** Whether this node is the active controller. */
  isController(): boolean
  readonly topicCreation: CreatesTopics
  /** To the active controller, from any node. */
  readonly toController: Pick<ControllerChannel, 'send'>
  readonly replicas: ReplicaManager
  readonly loggers: Loggers
  readonly groups: GroupCoordinator
  readonly transactions: TransactionCoordinator
  /** Asks the coordinator of a transactional id, on whichever node it is. */
  readonly addPartitions: Pick<AddPartitionsManager, 'verify' | 'verifyForProduce'>
  /** Ends a transaction in a partition that this node leads. */
  readonly writeMarker: WriteMarker
  readonly quotas: ClientQuotas
  /** All served APIs by key; ApiVersions advertises exactly these. */
  readonly apis: ReadonlyMap<number, Api>
  /** The newest metadata image that this node has applied. */
  metadata(): MetadataImage
}

/** The client of a request, and the version that it uses. */
export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  /** The client's address as Kafka shows it in a group's description: `/127.0.0.1`. */
  readonly clientHost: string
  /** Unique for each connection of this process. */
  readonly connectionId: number
  /** The cost of the request, for quotas. */
  readonly usage: Usage
  /**
   * The request stays in work until it is answered, even if its client disconnects: it waits for the controller, and what
   * it names is kept so long. Other large requests are not decoded before (broker/large-requests.ts).
   */
  staysInWork(): void
  /** A delayed request may be cancelled when the client disconnects: then `forget` is called. */
  onDisconnect(forget: () => void): void
  /**
   * Does work in turns, the first one now; `done` gets the result. An error is answered as if the handler had thrown it.
   * The work ends when the client disconnects, except with `goesOn`: for work that must not stop half-way.
   */
  inTurns<Result>(
    steps: Steps<Result>,
    done: (result: Result) => void,
    options?: { readonly goesOn: boolean },
  ): void
}

/**
 * Sends the response. `throttleTimeMs`: how long the client must wait, and is not read from (quota/); default: the
 * throttle time for the request's thread time. It is written into the response's field of that name.
 */
export type Reply<Response> = (response: Response | Silence, throttleTimeMs?: number) => void

/** Instead of a response: nothing (acks=0), or close the connection (acks=0 and an error; malformed bytes). */
export type Silence = 'no response' | 'close the connection'

/** A response that lists at most so many objects is not large (Api.isLarge). */
export const FEW = 1000

export interface Api<Request = unknown, Response = unknown> {
  readonly request: Message<Request, unknown>
  readonly response: Message<unknown, Response>
  /** Advertised instead of the request's own versions, if Kafka does so (Produce: 0 and up, KAFKA-18659). */
  readonly advertised?: VersionRange
  /** Whether the handler keeps no bytes of a request beyond its response: then their memory is reused for other requests. */
  readonly keepsNothing?: boolean
  /** Whether requests wait for a decision of the controller: then a large one is handled alone (broker/large-requests.ts). */
  readonly decides?: boolean
  /** Whether responses are encoded in turns: they may be large although the request is small. */
  readonly inTurns?: boolean
  /** Whether the response to this request will be large: then it does not begin while many others are in work (TURNS-7). */
  isLarge?(services: Services, request: Request, context: RequestContext): boolean
  /**
   * Only the active controller can answer: another broker forwards the request as a whole, or 'in part': then the handler
   * itself forwards what this broker can't do (forwarding.ts).
   */
  readonly forwards?: true | 'in part'
  /** What the controller does with a forwarded request; default: `handle`. */
  handleForwarded?(
    services: Services,
    request: Request,
    context: RequestContext,
    reply: Reply<Response>,
  ): void
  handle(services: Services, request: Request, context: RequestContext, reply: Reply<Response>): void
}

/** Declares an API; the types of request and response are inferred from the two messages. */
export function api<Request, RequestIn, ResponseOut, Response>(
  definition: {
    readonly request: Message<Request, RequestIn>
    readonly response: Message<ResponseOut, Response>
    readonly advertised?: VersionRange
    readonly keepsNothing?: boolean
    readonly decides?: boolean
    readonly forwards?: true | 'in part'
    readonly handleForwarded?: Handle<Request, Response>
    readonly isLarge?: (services: Services, request: Request, context: RequestContext) => boolean
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

/** Replies itself, now or later; or a generator that returns the response. */
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
