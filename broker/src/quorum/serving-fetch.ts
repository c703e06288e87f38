/**
 * The leader answers Fetch and FetchSnapshot of the other replicas.
 *
 *   the follower's end            answer
 *   is in this log                records from there on; what the follower has is now known (leader-progress.ts)
 *   has another history           divergingEpoch: where the histories part
 *   is below the start, or 0      snapshotId: load that first
 *   is the end of this log        nothing yet: the fetch waits for records, or a higher high watermark, or maxWaitMs
 *
 * (KafkaRaftClient.handleFetchRequest, KIP-595; snapshots KIP-630; waiting for the high watermark KIP-1166)
 *
 * SERVING-FETCH-1  only a fetch that continues this very log moves the high watermark
 * SERVING-FETCH-2  a fetch that waits ends with an error when this node stops leading
 */
import type { Timer } from '../core.ts'
import { METADATA_TOPIC } from '../topic-names.ts'
import { ErrorCode } from '../wire/errors.ts'
import { INT64_MAX } from '../wire/int64.ts'
import { METADATA_TOPIC_UUID } from '../wire/uuid.ts'
import type { Leader } from './epoch-state.ts'
import type { LeaderLog } from './leader-log.ts'
import { endpointsOfLeader, NO_LEADER, type RaftRequest, type RaftResponseInput } from './raft-calls.ts'
import { type OffsetValidity, validateOffset } from './raft-log.ts'
import type { RaftNode } from './raft-node.ts'
import type { ReplicaKey } from './voters/voter-set.ts'

type FetchAnswer = RaftResponseInput<'Fetch'>
type SnapshotAnswer = RaftResponseInput<'FetchSnapshot'>
type AskedPartition = RaftRequest<'Fetch'>['topics'][number]['partitions'][number]

interface DelayedFetch {
  readonly replica: ReplicaKey
  readonly asked: AskedPartition
  readonly timer: Timer
  readonly respond: (answer: FetchAnswer) => void
}

const NO_EPOCH = -1

export class ServingFetch {
  private readonly node: RaftNode
  private readonly leaderLog: LeaderLog
  private delayed: DelayedFetch[] = []

  constructor(node: RaftNode, leaderLog: LeaderLog) {
    this.node = node
    this.leaderLog = leaderLog
  }

  handleFetch(request: RaftRequest<'Fetch'>, respond: (answer: FetchAnswer) => void): void {
    const { node } = this
    if (request.clusterId !== null && request.clusterId !== node.clusterId)
      return respond({ errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID })
    const asked = onlyFetched(request)
    if (!asked) return respond({ errorCode: ErrorCode.INVALID_REQUEST })
    const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = asked
    if (
      request.maxWaitMs < 0 ||
      fetchOffset < 0 ||
      lastFetchedEpoch < 0 ||
      lastFetchedEpoch > currentLeaderEpoch
    )
      return respond(this.failed(ErrorCode.INVALID_REQUEST))
    const id = request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId
    const replica = { id, directoryId: asked.replicaDirectoryId }
    const { answer, mayWait } = this.tryFetch(replica, asked)
    if (!mayWait || request.maxWaitMs === 0) return respond(answer)
    const fetch: DelayedFetch = {
      ...{ replica, asked, respond },
      timer: node.host.timers.set(
        request.maxWaitMs,
        () => node.run(() => this.expire(fetch)),
        'a delayed Fetch of the metadata log',
      ),
    }
    this.delayed.push(fetch)
  }

  private tryFetch(replica: ReplicaKey, asked: AskedPartition): { answer: FetchAnswer; mayWait: boolean } {
    const { node } = this
    const error = this.leaderError(asked.currentLeaderEpoch)
    const { state } = node
    if (error !== ErrorCode.NONE || state.kind !== 'Leader')
      return { answer: this.failed(error), mayWait: false }
    if (!node.rules.servesFetchOf(replica, node.voters.last))
      return { answer: this.failed(ErrorCode.UNKNOWN_SERVER_ERROR), mayWait: false }
    const offset = Number(asked.fetchOffset)
    const validity = validateOffset(node.log, { offset, epoch: asked.lastFetchedEpoch })
    if (validity.kind !== 'valid') return { answer: this.answer(state, { validity }), mayWait: false }
    // SERVING-FETCH-1
    if (replica.id >= 0) this.leaderLog.replicaFetched(state, replica, offset)
    const records = node.log.read(offset, node.config.fetchBytesMax)
    const mayWait = records.length === 0 && !this.hasNewHighWatermark(asked)
    return { answer: this.answer(state, { validity, records }), mayWait }
  }

  private hasNewHighWatermark({ highWatermark }: AskedPartition): boolean {
    const own = this.node.highWatermark
    return highWatermark !== INT64_MAX && own !== undefined && Number(highWatermark) < own
  }

  /** There may be something for the fetches that wait. */
  complete(): void {
    const waiting = this.delayed
    this.delayed = []
    for (const fetch of waiting) {
      const hasRecords = this.node.log.endOffset > Number(fetch.asked.fetchOffset)
      if (!hasRecords && !this.hasNewHighWatermark(fetch.asked)) {
        this.delayed.push(fetch)
        continue
      }
      fetch.timer.cancel()
      fetch.respond(this.tryFetch(fetch.replica, fetch.asked).answer)
    }
  }

  /** This node leads no longer: the replicas shall look for another leader (SERVING-FETCH-2). */
  failAll(error: ErrorCode): void {
    for (const { timer, respond } of this.delayed.splice(0)) {
      timer.cancel()
      respond(this.failed(error))
    }
  }

