/**
 * CreatePartitions (key 37): adds partitions to topics (KIP-195).
 *
 * Keys map to other partitions afterwards, and no record is moved. Each topic has its own result.
 * (ControllerApis.createPartitions)
 */
import type { NewPartitions } from '../../controller/decisions/partition-decisions.ts'
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  type CreatePartitionsRequest as Request,
} from '../../messages/create-partitions.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import { api } from '../api.ts'
import { forEachInTurns, groupInTurns, mapInTurns } from '../in-turns.ts'
import { deadlineOf, tooLate } from '../request-deadline.ts'

type Result = NonNullable<InputOf<typeof CreatePartitionsResponse>['results']>[number]

/** Since this version clients know the quota error (KIP-599). */
const STRICT_SINCE = 3

export const CreatePartitions = api({
  request: CreatePartitionsRequest,
  response: CreatePartitionsResponse,
  inTurns: true,
  decides: true,
  forwards: true,
  handle: (services, request, context, reply) => {
    const { controller, quotas, turns } = services
    const { topics, validateOnly } = request
    const { apiVersion, usage } = context
    context.inTurns(sorted(turns, topics), ({ changes, refused }) => {
      const late = changes.length > 0 ? tooLate(CreatePartitions, request, apiVersion) : undefined
      if (late) return reply(late)
      const quota = quotas.mutations(usage, apiVersion >= STRICT_SINCE)
      const options = { validateOnly, charge: quota.charge, deadlineMs: deadlineOf(services, request) }
      context.staysInWork()
      controller.createPartitions(changes, options, (answers) => {
        const results = mapInTurns(turns, answers, ({ errorCode, message }, at) => ({
          name: changes[at]!.name,
          errorCode,
          errorMessage: message,
        }))
        context.inTurns(results, (changed) =>
          reply({ results: [...changed, ...refused] }, Math.max(quota.throttleMs(), quotas.handled(usage))),
        )
      })
    })
  },
})

/** The changes for the controller, and the errors for topics that are named more than once. */
function* sorted(
  pace: Pace,
  topics: Request['topics'],
): Steps<{ changes: NewPartitions[]; refused: Result[] }> {
  const changes: NewPartitions[] = []
  const refused: Result[] = []
  const groups = yield* groupInTurns(pace, topics, ({ name }) => name)
  yield* forEachInTurns(pace, groups, ([name, group]) => {
    if (group.length > 1) refused.push(duplicate(name))
    else changes.push(changeOf(group[0]!))
  })
  return { changes, refused }
}

function changeOf({ name, count, assignments }: Request['topics'][number]): NewPartitions {
  return { name, count, assignments: assignments?.map(({ brokerIds }) => brokerIds) ?? null }
}

function duplicate(name: string): Result {
  return { name, errorCode: ErrorCode.INVALID_REQUEST, errorMessage: 'Duplicate topic name.' }
}
