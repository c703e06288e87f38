/**
 * Suggests the known word that is closest to a mistyped one.
 *
 * The distance counts letters that are inserted, deleted, changed, or swapped with their neighbour (Damerau-Levenshtein,
 * "optimal string alignment"): `chekc` is one step from `check`.
 *
 * CLOSEST-1  the launchers use it before anything is installed, so it imports nothing
 */

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} how many steps lead from one word to the other
 */
export function distance(a, b) {
  /** Steps between the first i letters of a and the first j of b. @type {number[][]} */
  const steps = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const at = (/** @type {number} */ up, /** @type {number} */ left) => steps[i - up]?.[j - left] ?? 0
      const change = at(1, 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(at(1, 0) + 1, (row[j - 1] ?? 0) + 1, change)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) row[j] = Math.min(row[j] ?? 0, at(2, 2) + 1)
    }
    steps.push(row)
  }
  return steps[a.length]?.[b.length] ?? 0
}

/**
 * @param {string} word
 * @param {readonly string[]} known
 * @returns {string | undefined} the closest known word; undefined if none is close enough
 */
export function closest(word, known) {
  const typed = word.toLowerCase()
  const ranked = known
    .map((name) => ({ name, steps: distance(typed, name.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps)
  const best = ranked[0]
  if (best === undefined) return undefined
  const stepsMax = Math.max(1, Math.floor(Math.max(typed.length, best.name.length) / 3))
  return best.steps <= stepsMax ? best.name : undefined
}
