/** A value in one short line, for a message. */
import { inspect } from 'node:util'

export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof Uint8Array)
    return `<${Buffer.from(value.subarray(0, 24)).toString('hex')}${value.length > 24 ? '…' : ''}>`
  const text = inspect(value, {
    depth: 2,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 8,
    maxStringLength: 60,
  })
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
