import { describe, expect, test } from 'vitest'
import { findRecord } from '../log/offsets-by-time.ts'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import type { Wait } from '../turns.ts'
import { readBatchHeader } from './batch.ts'
import { buildBatch } from './batch-builder.ts'
import { Codec } from './compression.ts'
import { LargeOpenings, Opening } from './large-openings.ts'

const MEGABYTE = 1_048_576

/** Endless pieces of a megabyte; `closed` says whether they were returned. */
function stream(): { pieces: Iterable<Uint8Array>; closed: () => boolean } {
  let isClosed = false
  const pieces = (function* () {
    try {
      for (;;) yield new Uint8Array(MEGABYTE)
    } finally {
      isClosed = true
    }
  })()
  return { pieces, closed: () => isClosed }
}

/** How many bytes come out of the next `times` pieces. */
function taken(opening: Opening, times: number): number {
  let bytes = 0
  for (let i = 0; i < times; i++) bytes += (opening.next().value as Uint8Array).length
  return bytes
}

describe('LARGE-OPENINGS-1: of the openings that have become large', () => {
  test('one goes on, and the other gets nothing until it is closed', () => {
    const openings = new LargeOpenings()
    const [first, second] = [stream(), stream()]
    const one = new Opening(openings, first.pieces, false)
    const other = new Opening(openings, second.pieces, false)
    expect(taken(one, 5)).toBe(5 * MEGABYTE)
    expect(one.waitsFor).toBeUndefined()
    expect(taken(other, 20)).toBe(5 * MEGABYTE)
    expect(taken(one, 20)).toBe(20 * MEGABYTE)
    expect(other.waitsFor).toBe(other)
    one.return()
    expect(first.closed()).toBe(true)
    expect(other.waitsFor).toBeUndefined()
    expect(taken(other, 5)).toBe(5 * MEGABYTE)
  })

  test('a small one does not wait', () => {
    const openings = new LargeOpenings()
    const large = new Opening(openings, stream().pieces, true)
    taken(large, 1)
    expect(taken(new Opening(openings, stream().pieces, false), 4)).toBe(4 * MEGABYTE)
  })

  test('one that will hold a large record waits before it holds it', () => {
    const openings = new LargeOpenings()
    const large = new Opening(openings, stream().pieces, true)
    taken(large, 1)
    const other = new Opening(openings, stream().pieces, false)
    other.expectRecord(2 * MEGABYTE)
    expect(taken(other, 3)).toBe(0)
  })
})

test('LARGE-OPENINGS-3: the next one holds its record in the same memory; nothing is kept when none waits', () => {
  const openings = new LargeOpenings()
  const [one, next, last] = ['a', 'b', 'c'].map(() => new Opening(openings, stream().pieces, true))
  const memory = one!.memoryFor(3 * MEGABYTE)
  expect(memory).toHaveLength(3 * MEGABYTE)
  next!.whenOver(() => {})
  one!.return()
  expect(next!.memoryFor(2 * MEGABYTE)).toBe(memory)
  next!.return()
  expect(last!.memoryFor(2 * MEGABYTE)).not.toBe(memory)
})

test('LARGE-OPENINGS-2: those that wait go on in the order in which they began to wait; a closed one is skipped', () => {
  const openings = new LargeOpenings()
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(() => new Opening(openings, stream().pieces, true))
  const told: string[] = []
  taken(a!, 1)
  c!.whenOver(() => told.push('c'))
  b!.whenOver(() => told.push('b'))
  d!.whenOver(() => told.push('d'))
  expect(told).toEqual([])
  b!.return()
  a!.return()
  expect(told).toEqual(['c'])
  c!.return()
  expect(told).toEqual(['c', 'd'])
  d!.return()
  new Opening(openings, stream().pieces, true).whenOver(() => told.push('at once'))
  expect(told).toEqual(['c', 'd', 'at once'])
})

describe('a search in two bombs at the same time', () => {
  /** A record of 40 MB that compresses to a few KB. */
  const bomb = buildBatch([{ key: null, value: new Uint8Array(40 * MEGABYTE), timestamp: 1 }], {
    codec: Codec.GZIP,
    codecs: NODE_CODECS,
  })
  const search = () =>
    findRecord({ header: readBatchHeader(bomb), bytes: bomb, at: 0 }, NODE_CODECS, (time) => time === 1)

  test('LARGE-OPENINGS-1: holds the record of one of them; the other one waits until it is over', () => {
    const [one, other] = [search(), search()]
    let waited: Wait | undefined
    /** Steps until it waits or ends. */
    const advance = (steps: ReturnType<typeof search>, times: number): boolean => {
      for (let i = 0; i < times; i++) {
        const step = steps.next()
        if (step.done) return true
        if (step.value) {
          waited = step.value
          return false
        }
      }
      return false
    }
    expect(advance(one, 3)).toBe(false)
    expect(waited).toBeUndefined()
    expect(advance(other, 10_000)).toBe(false)
    expect(waited).toBeDefined()
    let isOver = false
    waited!.whenOver(() => {
      isOver = true
    })
    expect(advance(one, 10_000)).toBe(true)
    expect(isOver).toBe(true)
    expect(advance(other, 10_000)).toBe(true)
  })

  test('LARGE-OPENINGS-2: one that is cancelled lets the other one go on', () => {
    const [one, other] = [search(), search()]
    for (let i = 0; i < 3; i++) one.next()
    let step = other.next()
    while (!step.done && !step.value) step = other.next()
    let isOver = false
    if (!step.done)
      step.value!.whenOver(() => {
        isOver = true
      })
    expect(isOver).toBe(false)
    one.return(undefined)
    expect(isOver).toBe(true)
    other.return(undefined)
  })
})
