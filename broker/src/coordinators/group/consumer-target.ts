/**
 * The target assignment of a KIP-848 group, and what makes it necessary to compute it again.
 *
 *   a member comes, goes, subscribes to other topics      -.
 *   a regular expression matches other topics               |-->  group epoch + 1  -->  target, assignment epoch
 *   a subscribed topic is made, deleted or grows            -'
 *
 * Whether topics have changed is seen by a hash of what the group subscribes to, kept with the group's epoch.
 *
 * T1  the target is always that of the group's epoch when a heartbeat is answered
 * T2  a target that stays the same for a member is not written again
 */
import type { CoordinatorHost } from '../coordinator-host.ts'
import { isSame, NOTHING } from './assignment.ts'
import { ASSIGNORS, type AssignorMember, DEFAULT_ASSIGNOR } from './assignors.ts'
import type { ConsumerDraft } from './consumer-draft.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { epochRecord, regexRecord, targetEpochRecord, targetRecord } from './consumer-records.ts'
import { compileRegularExpression } from './regular-expression.ts'

/** Brings the group's epoch and target up to date; `isChanged`: members or subscriptions are other ones than before. */
export function updateTarget(host: CoordinatorHost, draft: ConsumerDraft, isChanged: boolean): void {
  const isResolvedAnew = resolveExpressions(host, draft)
  const metadataHash = hashOf(host, draft.group)
  const { groupId, epoch } = draft.group
  if (isChanged || isResolvedAnew || metadataHash !== draft.group.metadataHash) {
    draft.add(epochRecord(groupId, { epoch: epoch + 1, metadataHash }))
  }
  if (draft.group.epoch > draft.group.assignmentEpoch) assign(host, draft)
}

/** Evaluates the members' expressions against the topics there are; forgets those that nobody has any more. */
function resolveExpressions(host: CoordinatorHost, draft: ConsumerDraft): boolean {
  const { groupId, members, regexes } = draft.group
  const wanted = new Set([...members.values()].flatMap((member) => member.subscribedTopicRegex || []))
  for (const regex of [...regexes.keys()].filter((each) => !wanted.has(each)))
    draft.add(regexRecord(groupId, regex, null))
  let isChanged = false
  for (const regex of wanted) {
    const topics = host
      .topicNames()
      .filter(compileRegularExpression(regex) ?? (() => false))
      .sort()
    if (draft.group.regexes.get(regex)?.topics.join() === topics.join()) continue
    draft.add(regexRecord(groupId, regex, { topics, timestamp: host.core.clock.now() }))
    isChanged = true
  }
  return isChanged
}

/** A number that changes with the partitions of the subscribed topics (FNV-1a, 32 bits). */
function hashOf(host: CoordinatorHost, group: ConsumerGroup): number {
  let hash = 0x811c_9dc5
  for (const name of [...group.subscribedTopics()].sort()) {
    const id = host.topicId(name)
    if (id === undefined) continue
    for (const letter of `${id}:${host.partitionCount(name)};`)
      hash = Math.imul(hash ^ letter.charCodeAt(0), 0x0100_0193)
  }
  return hash >>> 0
}

function assign(host: CoordinatorHost, draft: ConsumerDraft): void {
  const { group } = draft
  const counts = new Map<string, number>()
  for (const name of group.subscribedTopics()) {
    const id = host.topicId(name)
    if (id !== undefined) counts.set(id, host.partitionCount(name) ?? 0)
  }
  const members = [...group.members.values()].map((member): AssignorMember => {
    const topics = new Set([...group.topicsOf(member)].flatMap((name) => host.topicId(name) ?? []))
    const { memberId, instanceId } = member
    return { memberId, instanceId, topics, current: group.target.get(memberId) ?? NOTHING }
  })
  const assignor = ASSIGNORS.get(assignorOf(group)) ?? ASSIGNORS.get(DEFAULT_ASSIGNOR)!
  for (const [memberId, target] of assignor(members, counts)) {
    const known = group.target.get(memberId)
    if (!known || !isSame(known, target)) draft.add(targetRecord(group.groupId, memberId, target)) // T2
  }
  draft.add(targetEpochRecord(group.groupId, { epoch: group.epoch, timestamp: host.core.clock.now() }))
}

/** The assignor that most members ask for; ties go to the one asked for first, and nobody asking to the default. */
export function assignorOf(group: ConsumerGroup): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of group.members.values()) {
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  }
  let winner = DEFAULT_ASSIGNOR
  let most = 0
  for (const [name, count] of votes) if (count > most) [winner, most] = [name, count]
  return winner
}
