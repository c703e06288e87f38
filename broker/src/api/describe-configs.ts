/**
 * DescribeConfigs (key 32): settings in force, each with where it comes from and what stands behind it (KIP-133, KIP-226).
 *
 *   v3 types and documentation (KIP-569); v4 flexible
 */
import { ResourceType } from '../controller/config-decisions.ts'
import { checkName } from '../controller/topic-decisions.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../messages/describe-configs.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { api, type Services } from './api.ts'
import {
  brokerEntries,
  clientMetricsEntries,
  clusterEntries,
  groupEntries,
  loggerEntries,
  topicEntries,
} from './config-entries.ts'

export const DescribeConfigs = api({
  request: DescribeConfigsRequest,
  response: DescribeConfigsResponse,
  handle: (services, request, _context, reply) => {
    const results = request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
      const resource = { resourceType, resourceName }
      try {
        const configs = entriesOf(services, resourceType, resourceName)
          .filter(({ name }) => !configurationKeys?.length || configurationKeys.includes(name))
          .map((entry) => ({
            ...entry,
            synonyms: request.includeSynonyms ? entry.synonyms : [],
            documentation: request.includeDocumentation ? entry.documentation : null,
          }))
        return { ...resource, errorCode: ErrorCode.NONE, errorMessage: '', configs }
      } catch (error) {
        const errorMessage = error instanceof KafkaError ? error.message : null
        return { ...resource, errorCode: services.replicas.errorCodeOf(error), errorMessage, configs: [] }
      }
    })
    reply({ results })
  },
})

function entriesOf(services: Services, type: number, name: string) {
  const { configs } = services.metadata()
  switch (type) {
    case ResourceType.TOPIC:
      checkName(name)
      if (!services.metadata().topic(name)) {
        throw new KafkaError(
          ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
          'This server does not host this topic-partition.',
        )
      }
      return topicEntries(configs.get(`topic:${name}`), services.config)
    case ResourceType.BROKER:
      if (name === '') return clusterEntries(configs.get('broker:'))
      checkBroker(services, name)
      return brokerEntries(services.config)
    case ResourceType.BROKER_LOGGER:
      checkBroker(services, name)
      return loggerEntries()
    case ResourceType.GROUP:
      checkNamed(name, 'Group name')
      return groupEntries(configs.get(`group:${name}`), services.config)
    case ResourceType.CLIENT_METRICS:
      checkNamed(name, 'Client metrics subscription name')
      return clientMetricsEntries(configs.get(`client-metrics:${name}`))
    default:
      throw new KafkaError(ErrorCode.INVALID_REQUEST, `Unsupported resource type: ${type}`)
  }
}

function checkNamed(name: string, what: string): void {
  if (name === '') throw new KafkaError(ErrorCode.INVALID_REQUEST, `${what} must not be empty`)
}

/** A broker tells of itself only: its static settings are known to nobody else. */
function checkBroker({ nodeId }: Services, name: string): void {
  if (!/^-?\d+$/.test(name)) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, `Broker id must be an integer, but it is: ${name}`)
  }
  if (Number(name) === nodeId) return
  throw new KafkaError(
    ErrorCode.INVALID_REQUEST,
    `Unexpected broker id, expected ${nodeId} or empty string, but received ${name}`,
  )
}
