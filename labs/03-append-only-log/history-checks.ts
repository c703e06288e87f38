/**
 * Lab 03: a long history of calls, held against the model call by call. What is wrong with a single call is for the other
 * tests; here it is what a call leaves behind: a result that was kept, memory that two use, half of a refused append.
 *
 * Scenes of a few calls each come in any order, on two logs that no number tells apart: they begin at the same offset and
 * grow alike, and only the bytes in them differ.
 *
 *   ask, append, ask the same            ask both logs the same          append, overwrite the memory, append from it again
 *   ask, overwrite the answer, ask       a refused call, then a good one         all sizes, from all kinds of memory
 *
 * - a call that differs is made alone as well: in a new thread, on a log that was filled with the same batches and asked
 *   nothing else. Only if it is right there does the check fail, since what came before matters then
 */
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import type { CaseOf } from '../engine/lab.ts'
import { columns, type TablePicture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { SharedMemory } from '../engine/subject/tools.ts'
import type { LearnerError } from '../engine/subject/values.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import {
  firstDifference,
  freshStart,
  type LogMaker,
  longBatch,
  lots,
  Model,
  type ModelBatch,
  sameBatches,
} from './model.ts'
import { rangeOf } from './reading.ts'

type HistoryTrial = Trial<CaseOf<typeof text, 'any-order'>>

/** What one call is asked. `content`: the bytes that lie in what is handed over. */
type Ask =
  | {
      readonly op: 'append'
      readonly handed: Uint8Array
      readonly content: Uint8Array
      readonly count: number
    }
  | { readonly op: 'read'; readonly offset: number; readonly maxBytes: number }
interface Came {
  readonly got?: unknown
  readonly error?: LearnerError
}
type Wanted = 'RangeError' | number | readonly ModelBatch[]

/** Something that was done: which log, the call, and what it gave. */
interface Done {
  readonly side: Side
  readonly call: string
  readonly gave: string
  readonly what: Ask['op'] | 'refused' | 'other'
}
type Side = 0 | 1

const badCounts = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]
const largest = 2 ** 31 - 1
const rounds = 2
/** So many calls before the one that differs are shown. */
const shownMax = 5
const memorySize = 80_000

export async function checkAnyOrder(t: HistoryTrial, subject: LogMaker): Promise<void> {
  const history = new History(t, subject)
  t.check(true, 'differs')
  for (let round = 0; round < rounds; round++)
    for (const scene of t.dice.shuffle(scenes)) if (!(await scene(history, t))) return
}

/** A scene gives false when a call is wrong for a reason that other tests are about. */
type Scene = (history: History, t: HistoryTrial) => Promise<boolean>

const sides: readonly Side[] = [0, 1]
const either = (t: HistoryTrial): Side => (t.dice.int(0, 1) === 0 ? 0 : 1)
/** A small batch, appended to both logs: the same length and count, other bytes. */
const both = async (h: History, t: HistoryTrial): Promise<boolean> => {
  const [length, count] = [t.dice.int(8, 140), t.dice.pick([1, 1, 2, 7, t.dice.int(3, 60)])]
  for (const side of sides) if (!(await h.append(side, t.dice.bytes(length), count))) return false
  return true
}

const askAppendAsk =
  (offsetOf: (model: Model) => number, maxBytes: number): Scene =>
  async (h, t) => {
    for (const side of sides) {
      const offset = offsetOf(h.models[side])
      if (!(await h.read(side, offset, maxBytes))) return false
      if (!(await h.append(side, t.dice.bytes(40), 3))) return false
      if (!(await h.read(side, offset, maxBytes))) return false
    }
    return true
  }

const refuse =
  (bytes: (t: HistoryTrial) => Uint8Array, count: number): Scene =>
  async (h, t) => {
    const side = either(t)
    const offset = h.near(side)
    if (!(await h.append(side, bytes(t), count))) return false
    if (!(await h.read(side, offset, largest))) return false
    return (await both(h, t)) && (await h.read(side, offset, largest))
  }

const overwriteAndAsk =
  (maxBytes: number): Scene =>
  async (h, t) => {
    const side = either(t)
    for (const offset of [h.near(side), h.models[side].start, h.models[side].end]) {
      if (!(await h.read(side, offset, maxBytes))) return false
      h.overwriteLast(t.dice.int(1, 255))
      for (const one of [side, side === 0 ? 1 : 0] as const)
        if (!(await h.read(one, offset, maxBytes))) return false
    }
    return true
  }

