/**
 * A rate over the last seconds, from a few samples (KIP-13; Kafka: Rate over SampledStat).
 *
 *   quota.window.num 11 samples of quota.window.size.seconds 1 s
 *
 *      |--1 s--|--1 s--|- ... -|--1 s--|--now
 *        sum     sum             sum     sum        rate = all sums / (from the oldest sample's start until now)
 *
 * A client that begins with a burst has one young sample: its rate is taken over ten seconds all the same, or every
 * first request would look like a flood.
 *
 * Who is above the limit waits as long as it takes until the same sum, over so much more time, is within it:
 *
 *   throttle = (rate - limit) / limit * window
 *
 * SAMPLED-RATE-1  a sample counts as long as one of its events is within the window
 * SAMPLED-RATE-2  a negative value takes back what was recorded before
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

  /** So much has happened at `nowMs`. */
  record(value: number, nowMs: number): void {
    const sample = this.sampleAt(nowMs)
    sample.sum += value
    sample.lastEventMs = nowMs
  }

  /** Per second, at `nowMs`. */
  measure(nowMs: number): number {
    this.forget(nowMs)
    const sum = this.samples.reduce((total, sample) => total + sample.sum, 0)
    return sum / (this.windowMs(nowMs) / 1000)
  }

  /** How long to wait until the rate is `limit` (per second); 0 when it is within it. Whole milliseconds. */
  throttleMs(limit: number, nowMs: number): number {
    const rate = this.measure(nowMs)
    if (rate <= limit) return 0
    return Math.round(((rate - limit) / limit) * this.windowMs(nowMs))
  }

  /** The time that the samples stand for: since the oldest one began, at least all whole samples but one. */
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
    // One more than counts: the oldest may still reach into the window (SAMPLED-RATE-1).
    if (sample) this.current = (this.current + 1) % (this.samplesMax + 1)
    this.samples[this.current] = fresh
    return fresh
  }

  private forget(nowMs: number): void {
    for (const sample of this.samples) {
      if (nowMs - sample.lastEventMs < this.samplesMax * this.sampleMs) continue
      sample.startMs = nowMs
      sample.lastEventMs = nowMs
      sample.sum = 0
    }
  }
}
