/**
 * Two group members, one of each protocol, that remain members across restarts of the broker.
 *
 *   classic    joins, syncs, commits under its generation; joins again now and then
 *   consumer   joins by heartbeats (KIP-848), commits under its epoch
 *
 * Promises: a confirmed membership survives a crash, so heartbeats and commits are still accepted; and the group's offset
 * is that of its last acknowledged commit, or of the next one, which was in flight.
 */
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../../src/messages/consumer-group-heartbeat.ts'
import { HeartbeatRequest, HeartbeatResponse } from '../../../src/messages/heartbeat.ts'
import { JoinGroupRequest, JoinGroupResponse } from '../../../src/messages/join-group.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../../src/messages/offset-commit.ts'
import { SyncGroupRequest, SyncGroupResponse } from '../../../src/messages/sync-group.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import { Gone } from './caller.ts'
import { committedOffset } from './committed-offset.ts'
import { expectNone, settled, type Worker, type WorkerTools } from './worker.ts'

const REJOIN_PERCENT = 2
const HEARTBEAT_PERCENT = 20

abstract class Member implements Worker {
  abstract readonly name: string
  acknowledged = 0
  protected readonly tools: WorkerTools
  protected memberId = ''
  /** Generation or epoch. */
  protected epoch = -1
  private lastTried = -1
  private lastAcked = -1

  constructor(tools: WorkerTools) {
    this.tools = tools
  }

  protected abstract join(): Promise<void>
  protected abstract heartbeat(): Promise<void>
  protected abstract readonly commitVersion: number

  async run(): Promise<void> {
    const { random, isOver } = this.tools
    await this.join()
    while (!isOver()) {
      if (random.chance(REJOIN_PERCENT)) await this.join()
      if (random.chance(HEARTBEAT_PERCENT)) await this.heartbeat()
      await this.commit()
    }
  }

  private async commit(): Promise<void> {
    const { caller, random } = this.tools
    const retry = random.chance(50) ? 'again' : 'once'
    const committedOffset = this.lastTried + 1
    try {
      await caller.connected()
      this.lastTried = committedOffset
      await expectNone(`${this.name}: OffsetCommit`, async () => {
        const partition = { partitionIndex: 0, committedOffset, committedMetadata: `at ${committedOffset}` }
        const { topics } = await caller.call(
          OffsetCommitRequest,
          OffsetCommitResponse,
          this.commitVersion,
          {
            groupId: this.name,
            generationIdOrMemberEpoch: this.epoch,
            memberId: this.memberId,
            topics: [{ name: 'plain', partitions: [partition] }],
          },
          retry,
        )
        return topics[0]!.partitions[0]!.errorCode
      })
      this.lastAcked = committedOffset
      this.acknowledged++
    } catch (error) {
      if (!(error instanceof Gone)) throw error
    }
  }

  async verify(): Promise<void> {
    const found = await committedOffset(this.tools.caller, this.name, 'plain', 0)
    if (found < this.lastAcked || found > this.lastTried) {
      throw new Error(
        `${this.name}: at ${found}, ${this.lastAcked} was acknowledged, ${this.lastTried} was tried`,
      )
    }
    await this.heartbeat()
  }
}

export class ClassicMember extends Member {
  readonly name = 'classic'
  protected readonly commitVersion = 8

  /** Repeats until it is synced: a crash in between is handled by joining again. */
  protected async join(): Promise<void> {
    for (;;) {
      const errorCode = await settled(() => this.joinOnce())
      if (errorCode === ErrorCode.NONE) return
      const isForgotten =
        errorCode === ErrorCode.UNKNOWN_MEMBER_ID ||
        errorCode === ErrorCode.ILLEGAL_GENERATION ||
        errorCode === ErrorCode.REBALANCE_IN_PROGRESS
      if (!isForgotten) throw new Error(`${this.name}: join: ${errorName(errorCode)}`)
      if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.memberId = ''
    }
  }

  private async joinOnce(): Promise<number> {
    const { caller } = this.tools
    const groupId = this.name
    const joined = await caller.call(JoinGroupRequest, JoinGroupResponse, 7, {
      groupId,
      sessionTimeoutMs: 60_000,
      rebalanceTimeoutMs: 60_000,
      memberId: this.memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }],
    })
    if (joined.memberId !== '') this.memberId = joined.memberId
    if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED) return this.joinOnce()
    if (joined.errorCode !== ErrorCode.NONE) return joined.errorCode
    const { memberId } = this
    const synced = await caller.call(SyncGroupRequest, SyncGroupResponse, 5, {
      groupId,
      generationId: joined.generationId,
      memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment: Uint8Array.of(1, 2, 3) }],
    })
    if (synced.errorCode === ErrorCode.NONE) this.epoch = joined.generationId
    return synced.errorCode
  }

  protected async heartbeat(): Promise<void> {
    const { epoch: generationId, memberId } = this
    await expectNone(`${this.name}: Heartbeat`, async () => {
      const body = { groupId: this.name, generationId, memberId }
      return (await this.tools.caller.call(HeartbeatRequest, HeartbeatResponse, 4, body)).errorCode
    })
  }
}

export class ConsumerMember extends Member {
  readonly name = 'consumer'
  protected readonly commitVersion = 9

  protected async join(): Promise<void> {
    this.memberId ||= 'member-of-the-campaign'
    this.epoch = 0
    await this.beat({ rebalanceTimeoutMs: 60_000, subscribedTopicNames: ['plain'], topicPartitions: [] })
  }

  protected async heartbeat(): Promise<void> {
    await this.beat({})
  }

  private async beat(
    more: { rebalanceTimeoutMs: number; subscribedTopicNames: string[]; topicPartitions: [] } | object,
  ): Promise<void> {
    const { caller } = this.tools
    await expectNone(`${this.name}: heartbeat in epoch ${this.epoch}`, async () => {
      const body = { groupId: this.name, memberId: this.memberId, memberEpoch: this.epoch, ...more }
      const answer = await caller.call(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, 0, body)
      if (answer.errorCode === ErrorCode.NONE) this.epoch = answer.memberEpoch
      return answer.errorCode
    })
  }
}
