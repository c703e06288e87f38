/** DeleteRecords beside a follower that a test moves. */
import { expect, test } from 'vitest'
import { assigned, leadingNode } from '../../../test/hosted-fixtures.ts'
import { batchOf } from '../../../test/log-fixtures.ts'
import type { DeleteRecordsResponse } from '../../messages/delete-records.ts'
import { finish, type Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { RequestContext, Services } from '../api.ts'
import { DeleteRecords } from './delete-records.ts'

const TIMEOUT_MS = 1000

/** Node 1 leads t-0 with three committed records; these nodes have a replica. */
function stage(replicas = [1, 2]) {
  const node = leadingNode([assigned(replicas)])
  const partition = node.replicas.leader('t', 0)
  partition.append(batchOf(['a', 'b', 'c']), 'client')
  const services = { ...node, turns: { isOver: false } } as unknown as Services
  const context = {
    inTurns: (steps: Steps<unknown>, done: (result: unknown) => void) => done(finish(steps)),
    onDisconnect: () => {},
  } as unknown as RequestContext
  /** By response: error and low watermark. */
  const answers: string[] = []
  const deleteBefore = (offset: number): void => {
    const request = {
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset }] }],
      timeoutMs: TIMEOUT_MS,
    }
    DeleteRecords.handle(services, request, context, (response) => {
      const [only] = (response as DeleteRecordsResponse).topics[0]!.partitions
      answers.push(`${only!.errorCode} low ${only!.lowWatermark}`)
    })
  }
  return { ...node, partition, deleteBefore, answers }
}

test('with one replica it is answered at once', () => {
  const { deleteBefore, answers } = stage([1])
  deleteBefore(2)
  deleteBefore(-1)
  expect(answers).toEqual(['0 low 2', '0 low 3'])
})

test('with others, when those that are alive have moved their log starts', () => {
  const { partition, deleteBefore, fetch, answers } = stage()
  fetch(0, 3)
  deleteBefore(2)
  expect([partition.logStartOffset, answers]).toEqual([2, []])
  fetch(0, 3, 1)
  expect(answers).toEqual([])
  fetch(0, 3, 2)
  expect(answers).toEqual(['0 low 2'])
})

test('after the timeout it has REQUEST_TIMED_OUT, and how far the replicas are', () => {
  const { time, deleteBefore, fetch, answers } = stage()
  fetch(0, 3)
  deleteBefore(-1)
  fetch(0, 3, 1)
  time.run(TIMEOUT_MS)
  expect(answers).toEqual([`${ErrorCode.REQUEST_TIMED_OUT} low 1`])
})

test('above the high watermark it is refused', () => {
  const { deleteBefore, answers } = stage()
  deleteBefore(1)
  expect(answers).toEqual([`${ErrorCode.OFFSET_OUT_OF_RANGE} low -1`])
})
