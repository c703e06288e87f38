/**
 * A point: a named request or answer of a client, at which the proxy does something else than pass it on.
 *
 *   client --request--> proxy --request--> broker      'hold-request' 'cut-before' 'lose-request'   the broker never got it
 *          <--answer---       <--answer---             'hold-answer'  'cut-after'  'lose-answer'    the broker has done it
 *
 * - of a connection everything passes in order: what comes behind a frame that is held waits
 * - points of requests are found when they are asked, points of answers when they are answered: `where` may look at
 *   records and errors then
 */
import type { Exchange } from './exchange.ts'

export type PointWhat =
  | 'hold-request'
  | 'hold-answer'
  | 'cut-before'
  | 'cut-after'
  | 'lose-request'
  | 'lose-answer'
  | 'watch'
  /** What a suite decides when it is there; `pass` when it gives nothing. */
  | { readonly before: (exchange: Exchange) => Fate | undefined | Promise<Fate | undefined> }
  | { readonly after: (exchange: Exchange) => Fate | undefined | Promise<Fate | undefined> }

/** What becomes of a frame: passed on; the connection is cut; dropped, and the connection stays. */
export type Fate = 'pass' | 'cut' | 'lose'

export interface PointWhen {
  /** Of those for which `where` holds, from 1; 1 when left out. */
  readonly nth?: number | 'all'
  readonly where?: (exchange: Exchange) => boolean
}

export class Point {
  readonly #apis: readonly string[]
  readonly #when: PointWhen
  readonly #what: PointWhat
  readonly #onFault: (error: unknown) => void
  #seen = 0
  #exchanges: Exchange[] = []
  #letGo: () => void = () => {}
  readonly #released = new Promise<void>((resolve) => {
    this.#letGo = resolve
  })

  /** `onFault` gets what a suite's own function throws. */
  constructor(
    apis: readonly string[],
    when: PointWhen,
    what: PointWhat,
    onFault: (error: unknown) => void = () => {},
  ) {
    this.#apis = apis
    this.#when = when
    this.#what = what
    this.#onFault = onFault
  }

  /** The client has come to it. */
  get isReached(): boolean {
    return this.#exchanges.length > 0
  }

  /** How often it was reached; more than once with `nth: 'all'` only. */
  get times(): number {
    return this.#exchanges.length
  }

  /** The exchange that reached it first. Throws before that. */
  get exchange(): Exchange {
    const [first] = this.#exchanges
    if (first === undefined) throw new Error(`point: ${this.#apis.join(' or ')} has not been reached`)
    return first
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges
  }

  /** What is held here goes on, now and later. */
  release(): void {
    this.#letGo()
  }

  get isOfAnswers(): boolean {
    const what = this.#what
    return typeof what === 'object'
      ? 'after' in what
      : !['hold-request', 'cut-before', 'lose-request'].includes(what)
  }

  /** What is to become of an exchange that has come to its side; undefined when it is none of this point's. */
  meet(exchange: Exchange): Fate | Promise<Fate> | undefined {
    if (!this.#apis.includes(exchange.api) || this.#when.where?.(exchange) === false) return undefined
    this.#seen++
    const { nth = 1 } = this.#when
    if (nth !== 'all' && this.#seen !== nth) return undefined
    this.#exchanges.push(exchange)
    return this.#fate(exchange)
  }

  #fate(exchange: Exchange): Fate | Promise<Fate> {
    const what = this.#what
    switch (what) {
      case 'watch':
        return 'pass'
      case 'cut-before':
      case 'cut-after':
        return 'cut'
      case 'lose-request':
      case 'lose-answer':
        return 'lose'
      case 'hold-request':
      case 'hold-answer':
        return this.#released.then(() => 'pass')
      default:
        return this.#decided('before' in what ? what.before : what.after, exchange)
    }
  }

  async #decided(
    decide: (exchange: Exchange) => Fate | undefined | Promise<Fate | undefined>,
    exchange: Exchange,
  ): Promise<Fate> {
    try {
      return (await decide(exchange)) ?? 'pass'
    } catch (error) {
      this.#onFault(error)
      return 'lose'
    }
  }
}
