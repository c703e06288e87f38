/**
 * Random numbers that are the same for the same seed.
 *
 * The algorithm is Mulberry32 (Tommy Ettinger, public domain): a counter is advanced by a fixed odd step, and its bits are
 * mixed twice. 2^32 states are enough for a simulation, and it takes four lines:
 *
 *   state += 0x6D2B79F5
 *   t = (state ^ state >>> 15) * (state | 1);  t ^= t + (t ^ t >>> 7) * (t | 61);  return t ^ t >>> 14
 *
 * SEEDED-RANDOM-1  one seed, one sequence, on every machine: only 32-bit integer arithmetic is used
 * SEEDED-RANDOM-2  a fork has its own sequence: how many numbers one part uses does not affect the others
 */
import type { Randomness } from '../core.ts'

export class SeededRandom implements Randomness {
  private state: number

  /** `seed`: any integer; its lower 32 bits are used. */
  constructor(seed: number) {
    this.state = seed | 0
  }

  /** 32 random bits, as an unsigned number. */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  /** A fraction from 0 (inclusive) to 1 (exclusive). */
  fraction(): number {
    return this.next() / 2 ** 32
  }

  int(bound: number): number {
    return Math.floor(this.fraction() * bound)
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() >>> 24)
  }

  /** True with a probability of `percent`. */
  chance(percent: number): boolean {
    return this.int(100) < percent
  }

  /** Random numbers for one part of a simulation (SEEDED-RANDOM-2). */
  fork(name: string): SeededRandom {
    let seed = this.state
    for (const letter of name) seed = Math.imul(seed ^ letter.charCodeAt(0), 0x01000193)
    return new SeededRandom(seed)
  }
}

/** A function that returns random integers from 0 (inclusive) to `bound` (exclusive). */
export function diceOf(seed: number): (bound: number) => number {
  const random = new SeededRandom(seed)
  return (bound) => random.int(bound)
}
