import { expect, test } from 'vitest'
import { MemoryStorage } from './memory-storage.ts'

test('MEMORY-STORAGE-2: a handle stays valid when its file is renamed or removed', () => {
  const storage = new MemoryStorage()
  const file = storage.open('a/one')
  file.append([Uint8Array.of(1)])
  storage.rename('a/one', 'b/two')
  file.append([Uint8Array.of(2)])
  expect([...storage.readFile('b/two')!]).toEqual([1, 2])
  storage.remove('b')
  file.append([Uint8Array.of(3)])
  expect([...file.read(0, 9)]).toEqual([1, 2, 3])
  expect(storage.exists('b/two')).toBe(false)
})
