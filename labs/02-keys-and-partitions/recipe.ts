/**
 * murmur2 as a recipe: its steps one by one, each of which can be replaced by a wrong one.
 *
 *   start   h from the length           word    k from four bytes        mix    k before it is joined
 *   join    h and k to a new h          tail    h and the last bytes     finish the end of h
 *
 * A hash that is wrong in one step still gives 32 bits that look like any others. Run with the step replaced, the
 * recipe gives the same wrong bits; and its steps beside Kafka's show where the two part.
 *
 * RECIPE-1  `kafka` gives what Kafka's Java client gives, for all lengths
 */
import type { TablePicture } from '../engine/picture.ts'

export const seed = 0x9747b28c
export const m = 0x5bd1e995

export interface Recipe {
  /** What is hashed in place of the bytes that were given. */
  readonly input: (bytes: Uint8Array) => Uint8Array
  readonly start: (length: number) => number
  readonly word: (bytes: Uint8Array, at: number) => number
  readonly mix: (k: number, multiply: Multiply) => number
  readonly join: (h: number, k: number, multiply: Multiply) => number
  /** `rest` has 0 to 3 bytes. */
  readonly tail: (h: number, rest: Uint8Array, multiply: Multiply) => number
  readonly finish: (h: number, multiply: Multiply) => number
  readonly multiply: Multiply
}
type Multiply = (a: number, b: number) => number

export const byteAt = (bytes: Uint8Array, at: number) => bytes[at] ?? 0

/** Four bytes, the lowest first. */
export const littleEndian = (bytes: Uint8Array, at: number) =>
  byteAt(bytes, at) |
  (byteAt(bytes, at + 1) << 8) |
  (byteAt(bytes, at + 2) << 16) |
  (byteAt(bytes, at + 3) << 24)

export const kafka: Recipe = {
  input: (bytes) => bytes,
  start: (length) => seed ^ length,
  word: littleEndian,
  mix: (k, multiply) => {
    const once = multiply(k, m)
    return multiply(once ^ (once >>> 24), m)
  },
  join: (h, k, multiply) => multiply(h, m) ^ k,
  tail: (h, rest, multiply) => (rest.length === 0 ? h : multiply(h ^ littleEndian(rest, 0), m)),
  finish: (h, multiply) => {
    const once = multiply(h ^ (h >>> 13), m)
    return once ^ (once >>> 15)
  },
  multiply: Math.imul,
}

/** One step: what it has read, and k and h after it. */
export interface Step {
  /** In code, which reads alike in both languages: `bytes[4…7]`. */
  readonly at: string
  readonly k?: number
  readonly h: number
}

/** The hash as a signed int. */
export function cook(recipe: Recipe, bytes: Uint8Array, onStep?: (step: Step) => void): number {
  const input = recipe.input(bytes)
  const { multiply } = recipe
  const tail = input.length & 3
  const whole = input.length - tail
  let h = recipe.start(input.length) | 0
  onStep?.({ at: `seed ^ ${input.length}`, h })
  for (let at = 0; at < whole; at += 4) {
    const k = recipe.mix(recipe.word(input, at) | 0, multiply) | 0
    h = recipe.join(h, k, multiply) | 0
    onStep?.({ at: `bytes[${at}…${at + 3}]`, k, h })
  }
  h = recipe.tail(h, input.subarray(whole), multiply) | 0
  onStep?.({ at: tail === 0 ? '—' : `bytes[${whole}…${input.length - 1}]`, h })
  h = recipe.finish(h, multiply) | 0
  onStep?.({ at: '>>> 13, >>> 15', h })
  return h
}

function stepsOf(recipe: Recipe, bytes: Uint8Array): Step[] {
  const steps: Step[] = []
  cook(recipe, bytes, (step) => steps.push(step))
  return steps
}

const bits = (n: number | undefined) => (n === undefined ? '' : (n >>> 0).toString(16).padStart(8, '0'))

const titles = {
  step: { en: 'step', ru: 'шаг' },
  kafkaK: { en: 'k in Kafka', ru: 'k в Kafka' },
  kafkaH: { en: 'h in Kafka', ru: 'h в Kafka' },
  otherK: { en: 'k, this variant', ru: 'k, этот вариант' },
  otherH: { en: 'h, this variant', ru: 'h, этот вариант' },
} as const

/** Rows of a picture after the first step that differs. */
const rowsAfter = 1
const rowsBefore = 3

/** h and k by step: Kafka's beside the recipe's, up to just after the first step that differs. */
export function stepsBeside(recipe: Recipe, bytes: Uint8Array): TablePicture {
  const [own, other] = [stepsOf(kafka, bytes), stepsOf(recipe, bytes)]
  const rows = Array.from({ length: Math.max(own.length, other.length) }, (_, i) => ({
    at: own[i]?.at ?? other[i]?.at ?? '',
    cells: [bits(own[i]?.k), bits(own[i]?.h), bits(other[i]?.k), bits(other[i]?.h)],
  }))
  const differs = rows.findIndex(({ cells }) => cells[0] !== cells[2] || cells[1] !== cells[3])
  const first = differs === -1 ? rows.length - 1 : differs
  const from = Math.max(0, first - rowsBefore)
  const shown = rows.slice(from, first + 1 + rowsAfter)
  return {
    kind: 'table',
    columns: [titles.step, titles.kafkaK, titles.kafkaH, titles.otherK, titles.otherH],
    rows: shown.map(({ at, cells }) => [at, ...cells]),
    wrong: differs === -1 ? [] : [first - from],
  }
}

/** Kafka's h and k by step, to compare one's own with. */
export function stepsOfKafka(bytes: Uint8Array): TablePicture {
  const steps = stepsOf(kafka, bytes)
  return {
    kind: 'table',
    columns: [titles.step, titles.kafkaK, titles.kafkaH],
    rows: steps.map(({ at, k, h }) => [at, bits(k), bits(h)]),
    wrong: [],
  }
}
