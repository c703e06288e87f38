/**
 * What a suite hands over, seen from the membrane: for each place (`createPartitioner().0.topic`), how many
 * different values, and which of the probes that its type asks for. labs:check reads it, to find what never varies
 * and what was never tried.
 */
import { inspect } from 'node:util'

/** One place among the arguments, and what was seen there. */
export interface HandedPlace {
  readonly path: string
  readonly type: 'string' | 'number' | 'bytes' | 'list' | 'other'
  readonly times: number
  /** Different values, counted up to `distinctMax`. */
  readonly distinct: number
  /** An example, in one line. */
  readonly example: string
  readonly probes: readonly string[]
}

export const distinctMax = 12

/** What must be tried of each type, unless somebody writes down why not. */
export const probesOf: Readonly<Record<HandedPlace['type'] | 'offset', readonly string[]>> = {
  string: [
    'empty',
    'spaces at the ends',
    'combining marks',
    'byte order mark',
    'astral',
    '100,000 characters',
  ],
  number: ['0', '1', 'a power of two', '1,000 or more'],
  offset: ['2^31', '2^32 - 1', '2^48', '2^53 - 2'],
  bytes: ['Buffer', 'a view into a larger buffer', 'empty', '1 MB'],
  list: ['0 items', '1 item', '10,000 items'],
  other: [],
}

interface Place {
  type: HandedPlace['type']
  times: number
  readonly values: Set<string>
  readonly probes: Set<string>
  example: string
}

export class Handed {
  readonly #places = new Map<string, Place>()

  /** Notes the arguments of one call. */
  note(name: string, args: readonly unknown[]): void {
    for (const [i, arg] of args.entries()) this.#look(`${name}.${i}`, arg, 0)
  }

  report(): HandedPlace[] {
    return [...this.#places].map(([key, { type, times, values, probes, example }]) => ({
      path: key.slice(0, key.lastIndexOf(' ')),
      type,
      times,
      distinct: values.size,
      example,
      probes: [...probes],
    }))
  }

  #look(path: string, value: unknown, depth: number): void {
    if (value === null || value === undefined || depth > 4) return
    if (typeof value === 'string') return this.#note(path, 'string', value, stringProbes(value))
    if (typeof value === 'number') return this.#note(path, 'number', String(value), numberProbes(value))
    if (value instanceof Uint8Array)
      return this.#note(path, 'bytes', `${value.length} ${value[0]} ${value.at(-1)}`, bytesProbes(value))
    if (isView(value))
      return this.#note(path, 'bytes', `${value.length} view`, [
        'a view into a larger buffer',
        ...(value.kind === 'Buffer' ? ['Buffer'] : []),
        ...(value.length >= 2 ** 20 ? ['1 MB'] : []),
      ])
    if (Array.isArray(value)) {
      const size = value.length
      const probes =
        size === 0 ? ['0 items'] : size === 1 ? ['1 item'] : size >= 10_000 ? ['10,000 items'] : []
      this.#note(path, 'list', String(size), probes)
      for (const item of value.slice(0, 200)) this.#look(`${path}[]`, item, depth + 1)
      return
    }
    if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return
    for (const [key, field] of Object.entries(value)) this.#look(`${path}.${key}`, field, depth + 1)
  }

  #note(path: string, type: HandedPlace['type'], value: string, probes: readonly string[]): void {
    // A key may be a string here and bytes there: each is a place of its own.
    const known = this.#places.get(`${path} ${type}`)
    const place = known ?? { type, times: 0, values: new Set(), probes: new Set(), example: '' }
    if (known === undefined) this.#places.set(`${path} ${type}`, place)
    place.times++
    if (place.example === '') place.example = inspect(value).slice(0, 40)
    if (place.values.size < distinctMax) place.values.add(value.slice(0, 200))
    for (const probe of probes) place.probes.add(probe)
  }
}

function isView(value: unknown): value is { length: number; kind: string } {
  return (
    typeof value === 'object' && value !== null && 'memory' in value && 'kind' in value && 'length' in value
  )
}

function stringProbes(value: string): string[] {
  return [
    ...(value === '' ? ['empty'] : []),
    ...(value !== value.trim() && value !== '\ufeff' ? ['spaces at the ends'] : []),
    ...(/\p{M}/u.test(value) ? ['combining marks'] : []),
    ...(value.startsWith('\ufeff') ? ['byte order mark'] : []),
    ...(/[\u{10000}-\u{10ffff}]/u.test(value) ? ['astral'] : []),
    ...(value.length >= 100_000 ? ['100,000 characters'] : []),
  ]
}

function numberProbes(value: number): string[] {
  return [
    ...(value === 0 ? ['0'] : []),
    ...(value === 1 ? ['1'] : []),
    ...(value >= 4 && Number.isInteger(Math.log2(value)) ? ['a power of two'] : []),
    ...(value >= 1_000 ? ['1,000 or more'] : []),
    ...(value >= 2 ** 31 ? ['2^31'] : []),
    ...(value >= 2 ** 32 - 1 ? ['2^32 - 1'] : []),
    ...(value >= 2 ** 48 ? ['2^48'] : []),
    ...(value >= 2 ** 53 - 2 ? ['2^53 - 2'] : []),
  ]
}

function bytesProbes(value: Uint8Array): string[] {
  return [
    ...(Buffer.isBuffer(value) ? ['Buffer'] : []),
    ...(value.length === 0 ? ['empty'] : []),
    ...(value.length >= 2 ** 20 ? ['1 MB'] : []),
  ]
}
