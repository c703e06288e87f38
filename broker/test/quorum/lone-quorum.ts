/**
 * One replica among others that a test plays: it sees what the replica sends, answers by hand, and lets time pass.
 *
 *   const replica = new LoneQuorum({ id: 1, voters: [1, 2, 3] })
 *   replica.pass(3000)                                  no leader is known: it asks for pre-votes
 *   replica.take('Vote', 2).answer({ … })
 *   replica.ask('Fetch', { … })                         a request of another replica, and the answer to it
 */
import { Quorum, type ServedApi } from '../../src/quorum/quorum.ts'
import type { QuorumRules } from '../../src/quorum/quorum-rules.ts'
import { KRAFT_RULES } from '../../src/quorum/quorum-rules.ts'
import {
  metadataPartition,
  RAFT_MESSAGES,
  type RaftApi,
  type RaftRequest,
  type RaftRequestInput,
  type RaftResponse,
  type RaftResponseInput,
  type RaftResult,
} from '../../src/quorum/raft-calls.ts'
import type { RaftConfig } from '../../src/quorum/raft-host.ts'
import type { RaftListener } from '../../src/quorum/raft-listeners.ts'
import { VoterSet } from '../../src/quorum/voters/voter-set.ts'
import { buildBatch } from '../../src/record/batch-builder.ts'
import { buildQuorumBatch } from '../../src/record/control-record.ts'
import { SeededRandom } from '../../src/sim/seeded-random.ts'
import { VirtualTime } from '../../src/sim/virtual-time.ts'
import type { ErrorCode } from '../../src/wire/errors.ts'
import { METADATA_TOPIC_UUID } from '../../src/wire/uuid.ts'
import { SimDisk, SimLog } from './sim-disk.ts'
import { completed } from './sim-links.ts'
import { directoryOf, voterNode } from './sim-replica.ts'

interface Sent {
  readonly to: number
  readonly api: RaftApi
  readonly body: unknown
  readonly done: (result: unknown) => void
}

/** A request that the replica has sent. */
export interface Taken<Api extends RaftApi> {
  readonly to: number
  readonly body: RaftRequest<Api>
  answer(response: RaftResponseInput<Api>): void
  fail(failure: ErrorCode): void
}

export interface LoneOptions {
  readonly id?: number
  readonly voters?: readonly number[]
  readonly config?: Partial<RaftConfig>
  readonly rules?: Partial<QuorumRules>
  /** The disk of an earlier life. */
  readonly disk?: SimDisk
  readonly directoryId?: string
  readonly kraftVersion?: number
  /** The address in the set of voters is another one than this replica has. */
  readonly port?: number
  readonly seed?: number
}

export class LoneQuorum {
  readonly time = new VirtualTime()
  readonly disk: SimDisk
  readonly log: SimLog
  readonly quorum: Quorum
  /** What was committed, by offset, and what else the listener was told. */
  readonly told: string[] = []
  /** If true, flushes end only when the test says so. */
  holdsFlushes = false
  readonly sent: Sent[] = []
  readonly timers: (readonly [work: string | undefined, ms: number])[] = []
  activeTimers = 0
  private held: (() => void)[] = []
  private readonly listener: RaftListener = {
    handleCommit: ({ baseOffset, batches }) => this.told.push(`commit ${baseOffset} ${batches.length > 0}`),
    handleLoadSnapshot: ({ id }) => this.told.push(`snapshot ${id.offset}`),
    handleLeaderChange: ({ leaderId, epoch }) => this.told.push(`leader ${leaderId} ${epoch}`),
  }

