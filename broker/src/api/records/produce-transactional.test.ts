/**
 * The checks before the appends of a Produce request, which may name hundreds of thousands of partitions.
 */
import { expect, test } from 'vitest'
import type { ProduceRequest } from '../../messages/produce.ts'
import { buildBatch } from '../../record/batch-builder.ts'
import type { RequestContext, Services } from '../api.ts'
import type { ProduceTarget } from './produce-targets.ts'
import { findToVerify } from './produce-transactional.ts'

const services = { config: { get: () => true } } as unknown as Services
const context = { apiVersion: 9 } as RequestContext
const request: ProduceRequest = { transactionalId: null, acks: -1, timeoutMs: 1000, topicData: [] }

function targets(count: number, transactional: boolean): ProduceTarget[] {
  const options = transactional ? { transactional, producerId: 1, producerEpoch: 0, baseSequence: 0 } : {}
  const records = buildBatch([{ key: null, value: null, timestamp: 1 }], options)
  return Array.from({ length: count }, (_, index) => {
    return { name: 't', topic: 't', topicId: '', index, records }
  })
}

/** The result, and the number of pauses, which are taken whenever possible. */
function inTurns(given: ProduceTarget[]) {
  const steps = findToVerify({ isOver: true }, services, request, context, given)
  for (let pauses = 0; ; pauses++) {
    const step = steps.next()
    if (step.done) return { pauses, found: step.value }
  }
}

test('PRODUCE-5: there may be a pause between any two partitions', () => {
  const { pauses, found } = inTurns(targets(1000, false))
  expect(pauses).toBeGreaterThanOrEqual(1000)
  expect(found.open).toEqual([])
  expect(found.refusals).toEqual(Array(1000).fill(undefined))
})

test('a transactional batch without a transactional id fails all partitions', () => {
  const { found } = inTurns([...targets(2, false), ...targets(1, true)])
  expect(found.refusals.map((refusal) => refusal?.errorCode)).toEqual([53, 53, 53])
})
