/** Lab 02: a history of calls of movedKeys, with lists that look alike and lists that come again. */
import { show } from '../engine/show.ts'
import { askAll, type HistoryTrial, type IsSound, play, type Question, type Scene } from './history.ts'
import { partitionOf } from './oracle.ts'
import type { Partitioning } from './suite.ts'

const listInWords = (keys: readonly unknown[]) => `[${keys.map(show).join(', ')}]`

export async function checkMovedAnyOrder(t: HistoryTrial, subject: Partitioning): Promise<void> {
  const words = (count: number) => t.dice.freshWords(count)
  let [last, lists]: [unknown, number] = [undefined, 0]
  const question = (
    keys: readonly string[],
    before: number,
    after: number,
    handed?: string[],
    use?: string,
  ): Question => ({
    call: `movedKeys(${show(keys)}, ${before}, ${after})`,
    about: JSON.stringify([keys, before, after]),
    wanted: listInWords(keys.filter((key) => partitionOf(key, before) !== partitionOf(key, after))),
    uses: use === undefined ? [] : [use],
    here: () => {
      last = subject.movedKeys(handed ?? [...keys], before, after)
      return last
    },
    alone: (one) => one.movedKeys([...keys], before, after),
    inWords: (got) => (Array.isArray(got) ? listInWords(got) : show(got)),
  })
  const counts = [6, 9] as const
  const moving = (count: number, from: number, to: number) => {
    const found: string[] = []
    while (found.length < count) {
      const [key = ''] = words(1)
      if (partitionOf(key, from) !== partitionOf(key, to)) found.push(key)
    }
    return found
  }
  /** Lists that look the same when they are written as one text: one after the other, there and back. */
  const alike =
    (...all: (readonly string[])[]): Scene =>
    (history) =>
      askAll(
        history,
        [...all, ...[...all].reverse()].map((keys) => question(keys, ...counts)),
      )
  /** The same list object, changed in place between calls. */
  const changed: Scene = async (history) => {
    const first = words(7)
    const use = `list ${++lists}`
    const list = t.tools.keep(first)
    const others = [
      first,
      [...first.slice(1), ...words(1)],
      words(7),
      [...first].reverse(),
      first.slice(0, 3),
      [],
    ]
    for (const keys of others) {
      list.become(keys)
      if (!(await history.ask(question(keys, ...counts, list.value, use)))) return false
      if (!(await history.ask(question(keys, 9, 14, list.value, use)))) return false
    }
    return true
  }
  /** The caller writes over the result; its own list stays as it is. */
  const overwritten =
    (keysOf: () => string[], before: number, after: number): Scene =>
    async (history) => {
      const keys = keysOf()
      const use = `list ${++lists}`
      const list = t.tools.keep(keys)
      for (let n = 0; n < 3; n++) {
        if (!(await history.ask(question(keys, before, after, list.value, use)))) return false
        t.tools.overwrite(last, t.dice.int(1, 255))
      }
      return true
    }
  const pair = () => moving(2, ...counts) as [string, string]
  const joined = (by: string): Scene => {
    const [one, two] = pair()
    return alike([`${one}${by}${two}`], [one, two])
  }
  const isSound: IsSound = (one) => {
    const keys = words(20)
    return listInWords(one.movedKeys(keys, 6, 9)) === question(keys, 6, 9).wanted
  }
  await play(t, isSound, [
    alike([], [''], []),
    ...['\n', ',', '\u0000', ' ', '|', '', '","', '\u0001'].map(joined),
    alike(['1', '23'], ['12', '3'], ['123']),
    changed,
    overwritten(() => moving(12, 2, 3), 2, 3),
    overwritten(() => words(12), 5, 8),
    overwritten(() => [], 5, 8),
    overwritten(() => words(12).filter((key) => partitionOf(key, 3) === partitionOf(key, 6)), 3, 6),
    // The same list with other counts: 1 and 12, 11 and 2, written one behind the other.
    async (history) => {
      const keys = words(9)
      for (const [before, after] of [
        [1, 12],
        [11, 20],
        [1, 120],
        [6, 9],
        [256, 512],
        [512, 1_024],
        [1, 12],
      ] as const)
        if (!(await history.ask(question(keys, before, after)))) return false
      return true
    },
    // The same first and last keys.
    async (history) => {
      const [first = '', lastKey = '', ...rest] = words(8)
      for (const middle of [rest, [...rest].reverse(), words(6), rest])
        if (!(await history.ask(question([first, ...middle, lastKey], ...counts)))) return false
      return true
    },
  ])
}
