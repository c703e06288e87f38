/** Lab 11: the plan of the retry topics, which needs no broker. */
import { compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Checks, Plan, Retry } from './subject.ts'

const dayMs = 86_400_000

/** What is right: one item for each retry. */
export function planOf(topic: string, { retries, firstMs, maxMs }: Plan): Retry[] {
  const plan: Retry[] = []
  let delayMs = firstMs
  for (let nth = 1; nth <= retries; nth++) {
    plan.push({ topic: `${topic}-retry-${nth}`, delayMs: Math.min(delayMs, maxMs) })
    delayMs = Math.min(delayMs * 2, maxMs)
  }
  return plan
}

export const planChecks: Checks<'plan'> = {
  plan: async (t, subject) => {
    const words = t.dice.freshWords(6)
    const plans: readonly (readonly [string, Plan])[] = [
      [words[0] ?? '', { retries: 5, firstMs: t.dice.freshInt(90, 130), maxMs: 100_000 }],
      [
        words[1] ?? '',
        { retries: 8, firstMs: t.dice.freshInt(200, 300), maxMs: t.dice.freshInt(4_100, 4_700) },
      ],
      [words[2] ?? '', { retries: 0, firstMs: 1_000, maxMs: 60_000 }],
      [words[3] ?? '', { retries: 1, firstMs: 2_048, maxMs: 1_024 }],
      [words[4] ?? '', { retries: 40, firstMs: 1, maxMs: dayMs }],
      [words[5] ?? '', { retries: 3, firstMs: 0, maxMs: 0 }],
      [`${words[0]}-retry-1`, { retries: 100, firstMs: dayMs, maxMs: dayMs }],
      [words[1] ?? '', { retries: 2, firstMs: 64, maxMs: 1 }],
    ]
    for (const [topic, plan] of plans) {
      const got = await subject.planRetries(topic, plan)
      const call = `planRetries(${show(topic)}, ${show(plan)})`
      t.check(got.length === plan.retries, 'count', { call, got: got.length, wanted: plan.retries })
      const rows = planOf(topic, plan).map((wanted, i) => ({
        left: [String(i + 1)],
        expected: `${wanted.topic} ${wanted.delayMs}`,
        got: `${got[i]?.topic} ${got[i]?.delayMs}`,
        wanted,
        is: got[i],
      }))
      const table = () => compareTable(rows, [{ en: 'retry', ru: 'повтор' }])
      const named = rows.find(({ wanted, is }) => is?.topic !== wanted.topic)
      t.check(
        named === undefined,
        'topics',
        {
          call,
          nth: Number(named?.left[0] ?? 0),
          got: show(named?.is?.topic),
          wanted: named?.wanted.topic ?? '',
        },
        table,
      )
      const over = rows.find(({ is }) => Number(is?.delayMs) > plan.maxMs)
      t.check(over === undefined, 'over', { call, got: show(over?.is?.delayMs), max: plan.maxMs }, table)
      const delayed = rows.find(({ wanted, is }) => is?.delayMs !== wanted.delayMs)
      t.check(
        delayed === undefined,
        'delays',
        {
          call,
          nth: Number(delayed?.left[0] ?? 0),
          got: show(delayed?.is?.delayMs),
          wanted: delayed?.wanted.delayMs ?? 0,
        },
        table,
      )
    }
  },
}
