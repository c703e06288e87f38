/**
 * Three nodes with a replica each of one partition, in virtual time: the real replica managers, fetchers and ISR proposals,
 * between them links that delay, lose and cut, and a controller of forty lines that decides as Kafka's does.
 *
 *   client --append--> node 1 --Fetch, ListOffsets (as bytes)--> node 2        each message takes some ms, or is lost
 *                        |  ^                                                  each node has its own view of the metadata
 *                        v  | metadata, in order, with delay
 *                      controller
 *
 * A node that crashes keeps its files and loses the rest; a new start has a new broker epoch. Everything is drawn from one
 * seed. The invariants have the names of the specifications (kafka-tlaplus kip-966, kafka-specification); they are checked
 * after every event.
 */
import { bytesOf, type Core } from '../src/core.ts'
import type { LogManager } from '../src/log/log-manager.ts'
import type { PartitionLog } from '../src/log/partition-log.ts'
import { AlterPartitionRequest, AlterPartitionResponse } from '../src/messages/alter-partition.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import type { AssignedBroker, AssignedPartition } from '../src/replica/assignment.ts'
import { awaitReplicas } from '../src/replica/delayed-produce.ts'
import { IsrUpdates } from '../src/replica/isr-updates.ts'
import type { Partition } from '../src/replica/partition.ts'
import type { LeaderEndpoint } from '../src/replica/replica-fetcher.ts'
import { ReplicaFetchers } from '../src/replica/replica-fetchers.ts'
import { ReplicaManager } from '../src/replica/replica-manager.ts'
import { fetch } from '../src/replica/waiting-fetch.ts'
import { MemoryStorage } from '../src/sim/memory-storage.ts'
import { SeededRandom } from '../src/sim/seeded-random.ts'
import { VirtualTime } from '../src/sim/virtual-time.ts'
import { finish } from '../src/turns.ts'
import { ErrorCode, KafkaError } from '../src/wire/errors.ts'
import { Reader } from '../src/wire/reader.ts'
import type { Message } from '../src/wire/schema.ts'
import { Writer } from '../src/wire/writer.ts'
import { imageOf } from './hosted-fixtures.ts'
import { batchOf, TOPIC_ID, testLog } from './log-fixtures.ts'

export const NODES = [1, 2, 3]
const MIN_INSYNC_REPLICAS = 2
const LAG_MS_MAX = 300
/** Of a message: nine in ten arrive within this time, the tenth within the other one. */
const DELAY_MS_MAX = 15
const SLOW_MS_MAX = 200
const REQUEST_TIMEOUT_MS = 400
export const PRODUCE_TIMEOUT_MS = 1000
const SESSION_TIMEOUT_MS = 250
const FETCHER = { waitMaxMs: 100, minBytes: 1, maxBytes: 10_000, responseMaxBytes: 20_000, backoffMs: 30 }

/** What a node is while it runs; a crash ends it. */
interface Life {
  readonly brokerEpoch: number
  readonly replicas: ReplicaManager
  readonly updates: IsrUpdates
  isOver: boolean
}

export interface Node {
  readonly id: number
  readonly storage: MemoryStorage
  life: Life | undefined
  log: PartitionLog | undefined
  /** When the last metadata arrives, so that none overtakes another. */
  metadataAt: number
}

/** A record that was acknowledged with acks=all. */
interface Acknowledged {
  readonly offset: number
  readonly value: string
}

