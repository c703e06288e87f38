/**
 * The order in which quotas are listed: that of Kafka's hash maps, as clients see it and some tests expect it.
 *
 *   of the image        entity -> limits      a map that is made anew for each change
 *   of an entity        type -> name          client-id, user
 *   of its limits       key -> value          controller_mutation_rate, consumer_byte_rate, request_percentage, …
 *
 * (ClientQuotasImage, ClientQuotaImage; wire/hash-order.ts)
 *
 * - what has the same place in the map stands in the order in which it was first set; what was set by one request, in
 *   the order of the map that holds the changes
 */
import { type HowFilled, inHashOrder, mapHash, stringHash } from '../../wire/hash-order.ts'
import type { QuotaEntity, QuotaImage } from '../metadata/metadata-image.ts'

/** The parts of an entity: types with names. The map of a request's entity is made for them, that of the image is not. */
export function componentsOf(
  entity: QuotaEntity,
  how: HowFilled = 'grown',
): { entityType: string; entityName: string | null }[] {
  return inHashOrder(Object.entries(entity), ([type]) => stringHash(type), how).map(
    ([entityType, entityName]) => ({ entityType, entityName }),
  )
}

/** What the map of an image's changes gives, into which each is put before those of the same place; each item once. */
export function inOrderOfChanges<T>(items: Iterable<T>, entityOf: (item: T) => QuotaEntity): T[] {
  return inOrderOfResults([...items].reverse(), entityOf)
}

/** What a map of results by entity gives; each item once. */
export function inOrderOfResults<T>(items: Iterable<T>, entityOf: (item: T) => QuotaEntity): T[] {
  return inHashOrder(items, (item) => entityHash(entityOf(item)))
}

/** The quotas of an image. */
export function quotasInOrder(quotas: Iterable<QuotaImage>): QuotaImage[] {
  return inHashOrder(quotas, ({ entity }) => entityHash(entity), 'made for so many')
}

/** The limits of one entity. */
export function limitsInOrder({ values }: QuotaImage): { key: string; value: number }[] {
  return inHashOrder(values, ([key]) => stringHash(key), 'made for so many').map(([key, value]) => ({
    key,
    value,
  }))
}

/** ClientQuotaEntity.hashCode: Objects.hash of its one field. */
function entityHash(entity: QuotaEntity): number {
  return (31 + mapHash(Object.entries(entity))) | 0
}
