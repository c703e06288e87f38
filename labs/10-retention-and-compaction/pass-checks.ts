/** The checks of `nextPass`: which part it takes, and what a pass waits for. */

import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { compareAll } from './answers.ts'
import { config, type LogQuestion, logOf, many, pictureOf, plansOf, timeInWords } from './logs.ts'
import { bytesOf, type DueTwist, nextPassOf, type RangeTwist } from './model.ts'
import type { Checks, Cleanup, NextPass, PartitionLog, TopicConfig } from './subject.ts'

type PassId = 'pass-range' | 'pass-due'

const questions = 40

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
        if (segment.baseOffset < log.cleanedTo) return 'clean'
        return segment.baseOffset < answer.upTo ? 'dirty' : 'waits'
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
          config: config({
            cleanupPolicy: policy(dice.fraction()),
            minCompactionLagMs,
            minCleanableDirtyRatio: 0,
          }),
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
    const asked = many(questions, (i) => {
      const maxCompactionLagMs = dice.pick([1, 2_097_152, dice.int(60_000, 9_000_000)])
      const isLimited = i % 4 === 0
      const old = () => maxCompactionLagMs + dice.int(1, 900_000)
      const [clean, dirty] = [dice.int(1, 3), i % 5 === 4 ? 0 : dice.int(1, 3)]
      // Old ones among the clean and in the active segment: they make nothing overdue.
      const ages = many(clean + dirty + 1, () => (isLimited ? dice.pick([old(), 0, 0]) : old()))
      const plans = plansOf(dice, ages).map((plan) => ({
        ...plan,
        spanMs: isLimited
          ? dice.pick([0, maxCompactionLagMs, maxCompactionLagMs + dice.int(1, 90)])
          : plan.spanMs,
      }))
      const ratio = dice.pick([0.25, 0.5, 0.75])
      if (i % 4 === 1) {
        // Exactly as many dirty bytes as the ratio asks for.
        const unit = 2 ** dice.int(5, 12)
        const whole = plans.slice(0, clean).map((plan) => ({ ...plan, bytes: (unit * (1 - ratio) * 4) / 1 }))
        const parts = [
          { ...(plans[clean] ?? plans[0]), bytes: unit * ratio * 4 * clean } as (typeof plans)[number],
        ]
        return made([...whole, ...parts, ...plans.slice(-1)], clean, { minCleanableDirtyRatio: ratio })
      }
      const over = isLimited
        ? { minCleanableDirtyRatio: 1, maxCompactionLagMs }
        : { minCleanableDirtyRatio: i % 7 === 0 ? 0 : ratio }
      return made(plans, clean, over)
    })
    // What keeps the first dirty segment waiting, when nothing can be compacted.
    const waiting = many(12, (i) => {
      const age = dice.int(1_000, 900_000)
      const plans = plansOf(
        dice,
        many(dice.int(3, 5), () => age),
      )
      return logOf(dice, plans, ({ segments, endOffset }) => {
        const at = i % 4 === 0 ? segments.length - 1 : dice.int(0, segments.length - 2)
        const { baseOffset = 0 } = segments[at] ?? {}
        return {
          cleanedTo: baseOffset,
          lastStableOffset: i % 4 === 1 || i % 4 === 2 ? baseOffset + dice.int(0, 1) : endOffset,
          config: config({
            cleanupPolicy: 'compact',
            minCompactionLagMs: i % 4 === 2 || i % 4 === 3 ? age + dice.int(1, 90_000) : 0,
          }),
        }
      })
    })
    const twists = ['equalShare', 'shareOfAll', 'overNothing', 'neverOverdue', 'newestOverdue'] as const
    checkPass(t, subject, [...asked, ...waiting], twists, ({ waitsFor }) => waitsFor)

    function made(plans: ReturnType<typeof plansOf>, clean: number, over: Partial<TopicConfig>): LogQuestion {
      return logOf(dice, plans, ({ segments }) => ({
        config: config({ cleanupPolicy: policy(dice.fraction()), ...over }),
        cleanedTo: segments[clean]?.baseOffset ?? 0,
      }))
    }
  },
}

const policy = (fraction: number) => (fraction < 0.5 ? 'compact' : 'compact,delete')
