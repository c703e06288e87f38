/**
 * What is measured, and how much of it: the full bench, and a quick one.
 *
 * A round is one pass over all loads, each on one broker and then on the other. The order changes from round to round, so
 * that a change in the machine's speed favours neither: each broker is first in half of the rounds.
 */

/**
 * Record sizes in bytes, and the number of records of a load: enough for four seconds or more. Loads of 1.6 s (400,000
 * records of 1 KB) gave ratios from 0.8 to 1.2 for one case, and the broker that came second in a round was the slower one.
 */
const RECORDS: Readonly<Record<number, number>> = { 100: 5_000_000, 1024: 1_000_000, 10240: 120_000 }

export interface ProduceCase {
  readonly recordBytes: number
  readonly acks: '1' | 'all'
  readonly partitions: number
  readonly records: number
  /** Whether the produced records are consumed as well. */
  readonly consumed: boolean
}

export interface Plan {
  readonly rounds: number
  readonly starts: number
  readonly produces: readonly ProduceCase[]
  /** Loads that are produced and consumed at the same time. */
  readonly together: readonly ProduceCase[]
  /** Numbers of connections: idle ones beside the end-to-end measurement, and active ones. */
  readonly connections: readonly number[]
  readonly endToEndRecords: number
  /** Requests of all clients in total. */
  readonly requests: number
  /** Requests per second, when they are sent at a fixed rate. */
  readonly requestsPerS: number
  /** 0: not measured. */
  readonly manyPartitions: number
}

const SIZES = Object.keys(RECORDS).map(Number)

/** About 35 minutes. */
export const FULL: Plan = {
  rounds: 4,
  starts: 3,
  produces: [
    ...SIZES.flatMap((size) => [1, 12].flatMap((partitions) => both(size, partitions, 1))),
    { recordBytes: 1024, acks: '1', partitions: 1000, records: RECORDS[1024]!, consumed: false },
  ],
  together: SIZES.map((size) => both(size, 12, 1)[1]!),
  connections: [1, 100, 1000],
  // Enough that the start-up of the tool itself does not affect the percentile.
  endToEndRecords: 20_000,
  requests: 20_000,
  requestsPerS: 4000,
  manyPartitions: 10_000,
}

/** About two minutes: one round. */
export const QUICK: Plan = {
  rounds: 1,
  starts: 1,
  produces: SIZES.map((size) => ({ ...both(size, 1, 0.1)[0]!, acks: 'all', consumed: true })),
  together: [both(1024, 12, 0.1)[1]!],
  connections: [1, 1000],
  endToEndRecords: 2000,
  requests: 5000,
  requestsPerS: 4000,
  manyPartitions: 0,
}

/** A size with both acks; the records of acks=all are then consumed. */
function both(recordBytes: number, partitions: number, share: number): ProduceCase[] {
  const records = Math.round(RECORDS[recordBytes]! * share)
  return (['1', 'all'] as const).map((acks) => {
    return { recordBytes, acks, partitions, records, consumed: acks === 'all' }
  })
}

/** 1024 in its usual form: '1 KB'. */
export function sizeName(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KB`
}
