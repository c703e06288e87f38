/**
 * An entry of the ledger: one known difference between our broker and Apache Kafka, with its reason. The ledger is data,
 * which the site shows in both languages. An entry that no longer occurs fails the comparison (DIFFERENCES-2).
 */

/** The reason for the difference, in the two languages of the site. */
export interface Reason {
  readonly en: string
  readonly ru: string
}

export interface LedgerEntry {
  /** The scenario's name; `*` matches anything, here and in `field`. */
  readonly scenario: string
  /** The path of the field: `2 Fetch v12: .responses[0].errorCode`; the number is the position of the call in the scenario. */
  readonly field: string
  /** The two values. An entry without them explains all values of the field. */
  readonly ours?: unknown
  readonly kafka?: unknown
  readonly reason: Reason
  /** The version of Apache Kafka in which this was observed. */
  readonly kafkaVersion: string
}

/** The version of Apache Kafka that the entries were checked with. */
export const KAFKA_VERSION = '4.3.1'
