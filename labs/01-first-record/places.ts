/** Lab 01: places of records, `partition:offset`, in whichever type the learner's function gives the offset. */
import type { ReadBack } from '../engine/wire/bench.ts'

/** `2:17`, whether the offset is a string, a bigint or a number; undefined when it is no place. */
export function placeOf(value: unknown): string | undefined {
  const { partition, offset } = (value ?? {}) as { partition?: unknown; offset?: unknown }
  const isNumber = typeof partition === 'number' && Number.isInteger(partition)
  const text = String(offset)
  return isNumber && /^\d+$/.test(text) ? `${partition}:${text}` : undefined
}

export const placesOf = (records: readonly ReadBack[]) =>
  records.map(({ partition, offset }) => `${partition}:${offset}`)
