/** Numbers for stories that are made up, the same for the same seed. */

/** Gives a function that draws whole numbers from 0 up to, not including, `n` (mulberry32). */
export function diceOf(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }
}