  constructor(options: LoneOptions = {}) {
    const { id = 1, voters = [1, 2, 3], config = {}, rules = {}, kraftVersion = 1 } = options
    this.disk = options.disk ?? new SimDisk()
    this.log = new SimLog(this.disk, (done) => this.flush(done))
    const local = voterNode(id, options.directoryId ?? directoryOf(id))
    this.quorum = new Quorum({
      host: {
        clock: this.time,
        timers: { set: (ms, fire, work) => this.setTimer(ms, fire, work) },
        random: new SeededRandom(options.seed ?? 1),
        say: () => {},
        log: this.log,
        elections: this.disk.electionStore,
        send: (to, api, body, _options, done) => {
          this.sent.push({ to: to.port - 9000, api, body, done: done as Sent['done'] })
        },
      },
      local: options.port
        ? { ...local, endpoints: [{ name: 'CONTROLLER', host: 'sim', port: options.port }] }
        : local,
      clusterId: 'lone',
      firstVoters: {
        voters: new VoterSet(voters.map((voter) => voterNode(voter, directoryOf(voter)))),
        kraftVersion,
      },
      bootstrapServers: [],
      rules: { ...KRAFT_RULES, ...rules },
      config: { ...config },
    })
    this.quorum.register(this.listener)
    this.quorum.start()
  }

  private setTimer(ms: number, fire: () => void, work?: string): { cancel: () => void } {
    this.timers.push([work, ms])
    this.activeTimers++
    let isActive = true
    const end = (): void => {
      if (isActive) this.activeTimers--
      isActive = false
    }
    const timer = this.time.after(ms, () => {
      end()
      fire()
    })
    return {
      cancel: () => {
        end()
        timer.cancel()
      },
    }
  }

  private flush(done: () => void): void {
    if (this.holdsFlushes) this.held.push(done)
    else this.time.after(1, done)
  }

  /** Ends the flushes that were held back. */
  releaseFlushes(): void {
    for (const done of this.held.splice(0)) done()
  }

  get heldFlushes(): number {
    return this.held.length
  }

  /** `Follower 3`: the state and the epoch. */
  get state(): string {
    return `${this.quorum.state.kind} ${this.quorum.state.epoch}`
  }

  pass(ms: number): void {
    this.time.run(ms)
  }

  /** The requests on the way, as `Vote to 2`. */
  get onTheWay(): string[] {
    return this.sent.map(({ api, to }) => `${api} to ${to}`)
  }

  /** The oldest request of this kind, to this node. */
  take<Api extends RaftApi>(api: Api, to?: number): Taken<Api> {
    const at = this.sent.findIndex((sent) => sent.api === api && (to === undefined || sent.to === to))
    const [found] = at < 0 ? [] : this.sent.splice(at, 1)
    if (!found)
      throw new Error(
        `no ${api} to ${to ?? 'anyone'}: ${this.onTheWay.join(', ') || 'nothing is on the way'}`,
      )
    const { request, response } = RAFT_MESSAGES[api]
    return {
      to: found.to,
      body: completed(request as never, found.body as never) as RaftRequest<Api>,
      answer: (body) => {
        const result: RaftResult<Api> = {
          response: completed(response as never, body as never) as RaftResponse<Api>,
        }
        found.done(result)
      },
      fail: (failure) => found.done({ failure }),
    }
  }

  /** Forgets what is on the way. */
  drop(): void {
    this.sent.length = 0
  }

  /** A request of another node; undefined as long as it is not answered. */
  ask<Api extends ServedApi>(
    api: Api,
    body: RaftRequestInput<Api>,
  ): { readonly answer: RaftResponse<Api> | undefined } {
    const result: { answer: RaftResponse<Api> | undefined } = { answer: undefined }
    const { request, response } = RAFT_MESSAGES[api]
    this.quorum.handle(api, completed(request as never, body as never) as RaftRequest<Api>, (answer) => {
      result.answer = completed(response as never, answer as never) as RaftResponse<Api>
    })
    return result
  }

  // -- short forms ---------------------------------------------------------------------------------------------------

  /** Asks this replica for its vote. Returns `granted`, `refused` or an error code. */
  askVote(
    epoch: number,
    candidate: number,
    options: {
      preVote?: boolean
      lastOffset?: number
      lastOffsetEpoch?: number
      directoryId?: string
      voterDirectoryId?: string
    } = {},
  ): string {
    const { preVote = false, lastOffset = 0, lastOffsetEpoch = 0 } = options
    const { answer } = this.ask('Vote', {
      topics: metadataPartition({
        ...{ replicaEpoch: epoch, replicaId: candidate, lastOffset, lastOffsetEpoch, preVote },
        replicaDirectoryId: options.directoryId ?? directoryOf(candidate),
        ...(options.voterDirectoryId ? { voterDirectoryId: options.voterDirectoryId } : {}),
      }),
    })
    const given = answer?.topics[0]?.partitions[0]
    if (given?.errorCode !== 0) return `error ${given?.errorCode ?? answer?.errorCode}`
    return given.voteGranted ? 'granted' : 'refused'
  }

