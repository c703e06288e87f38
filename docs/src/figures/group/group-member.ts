import type { Asked, SimClient } from '../../../../broker/src/sim/sim-client'
import type { Message } from '../../../../broker/src/wire/schema'
import type { Happening } from './group'

/**
 * A consumer in a group, as a client library has it inside: it answers for its share of the partitions, calls the
 * handler with records, and talks to the coordinator. Two kinds: ClassicMember and HeartbeatMember (KIP-848).
 */

export const GROUP = 'billing'
export const TOPIC = 'orders'
export const PARTITIONS = 4
/** session.timeout.ms of the Java client. */
export const SESSION_MS = 45_000
/** max.poll.interval.ms of the Java client; it is also the time that a rebalance waits for a member. */
export const POLL_INTERVAL_MS = 300_000
/** How long the handler works on what a poll has given. */
export const HANDLER_MS = 400

/** The clock and the ear of the story. */
export interface World {
  after(delayMs: number, happen: () => void): void
  now(): number
  tell(member: Member, happening: Happening, partitions?: readonly number[]): void
}

export abstract class Member {
  readonly name: string
  /** What it reads now, sorted. */
  owned: number[] = []
  /** The generation, or the member epoch; 0 before the first. */
  generation = 0
  /** It has sent JoinGroup or SyncGroup, and waits for the others. */
  isWaiting = false
  isGone = false
  busyUntilMs = 0
  protected readonly world: World
  protected readonly client: SimClient
  private pending: { asked: Asked<unknown>; take: (answer: unknown) => void } | undefined

  constructor(name: string, client: SimClient, world: World) {
    this.name = name
    this.client = client
    this.world = world
    this.poll()
  }

  /** Takes the answer of the coordinator if it has come. The story calls it after every event. */
  look(): void {
    const { pending } = this
    if (this.isGone || pending?.asked.answer === undefined) return
    this.pending = undefined
    pending.take(pending.asked.answer)
  }

  /** Its handler works on one record for so long; it does not poll meanwhile. */
  keepBusy(ms: number): void {
    this.busyUntilMs = this.world.now() + ms
    this.world.tell(this, 'is busy')
  }

  /** The process is gone, without a word. */
  crash(): void {
    this.world.tell(this, 'crashes', this.owned)
    this.end()
  }

  /** close(): the coordinator hears of it. */
  leave(): void {
    this.world.tell(this, 'leaves', this.owned)
    this.sayGoodbye()
    this.end(false)
  }

  protected abstract sayGoodbye(): void
  /** What the client does inside poll(), before it gives out records. */
  protected abstract onPoll(): void

  protected get isAsking(): boolean {
    return this.pending !== undefined
  }

  /** One request at a time. */
  protected ask<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: NoInfer<In>,
    take: (answer: Out) => void,
  ): void {
    const asked = this.client.send(request, response, version, body)
    this.pending = { asked, take: take as (answer: unknown) => void }
  }

  private end(isSilent = true): void {
    this.isGone = true
    this.owned = []
    if (isSilent) this.client.close()
  }

  private poll(): void {
    this.world.after(Math.max(HANDLER_MS, this.busyUntilMs - this.world.now()), () => {
      if (this.isGone) return
      if (this.busyUntilMs <= this.world.now()) this.onPoll()
      this.poll()
    })
  }
}

export function without(some: readonly number[], others: readonly number[]): number[] {
  return some.filter((partition) => !others.includes(partition))
}
