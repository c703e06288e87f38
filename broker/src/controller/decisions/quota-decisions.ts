/**
 * Decisions about quotas: may this limit be set for these clients? (ClientQuotaControlManager, KIP-546)
 *
 *   entity   a user, a client id, both, or an IP address; a null name is the default for all without a limit of their own
 *   limit    producer_byte_rate, consumer_byte_rate   bytes per second, whole numbers
 *            request_percentage                       of the time of one thread
 *            controller_mutation_rate                 partitions created or deleted per second (KIP-599)
 *            connection_creation_rate                 of an IP address: connections per second (KIP-612)
 *
 * QUOTA-DECISIONS-1  all changes of an entity are made, or none
 * QUOTA-DECISIONS-2  a change that changes nothing succeeds, and writes nothing
 * QUOTA-DECISIONS-3  the first error is returned, in the order in which Kafka checks the keys (quota-order.ts)
 */

import { addressOf } from '../../config/internet-address.ts'
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { inHashOrder, stringHash } from '../../wire/hash-order.ts'
import { type MetadataImage, type QuotaEntity, quotaKeyOf } from '../metadata/metadata-image.ts'
import { componentsOf } from './quota-order.ts'

/** Changes to the limits of one entity; a value of null removes a limit. */
export interface QuotaChange {
  readonly entity: readonly { readonly entityType: string; readonly entityName: string | null }[]
  readonly ops: readonly { readonly key: string; readonly value: number | null }[]
}

type Kind = 'int' | 'long' | 'double'

const USER_KEYS: Readonly<Record<string, Kind>> = {
  producer_byte_rate: 'long',
  consumer_byte_rate: 'long',
  request_percentage: 'double',
  controller_mutation_rate: 'double',
}
const ADDRESS_KEYS: Readonly<Record<string, Kind>> = { connection_creation_rate: 'int' }
const KIND_MAX: Readonly<Record<Kind, number>> = { int: 2 ** 31 - 1, long: 2 ** 63, double: Infinity }
const WHOLE_WITHIN = 1e-6

function refuse(why: string): never {
  throw new KafkaError(ErrorCode.INVALID_REQUEST, why)
}

/** The records of the changes. Throws KafkaError. */
export function decideQuotas(
  image: MetadataImage,
  { entity, ops }: QuotaChange,
): { records: MetadataRecordInput[] } {
  const names = checkEntity(entity)
  const keys = checkCombination(names)
  const before = image.quotas.get(quotaKeyOf(names))?.values
  const named = componentsOf(names)
  for (const { key, value } of inHashOrder(ops, keyHash, 'made for so many'))
    if (value !== null) checkValue(keys, key, value)
  const records = inHashOrder(ops, keyHash).flatMap(({ key, value }): MetadataRecordInput[] => {
    if ((before?.get(key) ?? null) === value) return []
    const change = value === null ? { remove: true } : { value }
    return [{ name: 'ClientQuotaRecord', version: 0, value: { entity: named, key, ...change } }]
  })
  return { records }
}

function keyHash({ key }: { readonly key: string }): number {
  return stringHash(key)
}

/** The names of an entity by type. Throws for an unknown type or an empty name. */
function checkEntity(entity: QuotaChange['entity']): QuotaEntity {
  if (entity.length === 0) refuse('Invalid empty client quota entity')
  for (const { entityType, entityName } of entity) {
    if (!['user', 'client-id', 'ip'].includes(entityType))
      refuse(`Unhandled client quota entity type: ${entityType}`)
    if (entityName === '') refuse(`Empty ${entityType} not supported`)
  }
  return Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName]))
}

/** The valid keys of an entity. Throws if an IP address is combined with another type. */
function checkCombination(names: QuotaEntity): Readonly<Record<string, Kind>> {
  if (!('ip' in names)) return USER_KEYS
  if (Object.keys(names).length > 1)
    refuse('Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId')
  const { ip } = names
  if (typeof ip === 'string' && addressOf(ip) === undefined)
    refuse(`${ip} is not a valid IP or resolvable host.`)
  return ADDRESS_KEYS
}

function checkValue(keys: Readonly<Record<string, Kind>>, key: string, value: number): void {
  const kind = Object.hasOwn(keys, key) ? keys[key]! : refuse(`Invalid configuration key ${key}`)
  if (value <= 0) refuse(`Quota ${key} must be greater than 0`)
  if (value > KIND_MAX[kind])
    refuse(`Proposed value for ${key} is too large for ${kind === 'int' ? 'an' : 'a'} ${kind.toUpperCase()}.`)
  if (kind !== 'double' && Math.abs(value % 1) > WHOLE_WITHIN) refuse(`${key} cannot be a fractional value.`)
}
