import { expect, test } from 'vitest'
import { batchOf } from '../../../test/log-fixtures.ts'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import { CHUNK_BYTES, walkBatches } from './batch-reader.ts'

test('BATCH-READER-1: a batch that crosses the end of a chunk is visited whole, however large it is', () => {
  const file = new MemoryStorage().open('log')
  const sizes = [400_000, 400_000, 400_000, 3 * CHUNK_BYTES, 100]
  const sent = sizes.map((size, i) => batchOf(['x'.repeat(size)], { baseOffset: i }))
  for (const batch of sent) file.append([batch])
  const visited: number[] = []
  const end = walkBatches(file, 0, file.size(), ({ header, bytes, at }) => {
    expect(Buffer.compare(bytes.subarray(at, at + header.size), sent[header.baseOffset]!)).toBe(0)
    visited.push(header.baseOffset)
    return true
  })
  expect([visited, end]).toEqual([[0, 1, 2, 3, 4], file.size()])
})
