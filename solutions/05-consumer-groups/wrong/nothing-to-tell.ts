import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'no-partitions-no-news',
  belief: {
    en: 'Who has no partitions need not be told.',
    ru: 'Если партиций нет, сообщать не о чем.',
  },
  fails: ['more-members', 'sticky'],
  breaks: ['told'],
  explains: 'more-members.notIdle',
}

import { AssignerProtocol, type Kafka, type PartitionAssigner } from 'kafkajs'

const { MemberMetadata, MemberAssignment } = AssignerProtocol

export interface TopicPartition {
  topic: string
  partition: number
}

export interface Member {
  id: string
  topics: string[]
  owned: TopicPartition[]
}

export interface Topic {
  topic: string
  partitions: number
}

export interface Share {
  id: string
  partitions: TopicPartition[]
}

export interface GroupEvent {
  atMs: number
  worker: string
  instanceId: string | null
  what: 'starts' | 'stops' | 'crashes'
}

export interface Settings {
  groupId: string
  topics: string[]
  sessionMs: number
  heartbeatMs: number
  onAssigned(partitions: TopicPartition[]): Promise<void>
  onRecord(record: TopicPartition & { offset: string; value: string | null }): Promise<void>
}

const keyOf = ({ topic, partition }: TopicPartition) => `${topic}:${partition}`

export function assign(members: Member[], topics: Topic[]): Share[] {
  const open = members.map(({ id, topics: reads }) => ({
    id,
    reads: new Set(reads),
    partitions: [] as TopicPartition[],
  }))
  const free = new Map<string, TopicPartition>()
  for (const { topic, partitions } of topics)
    for (let partition = 0; partition < partitions; partition++)
      free.set(keyOf({ topic, partition }), { topic, partition })

  for (const [i, { owned }] of members.entries()) {
    for (const one of owned) {
      const mine = free.get(keyOf(one))
      if (mine === undefined || !open[i]?.reads.has(one.topic)) continue
      open[i].partitions.push(mine)
      free.delete(keyOf(one))
    }
  }
  for (const one of free.values()) {
    const readers = open.filter(({ reads }) => reads.has(one.topic))
    const emptiest = readers.reduce<(typeof open)[number] | undefined>(
      (best, member) => (best && best.partitions.length <= member.partitions.length ? best : member),
      undefined,
    )
    emptiest?.partitions.push(one)
  }
  for (;;) {
    const byCount = [...open].sort((a, b) => a.partitions.length - b.partitions.length)
    const move = findMove(byCount)
    if (move === undefined) break
    const [moved] = move.from.partitions.splice(move.at, 1)
    if (moved !== undefined) move.to.partitions.push(moved)
  }
  return open.map(({ id, partitions }) => ({ id, partitions }))
}

interface Open {
  readonly reads: ReadonlySet<string>
  readonly partitions: TopicPartition[]
}

/** From the fullest member that can give something to the emptiest that can take it. */
function findMove(byCount: readonly Open[]): { from: Open; to: Open; at: number } | undefined {
  for (const from of [...byCount].reverse()) {
    for (const to of byCount) {
      if (from.partitions.length - to.partitions.length < 2) break
      const at = from.partitions.findIndex(({ topic }) => to.reads.has(topic))
      if (at !== -1) return { from, to, at }
    }
  }
  return undefined
}

export function cooperativeRound(members: Member[], target: Share[]): Share[] {
  const ownerOf = new Map(members.flatMap(({ id, owned }) => owned.map((one) => [keyOf(one), id] as const)))
  const wanted = new Map(target.map(({ id, partitions }) => [id, partitions]))
  return members.map(({ id }) => ({
    id,
    partitions: (wanted.get(id) ?? []).filter((one) => (ownerOf.get(keyOf(one)) ?? id) === id),
  }))
}

export function memberChanges(events: GroupEvent[], sessionMs: number): number[] {
  const changes: number[] = []
  /** Static members that are in the group: since when each is silent, or that it runs. */
  const places = new Map<string, number | 'runs'>()
  for (const { atMs, instanceId, what } of events) {
    if (instanceId === null) {
      changes.push(what === 'crashes' ? atMs + sessionMs : atMs)
    } else if (what !== 'starts') {
      places.set(instanceId, atMs)
    } else {
      const since = places.get(instanceId)
      const isLate = typeof since === 'number' && atMs > since + sessionMs
      if (isLate) changes.push(since + sessionMs)
      if (since === undefined || isLate) changes.push(atMs)
      places.set(instanceId, 'runs')
    }
  }
  for (const since of places.values()) if (since !== 'runs') changes.push(since + sessionMs)
  return changes.sort((a, b) => a - b)
}

export async function startWorker(kafka: Kafka, settings: Settings) {
  const { groupId, topics, sessionMs, heartbeatMs, onAssigned, onRecord } = settings
  let owned: Record<string, number[]> = {}
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: heartbeatMs,
    partitionAssigners: [stickyAssigner(() => owned)],
  })
  const joined = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      owned = payload.memberAssignment
      if (listed(owned).length > 0) void onAssigned(listed(owned))
      resolve()
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
  })
  joined.catch(() => {})
  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message, heartbeat }) => {
        // A rebalance that it hears of is heard of again after the record: now there is nothing to be done about it.
        const beating = setInterval(() => heartbeat().catch(() => {}), heartbeatMs)
        try {
          const value = message.value?.toString() ?? null
          await onRecord({ topic, partition, offset: message.offset, value })
        } finally {
          clearInterval(beating)
        }
      },
    })
    await joined
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return { stop: () => consumer.disconnect() }
}

const stickyAssigner =
  (owned: () => Record<string, number[]>): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'sticky-lab',
    version: 0,
    protocol: ({ topics }) => {
      const userData = Buffer.from(JSON.stringify(owned()))
      return { name: 'sticky-lab', metadata: MemberMetadata.encode({ version: 0, topics, userData }) }
    },
    assign: async ({ members }) => {
      const told = members.map(({ memberId, memberMetadata }): Member => {
        const { topics = [], userData } = MemberMetadata.decode(memberMetadata) ?? {}
        const said = userData === undefined || userData.length === 0 ? '{}' : userData.toString()
        return { id: memberId, topics, owned: listed(JSON.parse(said) as Record<string, number[]>) }
      })
      const topics = [...new Set(told.flatMap((member) => member.topics))]
      await cluster.addMultipleTargetTopics(topics)
      const counted = topics.map((topic) => ({
        topic,
        partitions: cluster.findTopicPartitionMetadata(topic).length,
      }))
      return assign(told, counted).map(({ id, partitions }) => ({
        memberId: id,
        memberAssignment: MemberAssignment.encode({
          version: 0,
          assignment: byTopic(partitions),
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })

function listed(assignment: Record<string, number[]>): TopicPartition[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  )
}

function byTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const assignment: Record<string, number[]> = {}
  for (const { topic, partition } of partitions) assignment[topic] = [...(assignment[topic] ?? []), partition]
  return assignment
}
