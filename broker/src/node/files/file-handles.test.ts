import { expect, test } from 'vitest'
import { FLUSHES_MAX, Flushes } from './file-handles.ts'

test('FILE-HANDLES-2: a limited number of fsyncs run at once; the others start in order', () => {
  const flushes = new Flushes()
  const begun: number[] = []
  const count = FLUSHES_MAX + 3
  for (let i = 0; i < count; i++) flushes.add(() => void begun.push(i))
  expect(begun).toHaveLength(FLUSHES_MAX)
  flushes.ended()
  expect(begun).toHaveLength(FLUSHES_MAX + 1)
  for (let i = 0; i < count; i++) flushes.ended()
  expect(begun).toEqual(Array.from({ length: count }, (_, i) => i))
})
