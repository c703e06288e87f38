/** The checks of `nextPass`: which part it takes, and what a pass waits for. */

import type { Dice } from '../engine/dice.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { compareAll } from './answers.ts'
import { type LogQuestion, logOf, many, passConfig, pictureOf, plansOf, timeInWords } from './logs.ts'
import { bytesOf, type DueTwist, nextPassOf, type RangeTwist } from './model.ts'
import type { Checks, Cleanup, NextPass, PartitionLog } from './subject.ts'

type PassId = 'pass-range' | 'pass-due'

const questions = 40

/** What is to become of a segment, in a picture. */
const states = {
  clean: { en: 'clean', ru: 'чистый' },
  dirty: { en: 'dirty', ru: 'грязный' },
  waits: { en: 'waits', ru: 'ждёт' },
} as const

function checkPass<Twist extends RangeTwist | DueTwist>(
  t: Trial<Twist | 'differs'>,
  subject: Cleanup,
  asked: readonly LogQuestion[],
  twists: readonly Twist[],
  /** Which part of the answer counts. */
  part: (answer: NextPass) => unknown,
): void {
  const answers = t.tools.each(
    subject.nextPass,
    asked.map(({ log, now }) => [log, now] as Parameters<Cleanup['nextPass']>),
  )
  const isPass = (answer: unknown): answer is NextPass => typeof answer === 'object' && answer !== null
  const inWords = (answer: unknown) => show(isPass(answer) ? part(answer) : answer)
  compareAll(t, {
    questions: asked,
    answers,
    model: ({ log, now }, twist?: Twist) => nextPassOf(log, now, twist),
    twists,
    inWords,
    facts: ({ log }, wanted, got) => ({
      wanted: inWords(wanted),
      got: inWords(got),
      stable: log.lastStableOffset,
      ratio: log.config.minCleanableDirtyRatio,
      min: timeInWords(log.config.minCompactionLagMs),
      max: timeInWords(log.config.maxCompactionLagMs),
      share: shareOf(log, wanted),
    }),
    picture: (question, wanted, got) => {
      const said = (answer: unknown) => (segment: { baseOffset: number }) => {
        if (!isPass(answer)) return '?'
        if (segment.baseOffset < log.cleanedTo) return states.clean
        return segment.baseOffset < answer.upTo ? states.dirty : states.waits
      }
      const { log } = question
      return pictureOf(question, said(wanted), said(got))
    },
  })
}

/** Dirty bytes of all that a pass would read, in words: `300 / 600`. */
function shareOf({ segments }: PartitionLog, { from, upTo }: NextPass): string {
  const below = segments.filter(({ baseOffset }) => baseOffset < upTo)
  return `${bytesOf(below.filter(({ baseOffset }) => baseOffset >= from))} / ${bytesOf(below)}`
}

export const passChecks: Checks<PassId> = {
  'pass-range': (t, subject) => {
    const { dice } = t
    const asked = many(questions, (i) => {
      const count = dice.int(3, 6)
      const minCompactionLagMs = i % 2 === 0 ? dice.pick([1, 4_096, dice.int(60_000, 9_000_000)]) : 0
      const old = () => minCompactionLagMs + dice.int(1, 9_000_000)
      // A young one may lie before old ones; one is exactly as old as asked; with 0 even one from the future is old enough.
      const ages = many(count, (at) => {
        if (i % 2 === 1) return dice.pick([old(), -5_000])
        if (at === count - 1) return 0
        return dice.pick([old(), old(), minCompactionLagMs, Math.floor(minCompactionLagMs * 0.4)])
      })
      const plans = plansOf(dice, ages).map((plan) => ({
        ...plan,
        spanMs: minCompactionLagMs + dice.int(1, 900_000),
      }))
      return logOf(dice, plans, ({ segments, endOffset }) => {
        const { baseOffset = 0 } = dice.pick(segments.slice(1))
        const cleaned = dice.pick(segments.slice(0, i % 5 === 4 ? count : 2))
        const isOpen = i % 3 === 0
        return {
          config: passConfig(dice, { minCompactionLagMs, minCleanableDirtyRatio: 0 }),
          cleanedTo: cleaned.baseOffset,
          lastStableOffset: isOpen ? dice.pick([baseOffset, baseOffset - 1, baseOffset + 1]) : endOffset,
        }
      })
    })
    const twists = [
      'activeToo',
      'noTransactions',
      'stableInside',
      'ageOfFirst',
      'noAge',
      'skipsWaiting',
    ] as const
    checkPass(t, subject, asked, twists, ({ from, upTo }) => [from, upTo])
  },

  'pass-due': (t, subject) => {
    const { dice } = t
    const asked = [
      ...many(6, () => exactly(dice, 0)),
      ...many(6, () => exactly(dice, 1)),
      ...many(6, () => exactly(dice, -1)),
      ...many(4, () => exactlyInHundredths(dice)),
      ...many(6, () => someShare(dice)),
      ...many(12, (i) => old(dice, i % 3 === 0 ? 'nothing' : i % 3 === 1 ? 'first' : 'none')),
      ...many(20, (i) => hindered(dice, i)),
    ]
    const twists = [
      'equalShare',
      'multiplied',
      'shareOfAll',
      'overNothing',
      'neverOverdue',
      'newestOverdue',
    ] as const
    checkPass(t, subject, asked, twists, ({ waitsFor }) => waitsFor)
  },
}

