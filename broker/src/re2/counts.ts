/**
 * The counts of an expression: how large they make it, and the same expression without those that a topic's name can't
 * tell apart.
 *
 * RE2/J, which Kafka uses, has no bound for counts within counts: `(.{0,1000}){0,9}x` is one of 18,000 steps, and
 * `(a{100}){100}` one of 10,000. RE2 itself, and re2js with it, refuses what repeats more than a thousand times in all.
 *
 *   X{n,m}  is  X{n,}    for a name of fewer letters than m: what is repeated without a letter may as well be left out
 */

/** What is quoted, an escape, a class in brackets, a count, or any other letter. */
const PART =
  /\\Q([\s\S]*?)(?:\\E|$)|\\(?:[pPx]\{[^}]*\}|[\s\S])|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|\[[\s\S]*$|\{(\d+)(?:(,)(\d*))?\}|[\s\S]/g
const COUNT_MAX = 1000
/** A class of hundreds of ranges, `\pL`, takes as long to compile as so many steps. */
const PROPERTY_STEPS = 50

/** About how many steps the compiled program has, not too few; told without compiling it. */
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
 * `text` with counts of `most` and above without an upper bound, and lower bounds of `leastMax` at most; undefined when
 * a count is none in itself.
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
 * `text` without the backslash before letters beyond ASCII: to RE2/J such an escape is the letter, re2js refuses it.
 */
export function withPlainLetters(text: string): string {
  if (!/\\[^\0-\x7f]/.test(text)) return text
  return text.replace(PART, (part) => (part.startsWith('\\Q') ? part : part.replace(/\\([\s\S])/g, plainly)))
}

function plainly(escaped: string, letter: string): string {
  return letter > '\x7f' ? letter : escaped
}
