/**
 * What is measured, and how much of it: the whole bench, and a quick one for a glance.
 *
 * A round is one pass over all loads, each on one broker and at once on the other; who is first changes from round
 * to round, so that a machine that gets slower or faster in the meantime favours neither: each is first in half of them.
 */

/** Record sizes in bytes, and how many records of each are a load: enough for some seconds. */
const RECORDS: Readonly<Record<number, number>> = { 100: 2_000_000, 1024: 400_000, 10240: 50_000 }

export interface ProduceCase {
  readonly recordBytes: number
  readonly acks: '1' | 'all'
  readonly partitions: number
  readonly records: number
  /** Is what was produced read as well? */
  readonly consumed: boolean
}

export interface Plan {
  readonly rounds: number
  readonly starts: number
  readonly produces: readonly ProduceCase[]
  /** Loads that are produced and consumed at the same time. */
  readonly together: readonly ProduceCase[]
  /** How many connections lie idle beside a record's way from end to end; and how many ask at the same time. */
  readonly connections: readonly number[]
  readonly endToEndRecords: number
  /** Requests of all clients together. */
  readonly requests: number
  /** How many of them a second, when they come at a pace. */
  readonly requestsPerS: number
  /** 0: left out. */
  readonly manyPartitions: number
}

const SIZES = Object.keys(RECORDS).map(Number)

/** About 40 minutes. */
export const FULL: Plan = {
  rounds: 4,
  starts: 3,
  produces: [
    ...SIZES.flatMap((size) => [1, 12].flatMap((partitions) => both(size, partitions, 1))),
    { recordBytes: 1024, acks: '1', partitions: 1000, records: RECORDS[1024]!, consumed: false },
  ],
  together: SIZES.map((size) => both(size, 12, 1)[1]!),
  connections: [1, 100, 1000],
  // Enough for the tool's own start to lie beyond the percentile.
  endToEndRecords: 20_000,
  requests: 20_000,
  requestsPerS: 4000,
  manyPartitions: 10_000,
}

/** About two minutes: one round. */
export const QUICK: Plan = {
  rounds: 1,
  starts: 1,
  produces: SIZES.map((size) => ({ ...both(size, 1, 0.2)[0]!, acks: 'all', consumed: true })),
  together: [both(1024, 12, 0.2)[1]!],
  connections: [1, 1000],
  endToEndRecords: 2000,
  requests: 5000,
  requestsPerS: 4000,
  manyPartitions: 0,
}

/** Both acks of a size; what acks=all wrote is then read. */
function both(recordBytes: number, partitions: number, share: number): ProduceCase[] {
  const records = Math.round(RECORDS[recordBytes]! * share)
  return (['1', 'all'] as const).map((acks) => {
    return { recordBytes, acks, partitions, records, consumed: acks === 'all' }
  })
}

/** 1024 as people say it: '1 KB'. */
export function sizeName(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KB`
}
