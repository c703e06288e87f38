/**
 * A partition of `__transaction_state` that this broker leads: its transactional ids, and the markers that are being written.
 *
 * The state of an id changes when its record is committed, not when it is appended as the state of a group does: one
 * transition at a time is pending, and other requests get CONCURRENT_TRANSACTIONS meanwhile (transaction-state.ts). So a
 * record that is appended and lost has changed nothing.
 *
 * TRANSACTION-SHARD-1  after the shard is unloaded no marker is written and nothing is retried
 *
 * (TransactionStateManager.TxnMetadataCacheEntry)
 */
import type { CoordinatorHost, ReplayedEntry } from '../coordinator-host.ts'
import type { CoordinatorContext, CoordinatorShard } from '../runtime/coordinator-context.ts'
import { entriesReader } from './transaction-log.ts'
import type { Marking } from './transaction-markers.ts'
import type { Entry } from './transaction-state.ts'

export class TransactionShard implements CoordinatorShard {
  readonly context: CoordinatorContext
  /** By transactional id. */
  readonly entries = new Map<string, Entry>()
  /** The markers that are being written, by the entry of their transaction. */
  readonly markings = new Map<Entry, Marking>()
  readonly replay: (entry: ReplayedEntry) => void
  private readonly loaded: (shard: TransactionShard) => void

  constructor(options: {
    host: CoordinatorHost
    context: CoordinatorContext
    /** Called when the partition was read. */
    loaded: (shard: TransactionShard) => void
  }) {
    this.context = options.context
    this.replay = entriesReader(this.entries, options.host.core.clock)
    this.loaded = options.loaded
  }

  onLoaded(): void {
    this.loaded(this)
  }

  onUnloaded(): void {
    for (const marking of this.markings.values()) marking.cancel()
    this.markings.clear()
  }
}
