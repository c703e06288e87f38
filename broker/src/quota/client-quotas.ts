/**
 * Client quotas: how long a client is throttled that exceeds its limit. (KIP-13, KIP-55, KIP-124, KIP-219)
 *
 *   producer_byte_rate         bytes of Produce requests
 *   consumer_byte_rate         bytes of Fetch responses
 *   request_percentage         of the time of one thread, for all requests; throttles for at most one sample
 *   controller_mutation_rate   partitions created or deleted (mutation-quota.ts)
 *   connection_creation_rate   connections from one IP address; one too many is closed after a delay (KIP-612)
 *
 * The broker refuses no request. It handles the request, responds at once with the throttle time, and mutes the connection
 * for that time (broker/connection.ts): a client that waits by itself loses nothing, and one that does not is made to wait.
 * A throttled Fetch gets a response without records, as they would otherwise be sent before the delay; their bytes are
 * subtracted again.
 *
 * Without authentication every client is the user ANONYMOUS. (Kafka: ClientQuotaManager, ClientRequestQuotaManager)
 *
 * CLIENT-QUOTAS-1  usage without a limit is not counted
 * CLIENT-QUOTAS-2  a changed limit keeps the usage that was counted before
 * CLIENT-QUOTAS-3  a changed quota is applied without a look at the others: there may be hundreds of thousands
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { MetadataImage, QuotaImage } from '../controller/metadata/metadata-image.ts'
import type { Clock } from '../core.ts'
import { changedKeys } from '../shared-map.ts'
import { type MutationQuota, mutationQuota, UNLIMITED } from './mutation-quota.ts'
import { AddressLimits, type FoundQuota, findQuota } from './quota-lookup.ts'
import { SampledRate } from './sampled-rate.ts'
import { TokenBucket } from './token-bucket.ts'

const USER = 'ANONYMOUS'
const PERCENT_PER_MS = 100 / 1000
/** The meter of a client is removed after this idle time (INACTIVE_SENSOR_EXPIRATION_TIME_SECONDS). */
const IDLE_MS_MAX = 3_600_000

type RateKey = 'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage'
type Key = RateKey | 'controller_mutation_rate'

export interface QuotaWindows {
  /** quota.window.num, quota.window.size.seconds. */
  readonly samplesMax: number
  readonly sampleMs: number
  /** controller.quota.window.num times controller.quota.window.size.seconds. */
  readonly burstSeconds: number
}

/** The windows in the broker's configuration. */
export function quotaWindowsOf(config: BrokerConfig): QuotaWindows {
  return {
    samplesMax: config.get('quota.window.num'),
    sampleMs: config.get('quota.window.size.seconds') * 1000,
    burstSeconds:
      config.get('controller.quota.window.num') * config.get('controller.quota.window.size.seconds'),
  }
}

/** The resources that a request uses. */
export interface Usage {
  readonly clientId: string | null
  /** Without the four bytes of the length field. */
  readonly requestBytes: number
  /** The time of the thread that the request has used until now (ms). */
  threadTimeMs(): number
}

interface Meter<T> {
  readonly counts: T
  lastUsedMs: number
}

export class ClientQuotas {
  private readonly clock: Clock
  private readonly windows: QuotaWindows
  private readonly rates = new Map<string, Meter<SampledRate>>()
  private readonly buckets = new Map<string, Meter<TokenBucket>>()
  private readonly admissions: SampledRate
  /** When the next connection is accepted (ms). */
  private acceptingAtMs = 0
  private quotas: ReadonlyMap<string, QuotaImage> = new Map()
  private readonly addressLimits = new AddressLimits()
  /** How many quotas have a limit of each kind. */
  private readonly limited = new Map<string, number>()
  private sweptMs = 0

  constructor({ clock, windows }: { clock: Clock; windows: QuotaWindows }) {
    this.clock = clock
    this.windows = windows
    this.admissions = new SampledRate(windows)
  }

  /** Applies the quotas of new metadata (CLIENT-QUOTAS-2). */
  apply({ quotas }: MetadataImage): void {
    const before = this.quotas
    this.quotas = quotas
    for (const at of changedKeys(before, quotas)) {
      const [old, now] = [before.get(at), quotas.get(at)]
      for (const key of old?.values.keys() ?? []) this.countLimit(key, -1)
      for (const key of now?.values.keys() ?? []) this.countLimit(key, 1)
      this.addressLimits.change(at, old, now)
    }
  }

  private countLimit(key: string, by: 1 | -1): void {
    const count = (this.limited.get(key) ?? 0) + by
    if (count > 0) this.limited.set(key, count)
    else this.limited.delete(key)
  }

  /** Counts a Produce; returns the throttle time (ms). Without a response (acks=0) only its bytes count. */
  produced(usage: Usage, isAnswered: boolean): number {
    const bytesMs = this.count('producer_byte_rate', usage, usage.requestBytes)
    return isAnswered ? Math.max(bytesMs, this.handled(usage)) : bytesMs
  }

