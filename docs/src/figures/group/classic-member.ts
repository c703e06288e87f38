import { HeartbeatRequest, HeartbeatResponse } from '../../../../broker/src/messages/heartbeat'
import { JoinGroupRequest, JoinGroupResponse } from '../../../../broker/src/messages/join-group'
import { LeaveGroupRequest, LeaveGroupResponse } from '../../../../broker/src/messages/leave-group'
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
  decodeSubscription,
} from '../../../../broker/src/messages/records/consumer-protocol'
import { SyncGroupRequest, SyncGroupResponse } from '../../../../broker/src/messages/sync-group'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { ErrorCode } from '../../../../broker/src/wire/errors'
import { Writer } from '../../../../broker/src/wire/writer'
import { cooperativeShares, rangeShares, type Shares } from './assign'
import {
  GROUP,
  Member,
  PARTITIONS,
  POLL_INTERVAL_MS,
  SESSION_MS,
  TOPIC,
  type World,
  without,
} from './group-member'

/**
 * A member of the classic protocol: JoinGroup, SyncGroup, Heartbeat.
 *
 *   eager         before it joins again it gives up all that it has
 *   cooperative   it keeps what it has, and gives up only what the new assignment takes away; then it joins once more,
 *                 so that the others can get that (KIP-429)
 */

const HEARTBEAT_MS = 3000
const SUBSCRIPTION_VERSION = 1
const PROTOCOL_TYPE = 'consumer'

export class ClassicMember extends Member {
  private readonly isCooperative: boolean
  private memberId = ''
  private mustJoin = true

  constructor(name: string, client: SimClient, world: World, isCooperative: boolean) {
    super(name, client, world)
    this.isCooperative = isCooperative
    world.tell(this, 'joins')
    this.join()
    this.beat()
  }

  protected onPoll(): void {
    if (!this.mustJoin || this.isAsking) return
    if (this.isCooperative) this.world.tell(this, 'keeps and joins again', this.owned)
    else {
      this.world.tell(this, 'gives up all', this.owned)
      this.owned = []
    }
    this.join()
  }

  protected sayGoodbye(): void {
    const body = { groupId: GROUP, members: [{ memberId: this.memberId }] }
    this.client.send(LeaveGroupRequest, LeaveGroupResponse, 3, body)
  }

  /** The heartbeats go on while the handler works; they pause while the member waits for a rebalance. */
  private beat(): void {
    this.world.after(HEARTBEAT_MS, () => {
      if (this.isGone) return
      if (!this.isAsking && !this.mustJoin) this.heartbeat()
      this.beat()
    })
  }

  private heartbeat(): void {
    const body = { groupId: GROUP, generationId: this.generation, memberId: this.memberId }
    this.ask(HeartbeatRequest, HeartbeatResponse, 3, body, ({ errorCode }) => {
      if (errorCode === ErrorCode.NONE) return
      this.mustJoin = true
      if (errorCode !== ErrorCode.REBALANCE_IN_PROGRESS) return this.startAnew()
      this.world.tell(this, 'hears of the rebalance')
    })
  }

  /** The group went on without this member: nothing that it has is its own any more. */
  private startAnew(): void {
    this.memberId = ''
    this.owned = []
  }

  private join(): void {
    this.mustJoin = false
    this.isWaiting = true
    const name = this.isCooperative ? 'cooperative-sticky' : 'range'
    const body = {
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: POLL_INTERVAL_MS,
      memberId: this.memberId,
      protocolType: PROTOCOL_TYPE,
      protocols: [{ name, metadata: this.subscription() }],
    }
    this.ask(JoinGroupRequest, JoinGroupResponse, 5, body, (answer) => this.onJoined(answer))
  }

  private onJoined({ errorCode, memberId, generationId, leader, members }: JoinGroupResponse): void {
    if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.startAnew()
    if (errorCode === ErrorCode.MEMBER_ID_REQUIRED) this.memberId = memberId
    if (errorCode !== ErrorCode.NONE) return this.join()
    this.memberId = memberId
    this.generation = generationId
    const isLeader = leader === memberId
    if (isLeader) this.world.tell(this, 'leads')
    this.sync(isLeader ? this.shares(members) : new Map())
  }

  private shares(members: JoinGroupResponse['members']): Shares {
    const subscribers = members.map(({ memberId, metadata }) => {
      const { ownedPartitions } = decodeSubscription(metadata)
      return { memberId, owned: ownedPartitions.flatMap(({ partitions }) => partitions) }
    })
    return this.isCooperative
      ? cooperativeShares(subscribers, PARTITIONS)
      : rangeShares(subscribers, PARTITIONS)
  }

  private sync(shares: Shares): void {
    const assignments = [...shares].map(([memberId, partitions]) => ({
      memberId,
      assignment: encoded((writer) =>
        ConsumerProtocolAssignment.encode(writer, SUBSCRIPTION_VERSION, {
          assignedPartitions: [{ topic: TOPIC, partitions }],
        }),
      ),
    }))
    const body = { groupId: GROUP, generationId: this.generation, memberId: this.memberId, assignments }
    this.ask(SyncGroupRequest, SyncGroupResponse, 3, body, ({ errorCode, assignment }) => {
      if (errorCode !== ErrorCode.NONE) return this.join()
      this.isWaiting = false
      this.take(decodeAssignment(assignment).assignedPartitions.flatMap(({ partitions }) => partitions))
    })
  }

  private take(share: readonly number[]): void {
    const [lost, gained] = [without(this.owned, share), without(share, this.owned)]
    this.owned = [...share].sort((a, b) => a - b)
    if (lost.length > 0) {
      this.world.tell(this, 'gives up', lost)
      this.mustJoin = true
    }
    if (gained.length > 0) this.world.tell(this, 'gets', gained)
    else if (share.length === 0) this.world.tell(this, 'gets nothing')
  }

  private subscription(): Uint8Array {
    const ownedPartitions = [{ topic: TOPIC, partitions: this.owned }]
    return encoded((writer) =>
      ConsumerProtocolSubscription.encode(writer, SUBSCRIPTION_VERSION, { topics: [TOPIC], ownedPartitions }),
    )
  }
}

/** The consumer protocol: a version, then the body of that version. */
function encoded(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer()
  writer.int16(SUBSCRIPTION_VERSION)
  write(writer)
  return writer.toBytes()
}
