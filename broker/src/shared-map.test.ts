import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedKeys, SharedMap } from './shared-map.ts'

const step = fc.record({
  what: fc.constantFrom('set', 'delete', 'copy', 'fork'),
  key: fc.nat(120),
  value: fc.nat(),
})
type Version = { readonly map: SharedMap<number, number>; readonly model: Map<number, number> }

/** Every version that the steps lead to; with 'fork' the original is changed further, too. */
function versionsOf(
  steps: readonly { what: string; key: number; value: number }[],
  begin: number,
): Version[] {
  const first = Array.from({ length: begin }, (_, key) => [key, -1] as const)
  const versions: Version[] = [{ map: new SharedMap(first), model: new Map(first) }]
  let at = 0
  for (const { what, key, value } of steps) {
    const { map, model } = versions[at]!
    if (what === 'set') {
      map.set(key, value)
      model.set(key, value)
    } else if (what === 'delete') {
      expect(map.delete(key)).toBe(model.delete(key))
    } else {
      versions.push({ map: map.copy(), model: new Map(model) })
      at = what === 'copy' ? versions.length - 1 : value % versions.length
    }
  }
  return versions
}

test('SHARED-MAP-1, SHARED-MAP-2: each version has its own entries, in the order of a Map', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(100), (steps, begin) => {
      const versions = versionsOf(steps, begin)
      for (const { map, model } of versions) {
        expect([...map]).toEqual([...model])
        expect([...map.keys()]).toEqual([...model.keys()])
        expect([...map.values()]).toEqual([...model.values()])
        expect(map.size).toBe(model.size)
        for (let key = 0; key <= 120; key++) {
          expect(map.get(key)).toBe(model.get(key))
          expect(map.has(key)).toBe(model.has(key))
        }
      }
    }),
  )
})

test('the keys at which two versions differ', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(100), (steps, begin) => {
      const versions = versionsOf(steps, begin)
      const before = versions[0]!
      for (const after of versions) {
        const expected = new Set(
          [...before.model.keys(), ...after.model.keys()].filter(
            (key) => before.model.get(key) !== after.model.get(key),
          ),
        )
        expect(new Set(changedKeys(before.map, after.map))).toEqual(expected)
        expect(new Set(changedKeys(before.model, after.model))).toEqual(expected)
      }
    }),
  )
})

test('SHARED-MAP-3: ten thousand versions of a map with ten thousand entries copy a few hundred entries each', () => {
  let versions = new SharedMap(Array.from({ length: 10_000 }, (_, key) => [key, key] as const))
  const set = Map.prototype.set
  let copied = 0
  Map.prototype.set = function (key, value) {
    copied++
    return set.call(this, key, value)
  }
  try {
    for (let i = 0; i < 10_000; i++) versions = versions.copy().set(10_000 + i, i)
  } finally {
    Map.prototype.set = set
  }
  expect(versions.size).toBe(20_000)
  // Copies of the whole map would be 150 million.
  expect(copied).toBeLessThan(5_000_000)
})
