/**
 * A simulated quorum: replicas, links and clients under faults, then healed.
 *
 *   faults     for some seconds something breaks every few milliseconds (one list: FAULTS)
 *   core       all but one replica are healed, and that one stays cut off: the others must work, and it must notice
 *   healed     everything works again: what must happen eventually must happen within HEALED_MS
 *
 * All of it follows from the seed. The invariants are checked after every event.
 */
import { KRAFT_RULES, type QuorumRules } from '../../src/quorum/quorum-rules.ts'
import type { RaftConfig } from '../../src/quorum/raft-host.ts'
import { type VoterNode, VoterSet } from '../../src/quorum/voters/voter-set.ts'
import { SeededRandom } from '../../src/sim/seeded-random.ts'
import { VirtualTime } from '../../src/sim/virtual-time.ts'
import { ErrorCode } from '../../src/wire/errors.ts'
import { type InvariantName, Invariants } from './invariants.ts'
import { SimLinks } from './sim-links.ts'
import { directoryOf, SIM_CONFIG, SimReplica, voterNode } from './sim-replica.ts'

/** In the healed quorum everything must have happened within this time: 20 fetch timeouts. */
const HEALED_MS = 6000
/** How long the leader must stay, once there is one. */
const STABLE_MS = 1500
const CORE_MS = 3000
const APPEND_EVERY_MS = 60
const DEFAULT_FAULTS = 40

export interface SimQuorumOptions {
  readonly seed: number
  readonly rules?: QuorumRules
  /** Violations of these only. */
  readonly only?: readonly InvariantName[]
  /** Default: from the seed. */
  readonly voters?: number
  readonly replicas?: number
  readonly faults?: number
  /** How often each fault happens, among a hundred or so; default: as in FAULTS. */
  readonly shares?: Readonly<Record<string, number>>
  /** Also removals after which two voters can be stuck, as in Kafka: for runs that look for lost records only. */
  readonly isRisky?: boolean
  /** Whether all messages take equally long; default: in a quarter of the runs. */
  readonly hasEvenLinks?: boolean
  readonly config?: Partial<RaftConfig>
}

export class SimQuorum {
  readonly time = new VirtualTime()
  readonly links: SimLinks
  readonly replicas: SimReplica[] = []
  readonly invariants: Invariants
  /** How often each fault and each rare thing happened. */
  readonly happened: Record<string, number> = {}
  private readonly random: SeededRandom
  private readonly faultCount: number
  private values = 0
  private isAppending = true
  private hasReplacedDisk = false
  private readonly shares: Readonly<Record<string, number>>
  private readonly isRisky: boolean

  constructor({ seed, rules = KRAFT_RULES, only, faults = DEFAULT_FAULTS, ...options }: SimQuorumOptions) {
    this.shares = options.shares ?? {}
    this.isRisky = options.isRisky ?? false
    this.random = new SeededRandom(seed)
    this.invariants = new Invariants(only)
    this.faultCount = faults
    const voterCount = options.voters ?? 1 + this.random.int(5)
    const count = options.replicas ?? Math.max(voterCount, 2 + this.random.int(4))
    const isEven = options.hasEvenLinks ?? this.random.chance(25)
    const timing = isEven ? { delayMinMs: 5, delayJitterMs: 0 } : { delayMinMs: 1, delayJitterMs: 10 }
    this.links = new SimLinks(this.time, this.random.fork('links'), timing)
    const ids = Array.from({ length: count }, (_, i) => i + 1)
    const nodes = ids.slice(0, voterCount).map((id) => voterNode(id, directoryOf(id)))
    const config = { ...SIM_CONFIG, autoJoin: this.random.chance(25), ...options.config }
    for (const id of ids)
      this.replicas.push(
        new SimReplica({
          ...{ id, rules, config, time: this.time, links: this.links },
          random: this.random.fork(`replica ${id}`),
          firstVoters: { voters: new VoterSet(nodes), kraftVersion: 1 },
          bootstrapIds: ids.slice(0, voterCount),
          watcher: this.invariants,
        }),
      )
  }

