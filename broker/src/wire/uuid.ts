/**
 * Kafka's ids: 16 bytes, shown as 22 characters of URL-safe base64 without padding.
 *
 * Topics have ids since KIP-516 (so that a deleted and recreated topic is a different one); clusters, log directories
 * and KIP-848 members have them, too. Here an id is a string: it can be a map's key and part of a log line.
 *
 * UUID-1  uuidFromString(uuidToString(b)) = b for any 16 bytes
 * UUID-2  an id with padding, in 24 characters, is the same id (java.util.Base64 reads both)
 * UUID-3  a random id is none of the reserved ones and does not begin with '-', which tools would parse as an option
 *     (org.apache.kafka.common.Uuid)
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const CODES = new Map([...ALPHABET].map((letter, code) => [letter, code]))

/** "No id": sixteen zero bytes. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'
/** Reserved for the metadata topic: fifteen zero bytes and a one. */
export const METADATA_TOPIC_UUID = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** 16 bytes to 22 characters. */
export function uuidToString(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < 15; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    text +=
      ALPHABET[group >> 18]! +
      ALPHABET[(group >> 12) & 63]! +
      ALPHABET[(group >> 6) & 63]! +
      ALPHABET[group & 63]!
  }
  const last = bytes[15]! << 4
  return text + ALPHABET[last >> 6]! + ALPHABET[last & 63]!
}

/** 22 characters to 16 bytes; throws RangeError if it is not an id. */
export function uuidFromString(text: string): Uint8Array {
  if (text.length !== 22) throw new RangeError(`not a Kafka id: ${text}`)
  const bytes = new Uint8Array(16)
  let bits = 0
  let held = 0
  let at = 0
  for (const letter of text) {
    const code = CODES.get(letter)
    if (code === undefined) throw new RangeError(`not a Kafka id: ${text}`)
    bits = ((bits << 6) | code) & 0xffff
    held += 6
    if (held >= 8 && at < 16) {
      held -= 8
      bytes[at++] = bits >> held
    }
  }
  return bytes
}

/** The id in its usual form, from what another program wrote (UUID-2); throws RangeError if it is not an id. */
export function canonicalUuid(text: string): string {
  return uuidToString(uuidFromString(text.replace(/^(.{22})==$/, '$1')))
}

/** A new random id (UUID-3). `randomBytes` returns that many random bytes. */
export function randomUuid(randomBytes: (length: number) => Uint8Array): string {
  for (;;) {
    const bytes = randomBytes(16)
    // Version 4 of RFC 4122, as in java.util.UUID.randomUUID.
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const text = uuidToString(bytes)
    if (!text.startsWith('-')) return text
  }
}
