/**
 * DeleteTopics (key 20): remove these topics, by name or, since v6, by id (KIP-516).
 *
 * A name is looked up once, here: if somebody makes a topic of that name anew meanwhile, the new one stays. The
 * topic is gone from the metadata when the answer comes; its files go later (file.delete.delay.ms).
 * (ControllerApis.deleteTopics)
 *
 * D1  what is named twice is refused, and the rest is deleted
 */
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../messages/delete-topics.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { InputOf } from '../wire/schema.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { api, type Services } from './api.ts'
import { collect } from './collect.ts'

type Result = NonNullable<InputOf<typeof DeleteTopicsResponse>['responses']>[number]

/** Null or the zero id where the client has not said it. */
interface Wanted {
  readonly name: string | null
  readonly topicId: string
}

const BY_ID_SINCE = 6
const DISABLED_SINCE = 3

export const DeleteTopics = api({
  request: DeleteTopicsRequest,
  response: DeleteTopicsResponse,
  handle: (services, request, { apiVersion }, reply) => {
    const named = request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }))
    const wanted: Wanted[] = apiVersion >= BY_ID_SINCE ? request.topics : named
    const enabled = services.config.get('delete.topic.enable')
    const disabled =
      apiVersion >= DISABLED_SINCE ? ErrorCode.TOPIC_DELETION_DISABLED : ErrorCode.INVALID_REQUEST
    const groups = Map.groupBy(wanted, ({ name, topicId }) => name ?? topicId)
    collect<Wanted[], Result>(
      [...groups.values()],
      (same, done) => {
        const [first] = same
        if (!enabled) return done(refused(first!, disabled, null))
        if (same.length > 1)
          return done(
            refused(
              first!,
              ErrorCode.INVALID_REQUEST,
              `Duplicate topic ${first!.name === null ? 'id' : 'name'}.`,
            ),
          )
        remove(services, first!, done)
      },
      (responses) => reply({ responses }),
    )
  },
})

function remove({ controller }: Services, wanted: Wanted, done: (result: Result) => void): void {
  const { name, topicId } = wanted
  const ambiguous = ambiguity(wanted)
  const byId = topicId !== ZERO_UUID
  const topic = byId ? controller.image.topicById(topicId) : controller.image.topic(name ?? '')
  if (ambiguous) {
    done(refused(wanted, ErrorCode.INVALID_REQUEST, ambiguous))
  } else if (!topic) {
    done(refused(wanted, byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null))
  } else {
    controller.deleteTopic(topic.id, ({ errorCode, message }) => {
      done({ name: topic.name, topicId: topic.id, errorCode, errorMessage: message })
    })
  }
}

/** Why nobody can say which topic is meant. */
function ambiguity({ name, topicId }: Wanted): string | undefined {
  if (name === null && topicId === ZERO_UUID) return 'Neither topic name nor id were specified.'
  if (name !== null && topicId !== ZERO_UUID) return 'You may not specify both topic name and topic id.'
  return undefined
}

function refused({ name, topicId }: Wanted, errorCode: ErrorCode, why: string | null): Result {
  return { name, topicId, errorCode, errorMessage: why ?? DEFAULT_MESSAGES[errorCode] ?? null }
}

const DEFAULT_MESSAGES: Readonly<Partial<Record<number, string>>> = {
  [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION]: 'This server does not host this topic-partition.',
  [ErrorCode.UNKNOWN_TOPIC_ID]: 'This server does not host this topic ID.',
  [ErrorCode.TOPIC_DELETION_DISABLED]: 'Topic deletion is disabled.',
}
