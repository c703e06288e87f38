/**
 * What an entry of the ledger says: one known difference between our broker and Apache Kafka, with its reason.
 * The ledger is data, which the site shows in both languages. An entry that no longer occurs fails the comparison
 * (DIFFERENCES-2).
 */

/** Why it differs, in the two languages of the site. */
export interface Reason {
  readonly en: string
  readonly ru: string
}

export interface LedgerEntry {
  /** The scenario's name; `*` stands for anything, here and in `field`. */
  readonly scenario: string
  /** The path of the field: `2 Fetch v12: .responses[0].errorCode`; the number is the call's place in the story. */
  readonly field: string
  /** What the two say there. An entry without both of them explains any values of the field. */
  readonly ours?: unknown
  readonly kafka?: unknown
  readonly reason: Reason
  /** The Apache Kafka that was seen to do so. */
  readonly kafkaVersion: string
}

/** The Apache Kafka that the entries were written beside. */
export const KAFKA_VERSION = '4.3.1'
