/** The tables of kafka-consumer-groups. */

export interface PrintedRow {
  readonly group: string
  readonly topic: string
  readonly partition: number
  /** Undefined: nothing is committed. Offsets above 2^53 are given as bigint. */
  readonly committed: number | bigint | undefined
  readonly end: number | bigint
  /** The member that has the partition; left out: none has. */
  readonly member?: { readonly memberId: string; readonly host: string; readonly clientId: string }
}

export interface PlannedOffset {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const NONE = '-'
const WIDTH = 15

/** Of --describe: a line of names, then one for each partition. */
export function groupTable(rows: readonly PrintedRow[]): string[] {
  const head = [
    'GROUP',
    'TOPIC',
    'PARTITION',
    'CURRENT-OFFSET',
    'LOG-END-OFFSET',
    'LAG',
    'CONSUMER-ID',
    'HOST',
    'CLIENT-ID',
  ]
  const cells = rows.map(({ group, topic, partition, committed, end, member }) => [
    group,
    topic,
    `${partition}`,
    committed === undefined ? NONE : `${committed}`,
    `${end}`,
    committed === undefined ? NONE : `${BigInt(end) - BigInt(committed)}`,
    member?.memberId ?? NONE,
    member?.host ?? NONE,
    member?.clientId ?? NONE,
  ])
  return aligned([head, ...cells], [WIDTH, WIDTH, 10, WIDTH, WIDTH, WIDTH, WIDTH, WIDTH, 0])
}

/** Of --reset-offsets. */
export function resetTable(plan: readonly PlannedOffset[]): string[] {
  const head = ['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET']
  const cells = plan.map(({ group, topic, partition, offset }) => [group, topic, `${partition}`, `${offset}`])
  return aligned([head, ...cells], [WIDTH, WIDTH, 10, 0])
}

/** Columns of at least these widths. */
function aligned(rows: readonly string[][], least: readonly number[]): string[] {
  const widths = least.map((width, column) => Math.max(width, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(least[column] === 0 ? 0 : (widths[column] ?? 0))).join(' '),
  )
}
