/**
 * Broker config keys: tiered storage (KIP-405).
 *
 * They are declared so that the config file of a real cluster is accepted. There is no tiered storage here, so they have no
 * effect.
 */
import { bool, double, int, long, string } from '../config-key.ts'

export const REMOTE_STORAGE_KEYS = {
  'remote.fetch.max.wait.ms': int(500, { min: 1, update: 'cluster-wide' }),
  'remote.list.offsets.request.timeout.ms': long(30_000, { min: 1, update: 'cluster-wide' }),
  'remote.log.index.file.cache.total.size.bytes': long(1_073_741_824, {
    min: 1,
    update: 'cluster-wide',
    importance: 'low',
  }),
  'remote.log.index.file.cache.ttl.ms': long(900_000, { min: -1, importance: 'low', internal: true }),
  'remote.log.manager.copier.thread.pool.size': int(10, { min: 1, update: 'cluster-wide' }),
  'remote.log.manager.copy.max.bytes.per.second': long('9223372036854775807', {
    min: 1,
    update: 'cluster-wide',
  }),
  'remote.log.manager.copy.quota.window.num': int(11, { min: 1 }),
  'remote.log.manager.copy.quota.window.size.seconds': int(1, { min: 1 }),
  'remote.log.manager.expiration.thread.pool.size': int(10, { min: 1, update: 'cluster-wide' }),
  'remote.log.manager.fetch.max.bytes.per.second': long('9223372036854775807', {
    min: 1,
    update: 'cluster-wide',
  }),
  'remote.log.manager.fetch.quota.window.num': int(11, { min: 1 }),
  'remote.log.manager.fetch.quota.window.size.seconds': int(1, { min: 1 }),
  'remote.log.manager.follower.thread.pool.size': int(2, { min: 1, update: 'cluster-wide' }),
  'remote.log.manager.task.interval.ms': long(30_000, { min: 1, importance: 'low' }),
  'remote.log.manager.task.retry.backoff.max.ms': long(30_000, { min: 1, importance: 'low', internal: true }),
  'remote.log.manager.task.retry.backoff.ms': long(500, { min: 1, importance: 'low', internal: true }),
  'remote.log.manager.task.retry.jitter': double(0.2, {
    min: 0,
    max: 0.5,
    importance: 'low',
    internal: true,
  }),
  'remote.log.manager.thread.pool.size': int(2, { min: 1 }),
  'remote.log.metadata.custom.metadata.max.bytes': int(128, { min: 0, importance: 'low' }),
  'remote.log.metadata.manager.class.name': string(
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
    { nonEmpty: true },
  ),
  'remote.log.metadata.manager.class.path': string(null),
  'remote.log.metadata.manager.impl.prefix': string('rlmm.config.', { nonEmpty: true }),
  'remote.log.metadata.manager.listener.name': string(null, { nonEmpty: true }),
  'remote.log.reader.max.pending.tasks': int(100, { min: 1 }),
  'remote.log.reader.threads': int(10, { min: 1, update: 'cluster-wide' }),
  'remote.log.storage.manager.class.name': string(null, { nonEmpty: true }),
  'remote.log.storage.manager.class.path': string(null),
  'remote.log.storage.manager.impl.prefix': string('rsm.config.', { nonEmpty: true }),
  'remote.log.storage.system.enable': bool(false),
} as const
