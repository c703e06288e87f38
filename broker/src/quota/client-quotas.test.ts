import { describe, expect, test, vi } from 'vitest'
import { ImageBuilder, type QuotaEntity } from '../controller/metadata/metadata-image.ts'
import { ErrorCode } from '../wire/errors.ts'
import { ClientQuotas } from './client-quotas.ts'

/** Quotas with a clock that the test moves, and Kafka's windows: 11 samples of a second. */
function stage() {
  const clock = { ms: 1_000_000, now: () => clock.ms, monotonicMs: () => clock.ms }
  let image = new ImageBuilder('cluster', 1)
  const quotas = new ClientQuotas({ clock, windows: { samplesMax: 11, sampleMs: 1000, burstSeconds: 11 } })
  const set = (entity: QuotaEntity, key: string, value: number | null): void => {
    image = new ImageBuilder('cluster', 1, image)
    image.setQuota(entity, key, value)
    quotas.apply(image)
  }
  const usage = (clientId: string | null, requestBytes = 0, threadMs = 0) => ({
    clientId,
    requestBytes,
    threadTimeMs: () => threadMs,
  })
  const produce = (clientId: string | null, bytes: number) => quotas.produced(usage(clientId, bytes), true)
  return { clock, quotas, set, usage, produce }
}

describe('bytes', () => {
  test('CLIENT-QUOTAS-1: without a limit no client is throttled', () => {
    expect(stage().produce('a', 1e12)).toBe(0)
  })

  test('a client is throttled for the bytes above its limit, and not afterwards', () => {
    const { clock, set, produce } = stage()
    set({ 'client-id': 'a' }, 'producer_byte_rate', 1000)
    expect(produce('a', 10_000)).toBe(0)
    expect(produce('a', 1000)).toBe(1000)
    clock.ms += 12_000
    expect(produce('a', 1000)).toBe(0)
  })

  test('the limit of one client does not apply to another', () => {
    const { set, produce } = stage()
    set({ 'client-id': 'a' }, 'producer_byte_rate', 1)
    set({ user: 'somebody' }, 'producer_byte_rate', 1)
    set({ user: 'somebody', 'client-id': 'b' }, 'producer_byte_rate', 1)
    set({ ip: null }, 'connection_creation_rate', 1)
    expect(produce('b', 1000)).toBe(0)
    expect(produce(null, 1000)).toBe(0)
  })

  test('a default limit applies to each client id separately; all clients of a user share one limit', () => {
    const { set, produce } = stage()
    set({ 'client-id': null }, 'producer_byte_rate', 1000)
    expect([produce('a', 10_000), produce('b', 10_000)]).toEqual([0, 0])
    expect(produce('a', 1000)).toBe(1000)
    set({ user: 'ANONYMOUS' }, 'producer_byte_rate', 1000)
    expect([produce('a', 10_000), produce('b', 1000)]).toEqual([0, 1000])
  })

  test('CLIENT-QUOTAS-2: a changed limit applies to the usage that was counted before', () => {
    const { set, produce } = stage()
    set({ 'client-id': 'a' }, 'producer_byte_rate', 1000)
    expect(produce('a', 12_000)).toBe(2000)
    set({ 'client-id': 'a' }, 'producer_byte_rate', 2000)
    expect(produce('a', 0)).toBe(0)
    set({ 'client-id': 'a' }, 'producer_byte_rate', null)
    expect(produce('a', 1e9)).toBe(0)
  })

  test('the bytes of a throttled Fetch are not counted, and fetchBytesMax is never throttled', () => {
    const { quotas, set, usage } = stage()
    set({ 'client-id': 'a' }, 'consumer_byte_rate', 1000)
    expect(quotas.fetchBytesMax(usage('a'))).toBe(10_000)
    expect(quotas.fetched(usage('a'), 15_000)).toBe(5000)
    expect(quotas.fetched(usage('a'), 10_000)).toBe(0)
    expect(quotas.fetchBytesMax(usage('b'))).toBeGreaterThan(1e15)
  })
})

test('the most specific limit applies, in the order of KIP-55', () => {
  const { set, produce } = stage()
  const entities: QuotaEntity[] = [
    { user: 'ANONYMOUS', 'client-id': 'a' },
    { user: 'ANONYMOUS', 'client-id': null },
    { user: 'ANONYMOUS' },
    { user: null, 'client-id': 'a' },
    { user: null, 'client-id': null },
    { user: null },
    { 'client-id': 'a' },
    { 'client-id': null },
  ]
  for (const entity of entities.toReversed()) set(entity, 'producer_byte_rate', 1e9)
  for (const [at, entity] of entities.entries()) {
    set(entity, 'producer_byte_rate', 1)
    expect(produce('a', 1000), `limit ${at}`).toBeGreaterThan(0)
    for (const farther of entities.slice(at + 1)) set(farther, 'producer_byte_rate', 1e9)
    set(entity, 'producer_byte_rate', 1e9)
    expect(produce('a', 1000), `limit ${at}`).toBe(0)
    set(entity, 'producer_byte_rate', null)
  }
})

