import data from '@generated/kafka-data/default/bench.json'

/** The report that broker/bench/report.ts writes, as far as the site shows it. */
export interface BenchReport {
  date: string
  command: string
  rough?: boolean
  rounds: number
  machine: { cores: number; model: string; memoryGb: number }
  versions: { kafka: string; java: string; node: string; offsetZero: string }
  ways?: { fetch: 'sendfile' | 'buffers' }
  rows: BenchRow[]
}

export interface BenchRow {
  group: string
  what: string
  unit: string
  better: 'more' | 'less'
  target: number
  median: { 'offset-zero': number | null; kafka: number | null }
  ratio: number | null
  met: boolean | null
  /** The medians say the opposite of the ratio. */
  contradicted?: boolean
}

export const bench = data as BenchReport | null

/** How many times better than Kafka, whether more or less is good: 2 is twice as good, 0.5 half as good. */
export function advantage({ better, ratio }: BenchRow): number | undefined {
  if (ratio === null || ratio === undefined || ratio <= 0) return undefined
  return better === 'more' ? ratio : 1 / ratio
}

/** The project's own target on the same scale. */
export function wanted({ better, target }: BenchRow): number {
  return better === 'more' ? target : 1 / target
}

/** The rows, group by group, in the order of the report. */
export function byGroup(rows: readonly BenchRow[]): [group: string, rows: BenchRow[]][] {
  const groups = new Map<string, BenchRow[]>()
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row])
  return [...groups]
}
