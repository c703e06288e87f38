/**
 * Which limit applies to a client, and with which clients it is shared.
 *
 *   the first match applies, in this order                    shared by
 *     user=u, client-id=c                                     this user's clients with this id
 *     user=u, client-id=<default>                             this user's clients, per id
 *     user=u                                                  all clients of this user
 *     user=<default>, client-id=c                             clients with this id, per user
 *     user=<default>, client-id=<default>                     clients, per user and id
 *     user=<default>                                          all clients, per user
 *     client-id=c                                             all clients with this id
 *     client-id=<default>                                     all clients, per id
 *
 * A default is a separate limit for each name, not one that all share: two users with user=<default> have a rate each.
 * (KIP-55, KIP-124; Kafka: ClientQuotaManager)
 */

import { addressOf } from '../config/internet-address.ts'
import { type QuotaEntity, type QuotaImage, quotaKeyOf } from '../controller/metadata/metadata-image.ts'

/** The limit that applies to a client. */
export interface FoundQuota {
  /** Per second. */
  readonly limit: number
  /** Equal for all clients that share the limit. */
  readonly sharedBy: string
}

type Sharing = 'both' | 'user' | 'client'

/** The limit of `key` for this user and client id; undefined if there is none. */
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

/** Connections per second by IP address. An address can be written in several ways: of these, the one set last counts. */
export class AddressLimits {
  /** By normalized address, then by quotaKeyOf(entity); null is the default for all other addresses. */
  private readonly limits = new Map<string | null, Map<string, number>>()

  /** The quota at `key` was `old`, and is `now`. */
  change(key: string, old: QuotaImage | undefined, now: QuotaImage | undefined): void {
    const ip = (now ?? old)?.entity.ip
    if (ip === undefined) return
    const address = ip === null ? null : normalizeAddress(ip)
    const limits = this.limits.get(address) ?? new Map<string, number>()
    limits.delete(key)
    const limit = now?.values.get('connection_creation_rate')
    if (limit !== undefined) limits.set(key, limit)
    if (limits.size > 0) this.limits.set(address, limits)
    else this.limits.delete(address)
  }

  /** The limit of connections per second for an address: its own, or the default. */
  find(ip: string): FoundQuota | undefined {
    const limits = this.limits.get(normalizeAddress(ip)) ?? this.limits.get(null)
    const limit = limits && [...limits.values()].at(-1)
    return limit === undefined ? undefined : { limit, sharedBy: ip }
  }
}

/** Normalizes an IP address. Other texts (the broker in a page has no addresses) are kept. */
function normalizeAddress(ip: string): string {
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
