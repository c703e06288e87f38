/**
 * IncrementalAlterConfigs (key 44): changes single configs of a topic, a broker or a group, and keeps the others.
 *
 *   operation   0 set   1 delete   2 append to a list   3 subtract from a list   (KIP-339)
 *
 * Some keys of a broker may change while it runs (KIP-226): for one broker or, with an empty name, for all. A change is
 * a record of the metadata log, which every node applies.
 *
 * INCREMENTAL-CONFIGS-1  each resource is changed completely or not at all; an error in one does not affect the others
 */
import { checkBrokerChanges, checkIsThisBroker } from '../../controller/decisions/broker-config-decisions.ts'
import {
  type ConfigChange,
  checkForm,
  ResourceType,
  resourceOf,
} from '../../controller/decisions/config-decisions.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../../messages/incremental-alter-configs.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { collect } from '../collect.ts'

export interface Altered {
  readonly resourceType: number
  readonly resourceName: string
  readonly errorCode: ErrorCode
  readonly errorMessage: string | null
}

type Named = Pick<Altered, 'resourceType' | 'resourceName'>

export const IncrementalAlterConfigs = api({
  request: IncrementalAlterConfigsRequest,
  response: IncrementalAlterConfigsResponse,
  inTurns: true,
  handle: (services, { resources, validateOnly }, context, reply) => {
    const timesNamed = countOf(resources)
    collect<IncrementalAlterConfigsRequest['resources'][number], Altered>(
      services,
      context,
      resources,
      (resource, done) => {
        const failed = twice(timesNamed, resource)
        if (failed) return done(failed)
        const { resourceType, resourceName, configs } = resource
        const changes = configs.map(({ name, configOperation, value }) => ({
          name,
          operation: configOperation,
          value,
        }))
        const alteration = { named: changes, changes: () => changes, replaces: false, validateOnly }
        alterResource(services, { resourceType, resourceName, ...alteration }, done)
      },
      (responses) => reply({ responses }),
    )
  },
})

/** How often each resource is named. */
export function countOf(all: readonly Named[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const each of all) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1)
  return counts
}

function keyOf({ resourceType, resourceName }: Named): string {
  return `${resourceType}:${resourceName}`
}

/** The error for a resource that the request names more than once. */
export function twice(timesNamed: ReadonlyMap<string, number>, named: Named): Altered | undefined {
  if (timesNamed.get(keyOf(named)) === 1) return undefined
  const { resourceType, resourceName } = named
  const errorMessage = 'Each resource must appear at most once.'
  return { resourceType, resourceName, errorCode: ErrorCode.INVALID_REQUEST, errorMessage }
}

interface Alteration extends Named {
  /** The changes in the request. */
  readonly named: readonly ConfigChange[]
  /** These changes, and those that follow from them. Throws KafkaError. */
  readonly changes: () => readonly ConfigChange[]
  /** Whether all earlier configs are removed (AlterConfigs). */
  readonly replaces: boolean
  readonly validateOnly: boolean
}

/** Changes one resource; the result says why, if it fails. */
export function alterResource(
  services: Services,
  alteration: Alteration,
  done: (altered: Altered) => void,
): void {
  const { resourceType, resourceName, validateOnly } = alteration
  const answer = (errorCode: ErrorCode, message: string | null): void => {
    // For its internal errors, Kafka returns no details.
    const errorMessage = errorCode === ErrorCode.UNKNOWN_SERVER_ERROR ? null : message
    done({ resourceType, resourceName, errorCode, errorMessage })
  }
  try {
    checkForm(alteration.named)
    if (resourceType === ResourceType.BROKER_LOGGER && !alteration.replaces) {
      checkIsThisBroker(services.nodeId, resourceName, 'Unexpected node id. Expected')
      services.loggers.change(alteration.named, validateOnly)
      return answer(ErrorCode.NONE, null)
    }
    if (resourceType === ResourceType.BROKER) checkOwnSettings(services, alteration)
    const changes = alteration.changes()
    services.controller.alterConfigs(resourceType, resourceName, changes, validateOnly, (outcome) =>
      answer(outcome.errorCode, outcome.message),
    )
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    answer(error.code, error.message)
  }
}

/** A broker's configs are validated by that broker. */
function checkOwnSettings({ config, nodeId, metadata }: Services, alteration: Alteration): void {
  const { resourceName, named, replaces } = alteration
  if (resourceName !== '') checkIsThisBroker(nodeId, resourceName)
  const own = metadata().configs.get(resourceOf(ResourceType.BROKER, resourceName)) ?? new Map()
  checkBrokerChanges(config, resourceName, replaces ? new Map() : own, named)
}