  private expire(fetch: DelayedFetch): void {
    this.delayed = this.delayed.filter((other) => other !== fetch)
    const { state } = this.node
    if (state.kind === 'Leader') fetch.respond(this.answer(state, { validity: { kind: 'valid' } }))
    else fetch.respond(this.failed(ErrorCode.NOT_LEADER_OR_FOLLOWER))
  }

  /** The error for a request that only the leader of this epoch answers; NONE if this is it. */
  leaderError(requestEpoch: number): ErrorCode {
    const { node } = this
    if (requestEpoch < node.epoch) return ErrorCode.FENCED_LEADER_EPOCH
    if (requestEpoch > node.epoch) return ErrorCode.UNKNOWN_LEADER_EPOCH
    if (node.state.kind !== 'Leader') return ErrorCode.NOT_LEADER_OR_FOLLOWER
    return node.shutdownAtMs === undefined ? ErrorCode.NONE : ErrorCode.BROKER_NOT_AVAILABLE
  }

  private answer(
    leader: Leader,
    { validity, records = new Uint8Array(0) }: { validity: OffsetValidity; records?: Uint8Array },
  ): FetchAnswer {
    const { highWatermark } = leader.progress
    return this.withPartition({
      errorCode: ErrorCode.NONE,
      highWatermark: highWatermark ?? -1,
      ...(validity.kind === 'diverging'
        ? { divergingEpoch: { epoch: validity.end.epoch, endOffset: validity.end.offset } }
        : {}),
      ...(validity.kind === 'snapshot'
        ? { snapshotId: { epoch: validity.id.epoch, endOffset: validity.id.offset } }
        : {}),
      records,
    })
  }

  private failed(errorCode: ErrorCode): FetchAnswer {
    return this.withPartition({ errorCode, highWatermark: -1, records: new Uint8Array(0) })
  }

  private withPartition(
    fields: NonNullable<NonNullable<FetchAnswer['responses']>[number]['partitions']>[number],
  ): FetchAnswer {
    const { node } = this
    const leaderId = node.leaderId ?? NO_LEADER
    const partition = {
      ...{ partitionIndex: 0, logStartOffset: node.log.startOffset },
      currentLeader: { leaderId, leaderEpoch: node.epoch },
      ...fields,
    }
    return {
      errorCode: ErrorCode.NONE,
      responses: [{ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_UUID, partitions: [partition] }],
      nodeEndpoints: endpointsOfLeader(leaderId, node.leaderEndpoints),
    }
  }

  // -- snapshots -----------------------------------------------------------------------------------------------------

  handleFetchSnapshot(request: RaftRequest<'FetchSnapshot'>): SnapshotAnswer {
    const { node } = this
    if (request.clusterId !== null && request.clusterId !== node.clusterId)
      return { errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID }
    const [topic] = request.topics
    const asked = topic?.partitions[0]
    if (request.topics.length !== 1 || topic?.partitions.length !== 1 || !asked)
      return { errorCode: ErrorCode.INVALID_REQUEST }
    if (topic.name !== METADATA_TOPIC || asked.partition !== 0)
      return this.snapshotAnswer({ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION })
    const error = this.leaderError(asked.currentLeaderEpoch)
    const { state } = node
    if (error !== ErrorCode.NONE || state.kind !== 'Leader') return this.snapshotAnswer({ errorCode: error })
    const id = { offset: Number(asked.snapshotId.endOffset), epoch: asked.snapshotId.epoch }
    const size = node.log.snapshots.size(id)
    if (size === undefined) return this.snapshotAnswer({ errorCode: ErrorCode.SNAPSHOT_NOT_FOUND })
    const position = Number(asked.position)
    if (position < 0 || position >= size)
      return this.snapshotAnswer({ errorCode: ErrorCode.POSITION_OUT_OF_RANGE })
    const bytesMax = Math.min(request.maxBytes, node.config.fetchSnapshotBytesMax)
    // A long snapshot must not cost the leader its quorum.
    state.progress.heardFrom({ id: request.replicaId, directoryId: asked.replicaDirectoryId }, node.nowMs)
    return this.snapshotAnswer({
      errorCode: ErrorCode.NONE,
      snapshotId: asked.snapshotId,
      ...{ size, position },
      unalignedRecords: node.log.snapshots.read(id, position, bytesMax),
    })
  }

  private snapshotAnswer(
    fields: NonNullable<NonNullable<SnapshotAnswer['topics']>[number]['partitions']>[number],
  ): SnapshotAnswer {
    const { node } = this
    const leaderId = node.leaderId ?? NO_LEADER
    const none = { snapshotId: { endOffset: NO_EPOCH, epoch: NO_EPOCH }, unalignedRecords: new Uint8Array(0) }
    const partition = { index: 0, ...none, currentLeader: { leaderId, leaderEpoch: node.epoch }, ...fields }
    return {
      errorCode: ErrorCode.NONE,
      topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
      nodeEndpoints: endpointsOfLeader(leaderId, node.leaderEndpoints),
    }
  }
}

/** The metadata partition of a Fetch; undefined if it is about another one. */
function onlyFetched({
  topics,
}: RaftRequest<'Fetch'>): (AskedPartition & { fetchOffset: number }) | undefined {
  const [topic] = topics
  const asked = topic?.partitions[0]
  const isMetadata = topic?.topicId === METADATA_TOPIC_UUID || topic?.topic === METADATA_TOPIC
  if (topics.length !== 1 || topic?.partitions.length !== 1 || !asked || !isMetadata || asked.partition !== 0)
    return undefined
  return { ...asked, fetchOffset: Number(asked.fetchOffset) }
}
