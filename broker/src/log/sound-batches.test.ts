import { describe, expect, test } from 'vitest'
import { produce, testLog } from '../../test/log-fixtures.ts'
import { visitSoundBatches } from './sound-batches.ts'

const LOG = '00000000000000000000.log'

/** A log of three batches, and what is visited of it. */
function threeBatches() {
  const log = testLog()
  for (const value of ['a', 'b', 'c']) produce(log, [value])
  const size = log.segments[0]!.size / 3
  const visited: number[] = []
  const visit = (during: (offset: number) => void = () => {}) =>
    visitSoundBatches({ folder: 't-0', segments: log.local.segments }, 0, () => {
      during(visited.length)
      visited.push(visited.length)
    })
  return { file: log.segments[0]!.file, size, visited, visit }
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
