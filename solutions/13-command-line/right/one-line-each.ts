/** Lab 13, right: a new topic gets everything at once, one that is there by two tools; offsets are BigInt. */
import type { Agreement, Place, Rewind, Stuck } from '../starter.ts'

export const topicAsAgreed = ({ topic, partitions, retentionMs, policy, existing }: Agreement): string[] =>
  existing === null
    ? [
        `bin/kafka-topics.sh --create --topic ${topic} --if-not-exists --partitions ${partitions} --replication-factor 1 --config cleanup.policy=${policy} --config retention.ms=${retentionMs}`,
      ]
    : [
        ...(existing.partitions >= partitions
          ? []
          : [`bin/kafka-topics.sh --alter --topic ${topic} --partitions ${partitions}`]),
        `bin/kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config cleanup.policy=[${policy}],retention.ms=${retentionMs}`,
      ]

export const look = ({ topic, partition, offset, count }: Place): string =>
  `bin/kafka-console-consumer.sh --topic ${topic} --partition ${partition} --offset ${offset} --max-messages ${count} --timeout-ms 2000 --formatter-property print.key=true --formatter-property print.offset=true --formatter-property print.partition=true`

export const rewind = ({ group, topic, partitions, time }: Rewind): string[] => [
  `bin/kafka-consumer-groups.sh --reset-offsets --group ${group} --topic ${topic}:${partitions} --to-datetime ${new Date(time).toISOString()} --dry-run`,
  `bin/kafka-consumer-groups.sh --reset-offsets --group ${group} --topic ${topic}:${partitions} --to-datetime ${new Date(time).toISOString()} --execute`,
]

type Row = { committed: bigint | null; end: bigint; consumer: string | null }

function read(output: string): { [topic: string]: Map<number, Row> } {
  const topics: { [topic: string]: Map<number, Row> } = Object.create(null)
  for (const line of output.trim().split('\n').slice(1)) {
    const [, topic, partition, committed, end, , consumer] = line.trim().split(/\s+/) as string[]
    const known = topics[topic as string] ?? new Map<number, Row>()
    topics[topic as string] = known
    known.set(Number(partition), {
      committed: committed === '-' ? null : BigInt(committed as string),
      end: BigInt(end as string),
      consumer: consumer === '-' ? null : (consumer as string),
    })
  }
  return topics
}

const left = (row: Row | undefined) => (row === undefined ? 0n : row.end - (row.committed ?? 0n))

export function stuck(before: string, after: string): Stuck[] {
  const [earlier, later] = [read(before), read(after)]
  return Object.keys(later)
    .sort()
    .flatMap((topic) =>
      [...(later[topic] ?? [])]
        .sort(([a], [b]) => a - b)
        .flatMap(([partition, row]): Stuck[] => {
          const was = earlier[topic]?.get(partition)
          if (left(row) <= 0n) return []
          if (row.consumer === null) return [{ topic, partition, why: 'nobody' }]
          if (left(was) <= 0n || was?.committed !== row.committed) return []
          return [{ topic, partition, why: 'stands still' }]
        }),
    )
}
