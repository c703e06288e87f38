/**
 * Who is alive: brokers send a heartbeat to the active controller, and one that is silent for broker.session.timeout.ms is fenced.
 *
 *             registers                       caught up with its registration, and does not want to be fenced
 *   unknown ------------> FENCED ------------------------------------------------------------> UNFENCED
 *                           ^  '--- wants to shut down ---> SHUTDOWN_NOW <--- leads nothing ---' |
 *                           |                                  ^                                  | wants to shut down,
 *                           '---- silent, or wants to ---------|---------------------------------'| leads partitions
 *                                                              |                                  v
 *                                                              '--- all others have seen ---- CONTROLLED_SHUTDOWN
 *                                                                   that it leads nothing
 *
 * Only the last contact, the metadata offset and the offset of the shutdown are kept here, in memory. A new active controller
 * knows none of them: it gives every broker a whole session before it fences one.
 *
 * BROKER-HEARTBEATS-1  a broker is unfenced only after it has read its own registration: it knows what it hosts (KIP-631)
 * BROKER-HEARTBEATS-2  a broker in controlled shutdown may stop once it leads nothing and every active broker has read
 *     the records that took its leaderships away (KIP-841)
 *
 * (BrokerHeartbeatManager)
 */
import type { Clock } from '../../core.ts'

/** What a broker may do next (BrokerControlState). */
export type BrokerControlState = 'fenced' | 'unfenced' | 'controlled shutdown' | 'shutdown now'

export interface Heartbeat {
  /** The last metadata offset that the broker has applied. */
  readonly metadataOffset: number
  readonly wantFence: boolean
  readonly wantShutDown: boolean
}

interface Known {
  lastContactMs: number
  metadataOffset: number
  isFenced: boolean
  /** The offset that all active brokers must have read; undefined: it does not shut down. */
  shutdownOffset: number | undefined
}

export class BrokerHeartbeats {
  private readonly clock: Clock
  private readonly sessionTimeoutMs: () => number
  private readonly brokers = new Map<number, Known>()

  /** `sessionTimeoutMs`: broker.session.timeout.ms. */
  constructor(clock: Clock, sessionTimeoutMs: () => number) {
    this.clock = clock
    this.sessionTimeoutMs = sessionTimeoutMs
  }

  /** A broker registered, or this controller became active and found it registered. Its session begins. */
  register(broker: number, isFenced: boolean): void {
    const known = this.brokers.get(broker)
    // The offset is known only if the broker merely changed its registration.
    const metadataOffset = known && known.isFenced !== isFenced ? known.metadataOffset : -1
    this.brokers.set(broker, {
      lastContactMs: this.clock.monotonicMs(),
      metadataOffset,
      isFenced,
      shutdownOffset: isFenced ? undefined : known?.shutdownOffset,
    })
  }

  remove(broker: number): void {
    this.brokers.delete(broker)
  }

  /** A heartbeat arrived, and the broker is now in this state. */
  touch(broker: number, isFenced: boolean, metadataOffset: number): void {
    const known = this.known(broker)
    known.lastContactMs = this.clock.monotonicMs()
    known.metadataOffset = metadataOffset
    known.isFenced = isFenced
    if (isFenced) known.shutdownOffset = undefined
  }

  fence(broker: number): void {
    const known = this.brokers.get(broker)
    if (known) known.isFenced = true
  }

  /** Whether another process that registers with this id must be refused (DUPLICATE_BROKER_REGISTRATION). */
  hasValidSession(broker: number): boolean {
    const known = this.brokers.get(broker)
    return known !== undefined && !known.isFenced && this.clock.monotonicMs() <= this.expiryOf(known)
  }

  /** A broker in controlled shutdown: `offset` is the end of the log after its leaderships were moved. */
  beginShutdown(broker: number, offset: number): void {
    this.known(broker).shutdownOffset ??= offset
  }

  /** The state that a heartbeat leads to. `registrationOffset`: where the registration stands in the log. */
  nextState(
    broker: number,
    { metadataOffset, wantFence, wantShutDown }: Heartbeat,
    registrationOffset: number,
    hasLeaderships: () => boolean,
  ): { readonly current: BrokerControlState; readonly next: BrokerControlState } {
    const { isFenced, shutdownOffset } = this.known(broker)
    if (shutdownOffset !== undefined) {
      const mayStop = !hasLeaderships() && shutdownOffset <= this.lowestActiveOffset()
      return { current: 'controlled shutdown', next: mayStop ? 'shutdown now' : 'controlled shutdown' }
    }
    if (isFenced) {
      if (wantShutDown) return { current: 'fenced', next: 'shutdown now' }
      const isCaughtUp = metadataOffset >= registrationOffset
      return { current: 'fenced', next: !wantFence && isCaughtUp ? 'unfenced' : 'fenced' }
    }
    if (!wantFence && !wantShutDown) return { current: 'unfenced', next: 'unfenced' }
    if (!wantShutDown) return { current: 'unfenced', next: 'fenced' }
    const next = !wantFence && hasLeaderships() ? 'controlled shutdown' : 'shutdown now'
    return { current: 'unfenced', next }
  }

  /** A broker whose session has ended, the one that was silent for the longest time. */
  staleBroker(): number | undefined {
    const oldest = this.oldest()
    return oldest && this.clock.monotonicMs() > this.expiryOf(oldest[1]) ? oldest[0] : undefined
  }

  /** When a session may end next (monotonic, ms); undefined if no broker is unfenced. */
  nextCheckMs(): number | undefined {
    const oldest = this.oldest()
    return oldest && this.expiryOf(oldest[1])
  }

  private oldest(): [number, Known] | undefined {
    let oldest: [number, Known] | undefined
    for (const each of this.brokers) {
      if (each[1].isFenced) continue
      if (!oldest || each[1].lastContactMs < oldest[1].lastContactMs) oldest = each
    }
    return oldest
  }

  private expiryOf({ lastContactMs }: Known): number {
    return lastContactMs + this.sessionTimeoutMs()
  }

  /** What every active broker has read (BROKER-HEARTBEATS-2). */
  private lowestActiveOffset(): number {
    const active = [...this.brokers.values()].filter(
      ({ isFenced, shutdownOffset }) => !isFenced && shutdownOffset === undefined,
    )
    return Math.min(...active.map(({ metadataOffset }) => metadataOffset))
  }

  private known(broker: number): Known {
    const known = this.brokers.get(broker)
    if (!known) throw new Error(`broker ${broker} is not registered`)
    return known
  }
}
