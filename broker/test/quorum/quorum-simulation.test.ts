/**
 * The quorum under faults: replicas that crash, pause and lose what they did not flush, links that lose and cut one way,
 * voters that come and go. What must hold is in invariants.ts.
 */
import { describe, expect, test } from 'vitest'
import { SimQuorum } from './sim-quorum.ts'

const SEEDS = Number(process.env.QUORUM_SEEDS ?? 25)
const FIRST_SEED = Number(process.env.QUORUM_FIRST_SEED ?? 1)

describe('a quorum under faults', () => {
  const happened: Record<string, number> = {}

  test('EPOCH-STATE-1, EPOCH-STATE-2, RAFT-LOG-1, RAFT-LISTENERS-3: holds all invariants, and recovers when it is healed', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const run = new SimQuorum({ seed })
      try {
        run.run()
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
      }
      for (const [what, times] of Object.entries(run.happened)) happened[what] = (happened[what] ?? 0) + times
    }
  }, 60_000)

  test('every fault happened, and voters did change', () => {
    const rare = ['addition committed', 'removal committed', 'core healed', 'disk replaced', 'snapshot']
    const always = ['crash', 'pause', 'one-way cut', 'isolation', 'loss', 'slow disk', 'resignation']
    expect([...rare, ...always].filter((what) => !happened[what])).toEqual([])
  })
})

test('the same seed gives the same run', () => {
  const [first, second] = [1, 2].map(() => {
    const run = new SimQuorum({ seed: 77, faults: 15 })
    run.run()
    return run.story()
  })
  expect(second).toBe(first)
})
