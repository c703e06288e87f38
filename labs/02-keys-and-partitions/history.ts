/**
 * Lab 02: long histories of calls, each answer held against the oracle. What is wrong with a single call is for the other
 * tests; here it is what a call leaves behind: an answer that was kept under too small a key, or by the object that it was
 * asked with, while the bytes, the list or the message in it have changed.
 *
 * Scenes of a few calls each come in any order. A scene changes one thing between two calls (the bytes of a memory, the
 * content of a list or of a message, the number of partitions) or asks about two things that are easily taken for one
 * (a key and the same key behind a byte order mark, `['a\nb']` and `['a', 'b']`).
 *
 * - a call that differs is made alone as well, in a new thread with values of its own. Only if it is right there does the
 *   check fail, since what came before matters then
 */
import type { CaseOf } from '../engine/lab.ts'
import { columns, type TablePicture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import type { Partitioner } from './oracle.ts'
import { whatever } from './partition-checks.ts'
import type { Partitioning } from './suite.ts'

type HistoryCase = CaseOf<typeof text, 'partitioner-any-order'>
export type HistoryTrial = Trial<HistoryCase>

/** One call: made here with objects that come again, or elsewhere with new ones. */
export interface Question {
  /** As one would write it. */
  readonly call: string
  /** What it is about, without the objects: two questions with the same are the same question. */
  readonly about: string
  readonly wanted: string
  /** Memory, lists and messages that it was asked with. */
  readonly uses: readonly string[]
  here(): unknown
  /** `partitioner`: one that was asked before; a new one when left out. */
  alone(subject: Partitioning, partitioner?: Partitioner): unknown
  /** What it gave, so that it can be compared with `wanted`. */
  inWords(got: unknown): string
}

/** So many calls before the one that differs are shown. */
const shownMax = 5
const rounds = 2
/** So many earlier calls with the same answer are tried out. */
const candidatesMax = 3

export class History {
  readonly #t: HistoryTrial
  readonly #done: Question[] = []
  readonly #isSound: IsSound
  constructor(t: HistoryTrial, isSound: IsSound) {
    this.#t = t
    this.#isSound = isSound
    t.check(true, 'differs')
  }

  /** Asks, and compares. False: the call is wrong, and would be so without a history. */
  async ask(question: Question): Promise<boolean> {
    const { got, error } = this.#t.attempt(() => whatever(() => question.here()))
    const gave = error === undefined ? question.inWords(got) : show(error)
    if (gave !== question.wanted) {
      if ((await this.#inNewThread([question], this.#isSound)) !== question.wanted) return false
      await this.#fail(question, gave)
    }
    this.#t.check(true, 'differs')
    this.#done.push(question)
    return true
  }

  /**
   * What the last of these questions gives when nothing else was ever asked; undefined when it throws, or when the code there
   * is not sound: a wrong function may be right about one question by luck.
   */
  async #inNewThread(
    questions: readonly Question[],
    isSound: IsSound = () => true,
  ): Promise<string | undefined> {
    const thread = await this.#t.tools.thread()
    try {
      const subject = thread.subject as Partitioning
      const partitioner = subject.createPartitioner()
      let gave: string | undefined
      for (const question of questions) {
        const { got, error } = this.#t.attempt(() => whatever(() => question.alone(subject, partitioner)))
        gave = error === undefined ? question.inWords(got) : undefined
      }
      return isSound(subject) ? gave : undefined
    } catch {
      return undefined
    } finally {
      await thread.end()
    }
  }

  async #fail(question: Question, gave: string): Promise<void> {
    const isRelated = (one: Question) => one.uses.some((use) => question.uses.includes(use))
    const draw = (before?: Question) => () => this.#picture(question, gave, isRelated, before)
    const told = this.#done.filter((one) => one.wanted === gave && one.about !== question.about)
    const [wanted, got] = beside(question.wanted, gave)
    const facts = { call: question.call, got, wanted }
    const before = told.findLast(isRelated)
    if (before !== undefined) this.#t.check(false, 'stale', { ...facts, before: before.call }, draw(before))
    // The same answer may be a coincidence. Only if these two calls alone give it again, the one is taken for the other.
    const others = [...new Map(told.map((one) => [one.about, one])).values()].slice(-candidatesMax)
    for (const other of others.reverse())
      if ((await this.#inNewThread([other, question])) === gave)
        this.#t.check(false, 'mixed-up', { ...facts, before: other.call }, draw(other))
    this.#t.check(false, 'differs', facts, draw())
  }

  /** The last calls with the same objects, and the very last one. */
  #picture(
    question: Question,
    gave: string,
    isRelated: (one: Question) => boolean,
    before: Question | undefined,
  ): TablePicture {
    const [last] = this.#done.slice(-1)
    const related = this.#done.filter(isRelated).slice(2 - shownMax)
    const shown = this.#done.filter((one) => one === last || one === before || related.includes(one))
    return {
      kind: 'table',
      columns: [columns.call, columns.expected, columns.got],
      rows: [
        ...shown.map(({ call, wanted }) => [call, ...beside(wanted, wanted)]),
        [question.call, ...beside(question.wanted, gave)],
      ],
      wrong: [shown.length],
    }
  }
}

/** Whether plain questions about values that were never asked about are answered rightly. */
export type IsSound = (subject: Partitioning) => boolean

const longMax = 70

/** Two answers as they are to be shown: of long ones the part where they differ first. */
function beside(wanted: string, gave: string): [string, string] {
  const differs = [...wanted].findIndex((letter, i) => letter !== gave[i])
  const from = differs > longMax / 2 ? differs - longMax / 2 : 0
  const part = (text: string) =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + longMax)}${text.length > from + longMax ? '…' : ''}`
  return [part(wanted), part(gave)]
}

export type Scene = (history: History) => Promise<boolean>

/** Scenes in any order, twice. */
export async function play(t: HistoryTrial, isSound: IsSound, scenes: readonly Scene[]): Promise<void> {
  const history = new History(t, isSound)
  for (let round = 0; round < rounds; round++)
    for (const scene of t.dice.shuffle(scenes)) if (!(await scene(history))) return
}

/** The questions one after the other. */
export async function askAll(history: History, questions: Iterable<Question>): Promise<boolean> {
  for (const question of questions) if (!(await history.ask(question))) return false
  return true
}
