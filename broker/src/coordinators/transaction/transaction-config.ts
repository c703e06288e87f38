/**
 * The settings of transactions, from the broker's configuration (TransactionStateManagerConfig, AddPartitionsToTxnConfig).
 *
 * The coordinator takes plain values and not the broker's configuration, so that a test can change one in a line.
 */
import type { BrokerConfig } from '../../config/broker-config.ts'
import type { ExpiryConfig } from './transaction-expiry.ts'

/** The settings of the transaction coordinator. */
export interface TransactionConfig extends ExpiryConfig {
  /** transaction.max.timeout.ms */
  readonly timeoutMsMax: number
  /** The finalized level of the feature transaction.version: with 2 every transaction bumps the epoch (KIP-890). */
  transactionVersion(): number
}

/** How long a Produce waits for the end of the previous transaction of its producer. */
export interface AddPartitionsConfig {
  /** add.partitions.to.txn.retry.backoff.ms */
  readonly retryMs: number
  /** add.partitions.to.txn.retry.backoff.max.ms: no retry begins later. */
  readonly retryMsMax: number
}

/** `features`: the finalized levels at the moment. */
export function transactionConfigOf(
  config: BrokerConfig,
  features: () => ReadonlyMap<string, number>,
): TransactionConfig {
  return {
    timeoutMsMax: config.get('transaction.max.timeout.ms'),
    abortTimedOutIntervalMs: config.get('transaction.abort.timed.out.transaction.cleanup.interval.ms'),
    removeExpiredIntervalMs: config.get('transaction.remove.expired.transaction.cleanup.interval.ms'),
    expirationMs: () => config.get('transactional.id.expiration.ms'),
    transactionVersion: () => features().get('transaction.version') ?? 0,
  }
}

export function addPartitionsConfigOf(config: BrokerConfig): AddPartitionsConfig {
  const maxMs = config.get('add.partitions.to.txn.retry.backoff.max.ms')
  return {
    retryMs: config.get('add.partitions.to.txn.retry.backoff.ms'),
    retryMsMax: Math.min(maxMs, config.get('request.timeout.ms')),
  }
}
