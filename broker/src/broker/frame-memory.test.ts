import { describe, expect, test } from 'vitest'
import { FrameMemory } from './frame-memory.ts'

describe('memory for frames', () => {
  test('FRAME-MEMORY-1: a buffer in use is not handed out; after its release it is, once', () => {
    const memory = new FrameMemory()
    const [one, two] = [memory.take(5000), memory.take(5000)]
    expect(one.buffer).not.toBe(two.buffer)
    memory.release(one)
    expect(memory.take(9000).buffer).toBe(one.buffer)
    expect(memory.take(9000).buffer).not.toBe(one.buffer)
  })

  test('FRAME-MEMORY-2: released buffers are kept up to the limit', () => {
    const memory = new FrameMemory(100_000)
    const taken = Array.from({ length: 3 }, () => memory.take(65_536))
    for (const bytes of taken) memory.release(bytes)
    const again = Array.from({ length: 3 }, () => memory.take(65_536))
    expect(again.filter(({ buffer }) => taken.some((each) => each.buffer === buffer))).toHaveLength(1)
  })

  test('a small frame, and one larger than every shelf, get a buffer of exactly their size', () => {
    const memory = new FrameMemory()
    for (const length of [0, 100, 2_000_000]) {
      const bytes = memory.take(length)
      expect(bytes.buffer.byteLength).toBe(length)
      memory.release(bytes)
      if (length > 0) expect(memory.take(length).buffer).not.toBe(bytes.buffer)
    }
  })
})
