/**
 * CreateTopics (key 19).
 *
 *   v4 -1 for the broker's defaults (KIP-464); v5 flexible, the response includes partitions and configs (KIP-525);
 *   v6 throttling error; v7 topic id (KIP-516)
 *
 * The response is sent when the partitions are served, so a client can produce right after it.
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import type { Answer } from '../../controller/controller.ts'
import type { NewTopicDecision } from '../../controller/decisions/topic-decisions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../messages/create-topics.ts'
import { METADATA_TOPIC } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { api } from '../api.ts'
import { topicEntries } from '../configs/config-entries.ts'
import { forEachInTurns, groupInTurns, mapInTurns } from '../in-turns.ts'
import { deadlineOf, tooLate } from '../request-deadline.ts'

type Wanted = CreateTopicsRequest['topics'][number]
type Result = ReturnType<typeof failed>

/** The log of the controllers lies beside the topics' logs, under this name. */
/** Since this version clients know the quota error (KIP-599). */
const STRICT_SINCE = 6

export const CreateTopics = api({
  request: CreateTopicsRequest,
  response: CreateTopicsResponse,
  inTurns: true,
  decides: true,
  forwards: true,
  handle: (services, request, context, reply) => {
    const { controller, quotas, turns } = services
    const { topics, validateOnly } = request
    const { apiVersion, usage } = context
    context.inTurns(sorted(turns, topics), ({ wanted, refused }) => {
      const late = wanted.length > 0 ? tooLate(CreateTopics, request, apiVersion) : undefined
      if (late) return reply(late)
      const quota = quotas.mutations(usage, apiVersion >= STRICT_SINCE)
      const options = { validateOnly, charge: quota.charge, deadlineMs: deadlineOf(services, request) }
      context.staysInWork()
      controller.createTopics(wanted, options, (answers) => {
        const byDefault = topicEntries(undefined, services.config)
        const results = mapInTurns(turns, answers, (answer, at) =>
          describe(wanted[at]!, answer, services.config, byDefault),
        )
        context.inTurns(results, (described) =>
          reply({ topics: [...described, ...refused] }, Math.max(quota.throttleMs(), quotas.handled(usage))),
        )
      })
    })
  },
})

/** The topics for the controller, and the errors for the others. */
function* sorted(pace: Pace, topics: readonly Wanted[]): Steps<{ wanted: Wanted[]; refused: Result[] }> {
  const wanted: Wanted[] = []
  const refused: Result[] = []
  const groups = yield* groupInTurns(pace, topics, ({ name }) => name)
  yield* forEachInTurns(pace, groups, ([name, group]) => {
    const why = refusal(name, group.length)
    if (why) refused.push(why)
    else wanted.push(group[0]!)
  })
  return { wanted, refused }
}

/** The error for a name that is refused without asking the controller. */
function refusal(name: string, times: number): Result | undefined {
  if (times > 1) return failed(name, ErrorCode.INVALID_REQUEST, 'Duplicate topic name.')
  const why = `Creation of internal topic ${name} is prohibited.`
  return name === METADATA_TOPIC ? failed(name, ErrorCode.INVALID_REQUEST, why) : undefined
}

function describe(
  topic: Wanted,
  { errorCode, message, decision }: Answer<NewTopicDecision>,
  config: BrokerConfig,
  byDefault: Result['configs'],
): Result {
  const { name, configs } = topic
  if (errorCode !== ErrorCode.NONE || !decision) return failed(name, errorCode, message)
  return {
    name,
    // With validateOnly, it is an id that no topic will get, as in Kafka.
    topicId: decision.topicId,
    errorCode,
    errorMessage: null,
    numPartitions: decision.replicas.length,
    replicationFactor: decision.replicas[0]!.length,
    configs:
      configs.length === 0
        ? byDefault
        : topicEntries(new Map(configs.map((each) => [each.name, each.value ?? ''])), config),
  }
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
