/**
 * The settings of groups, with Kafka's names and defaults (GroupCoordinatorConfig, OffsetConfig in Kafka 4.3).
 *
 * The coordinator takes plain numbers and not the broker's configuration: a test says in a line what it changes.
 */

export interface GroupConfig {
  /** group.initial.rebalance.delay.ms: how long the first members of an empty group wait for more. */
  readonly initialRebalanceDelayMs: number
  /** group.min.session.timeout.ms */
  readonly sessionTimeoutMsMin: number
  /** group.max.session.timeout.ms */
  readonly sessionTimeoutMsMax: number
  /** group.max.size, classic groups */
  readonly groupSizeMax: number
  /** group.consumer.max.size, KIP-848 groups */
  readonly consumerGroupSizeMax: number
  /** group.consumer.session.timeout.ms */
  readonly consumerSessionTimeoutMs: number
  /** group.consumer.heartbeat.interval.ms */
  readonly consumerHeartbeatIntervalMs: number
  /** offset.metadata.max.bytes: the note that may be committed with an offset; Kafka counts characters */
  readonly offsetMetadataLengthMax: number
  /** offsets.retention.minutes, as milliseconds */
  readonly offsetsRetentionMs: number
  /** offsets.retention.check.interval.ms */
  readonly offsetsRetentionCheckIntervalMs: number
}

export const KAFKA_DEFAULTS: GroupConfig = {
  initialRebalanceDelayMs: 3000,
  sessionTimeoutMsMin: 6000,
  sessionTimeoutMsMax: 1_800_000,
  groupSizeMax: 0x7fff_ffff,
  consumerGroupSizeMax: 0x7fff_ffff,
  consumerSessionTimeoutMs: 45_000,
  consumerHeartbeatIntervalMs: 5000,
  offsetMetadataLengthMax: 4096,
  offsetsRetentionMs: 10_080 * 60_000,
  offsetsRetentionCheckIntervalMs: 600_000,
}

/** What is asked of the broker's configuration: a number by its key. */
export interface NumberSettings {
  get(key: (typeof KEYS)[keyof typeof KEYS]): number
}

const KEYS = {
  initialRebalanceDelayMs: 'group.initial.rebalance.delay.ms',
  sessionTimeoutMsMin: 'group.min.session.timeout.ms',
  sessionTimeoutMsMax: 'group.max.session.timeout.ms',
  groupSizeMax: 'group.max.size',
  consumerGroupSizeMax: 'group.consumer.max.size',
  consumerSessionTimeoutMs: 'group.consumer.session.timeout.ms',
  consumerHeartbeatIntervalMs: 'group.consumer.heartbeat.interval.ms',
  offsetMetadataLengthMax: 'offset.metadata.max.bytes',
  offsetsRetentionMs: 'offsets.retention.minutes',
  offsetsRetentionCheckIntervalMs: 'offsets.retention.check.interval.ms',
} as const

/** Reads them from the broker's configuration. */
export function groupConfigOf(config: NumberSettings): GroupConfig {
  return {
    initialRebalanceDelayMs: config.get(KEYS.initialRebalanceDelayMs),
    sessionTimeoutMsMin: config.get(KEYS.sessionTimeoutMsMin),
    sessionTimeoutMsMax: config.get(KEYS.sessionTimeoutMsMax),
    groupSizeMax: config.get(KEYS.groupSizeMax),
    consumerGroupSizeMax: config.get(KEYS.consumerGroupSizeMax),
    consumerSessionTimeoutMs: config.get(KEYS.consumerSessionTimeoutMs),
    consumerHeartbeatIntervalMs: config.get(KEYS.consumerHeartbeatIntervalMs),
    offsetMetadataLengthMax: config.get(KEYS.offsetMetadataLengthMax),
    offsetsRetentionMs: config.get(KEYS.offsetsRetentionMs) * 60_000,
    offsetsRetentionCheckIntervalMs: config.get(KEYS.offsetsRetentionCheckIntervalMs),
  }
}
