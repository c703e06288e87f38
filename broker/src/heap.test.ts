import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from './heap.ts'

test('HEAP-1: items come out in order, even if others are added in between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20))), (steps) => {
      const heap = new Heap<number>((a, b) => a < b)
      const model: number[] = []
      for (const step of steps) {
        if (step === null) {
          model.sort((a, b) => a - b)
          expect(heap.pop()).toBe(model.shift())
        } else {
          heap.push(step)
          model.push(step)
        }
        expect(heap.size).toBe(model.length)
      }
      expect(Array.from(model, () => heap.pop())).toEqual(model.sort((a, b) => a - b))
    }),
  )
})
