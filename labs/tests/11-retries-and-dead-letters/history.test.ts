import { describe, expect, it } from 'vitest'
import {
  History,
  type Keyed,
  outOfOrder,
  overtaking,
  type Place,
  placeName,
  repeated,
} from '../../11-retries-and-dead-letters/history.ts'

const at = (name: string): Place => {
  const [partition = 0, offset = 0] = name.split(':').map(Number)
  return { partition, offset }
}

/** A history in short: `0:4` is called and succeeds, `0:4!` fails, `0:4x` for the last time, `0:4…` stays open, `crash`. */
function told(story: string): History {
  let now = 0
  const history = new History(() => ++now)
  for (const word of story.split(' ')) {
    if (word === 'crash') history.crash()
    else {
      const call = history.begin(at(word.replace(/[!x…]/, '')), 1)
      const ending = word.endsWith('!') ? 'failed' : word.endsWith('x') ? 'dead' : 'done'
      if (!word.endsWith('…')) history.end(call, ending)
    }
  }
  return history
}

/** anna: 0:0, 0:2, 0:3; boris: 0:1; no key: 0:4, 0:5. */
const records: Keyed[] = ['anna', 'boris', 'anna', 'anna', null, null].map((keyName, offset) => ({
  partition: 0,
  offset,
  keyName,
}))
const wrongIn = (story: string) => {
  const wrong = overtaking(told(story).calls, records)
  return wrong && `${placeName(wrong.later)} before ${placeName(wrong.earlier)}, failed ${wrong.failures}`
}

describe('the history of handling', () => {
  it('RETRY-HISTORY-1: success, or the last failure, settles a record', () => {
    expect(told('0:0').isSettled(at('0:0'))).toBe(true)
    expect(told('0:0!').isSettled(at('0:0'))).toBe(false)
    expect(told('0:0! 0:0x').isSettled(at('0:0'))).toBe(true)
    expect(told('0:0…').isSettled(at('0:0'))).toBe(false)
  })

  it('RETRY-HISTORY-2: a later record of the key overtakes one that waits; other keys and no key do not', () => {
    expect(wrongIn('0:0! 0:1 0:4 0:5 0:0 0:2 0:3')).toBeUndefined()
    expect(wrongIn('0:0! 0:1 0:2')).toBe('0:2 before 0:0, failed 1')
    expect(wrongIn('0:0! 0:0! 0:2')).toBe('0:2 before 0:0, failed 2')
    expect(wrongIn('0:0 0:3')).toBe('0:3 before 0:2, failed 0')
    expect(wrongIn('0:0! 0:0x 0:2 0:3')).toBeUndefined()
    expect(wrongIn('0:0… 0:2')).toBe('0:2 before 0:0, failed 0')
    expect(wrongIn('0:4! 0:5')).toBeUndefined()
    expect(wrongIn('0:0 0:2 0:0 0:3')).toBeUndefined()
  })

  it('RETRY-HISTORY-3: what was open at the crash has settled nothing, and what ends afterwards does not', () => {
    expect(wrongIn('0:0… crash 0:2')).toBe('0:2 before 0:0, failed 0')
    expect(wrongIn('0:0… crash 0:0 0:2')).toBeUndefined()
    const history = new History(() => 0)
    const call = history.begin(at('0:0'), 1)
    expect(history.open).toHaveLength(1)
    history.crash()
    history.end(call, 'done')
    expect([history.open.length, history.isSettled(at('0:0'))]).toEqual([0, false])
  })

  it('a record is repeated when it was settled in the same life; one that failed is not, nor one after a crash', () => {
    expect(repeated(told('0:0! 0:0 0:1').calls)).toBeUndefined()
    expect(repeated(told('0:0 crash 0:0').calls)).toBeUndefined()
    expect(placeName(repeated(told('0:0 0:1 0:0').calls) as Place)).toBe('0:0')
    expect(placeName(repeated(told('0:0x 0:0').calls) as Place)).toBe('0:0')
  })

  it('the order of a partition is that of the first calls', () => {
    expect(outOfOrder(told('0:0! 0:1 0:0 0:2').calls)).toBeUndefined()
    expect(outOfOrder(told('0:1 1:0 0:2').calls)).toBeUndefined()
    expect(placeName(outOfOrder(told('0:0 0:2 0:1').calls) as Place)).toBe('0:1')
  })
})