  /** Counts a Fetch; returns the throttle time (ms). If it is not 0, the response must have no records. */
  fetched(usage: Usage, bytes: number): number {
    const requestMs = this.handled(usage)
    const bytesMs = this.count('consumer_byte_rate', usage, bytes)
    const throttleMs = Math.max(requestMs, bytesMs)
    if (throttleMs > 0)
      this.rate('consumer_byte_rate', usage)?.counts.record(-bytes, this.clock.monotonicMs())
    return throttleMs
  }

  /** A Fetch with more bytes than this would always be throttled. */
  fetchBytesMax({ clientId }: Usage): number {
    const { samplesMax, sampleMs } = this.windows
    const found = this.find('consumer_byte_rate', clientId)
    return found ? Math.floor((found.limit * (samplesMax - 1) * sampleMs) / 1000) : Number.MAX_SAFE_INTEGER
  }

  /** Whether the bytes of Fetch responses are needed for any quota. */
  get countsFetchedBytes(): boolean {
    return this.limited.has('consumer_byte_rate') || this.limited.has('request_percentage')
  }

  /** Counts the thread time of any request; returns the throttle time (ms). */
  handled(usage: Usage): number {
    if (!this.limited.has('request_percentage')) return 0
    const throttleMs = this.count('request_percentage', usage, usage.threadTimeMs() * PERCENT_PER_MS)
    return Math.min(throttleMs, this.windows.sampleMs)
  }

  /** Counts a connection from `address`; returns the delay (ms) before it is closed, or 0 if it is accepted. */
  connected(address: string): number {
    const found = this.limited.has('connection_creation_rate') && this.addressLimits.find(address)
    if (!found) return 0
    const nowMs = this.clock.monotonicMs()
    const { counts } = this.meter(this.rates, `address ${address}`, () => new SampledRate(this.windows))
    counts.record(1, nowMs)
    const throttleMs = Math.min(counts.throttleMs(found.limit, nowMs), this.windows.sampleMs)
    // A refused connection does not count.
    if (throttleMs > 0) counts.record(-1, nowMs)
    return throttleMs
  }

  /**
   * Returns how long (ms) to delay an accepted connection if only `perSMax` connections per second are allowed (KIP-612).
   * They are accepted one after the other, as by Kafka's acceptor: each one also waits for the delay of those before it.
   */
  admitted(perSMax: number): number {
    const nowMs = this.clock.monotonicMs()
    const turnMs = Math.max(nowMs, this.acceptingAtMs)
    this.admissions.record(1, turnMs)
    const throttleMs = Math.min(this.admissions.throttleMs(perSMax, turnMs), this.windows.sampleMs)
    this.acceptingAtMs = turnMs + throttleMs
    return Math.round(this.acceptingAtMs - nowMs)
  }

  /** The quota for the partitions that a request creates and deletes. */
  mutations({ clientId }: { clientId: string | null }, isStrict: boolean): MutationQuota {
    const found = this.find('controller_mutation_rate', clientId)
    if (!found) return UNLIMITED
    const make = (): TokenBucket => new TokenBucket(this.windows.burstSeconds)
    const bucket = this.meter(this.buckets, found.sharedBy, make)
    return mutationQuota(bucket.counts, found.limit, { clock: this.clock, isStrict })
  }

  private count(key: RateKey, usage: Usage, value: number): number {
    const found = this.find(key, usage.clientId)
    if (!found) return 0
    const nowMs = this.clock.monotonicMs()
    const { counts } = this.rate(key, usage, found)!
    counts.record(value, nowMs)
    return counts.throttleMs(found.limit, nowMs)
  }

  private rate(
    key: RateKey,
    { clientId }: Usage,
    found = this.find(key, clientId),
  ): Meter<SampledRate> | undefined {
    return found && this.meter(this.rates, `${key} ${found.sharedBy}`, () => new SampledRate(this.windows))
  }

  private find(key: Key, clientId: string | null): FoundQuota | undefined {
    return this.limited.has(key) ? findQuota(this.quotas, key, USER, clientId ?? '') : undefined
  }

  private meter<T>(meters: Map<string, Meter<T>>, of: string, make: () => T): Meter<T> {
    const nowMs = this.clock.monotonicMs()
    let meter = meters.get(of)
    if (!meter) {
      this.removeIdle(nowMs)
      meter = { counts: make(), lastUsedMs: nowMs }
      meters.set(of, meter)
    }
    meter.lastUsedMs = nowMs
    return meter
  }

  /** Clients choose their ids freely, so unused meters must be removed or they fill the memory. */
  private removeIdle(nowMs: number): void {
    if (nowMs - this.sweptMs < this.windows.sampleMs) return
    this.sweptMs = nowMs
    for (const meters of [this.rates, this.buckets])
      for (const [of, { lastUsedMs }] of meters) if (nowMs - lastUsedMs > IDLE_MS_MAX) meters.delete(of)
  }
}
