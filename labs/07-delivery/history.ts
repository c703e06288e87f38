/**
 * Lab 07: the history of a consumer over all lives of the program, and what is wrong with it. What is promised about
 * delivery is a promise about this history: the checker reads it when all is over, and knows nothing of the program.
 *
 *   life 1   begin 0:4  done   begin 0:5  open …  crash
 *   life 2                     begin 0:5  done   begin 0:6  done
 *
 *   at most once    `repeated` is empty, `undone` is short
 *   at least once   `undone` is empty, `repeated` is short
 *
 * DELIVERY-HISTORY-1  a call that was open when the program crashed has not succeeded, whatever it did before
 * DELIVERY-HISTORY-2  a record is repeated when `handle` was called with it more than once, in one life or in several
 * DELIVERY-HISTORY-3  two calls are at once only if they belong to one life and one partition
 */
export interface Place {
  readonly partition: number
  readonly offset: number
}

export interface Call extends Place {
  /** Which run of the program, from 1. */
  readonly life: number
  /** When it began and ended, as numbers that rise with each event; `ended` is Infinity while it is open. */
  readonly began: number
  readonly ended: number
  /** `open`: it has not ended, or was open at the crash. */
  readonly ending: 'open' | 'done' | 'failed'
}

type Writable = { -readonly [K in keyof Call]: Call[K] }

/** Writes down what happens. */
export class History {
  readonly #calls: Writable[] = []
  #life = 1
  #moves = 0

  get calls(): readonly Call[] {
    return this.#calls
  }

  /** Rises with each event. */
  get moves(): number {
    return this.#moves
  }

  get life(): number {
    return this.#life
  }

  /** Calls that have begun in this life and not ended. */
  get open(): readonly Call[] {
    return this.#calls.filter(({ ended }) => ended === Number.POSITIVE_INFINITY)
  }

  begin({ partition, offset }: Place): Call {
    const call: Writable = {
      life: this.#life,
      partition,
      offset,
      began: ++this.#moves,
      ended: Number.POSITIVE_INFINITY,
      ending: 'open',
    }
    this.#calls.push(call)
    return call
  }

  end(call: Call, ending: 'done' | 'failed'): void {
    const found = this.#calls.find((one) => one === call)
    if (found === undefined || found.ended !== Number.POSITIVE_INFINITY) return
    found.ended = ++this.#moves
    found.ending = ending
  }

  /** The program is gone; what begins from now on belongs to its next life. */
  crash(): void {
    this.#moves++
    for (const call of this.#calls) if (call.ended === Number.POSITIVE_INFINITY) call.ended = this.#moves
    this.#life++
  }
}

export const placeName = ({ partition, offset }: Place): string => `${partition}:${offset}`

/** Records that `handle` was called with more than once. */
export function repeated(calls: readonly Call[], wanted: readonly Place[]): Place[] {
  const times = timesOf(calls)
  return wanted.filter((place) => (times.get(placeName(place)) ?? 0) > 1)
}

/** Records for which no call has succeeded. */
export function undone(calls: readonly Call[], wanted: readonly Place[]): Place[] {
  const done = new Set(calls.filter(({ ending }) => ending === 'done').map(placeName))
  return wanted.filter((place) => !done.has(placeName(place)))
}

/** Records that `handle` was never called with. */
export function uncalled(calls: readonly Call[], wanted: readonly Place[]): Place[] {
  const times = timesOf(calls)
  return wanted.filter((place) => !times.has(placeName(place)))
}

/** Calls with a record that is not one of those. */
export function foreign(calls: readonly Call[], wanted: readonly Place[]): Call[] {
  const known = new Set(wanted.map(placeName))
  return calls.filter((call) => !known.has(placeName(call)))
}

/** The partition with the most of these records, and how many they are; undefined when there are none. */
export function most(places: readonly Place[]): { partition: number; count: number } | undefined {
  const counts = new Map<number, number>()
  for (const { partition } of places) counts.set(partition, (counts.get(partition) ?? 0) + 1)
  const [first] = [...counts].sort(([, a], [, b]) => b - a)
  return first === undefined ? undefined : { partition: first[0], count: first[1] }
}

/** The first call that began while another of its partition was open, and that other. */
export function atOnce(calls: readonly Call[]): { readonly earlier: Call; readonly later: Call } | undefined {
  for (const later of calls) {
    const earlier = calls.find(
      (one) =>
        one.life === later.life &&
        one.partition === later.partition &&
        one.began < later.began &&
        later.began < one.ended,
    )
    if (earlier !== undefined) return { earlier, later }
  }
  return undefined
}

/** The first call with a smaller offset than one before it, in one life and partition. */
export function outOfOrder(calls: readonly Call[]): Call | undefined {
  return calls.find((later) =>
    calls.some(
      (one) =>
        one.life === later.life &&
        one.partition === later.partition &&
        one.began < later.began &&
        one.offset > later.offset,
    ),
  )
}

/**
 * The first call that began although an earlier record of its partition had failed and not succeeded since, and the
 * failed call.
 */
export function overtaking(
  calls: readonly Call[],
): { readonly failed: Call; readonly later: Call } | undefined {
  const hasSucceeded = (failed: Call, before: number) =>
    calls.some((one) => placeName(one) === placeName(failed) && one.ending === 'done' && one.ended < before)
  for (const later of calls) {
    const failed = calls.find(
      (one) =>
        one.ending === 'failed' &&
        one.partition === later.partition &&
        one.offset < later.offset &&
        one.ended < later.began &&
        !hasSucceeded(one, later.began),
    )
    if (failed !== undefined) return { failed, later }
  }
  return undefined
}

function timesOf(calls: readonly Call[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const call of calls) times.set(placeName(call), (times.get(placeName(call)) ?? 0) + 1)
  return times
}
