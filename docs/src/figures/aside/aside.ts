/** What the figure of a record that fails and its worker have in common; the worker alone loads the broker. */

/** What a program does with a record that it cannot handle. */
export type AsideStrategy = 'inPlace' | 'aside' | 'inOrder'
export const ASIDE_STRATEGIES = ['inPlace', 'aside', 'inOrder'] as const

/** `step`: the program deals with one record; `wait`: the delay of what lies in the retry topic passes. */
export type AsideAction = 'step' | 'wait'

export type AsideTopic = 'orders' | 'orders-retry' | 'orders-dead'
export const ASIDE_TOPICS = ['orders', 'orders-retry', 'orders-dead'] as const

/** What the last action did with a record. */
export type AsideNews = 'begun' | 'done' | 'again' | 'copied' | 'followed' | 'dead' | 'waited'

export interface AsideView {
  /** By topic: the names of its records, from offset 0 on. */
  logs: Record<AsideTopic, string[]>
  /** By topic: what the group has committed, the next offset to read. */
  committed: Record<AsideTopic, number>
  /** How often each record was given to the handler without success. */
  failures: Record<string, number>
  /** Names of the records that were handled, in that order. */
  handled: string[]
  news: AsideNews
  /** The record that the last action was about. */
  name: string
  canStep: boolean
  canWait: boolean
}

/** Keys with numbers that rise in the order of sending. */
export const keyOf = (name: string): string => name.split(' ')[0]!

/** Records that were handled before an earlier one of their key, which came later. */
export function overtaken(handled: readonly string[]): string[] {
  return handled.filter((name, at) =>
    handled.slice(0, at).some((before) => keyOf(before) === keyOf(name) && before > name),
  )
}
