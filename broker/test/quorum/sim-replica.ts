/**
 * A simulated replica: a disk, and now and then a process with a quorum on it.
 *
 * A process can crash, be started again on the same disk, or be paused: then its clock runs on, and everything that would
 * happen in it happens when it is resumed, as after a long stop of the garbage collector.
 *
 * Its state machine is a running hash over the committed values, so that two replicas that applied different values are
 * seen to differ.
 */
import {
  ControlType,
  KRaftVersionRecord,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
} from '../../src/messages/records/control-records.ts'
import { Quorum, type ServedApi } from '../../src/quorum/quorum.ts'
import type { QuorumRules } from '../../src/quorum/quorum-rules.ts'
import type { RaftApi, RaftRequest, RaftResponseInput } from '../../src/quorum/raft-calls.ts'
import type { RaftConfig } from '../../src/quorum/raft-host.ts'
import type { OffsetAndEpoch } from '../../src/quorum/raft-log.ts'
import type { FirstVoters } from '../../src/quorum/voters/voter-history.ts'
import { toVotersRecord, type VoterNode, type VoterSet } from '../../src/quorum/voters/voter-set.ts'
import { batchPositions, crcAt, isControl, readBatchHeader } from '../../src/record/batch.ts'
import { buildBatch } from '../../src/record/batch-builder.ts'
import { joinedBytes } from '../../src/record/compression.ts'
import { buildQuorumBatch, encodeBody } from '../../src/record/control-record.ts'
import { readRecords } from '../../src/record/record.ts'
import type { SeededRandom } from '../../src/sim/seeded-random.ts'
import type { VirtualTime } from '../../src/sim/virtual-time.ts'
import { ErrorCode } from '../../src/wire/errors.ts'
import { SimDisk, SimLog } from './sim-disk.ts'
import { portOf, type SimLinks, type Station } from './sim-links.ts'

/** Kafka's defaults, about seven times as fast. */
export const SIM_CONFIG: RaftConfig = {
  electionTimeoutMs: 150,
  electionBackoffMaxMs: 150,
  fetchTimeoutMs: 300,
  requestTimeoutMs: 300,
  retryBackoffMs: 20,
  fetchMaxWaitMs: 100,
  fetchBytesMax: 600,
  fetchSnapshotBytesMax: 200,
  autoJoin: false,
}
const CLUSTER_ID = 'simulated-quorum-00000'

/** What the invariants want to know of each replica as it happens. */
export interface Watcher {
  committed(replica: SimReplica, batch: { baseOffset: number; epoch: number; crc: number }): void
  loadedSnapshot(replica: SimReplica, id: OffsetAndEpoch): void
}

export interface SimReplicaOptions {
  readonly id: number
  readonly time: VirtualTime
  readonly random: SeededRandom
  readonly links: SimLinks
  readonly firstVoters: FirstVoters
  readonly bootstrapIds: readonly number[]
  readonly rules: QuorumRules
  readonly config: RaftConfig
  readonly watcher: Watcher
}

/** The entry of a replica in the set of voters. */
export function voterNode(id: number, directoryId: string): VoterNode {
  const endpoints = [{ name: 'CONTROLLER', host: 'sim', port: portOf(id) }]
  return { key: { id, directoryId }, endpoints, kraftVersions: { min: 0, max: 1 } }
}

export function directoryOf(id: number, disk = 0): string {
  return `${String.fromCharCode(65 + id)}${String.fromCharCode(65 + disk)}AAAAAAAAAAAAAAAAAAAA`
}

export class SimReplica implements Station {
  readonly id: number
  disk = new SimDisk()
  directoryId: string
  life = 0
  quorum: Quorum | undefined
  log: SimLog | undefined
  flushMs = 3
  /** The state machine: a hash of all committed values, and the offset after the last of them. */
  hash = 0
  appliedEnd = 0
  private disks = 0
  private readonly options: SimReplicaOptions
  private isPaused = false
  private waiting: (() => void)[] = []

  constructor(options: SimReplicaOptions) {
    this.options = options
    this.id = options.id
    this.directoryId = directoryOf(options.id)
    options.links.add(this)
  }

  get isUp(): boolean {
    return this.quorum !== undefined
  }

  get paused(): boolean {
    return this.isPaused
  }

  get node(): VoterNode {
    return voterNode(this.id, this.directoryId)
  }

  /** Whether the process runs and calls itself the leader. */
  get isLeader(): boolean {
    return this.quorum?.state.kind === 'Leader'
  }

  start(): void {
    if (this.quorum) return
    this.life++
    const { life } = this
    const { time, random, links, rules, config, firstVoters, bootstrapIds } = this.options
    this.log = new SimLog(this.disk, (done) => {
      time.after(random.int(this.flushMs + 1), () => this.deliver(life, done))
    })
    this.hash = 0
    this.appliedEnd = 0
    this.quorum = new Quorum({
      host: {
        clock: time,
        timers: { set: (ms, fire) => time.after(ms, () => this.deliver(life, fire)) },
        random,
        say: () => {},
        log: this.log,
        elections: this.disk.electionStore,
        send: (to, api, body, { versionMin = 0 }, done) =>
          links.send(this, to, { api, body, versionMin }, done),
      },
      local: this.node,
      clusterId: CLUSTER_ID,
      firstVoters,
      bootstrapServers: bootstrapIds.map((id) => ({ host: 'sim', port: portOf(id) })),
      rules,
      config,
    })
    this.quorum.register({
      handleCommit: ({ batches }) => this.apply(batches),
      handleLoadSnapshot: ({ id, bytes }) => this.load(id, bytes),
      handleLeaderChange: () => {},
    })
    this.quorum.start()
  }

