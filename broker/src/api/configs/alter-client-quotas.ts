/**
 * AlterClientQuotas (key 49): sets and removes quotas of users, client ids and addresses (KIP-546).
 *
 * Each entity has its own result. Brokers apply a new quota from their next request on (quota/client-quotas.ts).
 * (ControllerApis.handleAlterClientQuotas)
 */
import type { Outcome } from '../../controller/controller.ts'
import type { QuotaChange } from '../../controller/decisions/quota-decisions.ts'
import { componentsOf, inOrderOfChanges, inOrderOfResults } from '../../controller/decisions/quota-order.ts'
import { RECORDS_MAX } from '../../controller/decisions/topic-decisions.ts'
import type { QuotaEntity } from '../../controller/metadata/metadata-image.ts'
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
  type AlterClientQuotasRequest as Request,
} from '../../messages/alter-client-quotas.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { groupInTurns, mapInTurns } from '../in-turns.ts'

type Entry = Request['entries'][number]
type Entity = Entry['entity']

export const AlterClientQuotas = api({
  request: AlterClientQuotasRequest,
  response: AlterClientQuotasResponse,
  inTurns: true,
  decides: true,
  forwards: true,
  handle: (services, { entries, validateOnly }, context, reply) => {
    const { controller, turns } = services
    context.inTurns(changesOf(turns, entries), ({ groups, changes }) => {
      context.staysInWork()
      controller.alterClientQuotas(changes, validateOnly, (answers) => {
        const results = mapInTurns(turns, groups, (group, at) => {
          const [{ entity }] = group as [Entry]
          const { errorCode, message } = isAmbiguous(group) ? twice(entity) : answers[at]!
          return { errorCode, errorMessage: message, entity: inOrder(entity) }
        })
        context.inTurns(results, (altered) => {
          if (altered.length > RECORDS_MAX) return reply({ entries: altered })
          // Entities in the same bucket are listed in the order of the request.
          reply({ entries: inOrderOfResults(altered.reverse(), (each) => namesOf(each.entity)) })
        })
      })
    })
  },
})

/**
 * The entries by entity, and the change of each entity, in Kafka's order. A request with too many entities is refused
 * whatever their order, so they are not sorted.
 */
function* changesOf(
  pace: Pace,
  entries: readonly Entry[],
): Steps<{ groups: readonly Entry[][]; changes: QuotaChange[] }> {
  const byEntity = yield* groupInTurns(pace, entries, ({ entity }) => named(entity))
  const groups =
    byEntity.size > RECORDS_MAX
      ? [...byEntity.values()]
      : inOrderOfChanges(byEntity.values(), ([first]) => namesOf(first!.entity))
  return { groups, changes: yield* mapInTurns(pace, groups, ([first]) => changeOf(first!)) }
}

function changeOf(entry: Entry): QuotaChange {
  const ops = isAmbiguous([entry]) ? [] : entry.ops
  const changes = ops.map(({ key, value, remove }) => ({ key, value: remove ? null : value }))
  return { entity: entry.entity, ops: changes }
}

/** An entity or a key that is named twice: the first entry is applied, and neither is refused (as in Kafka). */
function isAmbiguous(entries: readonly Entry[]): boolean {
  const keys = entries[0]!.ops.map(({ key }) => key)
  return entries.length > 1 || new Set(keys).size < keys.length
}

function twice(entity: Entity): Outcome {
  const message = `Ignoring duplicate entity ClientQuotaEntity(entries={${named(entity)}})`
  return { errorCode: ErrorCode.INVALID_REQUEST, message }
}

function named(entity: Entity): string {
  return inOrder(entity)
    .map(({ entityType, entityName }) => `${entityType}=${entityName}`)
    .join(', ')
}

/** If an entity type is named twice, the last name counts. */
function namesOf(entity: Entity): QuotaEntity {
  return Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName]))
}

function inOrder(entity: Entity): Entity {
  return componentsOf(namesOf(entity), 'made for so many')
}
