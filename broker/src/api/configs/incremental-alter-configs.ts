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
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../../messages/incremental-alter-configs.ts'
import { type Api, api } from '../api.ts'
import { type Altered, alterResources, forwardRest } from './alter-resources.ts'

type Resource = IncrementalAlterConfigsRequest['resources'][number]

export const IncrementalAlterConfigs: Api = api({
  request: IncrementalAlterConfigsRequest,
  response: IncrementalAlterConfigsResponse,
  inTurns: true,
  decides: true,
  forwards: 'in part',
  handle: (services, { resources, validateOnly }, context, reply) => {
    const forward = (rest: readonly Resource[], done: (results: Altered[]) => void): void =>
      forwardRest(services, IncrementalAlterConfigs, context, { resources: rest, validateOnly }, done)
    const request = { resources, changesOf, replaces: false, validateOnly, forward }
    alterResources(services, context, request, (responses) => reply({ responses }))
  },
  handleForwarded: (services, { resources, validateOnly }, context, reply) => {
    const request = { resources, changesOf, replaces: false, validateOnly, forward: undefined }
    alterResources(services, context, request, (responses) => reply({ responses }))
  },
})

function changesOf({ configs }: Resource) {
  return configs.map(({ name, configOperation, value }) => ({ name, operation: configOperation, value }))
}
