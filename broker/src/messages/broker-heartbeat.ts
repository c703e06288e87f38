/**
 * BrokerHeartbeat (key 63): I am alive, and have the metadata up to here.
 *
 * From brokers to the active controller. By the answer a broker learns when it is unfenced (it has caught up)
 * and when it may shut down (its leaderships have moved). One that falls silent is fenced. (KIP-631)
 *
 *   1  log directories that have failed (KIP-858)
 *   2  log directories that take no new partitions (KIP-1066)
 */
import { array, bool, int16, int32, int64, request, response, type TypeOf, uuid } from '../wire/schema.ts'

export const BrokerHeartbeatRequest = request(
  63,
  'BrokerHeartbeatRequest',
  { versions: '0-2', flexible: '0+' },
  {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    offlineLogDirs: array(uuid(), { since: 1, tag: 0 }),
    cordonedLogDirs: array(uuid(), { since: 2, nullable: true, default: null, tag: 1 }),
  },
)
export type BrokerHeartbeatRequest = TypeOf<typeof BrokerHeartbeatRequest>

export const BrokerHeartbeatResponse = response(
  63,
  'BrokerHeartbeatResponse',
  { versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: bool(),
    isFenced: bool({ default: true }),
    shouldShutDown: bool(),
  },
)
export type BrokerHeartbeatResponse = TypeOf<typeof BrokerHeartbeatResponse>
