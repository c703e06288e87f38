/** Lab 13, wrong: the tool is given local time. */

import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'the-clock-on-the-wall',
  belief: {
    en: 'The tool takes local time; ours is three hours ahead of UTC.',
    ru: 'Утилита понимает местное время; у нас это UTC+3.',
  },
  fails: ['rewind-time'],
  breaks: ['rewind-time'],
  explains: 'zone',
}

export interface Agreement {
  topic: string
  partitions: number
  retentionMs: number
  policy: string
  existing: { partitions: number; configs: Record<string, string> } | null
}
export interface Place {
  topic: string
  partition: number
  offset: number
  count: number
}
export interface Rewind {
  group: string
  topic: string
  partitions: number[]
  time: number
}
export interface Stuck {
  topic: string
  partition: number
  why: 'nobody' | 'stands still'
}

export function topicAsAgreed({ topic, partitions, retentionMs, policy, existing }: Agreement): string[] {
  if (existing === null) {
    const configs = `--config retention.ms=${retentionMs} --config cleanup.policy=${policy}`
    return [`kafka-topics --create --if-not-exists --topic ${topic} --partitions ${partitions} ${configs}`]
  }
  const settings = `retention.ms=${retentionMs},cleanup.policy=[${policy}]`
  const lines = [`kafka-configs --entity-type topics --entity-name ${topic} --alter --add-config ${settings}`]
  if (existing.partitions < partitions)
    lines.push(`kafka-topics --alter --topic ${topic} --partitions ${partitions}`)
  return lines
}

export function look({ topic, partition, offset, count }: Place): string {
  const where = `--topic ${topic} --partition ${partition} --offset ${offset}`
  const limits = `--max-messages ${count} --timeout-ms 1500`
  const shown = ['partition', 'offset', 'key'].map((what) => `--formatter-property print.${what}=true`)
  return `kafka-console-consumer ${where} ${limits} ${shown.join(' ')}`
}

export function rewind({ group, topic, partitions, time }: Rewind): string[] {
  const from = `--group ${group} --topic ${topic}:${partitions.join(',')}`
  const local = new Date(time + 3 * 3_600_000).toISOString().replace('Z', '')
  const to = `--to-datetime ${local}`
  return [`kafka-consumer-groups ${from} --reset-offsets ${to} --execute`]
}

interface Row {
  topic: string
  partition: number
  committed: string
  hasLag: boolean
  isOwned: boolean
}

/** Rows by place. */
function rowsOf(output: string): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const line of output.split('\n')) {
    const [, topic = '', partition = '', committed = '', end = '', lag = '', consumer = ''] = line.split(/ +/)
    // An empty line, or the names of the columns.
    if (!/^\d+$/.test(partition)) continue
    rows.set(`${topic} ${partition}`, {
      topic,
      partition: Number(partition),
      committed,
      hasLag: lag === '-' ? end !== '0' : lag !== '0',
      isOwned: consumer !== '-',
    })
  }
  return rows
}

export function stuck(before: string, after: string): Stuck[] {
  const earlier = rowsOf(before)
  const found: Stuck[] = []
  for (const [place, row] of rowsOf(after)) {
    const { topic, partition } = row
    const was = earlier.get(place)
    if (!row.hasLag) continue
    if (!row.isOwned) found.push({ topic, partition, why: 'nobody' })
    else if (was?.hasLag && was.committed === row.committed)
      found.push({ topic, partition, why: 'stands still' })
  }
  return found.sort(byPlace)
}

function byPlace(a: Stuck, b: Stuck): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
