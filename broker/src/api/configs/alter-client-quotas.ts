/**
 * AlterClientQuotas (key 49): sets and removes quotas of users, client ids and addresses (KIP-546).
 *
 * Each entity has its own result. Brokers apply a new quota from their next request on (quota/client-quotas.ts).
 * (ControllerApis.handleAlterClientQuotas)
 */
import type { Outcome } from '../../controller/controller.ts'
import type { QuotaChange } from '../../controller/decisions/quota-decisions.ts'
import { componentsOf, inOrderOfChanges, inOrderOfResults } from '../../controller/decisions/quota-order.ts'
import type { QuotaEntity } from '../../controller/metadata/metadata-image.ts'
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
  type AlterClientQuotasRequest as Request,
} from '../../messages/alter-client-quotas.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { groupInTurns, mapInTurns } from '../in-turns.ts'

type Entry = Request['entries'][number]
type Entity = Entry['entity']

export const AlterClientQuotas = api({
  request: AlterClientQuotasRequest,
  response: AlterClientQuotasResponse,
  inTurns: true,
  handle: ({ controller, turns }, { entries, validateOnly }, context, reply) => {
    context.inTurns(
      groupInTurns(turns, entries, ({ entity }) => named(entity)),
      (byEntity) => {
        const groups = inOrderOfChanges(byEntity.values(), ([first]) => namesOf(first!.entity))
        context.inTurns(
          mapInTurns(turns, groups, ([first]) => changeOf(first!)),
          (changes) =>
            controller.alterClientQuotas(changes, validateOnly, (answers) => {
              const results = mapInTurns(turns, groups, (group, at) => {
                const [{ entity }] = group as [Entry]
                const { errorCode, message } = isAmbiguous(group) ? twice(entity) : answers[at]!
                return { errorCode, errorMessage: message, entity: inOrder(entity) }
              })
              // Entities in the same bucket are listed in the order of the request.
              context.inTurns(results, (altered) =>
                reply({ entries: inOrderOfResults(altered.reverse(), (each) => namesOf(each.entity)) }),
              )
            }),
        )
      },
    )
  },
})

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