  /** The whole story. Throws a Violation. */
  run(): void {
    for (const replica of this.replicas) replica.start()
    this.appendAgainAndAgain()
    for (let i = 0; i < this.faultCount; i++) {
      this.breakSomething()
      this.pass(50 + this.random.int(200))
    }
    if (this.random.chance(50)) this.healCore()
    this.heal()
  }

  /** Lets time pass; the invariants are checked after every event. */
  pass(ms: number): void {
    const untilMs = this.time.now() + ms
    while (this.time.step(untilMs)) this.invariants.check(this.replicas)
    this.time.run(untilMs - this.time.now())
  }

  /** Lets time pass until something holds; returns whether it does. */
  private passUntil(holds: () => boolean, ms: number): boolean {
    const untilMs = this.time.now() + ms
    while (!holds()) {
      if (!this.time.step(untilMs)) return holds()
      this.invariants.check(this.replicas)
    }
    return true
  }

  private count(what: string): void {
    this.happened[what] = (this.happened[what] ?? 0) + 1
  }

  private appendAgainAndAgain(): void {
    if (this.isAppending)
      for (const replica of this.replicas)
        if (replica.append(`value ${this.values}`) !== undefined) this.values++
    this.time.after(APPEND_EVERY_MS, () => this.appendAgainAndAgain())
  }

  // -- faults --------------------------------------------------------------------------------------------------------

  private readonly FAULTS: readonly (readonly [share: number, name: string, happen: () => boolean])[] = [
    [14, 'crash', () => this.crash(this.pick())],
    [8, 'crash of the leader', () => this.crash(this.leader)],
    [10, 'restart', () => this.restart()],
    [8, 'pause', () => this.pause(this.pick())],
    [4, 'pause of the leader', () => this.pause(this.leader)],
    [10, 'one-way cut', () => this.cutOneWay()],
    [8, 'isolation', () => this.isolate(this.pick())],
    [8, 'isolation of the leader', () => this.isolate(this.leader)],
    [6, 'loss', () => this.lose()],
    [14, 'links healed', () => this.healLinks()],
    [5, 'slow disk', () => this.slowDisk(this.pick())],
    [6, 'snapshot', () => this.snapshot(this.pick())],
    [16, 'voter added', () => this.addVoter(this.anyLeader)],
    [14, 'voter removed', () => this.removeVoter(this.anyLeader)],
    [4, 'resignation', () => this.resign(this.leader)],
    [2, 'disk replaced', () => this.replaceDisk()],
  ]

  private breakSomething(): void {
    const total = this.FAULTS.reduce((sum, [share, name]) => sum + (this.shares[name] ?? share), 0)
    let at = this.random.int(total)
    for (const [share, name, happen] of this.FAULTS) {
      at -= this.shares[name] ?? share
      if (at >= 0) continue
      if (happen()) this.count(name)
      return
    }
  }

  private pick(): SimReplica {
    return this.replicas[this.random.int(this.replicas.length)]!
  }

  /** The newest leader. */
  get leader(): SimReplica | undefined {
    const leaders = this.replicas.filter((replica) => replica.isLeader)
    return leaders.sort((a, b) => b.quorum!.state.epoch - a.quorum!.state.epoch)[0]
  }

  /** A leader, perhaps one that is deposed and does not know it. */
  private get anyLeader(): SimReplica | undefined {
    const leaders = this.replicas.filter((replica) => replica.isLeader)
    return leaders[this.random.int(Math.max(1, leaders.length))]
  }

  private crash(replica: SimReplica | undefined): boolean {
    if (!replica?.isUp) return false
    replica.crash()
    const { life } = replica
    this.time.after(20 + this.random.int(900), () => {
      if (replica.life === life) replica.start()
    })
    return true
  }

  private restart(): boolean {
    const down = this.replicas.filter(({ isUp }) => !isUp)
    for (const replica of down) replica.start()
    return down.length > 0
  }

