/**
 * DeleteTopics (key 20): deletes topics, by name or, since v6, by id (KIP-516).
 *
 * A name is resolved to an id once, here: if a new topic of the same name is created meanwhile, it is not deleted. When
 * the response is sent, the metadata does not contain the topic any more; its files are deleted later
 * (file.delete.delay.ms). (ControllerApis.deleteTopics)
 *
 * DELETE-TOPICS-1  topics that are named twice are refused, and the others are deleted
 */
import type { MetadataImage } from '../../controller/metadata/metadata-image.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../../messages/delete-topics.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { api } from '../api.ts'
import { forEachInTurns, groupInTurns, mapInTurns } from '../in-turns.ts'
import { deadlineOf, tooLate } from '../request-deadline.ts'

type Result = NonNullable<InputOf<typeof DeleteTopicsResponse>['responses']>[number]

/** A name or an id; the other one is null or the zero id. */
interface Wanted {
  readonly name: string | null
  readonly topicId: string
}

const BY_ID_SINCE = 6
const DISABLED_SINCE = 3
/** Since this version clients know the quota error (KIP-599). */
const STRICT_SINCE = 5

export const DeleteTopics = api({
  request: DeleteTopicsRequest,
  response: DeleteTopicsResponse,
  inTurns: true,
  decides: true,
  forwards: true,
  handle: (services, request, context, reply) => {
    const { controller, config, quotas, turns } = services
    const { apiVersion, usage } = context
    const named = request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }))
    const wanted: Wanted[] = apiVersion >= BY_ID_SINCE ? request.topics : named
    if (!config.get('delete.topic.enable')) {
      const code =
        apiVersion >= DISABLED_SINCE ? ErrorCode.TOPIC_DELETION_DISABLED : ErrorCode.INVALID_REQUEST
      const responses = mapInTurns(turns, wanted, (each) =>
        refused(each, code, 'Topic deletion is disabled.'),
      )
      return context.inTurns(responses, (all) => reply({ responses: all }))
    }
    context.inTurns(lookUp(turns, controller.image, wanted), ({ found, failed, hasClear }) => {
      const late = hasClear ? tooLate(DeleteTopics, request, apiVersion) : undefined
      if (late) return reply(late)
      const quota = quotas.mutations(usage, apiVersion >= STRICT_SINCE)
      const options = { charge: quota.charge, deadlineMs: deadlineOf(services, request) }
      context.staysInWork()
      controller.deleteTopics([...found.keys()], options, (answers) => {
        const removed = mapInTurns(turns, found, ([topicId, name], at) => {
          const { errorCode, message } = answers[at]!
          return { name, topicId, errorCode, errorMessage: message }
        })
        context.inTurns(removed, (all) =>
          reply({ responses: [...failed, ...all] }, Math.max(quota.throttleMs(), quotas.handled(usage))),
        )
      })
    })
  },
})

const byId = (each: Wanted): boolean => each.name === null

interface LookedUp {
  /** The topics to delete: names by id. */
  readonly found: ReadonlyMap<string, string>
  /** The errors for the others (DELETE-TOPICS-1). */
  readonly failed: readonly Result[]
  /** Whether at least one topic is named once and unambiguously: then the controller is called. */
  readonly hasClear: boolean
}

function* lookUp(pace: Pace, image: MetadataImage, wanted: readonly Wanted[]): Steps<LookedUp> {
  const found = new Map<string, string>()
  const failed: Result[] = []
  let hasClear = false
  const keyOf = (each: Wanted): string => (byId(each) ? each.topicId : `name ${each.name}`)
  const groups = [...(yield* groupInTurns(pace, wanted, keyOf)).values()]
  // Ids before names: if a topic is named by both, the error is returned for the name.
  const inOrder = [...groups.filter(([each]) => byId(each!)), ...groups.filter(([each]) => !byId(each!))]
  yield* forEachInTurns(pace, inOrder, (group) => {
    const each = group[0]!
    const topic = byId(each) ? image.topicById(each.topicId) : image.topic(each.name!)
    const why = ambiguity(each) ?? (group.length > 1 ? twice(each) : undefined)
    if (!why) hasClear = true
    if (why) failed.push(refused(each, ErrorCode.INVALID_REQUEST, why))
    else if (!topic) failed.push(unknown(each))
    else if (!found.delete(topic.id)) found.set(topic.id, topic.name)
    else failed.push(refused(topic, ErrorCode.INVALID_REQUEST, BY_BOTH, topic.id))
  })
  return { found, failed, hasClear }
}

const BY_BOTH = 'The provided topic name maps to an ID that was already supplied.'

function twice({ name }: Wanted): string {
  return `Duplicate topic ${name === null ? 'id' : 'name'}.`
}

/** Why the request is ambiguous. */
function ambiguity({ name, topicId }: Wanted): string | undefined {
  if (name === null && topicId === ZERO_UUID) return 'Neither topic name nor id were specified.'
  if (name !== null && topicId !== ZERO_UUID) return 'You may not specify both topic name and topic id.'
  return undefined
}

function refused(
  { name, topicId }: { name: string | null; topicId?: string },
  errorCode: ErrorCode,
  errorMessage: string,
  id = topicId ?? ZERO_UUID,
): Result {
  return { name, topicId: id, errorCode, errorMessage }
}

function unknown(wanted: Wanted): Result {
  return wanted.name === null
    ? refused(wanted, ErrorCode.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.')
    : refused(wanted, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.')
}
