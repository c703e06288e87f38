/**
 * A rate over the last seconds, computed from a few samples (KIP-13; Kafka: Rate over SampledStat).
 *
 *   quota.window.num: 11 samples; quota.window.size.seconds: 1 s each
 *
 *      |--1 s--|--1 s--|- ... -|--1 s--|--now
 *        sum     sum             sum     sum        rate = all sums / (from the start of the oldest sample until now)
 *
 * A client that starts with a burst has only one sample. Its rate is computed over ten seconds all the same; otherwise the
 * first request of each client would exceed the limit.
 *
 * Above the limit, the throttle time is as long as it takes until the same sum, over the longer time, is within the limit:
 *
 *   throttle = (rate - limit) / limit * window
 *
 * SAMPLED-RATE-1  a sample counts as long as one of its events is within the window
 * SAMPLED-RATE-2  a negative value subtracts what was recorded before
 */
interface Sample {
  startMs: number
  lastEventMs: number
  sum: number
}

export class SampledRate {
  private readonly samplesMax: number
  private readonly sampleMs: number
  private readonly samples: Sample[] = []
  private current = 0

  /** `samplesMax` samples of `sampleMs` milliseconds. */
  constructor({ samplesMax, sampleMs }: { samplesMax: number; sampleMs: number }) {
    this.samplesMax = samplesMax
    this.sampleMs = sampleMs
  }

  /** Records `value` at `nowMs`. */
  record(value: number, nowMs: number): void {
    const sample = this.sampleAt(nowMs)
    sample.sum += value
    sample.lastEventMs = nowMs
  }

  /** The rate per second at `nowMs`. */
  measure(nowMs: number): number {
    this.resetExpired(nowMs)
    const sum = this.samples.reduce((total, sample) => total + sample.sum, 0)
    return sum / (this.windowMs(nowMs) / 1000)
  }

  /** The throttle time until the rate is `limit` (per second), in whole milliseconds; 0 if it is within the limit. */
  throttleMs(limit: number, nowMs: number): number {
    const rate = this.measure(nowMs)
    if (rate <= limit) return 0
    return Math.round(((rate - limit) / limit) * this.windowMs(nowMs))
  }

  /** The time that the samples cover: since the start of the oldest one, and at least all samples but one. */
  private windowMs(nowMs: number): number {
    const oldestMs = this.samples.reduce((oldest, { startMs }) => Math.min(oldest, startMs), nowMs)
    const elapsedMs = nowMs - oldestMs
    const missing = this.samplesMax - 1 - Math.floor(elapsedMs / this.sampleMs)
    return Math.max(1, elapsedMs + Math.max(0, missing) * this.sampleMs)
  }

  private sampleAt(nowMs: number): Sample {
    const sample = this.samples[this.current]
    if (sample && nowMs - sample.startMs < this.sampleMs) return sample
    const fresh = { startMs: nowMs, lastEventMs: nowMs, sum: 0 }
    // One sample more than the window: the oldest may still be partly within it (SAMPLED-RATE-1).
    if (sample) this.current = (this.current + 1) % (this.samplesMax + 1)
    this.samples[this.current] = fresh
    return fresh
  }

  private resetExpired(nowMs: number): void {
    for (const sample of this.samples) {
      if (nowMs - sample.lastEventMs < this.samplesMax * this.sampleMs) continue
      sample.startMs = nowMs
      sample.lastEventMs = nowMs
      sample.sum = 0
    }
  }
}
