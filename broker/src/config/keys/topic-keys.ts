/**
 * Topic config keys, and their synonyms: the broker keys with their defaults.
 *
 * A topic usually has few configs of its own. For the others the broker's apply, under older names. One topic key may have
 * several broker keys in different units; the first one that is set applies:
 *
 *   retention.ms  <-  log.retention.ms, log.retention.minutes, log.retention.hours
 *
 * (org.apache.kafka.server.config.ServerTopicConfigSynonyms, Apache Kafka 4.3)
 */
import { bool, double, int, list, long, string } from '../config-key.ts'
import { checkThrottledReplicas } from '../special-formats.ts'

export const TOPIC_KEYS = {
  'cleanup.policy': list('delete', { oneOf: ['compact', 'delete'] }),
  'compression.gzip.level': int(-1, { min: -1, max: 9, except: 0 }),
  'compression.lz4.level': int(9, { min: 1, max: 17 }),
  'compression.type': string('producer', {
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
  }),
  'compression.zstd.level': int(3, { min: -131072, max: 22 }),
  'delete.retention.ms': long(86_400_000, { min: 0 }),
  'file.delete.delay.ms': long(60_000, { min: 0 }),
  'flush.messages': long('9223372036854775807', { min: 1 }),
  'flush.ms': long('9223372036854775807', { min: 0 }),
  'follower.replication.throttled.replicas': list('', { check: checkThrottledReplicas }),
  'index.interval.bytes': int(4096, { min: 0 }),
  'internal.segment.bytes': int(null, { internal: true }),
  'leader.replication.throttled.replicas': list('', { check: checkThrottledReplicas }),
  'local.retention.bytes': long(-2, { min: -2 }),
  'local.retention.ms': long(-2, { min: -2 }),
  'max.compaction.lag.ms': long('9223372036854775807', { min: 1 }),
  'max.message.bytes': int(1_048_588, { min: 0 }),
  'message.timestamp.after.max.ms': long(3_600_000, { min: 0 }),
  'message.timestamp.before.max.ms': long('9223372036854775807', { min: 0 }),
  'message.timestamp.type': string('CreateTime', { oneOf: ['CreateTime', 'LogAppendTime'] }),
  'min.cleanable.dirty.ratio': double(0.5, { min: 0, max: 1 }),
  'min.compaction.lag.ms': long(0, { min: 0 }),
  'min.insync.replicas': int(1, { min: 1 }),
  preallocate: bool(false),
  'remote.log.copy.disable': bool(false),
  'remote.log.delete.on.disable': bool(false),
  'remote.storage.enable': bool(false),
  'retention.bytes': long(-1),
  'retention.ms': long(604_800_000, { min: -1 }),
  'segment.bytes': int(1_073_741_824, { min: 1048576 }),
  'segment.index.bytes': int(10_485_760, { min: 4 }),
  'segment.jitter.ms': long(0, { min: 0 }),
  'segment.ms': long(604_800_000, { min: 1 }),
  'unclean.leader.election.enable': bool(false),
} as const

export type TopicKey = keyof typeof TOPIC_KEYS

/** The broker keys of each topic key, the finest unit first. Topic keys that are not listed have no broker key. */
export const BROKER_SYNONYMS: Readonly<Partial<Record<TopicKey, readonly string[]>>> = {
  'cleanup.policy': ['log.cleanup.policy'],
  'compression.gzip.level': ['compression.gzip.level'],
  'compression.lz4.level': ['compression.lz4.level'],
  'compression.type': ['compression.type'],
  'compression.zstd.level': ['compression.zstd.level'],
  'delete.retention.ms': ['log.cleaner.delete.retention.ms'],
  'file.delete.delay.ms': ['log.segment.delete.delay.ms'],
  'flush.messages': ['log.flush.interval.messages'],
  'flush.ms': ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
  'index.interval.bytes': ['log.index.interval.bytes'],
  'local.retention.bytes': ['log.local.retention.bytes'],
  'local.retention.ms': ['log.local.retention.ms'],
  'max.compaction.lag.ms': ['log.cleaner.max.compaction.lag.ms'],
  'max.message.bytes': ['message.max.bytes'],
  'message.timestamp.after.max.ms': ['log.message.timestamp.after.max.ms'],
  'message.timestamp.before.max.ms': ['log.message.timestamp.before.max.ms'],
  'message.timestamp.type': ['log.message.timestamp.type'],
  'min.cleanable.dirty.ratio': ['log.cleaner.min.cleanable.ratio'],
  'min.compaction.lag.ms': ['log.cleaner.min.compaction.lag.ms'],
  'min.insync.replicas': ['min.insync.replicas'],
  preallocate: ['log.preallocate'],
  'retention.bytes': ['log.retention.bytes'],
  'retention.ms': ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
  'segment.bytes': ['log.segment.bytes'],
  'segment.index.bytes': ['log.index.size.max.bytes'],
  'segment.jitter.ms': ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  'segment.ms': ['log.roll.ms', 'log.roll.hours'],
  'unclean.leader.election.enable': ['unclean.leader.election.enable'],
}