export class ThreeReplicas {
  readonly time = new VirtualTime()
  readonly random: SeededRandom
  readonly nodes: readonly Node[]
  readonly acknowledged: Acknowledged[] = []
  /** Results of Produce requests by error name; how often each rare thing happened. */
  readonly happened = new Map<string, number>()
  /**
   * All records below it were deleted. A follower that was not told yet may still have them, even others at these offsets: a
   * leader knows no leader epochs from before its log start, so it can't tell that such logs diverge. So it is in Kafka.
   */
  deletedBefore = 0
  private readonly cut = new Set<string>()
  /** The share of messages that is lost. */
  loss = 0
  private produced = 0
  // The controller.
  state: AssignedPartition
  readonly brokers = new Map<number, AssignedBroker>()
  private nextBrokerEpoch = 100

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
    this.state = { leader: 1, leaderEpoch: 0, partitionEpoch: 0, replicas: NODES, isr: NODES }
    const node = (id: number): Node => {
      return { id, storage: new MemoryStorage(), life: undefined, log: undefined, metadataAt: 0 }
    }
    this.nodes = NODES.map(node)
    for (const each of this.nodes) this.start(each)
  }

  count(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1)
  }

  node(id: number): Node {
    return this.nodes[id - 1]!
  }

  // #region links
  cutOff(a: number, b: number): void {
    this.cut.add(`${Math.min(a, b)}-${Math.max(a, b)}`)
  }
  heal(): void {
    this.cut.clear()
  }

  private deliver(from: number, to: number, happen: () => void): void {
    const isCut = this.cut.has(`${Math.min(from, to)}-${Math.max(from, to)}`)
    const isLost = this.random.fraction() < this.loss
    if (isCut || isLost) return
    const isSlow = this.random.int(10) === 0
    this.time.after(1 + this.random.int(isSlow ? SLOW_MS_MAX : DELAY_MS_MAX), happen)
  }

  /** A request of `from` and its response, both as bytes. `to` 0 is the controller. */
  private call<In, Out, ResponseOut, ResponseIn>(
    from: Node,
    to: number,
    messages: { request: Message<Out, In>; response: Message<ResponseOut, ResponseIn>; version: number },
    body: In,
    serve: (request: Out, reply: (response: ResponseIn) => void) => void,
    answered: (response: ResponseOut | undefined) => void,
  ): void {
    const { life } = from
    const { version } = messages
    let isOpen = true
    const end = (response: ResponseOut | undefined): void => {
      if (!isOpen) return
      isOpen = false
      timer.cancel()
      if (!life!.isOver) answered(response)
    }
    const timer = this.time.after(REQUEST_TIMEOUT_MS, () => end(undefined))
    const request = recode(messages.request, version, body)
    this.deliver(from.id, to, () =>
      serve(request, (response) => {
        const received = recode(messages.response, version, response)
        this.deliver(to, from.id, () => end(received))
      }),
    )
  }
  // #endregion links

  // #region nodes
  start(node: Node): void {
    const brokerEpoch = this.nextBrokerEpoch++
    // The log manager checkpoints a log start that DeleteRecords has moved; the high watermark may be lost.
    const logStartOffset = node.log?.logStartOffset ?? 0
    const config = { minInsyncReplicas: MIN_INSYNC_REPLICAS }
    node.log = testLog({ storage: node.storage, config, logStartOffset })
    const { log } = node
    const life = { brokerEpoch, isOver: false } as { -readonly [K in keyof Life]: Life[K] }
    const timers = {
      set: (delayMs: number, fire: () => void) => this.time.after(delayMs, () => life.isOver || fire()),
    }
    life.updates = new IsrUpdates({
      nodeId: node.id,
      timers,
      brokerEpoch: () => brokerEpoch,
      send: (body, answered) => {
        const messages = { request: AlterPartitionRequest, response: AlterPartitionResponse, version: 3 }
        this.call(node, 0, messages, body, (request, reply) => reply(this.alterPartition(request)), answered)
      },
    })
    const fetchers = new ReplicaFetchers({
      nodeId: node.id,
      timers,
      clock: this.time,
      log: () => {},
      settings: FETCHER,
      brokerEpoch: () => brokerEpoch,
      moved: (partition) => life.replicas.moved(partition),
      connect: (leaderId) => this.endpoint(node, leaderId),
    })
    life.replicas = new ReplicaManager({
      core: { clock: this.time, timers, random: this.random, log: () => {} } as unknown as Core,
      nodeId: node.id,
      logs: { open: () => log, delete: () => {} } as unknown as LogManager,
      sessions: { slotsMax: 2, idleMsMin: 0 },
      replication: { isrProposals: life.updates, fetchers },
      lagMsMax: () => LAG_MS_MAX,
    })
    node.life = life
    node.metadataAt = this.time.now()
    this.register(node.id, brokerEpoch)
  }

  crash(node: Node): void {
    const { life } = node
    if (!life) return
    this.count('crash')
    life.isOver = true
    life.replicas.close()
    life.updates.close()
    node.life = undefined
    this.time.after(SESSION_TIMEOUT_MS, () => {
      if (this.brokers.get(node.id)?.epoch === life.brokerEpoch) this.fence(node.id)
    })
  }

  /** How `node` reaches a leader, and what the leader's handlers do (api/records). */
  private endpoint(node: Node, leaderId: number): LeaderEndpoint {
    const leader = this.node(leaderId)
    return {
      fetch: (body, answered) => {
        const messages = { request: FetchRequest, response: FetchResponse, version: 17 }
        this.call(
          node,
          leaderId,
          messages,
          body,
          (request, reply) => serveFetch(leader, request, reply),
          answered,
        )
      },
      listOffsets: (body, answered) => {
        const messages = { request: ListOffsetsRequest, response: ListOffsetsResponse, version: 9 }
        this.count('ListOffsets')
        this.call(
          node,
          leaderId,
          messages,
          body,
          (request, reply) => serveListOffsets(leader, request, reply),
          answered,
        )
      },
      close: () => {},
    }
  }
  // #endregion nodes

  // #region controller
  /** Sends the newest metadata to each node, with a delay of its own, but in order. */
  private publish(): void {
    const image = imageOf({ t: [this.state] }, new Map(this.brokers))
    for (const node of this.nodes) {
      const { life } = node
      if (!life) continue
      node.metadataAt = Math.max(node.metadataAt, this.time.now() + 1 + this.random.int(30))
      this.time.after(node.metadataAt - this.time.now(), () => {
        if (!life.isOver) finish(life.replicas.apply(image, { isOver: false }))
      })
    }
  }

  private change(changed: Partial<AssignedPartition>): void {
    const isElection = changed.leader !== undefined && changed.leader !== this.state.leader
    const leaderEpoch = this.state.leaderEpoch + (isElection ? 1 : 0)
    if (isElection) this.count('election')
    this.state = { ...this.state, ...changed, leaderEpoch, partitionEpoch: this.state.partitionEpoch + 1 }
  }

  private register(id: number, epoch: number): void {
    if (this.brokers.has(id)) this.fence(id)
    this.brokers.set(id, { epoch, fenced: false })
    if (this.state.leader < 0 && this.state.isr.includes(id)) this.change({ leader: id })
    this.publish()
  }

  private fence(id: number): void {
    this.brokers.set(id, { ...this.brokers.get(id)!, fenced: true })
    const { leader, isr } = this.state
    const left = isr.filter((each) => each !== id)
    // The last member stays in the ISR: it has what was committed.
    const newIsr = left.length > 0 ? left : isr
    const isAlive = (each: number): boolean => this.brokers.get(each)?.fenced === false
    if (leader === id) this.change({ leader: left.find(isAlive) ?? -1, isr: newIsr })
    else if (newIsr.length < isr.length) this.change({ isr: newIsr })
    this.publish()
  }

  /** Makes another member of the ISR the leader. */
  transfer(): void {
    const { leader, isr } = this.state
    const others = isr.filter((id) => id !== leader && this.brokers.get(id)?.fenced === false)
    if (leader < 0 || others.length === 0) return
    this.change({ leader: others[this.random.int(others.length)]! })
    this.publish()
  }

  private alterPartition(request: AlterPartitionRequest): { errorCode: number; topics: AnswerTopic[] } {
    if (this.brokers.get(request.brokerId)?.epoch !== request.brokerEpoch)
      return { errorCode: ErrorCode.STALE_BROKER_EPOCH, topics: [] }
    const asked = request.topics[0]!.partitions[0]!
    const errorCode = this.refusalOf(request.brokerId, asked)
    if (errorCode === ErrorCode.NONE) {
      const isr = asked.newIsrWithEpochs.map(({ brokerId }) => brokerId)
      this.count(isr.length > this.state.isr.length ? 'ISR expanded' : 'ISR shrunk')
      this.change({ isr })
      this.publish()
    } else this.count(`AlterPartition refused with ${errorCode}`)
    const { leader: leaderId, leaderEpoch, isr, partitionEpoch } = this.state
    const told = {
      partitionIndex: 0,
      errorCode,
      leaderId,
      leaderEpoch,
      isr,
      leaderRecoveryState: 0,
      partitionEpoch,
    }
    return { errorCode: ErrorCode.NONE, topics: [{ topicId: TOPIC_ID, partitions: [told] }] }
  }

  private refusalOf(
    from: number,
    {
      leaderEpoch,
      partitionEpoch,
      newIsrWithEpochs,
    }: AlterPartitionRequest['topics'][number]['partitions'][number],
  ): ErrorCode {
    if (this.state.leader !== from || leaderEpoch !== this.state.leaderEpoch)
      return ErrorCode.FENCED_LEADER_EPOCH
    if (partitionEpoch !== this.state.partitionEpoch) return ErrorCode.INVALID_UPDATE_VERSION
    const areEligible = newIsrWithEpochs.every(({ brokerId, brokerEpoch }) => {
      const registered = this.brokers.get(brokerId)
      return registered?.fenced === false && (brokerEpoch === -1 || brokerEpoch === registered.epoch)
    })
    return areEligible ? ErrorCode.NONE : ErrorCode.INELIGIBLE_REPLICA
  }
  // #endregion controller

  /** Partitions that take themselves for the leader, rightly or not, each with its node. */
  private leaders(): { life: Life; partition: Partition }[] {
    return this.nodes.flatMap(({ life }) => {
      const partition = life?.replicas.find('t', 0)
      return life && partition ? [{ life, partition }] : []
    })
  }

  /** An administrator deletes all committed records: a follower that is behind finds nothing at its offset. */
  deleteRecords(): void {
    for (const { life, partition } of this.leaders().slice(0, 1)) {
      this.count('DeleteRecords')
      partition.deleteRecordsBefore(-1)
      this.deletedBefore = Math.max(this.deletedBefore, partition.logStartOffset)
      life.replicas.moved(partition)
    }
  }

  /** A client sends a record to a node that takes itself for the leader, rightly or not. */
  produce(acksAll: boolean): void {
    const leaders = this.leaders()
    if (leaders.length === 0) return
    const { life, partition } = leaders[this.random.int(leaders.length)]!
    const { replicas } = life
    const value = `v${this.produced++}`
    try {
      const info = partition.appendPrepared(partition.prepare(batchOf([value])).step()!, 0, acksAll)
      const awaited = acksAll ? partition.awaited('append', info.lastOffset + 1) : undefined
      if (awaited)
        awaitReplicas(replicas, [awaited], PRODUCE_TIMEOUT_MS, ([result]) => {
          this.count(result === ErrorCode.NONE ? 'acknowledged' : `Produce failed with ${result}`)
          if (result === ErrorCode.NONE) this.acknowledged.push({ offset: info.firstOffset, value })
        })
      replicas.moved(partition)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      this.count(`Produce refused with ${error.code}`)
    }
  }
}

