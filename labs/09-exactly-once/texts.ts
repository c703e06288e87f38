/** Lab 09: pairs whose keys are strings, as its page wants them, and where records with equal keys have come to. */
import type { Pair } from '../engine/texts.ts'
import type { Outgoing } from './subject.ts'

export const withKeys = (pairs: readonly Pair[]): Outgoing[] =>
  pairs.map(({ key, value }) => ({ key: key ?? '', value }))

/**
 * Whether the records of each key are in one partition and in the order of the list; undefined when they are, else the
 * first key for which they are not.
 */
export function misplacedKey(
  sent: readonly Pair[],
  read: readonly { readonly partition: number; readonly key: string | null; readonly value: string | null }[],
): { key: string; partitions: number } | undefined {
  for (const key of new Set(sent.map((one) => one.key))) {
    const wanted = sent.filter((one) => one.key === key).map(({ value }) => value)
    const got = read.filter((one) => one.key === key)
    const partitions = new Set(got.map(({ partition }) => partition)).size
    const isOrdered = got.length === wanted.length && got.every(({ value }, i) => value === wanted[i])
    if (partitions > 1 || !isOrdered) return { key: key ?? 'null', partitions }
  }
  return undefined
}
