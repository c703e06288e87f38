import { describe, expect, it } from 'vitest'
import { Dice } from './dice.ts'

describe('the dice', () => {
  it('LAB-DICE-1: repeat themselves for the same seed and test, and differ for another', () => {
    const throws = (seed: number, test: string) => {
      const dice = new Dice(seed, test)
      return [dice.int(0, 1_000_000), dice.freshWord(), ...dice.bytes(4)]
    }
    expect(throws(5, 'a')).toEqual(throws(5, 'a'))
    expect(throws(5, 'a')).not.toEqual(throws(6, 'a'))
    expect(throws(5, 'a')).not.toEqual(throws(5, 'b'))
  })

  it('LAB-DICE-2: never give 0, 1, an example or the same value twice', () => {
    for (let seed = 0; seed < 200; seed++) {
      const dice = new Dice(seed, 'fresh', [3, 5, 'anna'])
      const numbers = Array.from({ length: 6 }, () => dice.freshInt(0, 9))
      expect(new Set(numbers).size).toBe(6)
      expect(numbers.some((n) => [0, 1, 3, 5].includes(n))).toBe(false)
      const words = dice.freshWords(50)
      expect(new Set(words).size).toBe(50)
      expect(words).not.toContain('anna')
    }
  })

  it('LAB-DICE-3: shuffle into no order that sorting would give', () => {
    for (let seed = 0; seed < 500; seed++) {
      const dice = new Dice(seed, 'shuffle')
      const mixed = dice.shuffle([1, 2, 3])
      expect([...mixed].sort()).toEqual([1, 2, 3])
      expect(['1,2,3', '3,2,1']).not.toContain(mixed.join())
      const boxes = dice.shuffle([{ n: 1 }, { n: 2 }, { n: 3 }]).map(({ n }) => n)
      expect(['1,2,3', '3,2,1']).not.toContain(boxes.join())
    }
  })
})
