/**
 * Member ids that the coordinator generates, in Kafka's format.
 *
 *   classic   `rdkafka-4f1c2f6e-...`   the client id (or the instance id) and a random UUID in hex
 *   KIP-848   `Xk3...`                 a Kafka UUID of 22 characters; from version 1 on the client generates its own
 */
import type { Randomness } from '../../core.ts'
import { randomUuid } from '../../wire/uuid.ts'

/** `prefix-xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx` (RFC 4122, version 4). */
export function newMemberId(random: Randomness, prefix: string): string {
  const bytes = random.bytes(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return `${prefix}-${parts.join('-')}`
}

/** The id of a KIP-848 member that joins without one. */
export function newConsumerMemberId(random: Randomness): string {
  return randomUuid((length) => random.bytes(length))
}
