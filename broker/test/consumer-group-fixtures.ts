/**
 * For tests: members of KIP-848 groups in the scripts of test/group-fixtures.ts.
 */

import type { GroupConfig } from '../src/coordinators/group/group-config.ts'
import { errorName } from '../src/wire/errors.ts'
import { actStage, after } from './classic-group-fixtures.ts'
import { GROUP, type GroupStage, retell } from './group-fixtures.ts'

interface Actor {
  readonly memberId: string
  epoch: number
  instance: string | null
  /** Its last assignment, which it reports as owned unless the script says otherwise. */
  owned: TopicPartitions[]
}

interface TopicPartitions {
  topicId: string
  partitions: number[]
}

/** Plays a script of KIP-848 members. */
export function retellConsumer(story: string, change: Partial<GroupConfig> = {}): string {
  const actors = new Map<string, Actor>()
  return retell(story, change, (stage, event) => act(stage, actors, event))
}

function act(stage: GroupStage, actors: Map<string, Actor>, event: string): void {
  if (actStage(stage, event)) return
  const words = event.split(' ')
  const name = words[0]!
  if (name === 'show') return show(stage)
  const actor = actors.get(name) ?? { memberId: name, epoch: 0, instance: null, owned: [] }
  actors.set(name, actor)
  if (words[1] === 'subscribes') subscribe(stage, actor, words)
  else if (words[1] === 'beats') beat(stage, actor, words)
  else if (words[1] === 'goes') send(stage, actor, { memberEpoch: -1 })
  else if (words[1] === 'pauses') send(stage, actor, { memberEpoch: -2 })
  else throw new Error(`what is "${event}"?`)
}

function subscribe(stage: GroupStage, actor: Actor, words: readonly string[]): void {
  actor.instance = after(words, 'as') ?? actor.instance
  actor.owned = []
  const stop = words.findIndex((word) => ['as', 'by', 'to'].includes(word))
  send(stage, actor, {
    memberEpoch: 0,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: words.slice(2, stop < 0 ? undefined : stop),
    subscribedTopicRegex: after(words, 'to') ?? null,
    serverAssignor: after(words, 'by') ?? null,
    topicPartitions: [],
  })
}

function beat(stage: GroupStage, actor: Actor, words: readonly string[]): void {
  const told = after(words, 'owning')
  const owned = told === undefined ? actor.owned : told === 'nothing' ? [] : [parse(stage, told)]
  const memberEpoch = Number(after(words, 'at') ?? actor.epoch)
  send(stage, actor, { memberEpoch, topicPartitions: words.includes('silently') ? null : owned })
}

/** `t:0,1` */
function parse(stage: GroupStage, told: string): TopicPartitions {
  const [name = '', numbers = ''] = told.split(':')
  return { topicId: stage.topicId(name), partitions: numbers.split(',').map(Number) }
}

interface Sent {
  readonly memberEpoch: number
  readonly rebalanceTimeoutMs?: number
  readonly subscribedTopicNames?: string[]
  readonly subscribedTopicRegex?: string | null
  readonly serverAssignor?: string | null
  readonly topicPartitions?: TopicPartitions[] | null
}

function send(stage: GroupStage, actor: Actor, sent: Sent): void {
  const request = {
    groupId: GROUP,
    memberId: actor.memberId,
    instanceId: actor.instance,
    rackId: null,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: null,
    ...sent,
  }
  const client = { apiVersion: 1, clientId: 'c', clientHost: '/h' }
  stage.coordinator.consumerGroupHeartbeat(request, client, (answer) => {
    if (answer.errorCode) return stage.tell(`${actor.memberId}: ${errorName(answer.errorCode)}`)
    actor.epoch = answer.memberEpoch ?? 0
    const told = answer.assignment?.topicPartitions?.map(({ topicId = '', partitions = [] }) => ({
      topicId,
      partitions: [...partitions],
    }))
    actor.owned = told ?? actor.owned
    stage.tell(`${actor.memberId}: epoch ${answer.memberEpoch}${told ? `, reads ${spell(stage, told)}` : ''}`)
  })
}

function spell(stage: GroupStage, topics: readonly TopicPartitions[]): string {
  const parts = topics.map(({ topicId, partitions }) => `${stage.topicName(topicId)}:${partitions.join()}`)
  return parts.join(' ') || 'nothing'
}

function show(stage: GroupStage): void {
  stage.coordinator.describeConsumerGroup(GROUP, (group) => {
    if (group.errorCode) return stage.tell(errorName(group.errorCode))
    const { groupState, groupEpoch, assignmentEpoch, assignorName, members = [] } = group
    stage.tell(`${groupState}, epoch ${groupEpoch}, target ${assignmentEpoch} by ${assignorName}`)
    for (const { memberId, memberEpoch, assignment, targetAssignment } of members) {
      const [now, then] = [assignment, targetAssignment].map((each) =>
        (each?.topicPartitions ?? [])
          .map(({ topicName, partitions }) => `${topicName}:${partitions?.join()}`)
          .join(' '),
      )
      stage.tell(
        `${memberId} at ${memberEpoch} reads ${now || 'nothing'}${now === then ? '' : `, shall read ${then || 'nothing'}`}`,
      )
    }
  })
}

/** x has all partitions, y has joined and waits for its part. */
export const SECOND_COMES = `
  topic t has 4
  x subscribes t
  -> log: member x, epoch, target x, target epoch, current x
  -> x: epoch 2, reads t:0,1,2,3
  y subscribes t
  -> log: member y, epoch, target x, target y, target epoch, current y
  -> y: epoch 3, reads nothing
`

/** x and y have partitions. */
export const SHARED = `${SECOND_COMES}
  x beats
  -> log: current x
  -> x: epoch 2, reads t:0,1
  x beats
  -> log: current x
  -> x: epoch 3
  y beats
  -> log: current y
  -> y: epoch 3, reads t:2,3
`
