/**
 * For tests: members of classic groups, and offsets, in the scripts of test/group-fixtures.ts.
 */

import type { GroupConfig } from '../src/coordinators/group/group-config.ts'
import type { Commit } from '../src/coordinators/group/offsets/commit.ts'
import { ErrorCode, errorName } from '../src/wire/errors.ts'
import { ZERO_UUID } from '../src/wire/uuid.ts'
import { GROUP, type GroupStage, retell, text } from './group-fixtures.ts'

interface Actor {
  memberId: string
  generation: number
  instance: string | null
}

const bytes = (letters: string): Uint8Array => new TextEncoder().encode(letters)

/** Plays a script of classic members. */
export function retellClassic(story: string, change: Partial<GroupConfig> = {}): string {
  const actors = new Map<string, Actor>()
  return retell(story, change, (stage, event) => act(stage, actors, event))
}

function actorOf(actors: Map<string, Actor>, name: string): Actor {
  const actor = actors.get(name) ?? { memberId: '', generation: -1, instance: null }
  actors.set(name, actor)
  return actor
}

/** The word after `key` in an event. */
export function after(words: readonly string[], key: string): string | undefined {
  const at = words.indexOf(key)
  return at < 0 ? undefined : words[at + 1]
}

/** Events that are not a member's. Returns false for other events. */
export function actStage(stage: GroupStage, event: string): boolean {
  const words = event.split(' ')
  const [first, second = ''] = words
  if (first === 'wait') stage.wait(Number(second))
  else if (first === 'restart') stage.restart()
  else if (first === 'topic') stage.setTopic(second, Number(words[3]))
  else if (event === 'log is slow') stage.slowDown()
  else if (event === 'log catches up') stage.catchUp()
  else if (event.startsWith('log fails')) stage.failOnce(words[2]!)
  else if (first === 'transaction') stage.endTransaction(Number(second), words[2] === 'commits')
  else if (first === 'delete') stage.coordinator.deleteGroup(GROUP, (error) => stage.tell(errorName(error)))
  else if (first === 'fetch') fetch(stage, second === 'stable')
  else return false
  return true
}

function act(stage: GroupStage, actors: Map<string, Actor>, event: string): void {
  if (actStage(stage, event)) return
  const words = event.split(' ')
  const name = words[0]!
  if (words[0] === 'show') return show(stage)
  const actor = actorOf(actors, name)
  if (words[1] === 'joins') join(stage, actor, name, words)
  else if (words[1] === 'syncs') sync(stage, actor, name, words)
  else if (words[1] === 'beats') beat(stage, actor, name, words)
  else if (words[1] === 'leaves') leave(stage, actor, name)
  else if (words[1] === 'commits') commit(stage, actor, name, words)
  else throw new Error(`what is "${event}"?`)
}

function join(stage: GroupStage, actor: Actor, name: string, words: readonly string[]): void {
  const version = words.find((word) => /^v\d+$/.test(word))
  actor.instance = after(words, 'as') ?? actor.instance
  const protocols = (after(words, 'with') ?? 'range').split('+')
  const request = {
    groupId: GROUP,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    memberId: actor.memberId,
    groupInstanceId: actor.instance,
    protocolType: 'test',
    protocols: protocols.map((protocol) => ({ name: protocol, metadata: bytes(name) })),
    reason: null,
  }
  const client = { apiVersion: Number(version?.slice(1) ?? 9), clientId: 'c', clientHost: '/h' }
  stage.coordinator.joinGroup(request, client, (answer) => {
    if (answer.memberId) {
      actor.memberId = answer.memberId
      stage.names.set(answer.memberId, name)
    }
    if (answer.errorCode) return stage.tell(`${name}: ${errorName(answer.errorCode)}`)
    actor.generation = answer.generationId ?? -1
    const members = answer.members?.map(({ memberId }) => ` ${memberId}`).join('') ?? ''
    const skip = answer.skipAssignment ? ', need not assign' : ''
    const leader = answer.leader
    stage.tell(
      `${name}: generation ${answer.generationId}, ${answer.protocolName}, led by ${leader}${members && `, of${members}`}${skip}`,
    )
  })
}

