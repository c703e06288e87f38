/**
 * A member of a KIP-848 group for scenarios: it keeps its epoch and its assignment, like a client.
 *
 *   const a = new ConsumerMember(recorder, groupId, { subscribedTopicNames: ['t'] })
 *   await a.join()
 *   await a.beat()
 */
import type { RequestOf, ResponseOf } from '../../apis.ts'
import { pause } from '../../line.ts'
import type { Recorder } from '../../scenario.ts'
import { newGroup } from './classic-member.ts'

type Heartbeat = Partial<RequestOf<'ConsumerGroupHeartbeat'>>
type Owned = NonNullable<ResponseOf<'ConsumerGroupHeartbeat'>['assignment']>['topicPartitions']

const ATTEMPTS_MAX = 200
const PAUSE_MS = 20
const GROUP_RESOURCE = 32

/**
 * A new group's name. Its assignments are computed at once and not once a second (KIP-1263), so that a scenario is the
 * same whatever the time between its heartbeats.
 */
export async function promptGroup(recorder: Recorder, configs: Record<string, string> = {}): Promise<string> {
  const groupId = await newGroup(recorder)
  const all = Object.entries({ 'consumer.assignment.interval.ms': '0', ...configs })
  const set = all.map(([name, value]) => ({ name, value, configOperation: 0 }))
  const resource = { resourceType: GROUP_RESOURCE, resourceName: groupId }
  await recorder.quietly('IncrementalAlterConfigs', 1, { resources: [{ ...resource, configs: set }] })
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { results } = await recorder.quietly('DescribeConfigs', 4, { resources: [resource] })
    const found = new Map(results[0]!.configs.map(({ name, value }) => [name, value]))
    if (all.every(([name, value]) => found.get(name) === value)) break
    await pause(PAUSE_MS)
  }
  await pause(PAUSE_MS) // the coordinator hears of it a moment later than who describes it
  return groupId
}

export class ConsumerMember {
  readonly recorder: Recorder
  readonly groupId: string
  readonly memberId: string
  memberEpoch = 0
  /** The last assignment, which it reports as owned. */
  owned: Owned = []
  private readonly terms: Heartbeat

  constructor(recorder: Recorder, groupId: string, terms: Heartbeat = {}) {
    this.recorder = recorder
    this.groupId = groupId
    this.memberId = terms.memberId ?? recorder.name('member')
    this.terms = terms
  }

  /** A member that is alone in a new group and has what it shall have; quietly. */
  static async settled(recorder: Recorder, terms: Heartbeat = {}): Promise<ConsumerMember> {
    const member = new ConsumerMember(recorder, await promptGroup(recorder), terms)
    await member.join({}, 1, recorder.quietly)
    return member
  }

  get identity() {
    return { groupId: this.groupId, memberId: this.memberId, instanceId: this.terms.instanceId ?? null }
  }

  /** The head of an OffsetCommit. */
  get committer() {
    const { groupId, memberId, memberEpoch } = this
    return { groupId, memberId, generationIdOrMemberEpoch: memberEpoch }
  }

  /** Epoch 0: brings everything. */
  join(change: Heartbeat = {}, version = 1, ask = this.recorder.call) {
    const all = { memberEpoch: 0, rebalanceTimeoutMs: 10_000, topicPartitions: [] }
    return this.send({ ...all, ...this.terms, ...change }, version, ask)
  }

  /** The present epoch, and nothing new. */
  beat(change: Heartbeat = {}, version = 1, ask = this.recorder.call) {
    return this.send({ memberEpoch: this.memberEpoch, ...change }, version, ask)
  }

  /** Reports what it owns, like a client after it has revoked or received partitions. */
  report(change: Heartbeat = {}) {
    return this.beat({ topicPartitions: this.owned, ...change })
  }

  leave(memberEpoch = -1) {
    return this.beat({ memberEpoch })
  }

  quietly(change: Heartbeat) {
    return this.beat(change, 1, this.recorder.quietly)
  }

  private async send(change: Heartbeat, version: number, ask: Recorder['call']) {
    const answer = await ask('ConsumerGroupHeartbeat', version, {
      ...this.identity,
      ...change,
      memberEpoch: change.memberEpoch ?? 0,
    })
    if (answer === undefined || answer.errorCode !== 0) return answer
    this.memberEpoch = answer.memberEpoch
    this.owned = answer.assignment?.topicPartitions ?? this.owned
    return answer
  }
}

/** What the group looks like, written down. */
export const described = (recorder: Recorder, groupId: string) =>
  recorder.call('ConsumerGroupDescribe', 1, { groupIds: [groupId] })

/** Members of one group that subscribe to one topic. */
export async function members(recorder: Recorder, names: readonly string[], partitions: number) {
  const { name, topicId } = await recorder.topic(partitions)
  const groupId = await promptGroup(recorder)
  const all = names.map(
    (each) =>
      new ConsumerMember(recorder, groupId, { memberId: `${groupId}-${each}`, subscribedTopicNames: [name] }),
  )
  recorder.note('the topic and the members', [{ topicId }, ...all.map(({ memberId }) => ({ memberId }))])
  return { all, groupId, name, topicId }
}

/** Sends heartbeats until no assignment changes any more, without recording them. */
export async function settle(all: readonly ConsumerMember[]): Promise<void> {
  for (let round = 0; round < 4; round++)
    for (const each of all) await each.quietly({ topicPartitions: each.owned })
}
