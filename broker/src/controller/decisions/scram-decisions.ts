/**
 * Decisions about SCRAM passwords: which may be set or removed? (ScramControlManager, KIP-554, KIP-900)
 *
 *   client       salted password = PBKDF2(password, salt, iterations)      sent to the controller
 *   controller   stored key      = H(HMAC(salted password, "Client Key"))  stored; with both keys a password can be
 *                server key      = HMAC(salted password, "Server Key")     verified (RFC 5802)
 *
 * No listener asks for passwords yet; they are stored for it in the metadata log, as in Kafka.
 *
 * SCRAM-DECISIONS-1  a user that occurs twice in one request is refused, whatever the operations
 * SCRAM-DECISIONS-2  valid changes are made, and the others refused
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { inHashOrder, stringHash } from '../../wire/hash-order.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { Outcome } from './outcome.ts'
import { DONE } from './outcome.ts'

/** By Kafka's number: the hash, and the minimum of iterations (fewer make a password too easy to guess). */
export const SCRAM_MECHANISMS: ReadonlyMap<
  number,
  { readonly hash: 'sha256' | 'sha512'; readonly iterationsMin: number }
> = new Map([
  [1, { hash: 'sha256', iterationsMin: 4096 }],
  [2, { hash: 'sha512', iterationsMin: 4096 }],
])
const ITERATIONS_MAX = 16_384
/** The metadata.version of Kafka 3.5-IV2. */
const SCRAM_SINCE = 11

/** Hash functions of the platform: an implementation in TypeScript would be slow, and risky. */
export interface PasswordHashes {
  hash(kind: 'sha256' | 'sha512', bytes: Uint8Array): Uint8Array
  hmac(kind: 'sha256' | 'sha512', key: Uint8Array, text: string): Uint8Array
}

interface Deletion {
  readonly name: string
  readonly mechanism: number
}

interface Upsertion extends Deletion {
  readonly iterations: number
  readonly salt: Uint8Array
  readonly saltedPassword: Uint8Array
}

export interface ScramChanges {
  readonly deletions: readonly Deletion[]
  readonly upsertions: readonly Upsertion[]
}

/** The outcome for one user. */
export interface ScramResult extends Outcome {
  readonly user: string
}

/** The records of the changes, and the outcome for each user, in Kafka's order. */
export function decideScram(
  image: MetadataImage,
  { deletions, upsertions }: ScramChanges,
  hashes: PasswordHashes | undefined,
): { records: MetadataRecordInput[]; results: ScramResult[] } {
  const refused = new Map<string, Outcome>()
  const toDelete = new Map<string, Deletion>()
  const toSet = new Map<string, Upsertion>()
  const supported = (image.features.get('metadata.version') ?? 0) >= SCRAM_SINCE
  const accept = <T extends Deletion>(each: T, into: Map<string, T>, fault: Outcome | undefined): void => {
    const { name } = each
    if (refused.has(name)) return
    if ([toDelete, toSet].some((map) => map.delete(name))) refused.set(name, TWICE)
    else if (!supported) refused.set(name, UNSUPPORTED)
    else if (fault) refused.set(name, fault)
    else into.set(name, each)
  }
  for (const each of deletions) accept(each, toDelete, faultOf(each) ?? missing(image, each))
  for (const each of upsertions) accept(each, toSet, faultOf(each) ?? unacceptable(each))
  const records: MetadataRecordInput[] = []
  const results: ScramResult[] = []
  for (const { name, mechanism } of inOrder(toDelete)) {
    records.push({ name: 'RemoveUserScramCredentialRecord', version: 0, value: { name, mechanism } })
    results.push({ user: name, ...DONE })
  }
  for (const each of inOrder(toSet)) {
    const record = recordOf(each, hashes)
    if (record) records.push(record)
    results.push({ user: each.name, ...(record ? DONE : FAILED) })
  }
  const others = inHashOrder(refused, ([name]) => stringHash(name)).map(([user, why]) => ({ user, ...why }))
  return { records, results: [...results, ...others] }
}

const outcome = (errorCode: ErrorCode, message: string | null): Outcome => ({ errorCode, message })
const TWICE = outcome(
  ErrorCode.DUPLICATE_RESOURCE,
  'A user credential cannot be altered twice in the same request',
)
const UNSUPPORTED = outcome(
  ErrorCode.UNSUPPORTED_VERSION,
  'The current metadata.version does not support SCRAM',
)
/** For an empty password: Java's HMAC throws for an empty key, so Kafka returns this error. */
const FAILED = outcome(ErrorCode.UNKNOWN_SERVER_ERROR, null)

function inOrder<T extends Deletion>(map: ReadonlyMap<string, T>): T[] {
  return inHashOrder(map.values(), ({ name }) => stringHash(name))
}

function faultOf({ name, mechanism }: Deletion): Outcome | undefined {
  if (name === '') return outcome(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Username must not be empty')
  if (!SCRAM_MECHANISMS.has(mechanism))
    return outcome(ErrorCode.UNSUPPORTED_SASL_MECHANISM, 'Unknown SCRAM mechanism')
  return undefined
}

function missing({ scram }: MetadataImage, { name, mechanism }: Deletion): Outcome | undefined {
  if (scram.get(name)?.has(mechanism)) return undefined
  return outcome(ErrorCode.RESOURCE_NOT_FOUND, 'Attempt to delete a user credential that does not exist')
}

function unacceptable({ mechanism, iterations }: Upsertion): Outcome | undefined {
  if (iterations < SCRAM_MECHANISMS.get(mechanism)!.iterationsMin)
    return outcome(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Too few iterations')
  if (iterations > ITERATIONS_MAX) return outcome(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Too many iterations')
  return undefined
}

function recordOf(
  { name, mechanism, iterations, salt, saltedPassword }: Upsertion,
  hashes: PasswordHashes | undefined,
): MetadataRecordInput | undefined {
  if (!hashes || saltedPassword.length === 0) return undefined
  const { hash } = SCRAM_MECHANISMS.get(mechanism)!
  const storedKey = hashes.hash(hash, hashes.hmac(hash, saltedPassword, 'Client Key'))
  const serverKey = hashes.hmac(hash, saltedPassword, 'Server Key')
  // The buffer of a request is reused after its response, so the salt is copied.
  const value = { name, mechanism, salt: salt.slice(), storedKey, serverKey, iterations }
  return { name: 'UserScramCredentialRecord', version: 0, value }
}
