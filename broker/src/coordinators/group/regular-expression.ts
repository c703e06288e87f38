/**
 * Subscription by regular expression (KIP-848): the broker evaluates it, so all clients mean the same topics.
 *
 * Kafka uses RE2/J, whose expressions never take exponential time. JavaScript's are a different engine with nearly the
 * same syntax; what RE2 refuses is refused here too, and what it writes otherwise is rewritten:
 *
 *   refused     back references \1, look-ahead (?=  (?!, look-behind (?<=  (?<!
 *   rewritten   (?P<name> to (?<name>, \A to ^, \z to $, \Q...\E to its letters escaped, (?i) at the beginning to a flag
 *
 * X1  an expression must match the whole name of a topic
 */

const REFUSED = /\\[1-9]|\(\?(?:[=!]|<[=!])/

/** The expression as a test of topic names; undefined when it is none. */
export function compileRegularExpression(expression: string): ((topic: string) => boolean) | undefined {
  if (REFUSED.test(expression)) return undefined
  const [, flags = '', body = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(expression) ?? []
  try {
    const compiled = new RegExp(`^(?:${rewritten(body)})$`, flags)
    return (topic) => compiled.test(topic)
  } catch {
    return undefined
  }
}

function rewritten(body: string): string {
  return body
    .replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_all, letters: string) =>
      letters.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    )
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
}
