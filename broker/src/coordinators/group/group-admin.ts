/**
 * The admin requests for groups: describe, list, delete.
 *
 * DescribeGroups describes only classic groups. For a missing or a KIP-848 group it returns the state Dead, and since
 * version 6 also GROUP_ID_NOT_FOUND (KIP-1043): the admin client then sends ConsumerGroupDescribe.
 */
import type { DescribeGroupsResponse } from '../../messages/describe-groups.ts'
import type { ListGroupsRequest, ListGroupsResponse } from '../../messages/list-groups.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import type { ClassicGroup, ClassicMember } from './classic/classic-group.ts'
import { NO_BYTES } from './classic/classic-group.ts'
import { enterState } from './classic/rebalance.ts'
import { groupTombstones, offsetRecord } from './group-records.ts'
import type { GroupShard } from './group-shard.ts'
import type { Group } from './group-state.ts'

export type DescribedGroup = NonNullable<InputOf<typeof DescribeGroupsResponse>['groups']>[number]
export type ListedGroup = NonNullable<InputOf<typeof ListGroupsResponse>['groups']>[number]

/** From this version on DescribeGroups returns an error for a missing group. */
const HAS_NOT_FOUND_ERROR = 6

/** Describes a classic group; any other group is Dead, with an error since version 6. */
export function describeClassic(
  group: Group | undefined,
  groupId: string,
  apiVersion: number,
): DescribedGroup {
  if (group?.kind === 'classic') return describe(group)
  const dead = { groupId, groupState: 'Dead' }
  if (apiVersion < HAS_NOT_FOUND_ERROR) return dead
  const errorMessage = group ? `Group ${groupId} is not a classic group.` : `Group ${groupId} not found.`
  return { ...dead, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage }
}

function describe(group: ClassicGroup): DescribedGroup {
  const isStable = group.state === 'Stable'
  return {
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocol ?? '') : '',
    members: [...group.members.values()].map((member) => describeMember(group, member, isStable)),
  }
}

function describeMember(group: ClassicGroup, member: ClassicMember, isStable: boolean) {
  const { memberId, groupInstanceId, clientId, clientHost, assignment } = member
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    memberMetadata: isStable ? group.metadataOf(member) : NO_BYTES,
    memberAssignment: assignment,
  }
}

/**
 * The groups that match both filters, ignoring case; an empty filter matches all. Waits until what is listed of a shard is
 * committed; leaves a shard out that is lost meanwhile.
 */
export function* listGroups(
  pace: Pace,
  shards: readonly GroupShard[],
  request: ListGroupsRequest,
): Steps<ListedGroup[]> {
  const states = new Set(request.statesFilter.map((state) => state.toLowerCase().trim()))
  const types = new Set(request.typesFilter.map((type) => type.toLowerCase()))
  const listed: ListedGroup[] = []
  for (const shard of shards) {
    const before = listed.length
    for (const group of shard.groups.values()) {
      if (pace.isOver) yield
      const { groupId, state, kind } = group
      const isWanted =
        (types.size === 0 || types.has(kind)) && (states.size === 0 || states.has(state.toLowerCase()))
      const protocolType = kind === 'consumer' ? 'consumer' : (group.protocolType ?? '')
      if (isWanted) listed.push({ groupId, protocolType, groupState: state, groupType: kind })
    }
    if (!(yield* isCommitted(shard))) listed.length = before
  }
  return listed
}

/** Waits until everything that was appended is committed; returns false if it is lost. */
function* isCommitted(shard: GroupShard): Steps<boolean> {
  let error: ErrorCode = ErrorCode.NONE
  const whenOver = (goOn: () => void): void =>
    shard.whenCommitted((result) => {
      error = result
      goOn()
    })
  if (!shard.context.isCommitted) yield { whenOver }
  return error === ErrorCode.NONE
}

/** DeleteGroups: deletes an empty group and all its offsets. */
export function deleteGroup(shard: GroupShard, groupId: string, done: (error: ErrorCode) => void): void {
  const group = shard.groups.get(groupId)
  if (!group || group.state === 'Dead') return done(ErrorCode.GROUP_ID_NOT_FOUND)
  if (group.state !== 'Empty') return done(ErrorCode.NON_EMPTY_GROUP)
  const offsets = shard.offsets
    .partitions(groupId)
    .map(({ topic, partition }) => offsetRecord(groupId, topic, partition, undefined))
  const appended = (): void => {
    if (group.kind === 'classic') enterState(shard, group, 'Dead')
    shard.groups.delete(groupId)
  }
  shard.write([...offsets, ...groupTombstones(group)], done, { appended })
}
