/**
 * What time does to transactions: the open ones are aborted, the forgotten ids are forgotten.
 *
 *   every 10 s   Ongoing for longer than the producer's own timeout     aborted, and the producer fenced
 *                (transaction.abort.timed.out.transaction.cleanup.interval.ms)
 *   every hour   Empty or Complete*, not touched for a week             a tombstone in the log, then gone
 *                (transaction.remove.expired.transaction.cleanup.interval.ms, transactional.id.expiration.ms)
 *
 * Without the first a producer that died would hold back every reader of committed records for ever. Without the
 * second ids of producers that will never come back, such as those with a random part, would fill the memory. Who comes
 * back after all is told INVALID_PRODUCER_ID_MAPPING, and begins with InitProducerId.
 *
 * TRANSACTION-EXPIRY-1  an id whose transaction is open, or decided and not yet marked everywhere, is not forgotten
 * TRANSACTION-EXPIRY-2  an id is forgotten when the log has its tombstone, and nobody can use it in between
 * TRANSACTION-EXPIRY-3  a transaction's age is the time that has passed: setting the machine's clock neither aborts it
 *     nor keeps it open (Kafka takes the wall clock, and does both)
 *
 * (TransactionStateManager: timedOutTransactions, removeExpiredTransactionalIds)
 */
import type { Core, Timer, Timers } from '../../core.ts'
import { settledNow } from '../../settled-time.ts'
import type { Entry } from './transaction-state.ts'

/** Is the transaction open for longer than its producer has asked for (TRANSACTION-EXPIRY-3)? */
export function isTimedOut({ state, pending, openedMs }: Entry, monotonicMs: number): boolean {
  return state.name === 'Ongoing' && !pending && monotonicMs - openedMs >= state.timeoutMs
}

/** Has nobody used the id for so long (TRANSACTION-EXPIRY-1)? `nowMs`: settled time. */
export function isForgotten({ state, pending }: Entry, nowMs: number, expirationMs: number): boolean {
  const idle = state.name === 'Empty' || state.name === 'CompleteCommit' || state.name === 'CompleteAbort'
  return idle && !pending && state.lastUpdateMs + expirationMs <= nowMs
}

export interface ExpiryConfig {
  /** transaction.abort.timed.out.transaction.cleanup.interval.ms */
  readonly abortTimedOutIntervalMs: number
  /** transaction.remove.expired.transaction.cleanup.interval.ms */
  readonly removeExpiredIntervalMs: number
  /** transactional.id.expiration.ms, as it is now. */
  expirationMs(): number
}

/** A coordinator, as far as time is concerned. */
export interface Expiring {
  readonly core: Core
  readonly config: ExpiryConfig
  /** All that it has in memory. */
  entries(): Entry[]
  abort(entry: Entry): void
  forget(entry: Entry): void
}

/** Begins to look after the two of them, until cancelled. */
export function startTimers({ core, config, entries, abort, forget }: Expiring): Timer {
  const { clock, timers } = core
  const aborting = every(timers, config.abortTimedOutIntervalMs, () => {
    for (const entry of entries().filter((each) => isTimedOut(each, clock.monotonicMs()))) {
      const { transactionalId } = entry.state
      core.log('info', 'aborting a transaction whose time is up', { transactionalId })
      abort(entry)
    }
  })
  const forgetting = every(timers, config.removeExpiredIntervalMs, () => {
    const expirationMs = config.expirationMs()
    for (const entry of entries().filter((each) => isForgotten(each, settledNow(clock), expirationMs)))
      forget(entry)
  })
  return {
    cancel: () => {
      aborting.cancel()
      forgetting.cancel()
    },
  }
}

/** Calls `work` every so many ms, until it is cancelled. */
function every(timers: Timers, intervalMs: number, work: () => void): Timer {
  let timer: Timer
  const next = (): void => {
    const fire = (): void => {
      next()
      work()
    }
    timer = timers.set(intervalMs, fire, 'expiry of transactions')
  }
  next()
  return { cancel: () => timer.cancel() }
}
