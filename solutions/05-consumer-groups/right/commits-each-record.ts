/** Right, other structure: commits by itself after each record, keeps partitions in sets, takes what is too much first. */
import { AssignerProtocol, type EachMessagePayload, type Kafka } from 'kafkajs'

type TopicPartition = { topic: string; partition: number }
type Member = { id: string; topics: string[]; owned: TopicPartition[] }
type Share = { id: string; partitions: TopicPartition[] }
type GroupEvent = { atMs: number; instanceId: string | null; what: 'starts' | 'stops' | 'crashes' }

const key = (topic: string, partition: number) => `${partition} ${topic}`
const unkey = (text: string): TopicPartition => {
  const space = text.indexOf(' ')
  return { topic: text.slice(space + 1), partition: Number(text.slice(0, space)) }
}

export function assign(members: Member[], topics: { topic: string; partitions: number }[]): Share[] {
  const open = new Set<string>()
  for (const { topic, partitions } of topics)
    for (let partition = 0; partition < partitions; partition++) open.add(key(topic, partition))
  const sets = members.map((member) => {
    const own = member.owned.filter(({ topic }) => member.topics.includes(topic))
    return new Set(own.map(({ topic, partition }) => key(topic, partition)).filter((one) => open.delete(one)))
  })
  const size = (i: number) => sets[i]?.size ?? 0
  const reads = members.map(({ topics: names }) => new Set(names))
  const subscribers = (topic: string) =>
    members.flatMap((member, i) => (member.topics.includes(topic) ? [i] : []))
  for (const one of open) {
    const [to] = subscribers(unkey(one).topic).sort((a, b) => size(a) - size(b))
    if (to !== undefined) sets[to]?.add(one)
  }
  const indices = members.map((_, i) => i)
  const next = (): (() => void) | undefined => {
    const sorted = [...indices].sort((a, b) => size(b) - size(a))
    for (const from of sorted)
      for (const to of sorted.toReversed()) {
        if (size(from) < size(to) + 2) break
        for (const one of sets[from] ?? [])
          if (reads[to]?.has(one.slice(one.indexOf(' ') + 1)) === true)
            return () => {
              sets[from]?.delete(one)
              sets[to]?.add(one)
            }
      }
    return undefined
  }
  for (let move = next(); move !== undefined; move = next()) move()
  return members.map(({ id }, i) => ({ id, partitions: [...(sets[i] ?? [])].map(unkey) }))
}

export function cooperativeRound(members: Member[], target: Share[]): Share[] {
  const held = members.flatMap(({ id, owned }) => owned.map((one) => ({ ...one, id })))
  return members.map(({ id }) => ({
    id,
    partitions: target
      .filter((share) => share.id === id)
      .flatMap((share) => share.partitions)
      .filter(
        (one) => !held.some((by) => by.id !== id && by.topic === one.topic && by.partition === one.partition),
      ),
  }))
}

export function memberChanges(events: GroupEvent[], sessionMs: number): number[] {
  const next = (from: number, id: string) =>
    events.slice(from + 1).find(({ instanceId, what }) => instanceId === id && what === 'starts')
  const before = (to: number, id: string) =>
    events.slice(0, to).findLast(({ instanceId }) => instanceId === id)
  return events
    .flatMap(({ atMs, instanceId, what }, i) => {
      if (instanceId === null) return [what === 'crashes' ? atMs + sessionMs : atMs]
      if (what === 'starts') {
        const last = before(i, instanceId)
        return last !== undefined && last.atMs + sessionMs > atMs ? [] : [atMs]
      }
      const heir = next(i, instanceId)
      return heir !== undefined && heir.atMs < atMs + sessionMs ? [] : [atMs + sessionMs]
    })
    .sort((a, b) => a - b)
}

interface Settings {
  groupId: string
  topics: string[]
  sessionMs: number
  heartbeatMs: number
  onAssigned: (partitions: TopicPartition[]) => Promise<void>
  onRecord: (record: TopicPartition & { offset: number; value: string | null }) => Promise<void>
}

