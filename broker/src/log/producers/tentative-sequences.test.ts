import { expect, test } from 'vitest'
import { produce, testLog } from '../../../test/log-fixtures.ts'
import { readBatchHeader } from '../../record/batch.ts'
import { buildEndTxnMarker } from '../../record/control-record.ts'
import { TentativeSequences } from './tentative-sequences.ts'

const producer = { producerId: 1, producerEpoch: 0, transactional: true }
const noted = (baseSequence: number, producerEpoch = 0) => ({
  producerId: 1,
  producerEpoch,
  baseSequence,
  bumpsEpoch: false,
})

test('no batch begins above the lowest sequence number that was noted, until one is appended', () => {
  const log = testLog()
  for (const sequence of [5, 2, 3]) log.noteTentative(noted(sequence))
  expect(() => produce(log, ['a'], { ...producer, baseSequence: 3 })).toThrow('2 (earliest seen sequence)')
  produce(log, ['a'], { ...producer, baseSequence: 2 })
  produce(log, ['a'], { ...producer, baseSequence: 3 })
  expect(log.logEndOffset).toBe(2)
})

test('TENTATIVE-SEQUENCES-1: a later epoch starts again', () => {
  const log = testLog()
  log.noteTentative(noted(2))
  log.noteTentative(noted(7, 1))
  log.noteTentative(noted(0))
  produce(log, ['a'], { ...producer, producerEpoch: 1, baseSequence: 7 })
  expect(log.logEndOffset).toBe(1)
})

test('TENTATIVE-SEQUENCES-2: a marker removes the entry; in transaction version 2 only one of another epoch', () => {
  const marker = (producerEpoch: number) =>
    readBatchHeader(
      buildEndTxnMarker({ producerId: 1, producerEpoch, coordinatorEpoch: 0, committed: true, timestamp: 1 }),
    )
  const first = new TentativeSequences()
  first.note(noted(2))
  first.forget(marker(0))
  expect(first.lowestOf(1)).toBeUndefined()

  const second = new TentativeSequences()
  second.note({ ...noted(2), bumpsEpoch: true })
  second.forget(marker(0))
  expect(second.lowestOf(1)).toBe(2)
  second.forget(marker(1))
  expect(second.lowestOf(1)).toBeUndefined()
})