  crash(): void {
    this.quorum?.close()
    this.quorum = undefined
    this.isPaused = false
    this.waiting = []
    this.life++
    this.disk.crash(this.options.random)
  }

  /** Crashes, and gets a new, empty disk: another replica with the same id. */
  replaceDisk(): void {
    this.crash()
    this.disk = new SimDisk()
    this.directoryId = directoryOf(this.id, ++this.disks)
  }

  pause(): void {
    this.isPaused = this.isUp
  }

  resume(): void {
    this.isPaused = false
    const { life } = this
    for (const event of this.waiting.splice(0)) this.options.time.after(0, () => this.deliver(life, event))
  }

  deliver(life: number, event: () => void): void {
    if (life !== this.life) return
    if (this.isPaused) this.waiting.push(event)
    else event()
  }

  serve<Api extends RaftApi>(
    api: Api,
    request: RaftRequest<Api>,
    respond: (response: RaftResponseInput<Api>) => void,
  ): void {
    if (api === 'ApiVersions') {
      const features = [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }]
      const response: RaftResponseInput<'ApiVersions'> = {
        errorCode: ErrorCode.NONE,
        supportedFeatures: features,
      }
      return respond(response as RaftResponseInput<Api>)
    }
    this.quorum?.handle(api as ServedApi, request as never, respond as never)
  }

  // -- the state machine ---------------------------------------------------------------------------------------------

  private apply(batches: Uint8Array): void {
    for (const at of batchPositions(batches)) {
      const header = readBatchHeader(batches, at)
      const { baseOffset, lastOffset, partitionLeaderEpoch: epoch } = header
      const crc = crcAt(batches, at)
      if (baseOffset !== this.appliedEnd) throw new Error(`applied ${baseOffset} after ${this.appliedEnd}`)
      this.appliedEnd = lastOffset + 1
      if (!isControl(header)) this.hash = Math.imul(this.hash ^ crc, 0x01000193) >>> 0
      this.options.watcher.committed(this, { baseOffset, epoch, crc })
    }
  }

  /** Appends a value if this replica leads. Returns its offset. */
  append(value: string): number | undefined {
    const state = this.quorum?.state
    if (state?.kind !== 'Leader' || this.isPaused) return undefined
    const record = { key: null, value: new TextEncoder().encode(value), timestamp: this.options.time.now() }
    return this.quorum?.append(state.epoch, buildBatch([record]))
  }

  /** Stores what was applied as a snapshot, and deletes the log below it. */
  snapshot(): void {
    const { quorum, log, appliedEnd } = this
    if (
      !quorum ||
      !log ||
      this.isPaused ||
      appliedEnd <= Math.max(log.startOffset, log.snapshots.latest()?.offset ?? 0)
    )
      return
    const epoch = this.disk.batchAt(appliedEnd - 1)?.epoch
    if (epoch === undefined) return
    const id = { offset: appliedEnd, epoch }
    const writer = log.snapshots.create(id)
    writer.append(this.snapshotBytes(quorum.votersAt(appliedEnd), epoch))
    writer.freeze()
    quorum.snapshotStored(id)
    log.deleteBefore(id.offset)
  }

  private snapshotBytes({ voters, kraftVersion }: FirstVoters, leaderEpoch: number): Uint8Array {
    const timestamp = this.options.time.now()
    const control = (records: { type: number; value: Uint8Array }[]): Uint8Array =>
      buildQuorumBatch(records, { baseOffset: 0, leaderEpoch, timestamp })
    const state = new TextEncoder().encode(JSON.stringify({ hash: this.hash }))
    return joinedBytes([
      control([
        {
          type: ControlType.SNAPSHOT_HEADER,
          value: encodeBody(SnapshotHeaderRecord, { version: 0, lastContainedLogTimestamp: timestamp }),
        },
        {
          type: ControlType.KRAFT_VERSION,
          value: encodeBody(KRaftVersionRecord, { version: 0, kRaftVersion: kraftVersion }),
        },
        { type: ControlType.KRAFT_VOTERS, value: encodeBody(VotersRecord, toVotersRecord(voters)) },
      ]),
      buildBatch([{ key: null, value: state, timestamp }]),
      control([
        { type: ControlType.SNAPSHOT_FOOTER, value: encodeBody(SnapshotFooterRecord, { version: 0 }) },
      ]),
    ])
  }

  private load(id: OffsetAndEpoch, bytes: Uint8Array): void {
    for (const at of batchPositions(bytes)) {
      if (isControl(readBatchHeader(bytes, at))) continue
      const state = JSON.parse(
        new TextDecoder().decode(readRecords(bytes, at)[0]?.value ?? new Uint8Array(0)),
      )
      this.hash = state.hash
    }
    this.appliedEnd = id.offset
    this.options.watcher.loadedSnapshot(this, id)
  }

  /** The voters that this replica believes in; undefined if it is down. */
  get voters(): VoterSet | undefined {
    return this.quorum?.voters
  }

  request<Api extends 'AddRaftVoter' | 'RemoveRaftVoter'>(
    api: Api,
    voter: VoterNode,
    respond: (errorCode: number) => void,
  ): void {
    const { id: voterId, directoryId: voterDirectoryId } = voter.key
    const whose = { clusterId: CLUSTER_ID, voterId, voterDirectoryId }
    const add = { ...whose, timeoutMs: 1000, listeners: [...voter.endpoints], ackWhenCommitted: true }
    this.deliver(this.life, () => {
      if (api === 'AddRaftVoter')
        this.quorum?.handle('AddRaftVoter', add, (answer) => respond(answer.errorCode ?? 0))
      else this.quorum?.handle('RemoveRaftVoter', whose, (answer) => respond(answer.errorCode ?? 0))
    })
  }
}
