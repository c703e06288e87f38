import { expect, test } from 'vitest'
import { testApi } from '../../../test/api-fixtures.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { AllocateProducerIds } from './allocate-producer-ids.ts'

test('a broker gets the next block; one with another epoch, or an unknown one, gets none', () => {
  const { call, controller } = testApi({ nodes: [1, 2] })
  const epochOf = (id: number) => controller.image.brokers.get(id)!.epoch
  const ask = (brokerId: number, brokerEpoch: number) =>
    call(AllocateProducerIds, 0, { brokerId, brokerEpoch })
  const block = (start: number) => ({ errorCode: 0, producerIdStart: start, producerIdLen: 1000 })
  const none = { errorCode: ErrorCode.STALE_BROKER_EPOCH, producerIdStart: 0, producerIdLen: 0 }
  expect(ask(1, epochOf(1))).toMatchObject(block(0))
  expect(ask(2, epochOf(2))).toMatchObject(block(1000))
  expect(ask(2, epochOf(2) - 1)).toMatchObject(none)
  expect(ask(2, -1)).toMatchObject(none)
  expect(ask(9, 0)).toMatchObject(none)
  expect(ask(1, epochOf(1))).toMatchObject(block(2000))
  expect(controller.image.nextProducerId).toBe(3000)
})
