/** Proposals of a new ISR on their way to a controller that a test plays. */
import { describe, expect, test } from 'vitest'
import { TOPIC_ID } from '../../test/log-fixtures.ts'
import type { AlterPartitionRequest, AlterPartitionResponse } from '../messages/alter-partition.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { InputOf } from '../wire/schema.ts'
import { type IsrProposal, IsrUpdates } from './isr-updates.ts'

type Sent = {
  readonly request: InputOf<typeof AlterPartitionRequest>
  readonly answered: (response: AlterPartitionResponse | undefined) => void
}

function stage() {
  const time = new VirtualTime()
  const sent: Sent[] = []
  const updates = new IsrUpdates({
    nodeId: 1,
    timers: { set: (delayMs, fire) => time.after(delayMs, fire) },
    brokerEpoch: () => 10,
    send: (request, answered) => void sent.push({ request, answered }),
  })
  const story: string[] = []
  const proposal = (index: number): IsrProposal => ({
    topicId: TOPIC_ID,
    index,
    leaderEpoch: 5,
    partitionEpoch: 8,
    isr: [{ brokerId: 1, brokerEpoch: 10 }],
  })
  /** `again` times the partition asks for the same proposal. */
  const submit = (index: number, again = 0): void => {
    let left = again
    updates.submit(proposal(index), ({ errorCode, isr }) => {
      story.push(`${index}: ${errorCode} [${isr}]`)
      return left-- > 0 ? 'again' : 'done'
    })
  }
  const response = (
    indexes: readonly number[],
    errorCode: number = ErrorCode.NONE,
  ): AlterPartitionResponse => ({
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    topics: [
      {
        topicId: TOPIC_ID,
        partitions: indexes.map((partitionIndex) => ({
          partitionIndex,
          errorCode,
          leaderId: 1,
          leaderEpoch: 5,
          isr: [1],
          leaderRecoveryState: 0,
          partitionEpoch: 9,
        })),
      },
    ],
  })
  const askedIn = ({ request }: Sent) =>
    request.topics!.flatMap(({ partitions }) => partitions!.map(({ partitionIndex }) => partitionIndex))
  return { time, updates, sent, story, submit, response, askedIn }
}

test('a request has the broker epoch, the partition epoch, and each member with its broker epoch', () => {
  const { sent, submit } = stage()
  submit(0)
  expect(sent[0]!.request).toMatchObject({ brokerId: 1, brokerEpoch: 10 })
  expect(sent[0]!.request.topics![0]!.partitions![0]).toMatchObject({
    partitionIndex: 0,
    leaderEpoch: 5,
    partitionEpoch: 8,
    newIsrWithEpochs: [{ brokerId: 1, brokerEpoch: 10 }],
  })
})

test('ISR-UPDATES-1: one request at a time; what comes meanwhile goes with the next one', () => {
  const { sent, submit, response, askedIn, story } = stage()
  for (const index of [0, 1, 2]) submit(index)
  expect(sent.map(askedIn)).toEqual([[0]])
  sent[0]!.answered(response([0]))
  expect(sent.map(askedIn)).toEqual([[0], [1, 2]])
  sent[1]!.answered(response([1, 2]))
  expect([sent.length, story]).toEqual([2, ['0: 0 [1]', '1: 0 [1]', '2: 0 [1]']])
})

test('ISR-UPDATES-2: a second proposal of a partition is not attempted while the first one waits', () => {
  const { sent, submit, response, story } = stage()
  submit(0)
  submit(0)
  expect(story).toEqual([`0: ${ErrorCode.OPERATION_NOT_ATTEMPTED} []`])
  sent[0]!.answered(response([0]))
  submit(0)
  expect(sent).toHaveLength(2)
})

describe('sent again after a pause', () => {
  test('without an answer, and after an error of the request', () => {
    const { time, sent, submit, response, story } = stage()
    submit(0)
    sent[0]!.answered(undefined)
    expect(sent).toHaveLength(1)
    time.run(50)
    sent[1]!.answered({ throttleTimeMs: 0, errorCode: ErrorCode.STALE_BROKER_EPOCH, topics: [] })
    time.run(49)
    expect([sent.length, story]).toEqual([2, []])
    time.run(1)
    sent[2]!.answered(response([0]))
    expect(story).toEqual(['0: 0 [1]'])
  })

  test('if the response does not name the partition, or the partition asks for it', () => {
    const { time, sent, submit, response, askedIn, story } = stage()
    submit(0, 1)
    submit(1)
    sent[0]!.answered(response([0], ErrorCode.UNKNOWN_SERVER_ERROR))
    time.run(50)
    expect(askedIn(sent[1]!).sort()).toEqual([0, 1])
    sent[1]!.answered(response([0]))
    time.run(50)
    expect(askedIn(sent[2]!)).toEqual([1])
    expect(story).toEqual([`0: ${ErrorCode.UNKNOWN_SERVER_ERROR} [1]`, '0: 0 [1]'])
  })
})

test('ISR-UPDATES-3: nothing happens after close', () => {
  const { time, updates, sent, submit, response, story } = stage()
  submit(0)
  updates.close()
  sent[0]!.answered(response([0]))
  submit(1)
  time.run(1000)
  expect([sent.length, story]).toEqual([1, []])
})
