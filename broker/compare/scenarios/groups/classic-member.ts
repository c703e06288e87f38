/**
 * A member of a classic group for scenarios: it keeps its id and generation, like a client.
 *
 *   const a = new ClassicMember(recorder, groupId)
 *   await a.joinAndSync()
 *
 * Each member has a connection of its own: a JoinGroup waits for the others.
 */
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
} from '../../../src/messages/records/consumer-protocol.ts'
import { Writer } from '../../../src/wire/writer.ts'
import type { RequestOf, ResponseOf } from '../../apis.ts'
import { pause } from '../../line.ts'
import type { Recorder } from '../../scenario.ts'

type Join = Partial<RequestOf<'JoinGroup'>>
type Sync = Partial<RequestOf<'SyncGroup'>>
type Partitions = readonly { topic: string; partitions: number[] }[]

const ATTEMPTS_MAX = 200
const PAUSE_MS = 20

export interface Subscription {
  readonly topics?: string[]
  readonly ownedPartitions?: Partitions
  readonly generationId?: number
  readonly rackId?: string | null
  readonly version?: number
}

/** The bytes that a consumer puts into its JoinGroup. */
export function subscription({
  version = 3,
  topics = [],
  ownedPartitions = [],
  ...rest
}: Subscription = {}): Uint8Array {
  const writer = new Writer()
  writer.int16(version)
  ConsumerProtocolSubscription.encode(writer, version, {
    topics,
    ownedPartitions: [...ownedPartitions],
    ...rest,
  })
  return writer.toBytes()
}

/** The bytes that a leader puts into its SyncGroup. */
export function assignment(assignedPartitions: Partitions, version = 3): Uint8Array {
  const writer = new Writer()
  writer.int16(version)
  ConsumerProtocolAssignment.encode(writer, version, { assignedPartitions: [...assignedPartitions] })
  return writer.toBytes()
}

export class ClassicMember {
  readonly recorder: Recorder
  readonly groupId: string
  memberId = ''
  generationId = -1
  protocolName: string | null = 'range'
  /** The leader's list of the members. */
  members: readonly string[] = []
  private readonly terms: Join

  constructor(recorder: Recorder, groupId: string, terms: Join = {}) {
    this.recorder = recorder.another()
    this.groupId = groupId
    this.terms = terms
  }

  private get instance() {
    return { groupInstanceId: this.terms.groupInstanceId ?? null }
  }

  get identity() {
    return { groupId: this.groupId, memberId: this.memberId, ...this.instance }
  }

  async join(change: Join = {}, version = 9, ask = this.recorder.call): Promise<ResponseOf<'JoinGroup'>> {
    const answer = await ask('JoinGroup', version, {
      groupId: this.groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: this.memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscription() }],
      ...this.terms,
      ...change,
    })
    if (answer === undefined) return answer // the scenario has ended, or the broker has closed the connection
    if (answer.memberId !== '') this.memberId = answer.memberId
    if (answer.errorCode === 0) {
      this.generationId = answer.generationId
      this.protocolName = answer.protocolName
    }
    this.members = answer.members.map(({ memberId }) => memberId)
    return answer
  }

  async sync(change: Sync = {}, version = 5, ask = this.recorder.call): Promise<ResponseOf<'SyncGroup'>> {
    const assignments = this.members.map((memberId) => ({ memberId, assignment: assignment([]) }))
    return ask('SyncGroup', version, {
      ...this.identity,
      generationId: this.generationId,
      protocolType: this.terms.protocolType ?? 'consumer',
      protocolName: this.protocolName,
      assignments,
      ...change,
    })
  }

  beat(change: Partial<RequestOf<'Heartbeat'>> = {}, version = 4) {
    return this.recorder.call('Heartbeat', version, {
      ...this.identity,
      generationId: this.generationId,
      ...change,
    })
  }

  leave(version = 5) {
    const { groupId, memberId } = this
    return this.recorder.call('LeaveGroup', version, {
      groupId,
      memberId,
      members: [{ memberId, ...this.instance }],
    })
  }

  /** Gets its id, if it has none, and joins; quietly. */
  async enter(change: Join = {}): Promise<void> {
    const { quietly } = this.recorder
    const isAsked = this.memberId === '' && (this.terms.groupInstanceId ?? null) === null
    if (isAsked) await this.join(change, 9, quietly)
    await this.join(change, 9, quietly)
  }

  /** Joins an empty group and syncs, without recording. */
  async settle(change: Join = {}, shares: Sync = {}): Promise<this> {
    await this.enter(change)
    await this.sync(shares, 5, this.recorder.quietly)
    return this
  }
}

/** Waits until the group is in this state, with so many members. */
export async function groupIs(
  recorder: Recorder,
  groupId: string,
  state: string,
  size?: number,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { groups } = await recorder.quietly('DescribeGroups', 5, { groups: [groupId] })
    const { groupState, members } = groups[0]!
    if (groupState === state && (size === undefined || members.length === size)) return
    await pause(PAUSE_MS)
  }
  throw new Error(`compare: ${groupId} is not ${state} with ${size ?? 'any'} members`)
}

/** A group's name, when its coordinator serves. */
export async function newGroup(recorder: Recorder): Promise<string> {
  const groupId = recorder.name('group')
  await recorder.coordinator(groupId)
  return groupId
}

/** Writes down who is who: from then on lists of members come in this order, on both sides. */
export function introduce(recorder: Recorder, members: readonly ClassicMember[]): void {
  recorder.note(
    'the members',
    members.map(({ memberId }) => ({ memberId })),
  )
}

/** A stable group of members that came one after the other; the first leads. Only who they are is written down. */
export async function stableGroup(
  recorder: Recorder,
  terms: readonly Join[],
  known?: string,
): Promise<ClassicMember[]> {
  const groupId = known ?? (await newGroup(recorder))
  const members: ClassicMember[] = []
  for (const each of terms) {
    const member = new ClassicMember(recorder, groupId, each)
    const joining = [member.enter()]
    if (members.length > 0) await groupIs(recorder, groupId, 'PreparingRebalance', members.length + 1)
    members.push(member)
    for (const other of members.slice(0, -1)) joining.push(other.enter())
    await Promise.all(joining)
    const quietly = members.map((one) => one.sync({}, 5, one.recorder.quietly))
    await Promise.all(quietly)
  }
  introduce(recorder, members)
  return members
}
