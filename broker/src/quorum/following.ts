/**
 * Following: a replica fetches the log of the leader, and truncates its own where the histories part.
 *
 *   leader known     --Fetch from my end, with my last epoch--> leader
 *                    <-- records                 append, flush, fetch again: that is the acknowledgement
 *                    <-- divergingEpoch          truncate, fetch again
 *                    <-- snapshotId              FetchSnapshot piece by piece, then the log begins at its end
 *   leader unknown   --Fetch--> any bootstrap server: its response names the leader
 *
 * A voter that has no successful fetch for fetchTimeoutMs stands for election. An observer only asks around. One fetch is
 * on the way at a time: two could append the same records twice. (KafkaRaftClient.pollFollower, handleFetchResponse;
 * KIP-595, KIP-630)
 *
 * FOLLOWING-1  the fetch offset is an acknowledgement: it is sent when everything below is on disk
 * FOLLOWING-2  nothing below the known high watermark is truncated
 * FOLLOWING-3  a batch of a newer epoch than the leader's is not appended (KAFKA-18723)
 * FOLLOWING-4  the high watermark of a follower is not above its own end, and does not fall
 */
import { baseOffsetAt, batchPositions, batchSizeAt, readBatchHeader } from '../record/batch.ts'
import { METADATA_TOPIC } from '../topic-names.ts'
import { ErrorCode } from '../wire/errors.ts'
import { METADATA_TOPIC_UUID } from '../wire/uuid.ts'
import type { Elections } from './elections.ts'
import type { Follower, Unattached } from './epoch-state.ts'
import { leaderEndpointsIn } from './leader-endpoints.ts'
import type { RaftPeer, RaftRequestInput, RaftResponse } from './raft-calls.ts'
import type { OffsetAndEpoch, SnapshotWriter } from './raft-log.ts'
import type { RaftNode } from './raft-node.ts'
import type { Joining } from './voters/joining.ts'

const NEVER_MS = Number.POSITIVE_INFINITY
type FetchedPartition = RaftResponse<'Fetch'>['responses'][number]['partitions'][number]

export class Following {
  private readonly node: RaftNode
  private readonly elections: Elections
  private readonly joining: Joining

  constructor(node: RaftNode, parts: { elections: Elections; joining: Joining }) {
    this.node = node
    this.elections = parts.elections
    this.joining = parts.joining
  }

  pollUnattached({ electionDeadlineMs }: Unattached): number {
    const { node } = this
    if (node.isVoter && node.nowMs >= electionDeadlineMs) return this.elections.start()
    return Math.min(this.fetchFromAny(), Math.max(0, electionDeadlineMs - node.nowMs))
  }

  pollFollower(state: Follower): number {
    const { node } = this
    const remainingMs = state.fetchDeadlineMs - node.nowMs
    if (remainingMs <= 0) return node.isVoter ? this.elections.start() : this.fetchFromAny()
    const joinMs = this.joining.poll(state)
    return Math.min(this.fetchFromBest(state), joinMs, remainingMs)
  }

  /** From the leader; if it does not answer, another node may know a newer one. */
  private fetchFromBest(state: Follower): number {
    const { node } = this
    const leader = node.peer(state.leaderId, state.leaderEndpoints)
    if (!leader) return this.fetchFromAny()
    if (node.connections.hasFailed(leader.id, node.nowMs)) {
      const otherMs = this.fetchFromAny()
      return otherMs === NEVER_MS
        ? this.fetchFrom(leader)
        : Math.min(otherMs, node.connections.waitMs(leader.id, node.nowMs) || NEVER_MS)
    }
    return this.fetchFrom(leader)
  }

  private fetchFromAny(): number {
    const { node } = this
    const peers = this.peersToAsk()
    if (peers.length === 0) return NEVER_MS
    const first = node.host.random.int(peers.length)
    const rotated = [...peers.slice(first), ...peers.slice(0, first)]
    const ready = rotated.find(({ id }) => node.connections.isReady(id, node.nowMs))
    if (ready) return this.fetchFrom(ready)
    return Math.min(...peers.map(({ id }) => node.connections.waitMs(id, node.nowMs)))
  }

