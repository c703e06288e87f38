import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import { FetchRequest, FetchResponse } from '../../../../broker/src/messages/fetch'
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from '../../../../broker/src/messages/find-coordinator'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../../../broker/src/messages/offset-commit'
import { OffsetFetchRequest, OffsetFetchResponse } from '../../../../broker/src/messages/offset-fetch'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { batchPositions } from '../../../../broker/src/record/batch'
import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { ErrorCode } from '../../../../broker/src/wire/errors'
import type { Reading, ReadingAction } from './reading'

/**
 * The story of one consumer and one partition: it polls, handles, commits, crashes and starts again, against our broker.
 * What is committed and what a poll gives are the broker's answers.
 */

/** max.poll.records of the figure. */
export const POLL_RECORDS = 3

const TOPIC = 'orders'
const GROUP = 'billing'
const SEED = 3
const NOTHING_COMMITTED = -1

/** The states after each action, beginning with that before the first: a consumer has started on `records` records. */
export function tellReading(records: number, actions: readonly ReadingAction[]): Reading[] {
  const world = new ReadingWorld(records)
  return [world.seen(null), ...actions.map((action) => world.act(action))]
}

class ReadingWorld {
  private readonly client: SimClient
  private end = 0
  private position: number | null = null
  private inHand: number[] = []
  private readonly handled: number[] = []

  constructor(records: number) {
    const run = new Simulation({ seed: SEED })
    run.start()
    this.client = run.client()
    const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
    this.client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
    // The first question creates __consumer_offsets.
    for (let attempt = 0; attempt < 20; attempt++) {
      const body = { coordinatorKeys: [GROUP], keyType: 0 }
      const { coordinators } = this.client.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
      if (coordinators[0]?.errorCode === ErrorCode.NONE) break
      run.run(100)
    }
    for (let sent = 0; sent < records; sent++) this.send()
    this.start()
  }

  act(action: ReadingAction): Reading {
    this[action]()
    return this.seen(action)
  }

  seen(last: ReadingAction | null): Reading {
    const { end, position, inHand, handled } = this
    return { end, position, committed: this.committed(), inHand: [...inHand], handled: [...handled], last }
  }

  private send(): void {
    const records = buildBatch([{ key: null, value: new Uint8Array(1), timestamp: 0 }])
    const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
    const body = { acks: -1, timeoutMs: 1000, topicData }
    const { responses } = this.client.call(ProduceRequest, ProduceResponse, 9, body)
    this.end = Number(responses[0]!.partitionResponses[0]!.baseOffset) + 1
    this.handled.push(0)
  }

  /** The process starts: it asks where the group has stopped; auto.offset.reset=earliest if it has not. */
  private start(): void {
    this.position = this.committed() ?? 0
  }

  private poll(): void {
    const { position } = this
    if (position === null || this.inHand.length > 0) return
    const partitions = [{ partition: 0, fetchOffset: position, partitionMaxBytes: 1_000_000 }]
    const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic: TOPIC, partitions }] }
    const { responses } = this.client.call(FetchRequest, FetchResponse, 12, body)
    const bytes = responses[0]?.partitions[0]?.records ?? new Uint8Array(0)
    const offsets = [...batchPositions(bytes)]
      .flatMap((at) => readRecords(bytes, at))
      .map(({ offset }) => offset)
    this.inHand = offsets.filter((offset) => offset >= position).slice(0, POLL_RECORDS)
    this.position = (this.inHand.at(-1) ?? position - 1) + 1
  }

  private handle(): void {
    const offset = this.inHand.shift()
    if (offset !== undefined) this.handled[offset] = (this.handled[offset] ?? 0) + 1
  }

  /** commitSync() without arguments: the position. */
  private commit(): void {
    if (this.position === null) return
    const partitions = [{ partitionIndex: 0, committedOffset: this.position, committedMetadata: '' }]
    const body = {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: TOPIC, partitions }],
    }
    this.client.call(OffsetCommitRequest, OffsetCommitResponse, 8, body)
  }

  private crash(): void {
    this.position = null
    this.inHand = []
  }

  private committed(): number | null {
    const body = { groups: [{ groupId: GROUP, topics: [{ name: TOPIC, partitionIndexes: [0] }] }] }
    const { groups } = this.client.call(OffsetFetchRequest, OffsetFetchResponse, 8, body)
    const offset = Number(groups[0]?.topics[0]?.partitions[0]?.committedOffset ?? NOTHING_COMMITTED)
    return offset === NOTHING_COMMITTED ? null : offset
  }
}
