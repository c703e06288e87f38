/**
 * A KIP-848 group as it will be when the records of a request are in the log.
 *
 * A heartbeat may change the member, then the group epoch, then the target, then the member again; each step depends on
 * the ones before. So the steps work on a copy, and each record is applied to the copy as it is added. The real group
 * changes when the log has all of the records, or not at all (COORDINATOR-HOST-3).
 *
 * - a heartbeat that changes nothing copies nothing
 *
 * GROUP-DRAFT-1  the draft equals the real group after `records` were applied to it
 */

import { recordType } from '../../../messages/records/record-frame.ts'
import type { CoordinatorRecord } from '../../coordinator-host.ts'
import { isSameWithEpochs } from '../assignor/assignment.ts'
import type { Group } from '../group-state.ts'
import { OffsetStore } from '../offsets/offset-store.ts'
import { type ConsumerGroup, type ConsumerMember, isSameList } from './consumer-group.ts'
import { applyConsumerRecord, currentRecord, memberRecord } from './records.ts'

export class ConsumerDraft {
  readonly records: CoordinatorRecord[] = []
  private readonly groups: Map<string, Group>
  private readonly groupId: string
  private isCopy = false

  /** `group` may be new, and not yet in a shard. */
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

  /** Adds the member record (its metadata) if it has changed. */
  updateMember(before: ConsumerMember | undefined, after: ConsumerMember): void {
    const isSame = before && hasSameTopics(before, after) && otherMetadata(before) === otherMetadata(after)
    if (!isSame) this.add(memberRecord(this.groupId, after.memberId, after))
  }

  /** Adds the current assignment record of the member if it has changed. */
  updateCurrentAssignment(before: ConsumerMember, after: ConsumerMember): void {
    if (isCurrentAssignmentChanged(before, after))
      this.add(currentRecord(this.groupId, after.memberId, after))
  }
}

/** Whether both subscribe to the same names. A member may name a hundred thousand topics, so no text is made of them. */
export function hasSameTopics(a: ConsumerMember, b: ConsumerMember): boolean {
  return isSameList(a.subscribedTopicNames, b.subscribedTopicNames)
}

/** The other fields of the member record, as a text to compare. */
function otherMetadata(member: ConsumerMember): string {
  const {
    memberEpoch,
    previousMemberEpoch,
    state,
    assigned,
    pendingRevocation,
    classic,
    subscribedTopicNames,
    ...rest
  } = member
  const protocols = classic?.supportedProtocols.map(({ name, metadata }) => [name, [...metadata]])
  return JSON.stringify([rest, classic?.sessionTimeoutMs, protocols])
}

function isCurrentAssignmentChanged(before: ConsumerMember, after: ConsumerMember): boolean {
  return (
    before.memberEpoch !== after.memberEpoch ||
    before.previousMemberEpoch !== after.previousMemberEpoch ||
    before.state !== after.state ||
    !isSameWithEpochs(before.assigned, after.assigned) ||
    !isSameWithEpochs(before.pendingRevocation, after.pendingRevocation)
  )
}