describe('time on the thread', () => {
  test('is measured in percent, and throttles for at most one sample', () => {
    const { quotas, set, usage } = stage()
    expect(quotas.handled(usage('a', 0, 1e6))).toBe(0)
    set({ 'client-id': 'a' }, 'request_percentage', 1)
    // 100 ms in ten seconds are one percent.
    expect(quotas.handled(usage('a', 0, 100))).toBe(0)
    expect(quotas.handled(usage('a', 0, 5))).toBe(500)
    expect(quotas.handled(usage('a', 0, 1000))).toBe(1000)
  })

  test('is not counted without a response', () => {
    const { quotas, set, usage } = stage()
    set({ 'client-id': 'a' }, 'request_percentage', 1)
    expect(quotas.produced(usage('a', 0, 1000), false)).toBe(0)
    expect(quotas.produced(usage('a', 0, 1000), true)).toBe(1000)
  })
})

describe('connections', () => {
  test('one too many is delayed for at most one sample, and does not count', () => {
    const { clock, quotas, set } = stage()
    const connect = (times: number) => Array.from({ length: times }, () => quotas.connected('10.0.0.1'))
    expect(connect(100).every((ms) => ms === 0)).toBe(true)
    set({ ip: null }, 'connection_creation_rate', 1)
    expect(connect(10).every((ms) => ms === 0)).toBe(true)
    expect(connect(3)).toEqual([1000, 1000, 1000])
    clock.ms += 11_000
    expect(connect(1)).toEqual([0])
  })

  test('connections above max.connection.creation.rate are accepted later, one after the other', () => {
    const { clock, quotas } = stage()
    const admit = (times: number, perS: number) => Array.from({ length: times }, () => quotas.admitted(perS))
    expect(admit(10, 1)).toEqual(Array(10).fill(0))
    expect(admit(3, 1)).toEqual([1000, 2000, 3000])
    clock.ms += 20_000
    expect(admit(1, 1)).toEqual([0])
    clock.ms += 20_000
    expect(admit(1000, 2 ** 31 - 1).every((ms) => ms === 0)).toBe(true)
  })

  test('each address has its own limit, or the default for itself', () => {
    const { quotas, set } = stage()
    set({ ip: null }, 'connection_creation_rate', 1)
    set({ ip: '10.0.0.9' }, 'connection_creation_rate', 1000)
    for (let i = 0; i < 10; i++) quotas.connected('10.0.0.1')
    expect(quotas.connected('10.0.0.1')).toBe(1000)
    expect(quotas.connected('10.0.0.2')).toBe(0)
    for (let i = 0; i < 100; i++) expect(quotas.connected('10.0.0.9')).toBe(0)
  })
})

describe('partitions created and deleted', () => {
  const charged = (charge: () => void): number => {
    try {
      charge()
      return ErrorCode.NONE
    } catch (error) {
      return (error as { code: number }).code
    }
  }

  test('strict: a request is refused while the bucket is overdrawn', () => {
    const { clock, quotas, set, usage } = stage()
    set({ user: 'ANONYMOUS' }, 'controller_mutation_rate', 1)
    const first = quotas.mutations(usage('a'), true)
    expect(charged(() => first.charge(13))).toBe(ErrorCode.NONE)
    expect(first.throttleMs()).toBe(0)
    expect(charged(() => first.charge(1))).toBe(ErrorCode.THROTTLING_QUOTA_EXCEEDED)
    expect(first.throttleMs()).toBe(2000)
    clock.ms += 500
    expect(first.throttleMs()).toBe(1500)
    clock.ms += 1500
    expect(charged(() => quotas.mutations(usage('a'), true).charge(1))).toBe(ErrorCode.NONE)
  })

  test('permissive: the request is accepted, and the response has a throttle time', () => {
    const { quotas, set, usage } = stage()
    set({ user: 'ANONYMOUS' }, 'controller_mutation_rate', 1)
    const old = quotas.mutations(usage('a'), false)
    old.charge(13)
    expect(old.throttleMs()).toBe(2000)
    old.charge(1)
    expect(old.throttleMs()).toBe(3000)
  })

  test('without a limit the throttle time is 0', () => {
    const { quotas, usage } = stage()
    const free = quotas.mutations(usage('a'), true)
    free.charge(1e9)
    expect(free.throttleMs()).toBe(0)
  })
})

test('CLIENT-QUOTAS-3: a changed quota is applied without a look at the thousands of others', () => {
  const clock = { now: () => 0, monotonicMs: () => 0 }
  const quotas = new ClientQuotas({ clock, windows: { samplesMax: 11, sampleMs: 1000, burstSeconds: 11 } })
  const all = new ImageBuilder('cluster', 1)
  for (let i = 0; i < 5000; i++) all.setQuota({ 'client-id': `c${i}` }, 'producer_byte_rate', 1)
  quotas.apply(all)
  const next = new ImageBuilder('cluster', 1, all)
  next.setQuota({ ip: '10.0.0.1' }, 'connection_creation_rate', 1)
  const looks = [all.quotas, next.quotas].flatMap((map) => [
    vi.spyOn(map, 'entries'),
    vi.spyOn(map, 'keys'),
    vi.spyOn(map, 'values'),
  ])
  quotas.apply(next)
  for (const look of looks) expect(look).not.toHaveBeenCalled()
  for (let i = 0; i < 20; i++) quotas.connected('10.0.0.1')
  expect(quotas.connected('10.0.0.1')).toBeGreaterThan(0)
  const last = new ImageBuilder('cluster', 1, next)
  last.setQuota({ ip: '10.0.0.1' }, 'connection_creation_rate', null)
  quotas.apply(last)
  expect(quotas.connected('10.0.0.1')).toBe(0)
})
