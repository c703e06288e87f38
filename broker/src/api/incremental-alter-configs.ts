/**
 * IncrementalAlterConfigs (key 44): change these settings of a topic, a broker or a group, and leave the others alone.
 *
 *   operation   0 set   1 delete   2 append to a list   3 subtract from a list   (KIP-339)
 *
 * Some keys of a broker may change while it runs (KIP-226), for one broker or, with the name '', for all. What is
 * stored is a record of the metadata log; every node follows.
 *
 * I1  per resource all or nothing; one resource's error does not spoil the others
 */
import { type ConfigChange, ResourceType } from '../controller/config-decisions.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../messages/incremental-alter-configs.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api, type Services } from './api.ts'
import { collect } from './collect.ts'

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
  handle: (services, { resources, validateOnly }, _context, reply) => {
    collect<IncrementalAlterConfigsRequest['resources'][number], Altered>(
      resources,
      (resource, done) => {
        const failed = twice(resources, resource)
        if (failed) return done(failed)
        const { resourceType, resourceName, configs } = resource
        const changes = configs.map(({ name, configOperation, value }) => ({
          name,
          operation: configOperation,
          value,
        }))
        alterResource(services, { resourceType, resourceName, changes, validateOnly }, done)
      },
      (responses) => reply({ responses }),
    )
  },
})

/** The refusal of a resource that the request names more than once. */
export function twice(all: readonly Named[], { resourceType, resourceName }: Named): Altered | undefined {
  const same = all.filter((each) => each.resourceType === resourceType && each.resourceName === resourceName)
  if (same.length === 1) return undefined
  const errorMessage = 'Each resource must appear at most once.'
  return { resourceType, resourceName, errorCode: ErrorCode.INVALID_REQUEST, errorMessage }
}

/** Makes the changes of one resource, or says why not. */
export function alterResource(
  { controller, nodeId }: Services,
  resource: Named & { readonly changes: readonly ConfigChange[]; readonly validateOnly: boolean },
  done: (altered: Altered) => void,
): void {
  const { resourceType, resourceName, changes, validateOnly } = resource
  const misled = misdirected(nodeId, resource)
  if (misled) {
    done({ resourceType, resourceName, errorCode: ErrorCode.INVALID_REQUEST, errorMessage: misled })
    return
  }
  controller.alterConfigs(resourceType, resourceName, changes, validateOnly, ({ errorCode, message }) => {
    done({ resourceType, resourceName, errorCode, errorMessage: message })
  })
}

/** A broker's settings are changed where they count: at that broker. */
function misdirected(nodeId: number, { resourceType, resourceName }: Named): string | undefined {
  if (resourceType === ResourceType.BROKER_LOGGER) {
    return `The level of the log of broker ${nodeId} can't be changed while it runs.`
  }
  const isOther =
    resourceType === ResourceType.BROKER && /^\d+$/.test(resourceName) && Number(resourceName) !== nodeId
  return isOther ? `Unexpected broker id, expected ${nodeId}, but received ${resourceName}` : undefined
}
