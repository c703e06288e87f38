/**
 * Does the simulation find what is planted? Each bug is one rule in its broken form; each invariant that is named for it
 * must find it alone, within a bounded number of seeds.
 */
import { describe, expect, test } from 'vitest'
import { KRAFT_RULES } from '../../src/quorum/quorum-rules.ts'
import { type InvariantName, Violation } from './invariants.ts'
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts'
import { SimQuorum } from './sim-quorum.ts'

/** The first seed with which this invariant sees the bug; undefined if none up to `max` does. */
function firstSeed(bug: PlantedBug, invariant: InvariantName, max: number): number | undefined {
  const { rules, seenBy: _seenBy, ...sizes } = bug
  for (let seed = 1; seed <= max; seed++) {
    try {
      new SimQuorum({ seed, rules: { ...KRAFT_RULES, ...rules }, only: [invariant], ...sizes }).run()
    } catch (error) {
      if (error instanceof Violation) return seed
      throw error
    }
  }
  return undefined
}

describe('a planted bug is found', () => {
  const cases = Object.entries<PlantedBug>(PLANTED_BUGS).flatMap(([name, bug]) =>
    bug.seenBy.map((invariant) => [name, invariant, bug] as const),
  )
  test.each(cases)(
    '%s by %s',
    (_name, invariant, bug) => {
      expect(firstSeed(bug, invariant, 100)).toBeDefined()
    },
    60_000,
  )
})
