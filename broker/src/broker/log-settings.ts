/**
 * Translates config keys into the settings of the log: plain objects with the log's own names.
 *
 * The log knows no config keys, synonyms or sources; it gets values. Only this file knows both sides.
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import { TopicConfig } from '../config/topic-config.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import { type CleanerSettings, keysIn } from '../log/compaction/cleaner.ts'
import type { LogConfig } from '../log/log.ts'
import type { LogManagerSettings } from '../log/log-manager.ts'
import { Codec } from '../record/compression.ts'
import type { CompressionTarget } from '../record/recompress.ts'

/** A topic's log settings, from its configs in `image` and the broker's defaults. */
export function logConfigOf(image: MetadataImage, broker: BrokerConfig, topic: string): LogConfig {
  const config = new TopicConfig(image.configs.get(`topic:${topic}`) ?? new Map(), broker)
  return {
    segmentBytes: config.get('internal.segment.bytes') ?? config.get('segment.bytes'),
    segmentMs: segmentMsOf(config),
    segmentJitterMs: config.get('segment.jitter.ms'),
    segmentIndexBytes: config.get('segment.index.bytes'),
    indexIntervalBytes: config.get('index.interval.bytes'),
    compression: compressionOf(config),
    maxMessageBytes: config.get('max.message.bytes'),
    messageTimestampType:
      config.get('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    messageTimestampBeforeMaxMs: config.get('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: config.get('message.timestamp.after.max.ms'),
    cleanupPolicy: config.get('cleanup.policy') as ('delete' | 'compact')[],
    retentionMs: config.get('retention.ms'),
    retentionBytes: config.get('retention.bytes'),
    minCleanableDirtyRatio: config.get('min.cleanable.dirty.ratio'),
    maxCompactionLagMs: config.get('max.compaction.lag.ms'),
    minCompactionLagMs: config.get('min.compaction.lag.ms'),
    deleteRetentionMs: config.get('delete.retention.ms'),
    fileDeleteDelayMs: config.get('file.delete.delay.ms'),
    flushMessages: config.get('flush.messages'),
    flushMs: config.get('flush.ms'),
    producerIdExpirationMs: broker.get('producer.id.expiration.ms'),
    minInsyncReplicas: config.get('min.insync.replicas'),
  }
}

/** max.compaction.lag.ms also limits how long records stay in the active segment (LogConfig.maxSegmentMs). */
function segmentMsOf(config: TopicConfig): number {
  const segmentMs = config.get('segment.ms')
  const lagMs = config.get('max.compaction.lag.ms')
  return config.get('cleanup.policy').includes('compact') ? Math.min(segmentMs, lagMs) : segmentMs
}

function compressionOf(config: TopicConfig): CompressionTarget | undefined {
  switch (config.get('compression.type')) {
    case 'uncompressed':
      return { codec: Codec.NONE }
    case 'gzip':
      return { codec: Codec.GZIP, level: config.get('compression.gzip.level') }
    case 'snappy':
      return { codec: Codec.SNAPPY }
    case 'lz4':
      return { codec: Codec.LZ4, level: config.get('compression.lz4.level') }
    case 'zstd':
      return { codec: Codec.ZSTD, level: config.get('compression.zstd.level') }
    default:
      return undefined
  }
}

/** The intervals of the log manager. */
export function logManagerSettingsOf(broker: BrokerConfig): LogManagerSettings {
  return {
    fileDeleteDelayMs: broker.get('log.segment.delete.delay.ms'),
    flushOffsetCheckpointIntervalMs: broker.get('log.flush.offset.checkpoint.interval.ms'),
    retentionCheckIntervalMs: broker.get('log.retention.check.interval.ms'),
    initialTaskDelayMs: broker.get('log.initial.task.delay.ms'),
    producerIdExpirationCheckIntervalMs: broker.get('producer.id.expiration.check.interval.ms'),
    flushCheckIntervalMs: broker.get('log.flush.scheduler.interval.ms'),
  }
}

/** The settings of the log cleaner. All of them may change while the broker runs. */
export function cleanerSettingsOf(broker: BrokerConfig): CleanerSettings {
  return {
    enabled: broker.get('log.cleaner.enable'),
    backoffMs: broker.get('log.cleaner.backoff.ms'),
    ioBytesPerSecondMax: broker.get('log.cleaner.io.max.bytes.per.second'),
    ioBufferBytes: Math.max(1, broker.get('log.cleaner.io.buffer.size')),
    keysMax: keysIn(
      broker.get('log.cleaner.dedupe.buffer.size'),
      broker.get('log.cleaner.io.buffer.load.factor'),
    ),
  }
}
