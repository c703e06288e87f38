/**
 * The log of one check: what the suite called, what the learner's code called of the suite's, and what came of it.
 *
 *   startWorker(kafka, 'orders', handler)      a call of the suite's, open until it has an answer
 *     handler({ offset: 3 })                   a call of the learner's code, of a function that it was handed
 *
 * - the call that has been open for longest is the one that a failure names
 * - the hash of all answers is what two programs are compared by
 */
import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { Finding } from '../findings.ts'
import type { Text } from '../text.ts'
import { fill, words } from '../words.ts'
import type { Answer } from './protocol.ts'

/** A call that has been begun. */
interface Begun {
  readonly label: () => string
  /** Clients among its arguments, by their number. */
  readonly clients: readonly number[]
}

/** How often a function of the suite's was called by the learner's code. */
interface CallsBack {
  times: number
  threw: number
  open: number
}

export class CallLog {
  readonly findings: Finding[] = []
  /** The last call that was begun. */
  #last: Begun | undefined
  readonly #open = new Map<Begun, number>()
  /** Hashed only when somebody wants to know: most checks pass. */
  readonly #answers: Answer[] = []
  #digest: { readonly answers: number; readonly hex: string } | undefined
  readonly #callsBack = new Map<string, CallsBack>()
  readonly labels = new Map<number, () => string>()
  calls = 0
  /** An assertion that failed in a function that the learner's code called: it ends the check. */
  onFault: (error: unknown) => void = () => {}
  /** The learner's code has called something, or an answer has come: conditions may have changed. */
  onNews: () => void = () => {}

  begin(label: () => string, clients: readonly number[] = []): () => void {
    this.calls++
    const begun = { label, clients }
    this.#last = begun
    this.#open.set(begun, 0)
    return () => {
      this.#open.delete(begun)
      this.onNews()
    }
  }

  /** The call that has been open for longest; else the last one that was begun. */
  lastCall(): string | undefined {
    return this.#named?.label()
  }

  /** The clients that this call was handed. */
  lastClients(): readonly number[] {
    return this.#named?.clients ?? []
  }

  get #named(): Begun | undefined {
    return [...this.#open.keys()][0] ?? this.#last
  }

  /**
   * Time passes: `ms` more for each call that is open. Gives the longest that one has been open, 0 when none is.
   * Told by a timer, so that time in which a busy machine ran no code of ours counts little.
   */
  pass(ms: number): number {
    let longest = 0
    for (const [begun, openMs] of this.#open) {
      this.#open.set(begun, openMs + ms)
      longest = Math.max(longest, openMs + ms)
    }
    return longest
  }

  /** The learner's code calls a function of the suite's. Gives what is to be called when it has answered. */
  calledBack(name: string): (threw: boolean) => void {
    const known = this.#callsBack.get(name) ?? { times: 0, threw: 0, open: 0 }
    this.#callsBack.set(name, known)
    known.times++
    known.open++
    this.onNews()
    return (threw) => {
      known.open--
      if (threw) known.threw++
      this.onNews()
    }
  }

  /** What the learner's code called of the suite's, in one sentence. */
  callsBackInWords(): Text | undefined {
    if (this.#callsBack.size === 0) return undefined
    const list = (lang: 'en' | 'ru') =>
      [...this.#callsBack]
        .map(([name, { times, threw, open }]) => {
          const more = [
            ...(threw > 0 ? [fill(words.callsThrew, { count: threw })[lang]] : []),
            ...(open > 0 ? [fill(words.callsOpen, { count: open })[lang]] : []),
          ]
          return `${name}${times > 1 ? ` ×${times}` : ''}${more.length > 0 ? ` (${more.join(', ')})` : ''}`
        })
        .join(', ')
    return fill(words.callsBack, { list: { en: list('en'), ru: list('ru') } })
  }

  answered(answer: Answer): void {
    this.#answers.push(answer)
  }

  /** A digest of all answers so far; of an error its kinds, for a stack names a file. */
  digest(): string {
    const answers = this.#answers
    if (this.#digest?.answers !== answers.length) {
      const hash = createHash('sha1')
      for (const answer of answers)
        hash.update(serialize('list' in answer ? answer.list.map(digestible) : digestible(answer)))
      this.#digest = { answers: answers.length, hex: hash.digest('hex') }
    }
    return this.#digest.hex
  }
}

/** What two programs are compared by: not the numbers of handles, and no stack. */
export function digestible(answer: Answer): unknown {
  if ('threw' in answer) return ['threw', answer.threw.kinds]
  if ('plain' in answer) return answer.plain
  if (!('ok' in answer)) return 'missing' in answer ? ['missing', answer.missing] : []
  const { ok } = answer
  return Array.isArray(ok) && ok[0] === 'h' ? ['h', ok[2]] : ok
}
