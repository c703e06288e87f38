/**
 * Groups for scenarios with members of both protocols.
 */
import type { RequestOf } from '../../apis.ts'
import type { Recorder } from '../../scenario.ts'
import { assignment, ClassicMember, groupIs, introduce, stableGroup, subscription } from './classic-member.ts'
import { ConsumerMember, promptGroup } from './consumer-member.ts'

export type Protocols = NonNullable<RequestOf<'JoinGroup'>['protocols']>
export type Owned = readonly { topic: string; partitions: number[] }[]

export const classicDescribed = (recorder: Recorder, groupId: string) =>
  recorder.call('DescribeGroups', 6, { groups: [groupId] })

export function protocolsFor(topic: string, ownedPartitions: Owned = [], generationId = -1): Protocols {
  const metadata = subscription({ topics: [topic], ownedPartitions, generationId })
  return [
    { name: 'cooperative-sticky', metadata },
    { name: 'range', metadata },
  ]
}

/** A stable classic group whose leader gave each member its partitions of one topic. */
export async function old(
  recorder: Recorder,
  shares: readonly number[][],
  terms: Partial<RequestOf<'JoinGroup'>> = {},
) {
  const { name, topicId } = await recorder.topic(shares.flat().length)
  const groupId = await promptGroup(recorder)
  recorder.note('the topic', { topicId })
  const common = {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    ...terms,
  }
  const instance = (at: number) =>
    terms.groupInstanceId ? { groupInstanceId: `${terms.groupInstanceId}${at}` } : {}
  const all = await stableGroup(
    recorder,
    shares.map((_, at) => ({ ...common, ...instance(at) })),
    groupId,
  )
  const again = all[0]!.join({}, 9, all[0]!.recorder.quietly)
  if (all.length > 1) await groupIs(recorder, groupId, 'PreparingRebalance')
  await Promise.all([again, ...all.slice(1).map((each) => each.join({}, 9, each.recorder.quietly))])
  const assignments = all.map(({ memberId }, at) => ({
    memberId,
    assignment: assignment([{ topic: name, partitions: shares[at]! }]),
  }))
  await Promise.all(all.map((each) => each.sync({ assignments }, 5, each.recorder.quietly)))
  return { all, groupId, name, topicId }
}

export const owning = (topic: string, partitions: number[], generationId: number) => ({
  protocols: protocolsFor(topic, partitions.length > 0 ? [{ topic, partitions }] : [], generationId),
})

/** A KIP-848 group of a new member, and a classic one that came later. */
export async function mixed(recorder: Recorder, terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const { name, topicId } = await recorder.topic(6)
  recorder.note('the topic', { topicId })
  const groupId = await promptGroup(recorder)
  const young = new ConsumerMember(recorder, groupId, { memberId: 'young', subscribedTopicNames: [name] })
  await young.join({}, 1, recorder.quietly)
  const classic = new ClassicMember(recorder, groupId, {
    protocols: protocolsFor(name),
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    ...terms,
  })
  return { young, classic, groupId, name }
}

/** Both have their share. */
export async function shared(recorder: Recorder, terms: Partial<RequestOf<'JoinGroup'>> = {}) {
  const all = await mixed(recorder, terms)
  const { young, classic, name } = all
  await classic.enter()
  introduce(recorder, [classic])
  for (let round = 0; round < 3; round++) await young.quietly({ topicPartitions: young.owned })
  await classic.join(owning(name, [], classic.generationId), 9, classic.recorder.quietly)
  await classic.sync({}, 5, classic.recorder.quietly)
  return all
}
