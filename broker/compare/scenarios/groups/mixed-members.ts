/**
 * Groups for scenarios with members of both protocols.
 */
import type { RequestOf } from '../../apis.ts'
import type { Teller } from '../../scenario.ts'
import { assignment, ClassicMember, groupIs, introduce, stableGroup, subscription } from './classic-member.ts'
import { ConsumerMember, promptGroup } from './consumer-member.ts'

export type Protocols = NonNullable<RequestOf<'JoinGroup'>['protocols']>
export type Owned = readonly { topic: string; partitions: number[] }[]

export const classicDescribed = (teller: Teller, groupId: string) =>
  teller.call('DescribeGroups', 6, { groups: [groupId] })

export function protocolsFor(topic: string, ownedPartitions: Owned = [], generationId = -1): Protocols {
  const metadata = subscription({ topics: [topic], ownedPartitions, generationId })
  return [
    { name: 'cooperative-sticky', metadata },
    { name: 'range', metadata },
  ]
}

/** A stable classic group whose leader gave each member its partitions of one topic. */
export async function old(
  teller: Teller,
  shares: readonly number[][],
  terms: Partial<RequestOf<'JoinGroup'>> = {},
) {
  const { name, topicId } = await teller.topic(shares.flat().length)
  const groupId = await promptGroup(teller)
  teller.note('the topic', { topicId })
  const common = {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    ...terms,
  }
  const instance = (at: number) =>
    terms.groupInstanceId ? { groupInstanceId: `${terms.groupInstanceId}${at}` } : {}
  const all = await stableGroup(
    teller,
    shares.map((_, at) => ({ ...common, ...instance(at) })),
    groupId,
  )
  const again = all[0]!.join({}, 9, all[0]!.teller.quietly)
  if (all.length > 1) await groupIs(teller, groupId, 'PreparingRebalance')
  await Promise.all([again, ...all.slice(1).map((each) => each.join({}, 9, each.teller.quietly))])
  const assignments = all.map(({ memberId }, at) => ({
    memberId,
    assignment: assignment([{ topic: name, partitions: shares[at]! }]),
  }))
  await Promise.all(all.map((each) => each.sync({ assignments }, 5, each.teller.quietly)))
  return { all, groupId, name, topicId }
}

export const owning = (topic: string, partitions: number[], generationId: number) => ({
  protocols: protocolsFor(topic, partitions.length > 0 ? [{ topic, partitions }] : [], generationId),
})

/** A KIP-848 group of a new member, and a classic one that came later. */
export async function mixed(teller: Teller, terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const { name, topicId } = await teller.topic(6)
  teller.note('the topic', { topicId })
  const groupId = await promptGroup(teller)
  const young = new ConsumerMember(teller, groupId, { memberId: 'young', subscribedTopicNames: [name] })
  await young.join({}, 1, teller.quietly)
  const classic = new ClassicMember(teller, groupId, {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    ...terms,
  })
  return { young, classic, groupId, name }
}

/** Both have their share. */
export async function shared(teller: Teller, terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const all = await mixed(teller, terms)
  const { young, classic, name } = all
  await classic.enter()
  introduce(teller, [classic])
  for (let round = 0; round < 3; round++) await young.quietly({ topicPartitions: young.owned })
  await classic.join(owning(name, [], classic.generationId), 9, classic.teller.quietly)
  await classic.sync({}, 5, classic.teller.quietly)
  return all
}