type AnswerTopic = NonNullable<Parameters<typeof AlterPartitionResponse.encode>[2]['topics']>[number]

function recode<Out, In>(message: Message<Out, In>, version: number, value: In): Out {
  const writer = new Writer(512)
  message.encode(writer, version, value)
  return message.decode(new Reader(writer.toBytes()), version)
}

/** As api/records/fetch.ts does it. */
function serveFetch(
  { life }: Node,
  request: FetchRequest,
  reply: (response: Parameters<typeof FetchResponse.encode>[2]) => void,
): void {
  if (!life) return
  const targets = request.topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partition: index, partitionMaxBytes: bytesMax, ...asked }) => {
      return { topic: 't', topicId, index, bytesMax, ...asked }
    }),
  )
  const { sessionId, sessionEpoch } = request
  const session = life.replicas.sessions.open({ sessionId, sessionEpoch, byId: true, targets, forgotten: [] })
  if (typeof session === 'number') return reply({ errorCode: session })
  const { replicaId: id, replicaEpoch } = request.replicaState
  const params = {
    maxWaitMs: request.maxWaitMs,
    minBytes: request.minBytes,
    maxBytes: request.maxBytes,
    isolation: 'read_uncommitted',
    follower: { id, brokerEpoch: Number(replicaEpoch) },
  } as const
  fetch(life.replicas, params, session.targets, (results) => {
    const partitions = session.selectChanged(results).map(({ target, result }) => {
      const { divergingEpoch, records, ...others } = result
      const answer = { partitionIndex: target.index, ...others, records: bytesOf(records) }
      return divergingEpoch ? { ...answer, divergingEpoch } : answer
    })
    const responses = partitions.length > 0 ? [{ topicId: TOPIC_ID, partitions }] : []
    reply({ errorCode: ErrorCode.NONE, sessionId: session.sessionId, responses })
  })
}

/** As api/records/list-offsets.ts does it. */
function serveListOffsets(
  { life }: Node,
  request: ListOffsetsRequest,
  reply: (response: Parameters<typeof ListOffsetsResponse.encode>[2]) => void,
): void {
  if (!life) return
  const { name, partitions } = request.topics[0]!
  const { partitionIndex, timestamp, currentLeaderEpoch } = partitions[0]!
  const answer = (result: { errorCode: number; offset?: number }): void =>
    reply({ topics: [{ name, partitions: [{ partitionIndex, ...result }] }] })
  try {
    const partition = life.replicas.leader(name, partitionIndex)
    partition.checkLeaderEpoch(currentLeaderEpoch)
    const { offset } = finish(partition.fetchOffsetForTimestamp(timestamp, partition.logEndOffset))
    answer({ errorCode: ErrorCode.NONE, offset })
  } catch (error) {
    answer({ errorCode: life.replicas.errorCodeOf(error) })
  }
}