const reuse =
  (kind: 'Buffer' | 'Uint8Array', at: number, length: number): Scene =>
  async (h, t) => {
    const side = either(t)
    const memory = length > 1_000 ? h.largeMemory : h.smallMemory
    const from = h.models[side].end
    for (let n = 0; n < 2; n++) {
      const content = length > 1_000 ? longBatch(t.dice, h.large, length) : t.dice.bytes(length)
      memory.write(at, content)
      if (!(await h.append(side, memory.view(at, length, kind), 2, content))) return false
      // The other log grows alike: only the bytes tell them apart.
      if (!(await h.append(side === 0 ? 1 : 0, t.dice.bytes(50), 2))) return false
      const fill = t.dice.int(1, 255)
      memory.write(at, new Uint8Array(length).fill(fill))
      h.note(side, `batch.fill(${fill})`)
      if (!(await h.read(side, from, largest))) return false
    }
    h.overwriteLast(t.dice.int(1, 255))
    return h.read(side, from, largest)
  }

const scenes: readonly Scene[] = [
  both,
  askAppendAsk((model) => model.end, 99),
  askAppendAsk((model) => model.end, 0),
  askAppendAsk((model) => model.end, largest),
  askAppendAsk((model) => model.batches.at(-1)?.base ?? model.end, largest),
  askAppendAsk((model) => model.batches.at(-1)?.base ?? model.end, 1_000),
  // Both logs are asked the same.
  async (h, t) => {
    if (!(await both(h, t))) return false
    for (const maxBytes of [largest, 0, 300])
      for (const offset of [h.near(0), h.models[0].start, h.models[0].end])
        for (const side of sides) if (!(await h.read(side, offset, maxBytes))) return false
    return true
  },
  ...badCounts.map((count) => refuse((t) => t.dice.bytes(t.dice.int(10, 90)), count)),
  refuse((t) => t.dice.bytes(3), 1),
  refuse(() => new Uint8Array(0), 2),
  refuse((t) => t.dice.bytes(7), Number.NaN),
  // Reads that are refused.
  async (h, t) => {
    const side = either(t)
    const { start, end } = h.models[side]
    for (const offset of [start - 1, end + 1, -1])
      for (const maxBytes of [0, lots]) {
        if (!(await h.read(side, offset, maxBytes))) return false
        if (!(await h.read(side, h.near(side), maxBytes))) return false
      }
    return true
  },
  overwriteAndAsk(largest),
  overwriteAndAsk(0),
  reuse('Buffer', 0, 70),
  reuse('Uint8Array', 0, 70),
  reuse('Buffer', 24, 90),
  reuse('Uint8Array', 24, 90),
  reuse('Buffer', 24, 70_000),
  reuse('Uint8Array', 0, 66_000),
]

class History {
  readonly #t: HistoryTrial
  readonly #logs: readonly [LogPart, LogPart]
  readonly models: readonly [Model, Model]
  readonly #done: Done[] = []
  /** What was appended to each log, as it was handed in. */
  readonly #contents: readonly [Uint8Array[], Uint8Array[]] = [[], []]
  readonly smallMemory: SharedMemory
  readonly largeMemory: SharedMemory
  /** The bytes that long batches are made of. */
  readonly large: Uint8Array
  #last: { readonly side: Side; readonly list: unknown } | undefined

  constructor(t: HistoryTrial, subject: LogMaker) {
    const start = freshStart(t.dice)
    this.#t = t
    this.#logs = [subject.createLog(start), subject.createLog(start)]
    this.models = [new Model(start), new Model(start)]
    this.smallMemory = t.tools.memory(256)
    this.largeMemory = t.tools.memory(memorySize)
    this.large = t.dice.bytes(5_000)
  }

