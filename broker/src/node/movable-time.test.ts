import { Kafka, logLevel } from 'kafkajs'
import { afterEach, describe, expect, it } from 'vitest'
import { startBroker } from './index.ts'
import { MovableTime } from './movable-time.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const platform = {
  set: (delayMs: number, fire: () => void) => {
    const timer = setTimeout(fire, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('time that a test moves', () => {
  it('MOVABLE-TIME-1: both clocks jump by the same, and never back', () => {
    const time = new MovableTime()
    const before = [time.clock.now(), time.clock.monotonicMs()] as const
    time.advance(3_600_000)
    expect(time.clock.now() - before[0]).toBeGreaterThanOrEqual(3_600_000)
    expect(time.clock.now() - before[0]).toBeLessThan(3_600_000 + 5_000)
    expect(time.clock.monotonicMs() - before[1]).toBeGreaterThanOrEqual(3_600_000)
    expect(() => time.advance(-1)).toThrow('does not go back')
  })

  it('MOVABLE-TIME-2: what is due fires in order, once; the rest waits; what was cancelled does not fire', async () => {
    const time = new MovableTime()
    const timers = time.timers(platform)
    const fired: string[] = []
    timers.set(60_000, () => fired.push('minute'))
    timers.set(5_000, () => fired.push('five seconds'))
    const again = () => {
      fired.push('each ten seconds')
      timers.set(10_000, again)
    }
    timers.set(10_000, again)
    timers.set(20_000, () => fired.push('never')).cancel()
    timers.set(3_600_000, () => fired.push('hour'))
    await turn()
    expect(fired).toEqual([])
    time.advance(61_000)
    await turn()
    expect(fired).toEqual(['five seconds', 'each ten seconds', 'minute'])
    time.advance(3_600_000 - 61_000)
    await turn()
    expect(fired.slice(3).sort()).toEqual(['each ten seconds', 'hour'])
  })

  it('retention deletes after an hour that takes a moment', async () => {
    const time = new MovableTime()
    const broker = await startBroker({ time, config: { 'log.retention.check.interval.ms': '1000' } })
    stops.push(() => broker.stop())
    const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    const producer = kafka.producer()
    stops.unshift(
      () => admin.disconnect(),
      () => producer.disconnect(),
    )
    await admin.connect()
    await admin.createTopics({
      topics: [
        { topic: 'events', numPartitions: 1, configEntries: [{ name: 'retention.ms', value: '1800000' }] },
      ],
    })
    await producer.connect()
    await producer.send({ topic: 'events', messages: [{ value: 'old' }] })
    expect((await admin.fetchTopicOffsets('events'))[0]).toMatchObject({ low: '0', high: '1' })
    time.advance(3_600_000)
    await expect
      .poll(async () => (await admin.fetchTopicOffsets('events'))[0], { timeout: 8_000 })
      .toMatchObject({ low: '1', high: '1' })
  })
})
