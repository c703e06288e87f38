/**
 * AlterConfigs (key 33): replaces all configs of a topic, a broker or a group.
 *
 * Keys that are not named go back to their defaults, so two admins undo each other's changes: IncrementalAlterConfigs
 * replaced it (KIP-339). Old clients, and kafkajs, still send it.
 *
 * ALTER-CONFIGS-1  each resource is changed completely or not at all; an error in one does not affect the others
 */
import { Operation, toIncrementalChanges } from '../../controller/decisions/config-decisions.ts'
import { AlterConfigsRequest, AlterConfigsResponse } from '../../messages/alter-configs.ts'
import { api } from '../api.ts'
import { collect } from '../collect.ts'
import { type Altered, alterResource, countOf, twice } from './incremental-alter-configs.ts'

export const AlterConfigs = api({
  request: AlterConfigsRequest,
  response: AlterConfigsResponse,
  inTurns: true,
  handle: (services, { resources, validateOnly }, context, reply) => {
    const timesNamed = countOf(resources)
    collect<AlterConfigsRequest['resources'][number], Altered>(
      services,
      context,
      resources,
      (resource, done) => {
        const { resourceType, resourceName, configs } = resource
        const failed = twice(timesNamed, resource)
        if (failed) return done(failed)
        const named = configs.map(({ name, value }) => ({ name, value, operation: Operation.SET }))
        const changes = () => toIncrementalChanges(services.metadata(), resourceType, resourceName, configs)
        alterResource(
          services,
          { resourceType, resourceName, named, changes, validateOnly, replaces: true },
          done,
        )
      },
      (responses) => reply({ responses }),
    )
  },
})
