import { describe, expect, test } from 'vitest'
import { majorityOffset, nextHighWatermark } from './high-watermark.ts'

const voters = (...offsets: (number | undefined)[]) => offsets.map((offset, i) => ({ id: i + 1, offset }))
const fresh = { current: undefined, epochStartOffset: 50 }

describe('the high watermark', () => {
  test.each([
    [[62], 62],
    [[62, 57], 57],
    [[62, 60, 57], 60],
    [[62, 60, 57, 55], 57],
    [[62, 60, 57, 55, 51], 57],
    [[62, undefined, undefined], undefined],
    [[62, undefined, 57], 57],
  ])('HIGH-WATERMARK-1: of voters at %j is %s', (offsets, expected) => {
    expect(majorityOffset(voters(...offsets))).toBe(expected)
    expect(nextHighWatermark(voters(...offsets), fresh)).toBe(expected)
  })

  test('HIGH-WATERMARK-2: is unknown until a record of the own epoch is on a majority', () => {
    expect(nextHighWatermark(voters(62, 50, 50), fresh)).toBeUndefined()
    expect(nextHighWatermark(voters(62, 51, 50), fresh)).toBe(51)
  })

  test('HIGH-WATERMARK-3: does not fall when a voter is added that has less', () => {
    const at = { current: 62, epochStartOffset: 50 }
    expect(nextHighWatermark(voters(62, 62, undefined, undefined), at)).toBe(62)
    expect(nextHighWatermark(voters(65, 55, 55), at)).toBe(62)
  })
})
