/**
 * CreateTopics (key 19).
 *
 *   v4 -1 for the broker's defaults (KIP-464); v5 flexible, the answer tells partitions and settings (KIP-525);
 *   v6 throttling error; v7 topic id (KIP-516)
 *
 * A topic is answered for when its partitions are served: who produces next finds it.
 */
import { CreateTopicsRequest, CreateTopicsResponse } from '../messages/create-topics.ts'
import { ErrorCode } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { api, type Services } from './api.ts'
import { collect } from './collect.ts'
import { topicEntries } from './config-entries.ts'

type Wanted = CreateTopicsRequest['topics'][number]

export const CreateTopics = api({
  request: CreateTopicsRequest,
  response: CreateTopicsResponse,
  handle: (services, request, _context, reply) => {
    const times = new Map<string, number>()
    for (const { name } of request.topics) times.set(name, (times.get(name) ?? 0) + 1)
    const topics = [...new Map(request.topics.map((topic) => [topic.name, topic])).values()]
    collect(
      topics,
      (topic, done: (result: ReturnType<typeof failed>) => void) => {
        const refused = refusal(topic.name, times.get(topic.name)!)
        if (refused) done(failed(topic.name, ErrorCode.INVALID_REQUEST, refused))
        else create(services, topic, request.validateOnly, done)
      },
      (results) => reply({ topics: results }),
    )
  },
})

/** Why a name is not even looked at. */
function refusal(name: string, times: number): string | undefined {
  if (times > 1) return 'Found multiple entries for this topic.'
  // The log of the controllers lies beside the topics' logs, under this name.
  return name === '__cluster_metadata' ? `Creation of internal topic ${name} is prohibited.` : undefined
}

function create(
  services: Services,
  topic: Wanted,
  validateOnly: boolean,
  done: (result: ReturnType<typeof failed>) => void,
): void {
  services.controller.createTopic(topic, validateOnly, ({ errorCode, message }, created) => {
    if (errorCode !== ErrorCode.NONE || !created) return done(failed(topic.name, errorCode, message))
    done({
      name: created.name,
      topicId: validateOnly ? ZERO_UUID : created.id,
      errorCode,
      errorMessage: null,
      numPartitions: created.partitions.length,
      replicationFactor: created.partitions[0]!.replicas.length,
      configs: topicEntries(
        new Map(topic.configs.map(({ name, value }) => [name, value ?? ''])),
        services.config,
      ),
    })
  })
}

function failed(name: string, errorCode: ErrorCode, errorMessage: string | null) {
  return {
    name,
    topicId: ZERO_UUID,
    errorCode,
    errorMessage,
    numPartitions: -1,
    replicationFactor: -1,
    configs: [] as ReturnType<typeof topicEntries>,
  }
}
