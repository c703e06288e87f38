/**
 * Lab 11: what was handled, call by call, and what is wrong with it. The records have keys; that they stay in order is a
 * promise about this history, and the checker knows nothing of the program.
 *
 *   begin 0:4 anna  failed   begin 0:5 boris  done   begin 0:4 anna  done   begin 0:6 anna  done
 *
 * RETRY-HISTORY-1  a record is settled when a call with it has succeeded, or has failed for good, or for the last time
 * RETRY-HISTORY-2  a record overtakes an earlier one of its key when a call with it begins before that one is settled
 * RETRY-HISTORY-3  a call that was open when the program crashed has settled nothing
 */
export interface Place {
  readonly partition: number
  readonly offset: number
}

export interface Call extends Place {
  /** Which run of the program, from 1. */
  readonly life: number
  /** When it began and ended, ms; `ended` is Infinity while it is open, or when the program crashed before its end. */
  readonly began: number
  readonly ended: number
  readonly ending: 'open' | 'done' | 'failed' | 'dead'
  /** What the program said: the number of the attempt. */
  readonly attempt: unknown
}

type Writable = { -readonly [K in keyof Call]: Call[K] }

/** What is known of a record: where it lies, and what it is called in the order of its key; null: it has no key. */
export interface Keyed extends Place {
  readonly keyName: string | null
}

/** Writes down what happens. `now` is asked for the time, ms. */
export class History {
  readonly #calls: Writable[] = []
  readonly #now: () => number
  #life = 1
  #moves = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get calls(): readonly Call[] {
    return this.#calls
  }

  /** Rises with each event. */
  get moves(): number {
    return this.#moves
  }

  get open(): readonly Call[] {
    return this.#calls.filter(({ life, ending }) => life === this.#life && ending === 'open')
  }

  begin({ partition, offset }: Place, attempt: unknown): Call {
    const call: Writable = {
      life: this.#life,
      partition,
      offset,
      began: this.#now(),
      ended: Number.POSITIVE_INFINITY,
      ending: 'open',
      attempt,
    }
    this.#moves++
    this.#calls.push(call)
    return call
  }

  /** `dead`: it has failed for good, or for the last time. */
  end(call: Call, ending: 'done' | 'failed' | 'dead'): void {
    const found = this.#calls.find((one) => one === call)
    if (found === undefined || found.ending !== 'open' || found.life !== this.#life) return
    this.#moves++
    found.ended = this.#now()
    found.ending = ending
  }

  /** The program is gone; what begins from now on belongs to its next life. */
  crash(): void {
    this.#moves++
    this.#life++
  }

  of({ partition, offset }: Place): Call[] {
    return this.#calls.filter((call) => call.partition === partition && call.offset === offset)
  }

  isSettled(place: Place): boolean {
    return this.of(place).some(({ ending }) => ending === 'done' || ending === 'dead')
  }
}

export const placeName = ({ partition, offset }: Place): string => `${partition}:${offset}`

/** The first call that began although an earlier record of its key was not settled; how often that one had failed by then. */
export function overtaking(
  calls: readonly Call[],
  records: readonly Keyed[],
): { readonly earlier: Keyed; readonly later: Keyed; readonly failures: number } | undefined {
  const seen: Call[] = []
  const keyed = new Map(records.map((record) => [placeName(record), record]))
  for (const call of calls) {
    const later = keyed.get(placeName(call))
    const earlier =
      later === undefined || later.keyName === null
        ? undefined
        : records.find(
            (one) =>
              one.keyName === later.keyName &&
              one.partition === later.partition &&
              one.offset < later.offset &&
              !seen.some(
                (before) =>
                  placeName(before) === placeName(one) &&
                  (before.ending === 'done' || before.ending === 'dead') &&
                  before.ended <= call.began,
              ),
          )
    if (earlier !== undefined && later !== undefined) {
      const failures = seen.filter(
        (before) => placeName(before) === placeName(earlier) && before.ended <= call.began,
      ).length
      return { earlier, later, failures }
    }
    seen.push(call)
  }
  return undefined
}

/** The first call with a record that was settled in this life of the program before. */
export function repeated(calls: readonly Call[]): Call | undefined {
  return calls.find((call, at) =>
    calls
      .slice(0, at)
      .some(
        (before) =>
          placeName(before) === placeName(call) &&
          before.life === call.life &&
          before.ended <= call.began &&
          before.ending !== 'failed',
      ),
  )
}

/** The first time that a partition's records were first called in another order than that of their offsets. */
export function outOfOrder(calls: readonly Call[]): Call | undefined {
  const last = new Map<number, number>()
  const known = new Set<string>()
  for (const call of calls) {
    if (known.has(placeName(call))) continue
    known.add(placeName(call))
    if (call.offset < (last.get(call.partition) ?? -1)) return call
    last.set(call.partition, call.offset)
  }
  return undefined
}
