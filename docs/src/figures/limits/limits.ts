/**
 * What limits a partition's producer, and the broker behind it: four ceilings, of which the lowest counts. Arithmetic with round
 * numbers, no broker: it says which ceiling is the lowest, not how high it is on a machine of yours.
 */

export interface Load {
  valueBytes: number
  /** Records in a batch, and so in a request. */
  perBatch: number
  /** Requests that wait for an answer at the same time: max.in.flight.requests.per.connection. */
  inFlight: number
  /** There and back between the client and the broker, ms. */
  roundTripMs: number
  /** replication.factor; with acks=all. */
  copies: number
  /** How many groups read everything. */
  groups: number
}

export const LIMITS = ['answers', 'requests', 'network', 'disk'] as const
export type Limit = (typeof LIMITS)[number]

export interface Limited {
  /** Records a second, by limit. */
  ceilings: Record<Limit, number>
  lowest: Limit
  recordsPerS: number
  /** From the request to its answer, when nobody waits in line. */
  answerMs: number
  /** Of the leader, megabytes a second. */
  inMBs: number
  outMBs: number
}

/** Assumptions, which the page names. */
export const NETWORK_MBS = 125
export const DISK_MBS = 300
export const REQUESTS_PER_S = 10_000
const BROKER_MS = 0.2
/** A follower's fetch, there and back, within the data centre. */
const COPY_MS = 0.5
const BATCH_BYTES = 61
const REQUEST_BYTES = 100
const RECORD_BYTES = 8

/** The ceilings of a load, in records a second. */
export function limitsOf({ valueBytes, perBatch, inFlight, roundTripMs, copies, groups }: Load): Limited {
  const recordBytes = valueBytes + RECORD_BYTES + (BATCH_BYTES + REQUEST_BYTES) / perBatch
  const answerMs = roundTripMs + BROKER_MS + (copies > 1 ? COPY_MS : 0)
  // In comes each record once; out go the copies for followers, and one for each group.
  const out = copies - 1 + groups
  const perS = (megabytes: number) => (megabytes * 1e6) / recordBytes
  const ceilings = {
    answers: (inFlight * perBatch * 1000) / answerMs,
    requests: REQUESTS_PER_S * perBatch,
    network: perS(NETWORK_MBS) / Math.max(1, out),
    disk: perS(DISK_MBS),
  }
  const lowest = LIMITS.reduce((least, each) => (ceilings[each] < ceilings[least] ? each : least))
  const recordsPerS = ceilings[lowest]
  const inMBs = (recordsPerS * recordBytes) / 1e6
  return { ceilings, lowest, recordsPerS, answerMs, inMBs, outMBs: inMBs * out }
}
