/** Searches by timestamp, in logs whose timestamps do not rise steadily. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf, produce, testLog } from '../../test/log-fixtures.ts'
import { finish } from '../turns.ts'

const config = { segmentBytes: 500, indexIntervalBytes: 100 }

describe('an offset by timestamp', () => {
  it('OFFSETS-BY-TIME-1, TIME-INDEX-2: is that of the first record that is not older, even if timestamps jump', () => {
    const times = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 61 }), (stamps, wanted) => {
        const log = testLog({ config })
        for (const timestamp of stamps) produce(log, ['x'], { timestamp })
        const offset = stamps.findIndex((timestamp) => timestamp >= wanted)
        const expected = offset < 0 ? undefined : { offset, timestamp: stamps[offset], leaderEpoch: 0 }
        expect(finish(log.offsetForTimestamp(wanted))).toEqual(expected)
        const max = Math.max(...stamps)
        expect(finish(log.maxTimestampOffset())).toEqual({
          offset: stamps.indexOf(max),
          timestamp: max,
          leaderEpoch: 0,
        })
      }),
      { numRuns: 200 },
    )
  })

  it('is not below the log start', () => {
    const log = testLog()
    for (let i = 0; i < 10; i++) produce(log, ['x'], { timestamp: 1000 })
    log.highWatermark = 10
    log.deleteRecordsBefore(7)
    expect(finish(log.offsetForTimestamp(0))?.offset).toBe(7)
  })

  it('OFFSETS-BY-TIME-2: is unknown if DeleteRecords has removed the matching records of the one searched segment', () => {
    const log = testLog({ config: { segmentBytes: 200 } })
    for (const timestamp of [40, 10, 10, 10, 10, 10, 40]) produce(log, ['x'], { timestamp })
    log.highWatermark = 7
    expect(finish(log.offsetForTimestamp(30))?.offset).toBe(0)
    log.deleteRecordsBefore(1)
    expect(finish(log.offsetForTimestamp(30))).toBeUndefined()
  })

  it('is unknown in an empty log', () => {
    expect([finish(testLog().offsetForTimestamp(0)), finish(testLog().maxTimestampOffset())]).toEqual([
      undefined,
      undefined,
    ])
  })
})

it('OFFSETS-BY-TIME-3: a search that finds the log changed after a pause starts again', () => {
  const log = testLog()
  // The greatest timestamp in the header of the first batch is above those of its records.
  log.appendAsFollower(batchOf(Array(3000).fill('x'), { timestamp: 40, maxTimestamp: 50 }))
  const search = log.offsetForTimestamp(50)
  expect(search.next().done).toBe(false)
  log.truncateTo(0)
  produce(log, ['z'], { timestamp: 60 })
  expect(finish(search)).toMatchObject({ offset: 0, timestamp: 60 })
})
