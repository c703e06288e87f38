/**
 * ApiVersions (key 18): the APIs and versions that this broker supports.
 *
 * Every connection of a newer client begins with this request; for each API the client then uses the highest version that
 * both sides support. So what is advertised must work: the response is made from the list of handlers.
 *
 *   v1 throttle time; v3 flexible, the client gives its name and version, features (KIP-511, KIP-584);
 *   v4 features whose lowest version is 0 (KAFKA-17011: older clients fail on them)
 *
 * A feature is a level on which all brokers of a cluster must agree before one uses it: the metadata log holds the current
 * ("finalized") level. A Java producer uses transaction version 2 only if `transaction.version` is finalized at 2;
 * librdkafka and Java use KIP-848 only with `group.version` 1.
 */
import { SUPPORTED_FEATURES } from '../controller/features.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/api-versions.ts'
import { KRAFT_FEATURE, KRAFT_VERSION } from '../quorum/voters/quorum-voters.ts'
import { ErrorCode } from '../wire/errors.ts'
import { stableVersions } from '../wire/schema.ts'
import { type Api, api, type Services } from './api.ts'

/** KIP-511: which names and versions of client software are valid. */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

export const ApiVersions = api({
  request: ApiVersionsRequest,
  response: ApiVersionsResponse,
  handle: (services, request, { apiVersion }, reply) => {
    const named =
      SOFTWARE_NAME.test(request.clientSoftwareName) && SOFTWARE_NAME.test(request.clientSoftwareVersion)
    if (apiVersion >= 3 && !named) return reply({ errorCode: ErrorCode.INVALID_REQUEST })
    reply({
      errorCode: ErrorCode.NONE,
      apiKeys: advertised(services.apis),
      ...features(services, apiVersion),
    })
  },
})

function advertised(
  apis: ReadonlyMap<number, Api>,
): { apiKey: number; minVersion: number; maxVersion: number }[] {
  return [...apis]
    .sort(([a], [b]) => a - b)
    .map(([apiKey, { request, advertised }]) => {
      const { min, max } = advertised ?? stableVersions(request)
      return { apiKey, minVersion: min, maxVersion: max }
    })
}

function features(services: Services, apiVersion: number) {
  const { features, offset } = services.metadata()
  const levels = [...features, [KRAFT_FEATURE, KRAFT_VERSION] as const].filter(([, level]) => level > 0)
  return {
    supportedFeatures: SUPPORTED_FEATURES.filter(({ minVersion }) => apiVersion >= 4 || minVersion > 0),
    // The epoch of the whole metadata, not of the features: a client uses it to see which of two responses is newer.
    finalizedFeaturesEpoch: offset,
    finalizedFeatures: levels.map(([name, level]) => ({
      name,
      maxVersionLevel: level,
      minVersionLevel: level,
    })),
  }
}
