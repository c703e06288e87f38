/** Right, other structure: eachBatch, quotas that are counted beforehand where that is possible, a class for the worker. */
import { AssignerProtocol, type Consumer, type EachBatchPayload, type Kafka } from 'kafkajs'

interface TopicPartition {
  topic: string
  partition: number
}
interface Member {
  id: string
  topics: string[]
  owned: TopicPartition[]
}
interface Topic {
  topic: string
  partitions: number
}
interface Share {
  id: string
  partitions: TopicPartition[]
}
interface GroupEvent {
  atMs: number
  instanceId: string | null
  what: 'starts' | 'stops' | 'crashes'
}
interface Settings {
  groupId: string
  topics: string[]
  sessionMs: number
  heartbeatMs: number
  onAssigned(partitions: TopicPartition[]): Promise<void>
  onRecord(record: TopicPartition & { offset: bigint; value: string | null }): Promise<void>
}

const nameOf = (one: TopicPartition) => JSON.stringify([one.topic, one.partition])

export function assign(members: Member[], topics: Topic[]): Share[] {
  const owners = new Map<string, number>()
  const all = topics.flatMap(({ topic, partitions }) =>
    [...Array(partitions).keys()].map((partition) => ({ topic, partition })),
  )
  const real = new Set(all.map(nameOf))
  const reads = members.map((member) => new Set(member.topics))
  members.forEach(({ owned }, i) => {
    for (const one of owned)
      if (real.has(nameOf(one)) && !owners.has(nameOf(one)) && reads[i]?.has(one.topic) === true)
        owners.set(nameOf(one), i)
  })
  const counts = members.map((_, i) => [...owners.values()].filter((owner) => owner === i).length)
  const countOf = (i: number) => counts[i] ?? 0
  const give = (one: TopicPartition, to: number) => {
    const from = owners.get(nameOf(one))
    if (from !== undefined) counts[from] = countOf(from) - 1
    owners.set(nameOf(one), to)
    counts[to] = countOf(to) + 1
  }
  const readersOf = (topic: string) => members.flatMap((_, i) => (reads[i]?.has(topic) === true ? [i] : []))
  const least = (readers: number[]) => readers.reduce((a, b) => (countOf(b) < countOf(a) ? b : a))
  for (const one of all) {
    const readers = readersOf(one.topic)
    if (readers.length > 0 && !owners.has(nameOf(one))) give(one, least(readers))
  }
  const readersBy = new Map(topics.map(({ topic }) => [topic, readersOf(topic)]))
  const lists = members.map((_, i) => all.filter((one) => owners.get(nameOf(one)) === i))
  for (let isEven = false; !isEven; ) {
    isEven = true
    for (const from of members.map((_, i) => i).sort((a, b) => countOf(b) - countOf(a))) {
      const list = lists[from] ?? []
      const names = [...new Set(list.map(({ topic }) => topic))]
      const to = least([from, ...names.map((topic) => least(readersBy.get(topic) ?? [from]))])
      const at = list.findIndex(({ topic }) => reads[to]?.has(topic) === true)
      const one = list[at]
      if (one === undefined || countOf(from) - countOf(to) < 2) continue
      list.splice(at, 1)
      give(one, to)
      lists[to]?.push(one)
      isEven = false
      break
    }
  }
  const shares: Share[] = members.map(({ id }) => ({ id, partitions: [] }))
  for (const one of all) {
    const owner = owners.get(nameOf(one))
    if (owner !== undefined) shares[owner]?.partitions.push(one)
  }
  return shares
}

export function cooperativeRound(members: Member[], target: Share[]): Share[] {
  return members.map((member) => {
    const others = members.filter((other) => other !== member).flatMap(({ owned }) => owned.map(nameOf))
    const taken = new Set(others)
    const mine = target.find(({ id }) => id === member.id)?.partitions ?? []
    return { id: member.id, partitions: mine.filter((one) => !taken.has(nameOf(one))) }
  })
}