  /** An offset in one of the last batches. */
  near(side: Side): number {
    const { batches, end } = this.models[side]
    const batch = batches.at(-this.#t.dice.int(1, 3)) ?? batches.at(-1)
    return batch === undefined ? end : batch.base + this.#t.dice.int(0, batch.count - 1)
  }

  append(side: Side, handed: Uint8Array, count: number, content = handed): Promise<boolean> {
    return this.#ask(side, { op: 'append', handed, content, count })
  }

  read(side: Side, offset: number, maxBytes: number): Promise<boolean> {
    return this.#ask(side, { op: 'read', offset, maxBytes })
  }

  /** The reader writes over what the last read gave. */
  overwriteLast(fill: number): void {
    if (this.#last === undefined) return
    this.#t.tools.overwrite(this.#last.list, fill)
    this.note(this.#last.side, `answer.fill(${fill})`)
  }

  /** Something that is no call of the log’s, as code: it reads alike in both languages. */
  note(side: Side, call: string): void {
    this.#done.push({ side, call, gave: '', what: 'other' })
  }

  /** One call, compared with the model. False: it is wrong, and would be so without a history. */
  async #ask(side: Side, ask: Ask): Promise<boolean> {
    const model = this.models[side]
    const wanted = wantedOf(model, ask)
    const came = this.#t.attempt(() => make(this.#logs[side], ask))
    const gave = cameInWords(model, came)
    if (!isAsWanted(came, wanted)) {
      if (!(await this.#isRightAlone(side, ask, wanted))) return false
      this.#fail(side, ask, wanted, came)
    }
    this.#t.check(true, 'differs')
    if (ask.op === 'append' && typeof wanted === 'number') {
      model.append(ask.content, ask.count)
      this.#contents[side].push(ask.content)
    }
    if (ask.op === 'read') this.#last = { side, list: came.got }
    const what = wanted === 'RangeError' ? 'refused' : ask.op
    this.#done.push({ side, call: askInWords(ask), gave, what })
    return true
  }

  /** The same call in a new thread, on a log with the same batches in it. */
  async #isRightAlone(side: Side, ask: Ask, wanted: Wanted): Promise<boolean> {
    const model = this.models[side]
    const thread = await this.#t.tools.thread()
    try {
      const log = (thread.subject as LogMaker).createLog(model.start)
      for (const [i, { count }] of model.batches.entries())
        log.append((this.#contents[side][i] ?? new Uint8Array(0)).slice(), count)
      const alone: Ask = ask.op === 'append' ? { ...ask, handed: ask.content.slice() } : ask
      return isAsWanted(
        this.#t.attempt(() => make(log, alone)),
        wanted,
      )
    } catch {
      return false
    } finally {
      await thread.end()
    }
  }

  #fail(side: Side, ask: Ask, wanted: Wanted, came: Came): void {
    const model = this.models[side]
    const facts = { call: askInWords(ask) }
    const draw = () => this.#picture(side, ask, wanted, came)
    if (ask.op === 'read' && Array.isArray(came.got)) {
      const { got } = came
      const other = this.models[side === 0 ? 1 : 0]
      this.#t.check(!sameBatches(got, other.read(ask.offset, ask.maxBytes)), 'other-log', facts, draw)
      const before = new Model(model.start)
      for (const { bytes, count } of model.batches.slice(0, -1)) before.append(bytes, count)
      const isStale = ask.offset <= before.end && sameBatches(got, before.read(ask.offset, ask.maxBytes))
      this.#t.check(!isStale, 'stale', facts, draw)
    }
    const [last] = this.#of(side).slice(-1)
    this.#t.check(last?.what !== 'refused', 'after-refusal', { ...facts, refused: last?.call ?? '' }, draw)
    this.#t.check(false, 'differs', facts, draw)
  }

  /** What was done to one log. */
  #of(side: Side): Done[] {
    return this.#done.filter((one) => one.side === side)
  }

  /** The last calls: those of this log, and the very last one, of whichever log. */
  #picture(side: Side, ask: Ask, wanted: Wanted, came: Came): TablePicture {
    const model = this.models[side]
    const [last] = this.#done.slice(-1)
    const own = this.#of(side).slice(-shownMax)
    const shown = last === undefined || own.includes(last) ? own : [...own.slice(1), last]
    const rows = shown.map(({ side: of, call, gave }) => [`${'AB'[of]}`, call, gave, gave])
    return {
      kind: 'table',
      columns: [{ en: 'log', ru: 'журнал' }, columns.call, columns.expected, columns.got],
      rows: [...rows, [`${'AB'[side]}`, askInWords(ask), wantedInWords(wanted), cameInWords(model, came)]],
      wrong: [rows.length],
    }
  }
}

function make(log: LogPart, ask: Ask): unknown {
  return ask.op === 'append' ? log.append(ask.handed, ask.count) : log.read(ask.offset, ask.maxBytes)
}

function wantedOf(model: Model, ask: Ask): Wanted {
  if (ask.op === 'append')
    return Number.isInteger(ask.count) && ask.count >= 1 && ask.content.length >= 8 ? model.end : 'RangeError'
  if (ask.offset < model.start || ask.offset > model.end) return 'RangeError'
  return model.read(ask.offset, ask.maxBytes)
}

function isAsWanted({ got, error }: Came, wanted: Wanted): boolean {
  if (wanted === 'RangeError') return error?.isA('RangeError') === true
  if (error !== undefined) return false
  return typeof wanted === 'number' ? got === wanted : sameBatches(got, wanted)
}

const askInWords = (ask: Ask): string =>
  ask.op === 'append'
    ? `append(<${ask.content.length} B>, ${ask.count})`
    : `read(${ask.offset}, ${ask.maxBytes})`

function wantedInWords(wanted: Wanted): string {
  return typeof wanted === 'object' ? listInWords(wanted.map(rangeOf)) : String(wanted)
}

/** What came, batch by batch; `? 40 B`: bytes that are no batch of this log. */
function cameInWords(model: Model, { got, error }: Came): string {
  if (error !== undefined) return error.name
  if (!Array.isArray(got)) return show(got)
  return listInWords(
    got.map((bytes: unknown) => {
      if (!(bytes instanceof Uint8Array)) return show(bytes)
      const known = model.batches.find((batch) => firstDifference(batch.bytes, bytes) === -1)
      return known === undefined ? `? ${bytes.length} B` : rangeOf(known)
    }),
  )
}

const listInWords = (names: readonly string[]): string =>
  `[${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … ${names.length}` : ''}]`
