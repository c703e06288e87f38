/**
 * The channel to the active controller, whichever node that is.
 *
 *   send --> [ request, request, … ] --one at a time--> the controller --response--> done
 *              ^                                              |
 *              '-- NOT_CONTROLLER, or no response: in front --'  the controller is looked up again
 *
 * A broker that registers, proposes an ISR or wants producer ids cannot go on without an answer of the controller, and the
 * controller may change at any time. So the channel keeps a request until some controller has answered it, or until the
 * request is too old. One request is in flight at a time, so that the controller gets them in the order of `send`.
 *
 * CONTROLLER-CHANNEL-1  requests are answered in the order of `send`; one that must be repeated keeps its place
 * CONTROLLER-CHANNEL-2  `done` is called once, never within `send`: with a response that is not NOT_CONTROLLER, or with the
 *     failure 'unsupported version', or 'timed out' after `retryTimeoutMs`; not at all after `close`
 * CONTROLLER-CHANNEL-3  a request may be executed more than once: if no response came, it is repeated
 * CONTROLLER-CHANNEL-4  another controller is asked at once, the same one after a pause
 * CONTROLLER-CHANNEL-5  after `close` no timer is left
 *
 * (NodeToControllerChannelManager, NodeToControllerRequestThread)
 */
import type { Core, Timer } from '../core.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { Rpc, RpcResult, Rpcs } from './rpc.ts'

/** Every response of the controller has an error of the whole request. */
export interface ControllerResponse {
  readonly errorCode: number
}

export interface ControllerChannelOptions {
  readonly core: Core
  /** The active controller, as far as this node knows; undefined if it knows none. */
  readonly controller: () => number | undefined
  /** Sends to nodes with the role controller. */
  readonly rpcs: Rpcs
  /** How long a request may be repeated. */
  readonly retryTimeoutMs: number
}

/** A request without its types. */
interface Item {
  readonly timer: Timer
  isExpired: boolean
  send(controller: number): void
  fail(reason: string): void
}

/** How long to wait for a controller, or until the same one is asked again. */
const RETRY_MS = 100

export class ControllerChannel {
  private readonly options: ControllerChannelOptions
  private queue: Item[] = []
  private inFlight: Item | undefined
  private pause: Timer | undefined
  private isClosed = false

  constructor(options: ControllerChannelOptions) {
    this.options = options
  }

  /** Sends a request to the active controller. `body` makes it in the agreed version (rpc.ts). */
  send<In, Out extends ControllerResponse>(
    rpc: Rpc<In, Out>,
    body: (version: number) => In,
    done: (result: RpcResult<Out>) => void,
  ): void {
    if (this.isClosed) return
    const { core, rpcs, retryTimeoutMs } = this.options
    const answered = (controller: number, result: RpcResult<Out>): void => {
      const isFinal = result.ok
        ? result.response.errorCode !== ErrorCode.NOT_CONTROLLER
        : result.failure === 'unsupported version'
      if (!isFinal) return this.repeat(item, controller)
      this.inFlight = undefined
      item.timer.cancel()
      done(result)
      this.pump()
    }
    const item: Item = {
      timer: core.timers.set(retryTimeoutMs, () => this.expire(item), 'request to the controller'),
      isExpired: false,
      send: (controller) => rpcs.send(controller, rpc, body, (result) => answered(controller, result)),
      fail: (reason) => done({ ok: false, failure: 'timed out', reason: `${rpc.request.name}: ${reason}` }),
    }
    this.queue.push(item)
    this.pump()
  }

  /** Forgets all requests, and closes the connections (CONTROLLER-CHANNEL-5). */
  close(): void {
    this.isClosed = true
    this.pause?.cancel()
    for (const { timer } of this.queue) timer.cancel()
    this.inFlight?.timer.cancel()
    this.queue = []
    this.options.rpcs.close()
  }

  /** Sends the next request, if there is a controller. */
  private pump(): void {
    if (this.isClosed || this.inFlight || this.pause || this.queue.length === 0) return
    const controller = this.options.controller()
    if (controller === undefined) return this.pumpLater()
    const item = this.queue.shift()!
    this.inFlight = item
    item.send(controller)
  }

  private pumpLater(): void {
    this.pause = this.options.core.timers.set(
      RETRY_MS,
      () => {
        this.pause = undefined
        this.pump()
      },
      'search for the controller',
    )
  }

  /** This controller has not answered the request, or is none any more (CONTROLLER-CHANNEL-4). */
  private repeat(item: Item, controller: number): void {
    this.inFlight = undefined
    if (this.isClosed) return
    if (item.isExpired) item.fail('no controller has answered in time')
    else this.queue.unshift(item)
    if (this.queue.length > 0 && this.options.controller() === controller) this.pumpLater()
    else this.pump()
  }

  /** A request in flight may still be answered. */
  private expire(item: Item): void {
    item.isExpired = true
    if (this.inFlight === item) return
    this.queue = this.queue.filter((each) => each !== item)
    item.fail('no controller has answered in time')
  }
}
