/**
 * BrokerRegistration (key 62): I am broker 3 and here are my addresses.
 *
 * From a broker to the active controller, when it starts. The answer is its epoch, by which all its later
 * requests are known; an id that is in use by a live broker is DUPLICATE_BROKER_REGISTRATION. (KIP-631)
 *
 *   1  moving from ZooKeeper (KIP-866)
 *   2  log directories (KIP-858)
 *   3  the epoch before: after a clean shutdown nothing was lost (KIP-966)
 *   4  a feature's lowest version may be 0 (KAFKA-17011)
 */
import {
  array,
  bool,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../wire/schema.ts'

export const BrokerRegistrationRequest = request(
  62,
  'BrokerRegistrationRequest',
  { versions: '0-4', flexible: '0+' },
  {
    brokerId: int32(),
    clusterId: string(),
    /** Made at each start: a retry is told from a second broker of the same id. */
    incarnationId: uuid(),
    listeners: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
        /** 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
        securityProtocol: int16(),
      }),
    ),
    features: array(struct({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() })),
    rack: string({ nullable: true }),
    isMigratingZkBroker: bool({ since: 1 }),
    logDirs: array(uuid(), { since: 2 }),
    previousBrokerEpoch: int64({ since: 3, default: -1 }),
  },
)
export type BrokerRegistrationRequest = TypeOf<typeof BrokerRegistrationRequest>

export const BrokerRegistrationResponse = response(
  62,
  'BrokerRegistrationResponse',
  { versions: '0-4', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1 }),
  },
)
export type BrokerRegistrationResponse = TypeOf<typeof BrokerRegistrationResponse>
