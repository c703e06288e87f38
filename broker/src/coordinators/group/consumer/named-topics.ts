/**
 * What is known of a member's list of topic names: how many different ones it has, and which of them exist.
 *
 * A list may have a hundred thousand names, of which few are topics, and a group may have a hundred members with such
 * lists. A heartbeat of one of them must not look at the names of all the others. So equal lists of a group are one object
 * (ConsumerGroup.put), and what was found out about a list is kept with it until the metadata changes.
 *
 * NAMED-TOPICS-1  a list is compared with the topics once per metadata version, however many heartbeats need the result
 * NAMED-TOPICS-2  the topics of a group are found by whichever is shorter: the names in its subscriptions, or all topics
 */
import { inHashOrder, stringHash } from '../../../wire/hash-order.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'
import type { GroupShard } from '../group-shard.ts'
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts'

/** Groups with fewer names are not compared with the number of all topics. */
const MANY_NAMES = 1000

interface Known {
  readonly version: number
  readonly existing: readonly string[]
  /** The ids of the existing ones, in Kafka's order. */
  readonly ids: Set<string>
}

const knownOf = new WeakMap<readonly string[], Known>()
const distinctOf = new WeakMap<readonly string[], number>()

type Metadata = Pick<GroupShard, 'host' | 'metadataVersion'>

function look({ host, metadataVersion: version }: Metadata, names: readonly string[]): Known {
  const known = knownOf.get(names)
  if (known?.version === version) return known
  const existing = names.filter((name) => host.topicId(name) !== undefined)
  const looked = { version, existing, ids: idsOf(host, existing) }
  knownOf.set(names, looked)
  return looked
}

function idsOf(host: CoordinatorHost, names: Iterable<string>): Set<string> {
  return new Set(inHashOrder(new Set(names), stringHash, 'copied').map((name) => host.topicId(name)!))
}

/** The ids of the topics that a member subscribes to and that exist. */
export function subscribedTopicIds(
  metadata: Metadata,
  group: ConsumerGroup,
  { subscribedTopicNames, subscribedTopicRegex }: ConsumerMember,
): ReadonlySet<string> {
  const named = look(metadata, subscribedTopicNames)
  if (!subscribedTopicRegex) return named.ids
  const matched = group.regexes.get(subscribedTopicRegex)?.topics ?? []
  return idsOf(metadata.host, [...named.existing, ...look(metadata, matched).existing])
}

/** The number of different names. */
export function distinctCount(names: readonly string[]): number {
  const count = distinctOf.get(names) ?? new Set(names).size
  distinctOf.set(names, count)
  return count
}

/** The topics that exist and that any member of the group subscribes to; may contain duplicates. */
export function existingTopics(host: CoordinatorHost, group: ConsumerGroup): readonly string[] {
  const exists = (name: string): boolean => host.topicId(name) !== undefined
  const all = group.namedTopicCount < MANY_NAMES ? undefined : host.topicNames()
  if (all && all.length < group.namedTopicCount) return all.filter(group.subscriptionTest())
  return [...group.subscribedTopics()].filter(exists)
}
