/**
 * Subscriptions by regular expression in a KIP-848 group: from an expression to the topics that it matches.
 *
 *   heartbeat with a new expression   the member is added; the topics of the expression are not known yet
 *   shortly after                     all expressions of the group are matched against all topics; if the result has
 *                                     changed, the group epoch is bumped
 *   the next heartbeats               compute the target assignment and reconcile the member
 *
 * Matching does not block the heartbeat because it may take long: ten thousand topics, and an expression chosen by a
 * client. Kafka runs it on a thread of its own (CoordinatorExecutor), we run it as a job in turns. For the same reason it
 * runs at most once in ten seconds; new topics are noticed by the first heartbeat after that.
 *
 * - one job at a time matches the expressions of a group
 *
 * SUBSCRIPTION-REGEX-1  an expression that no member subscribes to any more is removed
 * SUBSCRIPTION-REGEX-2  a second member with a known expression gets its topics at once
 *
 * (GroupMetadataManager: maybeUpdateRegularExpressions, refreshRegularExpressions, handleRegularExpressionsResult)
 */
import type { Steps } from '../../../turns.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'
import { filterMatching } from '../../expressions.ts'
import type { GroupShard } from '../group-shard.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'
import { ConsumerDraft } from './draft.ts'
import { regexRecord } from './records.ts'
import type { Refusal } from './request-checks.ts'
import { maybeBumpGroupEpoch } from './target-assignment.ts'

/** A constant in Kafka, too (REGEX_BATCH_REFRESH_MIN_INTERVAL_MS). */
const REFRESH_INTERVAL_MS_MIN = 10_000

/** Whether a member has changed its expression, and whether the topics of the new one are known already. */
export interface RegexChange {
  readonly isChanged: boolean
  readonly isResolved: boolean
}

const UNCHANGED: RegexChange = { isChanged: false, isResolved: false }

/** Updates the expressions of the draft, which already contains the member as it is now. Refuses an invalid expression. */
export function maybeUpdateRegularExpression(
  { host }: GroupShard,
  draft: ConsumerDraft,
  before: ConsumerMember,
  now: ConsumerMember,
): RegexChange | Refusal {
  const [old, fresh] = [before.subscribedTopicRegex || null, now.subscribedTopicRegex || null]
  if (old === fresh) return UNCHANGED
  if (old !== null && draft.group.subscribersOf(old) === 0)
    draft.add(regexRecord(draft.group.groupId, old, null)) // SUBSCRIPTION-REGEX-1
  if (fresh === null) return { isChanged: true, isResolved: true }
  const isFirst = draft.group.subscribersOf(fresh) === 1
  const error = isFirst ? host.expressions.compile(fresh).wrong : undefined
  if (error !== undefined) {
    const errorMessage = `SubscribedTopicRegex \`${fresh}\` is not a valid regular expression: ${error}.`
    return { errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION, errorMessage }
  }
  return { isChanged: true, isResolved: !isFirst && draft.group.regexes.has(fresh) } // SUBSCRIPTION-REGEX-2
}

/** Called after the records of a heartbeat are written: schedules a refresh of the group's expressions if it is due. */
export function maybeScheduleRegexRefresh(shard: GroupShard, groupId: string): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || shard.hasJob(refreshJobOf(groupId)) || !isRefreshDue(shard, group)) return
  shard.setTimer(refreshJobOf(groupId), 0, () => refreshRegularExpressions(shard, groupId))
}

function expressionsOf(group: ConsumerGroup): Set<string> {
  return new Set(
    [...group.members.values()].flatMap(({ subscribedTopicRegex }) => subscribedTopicRegex || []),
  )
}

function isRefreshDue(shard: GroupShard, group: ConsumerGroup): boolean {
  const subscribed = expressionsOf(group)
  if (subscribed.size === 0) return false
  const [known] = group.regexes.values()
  if (!known) return true
  const ageMs = shard.now() - known.timestamp
  // Negative: the clock was set back, so the real age is unknown. Refresh.
  if (ageMs >= 0 && ageMs <= REFRESH_INTERVAL_MS_MIN) return false
  const isStale =
    known.version < shard.topicsVersion || ageMs < 0 || ageMs > shard.config.regexRefreshIntervalMs
  return isStale || subscribed.size !== group.regexes.size
}

function refreshJobOf(groupId: string): string {
  return `regex|${groupId}`
}

/** Starts a job that matches the expressions of the group against all topics. */
function refreshRegularExpressions(shard: GroupShard, groupId: string): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || shard.hasJob(refreshJobOf(groupId))) return
  const { topicsVersion: version } = shard
  shard.runJob(refreshJobOf(groupId), matchTopics(shard.host, expressionsOf(group)), (found) =>
    handleRegexResult(shard, groupId, found, version),
  )
}

/** By expression, the topics that match it. */
function* matchTopics(host: CoordinatorHost, regexes: ReadonlySet<string>): Steps<Map<string, string[]>> {
  const { turns, expressions } = host
  const names = host.topicNames()
  const found = new Map<string, string[]>()
  for (const regex of regexes) {
    if (turns.isOver) yield
    const expression = expressions.compile(regex)
    const isValid = expression.wrong === undefined // an expression that Kafka has stored may be invalid here
    const topics = isValid ? yield* filterMatching(turns, names, expression, (name) => name) : []
    found.set(regex, topics.sort())
  }
  return found
}

/** Writes the topics of the expressions that members still subscribe to. */
function handleRegexResult(
  shard: GroupShard,
  groupId: string,
  found: ReadonlyMap<string, string[]>,
  version: number,
): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer') return
  const draft = new ConsumerDraft(group)
  const subscribed = expressionsOf(group)
  let isChanged = false
  for (const [regex, topics] of found) {
    if (!subscribed.has(regex)) continue
    isChanged ||= (group.regexes.get(regex)?.topics ?? []).join() !== topics.join()
    draft.add(regexRecord(groupId, regex, { topics, version, timestamp: shard.now() }))
  }
  maybeBumpGroupEpoch(shard, draft, isChanged)
  shard.write(draft.records, (error) => {
    if (error)
      shard.host.core.log(
        'warn',
        'could not write the topics of regular expressions: the next refresh tries again',
        {
          group: groupId,
          error: errorName(error),
        },
      )
  })
}

/** Removes the expressions that no member of the draft subscribes to (SUBSCRIPTION-REGEX-1). */
export function removeUnusedExpressions(draft: ConsumerDraft): void {
  const subscribed = expressionsOf(draft.group)
  for (const regex of [...draft.group.regexes.keys()])
    if (!subscribed.has(regex)) draft.add(regexRecord(draft.group.groupId, regex, null))
}
