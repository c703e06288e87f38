/** What the figure of the command line and its worker have in common; the worker alone loads the broker. */

export const COMMANDS = [
  'create',
  'describe',
  'produce',
  'consumeAll',
  'consumeGroup',
  'describeGroup',
  'offsets',
  'resetDry',
  'reset',
  'alter',
  'shrink',
] as const
export type Command = (typeof COMMANDS)[number]

/** Each without `--bootstrap-server localhost:9092`. The same in both languages. */
export const commandTexts: Readonly<Record<Command, string>> = {
  create: 'kafka-topics --create --topic orders --partitions 1',
  describe: 'kafka-topics --describe --topic orders',
  produce: 'kafka-console-producer --topic orders',
  consumeAll: 'kafka-console-consumer --topic orders --from-beginning',
  consumeGroup: 'kafka-console-consumer --topic orders --from-beginning --group billing --max-messages 2',
  describeGroup: 'kafka-consumer-groups --describe --group billing',
  offsets: 'kafka-get-offsets --topic orders',
  resetDry: 'kafka-consumer-groups --reset-offsets --group billing --topic orders --to-earliest',
  reset: 'kafka-consumer-groups --reset-offsets --group billing --topic orders --to-earliest --execute',
  alter: 'kafka-topics --alter --topic orders --partitions 2',
  shrink: 'kafka-topics --alter --topic orders --partitions 1',
}

/** What is in one partition, and what the group has committed there. */
export interface PartitionView {
  /** By offset. */
  values: string[]
  /** Null: nothing. */
  committed: number | null
}

/** How things are after a command. */
export interface CommandView {
  /** Empty: there is no topic yet. */
  partitions: PartitionView[]
  /** The command that was typed last; null: none was. */
  last: Command | null
  /** What it printed, and what was typed into it. */
  printed: string[]
  /** What is different on the broker now. */
  changed: 'nothing' | 'topic' | 'records' | 'committed'
}
