/**
 * ApiVersions (key 18): what can you do?
 *
 * Every client's first request on a connection. The answer lists the broker's APIs with their ranges of
 * versions; from then on the client uses, for each API, the highest version that both know. (KIP-35)
 *
 * How can one ask in a version before knowing which are understood? The newest is tried; a broker that does
 * not know it answers in version 0 with UNSUPPORTED_VERSION and the range it does know, and the client asks
 * again (KIP-511). For the same reason the answer's header never changes: HEADER-2.
 *
 *   1  throttle time
 *   2  a throttled client is answered first and made to wait afterwards (KIP-219)
 *   3  flexible; the client names itself (KIP-511), the broker its features (KIP-584)
 *   4  a feature's lowest version may be 0 (KAFKA-17011: older clients take 0 for an error)
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
} from '../wire/schema.ts'

export const ApiVersionsRequest = request(
  18,
  'ApiVersionsRequest',
  { versions: '0-4', flexible: '3+' },
  {
    clientSoftwareName: string({ since: 3 }),
    clientSoftwareVersion: string({ since: 3 }),
  },
)
export type ApiVersionsRequest = TypeOf<typeof ApiVersionsRequest>

export const ApiVersionsResponse = response(
  18,
  'ApiVersionsResponse',
  { versions: '0-4', flexible: '3+' },
  {
    errorCode: int16(),
    apiKeys: array(struct({ apiKey: int16(), minVersion: int16(), maxVersion: int16() })),
    throttleTimeMs: int32({ since: 1 }),
    supportedFeatures: array(struct({ name: string(), minVersion: int16(), maxVersion: int16() }), {
      since: 3,
      tag: 0,
    }),
    /** Rises with every change of the finalized features, so that the newest answer wins. */
    finalizedFeaturesEpoch: int64({ since: 3, default: -1, tag: 1 }),
    finalizedFeatures: array(struct({ name: string(), maxVersionLevel: int16(), minVersionLevel: int16() }), {
      since: 3,
      tag: 2,
    }),
    zkMigrationReady: bool({ since: 3, tag: 3 }),
  },
)
export type ApiVersionsResponse = TypeOf<typeof ApiVersionsResponse>
