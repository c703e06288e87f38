import { describe, expect, test } from 'vitest'
import { produce, testLog } from '../../test/log-fixtures.ts'
import { baseOffsetAt } from '../record/batch.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { finish } from '../turns.ts'
import { Segment } from './segment/segment.ts'
import { visitSoundBatches } from './sound-batches.ts'

const LOG = '00000000000000000000.log'

/** A log of three batches, and what is visited of it. */
function threeBatches() {
  const storage = new MemoryStorage()
  const log = testLog({ storage })
  for (const value of ['a', 'b', 'c']) produce(log, [value])
  const size = log.segments[0]!.size / 3
  const visited: number[] = []
  const steps = (during: (offset: number) => void = () => {}) =>
    visitSoundBatches({ folder: 't-0', segments: log.local.segments }, 0, function* () {
      during(visited.length)
      visited.push(visited.length)
      yield
    })
  const visit = (during?: (offset: number) => void) => finish(steps(during))
  return { storage, log, file: log.segments[0]!.file, size, visited, steps, visit }
}

describe('SOUND-BATCHES-1: reading stops, with the file and the position,', () => {
  test('not at all in a valid log', () => {
    const { visited, visit } = threeBatches()
    visit()
    expect(visited).toEqual([0, 1, 2])
  })

  test('at a batch with changed bytes', () => {
    const { file, size, visited, visit } = threeBatches()
    file.write(2 * size - 1, Uint8Array.of(0xff))
    expect(visit).toThrow(`t-0/${LOG} is damaged at byte ${size}, offset 1: its checksum`)
    expect(visited).toEqual([0])
  })

  test('at a batch whose offset does not follow the one before', () => {
    const { file, size, visit } = threeBatches()
    file.write(size, file.read(0, 8).slice())
    expect(visit).toThrow(`is damaged at byte ${size}, offset 1: offset 0 does not follow`)
  })

  test('at an incomplete batch', () => {
    const { file, size, visited, visit } = threeBatches()
    file.write(2 * size + 8, Uint8Array.of(0x7f))
    expect(visit).toThrow(`is damaged at byte ${2 * size}, offset 2: there is no complete batch`)
    expect(visited).toEqual([0, 1])
  })
})

test('SOUND-BATCHES-2: an error of the visitor gets the same position', () => {
  const { size, visit } = threeBatches()
  const failing = () =>
    visit((offset) => {
      if (offset === 1) throw new Error('no such record')
    })
  expect(failing).toThrow(
    `t-0/${LOG} is damaged at byte ${size}, offset 1: it can't be decoded: no such record`,
  )
})

describe('SOUND-BATCHES-3: between two steps', () => {
  test('batches that are appended are visited, too', () => {
    const { log, visited, steps } = threeBatches()
    const reading = steps()
    reading.next()
    produce(log, ['d'])
    log.roll()
    produce(log, ['e'])
    finish(reading)
    expect(visited).toEqual([0, 1, 2, 3, 4])
  })

  test('a segment that is replaced is read on in the new one, behind what was read', () => {
    const { log, storage } = threeBatches()
    log.roll()
    produce(log, ['d'])
    const offsets: number[] = []
    const reading = visitSoundBatches(
      { folder: 't-0', segments: log.local.segments },
      0,
      function* (bytes, at) {
        offsets.push(baseOffsetAt(bytes, at))
        yield
      },
    )
    reading.next()
    // As compaction does it: another segment takes the place of the old one.
    const [old] = log.local.segments.all
    log.local.segments.replace([old!], new Segment(storage, 't-0', 0, 0))
    finish(reading)
    expect(offsets).toEqual([0, 1, 2, 3])
  })
})