export function memberChanges(events: GroupEvent[], sessionMs: number): number[] {
  const moments = new Set<number>()
  const ends = new Map<string, number>()
  for (const { atMs, instanceId, what } of events) {
    const goesAt = what === 'stops' && instanceId === null ? atMs : atMs + sessionMs
    const isBack = instanceId !== null && what === 'starts' && (ends.get(instanceId) ?? -1) > atMs
    if (what !== 'starts') moments.add(goesAt)
    else if (!isBack) moments.add(atMs)
    else moments.delete(ends.get(instanceId) ?? -1)
    if (instanceId !== null && what !== 'starts') ends.set(instanceId, goesAt)
  }
  return [...moments].sort((a, b) => a - b)
}

class GroupWorker {
  readonly #settings: Settings
  readonly #consumer: Consumer
  #assignment: Record<string, number[]> = {}

  constructor(kafka: Kafka, settings: Settings) {
    this.#settings = settings
    const name = 'sticky-lab'
    const { MemberMetadata, MemberAssignment } = AssignerProtocol
    this.#consumer = kafka.consumer({
      groupId: settings.groupId,
      sessionTimeout: settings.sessionMs,
      heartbeatInterval: settings.heartbeatMs,
      maxWaitTimeInMs: Math.min(100, settings.heartbeatMs),
      partitionAssigners: [
        ({ cluster }) => ({
          name,
          version: 1,
          protocol: ({ topics }) => ({
            name,
            metadata: MemberMetadata.encode({
              version: 1,
              topics,
              userData: Buffer.from(JSON.stringify(this.#assignment)),
            }),
          }),
          assign: async ({ members }) => {
            const heard = members.map(({ memberId: id, memberMetadata }) => {
              const said = MemberMetadata.decode(memberMetadata)
              const owned = JSON.parse(said?.userData.toString() || '{}') as Record<string, number[]>
              return { id, topics: said?.topics ?? [], owned: flat(owned) }
            })
            const names = [...new Set(heard.flatMap(({ topics }) => topics))]
            await cluster.addMultipleTargetTopics(names)
            await cluster.refreshMetadata()
            const topics = names.map((topic) => ({
              topic,
              partitions: cluster.findTopicPartitionMetadata(topic).length,
            }))
            return assign(heard, topics).map(({ id, partitions }) => {
              const assignment: Record<string, number[]> = {}
              for (const { topic, partition } of partitions)
                assignment[topic] = [...(assignment[topic] ?? []), partition]
              const userData = Buffer.alloc(0)
              return {
                memberId: id,
                memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData }),
              }
            })
          },
        }),
      ],
    })
  }

  async start(): Promise<this> {
    const consumer = this.#consumer
    let refusal: Error | undefined
    let hasJoined = false
    consumer.on('consumer.group_join', ({ payload }) => {
      this.#assignment = payload.memberAssignment
      hasJoined = true
      void this.#settings.onAssigned(flat(payload.memberAssignment))
    })
    consumer.on('consumer.crash', ({ payload }) => {
      refusal ??= payload.error
    })
    await consumer.connect()
    await consumer.subscribe({ topics: this.#settings.topics, fromBeginning: true })
    await consumer.run({ eachBatchAutoResolve: false, eachBatch: (payload) => this.#work(payload) })
    if (hasJoined) return this
    await consumer.disconnect()
    throw refusal ?? new Error('the group was not joined')
  }

  async #work({ batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch
    for (const { offset, value } of batch.messages) {
      if (!isRunning() || isStale()) return
      const beating = setInterval(() => {
        heartbeat().catch(() => {})
      }, this.#settings.heartbeatMs)
      const text = value === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
      await this.#settings.onRecord({ topic, partition, offset: BigInt(offset), value: text })
      clearInterval(beating)
      resolveOffset(offset)
      await heartbeat()
    }
  }

  async stop(): Promise<void> {
    await this.#consumer.disconnect()
  }
}

const flat = (assignment: Record<string, number[]>): TopicPartition[] =>
  Object.keys(assignment).flatMap((topic) =>
    (assignment[topic] ?? []).map((partition) => ({ topic, partition })),
  )

export const startWorker = (kafka: Kafka, settings: Settings) => new GroupWorker(kafka, settings).start()
