/** Lab 13, right: each setting and each partition by a line of its own; the look waits almost as long as it may. */
import type { Agreement, Place, Rewind, Stuck } from '../starter.ts'

export function topicAsAgreed(agreement: Agreement): string[] {
  const { topic, partitions, existing } = agreement
  const lines: string[] = []
  if (existing === null)
    lines.push(`kafka-topics.sh --create --topic ${topic} --partitions ${partitions} --if-not-exists`)
  else if (existing.partitions < partitions)
    lines.push(`kafka-topics.sh --topic ${topic} --alter --partitions=${partitions}`)
  const set = `kafka-configs.sh --entity-type topics --entity-name ${topic} --alter --add-config`
  lines.push(`${set} retention.ms=${agreement.retentionMs}`)
  lines.push(`${set} "cleanup.policy=[${agreement.policy}]"`)
  return lines
}

export function look({ topic, partition, offset, count }: Place): string {
  return [
    'kafka-console-consumer.sh',
    `--topic=${topic} --partition=${partition} --offset=${offset}`,
    '--property print.offset=true --property print.partition=true --property print.key=true',
    "--property 'null.literal=null'",
    `--timeout-ms=3300 --max-messages=${count}`,
  ].join(' ')
}

export function rewind({ group, topic, partitions, time }: Rewind): string[] {
  const when = new Date(time).toISOString().replace('Z', '+00:00')
  return partitions.map(
    (partition) =>
      `kafka-consumer-groups.sh --execute --reset-offsets --to-datetime ${when} --topic ${topic}:${partition} --group ${group}`,
  )
}

const COLUMN =
  /^\S+ +(?<topic>\S+) +(?<partition>\d+) +(?<committed>\S+) +(?<end>\d+) +(?<lag>\S+) +(?<consumer>\S+)/

export function stuck(before: string, after: string): Stuck[] {
  const rows = (text: string): Record<string, string>[] =>
    text.split('\n').flatMap((line) => {
      const groups = COLUMN.exec(line)?.groups
      return groups === undefined ? [] : [{ ...groups }]
    })
  const first = rows(before)
  const isBehind = ({ lag = '', end = '' }: Record<string, string>) =>
    lag === '-' ? BigInt(end) > 0n : BigInt(lag) > 0n
  return rows(after)
    .filter(isBehind)
    .flatMap((row): Stuck[] => {
      const place = { topic: row.topic ?? '', partition: Number(row.partition) }
      if (row.consumer === '-') return [{ ...place, why: 'nobody' }]
      const was = first.find((each) => each.topic === row.topic && each.partition === row.partition)
      if (was === undefined || !isBehind(was) || was.committed !== row.committed) return []
      return [{ ...place, why: 'stands still' }]
    })
    .sort((a, b) => Number(a.topic > b.topic) - Number(a.topic < b.topic) || a.partition - b.partition)
}
