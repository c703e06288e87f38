/** The heap's limit is said, and a warning comes before it is reached. */
import { expect, test } from 'vitest'
import { heapWarning, watchHeap } from './heap-watch.ts'

const MB = 2 ** 20

test('a heap is warned of from nine tenths on, with what it has and what may help', () => {
  expect(heapWarning({ usedBytes: 899 * MB, limitBytes: 1000 * MB })).toBeUndefined()
  expect(heapWarning({ usedBytes: 900 * MB, limitBytes: 1000 * MB })).toMatch(
    /900 of 1000 MB.*max-old-space-size/,
  )
})

test('the limit is said at the start, for those who want to know', () => {
  const told: string[] = []
  const stop = watchHeap(
    (level, message) => void told.push(`${level} ${message}`),
    () => ({ usedBytes: 1, limitBytes: 512 * MB }),
  )
  stop()
  expect(told).toEqual(['debug the heap may grow to 512 MB (NODE_OPTIONS=--max-old-space-size)'])
})
