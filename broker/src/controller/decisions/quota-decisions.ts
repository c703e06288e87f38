/**
 * Decisions about quotas: may this limit be set for these clients? (ClientQuotaControlManager, KIP-546)
 *
 *   whom    a user, a client id, both, or an address; a name of null is whoever has no limit of his own
 *   what    producer_byte_rate, consumer_byte_rate   bytes a second, whole numbers
 *           request_percentage                       of one thread's time
 *           controller_mutation_rate                 partitions made or removed a second (KIP-599)
 *           connection_creation_rate                 of an address: connections a second (KIP-612)
 *
 * QUOTA-DECISIONS-1  of an entity's changes all are made, or none
 * QUOTA-DECISIONS-2  what changes nothing is granted, and writes nothing
 * QUOTA-DECISIONS-3  the first mistake is told, in the order in which Kafka looks at the keys (quota-order.ts)
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

/** The records that make the changes. Throws KafkaError. */
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

/** The names by type; each type is known, and has a name or the default. */
function checkEntity(entity: QuotaChange['entity']): QuotaEntity {
  if (entity.length === 0) refuse('Invalid empty client quota entity')
  for (const { entityType, entityName } of entity) {
    if (!['user', 'client-id', 'ip'].includes(entityType))
      refuse(`Unhandled client quota entity type: ${entityType}`)
    if (entityName === '') refuse(`Empty ${entityType} not supported`)
  }
  return Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName]))
}

/** The keys that the entity may have; an address goes with nothing else. */
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