export async function startWorker(kafka: Kafka, settings: Settings) {
  const mine: { list: TopicPartition[] } = { list: [] }
  const consumer = kafka.consumer({
    groupId: settings.groupId,
    sessionTimeout: settings.sessionMs,
    heartbeatInterval: Math.ceil(settings.heartbeatMs / 2),
    maxWaitTimeInMs: 40,
    partitionAssigners: [({ cluster }) => assigner(cluster, () => mine.list)],
  })
  let settle: { resolve(): void; reject(error: Error): void } | undefined
  const first = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  first.catch(() => {})
  consumer.on('consumer.group_join', async ({ payload: { memberAssignment } }) => {
    mine.list = toList(memberAssignment)
    settle?.resolve()
    await settings.onAssigned(mine.list.map((one) => ({ ...one })))
  })
  consumer.on('consumer.crash', ({ payload: { error } }) => settle?.reject(error))
  let isLeaving = false
  let inHand: Promise<void> = Promise.resolve()
  const handle = async ({ topic, partition, message: { offset, value }, heartbeat }: EachMessagePayload) => {
    // Not handled, so not committed: whoever gets the partition begins here.
    if (isLeaving) return
    const text = value === null ? null : String(value)
    let isOver = false
    const work = settings.onRecord({ topic, partition, offset: Number(offset), value: text }).finally(() => {
      isOver = true
    })
    while (!isOver) {
      const pause = new Promise((resolve) => setTimeout(resolve, settings.heartbeatMs / 2))
      await Promise.race([work, pause])
      if (!isOver) await heartbeat().catch(() => {})
    }
    await work
    await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(offset) + 1n) }])
  }
  const begin = async () => {
    await consumer.connect()
    for (const topic of settings.topics) await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: (payload) => {
        inHand = handle(payload)
        return inHand
      },
    })
    await first
  }
  await begin().catch(async (error: unknown) => {
    await consumer.disconnect()
    throw error
  })
  return {
    async stop() {
      // commitOffsets does nothing once the consumer stops: first the record in hand, then stop.
      isLeaving = true
      await inHand.catch(() => {})
      await consumer.stop()
      await consumer.disconnect()
    },
  }
}

type Cluster = Parameters<import('kafkajs').PartitionAssigner>[0]['cluster']

function assigner(cluster: Cluster, own: () => TopicPartition[]) {
  const { MemberAssignment, MemberMetadata } = AssignerProtocol
  return {
    name: 'sticky-lab',
    version: 0,
    protocol({ topics }: { topics: string[] }) {
      const userData = Buffer.from(JSON.stringify(toObject(own())))
      return { name: this.name, metadata: MemberMetadata.encode({ version: 0, topics, userData }) }
    },
    async assign({ members }: { members: { memberId: string; memberMetadata: Buffer }[] }) {
      const decoded = members.map(({ memberId, memberMetadata }) => {
        const { topics, userData } = MemberMetadata.decode(memberMetadata) ?? {
          topics: [],
          userData: Buffer.from(''),
        }
        return {
          id: memberId,
          topics,
          owned: userData.length > 1 ? toList(JSON.parse(String(userData))) : [],
        }
      })
      const names = new Set(decoded.flatMap(({ topics }) => topics))
      for (const name of names) await cluster.addTargetTopic(name)
      const counts = Array.from(names, (topic) => ({
        topic,
        partitions: cluster.findTopicPartitionMetadata(topic).length,
      }))
      return assign(decoded, counts).map(({ id, partitions }) => ({
        memberId: id,
        memberAssignment: MemberAssignment.encode({
          version: 0,
          assignment: toObject(partitions),
          userData: Buffer.from(''),
        }),
      }))
    },
  }
}

function toList(assignment: Record<string, number[]>): TopicPartition[] {
  const list: TopicPartition[] = []
  for (const topic in assignment)
    for (const partition of assignment[topic] ?? []) list.push({ topic, partition })
  return list
}

function toObject(list: TopicPartition[]): Record<string, number[]> {
  return Object.fromEntries(
    list.map(({ topic }) => [
      topic,
      list.filter((one) => one.topic === topic).map(({ partition }) => partition),
    ]),
  )
}
