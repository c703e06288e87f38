/**
 * Features: capabilities that all brokers of a cluster must support before one of them uses it (KIP-584).
 *
 * Each broker registers the levels that it supports; the level in force ("finalized") is a record in the metadata log.
 * Clients use the finalized level: Java's producer uses transaction version 2 if `transaction.version` is 2, consumers may
 * join with the KIP-848 protocol if `group.version` is 1.
 *
 * Apache Kafka 4.3 also has features for share groups and Streams groups. They are not supported here, so they are not
 * listed here.
 */
export interface SupportedFeature {
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** The level in a new cluster; 0 means off, and is not written. */
  readonly initial: number
}

/** `metadata.version` of Apache Kafka 4.3 ("4.3-IV0"), and the oldest that its tools still know ("3.3-IV3"). */
export const METADATA_VERSION = { name: 'metadata.version', min: 7, max: 30 } as const

/** In alphabetical order, as Kafka's tools list them. */
export const SUPPORTED_FEATURES: readonly SupportedFeature[] = [
  { name: 'eligible.leader.replicas.version', minVersion: 0, maxVersion: 1, initial: 1 },
  { name: 'group.version', minVersion: 0, maxVersion: 1, initial: 1 },
  // Its level is stored in the control records of the quorum (quorum-voters.ts).
  { name: 'kraft.version', minVersion: 0, maxVersion: 1, initial: 0 },
  {
    name: METADATA_VERSION.name,
    minVersion: METADATA_VERSION.min,
    maxVersion: METADATA_VERSION.max,
    initial: METADATA_VERSION.max,
  },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2, initial: 2 },
]