  /** Another node says that it leads. What was on the way is forgotten. */
  begin(epoch: number, leader: number): number | undefined {
    this.drop()
    const { answer } = this.ask('BeginQuorumEpoch', {
      topics: metadataPartition({ leaderId: leader, leaderEpoch: epoch }),
      leaderEndpoints: [...voterNode(leader, directoryOf(leader)).endpoints],
    })
    return answer?.topics[0]?.partitions[0]?.errorCode
  }

  /** Grants it all votes until it leads. */
  becomeLeader(): this {
    for (let tries = 0; tries < 1000 && this.quorum.state.kind !== 'Leader'; tries++) {
      if (this.sent.some(({ api }) => api === 'Vote'))
        this.take('Vote').answer(voteOf(this.quorum.state.epoch, true))
      else this.pass(10)
    }
    return this
  }

  /** The fields of a Fetch of another replica. */
  fetchBy(
    replica: number,
    offset: number,
    options: {
      lastEpoch?: number
      epoch?: number
      maxWaitMs?: number
      highWatermark?: number
      directoryId?: string
    } = {},
  ): RaftRequestInput<'Fetch'> {
    const {
      lastEpoch = this.log.lastEpoch,
      epoch = this.quorum.state.epoch,
      maxWaitMs = 0,
      highWatermark = -1,
    } = options
    const partition = {
      ...{ partition: 0, currentLeaderEpoch: epoch, fetchOffset: offset, lastFetchedEpoch: lastEpoch },
      ...{
        replicaDirectoryId: options.directoryId ?? directoryOf(replica),
        highWatermark,
        partitionMaxBytes: 1_000_000,
      },
    }
    return {
      ...{ replicaId: replica, replicaState: { replicaId: replica }, maxWaitMs },
      topics: [{ topicId: METADATA_TOPIC_UUID, partitions: [partition] }],
    }
  }

  /** Another replica has everything up to the end. */
  followedBy(...replicas: number[]): void {
    for (const replica of replicas) this.ask('Fetch', this.fetchBy(replica, this.log.endOffset))
  }

  append(value = 'value'): number {
    return this.quorum.append(this.quorum.state.epoch, valueBatch(value))
  }

  restarted(options: LoneOptions = {}): LoneQuorum {
    this.quorum.close()
    return new LoneQuorum({ ...options, disk: this.disk })
  }
}

/** A batch with one value. */
export function valueBatch(
  value: string,
  at: { baseOffset?: number; partitionLeaderEpoch?: number } = {},
): Uint8Array {
  return buildBatch([{ key: null, value: new TextEncoder().encode(value), timestamp: 0 }], at)
}

export function controlBatch(records: Parameters<typeof buildQuorumBatch>[0]): Uint8Array {
  return buildQuorumBatch(records, { baseOffset: 0, leaderEpoch: 0, timestamp: 0 })
}

export function voteOf(epoch: number, voteGranted: boolean, leaderId = -1): RaftResponseInput<'Vote'> {
  return { topics: metadataPartition({ leaderId, leaderEpoch: epoch, voteGranted }) }
}

/** What a leader answers to a Fetch. */
export function fetched(
  leader: { readonly leaderId: number; readonly leaderEpoch: number },
  fields: NonNullable<
    NonNullable<RaftResponseInput<'Fetch'>['responses']>[number]['partitions']
  >[number] = {},
): RaftResponseInput<'Fetch'> {
  const partition = { highWatermark: -1, records: new Uint8Array(0), currentLeader: leader, ...fields }
  return {
    responses: [{ topicId: METADATA_TOPIC_UUID, partitions: [partition] }],
    nodeEndpoints: [{ nodeId: leader.leaderId, host: 'sim', port: 9000 + leader.leaderId }],
  }
}