  /**
   * The bootstrap servers, the voters and the leader, not this node. (Kafka asks the servers only; if all of them have
   * left the quorum, it is not found any more.)
   */
  private peersToAsk(): readonly RaftPeer[] {
    const { node } = this
    const isAt = (at: { host: string; port: number }) => (other: { host: string; port: number }) =>
      at.host === other.host && at.port === other.port
    const { state } = node
    const ids = new Set(node.voters.last.ids)
    const leader = state.kind === 'Follower' ? node.peer(state.leaderId, state.leaderEndpoints) : undefined
    if (leader) ids.delete(leader.id)
    const voters = [...(leader ? [leader] : []), ...[...ids].flatMap((id) => node.peer(id) ?? [])]
    const servers = node.bootstrapPeers.filter((server) => !voters.some(isAt(server)))
    return [...servers, ...voters].filter(
      (peer) => peer.id !== node.key.id && !node.local.endpoints.some(isAt(peer)),
    )
  }

  private fetchFrom(peer: RaftPeer): number {
    const { node } = this
    const busyMs = node.connections.busyMs(node.nowMs)
    if (busyMs > 0) return busyMs
    // FOLLOWING-1: the end of a flush looks again.
    if (!node.isLogCounted()) return NEVER_MS
    const { state } = node
    const snapshot = state.kind === 'Follower' && state.leaderId === peer.id ? state.snapshot : undefined
    if (snapshot)
      return node.call(peer, {
        api: 'FetchSnapshot',
        body: () => this.snapshotRequest(snapshot),
        handle: (response) => this.handleSnapshot(response),
      })
    return node.call(peer, {
      api: 'Fetch',
      body: () => this.fetchRequest(),
      handle: (response) => this.handleFetch(response),
    })
  }

  private fetchRequest(): RaftRequestInput<'Fetch'> {
    const { node } = this
    const { fetchBytesMax, fetchMaxWaitMs } = node.config
    const partition = {
      ...{ partition: 0, currentLeaderEpoch: node.epoch, partitionMaxBytes: fetchBytesMax },
      ...{ fetchOffset: node.log.endOffset, lastFetchedEpoch: node.log.lastEpoch },
      ...{ replicaDirectoryId: node.key.directoryId, highWatermark: node.highWatermark ?? -1 },
    }
    return {
      clusterId: node.clusterId,
      replicaId: node.key.id,
      replicaState: { replicaId: node.key.id },
      ...{ maxWaitMs: fetchMaxWaitMs, minBytes: 0, maxBytes: fetchBytesMax },
      topics: [{ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_UUID, partitions: [partition] }],
    }
  }

  private handleFetch(response: RaftResponse<'Fetch'>): boolean {
    const { node } = this
    const fetched = response.responses[0]?.partitions[0]
    if (response.errorCode !== ErrorCode.NONE || !fetched) return false
    const endpoints = leaderEndpointsIn(response.nodeEndpoints, fetched.currentLeader.leaderId)
    const handled = node.handleCommon(fetched.errorCode, fetched.currentLeader, endpoints)
    if (handled !== undefined) return handled
    const { state } = node
    if (state.kind !== 'Follower') return true
    const { divergingEpoch, snapshotId } = fetched
    if (divergingEpoch.epoch >= 0)
      this.truncate(state, { offset: Number(divergingEpoch.endOffset), epoch: divergingEpoch.epoch })
    else if (snapshotId.epoch >= 0 || snapshotId.endOffset >= 0) {
      if (snapshotId.epoch < 0 || snapshotId.endOffset < 0) return false
      const id = { offset: Number(snapshotId.endOffset), epoch: snapshotId.epoch }
      state.snapshot?.close()
      state.snapshot = node.log.snapshots.create(id)
    } else {
      this.append(state, fetched)
    }
    this.heardFromLeader(state)
    return true
  }

  private heardFromLeader(state: Follower): void {
    state.fetchDeadlineMs = this.node.nowMs + this.node.config.fetchTimeoutMs
    state.hasFetched = true
  }

  /** The leader's history is another one from here on (FOLLOWING-2). */
  private truncate(state: Follower, leaderEnd: OffsetAndEpoch): void {
    const { node } = this
    const offset = node.rules.truncateTo(node.log, leaderEnd, state.highWatermark)
    node.host.say('info', `quorum: the log is truncated to offset ${offset}`, { leader: state.leaderId })
    node.log.truncateTo(offset)
    node.flushed.truncated(offset)
    node.voters.truncateNew(offset)
  }