  private pause(replica: SimReplica | undefined): boolean {
    if (!replica?.isUp || replica.paused) return false
    replica.pause()
    const { life } = replica
    this.time.after(100 + this.random.int(800), () => {
      if (replica.life === life) replica.resume()
    })
    return true
  }

  private cutOneWay(): boolean {
    const from = this.pick()
    const to = this.pick()
    this.links.cut(from.id, to.id)
    return from !== to
  }

  private isolate(replica: SimReplica | undefined): boolean {
    if (!replica) return false
    const directions = this.random.int(3)
    for (const { id } of this.replicas) {
      if (directions !== 1) this.links.cut(replica.id, id)
      if (directions !== 0) this.links.cut(id, replica.id)
    }
    return true
  }

  private lose(): boolean {
    this.links.lostPercent = 5 + this.random.int(25)
    return true
  }

  private healLinks(): boolean {
    this.links.heal()
    return true
  }

  private slowDisk(replica: SimReplica): boolean {
    replica.flushMs = replica.flushMs > 3 ? 3 : 50 + this.random.int(400)
    return true
  }

  private snapshot(replica: SimReplica): boolean {
    replica.snapshot()
    return replica.disk.startOffset > 0
  }

  private resign(leader: SimReplica | undefined): boolean {
    if (!leader || leader.paused) return false
    leader.quorum!.resign(leader.quorum!.state.epoch)
    return true
  }

  private addVoter(leader: SimReplica | undefined): boolean {
    const voters = leader?.voters
    if (!leader || !voters) return false
    const others = this.replicas.filter(({ id }) => !voters.node(id))
    const added = others[this.random.int(Math.max(1, others.length))]
    if (!added) return false
    leader.request('AddRaftVoter', added.node, (error) =>
      this.count(error === ErrorCode.NONE ? 'addition committed' : 'addition refused'),
    )
    return true
  }

  private removeVoter(leader: SimReplica | undefined): boolean {
    const voters = leader?.voters
    // Of two voters none may go under faults: both can be stuck then, as in Kafka (voter-changes.ts).
    if (!leader || !voters || voters.size < (this.isRisky ? 2 : 3)) return false
    const lost = voters.nodes.find((node) => this.isLost(node))
    const removed = lost ?? voters.nodes[this.random.int(voters.size)]!
    leader.request('RemoveRaftVoter', removed, (error) =>
      this.count(error === ErrorCode.NONE ? 'removal committed' : 'removal refused'),
    )
    return true
  }

  /** Whether the disk of a voter was replaced: a healthy voter must not go before it. */
  private isLost({ key }: VoterNode): boolean {
    return this.replicas.some(({ id, directoryId }) => id === key.id && directoryId !== key.directoryId)
  }

  /** Once in a run, and only where the other voters are a majority that had everything. */
  private replaceDisk(): boolean {
    const replica = this.pick()
    const voters = this.leader?.voters
    const areAgreed = this.replicas.every((other) => !other.voters || sameVoters(other.voters, voters))
    if (!areAgreed || this.hasReplacedDisk || !voters || voters.size < 3 || replica.isLeader || !replica.isUp)
      return false
    this.hasReplacedDisk = true
    replica.replaceDisk()
    replica.start()
    return true
  }

  // -- healing -------------------------------------------------------------------------------------------------------

  private repair(): void {
    this.links.heal()
    for (const replica of this.replicas) {
      replica.flushMs = 3
      if (replica.paused) replica.resume()
      replica.start()
    }
  }

  /** One replica stays cut off, the leader if there is one: it must stop leading, and the others go on without it. */
  private healCore(): void {
    const { leader } = this
    this.repair()
    if (!leader) return
    const voters = leader.voters
    if (!voters || voters.size < 3) return
    this.count('core healed')
    for (const { id } of this.replicas) {
      this.links.cut(leader.id, id)
      this.links.cut(id, leader.id)
    }
    this.pass(CORE_MS)
    if (leader.isLeader)
      this.invariants.violate(
        'EventuallyLeaderElected',
        `replica ${leader.id} is cut off and still calls itself leader`,
      )
  }

