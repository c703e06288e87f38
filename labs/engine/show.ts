/** A value in one short line, for a message: long texts are cut and their size is told, what cannot be seen is written out. */
import { inspect } from 'node:util'

const textMax = 40
const shownOfText = 16
const itemsMax = 8
const depthMax = 4

export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof Uint8Array)
    return `<${Buffer.from(value.subarray(0, 24)).toString('hex')}${value.length > 24 ? '…' : ''}>`
  const text = inspect(shortened(value, 0), {
    depth: 2,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: itemsMax,
  })
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

/** A text in quotation marks; of a long one the beginning and its size in UTF-8. */
export function showText(text: string): string {
  const start = [...text.slice(0, shownOfText + 1)].slice(0, -1).join('')
  const shown = seen(inspect(text.length > textMax ? `${start}…` : text, { maxStringLength: null }))
  return text.length > textMax ? `${shown} (${Buffer.byteLength(text)} B)` : shown
}

/** White space and marks that cannot be seen, or not be told from others; inspect writes out control characters itself. */
const seen = (text: string) =>
  text.replace(
    /[\u0300-\u036f]|[\u00a0\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff\ufffd]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Lists and plain objects with their texts as they are to be shown. */
function shortened(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return { [inspect.custom]: () => showText(value) }
  if (typeof value !== 'object' || value === null || depth === depthMax) return value
  if (Array.isArray(value)) return value.map((one, i) => (i < itemsMax ? shortened(one, depth + 1) : one))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortened(one, depth + 1)]))
}
