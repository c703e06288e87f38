/**
 * The report of a bench: medians and ratios, as JSON for the site and as a table for people.
 *
 * A ratio does not depend on the machine's speed, and hardly on its other load: this is why the brokers are measured
 * alternately. `ratio` is ours divided by Kafka's; for throughput more is better, for times and memory less.
 *
 * A machine's speed changes during a run. So the two figures of a round, measured within seconds of each other, are
 * compared with each other; the ratio of a row is the median of its rounds' ratios.
 *
 * BENCH-REPORT-1  a row keeps all of its runs, and the table shows the lowest and the highest ratio of a round
 * BENCH-REPORT-2  the ratio of a row decides whether its target is met
 * BENCH-REPORT-3  if the two medians of a row contradict its ratio, the report says so, and explains it
 */
import type { BrokerName } from './brokers.ts'

export interface Row {
  readonly group: string
  readonly what: string
  readonly unit: string
  /** Which direction is better. */
  readonly better: 'more' | 'less'
  /** The project's target for the ratio: at least (more) or at most (less). */
  readonly target: number
  readonly runs: Record<BrokerName, number[]>
}

export interface Report {
  readonly command: string
  readonly date: string
  readonly machine: {
    cores: number
    model: string
    memoryGb: number
    loadBefore: number[]
    loadAfter: number[]
  }
  /** `offsetZero`: the commit, with `-dirty` if the working tree had changes. */
  readonly versions: { kafka: string; java: string; node: string; offsetZero: string }
  /** Which of the optional fast paths the broker used. */
  readonly ways: { fetch: 'sendfile' | 'buffers'; checksum: 'processor' | 'tables' }
  readonly settings: string
  readonly rounds: number
  readonly rows: Row[]
}

/** The median; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Ours divided by Kafka's, for each round; empty if a tool rounded one of Kafka's values to zero. */
function ratios({ runs }: Row): number[] {
  if (runs.kafka.includes(0)) return []
  return runs['offset-zero'].map((value, round) => value / runs.kafka[round]!)
}

/** The median of the rounds' ratios; undefined if a tool rounded Kafka's value to zero. */
export function ratio(row: Row): number | undefined {
  const all = ratios(row)
  return all.length === 0 ? undefined : median(all)
}

export function meets(row: Row): boolean | undefined {
  const value = ratio(row)
  if (value === undefined) return undefined
  return row.better === 'more' ? value >= row.target : value <= row.target
}

/**
 * Whether the medians, which come from different rounds, contradict the ratio, which compares figures of the same round
 * (BENCH-REPORT-3).
 */
export function isContradicted(row: Row): boolean {
  const value = ratio(row)
  if (value === undefined) return false
  const ofMedians = median(row.runs['offset-zero']) / median(row.runs.kafka)
  return (ofMedians - 1) * (value - 1) < 0
}

/** The report for the site: rows with computed medians and ratios. */
export function toJson(report: Report): string {
  const rows = report.rows.map((row) => ({
    ...row,
    runs: { 'offset-zero': row.runs['offset-zero'].map(rounded), kafka: row.runs.kafka.map(rounded) },
    median: {
      'offset-zero': rounded(median(row.runs['offset-zero'])),
      kafka: rounded(median(row.runs.kafka)),
    },
    ratio: rounded(ratio(row)),
    ratios: ratios(row).map(rounded),
    met: meets(row) ?? null,
    contradicted: isContradicted(row),
  }))
  const text = JSON.stringify({ ...report, rough: isRough(report), rows }, null, 2)
  // Arrays of numbers on one line, as Biome formats them.
  return `${text.replace(/\[[-\d.,\s]+\]/g, (list) => list.replace(/\s+/g, ' ').replace(/(?<=\[) | (?=\])/g, ''))}\n`
}

/** Fewer than three rounds, or a busy machine: the figures may be affected by other load. */
export function isRough({ machine, rounds }: Report): boolean {
  return rounds < 3 || isBusy(machine.loadBefore[0]!, machine.cores)
}

/** Whether the machine is too busy for a bench, by its load average of the last minute. */
export function isBusy(load: number, cores: number): boolean {
  return load > cores / 4
}

/** The report for people, in Markdown. */
export function toMarkdown(report: Report): string {
  const { machine, versions, ways } = report
  const load = (values: number[]) => values.map((value) => value.toFixed(1)).join(' ')
  const lines = [
    `# Offset Zero beside Apache Kafka`,
    '',
    `- Command: \`${report.command}\`, ${report.date}`,
    `- Machine: ${machine.cores} cores (${machine.model}), ${machine.memoryGb} GB; load before ${load(machine.loadBefore)}, after ${load(machine.loadAfter)}`,
    `- Kafka ${versions.kafka} on Java ${versions.java}; Offset Zero ${versions.offsetZero} on Node ${versions.node}`,
    `- Ours: Fetch is answered ${ways.fetch === 'sendfile' ? 'by sendfile (koffi)' : 'through buffers'}, checksums come from ${ways.checksum === 'processor' ? 'the processor’s instruction (@node-rs/crc32)' : 'tables'}`,
    `- ${report.settings}`,
    '- The brokers take turns. A figure is the median of its rounds; a ratio is ours divided by Kafka’s, the median of the rounds’ ratios, with the lowest and the highest of them behind it.',
    ...(isRough(report)
      ? ['- **Tendencies only**: less than three rounds, or the machine was at work before the first.']
      : []),
    '',
    '| | what | Offset Zero | Kafka | ratio | of the rounds | wanted | |',
    '|---|---|--:|--:|--:|--:|--:|---|',
    ...report.rows.map(markdownRow),
    ...(report.rows.some(isContradicted)
      ? [
          '',
          '\\* The medians say the opposite of the ratio: they come from different rounds, and the machine was not equally fast in all of them. The ratio compares figures of the same round.',
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

function markdownRow(row: Row): string {
  const value = ratio(row)
  const met = meets(row)
  const all = ratios(row)
  const cells = [
    row.group,
    row.what,
    `${show(median(row.runs['offset-zero']))} ${row.unit}`,
    `${show(median(row.runs.kafka))} ${row.unit}`,
    value === undefined ? '–' : `${value.toFixed(2)}${isContradicted(row) ? ' \\*' : ''}`,
    all.length < 2 ? '' : `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`,
    `${row.better === 'more' ? '≥' : '≤'} ${row.target.toFixed(2)}`,
    met === undefined ? '–' : met ? 'yes' : 'no',
  ]
  return `| ${cells.join(' | ')} |`
}

function show(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value >= 10 ? 1 : 2)
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(4))
}
