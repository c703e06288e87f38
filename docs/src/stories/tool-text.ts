/** What Kafka's command-line tools print (seen with those of 4.3.1), from what the broker answers. */

const NONE = '-'

export interface GroupRow {
  group: string
  topic: string
  partition: number
  /** Null: nothing is committed. */
  committed: number | null
  end: number
}

/** `kafka-topics --describe`. */
export function describedTopic(
  name: string,
  topicId: string,
  partitions: number,
  configs: readonly string[],
): string[] {
  const first = `Topic: ${name}\tTopicId: ${topicId}\tPartitionCount: ${partitions}\tReplicationFactor: 1\tConfigs: ${configs}`
  const rest = Array.from(
    { length: partitions },
    (_, partition) =>
      `\tTopic: ${name}\tPartition: ${partition}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: `,
  )
  return [first, ...rest]
}

/** `kafka-consumer-groups --describe` of a group without members. */
export function describedGroup(rows: readonly GroupRow[]): string[] {
  const names = ['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG']
  const more = ['CONSUMER-ID', 'HOST', 'CLIENT-ID']
  const cells = rows.map(({ group, topic, partition, committed, end }) => [
    group,
    topic,
    `${partition}`,
    committed === null ? NONE : `${committed}`,
    `${end}`,
    committed === null ? NONE : `${end - committed}`,
    ...more.map(() => NONE),
  ])
  const widths = [15, 15, 10, 15, 15, 15, 15, 15, 0]
  const lines = [[...names, ...more], ...cells].map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column]!)).join(' '),
  )
  return [`Consumer group '${rows[0]!.group}' has no active members.`, '', ...lines]
}

/** `kafka-consumer-groups --reset-offsets`. */
export function resetOffsets(
  rows: readonly { group: string; topic: string; partition: number; offset: number }[],
): string[] {
  const line = (group: string, topic: string, partition: string, offset: string) =>
    [group.padEnd(15), topic.padEnd(15), partition.padEnd(10), offset].join(' ')
  return [
    line('GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'),
    ...rows.map(({ group, topic, partition, offset }) => line(group, topic, `${partition}`, `${offset}`)),
  ]
}
