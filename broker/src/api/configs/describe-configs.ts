/**
 * DescribeConfigs (key 32): effective configs, each with its source and its synonyms (KIP-133, KIP-226).
 *
 *   v3 types and documentation (KIP-569); v4 flexible
 *
 * A resource that is named many times is returned as often, as in Kafka, but described once. Topics (or groups) with equal
 * configs share their description: that of 20,000 topics without own configs is built once.
 */

import { parseInt32 } from '../../config/config-value.ts'
import { ResourceType } from '../../controller/decisions/config-decisions.ts'
import { checkName } from '../../controller/decisions/topic-decisions.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../../messages/describe-configs.ts'
import { repeated } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { mapInTurns } from '../in-turns.ts'
import {
  brokerEntries,
  clientMetricsEntries,
  clusterEntries,
  groupEntries,
  loggerEntries,
  topicEntries,
} from './config-entries.ts'

type Resource = DescribeConfigsRequest['resources'][number]

const TYPES: ReadonlySet<number> = new Set(Object.values(ResourceType))

export const DescribeConfigs = api({
  request: DescribeConfigsRequest,
  response: DescribeConfigsResponse,
  *steps(services, request) {
    const { turns } = services
    const { resources } = request
    if (!resources.every(({ resourceType }) => TYPES.has(resourceType)))
      return { results: yield* mapInTurns(turns, resources, malformed) }
    const known = new Map<string, ReturnType<typeof describe>>()
    const alike: Alike = new Map()
    const once = (resource: Resource): ReturnType<typeof describe> => {
      const key = JSON.stringify(resource)
      const described = known.get(key) ?? describe(services, request, resource, alike)
      known.set(key, described)
      return described
    }
    return { results: yield* mapInTurns(turns, resources, once) }
  },
})

type Described = ReturnType<typeof described>
/** Descriptions by the configs that they depend on. */
type Alike = Map<string, Described>

function describe(
  services: Services,
  request: DescribeConfigsRequest,
  { resourceType, resourceName, configurationKeys }: Resource,
  alike: Alike,
) {
  const resource = { resourceType, resourceName }
  try {
    const { own, entries } = settingsOf(services, resourceType, resourceName)
    // The configs of other resources depend on their names.
    const key = own && JSON.stringify([resourceType, [...own], configurationKeys])
    const before = key === undefined ? undefined : alike.get(key)
    const configs = before ?? repeated(described(entries(), request, configurationKeys))
    if (key !== undefined) alike.set(key, configs)
    return { ...resource, errorCode: ErrorCode.NONE, errorMessage: '', configs }
  } catch (error) {
    const errorMessage = error instanceof KafkaError ? error.message : null
    return { ...resource, errorCode: services.replicas.errorCodeOf(error), errorMessage, configs: [] }
  }
}

function described(
  entries: Entries,
  { includeSynonyms, includeDocumentation }: DescribeConfigsRequest,
  configurationKeys: Resource['configurationKeys'],
) {
  const wanted = configurationKeys?.length ? new Set(configurationKeys) : undefined
  return entries
    .filter(({ name }) => !wanted || wanted.has(name))
    .map((entry) => ({
      ...entry,
      synonyms: includeSynonyms ? entry.synonyms : [],
      // A logger always has an empty documentation.
      documentation: includeDocumentation || entry.documentation === '' ? entry.documentation : null,
    }))
}

/** An unknown resource type fails the whole request: Kafka does not get to the others. */
function malformed({ resourceType, resourceName }: Resource) {
  const what = 'This most likely occurs because of a request being malformed by the client library'
  const errorMessage = `${what} or the message was sent to an incompatible broker. See the broker logs for more details.`
  return { resourceType, resourceName, errorCode: ErrorCode.INVALID_REQUEST, errorMessage, configs: [] }
}

type Entries = ReturnType<typeof topicEntries>

/** The resource's own configs, if its description depends on nothing else, and its entries. */
interface Settings {
  readonly own?: ReadonlyMap<string, string>
  readonly entries: () => Entries
}

const NOTHING: ReadonlyMap<string, string> = new Map()

/** Throws KafkaError. */
function settingsOf(services: Services, type: number, name: string): Settings {
  const { configs } = services.metadata()
  switch (type) {
    case ResourceType.TOPIC:
      checkName(name)
      if (!services.metadata().topic(name)) {
        throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, '')
      }
      return ofOwn(configs.get(`topic:${name}`), (own) => topicEntries(own, services.config))
    case ResourceType.BROKER:
      if (name === '') return { entries: () => clusterEntries(configs.get('broker:')) }
      checkBroker(services, name, ' or empty string,')
      return { entries: () => brokerEntries(services.config) }
    case ResourceType.BROKER_LOGGER:
      checkNamed(name, 'Broker id')
      checkBroker(services, name, '')
      return { entries: () => loggerEntries(services.loggers) }
    case ResourceType.GROUP:
      checkNamed(name, 'Group name')
      return ofOwn(configs.get(`group:${name}`), (own) => groupEntries(own, services.config))
    default:
      checkNamed(name, 'Client metrics subscription name')
      return ofOwn(configs.get(`client-metrics:${name}`), clientMetricsEntries)
  }
}

function ofOwn(
  own: ReadonlyMap<string, string> = NOTHING,
  entriesOf: (own: ReadonlyMap<string, string>) => Entries,
): Settings {
  return { own, entries: () => entriesOf(own) }
}

function checkNamed(name: string, what: string): void {
  if (name === '') throw new KafkaError(ErrorCode.INVALID_REQUEST, `${what} must not be empty`)
}

/** A broker describes only itself: no other node knows its static configs. */
function checkBroker({ nodeId }: Services, name: string, orElse: string): void {
  const id = parseInt32(name)
  if (id === undefined)
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Broker id must be an integer, but it is: ${name}`)
  if (id === nodeId) return
  const why = `Unexpected broker id, expected ${nodeId}${orElse} but received ${name}`
  throw new KafkaError(ErrorCode.INVALID_REQUEST, why)
}
