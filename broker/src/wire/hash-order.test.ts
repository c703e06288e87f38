/** Orders observed in Java: `new HashMap`, `new HashMap(aMap)`, `HashMap.newHashMap(n)` (OpenJDK 17). */
import { expect, test } from 'vitest'
import { inHashOrder } from './hash-order.ts'

const itself = (key: number): number => key

test('HASH-ORDER-1: by bucket, and within a bucket in the order of insertion', () => {
  expect(inHashOrder([33, 17, 2, 1], itself)).toEqual([33, 17, 1, 2])
  // The upper bits of a hash are XORed into the lower ones.
  expect(inHashOrder([0x1_0000, 0], itself)).toEqual([0, 0x1_0000])
})

test('HASH-ORDER-2: the number of buckets depends on whether the map has grown or was copied', () => {
  const multiples = (count: number): number[] => Array.from({ length: count }, (_, i) => (count - i) * 16)
  expect(inHashOrder(multiples(4), itself)).toEqual([64, 48, 32, 16])
  const [twelve, thirteen] = [multiples(12), multiples(13)]
  expect(inHashOrder(twelve, itself)).toEqual(twelve)
  const apart = [...twelve.filter((key) => key % 32 === 0), ...twelve.filter((key) => key % 32 !== 0)]
  expect(inHashOrder(twelve, itself, 'copied')).toEqual(apart)
  expect(inHashOrder(thirteen, itself).slice(0, 3)).toEqual([192, 160, 128])
  expect(inHashOrder([2, 5], itself)).toEqual([2, 5])
  expect(inHashOrder([2, 5], itself, 'made for so many')).toEqual([5, 2])
})
