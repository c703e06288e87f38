/**
 * Subscriptions by regular expression in a KIP-848 group: from an expression to the topics that it matches.
 *
 *   heartbeat with a new expression   the member is in; what the expression matches is not known yet
 *   a moment later                    all expressions of the group are matched against all topics; if the topics are
 *                                     others than before, the group's epoch rises
 *   the next heartbeats               bring the target, and the member to it
 *
 * Matching is put off because it may take long: ten thousand topics, an expression of a stranger. Kafka does it in a
 * thread of its own (CoordinatorExecutor), we do it in turns; heartbeats are answered meanwhile. For the same reason it
 * isn't done more often than every ten seconds; new topics are looked at when the next heartbeat after that comes.
 *
 * SUBSCRIPTION-REGEX-1  an expression that nobody subscribes by any more is forgotten
 * SUBSCRIPTION-REGEX-2  what a second member with the same expression subscribes to is known at once
 * - the expressions of a group are matched by one job at a time
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
import { raiseEpoch } from './target-assignment.ts'

/** Kafka's, and not to be set. */
const REFRESH_INTERVAL_MS_MIN = 10_000

/** What a member's change of expression means: whether it changed, and whether the group's topics did with it. */
export interface RegexChange {
  readonly isChanged: boolean
  readonly isResolved: boolean
}

const UNCHANGED: RegexChange = { isChanged: false, isResolved: false }

/** Takes a change of a member's expression into the draft, in which the member is as it is now; or says why it can't. */
export function changeRegex(
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
  const why = isFirst ? host.expressions.compile(fresh).wrong : undefined
  if (why !== undefined) {
    const errorMessage = `SubscribedTopicRegex \`${fresh}\` is not a valid regular expression: ${why}.`
    return { errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION, errorMessage }
  }
  return { isChanged: true, isResolved: !isFirst && draft.group.regexes.has(fresh) } // SUBSCRIPTION-REGEX-2
}

/** After a heartbeat was written: has the group's expressions matched soon, when that is due. */
export function planResolution(shard: GroupShard, groupId: string): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || shard.hasJob(jobOf(groupId)) || !isDue(shard, group)) return
  shard.setTimer(jobOf(groupId), 0, groupId, () => resolve(shard, groupId))
}

function expressionsOf(group: ConsumerGroup): Set<string> {
  return new Set(
    [...group.members.values()].flatMap(({ subscribedTopicRegex }) => subscribedTopicRegex || []),
  )
}

function isDue(shard: GroupShard, group: ConsumerGroup): boolean {
  const wanted = expressionsOf(group)
  if (wanted.size === 0) return false
  const [known] = group.regexes.values()
  if (!known) return true
  const ageMs = shard.now() - known.timestamp
  // Below zero: the clock was set back since, and nobody can tell how long ago it was.
  if (ageMs >= 0 && ageMs <= REFRESH_INTERVAL_MS_MIN) return false
  const isStale =
    known.version < shard.topicsVersion || ageMs < 0 || ageMs > shard.config.regexRefreshIntervalMs
  return isStale || wanted.size !== group.regexes.size
}

function jobOf(groupId: string): string {
  return `regex|${groupId}`
}

/** Matches the group's expressions against the topics there are now. */
function resolve(shard: GroupShard, groupId: string): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || shard.hasJob(jobOf(groupId))) return
  const { topicsVersion: version } = shard
  shard.runJob(jobOf(groupId), groupId, matchAll(shard.host, expressionsOf(group)), (found) =>
    takeTopics(shard, groupId, found, version),
  )
}

/** By expression, the topics that match it. */
function* matchAll(host: CoordinatorHost, regexes: ReadonlySet<string>): Steps<Map<string, string[]>> {
  const { turns, expressions } = host
  const names = host.topicNames()
  const found = new Map<string, string[]>()
  for (const regex of regexes) {
    if (turns.isOver) yield
    const expression = expressions.compile(regex)
    const isOne = expression.wrong === undefined // one that Kafka has written may be none to us
    const topics = isOne ? yield* filterMatching(turns, names, expression, (name) => name) : []
    found.set(regex, topics.sort())
  }
  return found
}

/** Writes what was found for the expressions that members still subscribe by. */
function takeTopics(
  shard: GroupShard,
  groupId: string,
  found: ReadonlyMap<string, string[]>,
  version: number,
): void {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer') return
  const draft = new ConsumerDraft(group)
  const wanted = expressionsOf(group)
  let isChanged = false
  for (const [regex, topics] of found) {
    if (!wanted.has(regex)) continue
    isChanged ||= (group.regexes.get(regex)?.topics ?? []).join() !== topics.join()
    draft.add(regexRecord(groupId, regex, { topics, version, timestamp: shard.now() }))
  }
  raiseEpoch(shard, draft, isChanged)
  shard.write(groupId, draft.records, (error) => {
    if (error)
      shard.host.core.log('warn', 'topics of regular expressions were not written', {
        group: groupId,
        error: errorName(error),
      })
  })
}

/** The members leave: their expressions are forgotten when nobody else has them (SUBSCRIPTION-REGEX-1). */
export function forgetExpressions(draft: ConsumerDraft): void {
  const wanted = expressionsOf(draft.group)
  for (const regex of [...draft.group.regexes.keys()])
    if (!wanted.has(regex)) draft.add(regexRecord(draft.group.groupId, regex, null))
}
