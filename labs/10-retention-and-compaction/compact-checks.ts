/** The checks of `compact`: records of the dice, before and after a pass. */
import type { Dice } from '../engine/dice.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { compareAll } from './answers.ts'
import { many } from './logs.ts'
import { type CompactTwist, compactedOf } from './model.ts'
import type { Checks, Cleanup, LogRecord, Pass } from './subject.ts'
import { hardKeys, hardValues } from './texts.ts'

type CompactId = 'compact-last' | 'compact-tombstones'

interface Question {
  readonly records: readonly LogRecord[]
  readonly pass: Pass
}

const questions = 30
const recordsMax = 10_000

const inLine = ({ offset, key, value, goesAt }: LogRecord) =>
  `${offset} ${show(key)} ${show(value)} ${goesAt}`

const asRecord = (one: unknown): LogRecord =>
  typeof one === 'object' && one !== null
    ? (one as LogRecord)
    : { offset: Number.NaN, key: null, value: null, goesAt: null }

const inWords = (answer: unknown) =>
  Array.isArray(answer)
    ? answer
        .map(asRecord)
        .map(({ offset, key, value, goesAt }) => JSON.stringify([offset, key, value, goesAt]))
        .join(' ')
    : show(answer)

function checkCompact<Twist extends CompactTwist>(
  t: Trial<Twist | 'differs'>,
  subject: Cleanup,
  asked: readonly Question[],
  twists: readonly Twist[],
): void {
  const answers = t.tools.each(
    subject.compact,
    asked.map(({ records, pass }) => [records, pass] as Parameters<Cleanup['compact']>),
  )
  compareAll(t, {
    questions: asked,
    answers,
    model: ({ records, pass }, twist?: Twist) => compactedOf(records, pass, twist),
    twists,
    inWords,
    facts: ({ records, pass }, wanted, got) => ({
      before: records.length,
      wanted: wanted.length,
      got: Array.isArray(got) ? got.length : 0,
      upTo: pass.upTo,
      now: pass.now,
    }),
    picture: ({ records }, wanted, got) => {
      const left = new Map(
        (Array.isArray(got) ? got : []).map((one) => [asRecord(one).offset, asRecord(one)]),
      )
      const right = new Map(wanted.map((one) => [one.offset, one]))
      const fate = (one: LogRecord | undefined) =>
        one === undefined ? '—' : one.goesAt === null ? '✓' : `✓ ${one.goesAt}`
      const rows = records.map((record) => ({
        cells: [inLine(record), fate(right.get(record.offset)), fate(left.get(record.offset))] as const,
      }))
      const wrong = rows.filter(({ cells }) => cells[1] !== cells[2])
      const shown = rows.filter((row) => wrong.slice(0, 4).includes(row) || rows.indexOf(row) < 4).slice(0, 8)
      return {
        kind: 'table',
        columns: [
          { en: 'offset, key, value, goesAt', ru: 'offset, key, value, goesAt' },
          { en: 'expected', ru: 'ожидалось' },
          { en: 'got', ru: 'получено' },
        ],
        rows: shown.map(({ cells }) => cells),
        wrong: shown.flatMap((row, i) => (wrong.includes(row) ? [i] : [])),
      }
    },
  })
}

/** Records of few keys with gaps between their offsets; `tombstones` is the share of them. */
function recordsOf(
  dice: Dice,
  options: {
    readonly keys: readonly (string | null)[]
    readonly count: number
    readonly tombstones: number
    readonly now: number
    /** Where they begin; left out: as the dice say. */
    readonly start?: number | undefined
  },
): LogRecord[] {
  const starts = [0, 1, dice.int(2, 9_000), 2 ** 31 - 9, 2 ** 32 - 1, 2 ** 48, 2 ** 53 - 90_000]
  let offset = options.start ?? dice.pick(starts)
  const values = hardValues(dice, 8).filter((value) => options.tombstones > 0 || value !== '')
  return many(options.count, () => {
    const isTombstone = dice.fraction() < options.tombstones
    const { now } = options
    const record = {
      offset,
      key: dice.pick(options.keys),
      value: isTombstone ? null : dice.pick([...values, String(dice.int(2, 900))]),
      goesAt: isTombstone
        ? dice.pick([null, 0, now - dice.int(1, 90_000), now, now + dice.int(1, 90_000)])
        : null,
    }
    offset += dice.pick([1, 1, 2, 7])
    return record
  })
}

function passFor(dice: Dice, records: readonly LogRecord[], now: number): Pass {
  const { offset: first = 0 } = records[0] ?? {}
  const { offset: last = 0 } = records.at(-1) ?? {}
  // In the middle, most of the time; before all of them; behind all of them.
  const upTo = dice.pick([last + 1, first, dice.int(first, last + 1), dice.int(first, last + 1)])
  return {
    upTo,
    now,
    deleteRetentionMs: dice.pick([0, 1, 2 ** dice.int(8, 20), dice.int(60_000, 90_000_000)]),
  }
}

/** As many records as the page allows; one key and one value are as long as they get. */
function largest(dice: Dice): Question {
  const now = 1_700_000_000_000 + dice.int(1, 9_000_000_000)
  const keys = many(200, (i) => `${dice.int(2, 9)}-${i}`)
  const records = recordsOf(dice, { keys, count: recordsMax, tombstones: 0, now })
  const { offset: last = 0 } = records.at(-1) ?? {}
  const [key, value] = dice.freshWords(2).map((word) => word.repeat(50_000).slice(0, 100_000))
  const withLong = records.map((record, i) =>
    i === 2 ? { ...record, key: key ?? '', value: value ?? '' } : record,
  )
  return { records: withLong, pass: { upTo: last + 1, now, deleteRetentionMs: 3_600_000 } }
}

export const compactChecks: Checks<CompactId> = {
  'compact-last': (t, subject) => {
    const { dice } = t
    const asked = many(questions, (i): Question => {
      const now = 1_700_000_000_000 + dice.int(1, 9_000_000_000)
      const keys = hardKeys(dice)
      const used = i % 3 === 0 ? [...keys.slice(0, 4), null, null] : i % 3 === 1 ? keys : keys.slice(0, 3)
      // Some passes reach nothing: the log begins where they end.
      const start = [undefined, undefined, 0, 1, 2 ** 31][i]
      const records = recordsOf(dice, {
        keys: used,
        count: [0, 1][i] ?? dice.int(5, 40),
        tombstones: 0,
        now,
        start,
      })
      const pass = passFor(dice, records, now)
      return { records, pass: start === undefined ? pass : { ...pass, upTo: start } }
    })
    checkCompact(t, subject, [...asked, largest(dice)], ['wholeLog', 'keepsKeyless', 'nullIsAKey'])
  },

  'compact-tombstones': (t, subject) => {
    const { dice } = t
    const asked = many(questions, (): Question => {
      const now = 1_700_000_000_000 + dice.int(1, 9_000_000_000)
      const keys = hardKeys(dice).slice(0, dice.int(3, 8))
      const records = recordsOf(dice, { keys, count: dice.int(4, 20), tombstones: 0.6, now })
      return { records, pass: passFor(dice, records, now) }
    })
    const twists = [
      'emptyIsNull',
      'tombstoneAtOnce',
      'neverGoes',
      'clockAnew',
      'zeroIsNull',
      'notYetAtGoesAt',
      'tombstonesBeyond',
    ] as const
    checkCompact(t, subject, asked, twists)
  },
}
