/** Lab 13, right: columns are cut where their names stand, and only what differs is set. */
import type { Agreement, Place, Rewind, Stuck } from '../starter.ts'

const command = (tool: string, options: Record<string, string | number | true>) =>
  [
    tool,
    ...Object.entries(options).map(([name, value]) =>
      value === true ? `--${name}` : `--${name} '${value}'`,
    ),
  ].join(' ')

export function topicAsAgreed({ topic, partitions, retentionMs, policy, existing }: Agreement): string[] {
  const wanted: Record<string, string> = { 'retention.ms': String(retentionMs), 'cleanup.policy': policy }
  const lines: string[] = []
  if (existing === null)
    lines.push(command('kafka-topics', { create: true, 'if-not-exists': true, topic, partitions }))
  else if (partitions > existing.partitions)
    lines.push(command('kafka-topics', { alter: true, topic, partitions }))
  const changes = Object.entries(wanted)
    .filter(([name, value]) => existing?.configs[name] !== value)
    .map(([name, value]) => (value.includes(',') ? `${name}=[${value}]` : `${name}=${value}`))
  if (changes.length > 0)
    lines.push(
      command('kafka-configs', {
        'entity-type': 'topics',
        'entity-name': topic,
        alter: true,
        'add-config': changes.join(','),
      }),
    )
  return lines
}

export function look({ topic, partition, offset, count }: Place): string {
  const options = { topic, partition, offset, 'max-messages': count, 'timeout-ms': 1000 }
  const shown = ['partition', 'offset', 'key', 'value'].map(
    (each) => `--formatter-property print.${each}=true`,
  )
  return `${command('kafka-console-consumer', options)} ${shown.join(' ')}`
}

export function rewind({ group, topic, partitions, time }: Rewind): string[] {
  const numbers = [...partitions].sort((a, b) => a - b).join(',')
  return [
    command('kafka-consumer-groups', {
      'reset-offsets': true,
      execute: true,
      group,
      topic: `${topic}:${numbers}`,
      'to-datetime': new Date(time).toISOString().slice(0, -1),
    }),
  ]
}

class Table {
  readonly rows: Record<string, string>[]
  constructor(output: string) {
    const [head = '', ...lines] = output.split('\n').filter((line) => line.trim() !== '')
    const names = head.split(/ +/).filter((name) => name !== '')
    const starts = names.map(
      (name) => head.search(new RegExp(`(^| )${name}( |$)`)) + (name === names[0] ? 0 : 1),
    )
    this.rows = lines.map((line) =>
      Object.fromEntries(names.map((name, i) => [name, line.slice(starts[i], starts[i + 1]).trim()])),
    )
  }
  find(topic: unknown, partition: unknown) {
    return this.rows.find((row) => row.TOPIC === topic && row.PARTITION === partition)
  }
  static hasWork(row: Record<string, string>): boolean {
    const lag = row.LAG === '-' ? row['LOG-END-OFFSET'] : row.LAG
    return lag !== '0'
  }
}

export function stuck(before: string, after: string): Stuck[] {
  const [was, is] = [new Table(before), new Table(after)]
  const found: Stuck[] = []
  for (const row of is.rows) {
    if (!Table.hasWork(row)) continue
    const [topic = '', partition] = [row.TOPIC, Number(row.PARTITION)]
    const earlier = was.find(row.TOPIC, row.PARTITION)
    const hasStood = earlier && Table.hasWork(earlier) && earlier['CURRENT-OFFSET'] === row['CURRENT-OFFSET']
    if (row['CONSUMER-ID'] === '-') found.push({ topic, partition, why: 'nobody' })
    else if (hasStood) found.push({ topic, partition, why: 'stands still' })
  }
  found.sort((a, b) => a.partition - b.partition)
  return found.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0))
}
