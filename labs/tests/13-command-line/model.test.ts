/** What lab 13 takes for stuck, and the outputs that it makes of it. */
import { describe, expect, it } from 'vitest'
import { questionOf, type Seen, stuckIn } from '../../13-command-line/model.ts'

const row = (committed: bigint | undefined, end: bigint, member?: string) => ({ committed, end, member })
const one = (before: Seen['before'], after: Seen['after']): Seen => ({
  topic: 'rice',
  partition: 4,
  ...(before && { before }),
  after,
})
const why = (seen: Seen) => stuckIn(questionOf('g', [seen], 'c'))[0]?.why

describe('what is stuck', () => {
  it('STUCK-MODEL-1: no consumer and lag is nobody, whatever was there before', () => {
    expect(why(one(row(5n, 9n, 'm'), row(7n, 9n)))).toBe('nobody')
    expect(why(one(undefined, row(7n, 9n)))).toBe('nobody')
    expect(why(one(row(9n, 9n), row(9n, 9n)))).toBeUndefined()
  })

  it('STUCK-MODEL-1: a consumer, lag in both and the same offset stands still', () => {
    expect(why(one(row(5n, 9n, 'm'), row(5n, 12n, 'm')))).toBe('stands still')
    expect(why(one(row(5n, 9n, 'm'), row(6n, 90n, 'm')))).toBeUndefined()
    expect(why(one(row(5n, 5n, 'm'), row(5n, 9n, 'm')))).toBeUndefined()
    expect(why(one(undefined, row(5n, 9n, 'm')))).toBeUndefined()
    expect(why(one(row(undefined, 3n, 'm'), row(undefined, 3n, 'm')))).toBe('stands still')
    expect(why(one(row(undefined, 0n, 'm'), row(undefined, 0n, 'm')))).toBeUndefined()
  })

  it('is sorted by topic and by number', () => {
    const seen = [10, 2].flatMap((partition) =>
      ['b', 'B', 'a-1'].map((topic): Seen => ({ topic, partition, after: row(1n, 2n) })),
    )
    const places = stuckIn(questionOf('g', seen, 'c')).map(({ topic, partition }) => `${topic} ${partition}`)
    expect(places).toEqual(['B 2', 'B 10', 'a-1 2', 'a-1 10', 'b 2', 'b 10'])
  })

  it('an output has the lines of the tool, with offsets above 2^53 exactly', () => {
    const { after } = questionOf('billing', [one(undefined, row(2n ** 63n - 3n, 2n ** 63n - 1n, 'm-1'))], 'c')
    expect(after.split('\n').map((line) => line.trimEnd())).toEqual([
      '',
      'GROUP           TOPIC           PARTITION  CURRENT-OFFSET      LOG-END-OFFSET      LAG             CONSUMER-ID     HOST            CLIENT-ID',
      'billing         rice            4          9223372036854775805 9223372036854775807 2               m-1             /10.0.0.7       c',
      '',
    ])
  })
})
