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

import { addressOf } from '../config/internet-address.ts'
import { type QuotaEntity, type QuotaImage, quotaKeyOf } from '../controller/metadata/metadata-image.ts'

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

/** Connections a second by address, however the quota writes it; null is every other address. */
export type AddressLimits = ReadonlyMap<string | null, number>

export function addressLimitsOf(quotas: ReadonlyMap<string, QuotaImage>): AddressLimits {
  const limits = new Map<string | null, number>()
  for (const { entity, values } of quotas.values()) {
    const limit = values.get('connection_creation_rate')
    const { ip } = entity
    if (limit !== undefined && ip !== undefined) limits.set(ip === null ? null : oneFormOf(ip), limit)
  }
  return limits
}

/** How many connections a second one address may make: its own limit, or every address's. */
export function findAddressQuota(limits: AddressLimits, ip: string): FoundQuota | undefined {
  const limit = limits.get(oneFormOf(ip)) ?? limits.get(null)
  return limit === undefined ? undefined : { limit, sharedBy: ip }
}

/** A connection that comes from no address (a page's own broker) is known by what it is called. */
function oneFormOf(ip: string): string {
  return addressOf(ip) ?? ip
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
