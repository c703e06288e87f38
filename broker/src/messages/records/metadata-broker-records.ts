/**
 * Records of __cluster_metadata about brokers and controllers: who is there, and who may lead.
 *
 * A broker registers with the active controller and gets an epoch: the offset of its registration. It starts
 * fenced, can be no leader and is no member of an ISR, and becomes unfenced when it has caught up with the
 * metadata and its heartbeats arrive. (KIP-500, KIP-631)
 *
 *   RegisterBroker            1 controlled shutdown, 2 migrating from ZooKeeper (gone in practice),
 *                             3 log directories (KIP-858), 4 cordoned ones, which take no new
 *                             partitions (KIP-1066)
 *   BrokerRegistrationChange  1 controlled shutdown, 2 log directories, 3 cordoned ones; each field says
 *                             "no change" by its default
 *   FenceBroker, UnfenceBroker  the older form of a change; 4.x reads but does not write it
 *
 * - a record that changes a broker names the epoch it means; one that does not match is our own mistake
 */
import {
  array,
  bool,
  int8,
  int16,
  int32,
  int64,
  record,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../../wire/schema.ts'

export const RegisterBrokerRecord = record(
  0,
  'RegisterBrokerRecord',
  { versions: '0-4', flexible: '0+' },
  {
    brokerId: int32(),
    isMigratingZkBroker: bool({ since: 2 }),
    incarnationId: uuid(),
    brokerEpoch: int64(),
    endPoints: array(struct({ name: string(), host: string(), port: uint16(), securityProtocol: int16() })),
    features: array(struct({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() })),
    rack: string({ nullable: true }),
    fenced: bool({ default: true }),
    inControlledShutdown: bool({ since: 1 }),
    logDirs: array(uuid(), { since: 3, tag: 0 }),
    cordonedLogDirs: array(uuid(), { since: 4, nullable: true, default: null, tag: 1 }),
  },
)
export type RegisterBrokerRecord = TypeOf<typeof RegisterBrokerRecord>

export const UnregisterBrokerRecord = record(
  1,
  'UnregisterBrokerRecord',
  { versions: '0', flexible: '0+' },
  { brokerId: int32(), brokerEpoch: int64() },
)
export type UnregisterBrokerRecord = TypeOf<typeof UnregisterBrokerRecord>

export const FenceBrokerRecord = record(
  7,
  'FenceBrokerRecord',
  { versions: '0', flexible: '0+' },
  { id: int32(), epoch: int64() },
)
export type FenceBrokerRecord = TypeOf<typeof FenceBrokerRecord>

export const UnfenceBrokerRecord = record(
  8,
  'UnfenceBrokerRecord',
  { versions: '0', flexible: '0+' },
  { id: int32(), epoch: int64() },
)
export type UnfenceBrokerRecord = TypeOf<typeof UnfenceBrokerRecord>

export const BrokerRegistrationChangeRecord = record(
  17,
  'BrokerRegistrationChangeRecord',
  { versions: '0-3', flexible: '0+' },
  {
    brokerId: int32(),
    brokerEpoch: int64(),
    /** -1 unfenced, 0 as before, 1 fenced. */
    fenced: int8({ tag: 0 }),
    /** 0 as before, 1 is shutting down; there is no way back but to register anew. */
    inControlledShutdown: int8({ since: 1, tag: 1 }),
    logDirs: array(uuid(), { since: 2, tag: 2 }),
    cordonedLogDirs: array(uuid(), { since: 3, nullable: true, default: null, tag: 3 }),
  },
)
export type BrokerRegistrationChangeRecord = TypeOf<typeof BrokerRegistrationChangeRecord>

export const RegisterControllerRecord = record(
  27,
  'RegisterControllerRecord',
  { versions: '0', flexible: '0+' },
  {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
    endPoints: array(struct({ name: string(), host: string(), port: uint16(), securityProtocol: int16() })),
    features: array(struct({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() })),
  },
)
export type RegisterControllerRecord = TypeOf<typeof RegisterControllerRecord>
