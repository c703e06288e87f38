/**
 * AlterConfigs (key 33): replaces all configs of a topic, a broker or a group.
 *
 * Keys that are not named go back to their defaults, so two admins undo each other's changes: IncrementalAlterConfigs
 * replaced it (KIP-339). Old clients, and kafkajs, still send it.
 *
 * ALTER-CONFIGS-1  each resource is changed completely or not at all; an error in one does not affect the others
 */
import { Operation } from '../../controller/decisions/config-decisions.ts'
import { AlterConfigsRequest, AlterConfigsResponse } from '../../messages/alter-configs.ts'
import { type Api, api } from '../api.ts'
import { type Altered, alterResources, forwardRest } from './alter-resources.ts'

type Resource = AlterConfigsRequest['resources'][number]

export const AlterConfigs: Api = api({
  request: AlterConfigsRequest,
  response: AlterConfigsResponse,
  inTurns: true,
  decides: true,
  forwards: 'in part',
  handle: (services, { resources, validateOnly }, context, reply) => {
    const forward = (rest: readonly Resource[], done: (results: Altered[]) => void): void =>
      forwardRest(services, AlterConfigs, context, { resources: rest, validateOnly }, done)
    const request = { resources, changesOf, replaces: true, validateOnly, forward }
    alterResources(services, context, request, (responses) => reply({ responses }))
  },
  handleForwarded: (services, { resources, validateOnly }, context, reply) => {
    const request = { resources, changesOf, replaces: true, validateOnly, forward: undefined }
    alterResources(services, context, request, (responses) => reply({ responses }))
  },
})

function changesOf({ configs }: Resource) {
  return configs.map(({ name, value }) => ({ name, value, operation: Operation.SET }))
}
