import { describe, expect, it } from 'vitest'
import {
  atOnce,
  foreign,
  History,
  most,
  outOfOrder,
  overtaking,
  type Place,
  placeName,
  repeated,
  uncalled,
  undone,
} from '../../07-delivery/history.ts'

const at = (name: string): Place => {
  const [partition = 0, offset = 0] = name.split(':').map(Number)
  return { partition, offset }
}

/** A history in short: `0:4` is called and succeeds, `0:4!` fails, `0:4…` stays open, `crash`. */
function told(story: string): History {
  const history = new History()
  for (const word of story.split(' ')) {
    if (word === 'crash') history.crash()
    else {
      const call = history.begin(at(word.replace(/[!…]/, '')))
      if (!word.endsWith('…')) history.end(call, word.endsWith('!') ? 'failed' : 'done')
    }
  }
  return history
}

const wanted = ['0:0', '0:1', '0:2', '1:0'].map(at)
const names = (places: readonly Place[]) => places.map(placeName)

describe('the history of a consumer', () => {
  it('DELIVERY-HISTORY-1: a call that was open at the crash has not succeeded', () => {
    const lost = told('0:0 0:1… crash 0:2 1:0')
    expect(names(undone(lost.calls, wanted))).toEqual(['0:1'])
    expect(names(uncalled(lost.calls, wanted))).toEqual([])
    expect(names(undone(told('0:0 0:1… crash 0:1 0:2 1:0').calls, wanted))).toEqual([])
    expect(names(undone(told('0:0 0:1! 0:2 1:0').calls, wanted))).toEqual(['0:1'])
  })

  it('DELIVERY-HISTORY-1: what answers after the crash changes nothing', () => {
    const history = new History()
    const call = history.begin(at('0:1'))
    expect(history.open).toHaveLength(1)
    history.crash()
    expect(history.open).toHaveLength(0)
    history.end(call, 'done')
    expect(names(undone(history.calls, [at('0:1')]))).toEqual(['0:1'])
  })

  it('DELIVERY-HISTORY-2: a repeated record, in one life and in two; one that was called once is none', () => {
    expect(names(repeated(told('0:0 0:1 0:1 0:2 1:0').calls, wanted))).toEqual(['0:1'])
    expect(names(repeated(told('0:0 0:1… crash 0:1 0:2').calls, wanted))).toEqual(['0:1'])
    expect(names(repeated(told('0:0 0:1… crash 0:2 1:0').calls, wanted))).toEqual([])
    expect(names(repeated(told('0:0 1:0 0:1').calls, wanted))).toEqual([])
  })

  it('DELIVERY-HISTORY-3: two calls of a partition at once; of two partitions, or of two lives, they are not', () => {
    expect(atOnce(told('0:0… 0:1').calls)).toMatchObject({ earlier: at('0:0'), later: at('0:1') })
    expect(atOnce(told('0:0… 1:0').calls)).toBeUndefined()
    expect(atOnce(told('0:0… crash 0:1').calls)).toBeUndefined()
    expect(atOnce(told('0:0 0:1').calls)).toBeUndefined()
  })

  it('order is that of a partition and a life', () => {
    expect(outOfOrder(told('0:1 0:0').calls)).toMatchObject(at('0:0'))
    expect(outOfOrder(told('0:1 1:0').calls)).toBeUndefined()
    expect(outOfOrder(told('0:1 crash 0:0').calls)).toBeUndefined()
  })

  it('a later record overtakes one that failed, unless that has succeeded meanwhile', () => {
    expect(overtaking(told('0:0! 0:1').calls)).toMatchObject({ failed: at('0:0'), later: at('0:1') })
    expect(overtaking(told('0:0! 0:0! 0:0 0:1').calls)).toBeUndefined()
    expect(overtaking(told('0:0! 1:0').calls)).toBeUndefined()
    expect(overtaking(told('0:0! 0:1 0:0').calls)).toMatchObject({ failed: at('0:0'), later: at('0:1') })
  })

  it('counts by partition, and knows what belongs elsewhere', () => {
    expect(most([])).toBeUndefined()
    expect(most(['0:0', '1:0', '1:1'].map(at))).toEqual({ partition: 1, count: 2 })
    expect(names(foreign(told('0:0 7:0').calls, wanted))).toEqual(['7:0'])
  })
})
