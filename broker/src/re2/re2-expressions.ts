/**
 * Regular expressions by re2js, the JavaScript port of the library that Kafka uses (RE2/J).
 *
 * The library decides what is valid and what matches. This file adds three things:
 *
 *   messages    where re2js has other error messages than RE2/J 1.8, which Kafka's clients see
 *   size        compiling can't pause, and 2700 letters, `.{0,1000}` three hundred times, take 2 s. Besides, re2js
 *               refuses more than a thousand repetitions in total, which RE2/J compiles at any cost
 *               (`(?:(?:(?:){1000}){1000}){1000}` exhausts Kafka's heap, and the broker stops). Both are compiled
 *               without the counts that make no difference for a topic's name (counts.ts); a large expression
 *               is also compiled in this reduced form, for use with names
 *   turns       a small program is matched by the library, whose automaton caches transitions. A large one could take
 *               seconds for a single name: it is matched letter by letter, with pauses (long-match.ts)
 *
 * RE2-EXPRESSIONS-1  an expression that is valid in Kafka is valid here, unless it has more letters than STEPS_MAX
 * RE2-EXPRESSIONS-2  matching a name of 249 letters pauses at least every 50 ms or so, whatever the expression
 */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js'
import type { Expression, Expressions } from '../coordinators/expressions.ts'
import { stepsOf, withOpenCounts, withPlainLetters } from './counts.ts'
import { matchInTurns } from './long-match.ts'

/** RE2/J 1.8's messages where re2js has others. */
const WORDS: Readonly<Record<string, string>> = { 'unexpected )': 'regexp/syntax: internal error' }

/** The largest program that is compiled: it takes 170 ms. No text in __consumer_offsets can have so many letters. */
const STEPS_MAX = 50_000

/** Larger programs are not matched by the library: a name takes up to 249 · 2000 checks. */
const STEPS_AT_ONCE_MAX = 2000

/**
 * Topic names have at most 249 letters. If dropping upper bounds of this size is not enough, all upper bounds are dropped:
 * then `(ab{0,100}){0,100}` matches slightly more than in Kafka.
 */
const LETTERS_MAX = 250

const NESTED_TOO_OFTEN = 'invalid repeat count'
const TOO_LARGE = 'expression too large'

export const RE2_EXPRESSIONS: Expressions = {
  compile(text) {
    const expression: Compiled = compileAsItIs(text)
    if (expression.wrong !== NESTED_TOO_OFTEN && expression.wrong !== TOO_LARGE) return expression
    for (const most of [LETTERS_MAX, 0]) {
      const opened = withOpenCounts(text, most)
      if (opened === undefined) return { wrong: NESTED_TOO_OFTEN }
      const looser = compileAsItIs(opened)
      if (looser.wrong !== NESTED_TOO_OFTEN && looser.wrong !== TOO_LARGE) return looser
    }
    // The lower bounds alone are too large: no name has so many letters. The expression may still be invalid.
    const { wrong } = compileAsItIs(withOpenCounts(text, 0, 1)!)
    return wrong === undefined ? { matches: () => false } : { wrong }
  },
}

type Compiled = ReturnType<Expressions['compile']>

function compileAsItIs(text: string): Compiled {
  if (stepsOf(text) > STEPS_MAX) return { wrong: TOO_LARGE }
  try {
    return expressionOf(RE2JS.compile(withPlainLetters(text)), text)
  } catch (error) {
    return { wrong: whyWrong(error) }
  }
}

function expressionOf(compiled: RE2JS, text: string): Compiled {
  if (compiled.programSize() <= STEPS_AT_ONCE_MAX) return { matches: (name) => compiled.matches(name) }
  const exact: Expression = { matches: (name) => matchInTurns(compiled.re2Input.prog, name) }
  const opened = withOpenCounts(text, LETTERS_MAX)
  if (opened === undefined || opened === text) return exact
  // Equivalent for a topic's name, and much smaller. Transactional ids may be longer.
  const smaller = compileAsItIs(opened)
  if (smaller.wrong !== undefined) return exact
  return { matches: (name) => (name.length < LETTERS_MAX ? smaller : exact).matches(name) }
}

function whyWrong(error: unknown): string {
  if (error instanceof RE2JSSyntaxException) {
    const words = error.getDescription()
    return WORDS[words] ?? words
  }
  if (error instanceof RE2JSException) return error.message
  throw error
}