/** A log of which so many segments are clean. */
const cleanedTo =
  (clean: number, over: (log: PartitionLog) => Partial<PartitionLog>) => (log: PartitionLog) => ({
    cleanedTo: log.segments[clean]?.baseOffset ?? 0,
    ...over(log),
  })

/** As many dirty bytes as the ratio asks for, plus `extra`; the active segment is as large as all the rest. */
function exactly(dice: Dice, extra: number): LogQuestion {
  const [ratio, clean, unit] = [dice.pick([0.25, 0.5, 0.75]), dice.int(1, 3), 2 ** dice.int(5, 12)]
  const sizes = [...many(clean, () => unit * (1 - ratio) * 4), unit * ratio * 4 * clean + extra]
  sizes.push(sizes.reduce((sum, bytes) => sum + bytes, 0))
  const plans = plansOf(
    dice,
    many(sizes.length, () => dice.int(1_000, 900_000)),
  )
  return logOf(
    dice,
    plans.map((plan, i) => ({ ...plan, bytes: sizes[i] ?? 1 })),
    cleanedTo(clean, () => ({ config: passConfig(dice, { minCleanableDirtyRatio: ratio }) })),
  )
}

/** Exactly as many dirty bytes as the ratio asks for, where ratio times bytes comes out a little less: 0.57 × 100 is 56.99999999999999. */
function exactlyInHundredths(dice: Dice): LogQuestion {
  const [hundredths, unit] = [dice.pick([29, 57, 58]), 2 ** dice.int(3, 12)]
  const sizes = [100 - hundredths, hundredths, dice.int(2, 90)]
  const plans = plansOf(
    dice,
    many(sizes.length, () => dice.int(1_000, 900_000)),
  )
  return logOf(
    dice,
    plans.map((plan, i) => ({ ...plan, bytes: unit * (sizes[i] ?? 1) })),
    cleanedTo(1, () => ({ config: passConfig(dice, { minCleanableDirtyRatio: hundredths / 100 }) })),
  )
}

/** Some dirty segments, or all of them; any ratio, 0 and 1 as well. */
function someShare(dice: Dice): LogQuestion {
  const [clean, dirty] = [dice.int(0, 3), dice.int(1, 3)]
  const plans = plansOf(
    dice,
    many(clean + dirty + 1, () => dice.int(1_000, 900_000)),
  )
  const minCleanableDirtyRatio = dice.pick([0, 0.1, 0.5, 0.9, 1])
  return logOf(
    dice,
    plans,
    cleanedTo(clean, () => ({ config: passConfig(dice, { minCleanableDirtyRatio }) })),
  )
}

/** Clean and active records that are overdue; and dirty ones: none, one whose first record is overdue, or one that just is not. */
function old(dice: Dice, dirty: 'nothing' | 'first' | 'none'): LogQuestion {
  const maxCompactionLagMs = dice.pick([1_000, 2_097_152, dice.int(60_000, 9_000_000)])
  const clean = dice.int(1, 3)
  const overdue = { ageMs: maxCompactionLagMs + dice.int(1, 900_000), spanMs: dice.int(1, 9_000) }
  const ageMs = dice.int(1, maxCompactionLagMs - 1)
  const young = { ageMs, spanMs: maxCompactionLagMs - ageMs }
  const first = { ageMs, spanMs: maxCompactionLagMs - ageMs + dice.int(1, 900) }
  const dirtyOnes = dirty === 'nothing' ? [] : dirty === 'none' ? [young, young] : [young, first]
  const plans = [...many(clean, () => overdue), ...dirtyOnes, overdue].map((one) => ({
    bytes: dice.int(100, 9_000),
    ...one,
  }))
  const over = { minCleanableDirtyRatio: 1, maxCompactionLagMs }
  return logOf(
    dice,
    plans,
    cleanedTo(clean, () => ({ config: passConfig(dice, over) })),
  )
}

/** The first dirty segment cannot be compacted: it is active, in a transaction, too young, or more than one of these. */
function hindered(dice: Dice, i: number): LogQuestion {
  const age = dice.int(1_000, 900_000)
  const plans = plansOf(
    dice,
    many(dice.int(2, 5), () => age),
  )
  const [isActive, isOpen, isYoung] = [i % 4 === 0, i % 4 === 1 || i % 4 === 2, i % 4 === 2 || i % 4 === 3]
  // A few begin at 0, at 1, and far up, with nothing stable at all.
  const start = i % 4 === 1 ? [0, 1, 2 ** 48][(i - 1) / 4] : undefined
  const over = ({ segments, endOffset }: PartitionLog): Partial<PartitionLog> => {
    const at = isActive ? segments.length - 1 : start === undefined ? dice.int(0, segments.length - 2) : 0
    const { baseOffset = 0 } = segments[at] ?? {}
    return {
      cleanedTo: baseOffset,
      lastStableOffset: isOpen
        ? baseOffset + (start === undefined ? dice.int(0, 1) : 0)
        : isActive
          ? baseOffset + (i % 8 === 0 ? 0 : 1)
          : endOffset,
      config: passConfig(dice, {
        minCompactionLagMs: isYoung || i % 8 === 4 ? age + dice.int(1, 90_000) : 0,
        // The first dirty segment is overdue; still it has to wait.
        maxCompactionLagMs: i % 2 === 0 ? Number.POSITIVE_INFINITY : dice.pick([0, 1, 512]),
      }),
    }
  }
  return logOf(dice, plans, over, start)
}
