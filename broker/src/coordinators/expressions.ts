/**
 * The core's interface to regular expressions: compile a text, then match whole names.
 *
 *   ConsumerGroupHeartbeat    subscribedTopicRegex, against the names of topics         KIP-848
 *   ListTransactions          transactionalIdPattern, against transactional ids         KIP-1152
 *
 * Kafka evaluates both with RE2/J. The engine is passed in from outside, like the codecs: the core imports no package.
 */
import type { Steps } from '../turns.ts'
import type { Pace } from '../wire/codec-steps.ts'

export interface Expressions {
  /** The compiled expression, or the error in RE2/J's words: `missing closing )`. */
  compile(text: string): Expression | { readonly wrong: string }
}

export interface Expression {
  readonly wrong?: undefined
  /** Whether the whole of `name` matches. Returns steps, which can pause, if it may take long. */
  matches(name: string): boolean | Steps<boolean>
}

/** The items whose name matches, in their order. */
export function* filterMatching<Item>(
  pace: Pace,
  items: Iterable<Item>,
  expression: Expression,
  nameOf: (item: Item) => string,
): Steps<Item[]> {
  const matching: Item[] = []
  for (const item of items) {
    if (pace.isOver) yield
    const matches = expression.matches(nameOf(item))
    if (typeof matches === 'boolean' ? matches : yield* matches) matching.push(item)
  }
  return matching
}

/** For brokers without an engine: every expression is refused. */
export const NO_EXPRESSIONS: Expressions = {
  compile: () => ({ wrong: 'this broker was started without regular expressions' }),
}
