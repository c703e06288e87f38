/**
 * The settings of groups, with Kafka's names and defaults (GroupCoordinatorConfig, OffsetConfig in Kafka 4.3).
 *
 * The coordinator takes plain values and not the broker's configuration, so that a test can change one in a line. A
 * group may have configs of its own (KIP-848, resource GROUP), which take precedence over the broker's.
 *
 * GROUP-CONFIG-1  a setting is read when it is needed, so a change takes effect at once
 */
import type { BrokerConfig } from '../../config/broker-config.ts'
import type { CoordinatorHost } from '../coordinator-host.ts'

/** Whether groups may change from one protocol to the other while they have members. */
export type MigrationPolicy = 'disabled' | 'upgrade' | 'downgrade' | 'bidirectional'

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
  /** group.consumer.assignment.interval.ms: the shortest time between two target assignments (KIP-1263) */
  readonly consumerAssignmentIntervalMs: number
  /** group.consumer.assignors; the first one is used if no member names one */
  readonly consumerAssignors: readonly string[]
  /** group.consumer.migration.policy */
  readonly consumerMigrationPolicy: MigrationPolicy
  /** group.consumer.regex.refresh.interval.ms */
  readonly regexRefreshIntervalMs: number
  /** offset.metadata.max.bytes: the longest metadata text of a committed offset; Kafka counts characters */
  readonly offsetMetadataLengthMax: number
  /** offsets.commit.timeout.ms: how long the response to a request that writes waits for the replicas */
  readonly offsetCommitTimeoutMs: number
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
  consumerAssignmentIntervalMs: 1000,
  consumerAssignors: ['uniform', 'range'],
  consumerMigrationPolicy: 'bidirectional',
  regexRefreshIntervalMs: 600_000,
  offsetMetadataLengthMax: 4096,
  offsetCommitTimeoutMs: 5000,
  offsetsRetentionMs: 10_080 * 60_000,
  offsetsRetentionCheckIntervalMs: 600_000,
}

const NUMBERS = {
  initialRebalanceDelayMs: 'group.initial.rebalance.delay.ms',
  sessionTimeoutMsMin: 'group.min.session.timeout.ms',
  sessionTimeoutMsMax: 'group.max.session.timeout.ms',
  groupSizeMax: 'group.max.size',
  consumerGroupSizeMax: 'group.consumer.max.size',
  consumerSessionTimeoutMs: 'group.consumer.session.timeout.ms',
  consumerHeartbeatIntervalMs: 'group.consumer.heartbeat.interval.ms',
  consumerAssignmentIntervalMs: 'group.consumer.assignment.interval.ms',
  regexRefreshIntervalMs: 'group.consumer.regex.refresh.interval.ms',
  offsetMetadataLengthMax: 'offset.metadata.max.bytes',
  offsetCommitTimeoutMs: 'offsets.commit.timeout.ms',
  offsetsRetentionCheckIntervalMs: 'offsets.retention.check.interval.ms',
} as const

/** group.consumer.assignors may contain class names instead (Kafka's ConsumerGroupPartitionAssignor). */
const ASSIGNOR_CLASS = /^org\.apache\.kafka\.coordinator\.group\.assignor\.(Uniform|Range)Assignor$/

/** Reads the settings from the broker's configuration, again for each access (GROUP-CONFIG-1). */
export function groupConfigOf(config: Pick<BrokerConfig, 'get'>): GroupConfig {
  const read = {
    get consumerAssignors(): readonly string[] {
      return config
        .get('group.consumer.assignors')
        .map((name) => ASSIGNOR_CLASS.exec(name)?.[1]?.toLowerCase() ?? name)
    },
    get consumerMigrationPolicy(): MigrationPolicy {
      return config.get('group.consumer.migration.policy').toLowerCase() as MigrationPolicy
    },
    get offsetsRetentionMs(): number {
      return config.get('offsets.retention.minutes') * 60_000
    },
  }
  for (const [name, key] of Object.entries(NUMBERS))
    Object.defineProperty(read, name, { get: () => config.get(key) })
  return read as GroupConfig
}

/** The settings of a KIP-848 group: its own configs, otherwise the broker's. */
export function consumerSettings(
  { host, config }: { readonly host: CoordinatorHost; readonly config: GroupConfig },
  groupId: string,
): {
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  readonly assignmentIntervalMs: number
} {
  const own = host.groupSettings?.(groupId)
  const of = (key: string, otherwise: number): number => Number(own?.get(key) ?? otherwise)
  return {
    sessionTimeoutMs: of('consumer.session.timeout.ms', config.consumerSessionTimeoutMs),
    heartbeatIntervalMs: of('consumer.heartbeat.interval.ms', config.consumerHeartbeatIntervalMs),
    assignmentIntervalMs: of('consumer.assignment.interval.ms', config.consumerAssignmentIntervalMs),
  }
}
