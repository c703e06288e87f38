/**
 * Random KIP-848 groups: members take random actions, valid and invalid, one at a time.
 *
 * The scenarios of the other files were designed by people. These find unexpected cases: both sides use the same random
 * numbers, so a difference can be repeated with its seed. `GROUPS_SEEDS=100 npm run compare -- --only random` runs more.
 *
 * - with two topics the assignor is range: uniform goes through topics in the order of their ids' hashes
 */

import { diceOf } from '../../../src/sim/seeded-random.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { subscription } from './classic-member.ts'
import { ConsumerMember, described, promptGroup } from './consumer-member.ts'

const SEEDS = Number(process.env.GROUPS_SEEDS ?? 12)
const STEPS = 60

interface Cast {
  readonly recorder: Recorder
  readonly groupId: string
  readonly topics: readonly { readonly name: string; readonly topicId: string }[]
  readonly dice: (n: number) => number
  readonly assignors: readonly (string | null)[]
  readonly members: readonly ConsumerMember[]
}

type Act = (cast: Cast, member: ConsumerMember) => Promise<unknown>

const pick = <T>(dice: Cast['dice'], from: readonly T[]): T => from[dice(from.length)]!

/** What a member may do; what is named twice is done more often. */
const ACTS: readonly Act[] = [
  (_cast, member) => member.beat(),
  (_cast, member) => member.report(),
  (_cast, member) => member.report(),
  (_cast, member) => member.report(),
  ({ topics, dice, assignors }, member) =>
    member.join({ subscribedTopicNames: namesOf(topics, dice), serverAssignor: pick(dice, assignors) }),
  ({ topics, dice }, member) => member.beat({ subscribedTopicNames: namesOf(topics, dice) }),
  ({ dice }, member) =>
    member.beat({ memberEpoch: member.memberEpoch + dice(4) - 2, topicPartitions: member.owned }),
  (cast, member) => member.beat({ topicPartitions: inOrder(cast, member).slice(1) }),
  (cast, member) => member.beat({ topicPartitions: inOrder(cast, member).map(halved) }),
  (_cast, member) => member.leave(-1),
  (_cast, member) => member.leave(-2),
  ({ dice }, member) => member.beat({ rackId: pick(dice, ['r1', 'r2']) }),
  commit,
  commit,
  fetch,
  evict,
  classic,
]

function namesOf(topics: Cast['topics'], dice: Cast['dice']): string[] {
  return dice(3) === 0 ? [pick(dice, topics).name] : topics.map(({ name }) => name)
}

/** What the member owns, topic by topic as they were made: brokers list them as their ids come. */
function inOrder({ topics }: Cast, { owned }: ConsumerMember): ConsumerMember['owned'] {
  const place = (topicId: string) => topics.findIndex((topic) => topic.topicId === topicId)
  return [...owned].sort((a, b) => place(a.topicId) - place(b.topicId))
}

function halved({ topicId, partitions }: ConsumerMember['owned'][number]) {
  return { topicId, partitions: partitions.slice(0, Math.ceil(partitions.length / 2)) }
}

async function commit({ recorder, topics, dice }: Cast, member: ConsumerMember): Promise<void> {
  const partitions = [{ partitionIndex: dice(4), committedOffset: dice(100), committedMetadata: '' }]
  await recorder.call('OffsetCommit', 9, {
    ...member.committer,
    generationIdOrMemberEpoch: member.memberEpoch - dice(3) + 1,
    topics: [{ ...pick(dice, topics), partitions }],
  })
}

async function fetch(
  { recorder, groupId, topics }: Cast,
  { memberId, memberEpoch }: ConsumerMember,
): Promise<void> {
  const asked = topics.map((topic) => ({ ...topic, partitionIndexes: [0, 1, 2, 3] }))
  await recorder.call('OffsetFetch', 9, { groups: [{ groupId, memberId, memberEpoch, topics: asked }] })
}

async function evict({ recorder, groupId }: Cast, { memberId }: ConsumerMember): Promise<void> {
  await recorder.call('LeaveGroup', 5, { groupId, members: [{ memberId }] })
}

/** The member speaks the classic protocol for once, as after a restart with another setting. */
async function classic({ recorder, groupId, topics, dice }: Cast, member: ConsumerMember): Promise<void> {
  if (member.identity.instanceId !== null) return
  const { groups } = await recorder.quietly('ConsumerGroupDescribe', 1, { groupIds: [groupId] })
  const isThere = groups[0]!.errorCode === 0 && groups[0]!.members.length > 0
  if (!isThere) return // a classic group's members wait for each other, and here one acts at a time
  const metadata = subscription({ topics: namesOf(topics, dice) })
  const { memberId } = member
  const joined = await recorder.call('JoinGroup', 9, {
    groupId,
    memberId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata }],
  })
  const generationId = joined.errorCode === 0 ? joined.generationId : member.memberEpoch
  const names = { protocolType: 'consumer', protocolName: 'range' }
  const synced = await recorder.quietly('SyncGroup', 5, {
    groupId,
    memberId,
    generationId,
    ...names,
    assignments: [],
  })
  const { errorCode, assignment } = synced
  recorder.note('SyncGroup', { errorCode, length: assignment.length }) // the order of topics is that of their ids
  await recorder.call('Heartbeat', 4, { groupId, memberId, generationId })
}

for (let seed = 1; seed <= SEEDS; seed++) {
  scenario(`KIP-848 at random, seed ${seed}`, 'consumers of all kinds', async (recorder) => {
    const dice = diceOf(seed)
    const isOdd = seed % 2 === 1
    const topics = [await recorder.topic(6), ...(isOdd ? [] : [await recorder.topic(2)])]
    const assignors = isOdd ? [null, 'uniform', 'range'] : ['range']
    const groupId = await promptGroup(recorder)
    const members = ['a', 'b', 'c', 'd', 'e'].map((memberId, at) => {
      const instanceId = at < 3 ? null : 'static'
      return new ConsumerMember(recorder, groupId, {
        memberId,
        instanceId,
        subscribedTopicNames: [topics[0]!.name],
      })
    })
    recorder.note('topics and members', [
      ...topics.map(({ topicId }) => ({ topicId })),
      ...members.map(({ memberId }) => ({ memberId })),
    ])
    const cast = { recorder, groupId, topics, dice, assignors, members }
    await members[0]!.join({ serverAssignor: pick(dice, assignors) })
    for (let step = 0; step < STEPS; step++) {
      await pick(dice, ACTS)(cast, pick(dice, members))
      if (dice(4) === 0) await described(recorder, groupId)
    }
    await described(recorder, groupId)
  })
}
