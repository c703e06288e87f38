/**
 * DescribeClientQuotas (key 48): lists client quotas by entity. (KIP-546)
 *
 *   exact     user=u          the quotas of u
 *   default   user=<default>  the quotas of users that have none of their own
 *   any       user=*          all quotas of users, including the default
 *
 * An entity matches if it has all requested components; with `strict` it must have no others: a strict user=u does not
 * return the quotas of u with a client id. (ClientQuotaCache)
 */

import { componentsOf, limitsInOrder, quotasInOrder } from '../../controller/decisions/quota-order.ts'
import type { MetadataImage, QuotaImage } from '../../controller/metadata/metadata-image.ts'
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
  type DescribeClientQuotasRequest as Request,
} from '../../messages/describe-client-quotas.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api, FEW } from '../api.ts'
import { filterInTurns, mapInTurns } from '../in-turns.ts'

type Component = Request['components'][number]

const TYPES = ['user', 'client-id', 'ip']
const ALONE =
  'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.'

const EXACT = 0
const DEFAULT = 1
const ANY = 2

export const DescribeClientQuotas = api({
  request: DescribeClientQuotasRequest,
  response: DescribeClientQuotasResponse,
  isLarge: ({ metadata }) => metadata().quotas.size > FEW,
  *steps({ metadata, turns }, request) {
    const { components, strict } = request
    try {
      checkFilter(components)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { errorCode: error.code, errorMessage: error.message, entries: null }
    }
    const found = yield* filterInTurns(
      turns,
      allInOrder(metadata()),
      (quota) =>
        components.every((component) => matches(quota, component)) &&
        (!strict || Object.keys(quota.entity).length === components.length),
    )
    const entries = yield* mapInTurns(turns, found, (quota) => ({
      entity: componentsOf(quota.entity),
      values: limitsInOrder(quota),
    }))
    return { errorCode: ErrorCode.NONE, errorMessage: '', entries }
  },
})

/** Sorted once after each change. */
const sorted = new WeakMap<MetadataImage['quotas'], readonly QuotaImage[]>()

function allInOrder({ quotas }: MetadataImage): readonly QuotaImage[] {
  const inOrder = sorted.get(quotas) ?? quotasInOrder(quotas.values())
  sorted.set(quotas, inOrder)
  return inOrder
}

function matches({ entity }: QuotaImage, { entityType, matchType, match }: Component): boolean {
  const name = entity[entityType]
  if (name === undefined) return false
  return matchType === ANY || name === (matchType === DEFAULT ? null : match)
}

function refuse(why: string, code: ErrorCode = ErrorCode.INVALID_REQUEST): never {
  throw new KafkaError(code, why)
}

/** Throws KafkaError if the filter is invalid. */
function checkFilter(components: readonly Component[]): void {
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') refuse('Invalid empty entity type.')
    if (!TYPES.includes(entityType))
      refuse(`Unsupported entity type ${entityType}`, ErrorCode.UNSUPPORTED_VERSION)
    if (matchType < EXACT || matchType > ANY) refuse(`Unknown match type ${matchType}`)
    if (matchType === EXACT && match === null)
      refuse('Request specified MATCH_TYPE_EXACT, but set match string to null.')
    if (matchType !== EXACT && match !== null) {
      const kind = matchType === DEFAULT ? 'DEFAULT' : 'SPECIFIED'
      refuse(`Request specified MATCH_TYPE_${kind}, but also specified a match string.`)
    }
  }
  const types = components.map(({ entityType }) => entityType)
  const twice = types.find((type, at) => types.indexOf(type) !== at)
  if (twice !== undefined) refuse(`Entity type ${twice} cannot appear more than once in the filter.`)
  if (types.includes('ip') && types.length > 1) refuse(ALONE)
}