  /** Everything works again. */
  private heal(): void {
    this.repair()
    this.checkLeaderElected()
    this.checkValuesAcked()
    this.checkReconfiguration()
    this.checkAllEqual()
  }

  private checkLeaderElected(): void {
    const isElected = (): boolean => this.leader?.quorum?.highWatermark !== undefined
    let since = this.time.now()
    let epoch = -1
    const isStable = (): boolean => {
      const current = isElected() ? this.leader!.quorum!.state.epoch : -1
      if (current !== epoch || current < 0) since = this.time.now()
      epoch = current
      return this.time.now() - since >= STABLE_MS
    }
    if (!this.passUntil(isStable, HEALED_MS))
      this.invariants.violate('EventuallyLeaderElected', `no leader stays ${STABLE_MS} ms: ${this.story()}`)
    if (!this.passUntil(() => this.stuckInProspective.length === 0, HEALED_MS))
      this.invariants.violate('NotStuckInProspective', this.story())
  }

  private get stuckInProspective(): readonly SimReplica[] {
    return this.replicas.filter(({ quorum }) => quorum?.state.kind === 'Prospective')
  }

  private checkValuesAcked(): void {
    const target = this.invariants.ackedEnd + 5
    if (!this.passUntil(() => this.invariants.ackedEnd >= target, HEALED_MS))
      this.invariants.violate(
        'ValuesEventuallyAcked',
        `${this.invariants.ackedEnd} of ${target}: ${this.story()}`,
      )
  }

  /** A change of the voters succeeds, and every replica learns the last set. */
  private checkReconfiguration(): void {
    let isDone = false
    const change = (): void => {
      const { leader } = this
      const voters = leader?.voters
      if (!leader || !voters || isDone) return
      const other = this.replicas.find(({ id }) => !voters.node(id))
      const lost = voters.nodes.find((node) => this.isLost(node))
      const removed = lost ?? voters.nodes.find(({ key }) => key.id !== leader.id)
      const done = (error: number): void => {
        if (error === ErrorCode.NONE) isDone = true
        else this.time.after(100, change)
      }
      if (other) leader.request('AddRaftVoter', other.node, done)
      else if (voters.size > 1 && removed) leader.request('RemoveRaftVoter', removed, done)
      else isDone = true
    }
    change()
    if (!this.passUntil(() => isDone, HEALED_MS))
      this.invariants.violate('ReconfigurationNotStuck', `no change of the voters succeeds: ${this.story()}`)
    const sets = (): Set<string> => new Set(this.replicas.map(({ voters }) => JSON.stringify(voters?.keys)))
    if (!this.passUntil(() => sets().size === 1, HEALED_MS))
      this.invariants.violate('ReconfigurationNotStuck', `replicas know different voters: ${this.story()}`)
  }

  /** Without new values all replicas come to the same state. */
  private checkAllEqual(): void {
    this.isAppending = false
    const isEqual = (): boolean => {
      const [first, ...others] = this.replicas
      return others.every(({ appliedEnd, hash }) => appliedEnd === first!.appliedEnd && hash === first!.hash)
    }
    if (!this.passUntil(isEqual, HEALED_MS)) {
      this.invariants.violate('ValuesEventuallyAcked', `replicas differ: ${this.story()}`)
      this.invariants.violate('NoLogDivergence', `replicas differ: ${this.story()}`)
    }
  }

  /** What every replica is, for a failure's message. */
  story(): string {
    return this.replicas
      .map(({ id, quorum, disk, voters, appliedEnd, hash }) => {
        const state = quorum ? `${quorum.state.kind} ${quorum.state.epoch}` : 'down'
        const ends = `end ${disk.endOffset}, hw ${quorum?.highWatermark}, applied ${appliedEnd} ${hash.toString(16)}`
        return `${id}: ${state}, ${ends}, voters ${voters?.ids.join('+')}`
      })
      .join(' | ')
  }
}

function sameVoters(a: VoterSet, b: VoterSet | undefined): boolean {
  return JSON.stringify(a.keys) === JSON.stringify(b?.keys)
}
