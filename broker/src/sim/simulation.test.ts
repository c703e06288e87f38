/** The simulator: a seed determines a run, and a crash loses only what was not flushed. */
import { describe, expect, test } from 'vitest'
import {
  askFor,
  commit,
  committed,
  createTopic,
  fetch,
  findCoordinator,
  join,
  produce,
  valuesOf,
} from '../../test/sim-story.ts'
import { SeededRandom } from './seeded-random.ts'
import { Simulation } from './simulation.ts'

/** A typical run of a broker, determined by the seed. */
function story(seed: number): Simulation {
  const run = new Simulation({ seed })
  run.start()
  const producer = run.client()
  createTopic(producer)
  for (let i = 0; i < 10; i++) produce(producer, `a${i}`, `b${i}`)
  const consumer = run.client()
  findCoordinator(run, consumer)
  commit(consumer, join(consumer), fetch(consumer, 0).length)
  run.run(60_000)
  run.stop()
  return run
}

describe('a run', () => {
  test('SIMULATION-1, CORE-3: the same seed gives the same bytes on the network, the same events and the same files', () => {
    const [one, two] = [story(7), story(7)]
    expect(one.fingerprint()).toBe(two.fingerprint())
    expect(one.events).toEqual(two.events)
    expect(one.events.length).toBeGreaterThan(20)
  })

  test('another seed gives another run', () => {
    expect(story(7).fingerprint()).not.toBe(story(8).fingerprint())
  })

  test('takes no real time: an hour passes in an instant', () => {
    const run = new Simulation({ seed: 1 })
    run.start()
    const before = run.time.now()
    run.run(3_600_000)
    expect(run.time.now() - before).toBe(3_600_000)
  })
})

describe('brokers under virtual time', () => {
  test('a consumer waits at the end of the log, and the next produce completes its fetch', () => {
    const run = new Simulation({ seed: 11 })
    run.start()
    const [producer, consumer] = [run.client(), run.client()]
    createTopic(producer)
    const waiting = askFor(consumer, 0, 30_000)
    run.run(20_000)
    expect(waiting.answer).toBeUndefined()
    produce(producer, 'at last')
    expect(valuesOf(waiting.wait())).toEqual(['at last'])
  })

  test('without a produce, the fetch expires at exactly its timeout', () => {
    const run = new Simulation({ seed: 12 })
    run.start()
    const client = run.client()
    createTopic(client)
    const asked = run.time.now()
    expect(valuesOf(askFor(client, 0, 30_000).wait())).toEqual([])
    const waited = run.time.now() - asked
    expect(waited).toBeGreaterThanOrEqual(30_000)
    expect(waited).toBeLessThan(30_050)
  })

  test('COORDINATOR-LOGS-2: a committed offset survives a clean stop', () => {
    const run = new Simulation({ seed: 13 })
    run.start()
    const client = run.client()
    createTopic(client)
    findCoordinator(run, client)
    commit(client, join(client), 42)
    run.stop()
    run.start()
    const again = run.client()
    findCoordinator(run, again)
    expect(committed(again)).toBe(42)
  })
})

describe('a crash', () => {
  test('loses nothing that was flushed: with flush.messages=1 and time for the disk', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const run = new Simulation({ seed })
      run.start()
      const client = run.client()
      createTopic(client, [{ name: 'flush.messages', value: '1' }])
      const values = Array.from({ length: 5 }, (_, i) => `record ${i} of seed ${seed}`)
      for (const value of values) produce(client, value)
      run.run(100)
      produce(client, 'in the page cache, perhaps')
      run.crash()
      run.start()
      expect(fetch(run.client(), 0).slice(0, 5)).toEqual(values)
    }
  })

  test('SIMULATION-2: ends everything: nothing of the process happens afterwards', () => {
    const run = new Simulation({ seed: 3 })
    run.start()
    const client = run.client()
    createTopic(client, [{ name: 'flush.messages', value: '1' }])
    const waiting = askFor(run.client(), 0, 500)
    run.run(50)
    const before = run.events.length
    run.crash()
    run.run(60_000)
    expect(waiting.answer).toBeUndefined()
    expect(run.events.slice(before).map(({ event }) => event)).toEqual([])
  })

  test('may lose what was not flushed, but keeps the oldest records, whole and in order', () => {
    const lost: number[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const run = new Simulation({ seed })
      run.start()
      const client = run.client()
      createTopic(client)
      const values = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(400))
      for (const value of values) produce(client, value)
      run.crash()
      run.start()
      const left = fetch(run.client(), 0)
      expect(left).toEqual(values.slice(0, left.length))
      expect(produce(run.client(), 'next')).toBe(left.length)
      lost.push(values.length - left.length)
    }
    expect(Math.max(...lost)).toBeGreaterThan(0)
  })

  test('BROKER-1: keeps a topic whose creation was confirmed, because metadata is flushed first', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const run = new Simulation({ seed })
      run.start()
      createTopic(run.client())
      run.crash()
      run.start()
      expect(produce(run.client(), 'first')).toBe(0)
    }
  })
})

describe('several lives in a row, with random events', () => {
  const SEEDS = 25
  const LIVES = 4

  test(`LOG-MANAGER-1: ${SEEDS} seeds: crashes and stops at any moment; what is left is always a prefix of what was sent`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const dice = new SeededRandom(seed).fork('workload')
      const run = new Simulation({ seed })
      run.start()
      createTopic(run.client(), [
        { name: 'flush.messages', value: String(1 + dice.int(4)) },
        { name: 'segment.ms', value: '50' },
      ])
      let sent: string[] = []
      for (let life = 1; life <= LIVES; life++) {
        work(run, dice, sent)
        const clean = dice.chance(25)
        if (clean) run.stop()
        else run.crash()
        run.start()
        const left = readAll(run)
        expect(left, `seed ${seed}, life ${life}`).toEqual(sent.slice(0, clean ? sent.length : left.length))
        sent = left
      }
      expect(run.log.filter((line) => line.includes(' error '))).toEqual([])
    }
  })

  /** Some records, and some time in between. */
  function work(run: Simulation, dice: SeededRandom, sent: string[]): void {
    const client = run.client()
    for (let left = dice.int(30); left > 0; left--) {
      if (dice.chance(30)) run.run(dice.int(200))
      const value = `${sent.length}`.padEnd(1 + dice.int(900), '.')
      expect(produce(client, value)).toBe(sent.length)
      sent.push(value)
    }
  }

  function readAll(run: Simulation): string[] {
    const values: string[] = []
    for (;;) {
      const more = fetch(run.client(), values.length)
      if (more.length === 0) return values
      values.push(...more)
    }
  }
})
