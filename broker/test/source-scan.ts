/**
 * Scans source without a compiler: its imports, and the words in its code.
 *
 * It reads letter by letter, and distinguishes comments, strings, templates and regular expressions from code:
 *
 *   a slash begins a regular expression after an operator, and divides after a value
 *   `text ${code} text`: the part in braces is code
 */

/** The imports and re-exports of a file: values or types, static or dynamic. */
export function specifiersOf(text: string): string[] {
  const bare = strip(text, 'keep strings')
  const statements = bare.matchAll(/(?:^|[;\s])(?:import|export)\b[^'"`;]*?from\s*(['"])(.+?)\1/g)
  const effects = bare.matchAll(/(?:^|[;\s])import\s*(['"])(.+?)\1/g)
  const calls = bare.matchAll(/\bimport\s*\(\s*(['"])(.+?)\1/g)
  return [...statements, ...effects, ...calls].map((match) => match[2]!)
}

/** The code without comments, and with empty strings, templates and regular expressions: only words of code are left. */
export function strip(text: string, strings: 'keep strings' | 'empty strings' = 'empty strings'): string {
  let out = ''
  let at = 0
  /** Depth of braces at which each open template literal continues. */
  const templates: number[] = []
  let depth = 0
  const skipTo = (end: number): string => {
    const part = text.slice(at, end)
    at = end
    return part
  }
  const template = (): void => {
    for (; at < text.length; at++) {
      if (text[at] === '\\') at++
      else if (text.startsWith('${', at)) {
        templates.push(depth)
        depth++
        at += 2
        out += ' '
        return
      } else if (text[at] === '`') {
        at++
        return
      }
    }
  }
  while (at < text.length) {
    const letter = text[at]!
    if (text.startsWith('//', at)) skipTo(endOf(text, '\n', at))
    else if (text.startsWith('/*', at)) skipTo(endOf(text, '*/', at) + 2)
    else if (letter === '/' && mayBeginPattern(out)) {
      const pattern = skipTo(endOfPattern(text, at))
      out += strings === 'keep strings' ? pattern : '/./'
    } else if (letter === "'" || letter === '"') {
      const literal = skipTo(endOfString(text, at, letter))
      out += strings === 'keep strings' ? literal : "''"
    } else if (letter === '`') {
      at++
      template()
    } else {
      if (letter === '{') depth++
      if (letter === '}') depth--
      out += letter
      at++
      if (letter === '}' && templates.at(-1) === depth) {
        templates.pop()
        template()
      }
    }
  }
  return out
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? text.length : at
}

function endOfString(text: string, from: number, quote: string): number {
  let at = from + 1
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** A slash divides after a value, and begins a regular expression anywhere else. */
function mayBeginPattern(before: string): boolean {
  const last = before.trimEnd()
  return /(?:^|[=(,:;!&|?{}[\n+\-*%<>~^]|\breturn|=>)$/.test(last)
}

function endOfPattern(text: string, from: number): number {
  let inClass = false
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '[') inClass = true
    else if (text[at] === ']') inClass = false
    else if (text[at] === '/' && !inClass) return at + 1
    else if (text[at] === '\n') return from + 1
  }
  return from + 1
}
