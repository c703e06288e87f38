/** The checks of `expiredSegments`: logs of the dice, all asked about in one crossing. */
import type { Trial } from '../engine/trial.ts'
import { compareAll } from './answers.ts'
import { expiredConfig, type LogQuestion, logOf, many, pictureOf, plansOf, timeInWords } from './logs.ts'
import { bytesOf, type ExpiredTwist, endOf, expiredOf } from './model.ts'
import type { Checks, Cleanup, Segment } from './subject.ts'

type ExpiredId = 'expired-time' | 'expired-size' | 'expired-stays'

const questions = 40

const listInWords = (answer: unknown) => (Array.isArray(answer) ? answer.join(' ') : String(answer))

function checkExpired<Twist extends ExpiredTwist>(
  t: Trial<Twist | 'differs'>,
  subject: Cleanup,
  asked: readonly LogQuestion[],
  twists: readonly Twist[],
): void {
  const answers = t.tools.each(
    subject.expiredSegments,
    asked.map(({ log, now }) => [log, now] as Parameters<Cleanup['expiredSegments']>),
  )
  compareAll(t, {
    questions: asked,
    answers,
    model: ({ log, now }, twist?: Twist) => expiredOf(log, now, twist),
    twists,
    inWords: listInWords,
    facts: ({ log }, wanted, got) => ({
      wanted: wanted.length,
      got: Array.isArray(got) ? got.length : 0,
      segments: log.segments.length,
      policy: log.config.cleanupPolicy,
      ms: timeInWords(log.config.retentionMs),
      bytes: log.config.retentionBytes,
      start: log.startOffset,
      hw: log.highWatermark,
    }),
    picture: (question, wanted, got) => {
      const said = (list: unknown) => (segment: Segment) =>
        Array.isArray(list) && list.includes(segment.baseOffset) ? '✗' : '·'
      return pictureOf(question, said(wanted), said(got))
    },
  })
}

export const expiredChecks: Checks<ExpiredId> = {
  'expired-time': (t, subject) => {
    const { dice } = t
    const asked = many(questions, (i) => {
      const retentionMs = [0, 1, 2 ** dice.int(10, 30), dice.int(3_600_000, 900_000_000)][i % 4] ?? 0
      const old = () => retentionMs + dice.int(1, 5_000_000)
      const young = () => Math.floor(retentionMs * dice.fraction() * 0.9) - (i % 5 === 0 ? 4_000_000 : 0)
      // The newest record of a segment that is exactly as old as allowed, a young one among old ones, a clock that is ahead.
      const patterns = [
        [old(), old(), young(), young()],
        [old(), young(), old(), young()],
        [old(), retentionMs, old(), young()],
        [young(), old(), young()],
        [young()],
      ]
      const ages = patterns[i % patterns.length] ?? []
      const plans = plansOf(dice, ages).map((plan, at) =>
        // A first record that is too old on its own.
        at === ages.length - 1 ? plan : { ...plan, spanMs: retentionMs + dice.int(1, 9_000_000) },
      )
      const over = {
        retentionMs: i === 9 ? -1 : retentionMs,
        cleanupPolicy: dice.pick(['delete', 'compact,delete'] as const),
      }
      return logOf(dice, plans, () => ({ config: expiredConfig(dice, over) }))
    })
    checkExpired(t, subject, asked, ['firstRecord', 'eachAlone', 'equalAge'])
  },

  'expired-size': (t, subject) => {
    const { dice } = t
    const asked = many(questions, (i) => {
      const count = dice.int(3, 6)
      const old = 9_000_000
      const retentionMs = i % 4 === 0 ? old : -1
      // By time the first few would go: either limit is enough.
      const timed = i % 4 === 0 ? dice.int(0, 2) : 0
      // And now and then one that is too old lies behind one that is not, and goes by size only.
      const isLate = (at: number) => at === 1
      const ages = many(count, (at) =>
        (i % 8 === 0 ? isLate(at) : at < timed) ? old + dice.int(1, 90_000) : dice.int(2, 90_000),
      )
      const plans = plansOf(dice, ages)
      return logOf(dice, plans, ({ segments }) => {
        const kept = bytesOf(segments.slice(i % 8 === 0 ? 1 : dice.int(1, count - 1)))
        const near = [kept, kept + 1, Math.max(1, kept - dice.int(0, 60))][i % 3] ?? kept
        // The first one goes by size then.
        const retentionBytes = i % 8 === 0 ? kept : near
        return { config: expiredConfig(dice, { retentionMs, retentionBytes: i === 7 ? -1 : retentionBytes }) }
      })
    })
    checkExpired(t, subject, asked, ['toTheLimit', 'bothNeeded', 'inPasses'])
  },

  'expired-stays': (t, subject) => {
    const { dice } = t
    const asked = many(questions, (i) => {
      const count = dice.int(2, 5)
      const retentionMs = 3_600_000
      const old = () => retentionMs + dice.int(1, 90_000_000)
      const plans = plansOf(dice, many(count, old))
      switch (i % 5) {
        case 0: // All is too old, the active one as well.
          return logOf(dice, plans, () => ({ config: expiredConfig(dice, { retentionMs }) }))
        case 1: // The active one is empty.
          return logOf(dice, [...plans, { bytes: 0, ageMs: 0, spanMs: 0 }], () => ({
            config: expiredConfig(
              dice,
              i % 2 === 0 ? { retentionMs } : { retentionMs: -1, retentionBytes: 0 },
            ),
          }))
        case 2: // Replicated up to some place, also between two segments.
          return logOf(dice, plans, ({ segments, endOffset }) => {
            const { baseOffset } = dice.pick(segments.slice(1))
            return {
              config: expiredConfig(dice, { retentionMs }),
              highWatermark: dice.pick([baseOffset, baseOffset - 1, Math.min(endOffset - 1, baseOffset + 1)]),
            }
          })
        case 3: // Compacted: only what lies below the start.
          return logOf(dice, plans, (log) => ({
            config: expiredConfig(dice, {
              cleanupPolicy: 'compact',
              retentionMs,
              retentionBytes: dice.pick([-1, 1]),
            }),
            startOffset: startOf(log, dice.int(0, count)),
          }))
        default: // Nothing is too old or too much; the start has moved, to the very end at times.
          return logOf(dice, plans, (log) => ({
            config: expiredConfig(dice, { retentionMs: -1 }),
            startOffset: i % 2 === 0 ? log.endOffset : startOf(log, dice.int(1, count)),
          }))
      }
    })
    const twists = [
      'activeNever',
      'compactKeepsAll',
      'anyPolicy',
      'watermark',
      'activeBelowStart',
      'emptyGoes',
    ] as const
    checkExpired(t, subject, asked, twists)

    /** A start at the end of the segment before, or within it. */
    function startOf(log: Parameters<typeof endOf>[0], segment: number): number {
      return segment === 0 ? log.startOffset : endOf(log, segment - 1) - dice.pick([0, 0, 1])
    }
  },
}
