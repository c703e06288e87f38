import { describe, expect, test } from 'vitest'
import { SampledRate } from './sampled-rate.ts'
import { TokenBucket } from './token-bucket.ts'

const rateOf11 = () => new SampledRate({ samplesMax: 11, sampleMs: 1000 })

describe('a sampled rate', () => {
  test('a burst at the start is measured over ten seconds', () => {
    const rate = rateOf11()
    rate.record(20_000, 5000)
    expect(rate.measure(5000)).toBe(2000)
  })

  test('above the limit, the throttle time lasts until the same sum is within it', () => {
    const rate = rateOf11()
    rate.record(20_000, 0)
    // 2,000 a second where 1,600 are allowed: a quarter too much, so a quarter of the window longer.
    expect(rate.throttleMs(1600, 0)).toBe(2500)
    expect(rate.throttleMs(2000, 0)).toBe(0)
  })

  test('SAMPLED-RATE-1: a sample counts until its last event is out of the window', () => {
    const rate = rateOf11()
    rate.record(1000, 0)
    rate.record(1000, 900)
    expect(rate.measure(11_899)).toBeCloseTo(2000 / 11.899)
    expect(rate.measure(11_900)).toBe(0)
  })

  test('constant traffic is measured exactly', () => {
    const rate = rateOf11()
    for (let at = 0; at < 60_000; at += 100) rate.record(50, at)
    expect(rate.measure(59_900)).toBeGreaterThan(495)
    expect(rate.measure(59_900)).toBeLessThan(550)
  })

  test('SAMPLED-RATE-2: subtracted values do not count', () => {
    const rate = rateOf11()
    rate.record(1000, 0)
    rate.record(500, 1500)
    rate.record(-500, 1500)
    expect(rate.measure(1500)).toBeCloseTo(1000 / 10.5)
  })
})

describe('a token bucket', () => {
  test('is full at the start, and may be overdrawn once', () => {
    const bucket = new TokenBucket(11)
    expect(bucket.left(5, 1_000_000)).toBe(55)
    bucket.take(60, 5, 1_000_000)
    expect(bucket.throttleMs(5, 1_000_000)).toBe(1000)
    expect(bucket.throttleMs(5, 1_000_999)).toBe(1)
    expect(bucket.throttleMs(5, 1_001_000)).toBe(0)
  })

  test('never holds more than a burst', () => {
    const bucket = new TokenBucket(11)
    bucket.take(10, 5, 1_000_000)
    expect(bucket.left(5, 9_000_000)).toBe(55)
  })
})