function sync(stage: GroupStage, actor: Actor, name: string, words: readonly string[]): void {
  const shares = words.slice(2).filter((word) => word.includes('='))
  const assignments = shares.map((share) => {
    const [to = '', part = ''] = share.split('=')
    const memberId = [...stage.names].findLast(([, known]) => known === to)?.[0] ?? to
    return { memberId, assignment: bytes(part) }
  })
  const request = {
    groupId: GROUP,
    generationId: Number(after(words, 'at') ?? actor.generation),
    memberId: actor.memberId,
    groupInstanceId: actor.instance,
    protocolType: 'test',
    protocolName: after(words, 'with') ?? null,
    assignments,
  }
  stage.coordinator.syncGroup(request, { apiVersion: 5, clientId: 'c', clientHost: '/h' }, (answer) => {
    const { errorCode, assignment } = answer
    stage.tell(`${name}: ${errorCode ? errorName(errorCode) : `share "${text(assignment)}"`}`)
  })
}

function beat(stage: GroupStage, actor: Actor, name: string, words: readonly string[]): void {
  const { memberId, instance } = actor
  const generationId = Number(after(words, 'at') ?? actor.generation)
  const request = { groupId: GROUP, generationId, memberId, groupInstanceId: instance }
  stage.coordinator.heartbeat(request, { apiVersion: 4, clientId: 'c', clientHost: '/h' }, (error) =>
    stage.tell(`${name}: ${errorName(error)}`),
  )
}

function leave(stage: GroupStage, { memberId, instance }: Actor, name: string): void {
  const members = [{ memberId, groupInstanceId: instance, reason: null }]
  stage.coordinator.leaveGroup(GROUP, members, (error, codes) =>
    stage.tell(`${name}: ${errorName(codes[0] ?? error)}`),
  )
}

function commit(stage: GroupStage, actor: Actor, name: string, words: readonly string[]): void {
  const producerId = after(words, 'in')
  const committer = {
    groupId: GROUP,
    memberId: actor.memberId,
    groupInstanceId: actor.instance,
    generationId: Number(after(words, 'at') ?? actor.generation),
    apiVersion: 9,
    ...(producerId && { transaction: { producerId: Number(producerId), producerEpoch: 0 } }),
  }
  const offset = Number(words[2])
  const metadata = after(words, 'noting') ?? null
  const one: Commit = {
    topic: 't',
    topicId: ZERO_UUID,
    partition: 0,
    offset,
    leaderEpoch: 3,
    metadata,
    retentionMs: undefined,
    errorCode: ErrorCode.NONE,
  }
  stage.coordinator.commitOffsets(committer, [one], () => stage.tell(`${name}: ${errorName(one.errorCode)}`))
}

function fetch(stage: GroupStage, requireStable: boolean): void {
  const topics = [{ name: 't', partitionIndexes: [0] }]
  const request = { groupId: GROUP, memberId: null, memberEpoch: -1, topics, requireStable }
  stage.coordinator.fetchOffsets(request, (fetched) => {
    const { errorCode, committedOffset } = fetched.topics[0]!.partitions[0]!
    stage.tell(errorCode ? errorName(errorCode) : `t-0 is at ${committedOffset}`)
  })
}

function show(stage: GroupStage): void {
  stage.coordinator.describeGroup(GROUP, 6, ({ groupState, members = [], errorCode }) => {
    const parts = members.map(({ memberId, memberAssignment }) => ` ${memberId}=${text(memberAssignment)}`)
    stage.tell(errorCode ? errorName(errorCode) : `${groupState}${parts.join('')}`)
  })
}

/** The beginning of most scripts: a leads, b follows, both have partitions. */
export const TWO_MEMBERS = `
  a joins
  -> log: g generation 0
  -> a: MEMBER_ID_REQUIRED
  a joins
  wait 0
  -> a: generation 1, range, led by a, of a
  a syncs a=all
  -> log: g generation 1 a=all
  -> a: share "all"
  b joins
  -> b: MEMBER_ID_REQUIRED
  b joins
  a joins
  -> a: generation 2, range, led by a, of a b
  -> b: generation 2, range, led by a
  b syncs
  a syncs a=one b=two
  -> log: g generation 2 a=one b=two
  -> a: share "one"
  -> b: share "two"
`
