/**
 * Repetition counts of an expression: how large they make its program, and how to drop counts that make no difference for
 * the name of a topic.
 *
 * RE2/J, which Kafka uses, does not limit nested counts: `(.{0,1000}){0,9}x` has 18,000 steps, and `(a{100}){100}`
 * 10,000. RE2 itself, and re2js with it, refuses more than a thousand repetitions in total.
 *
 *   X{n,m}  is  X{n,}    for a name with fewer than m letters: repetitions that match no letter can be left out
 */

/** Quoted text, an escape, a class in brackets, a count, or any other letter. */
const PART =
  /\\Q([\s\S]*?)(?:\\E|$)|\\(?:[pPx]\{[^}]*\}|[\s\S])|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|\[[\s\S]*$|\{(\d+)(?:(,)(\d*))?\}|[\s\S]/g
const COUNT_MAX = 1000
/** A class of hundreds of ranges, `\pL`, takes as long to compile as this many steps. */
const PROPERTY_STEPS = 50

/** An upper estimate of the number of steps of the compiled program, without compiling it. */
export function stepsOf(text: string): number {
  let here = { steps: 0, last: 0 }
  const around: (typeof here)[] = []
  const take = (steps: number, last = steps): void => {
    here.steps += steps
    here.last = last
  }
  for (const [part, quoted, least, comma, upper] of text.matchAll(PART)) {
    if (quoted !== undefined) take(quoted.length, 1)
    else if (/\\p/i.test(part)) take(PROPERTY_STEPS, 1)
    else if (least !== undefined) {
      const copies = Math.max(Number(comma && upper ? upper : least), 1)
      take((copies - 1) * (here.last + 1), copies * (here.last + 1))
    } else if (part === '(') {
      around.push(here)
      here = { steps: 0, last: 0 }
    } else if (part === ')' && around.length > 0) {
      const { steps } = here
      here = around.pop()!
      take(steps + 2)
    } else take(1)
  }
  return around.reduce((sum, { steps }) => sum + steps, here.steps)
}

/**
 * `text` without upper bounds in counts of `most` and above, and with lower bounds of at most `leastMax`; undefined if a
 * count is invalid.
 */
export function withOpenCounts(text: string, most: number, leastMax = COUNT_MAX): string | undefined {
  let isSound = true
  const open = (part: string, _quoted?: string, least?: string, comma?: string, upper?: string): string => {
    if (least === undefined) return part
    const from = Number(least)
    const to = comma === undefined ? from : upper ? Number(upper) : Number.POSITIVE_INFINITY
    if (from > COUNT_MAX || to < from || (upper && to > COUNT_MAX)) isSound = false
    if (from > leastMax) return `{${leastMax},}`
    return comma === undefined || to < most ? part : `{${least},}`
  }
  const opened = text.replace(PART, open)
  return isSound ? opened : undefined
}

/**
 * `text` without backslashes before letters beyond ASCII: RE2/J treats such an escape as the letter, re2js refuses it.
 */
export function withPlainLetters(text: string): string {
  if (!/\\[^\0-\x7f]/.test(text)) return text
  return text.replace(PART, (part) => (part.startsWith('\\Q') ? part : part.replace(/\\([\s\S])/g, plainly)))
}

function plainly(escaped: string, letter: string): string {
  return letter > '\x7f' ? letter : escaped
}
