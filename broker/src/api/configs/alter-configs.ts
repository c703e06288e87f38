/**
 * AlterConfigs (key 33): these and no other settings, for a topic, a broker or a group.
 *
 * What is not named goes back to its default, so two admins undo each other's work: IncrementalAlterConfigs replaced
 * it (KIP-339). Old clients, and kafkajs, still send it.
 *
 * ALTER-CONFIGS-1  per resource all or nothing; one resource's error does not spoil the others
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
