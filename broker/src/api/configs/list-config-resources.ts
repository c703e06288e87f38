/**
 * ListConfigResources (key 74): lists the resources that can be configured.
 *
 *   v0 client metrics subscriptions (KIP-714)   v1 resources of the requested types, or of all (KIP-1142)
 *
 * Groups are listed if they have configs of their own. (KafkaApis.handleListConfigResources)
 */
import { ResourceType } from '../../controller/decisions/config-decisions.ts'
import type { MetadataImage } from '../../controller/metadata/metadata-image.ts'
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from '../../messages/list-config-resources.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

const ALL: readonly number[] = Object.values(ResourceType)

export const ListConfigResources = api({
  request: ListConfigResourcesRequest,
  response: ListConfigResourcesResponse,
  inTurns: true,
  handle: (services, { resourceTypes }, { apiVersion }, reply) => {
    const supported = apiVersion === 0 ? [ResourceType.CLIENT_METRICS] : ALL
    const wanted = new Set(resourceTypes.length > 0 ? resourceTypes : supported)
    if (![...wanted].every((type) => supported.includes(type))) {
      return reply({ errorCode: ErrorCode.UNSUPPORTED_VERSION, configResources: [] })
    }
    const image = services.metadata()
    const configResources = [...wanted].flatMap((resourceType) =>
      namesOf(image, resourceType).map((resourceName) => ({ resourceName, resourceType })),
    )
    reply({ errorCode: ErrorCode.NONE, configResources })
  },
})

function namesOf(image: MetadataImage, type: number): string[] {
  switch (type) {
    case ResourceType.TOPIC:
      return [...image.topics.keys()]
    case ResourceType.BROKER:
    case ResourceType.BROKER_LOGGER:
      return [...image.brokers.keys()].map(String)
    default: {
      const prefix = type === ResourceType.GROUP ? 'group:' : 'client-metrics:'
      return [...image.configs.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length))
    }
  }
}
