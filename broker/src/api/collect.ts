/**
 * Collects the results of many asynchronous calls, in the order of the calls.
 *
 * The calls are made in turns (in-turns.ts), and some complete later: those that write to a log.
 */
import type { RequestContext, Services } from './api.ts'
import { distinctInTurns, forEachInTurns, mapInTurns } from './in-turns.ts'

type Ask<Item, Result> = (item: Item, done: (result: Result) => void) => void

/** Calls `ask` for each of `items`; `done` gets the results, in order, when all are there. */
export function collect<Item, Result>(
  { turns }: Pick<Services, 'turns'>,
  context: Pick<RequestContext, 'inTurns'>,
  items: readonly Item[],
  ask: Ask<Item, Result>,
  done: (results: Result[]) => void,
): void {
  const results = new Array<Result>(items.length)
  // The loop itself counts as one: otherwise the last result might come before the last call.
  let left = items.length + 1
  const one = (): void => {
    left--
    if (left === 0) done(results)
  }
  const askEach = forEachInTurns(turns, items, (item, i) =>
    ask(item, (result) => {
      results[i] = result
      one()
    }),
  )
  context.inTurns(askEach, one)
}

/**
 * The same for keys that may occur many times: `ask` is called once per key, and its result is returned for every
 * occurrence, as the same object (which is encoded once: CODEC-STEPS-3).
 */
export function collectByKey<Result>(
  services: Pick<Services, 'turns'>,
  context: Pick<RequestContext, 'inTurns'>,
  keys: readonly string[],
  ask: Ask<string, Result>,
  done: (results: Result[]) => void,
): void {
  context.inTurns(distinctInTurns(services.turns, keys), (distinct) => {
    const answered = (results: Result[]): void => {
      if (distinct.length === keys.length) return done(results)
      const byKey = new Map(distinct.map((key, i) => [key, results[i]!]))
      context.inTurns(
        mapInTurns(services.turns, keys, (key) => byKey.get(key)!),
        done,
      )
    }
    collect(services, context, distinct, ask, answered)
  })
}
