/**
 * Records of __cluster_metadata about the cluster as a whole.
 *
 *   FeatureLevel        metadata.version and the other features (KIP-584); the first record of a new log,
 *                       because it says which versions the others have. It stays at version 0 for ever
 *   Config              one key of one topic, broker or the cluster's default; null deletes it
 *   ClientQuota         one limit of one user, client id or address (KIP-546)
 *   ProducerIds         the end of the block of producer ids that was handed out last (KIP-730)
 *   NoOp                written when nothing happens, so that the high watermark is seen to move (KIP-835)
 *   Begin, End, Abort   brackets around records that count together or not at all, when they do not fit
 *                       into one batch (KIP-868)
 *   ZkMigrationState    where the move from ZooKeeper stood; 4.x can only read it
 */
import {
  array,
  bool,
  float64,
  int8,
  int16,
  int32,
  int64,
  record,
  string,
  struct,
  type TypeOf,
} from '../../wire/schema.ts'

export const FeatureLevelRecord = record(
  12,
  'FeatureLevelRecord',
  { versions: '0', flexible: '0+' },
  { name: string(), featureLevel: int16() },
)
export type FeatureLevelRecord = TypeOf<typeof FeatureLevelRecord>

export const ConfigRecord = record(
  4,
  'ConfigRecord',
  { versions: '0', flexible: '0+' },
  {
    /** 2 topic, 4 broker (an empty name: all brokers), 16 client metrics, 32 group. */
    resourceType: int8(),
    resourceName: string(),
    name: string(),
    value: string({ nullable: true }),
  },
)
export type ConfigRecord = TypeOf<typeof ConfigRecord>

export const ClientQuotaRecord = record(
  14,
  'ClientQuotaRecord',
  { versions: '0', flexible: '0+' },
  {
    entity: array(struct({ entityType: string(), entityName: string({ nullable: true }) })),
    key: string(),
    value: float64(),
    remove: bool(),
  },
)
export type ClientQuotaRecord = TypeOf<typeof ClientQuotaRecord>

export const ProducerIdsRecord = record(
  15,
  'ProducerIdsRecord',
  { versions: '0', flexible: '0+' },
  {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    /** The first id of the next block. */
    nextProducerId: int64(),
  },
)
export type ProducerIdsRecord = TypeOf<typeof ProducerIdsRecord>

export const NoOpRecord = record(20, 'NoOpRecord', { versions: '0', flexible: '0+' }, {})
export type NoOpRecord = TypeOf<typeof NoOpRecord>

export const BeginTransactionRecord = record(
  23,
  'BeginTransactionRecord',
  { versions: '0', flexible: '0+' },
  { name: string({ nullable: true, default: null, tag: 0 }) },
)
export type BeginTransactionRecord = TypeOf<typeof BeginTransactionRecord>

export const EndTransactionRecord = record(24, 'EndTransactionRecord', { versions: '0', flexible: '0+' }, {})
export type EndTransactionRecord = TypeOf<typeof EndTransactionRecord>

export const AbortTransactionRecord = record(
  25,
  'AbortTransactionRecord',
  { versions: '0', flexible: '0+' },
  { reason: string({ nullable: true, default: null, tag: 0 }) },
)
export type AbortTransactionRecord = TypeOf<typeof AbortTransactionRecord>

export const ZkMigrationStateRecord = record(
  21,
  'ZkMigrationStateRecord',
  { versions: '0', flexible: '0+' },
  { zkMigrationState: int8() },
)
export type ZkMigrationStateRecord = TypeOf<typeof ZkMigrationStateRecord>
