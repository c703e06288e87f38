import { expect, test } from 'vitest'
import { StorageError } from '../src/core.ts'
import { MemoryStorage } from '../src/sim/memory-storage.ts'
import { FaultyStorage } from './faulty-storage.ts'

/** A disk with a file of three bytes, which is full now. */
function fullDisk() {
  const below = new MemoryStorage()
  const disk = new FaultyStorage(below)
  const file = disk.open('log')
  file.append([Uint8Array.of(1, 2, 3)])
  disk.fillUpAfter(0)
  return { below, disk, file }
}

test('FAULTY-STORAGE-1: an operation that fails has done nothing, a torn append what it says', () => {
  const { below, disk, file } = fullDisk()
  expect(() => file.append([Uint8Array.of(4, 5)])).toThrow(StorageError)
  expect(() => file.write(0, Uint8Array.of(9))).toThrow(StorageError)
  expect(() => disk.writeFileAtomic('other', Uint8Array.of(9))).toThrow(StorageError)
  expect([[...below.readFile('log')!], below.exists('other')]).toEqual([[1, 2, 3], false])
  disk.tornBytes = 1
  expect(() => file.append([Uint8Array.of(4, 5)])).toThrow(StorageError)
  expect([...below.readFile('log')!]).toEqual([1, 2, 3, 4])
})

test('FAULTY-STORAGE-2: what was written is there below, and above when the disk is well again', () => {
  const { below, disk, file } = fullDisk()
  expect([...file.read(0, 9)]).toEqual([1, 2, 3])
  disk.fail = () => undefined
  file.append([Uint8Array.of(4)])
  expect([...below.readFile('log')!]).toEqual([1, 2, 3, 4])
})
