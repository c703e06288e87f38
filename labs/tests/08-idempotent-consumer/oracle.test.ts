/** The rules of lab 08, on lists short enough to be read. */
import { describe, expect, it } from 'vitest'
import { keptIds, newIds, newOffsets, newSequences } from '../../08-idempotent-consumer/oracle.ts'

/** `a@5` is the id a at 5 ms. */
const records = (story: string) =>
  story.split(' ').map((word) => {
    const [id = '', timestamp] = word.split('@')
    return { id, timestamp: Number(timestamp) }
  })

/** `p/1/0` is the producer p, epoch 1, sequence 0. */
const numbers = (story: string) =>
  story.split(' ').map((word) => {
    const [producer = '', epoch, sequence] = word.split('/')
    return { producer, epoch: Number(epoch), sequence: Number(sequence) }
  })

describe('what is new', () => {
  it('by offset: what is larger than all before in its partition', () => {
    const places = [
      [0, 5],
      [0, 5],
      [0, 4],
      [1, 4],
      [0, 9],
      [0, 7],
    ].map(([partition = 0, offset = 0]) => ({ partition, offset }))
    expect(newOffsets(places)).toEqual([true, false, false, true, true, false])
  })

  it('by id: until the window has passed, to the millisecond', () => {
    expect(newIds(10, records('a@0 a@9 a@10 a@19 a@20'))).toEqual([true, false, true, false, true])
  })

  it('ORACLE-2: a duplicate does not prolong', () => {
    expect(newIds(10, records('a@0 a@5 a@9 a@10'))).toEqual([true, false, false, true])
  })

  it('by id: another record moves the time on, and a late one does not turn it back', () => {
    expect(newIds(10, records('a@5 b@15 a@14'))).toEqual([true, true, true])
    expect(newIds(10, records('a@5 b@14 a@12'))).toEqual([true, true, false])
  })

  it('by number: a larger sequence, a larger epoch; gaps are allowed', () => {
    const story = numbers('p/1/0 p/1/0 p/1/3 p/1/2 p/2/0 p/1/4 q/0/0 p/2/1')
    expect(newSequences(story)).toEqual([true, false, true, false, true, false, true, true])
  })

  it('ORACLE-1: what was not new makes nothing known', () => {
    expect(newIds(10, records('a@0 a@9 a@11 a@20'))).toEqual([true, false, true, false])
  })
})

it('keeps the ids whose window has not passed', () => {
  expect(keptIds(10, records('a@0 b@5 a@10'))).toEqual(['b', 'a'])
  expect(keptIds(10, records('a@0 b@100'))).toEqual(['b'])
})
