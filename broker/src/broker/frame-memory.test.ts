import { describe, expect, test } from 'vitest'
import { FrameMemory } from './frame-memory.ts'

describe('memory for frames', () => {
  test('FRAME-MEMORY-1: what is in use is not handed out, what was given back is, once', () => {
    const memory = new FrameMemory()
    const [one, two] = [memory.take(5000), memory.take(5000)]
    expect(one.buffer).not.toBe(two.buffer)
    memory.giveBack(one)
    expect(memory.take(9000).buffer).toBe(one.buffer)
    expect(memory.take(9000).buffer).not.toBe(one.buffer)
  })

  test('FRAME-MEMORY-2: no more is kept than was said', () => {
    const memory = new FrameMemory(100_000)
    const taken = Array.from({ length: 3 }, () => memory.take(65_536))
    for (const bytes of taken) memory.giveBack(bytes)
    const again = Array.from({ length: 3 }, () => memory.take(65_536))
    expect(again.filter(({ buffer }) => taken.some((each) => each.buffer === buffer))).toHaveLength(1)
  })

  test('a small frame, and one that no shelf has room for, get just what they need', () => {
    const memory = new FrameMemory()
    for (const length of [0, 100, 2_000_000]) {
      const bytes = memory.take(length)
      expect(bytes.buffer.byteLength).toBe(length)
      memory.giveBack(bytes)
      if (length > 0) expect(memory.take(length).buffer).not.toBe(bytes.buffer)
    }
  })
})
