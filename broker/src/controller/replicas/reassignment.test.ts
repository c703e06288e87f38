import { describe, expect, test } from 'vitest'
import { beginReassignment, completeReassignment, isReassigning, revertReassignment } from './reassignment.ts'

describe('a reassignment', () => {
  test('begins with old and new replicas together', () => {
    expect(beginReassignment([1, 2, 3], [4, 5, 1])).toEqual({
      replicas: [4, 5, 1, 2, 3],
      adding: [4, 5],
      removing: [2, 3],
    })
  })

  test('of the order alone moves nothing', () => {
    expect(isReassigning(beginReassignment([1, 2, 3], [3, 2, 1]))).toBe(false)
  })

  test('REASSIGNMENT-1: the old replicas stay until all added ones are in sync, and with fewer replicas all that stay', () => {
    const moving = beginReassignment([1, 2, 3], [4, 1])
    expect(completeReassignment({ ...moving, isr: [1, 2, 3] })).toBeUndefined()
    expect(completeReassignment({ ...moving, isr: [4, 2, 3] })).toBeUndefined()
    const equal = beginReassignment([1, 2], [4, 1])
    expect(completeReassignment({ ...equal, isr: [4, 2] })).toEqual({ replicas: [4, 1], isr: [4] })
    expect(completeReassignment({ ...moving, isr: [1, 2, 3, 4] })).toEqual({ replicas: [4, 1], isr: [1, 4] })
  })

  test('to fewer replicas completes at once if those are in sync', () => {
    expect(completeReassignment({ ...beginReassignment([1, 2, 3], [2]), isr: [1, 2] })).toEqual({
      replicas: [2],
      isr: [2],
    })
  })

  test('REASSIGNMENT-2: a cancelled one goes back to the original replicas', () => {
    const partition = { replicas: [4, 5, 1, 2, 3], adding: [4, 5], isr: [1, 3, 4] }
    expect(revertReassignment(partition)).toEqual({ replicas: [1, 2, 3], isr: [1, 3], isUnclean: false })
    expect(revertReassignment({ ...partition, isr: [4] })).toEqual({
      replicas: [1, 2, 3],
      isr: [1],
      isUnclean: true,
    })
  })
})
