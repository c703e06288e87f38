/**
 * Which limit holds for a client, and with whom it shares it.
 *
 *   the nearest one wins, in this order                       shared by
 *     user=u, client-id=c                                     this user's clients of this id
 *     user=u, client-id=<default>                             this user's clients of one id
 *     user=u                                                  all clients of this user
 *     user=<default>, client-id=c                             a user's clients of this id
 *     user=<default>, client-id=<default>                     a user's clients of one id
 *     user=<default>                                          all clients of one user
 *     client-id=c                                             all clients of this id
 *     client-id=<default>                                     all clients of one id
 *
 * A default is everybody's own limit, not one that all share: two users under user=<default> have a rate each.
 * (KIP-55, KIP-124; Kafka: ClientQuotaManager)
 */
import { type QuotaEntity, type QuotaImage, quotaKeyOf } from '../controller/metadata-image.ts'

/** A limit that holds for a client. */
export interface FoundQuota {
  /** Per second. */
  readonly limit: number
  /** The same text for everybody who shares it. */
  readonly sharedBy: string
}

type Sharing = 'both' | 'user' | 'client'

/** The limit of `key` for this user with this client id; undefined when there is none. */
export function findQuota(
  quotas: ReadonlyMap<string, QuotaImage>,
  key: string,
  user: string,
  clientId: string,
): FoundQuota | undefined {
  for (const [entity, sharing] of candidates(user, clientId)) {
    const limit = quotas.get(quotaKeyOf(entity))?.values.get(key)
    if (limit !== undefined) return { limit, sharedBy: sharedBy(sharing, user, clientId) }
  }
  return undefined
}

/** How many connections a second one address may make: its own limit, or every address's. */
export function findAddressQuota(
  quotas: ReadonlyMap<string, QuotaImage>,
  ip: string,
): FoundQuota | undefined {
  for (const name of [ip, null]) {
    const limit = quotas.get(quotaKeyOf({ ip: name }))?.values.get('connection_creation_rate')
    if (limit !== undefined) return { limit, sharedBy: ip }
  }
  return undefined
}

function candidates(user: string, clientId: string): (readonly [QuotaEntity, Sharing])[] {
  return [
    [{ user, 'client-id': clientId }, 'both'],
    [{ user, 'client-id': null }, 'both'],
    [{ user }, 'user'],
    [{ user: null, 'client-id': clientId }, 'both'],
    [{ user: null, 'client-id': null }, 'both'],
    [{ user: null }, 'user'],
    [{ 'client-id': clientId }, 'client'],
    [{ 'client-id': null }, 'client'],
  ]
}

function sharedBy(sharing: Sharing, user: string, clientId: string): string {
  const names = [sharing === 'client' ? '' : user, sharing === 'user' ? '' : clientId]
  return JSON.stringify(names)
}
