/** A call in words, for messages: `append(<61 6e 6e 61>, 3)`. */
import { show } from '../show.ts'
import { ClientToken, isPlain, MemoryView } from './tokens.ts'

const bytesShown = 12

/** A call as one would write it, short enough for a line. */
export function callInWords(name: string, args: readonly unknown[]): string {
  const text = args.map(argumentInWords).join(', ')
  return `${name}(${text.length > 140 ? `${text.slice(0, 139)}…` : text})`
}

/** Whether a value is named instead of shown: a function, a client, an object that holds some. */
function isNamed(value: unknown): boolean {
  if (typeof value === 'function' || value instanceof ClientToken) return true
  return isPlain(value) && Object.values(value).some(isNamed)
}

function argumentInWords(arg: unknown): string {
  if (arg instanceof ClientToken) return 'kafka'
  if (arg instanceof MemoryView) return `<${arg.length} bytes>`
  if (arg instanceof Uint8Array) {
    const shown = [...arg.subarray(0, bytesShown)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    return arg.length > bytesShown ? `<${shown} … ${arg.length} bytes>` : `<${shown}>`
  }
  if (typeof arg === 'function') return arg.name || '…'
  if (isPlain(arg) && isNamed(arg)) {
    const fields = Object.entries(arg).map(([key, value]) => {
      const text = argumentInWords(value)
      return text === key ? key : `${key}: ${text}`
    })
    return `{ ${fields.join(', ')} }`
  }
  return show(arg)
}
