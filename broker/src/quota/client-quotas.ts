/**
 * Quotas, applied: how long a client that takes more than its share waits. (KIP-13, KIP-55, KIP-124, KIP-219)
 *
 *   producer_byte_rate         bytes of Produce requests
 *   consumer_byte_rate         bytes of Fetch responses
 *   request_percentage         of one thread's time, for all requests; at most one sample's length at a time
 *   controller_mutation_rate   partitions made or removed (mutation-quota.ts)
 *   connection_creation_rate   connections from one address; one too many is hung up on, after a wait (KIP-612)
 *
 * The broker refuses no request. It does what it is asked for, answers at once with the time to wait, and does not read
 * from the connection until that time is over (broker/connection.ts): a client that waits by itself loses nothing, and
 * one that does not is made to. A Fetch that is above its share is answered without records, or they would be sent
 * before the wait, and its bytes are taken back.
 *
 * Without authentication everybody is the user ANONYMOUS. (Kafka: ClientQuotaManager, ClientRequestQuotaManager)
 *
 * CLIENT-QUOTAS-1  what nobody has limited is not counted
 * CLIENT-QUOTAS-2  changing a limit keeps what was counted under it
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import type { MetadataImage, QuotaImage } from '../controller/metadata/metadata-image.ts'
import type { Clock } from '../core.ts'
import { type MutationQuota, mutationQuota, UNLIMITED } from './mutation-quota.ts'
import {
  type AddressLimits,
  addressLimitsOf,
  type FoundQuota,
  findAddressQuota,
  findQuota,
} from './quota-lookup.ts'
import { SampledRate } from './sampled-rate.ts'
import { TokenBucket } from './token-bucket.ts'

const USER = 'ANONYMOUS'
const PERCENT_PER_MS = 100 / 1000
/** A client that was idle so long is forgotten (INACTIVE_SENSOR_EXPIRATION_TIME_SECONDS). */
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

/** The windows that the broker's settings say. */
export function quotaWindowsOf(config: BrokerConfig): QuotaWindows {
  return {
    samplesMax: config.get('quota.window.num'),
    sampleMs: config.get('quota.window.size.seconds') * 1000,
    burstSeconds:
      config.get('controller.quota.window.num') * config.get('controller.quota.window.size.seconds'),
  }
}

/** A request as quotas see it. */
export interface Usage {
  readonly clientId: string | null
  /** Without the four bytes of its length. */
  readonly requestBytes: number
  /** Time that it has taken of the thread until now. Milliseconds. */
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
  /** When the next connection is looked at, ms. */
  private acceptingAtMs = 0
  private quotas: ReadonlyMap<string, QuotaImage> = new Map()
  private addressLimits: AddressLimits = new Map()
  private limited: ReadonlySet<string> = new Set()
  private sweptMs = 0

  constructor({ clock, windows }: { clock: Clock; windows: QuotaWindows }) {
    this.clock = clock
    this.windows = windows
    this.admissions = new SampledRate(windows)
  }

  /** Follows the metadata (CLIENT-QUOTAS-2). */
  apply({ quotas }: MetadataImage): void {
    if (quotas === this.quotas) return
    this.quotas = quotas
    this.addressLimits = addressLimitsOf(quotas)
    this.limited = new Set([...quotas.values()].flatMap(({ values }) => [...values.keys()]))
  }

  /** A Produce: how long its client waits. Without an answer (acks=0) only its bytes count. */
  produced(usage: Usage, isAnswered: boolean): number {
    const bytesMs = this.count('producer_byte_rate', usage, usage.requestBytes)
    return isAnswered ? Math.max(bytesMs, this.handled(usage)) : bytesMs
  }

  /** A Fetch whose response has so many bytes: how long its client waits, and if it does, it gets none of them. */
  fetched(usage: Usage, bytes: number): number {
    const requestMs = this.handled(usage)
    const bytesMs = this.count('consumer_byte_rate', usage, bytes)
    const throttleMs = Math.max(requestMs, bytesMs)
    if (throttleMs > 0)
      this.rate('consumer_byte_rate', usage)?.counts.record(-bytes, this.clock.monotonicMs())
    return throttleMs
  }

  /** More bytes than this in one Fetch would be throttled for certain. */
  fetchBytesMax({ clientId }: Usage): number {
    const { samplesMax, sampleMs } = this.windows
    const found = this.find('consumer_byte_rate', clientId)
    return found ? Math.floor((found.limit * (samplesMax - 1) * sampleMs) / 1000) : Number.MAX_SAFE_INTEGER
  }

  /** Whether anybody counts the bytes of Fetch responses. */
  get countsFetchedBytes(): boolean {
    return this.limited.has('consumer_byte_rate') || this.limited.has('request_percentage')
  }

  /** Any request: how long its client waits for the time that it has taken. */
  handled(usage: Usage): number {
    if (!this.limited.has('request_percentage')) return 0
    const throttleMs = this.count('request_percentage', usage, usage.threadTimeMs() * PERCENT_PER_MS)
    return Math.min(throttleMs, this.windows.sampleMs)
  }

  /** A connection from `address`: how long it is kept waiting before it is hung up on; 0 lets it in. */
  connected(address: string): number {
    const found =
      this.limited.has('connection_creation_rate') && findAddressQuota(this.addressLimits, address)
    if (!found) return 0
    const nowMs = this.clock.monotonicMs()
    const { counts } = this.meter(this.rates, `address ${address}`, () => new SampledRate(this.windows))
    counts.record(1, nowMs)
    const throttleMs = Math.min(counts.throttleMs(found.limit, nowMs), this.windows.sampleMs)
    // It does not come in, so it does not count.
    if (throttleMs > 0) counts.record(-1, nowMs)
    return throttleMs
  }

  /**
   * A connection comes in: how long nobody listens to it, if only `perSMax` may come a second (KIP-612). Milliseconds.
   * They are let in one after the other, as by Kafka's one acceptor: who comes behind one that waits, waits longer.
   */
  admitted(perSMax: number): number {
    const nowMs = this.clock.monotonicMs()
    const turnMs = Math.max(nowMs, this.acceptingAtMs)
    this.admissions.record(1, turnMs)
    const throttleMs = Math.min(this.admissions.throttleMs(perSMax, turnMs), this.windows.sampleMs)
    this.acceptingAtMs = turnMs + throttleMs
    return Math.round(this.acceptingAtMs - nowMs)
  }

  /** What a request may make and remove. */
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
      this.forgetIdle(nowMs)
      meter = { counts: make(), lastUsedMs: nowMs }
      meters.set(of, meter)
    }
    meter.lastUsedMs = nowMs
    return meter
  }

  /** Client ids are the clients' invention: without this there would be ever more of them. */
  private forgetIdle(nowMs: number): void {
    if (nowMs - this.sweptMs < this.windows.sampleMs) return
    this.sweptMs = nowMs
    for (const meters of [this.rates, this.buckets])
      for (const [of, { lastUsedMs }] of meters) if (nowMs - lastUsedMs > IDLE_MS_MAX) meters.delete(of)
  }
}
