/**
 * The order in which quotas are listed: the iteration order of Kafka's hash maps, which clients see and some tests expect.
 *
 *   of the image        entity -> limits      a new map for each change
 *   of an entity        type -> name          client-id, user
 *   of its limits       key -> value          controller_mutation_rate, consumer_byte_rate, request_percentage, …
 *
 * (ClientQuotasImage, ClientQuotaImage; wire/hash-order.ts)
 *
 * - entries in the same bucket are in the order in which they were first set; those of one request, in the order of the
 *   map that holds its changes
 */
import { type HowFilled, inHashOrder, mapHash, stringHash } from '../../wire/hash-order.ts'
import type { QuotaEntity, QuotaImage } from '../metadata/metadata-image.ts'

/** The types and names of an entity. `how`: whether its map was created with this size (a request) or has grown (the image). */
export function componentsOf(
  entity: QuotaEntity,
  how: HowFilled = 'grown',
): { entityType: string; entityName: string | null }[] {
  return inHashOrder(Object.entries(entity), ([type]) => stringHash(type), how).map(
    ([entityType, entityName]) => ({ entityType, entityName }),
  )
}

/** Sorts as Kafka's map of the changes, where a new entry precedes the others of its bucket; each item once. */
export function inOrderOfChanges<T>(items: Iterable<T>, entityOf: (item: T) => QuotaEntity): T[] {
  return inOrderOfResults([...items].reverse(), entityOf)
}

/** Sorts as Kafka's map of results by entity; each item once. */
export function inOrderOfResults<T>(items: Iterable<T>, entityOf: (item: T) => QuotaEntity): T[] {
  return inHashOrder(items, (item) => entityHash(entityOf(item)))
}

/** The quotas of an image, in Kafka's order. */
export function quotasInOrder(quotas: Iterable<QuotaImage>): QuotaImage[] {
  return inHashOrder(quotas, ({ entity }) => entityHash(entity), 'made for so many')
}

/** The limits of one entity, in Kafka's order. */
export function limitsInOrder({ values }: QuotaImage): { key: string; value: number }[] {
  return inHashOrder(values, ([key]) => stringHash(key), 'made for so many').map(([key, value]) => ({
    key,
    value,
  }))
}

/** ClientQuotaEntity.hashCode: Objects.hash of its only field. */
function entityHash(entity: QuotaEntity): number {
  return (31 + mapHash(Object.entries(entity))) | 0
}