  private append(state: Follower, { records, highWatermark }: FetchedPartition): void {
    const { node } = this
    const batches = records ? upToEpoch(records, state.epoch) : new Uint8Array(0)
    if (batches.length > 0) {
      const baseOffset = baseOffsetAt(batches, 0)
      if (baseOffset !== node.log.endOffset)
        throw new Error(`quorum: fetched offset ${baseOffset} does not follow the end ${node.log.endOffset}`)
      node.log.appendAsFollower(batches)
      node.voters.update()
      node.flushed.flush()
    }
    if (highWatermark >= 0) this.advance(state, Number(highWatermark))
  }

  /** FOLLOWING-4 */
  private advance(state: Follower, leaderHighWatermark: number): void {
    const highWatermark = Math.min(leaderHighWatermark, this.node.log.endOffset)
    const before = state.highWatermark
    if (before !== undefined && highWatermark < before)
      throw new Error(`quorum: the high watermark falls from ${before} to ${highWatermark}`)
    if (highWatermark === before) return
    state.highWatermark = highWatermark
    this.node.onHighWatermark()
  }

  // -- snapshots -----------------------------------------------------------------------------------------------------

  private snapshotRequest({ id, size }: SnapshotWriter): RaftRequestInput<'FetchSnapshot'> {
    const { node } = this
    const partition = {
      ...{ partition: 0, currentLeaderEpoch: node.epoch, position: size },
      snapshotId: { endOffset: id.offset, epoch: id.epoch },
      replicaDirectoryId: node.key.directoryId,
    }
    return {
      ...{ clusterId: node.clusterId, replicaId: node.key.id, maxBytes: node.config.fetchSnapshotBytesMax },
      topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
    }
  }

  private handleSnapshot(response: RaftResponse<'FetchSnapshot'>): boolean {
    const { node } = this
    const piece = response.topics[0]?.partitions[0]
    if (response.errorCode !== ErrorCode.NONE || !piece) return false
    const endpoints = leaderEndpointsIn(response.nodeEndpoints, piece.currentLeader.leaderId)
    // The errors about snapshots are handled here.
    const isGone =
      piece.errorCode === ErrorCode.SNAPSHOT_NOT_FOUND || piece.errorCode === ErrorCode.POSITION_OUT_OF_RANGE
    const handled = node.handleCommon(
      isGone ? ErrorCode.NONE : piece.errorCode,
      piece.currentLeader,
      endpoints,
    )
    if (handled !== undefined) return handled
    const { state } = node
    if (state.kind !== 'Follower' || !state.snapshot) return true
    const { snapshot } = state
    this.heardFromLeader(state)
    const isSame =
      Number(piece.snapshotId.endOffset) === snapshot.id.offset &&
      piece.snapshotId.epoch === snapshot.id.epoch
    if (isGone || !isSame || Number(piece.position) !== snapshot.size) {
      // The leader has another snapshot by now: the next fetch asks for it.
      snapshot.close()
      state.snapshot = undefined
      return true
    }
    snapshot.append(piece.unalignedRecords)
    if (snapshot.size >= Number(piece.size)) this.load(state, snapshot)
    return true
  }

  /** The snapshot is complete: it takes the place of the log. */
  private load(state: Follower, snapshot: SnapshotWriter): void {
    const { node } = this
    snapshot.freeze()
    state.snapshot = undefined
    const { offset } = snapshot.id
    node.log.truncateFullyAndStartAt(offset)
    node.flushed.replaced(offset)
    node.voters.update()
    if (offset > (state.highWatermark ?? -1)) this.advance(state, offset)
  }
}

/** The batches before the first one of a newer epoch (FOLLOWING-3). */
function upToEpoch(bytes: Uint8Array, epoch: number): Uint8Array {
  let end = 0
  for (const at of batchPositions(bytes)) {
    if (readBatchHeader(bytes, at).partitionLeaderEpoch > epoch) break
    end = at + batchSizeAt(bytes, at)
  }
  return bytes.subarray(0, end)
}
