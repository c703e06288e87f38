/**
 * What a resource of configs is called: a broker by its number, and how a number may be written.
 */

/** The 32-bit integer that Java reads there: `7`, `+7`, `-07`; undefined when it is none. */
export function intOf(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined
}
