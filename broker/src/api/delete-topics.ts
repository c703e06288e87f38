/**
 * DeleteTopics (key 20): remove these topics, by name or, since v6, by id (KIP-516).
 *
 * A name is looked up once, here: if somebody makes a topic of that name anew meanwhile, the new one stays. The
 * topic is gone from the metadata when the answer comes; its files go later (file.delete.delay.ms).
 * (ControllerApis.deleteTopics)
 *
 * D1  what is named twice is refused, and the rest is deleted
 */
import type { MetadataImage } from '../controller/metadata-image.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../messages/delete-topics.ts'
import { ErrorCode } from '../wire/errors.ts'
import { groupBy } from '../wire/group-by.ts'
import type { InputOf } from '../wire/schema.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { api } from './api.ts'
import { tooLate } from './request-deadline.ts'

type Result = NonNullable<InputOf<typeof DeleteTopicsResponse>['responses']>[number]

/** Null or the zero id where the client has not said it. */
interface Wanted {
  readonly name: string | null
  readonly topicId: string
}

const BY_ID_SINCE = 6
const DISABLED_SINCE = 3
/** From this version on clients know the error of a quota (KIP-599). */
const STRICT_SINCE = 5

export const DeleteTopics = api({
  request: DeleteTopicsRequest,
  response: DeleteTopicsResponse,
  handle: ({ controller, config, quotas }, request, { apiVersion, usage }, reply) => {
    const named = request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }))
    const wanted: Wanted[] = apiVersion >= BY_ID_SINCE ? request.topics : named
    if (!config.get('delete.topic.enable')) {
      const code =
        apiVersion >= DISABLED_SINCE ? ErrorCode.TOPIC_DELETION_DISABLED : ErrorCode.INVALID_REQUEST
      return reply({ responses: wanted.map((each) => refused(each, code, 'Topic deletion is disabled.')) })
    }
    const late = hasClear(wanted) ? tooLate(DeleteTopics, request, apiVersion) : undefined
    if (late) return reply(late)
    const { found, failed } = lookUp(controller.image, wanted)
    const quota = quotas.mutations(usage, apiVersion >= STRICT_SINCE)
    controller.deleteTopics([...found.keys()], { charge: quota.charge }, (answers) => {
      const removed = [...found].map(([topicId, name], at) => {
        const { errorCode, message } = answers[at]!
        return { name, topicId, errorCode, errorMessage: message }
      })
      reply({ responses: [...failed, ...removed] }, Math.max(quota.throttleMs(), quotas.handled(usage)))
    })
  },
})

const byId = (each: Wanted): boolean => each.name === null

function grouped(wanted: readonly Wanted[]) {
  return groupBy(wanted, (each) => (byId(each) ? each.topicId : `name ${each.name}`))
}

/** Whether at least one topic is named once, and clearly: then the controller is asked about it. */
function hasClear(wanted: readonly Wanted[]): boolean {
  return [...grouped(wanted).values()].some(([first, ...others]) => others.length === 0 && !ambiguity(first!))
}

/** The topics that are meant, names by id, and the answers for what means none (D1). */
function lookUp(image: MetadataImage, wanted: readonly Wanted[]) {
  const found = new Map<string, string>()
  const failed: Result[] = []
  const groups = grouped(wanted)
  // Ids before names: whoever names a topic twice, once by each, is told so for the name.
  for (const [first, ...others] of [...groups.values()].sort(
    ([a], [b]) => Number(byId(b!)) - Number(byId(a!)),
  )) {
    const each = first!
    const topic = byId(each) ? image.topicById(each.topicId) : image.topic(each.name!)
    const why = ambiguity(each) ?? (others.length > 0 ? twice(each) : undefined)
    if (why) failed.push(refused(each, ErrorCode.INVALID_REQUEST, why))
    else if (!topic) failed.push(unknown(each))
    else if (!found.delete(topic.id)) found.set(topic.id, topic.name)
    else failed.push(refused(topic, ErrorCode.INVALID_REQUEST, BY_BOTH, topic.id))
  }
  return { found, failed }
}

const BY_BOTH = 'The provided topic name maps to an ID that was already supplied.'

function twice({ name }: Wanted): string {
  return `Duplicate topic ${name === null ? 'id' : 'name'}.`
}

/** Why nobody can say which topic is meant. */
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
