/**
 * One answer to many questions: waits until each has its result, and gives them in the order of the questions.
 */

/** Asks each of `items`; `done` gets the results, in order, when the last one is there. */
export function collect<Item, Result>(
  items: readonly Item[],
  ask: (item: Item, done: (result: Result) => void) => void,
  done: (results: Result[]) => void,
): void {
  const results: Result[] = []
  let left = items.length
  if (left === 0) return done(results)
  for (const [i, item] of items.entries()) {
    ask(item, (result) => {
      results[i] = result
      left--
      if (left === 0) done(results)
    })
  }
}
