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
import { api, FEW } from '../api.ts'
import { forEachInTurns } from '../in-turns.ts'

const ALL: readonly number[] = Object.values(ResourceType)

export const ListConfigResources = api({
  request: ListConfigResourcesRequest,
  response: ListConfigResourcesResponse,
  isLarge: ({ metadata }) => metadata().topics.size + metadata().configs.size > FEW,
  *steps(services, { resourceTypes }, { apiVersion }) {
    const supported = apiVersion === 0 ? [ResourceType.CLIENT_METRICS] : ALL
    const wanted = new Set(resourceTypes.length > 0 ? resourceTypes : supported)
    if (![...wanted].every((type) => supported.includes(type))) {
      return { errorCode: ErrorCode.UNSUPPORTED_VERSION, configResources: [] }
    }
    const image = services.metadata()
    const configResources: { resourceName: string; resourceType: number }[] = []
    for (const resourceType of wanted)
      yield* forEachInTurns(services.turns, namesOf(image, resourceType), (resourceName) =>
        configResources.push({ resourceName, resourceType }),
      )
    return { errorCode: ErrorCode.NONE, configResources }
  },
})

function* namesOf(image: MetadataImage, type: number): Generator<string, void> {
  switch (type) {
    case ResourceType.TOPIC:
      return yield* image.topics.keys()
    case ResourceType.BROKER:
    case ResourceType.BROKER_LOGGER:
      for (const id of image.brokers.keys()) yield `${id}`
      return
    default: {
      const prefix = type === ResourceType.GROUP ? 'group:' : 'client-metrics:'
      for (const key of image.configs.keys()) if (key.startsWith(prefix)) yield key.slice(prefix.length)
    }
  }
}
