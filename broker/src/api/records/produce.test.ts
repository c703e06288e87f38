/** Produce with acks=all beside a follower that a test moves: when it is answered, and with what. */
import { expect, test } from 'vitest'
import { assigned, leadingNode } from '../../../test/hosted-fixtures.ts'
import { batchOf } from '../../../test/log-fixtures.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import type { RequestContext, Services } from '../api.ts'
import { Produce } from './produce.ts'
import type { ProduceAnswer } from './produce-response.ts'

const TIMEOUT_MS = 1000

/** Node 1 leads two partitions; node 2 follows. */
function stage(minInsyncReplicas = 1, isr = [1, 2]) {
  const partitions = [0, 1].map(() => assigned([1, 2], { isr }))
  const node = leadingNode(partitions, minInsyncReplicas)
  const services = {
    ...node,
    turns: { isOver: false },
    config: { get: () => false },
    quotas: { produced: () => 0 },
  } as unknown as Services
  const forgets: (() => void)[] = []
  const context = {
    apiVersion: 10,
    clientId: 'test',
    usage: { requestBytes: 100 },
    onDisconnect: (forget: () => void) => void forgets.push(forget),
  } as unknown as RequestContext
  /** By response: the error and the base offset of each partition. */
  const answers: string[] = []
  const produce = (acks: number, indexes: readonly number[]): void => {
    const partitionData = indexes.map((index) => ({ index, records: batchOf(['a']) }))
    const topicData = [{ name: 't', topicId: ZERO_UUID, partitionData }]
    const request = { transactionalId: null, acks, timeoutMs: TIMEOUT_MS, topicData }
    Produce.handle(services, request, context, (response) => {
      const told = (response as ProduceAnswer).responses.flatMap(
        ({ partitionResponses }) => partitionResponses,
      )
      answers.push(
        told
          .map(
            ({ errorCode, baseOffset, currentLeader: hint }) =>
              `${errorCode} @${baseOffset}${hint ? ` led by ${hint.leaderId}` : ''}`,
          )
          .join(', '),
      )
    })
  }
  return { ...node, produce, answers, forgets }
}

test('PRODUCE-6: acks=all is answered when the ISR has all batches; acks=1 at once', () => {
  const { produce, fetch, answers } = stage()
  produce(1, [0])
  expect(answers).toEqual(['0 @0'])
  produce(-1, [0, 1])
  fetch(0, 2)
  expect(answers).toHaveLength(1)
  fetch(1, 1)
  expect(answers[1]).toBe('0 @1, 0 @0')
})

test('PRODUCE-6: after the timeout of the request it has REQUEST_TIMED_OUT, with the offset of the batch', () => {
  const { time, produce, fetch, answers } = stage()
  produce(-1, [0, 1])
  fetch(1, 1)
  time.run(TIMEOUT_MS)
  expect(answers).toEqual([`${ErrorCode.REQUEST_TIMED_OUT} @0, 0 @0`])
})

test('PRODUCE-6: nothing is appended under min.insync.replicas, with acks=all', () => {
  const { replicas, produce, answers } = stage(2, [1])
  produce(-1, [0])
  expect(answers).toEqual([`${ErrorCode.NOT_ENOUGH_REPLICAS} @-1`])
  expect(replicas.leader('t', 0).logEndOffset).toBe(0)
  produce(1, [0])
  expect(answers[1]).toBe('0 @0')
})

test('a partition that gets another leader meanwhile has an error with the new leader (KIP-951)', () => {
  const { apply, produce, answers } = stage()
  produce(-1, [0])
  apply([0, 1].map(() => assigned([1, 2], { leader: 2, leaderEpoch: 1, partitionEpoch: 1 })))
  expect(answers).toEqual([`${ErrorCode.NOT_LEADER_OR_FOLLOWER} @0 led by 2`])
})

test('a client that disconnects gets no response', () => {
  const { time, produce, answers, forgets } = stage()
  produce(-1, [0])
  for (const forget of forgets) forget()
  time.run(TIMEOUT_MS)
  expect(answers).toEqual([])
})
