/**
 * Features: what all brokers of a cluster must understand before one of them uses it (KIP-584).
 *
 * Each broker says which levels it supports; the level that is in force ("finalized") is a record in the metadata
 * log. Clients act on the finalized one: Java's producer takes the second transaction protocol with
 * `transaction.version` 2, consumers may join by KIP-848 with `group.version` 1.
 *
 * Share groups and Streams groups have features of their own in Apache Kafka 4.3. They are not served here, so
 * they are not named here.
 */
export interface SupportedFeature {
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** The level that a new cluster begins with; 0 is off, and is not written. */
  readonly initial: number
}

/** `metadata.version` of Apache Kafka 4.3 ("4.3-IV0"), and the oldest that its tools still name ("3.3-IV3"). */
export const METADATA_VERSION = { name: 'metadata.version', min: 7, max: 30 } as const

/** In alphabetical order, as Kafka's tools list them. */
export const SUPPORTED_FEATURES: readonly SupportedFeature[] = [
  { name: 'eligible.leader.replicas.version', minVersion: 0, maxVersion: 1, initial: 1 },
  { name: 'group.version', minVersion: 0, maxVersion: 1, initial: 1 },
  // Its level stands in the quorum's own records (quorum-voters.ts).
  { name: 'kraft.version', minVersion: 0, maxVersion: 1, initial: 0 },
  {
    name: METADATA_VERSION.name,
    minVersion: METADATA_VERSION.min,
    maxVersion: METADATA_VERSION.max,
    initial: METADATA_VERSION.max,
  },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2, initial: 2 },
]
