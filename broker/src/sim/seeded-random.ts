/**
 * Dice that fall the same way for the same seed.
 *
 * The algorithm is Mulberry32 (Tommy Ettinger, public domain): a counter is moved by a fixed odd step, and the
 * counter's bits are mixed twice. 2^32 states are plenty for a simulation, and it fits in four lines:
 *
 *   state += 0x6D2B79F5
 *   t = (state ^ state >>> 15) * (state | 1);  t ^= t + (t ^ t >>> 7) * (t | 61);  give t ^ t >>> 14
 *
 * SEEDED-RANDOM-1  one seed, one sequence, on every machine: only 32-bit integer arithmetic is used
 * SEEDED-RANDOM-2  a fork has a sequence of its own: how often one part rolls its dice does not change another's luck
 */
import type { Randomness } from '../core.ts'

export class SeededRandom implements Randomness {
  private state: number

  /** `seed`: any integer; its lower 32 bits count. */
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

  /** A fraction from 0 up to, not including, 1. */
  fraction(): number {
    return this.next() / 2 ** 32
  }

  int(bound: number): number {
    return Math.floor(this.fraction() * bound)
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() >>> 24)
  }

  /** True `percent` times in a hundred. */
  chance(percent: number): boolean {
    return this.int(100) < percent
  }

  /** Dice for a part of the whole (SEEDED-RANDOM-2). */
  fork(name: string): SeededRandom {
    let seed = this.state
    for (const letter of name) seed = Math.imul(seed ^ letter.charCodeAt(0), 0x01000193)
    return new SeededRandom(seed)
  }
}

/** Dice as a function: whole numbers from 0 up to, not including, `bound`. */
export function diceOf(seed: number): (bound: number) => number {
  const random = new SeededRandom(seed)
  return (bound) => random.int(bound)
}
