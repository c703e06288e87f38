import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SeededRandom } from '../../sim/seeded-random.ts'
import { placePartitions, type UsableBroker } from './placement.ts'

const first = (): number => 0
const broker = (id: number, rack: string | null = null, fenced = false): UsableBroker => ({
  id,
  rack,
  fenced,
})

describe('placement', () => {
  test('is striped over racks and the brokers of each rack', () => {
    const brokers = ['a', 'b', 'c'].flatMap((rack, at) =>
      [0, 1, 2].map((n) => broker(10 * (at + 1) + n, rack)),
    )
    expect(placePartitions(brokers, { count: 3, factor: 3 }, first)).toEqual([
      [10, 20, 30],
      [21, 31, 11],
      [32, 12, 22],
    ])
  })

  test('without racks, leaders go round and the followers differ', () => {
    const brokers = [1, 2, 3].map((id) => broker(id))
    expect(placePartitions(brokers, { count: 3, factor: 2 }, first)).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
    ])
  })

  test('refuses a factor above the number of brokers, and a cluster of fenced brokers', () => {
    const brokers = [1, 2].map((id) => broker(id))
    expect(() => placePartitions(brokers, { count: 1, factor: 3 }, first)).toThrow(
      /factor of 3 cannot be reached because only 2/,
    )
    expect(() => placePartitions([broker(1, null, true)], { count: 1, factor: 1 }, first)).toThrow(
      /currently fenced/,
    )
  })

  test('PLACEMENT-1, PLACEMENT-2, PLACEMENT-3: different brokers, an unfenced leader, fenced ones last in a rack, racks as different as can be', () => {
    const brokers = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 30 }),
        rack: fc.constantFrom(null, 'a', 'b', 'c'),
        fenced: fc.boolean(),
      }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 9 },
    )
    fc.assert(
      fc.property(
        brokers,
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        (all, count, wanted, seed) => {
          fc.pre(all.some(({ fenced }) => !fenced))
          const factor = Math.min(wanted, all.length)
          const random = new SeededRandom(seed)
          const byId = new Map(all.map((each) => [each.id, each]))
          const rackCount = new Set(all.map(({ rack }) => rack)).size
          for (const replicas of placePartitions(all, { count: count % 20, factor }, (bound) =>
            random.int(bound),
          )) {
            expect(replicas).toHaveLength(factor)
            expect(new Set(replicas).size).toBe(factor)
            expect(byId.get(replicas[0]!)!.fenced).toBe(false)
            const racks = replicas.map((id) => byId.get(id)!.rack)
            if (rackCount >= factor) expect(new Set(racks).size).toBe(factor)
            for (const id of replicas) {
              const { rack, fenced } = byId.get(id)!
              const isUsed = ({ id: other }: UsableBroker): boolean => replicas.includes(other)
              if (fenced)
                expect(all.filter((each) => each.rack === rack && !each.fenced).every(isUsed)).toBe(true)
            }
          }
        },
      ),
    )
  })
})
