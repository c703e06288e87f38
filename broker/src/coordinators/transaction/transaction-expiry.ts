/**
 * Timeouts of transactions, and expiration of transactional ids.
 *
 *   every 10 s   Ongoing for longer than the timeout of the producer    abort, and fence the producer
 *                (transaction.abort.timed.out.transaction.cleanup.interval.ms)
 *   every hour   Empty or Complete*, not used for a week                write a tombstone, then remove the id
 *                (transaction.remove.expired.transaction.cleanup.interval.ms, transactional.id.expiration.ms)
 *
 * Without the timeout, a crashed producer would block all read_committed consumers of its partitions forever. Without the
 * expiration, ids that are never used again, for example ids with a random part, would fill the memory. A producer with an
 * expired id gets INVALID_PRODUCER_ID_MAPPING and starts again with InitProducerId.
 *
 * TRANSACTION-EXPIRY-1  an id does not expire while its transaction is open, or prepared and not all markers are written
 * TRANSACTION-EXPIRY-2  an id is removed once its tombstone is committed; it cannot be used in between
 * TRANSACTION-EXPIRY-3  a transaction's age is elapsed time: setting the clock of the machine neither aborts it nor keeps
 *     it open (Kafka uses the wall clock, where both can happen)
 *
 * (TransactionStateManager: timedOutTransactions, removeExpiredTransactionalIds)
 */
import type { Core, Timer, Timers } from '../../core.ts'
import { settledNow } from '../../settled-time.ts'
import type { Entry } from './transaction-state.ts'

/** Whether the transaction is open for longer than its timeout (TRANSACTION-EXPIRY-3). */
export function isTimedOut({ state, pending, openedMs }: Entry, monotonicMs: number): boolean {
  return state.name === 'Ongoing' && !pending && monotonicMs - openedMs >= state.timeoutMs
}

/** Whether the id was not used for `expirationMs` (TRANSACTION-EXPIRY-1). `nowMs`: settled time. */
export function isExpired({ state, pending }: Entry, nowMs: number, expirationMs: number): boolean {
  const idle = state.name === 'Empty' || state.name === 'CompleteCommit' || state.name === 'CompleteAbort'
  return idle && !pending && state.lastUpdateMs + expirationMs <= nowMs
}

export interface ExpiryConfig {
  /** transaction.abort.timed.out.transaction.cleanup.interval.ms */
  readonly abortTimedOutIntervalMs: number
  /** transaction.remove.expired.transaction.cleanup.interval.ms */
  readonly removeExpiredIntervalMs: number
  /** The current transactional.id.expiration.ms. */
  expirationMs(): number
}

/** The part of the coordinator that the timers use. */
export interface Expiring {
  readonly core: Core
  readonly config: ExpiryConfig
  /** All entries in memory. */
  entries(): Entry[]
  abort(entry: Entry): void
  removeExpired(entry: Entry): void
}

/** Starts both checks; they run until the returned timer is cancelled. */
export function startTimers({ core, config, entries, abort, removeExpired }: Expiring): Timer {
  const { clock, timers } = core
  const aborting = every(timers, config.abortTimedOutIntervalMs, () => {
    for (const entry of entries().filter((each) => isTimedOut(each, clock.monotonicMs()))) {
      const { transactionalId } = entry.state
      core.log('info', 'a transaction has exceeded its timeout and is aborted', { transactionalId })
      abort(entry)
    }
  })
  const forgetting = every(timers, config.removeExpiredIntervalMs, () => {
    const expirationMs = config.expirationMs()
    for (const entry of entries().filter((each) => isExpired(each, settledNow(clock), expirationMs)))
      removeExpired(entry)
  })
  return {
    cancel: () => {
      aborting.cancel()
      forgetting.cancel()
    },
  }
}

/** Calls `work` every `intervalMs`, until cancelled. */
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
