/**
 * A KIP-848 group as it will be when the records that a request gives rise to are in the log.
 *
 * A heartbeat may change the member, then the group's epoch, then the target, then the member again, each step building
 * on the one before. So it works on a copy, to which each record is applied as it is added; the real group changes
 * when the log has all of them, or never (CoordinatorHost, COORDINATOR-HOST-3).
 *
 * GROUP-DRAFT-1  the draft is the real group after `records` were applied
 * - a heartbeat that changes nothing copies nothing
 */

import { recordType } from '../../../messages/records/record-frame.ts'
import type { CoordinatorRecord } from '../../coordinator-host.ts'
import { isSameDated } from '../assignor/assignment.ts'
import type { Group } from '../group-state.ts'
import { OffsetStore } from '../offsets/offset-store.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'
import { applyConsumerRecord, currentRecord, memberRecord } from './records.ts'

export class ConsumerDraft {
  readonly records: CoordinatorRecord[] = []
  private readonly groups: Map<string, Group>
  private readonly groupId: string
  private isCopy = false

  /** `group` may be new, and in no shard yet. */
  constructor(group: ConsumerGroup) {
    this.groupId = group.groupId
    this.groups = new Map([[group.groupId, group]])
  }

  /** The group as it will be. */
  get group(): ConsumerGroup {
    const group = this.groups.get(this.groupId)
    if (group?.kind !== 'consumer') throw new Error(`draft of ${this.groupId}: the group is gone`)
    return group
  }

  add(...records: readonly CoordinatorRecord[]): void {
    if (!this.isCopy && records.length > 0) this.groups.set(this.groupId, this.group.copy())
    this.isCopy ||= records.length > 0
    for (const record of records) {
      applyConsumerRecord({ groups: this.groups, offsets: new OffsetStore() }, recordType(record.key), record)
      this.records.push(record)
    }
  }

  /** Who the member is; written when that has changed. */
  describe(before: ConsumerMember | undefined, after: ConsumerMember): void {
    if (before && whoIs(before) === whoIs(after)) return
    this.add(memberRecord(this.groupId, after.memberId, after))
  }

  /** Where the member stands; written when it has moved. */
  move(before: ConsumerMember, after: ConsumerMember): void {
    if (hasMoved(before, after)) this.add(currentRecord(this.groupId, after.memberId, after))
  }
}

/** All of a member that its metadata record tells, to compare. */
function whoIs(member: ConsumerMember): string {
  const { memberEpoch, previousMemberEpoch, state, assigned, pendingRevocation, classic, ...rest } = member
  const protocols = classic?.supportedProtocols.map(({ name, metadata }) => [name, [...metadata]])
  return JSON.stringify([rest, classic?.sessionTimeoutMs, protocols])
}

function hasMoved(before: ConsumerMember, after: ConsumerMember): boolean {
  return (
    before.memberEpoch !== after.memberEpoch ||
    before.previousMemberEpoch !== after.previousMemberEpoch ||
    before.state !== after.state ||
    !isSameDated(before.assigned, after.assigned) ||
    !isSameDated(before.pendingRevocation, after.pendingRevocation)
  )
}
