/**
 * Regular expressions as the core sees them: a text that is one or is not, and a test of whole names.
 *
 *   ConsumerGroupHeartbeat    subscribedTopicRegex, against the names of topics         KIP-848
 *   ListTransactions          transactionalIdPattern, against transactional ids         KIP-1152
 *
 * Kafka evaluates both with RE2/J. The engine is handed in from outside, as the codecs are: the core imports no package.
 */
import type { Steps } from '../turns.ts'
import type { Pace } from '../wire/codec-steps.ts'

export interface Expressions {
  /** The expression, or in RE2/J's words why the text is none: `missing closing )`. */
  compile(text: string): Expression | { readonly wrong: string }
}

export interface Expression {
  readonly wrong?: undefined
  /** Whether the whole of `name` matches; steps that pause where they may be interrupted, if it may take long. */
  matches(name: string): boolean | Steps<boolean>
}

/** Those of `items` whose name matches, in their order. */
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

/** For places where no expression occurs: every one is refused. */
export const NO_EXPRESSIONS: Expressions = {
  compile: () => ({ wrong: 'this broker was started without regular expressions' }),
}
