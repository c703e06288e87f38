/**
 * Regular expressions by re2js, the port to JavaScript of the library that Kafka uses (RE2/J).
 *
 * What is an expression, and what it matches, is the library's business. Three things are ours:
 *
 *   its words    what re2js says otherwise than RE2/J 1.8, whose messages clients of Kafka see
 *   its size     an expression is compiled in one go, and 2700 letters, `.{0,1000}` three hundred times, take 2 s. And
 *                re2js refuses what repeats more than a thousand times in all, which RE2/J compiles, whatever it takes
 *                (of `(?:(?:(?:){1000}){1000}){1000}` Kafka's heap runs out, and the broker stops). Both are compiled
 *                without the counts that make no difference to a topic's name (counts.ts); a large one for such names
 *                as well, for it is small then
 *   its turns    a small program is matched by the library, whose automaton remembers where letters have led. A large
 *                one could take seconds for a single name: it goes letter by letter, with pauses (long-match.ts)
 *
 * RE2-EXPRESSIONS-1  what is an expression in Kafka is one here, unless it has more letters than STEPS_MAX
 * RE2-EXPRESSIONS-2  a name of 249 letters takes no longer than some 50 ms between two pauses, whatever the expression
 */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js'
import type { Expression, Expressions } from '../coordinators/expressions.ts'
import { stepsOf, withOpenCounts, withPlainLetters } from './counts.ts'
import { matchInTurns } from './long-match.ts'

/** What RE2/J 1.8 says where re2js says something else. */
const WORDS: Readonly<Record<string, string>> = { 'unexpected )': 'regexp/syntax: internal error' }

/** What is compiled in one go: it takes a sixth of a second. No text that __consumer_offsets can hold has so many letters. */
const STEPS_MAX = 50_000

/** The library matches programs of so many steps: it takes up to 249 · 2000 looks for a name. */
const STEPS_AT_ONCE_MAX = 2000

/**
 * Names of topics have 249 letters at most. When it does not do to open counts of so many, all upper bounds are opened:
 * then `(ab{0,100}){0,100}` matches a little more than in Kafka.
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
    // The lower bounds alone are that large: no name has so many letters. It may still be none.
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
  // The same for a topic's name, and much smaller. Transactional ids may be longer.
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
