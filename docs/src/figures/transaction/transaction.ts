/** What the figure of a transaction and its worker have in common. */

/**
 * `write`: the transactional producer sends a record; `plain`: another producer sends one. `restart`: a second instance starts
 * with the same transactional id; `zombie`: the first one, which knows nothing of it, tries to commit.
 */
export type TransactionAction = 'write' | 'commit' | 'abort' | 'plain' | 'restart' | 'zombie'

export interface TransactionCell {
  offset: number
  /** A marker is a record of the broker's, which no application gets. */
  kind: 'open' | 'committed' | 'aborted' | 'plain' | 'commit marker' | 'abort marker'
}

export interface TransactionView {
  cells: TransactionCell[]
  /** The end, up to which read_uncommitted reads, and the last stable offset, up to which read_committed does. */
  end: number
  lastStableOffset: number
  /** Offsets of the records that a reader gets. */
  uncommitted: number[]
  committed: number[]
  /** The producer has a transaction that is open. */
  isOpen: boolean
  /** A second instance has started, and the first one has not noticed. */
  hasZombie: boolean
  last: TransactionAction | null
  /** Kafka's name of the error that the last action got, or null. */
  error: string | null
}
