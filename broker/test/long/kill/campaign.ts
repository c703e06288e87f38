/**
 * The campaign: a broker with files, workers that load it, and kills at random moments that a seed determines.
 *
 *   life 1: start, load for a while, SIGKILL -> sometimes damage -> life 2 ... -> last life -> check every promise
 *
 * Some lives end before the broker is ready, in the middle of recovery; some during a clean stop, or after one. After
 * every few kills the load pauses and the promises are checked, and once more at the end.
 *
 * The seed determines the moments, the requests and the damage; how far a real process gets in real time varies. So a
 * seed makes a failure likely to occur again, not certain.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../../../src/messages/find-coordinator.ts'
import { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { withPatience } from '../patience.ts'
import { BrokerChild } from './broker-child.ts'
import { Caller } from './caller.ts'
import { damage } from './damage.ts'
import { ClassicMember, ConsumerMember } from './group-members.ts'
import { IdempotentProducer, PlainProducer } from './producers.ts'
import { CompactedProducer, createTopic, SMALL_SEGMENTS, shrinkSegments, TopicKeeper } from './topics.ts'
import { TransactionalProducer } from './transactions.ts'
import { expectNone, type Worker, type WorkerTools } from './worker.ts'

export interface CampaignOptions {
  readonly seed: number
  readonly kills: number
  /** Number of kills between two checks of every promise; a check reads everything. */
  readonly killsPerCheck?: number
  readonly loadMsMax?: number
  /** Gets one line per life. */
  readonly tell?: (line: string) => void
}

export interface CampaignReport {
  readonly data: string
  readonly kills: number
  /** Number of promises that were made and kept, by worker. */
  readonly acknowledged: Readonly<Record<string, number>>
}

const [GROUP, TRANSACTION] = [0, 1]
/** How much work is done in most lives before a kill, and the time limit for it. */
const ACKNOWLEDGED_MIN = 40
const PROGRESS_MS_MAX = 120_000
const PLAIN_PARTITIONS = 3
const SETTINGS = [
  'offsets.topic.num.partitions=3',
  'transaction.state.log.num.partitions=3',
  'group.initial.rebalance.delay.ms=0',
  'log.flush.offset.checkpoint.interval.ms=400',
  'log.cleaner.backoff.ms=100',
  'log.segment.delete.delay.ms=500',
  'log.index.interval.bytes=500',
  'auto.create.topics.enable=false',
  'metadata.log.max.record.bytes.between.snapshots=3000',
  'internal.metadata.log.segment.bytes=20000',
  'metadata.max.retention.bytes=60000',
]

/** Kills the broker `kills` times; rejects with the first broken promise. The caller removes `data`. */
export async function killCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const campaign = new Campaign(options)
  try {
    return await campaign.run()
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new Error(
      `seed ${options.seed}, after ${campaign.kills} kills, data ${campaign.data}: ${cause}\n${campaign.lastWords()}`,
      { cause: error },
    )
  } finally {
    await campaign.end()
  }
}

class Campaign {
  readonly data = mkdtempSync(join(tmpdir(), 'offset-zero-kill-'))
  kills = 0
  private readonly options: CampaignOptions
  private readonly random: SeededRandom
  private readonly workers: Worker[]
  private readonly callers: Caller[] = []
  private child: BrokerChild | undefined
  private address: string | undefined
  private awaited: ((address: string) => void)[] = []
  private isOver = false
  private failure: Promise<never> | undefined

  constructor(options: CampaignOptions) {
    this.options = options
    this.random = new SeededRandom(options.seed)
    this.workers = [
      new PlainProducer(this.tools('plain'), PLAIN_PARTITIONS),
      new IdempotentProducer(this.tools('idempotent')),
      new TransactionalProducer(this.tools('transactions-1'), 1),
      new TransactionalProducer(this.tools('transactions-2'), 2),
      new ClassicMember(this.tools('classic')),
      new ConsumerMember(this.tools('consumer')),
      new CompactedProducer(this.tools('compacted')),
      new TopicKeeper(this.tools('topics')),
    ]
  }

  private tools(name: string): WorkerTools {
    const caller = new Caller(() => this.whereabouts())
    this.callers.push(caller)
    return { caller, random: this.random.fork(name), isOver: () => this.isOver }
  }

  private whereabouts(): Promise<string> {
    if (this.address !== undefined) return Promise.resolve(this.address)
    return new Promise((resolve) => this.awaited.push(resolve))
  }

  async run(): Promise<CampaignReport> {
    const { kills, killsPerCheck = kills } = this.options
    await this.startUntilReady()
    await this.createTopics()
    while (this.kills < kills) {
      await this.load(Math.min(kills, this.kills + killsPerCheck))
      for (const [i, worker] of this.workers.entries()) {
        await withPatience(worker.verify(), () => `${worker.name}: waits for ${this.callers[i]!.waitsFor}`)
      }
      this.options.tell?.(
        `${this.kills} kills, every promise was kept: ${JSON.stringify(this.acknowledged())}`,
      )
    }
    await this.stopCleanly()
    return { data: this.data, kills: this.kills, acknowledged: this.acknowledged() }
  }

  private async createTopics(): Promise<void> {
    const caller = this.callers[0]!
    // Looking for a coordinator creates its topic.
    for (const keyType of [GROUP, TRANSACTION]) {
      await expectNone('FindCoordinator', async () => {
        const body = { keyType, coordinatorKeys: ['transactions-1'] }
        const { coordinators } = await caller.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
        return coordinators[0]!.errorCode
      })
    }
    await shrinkSegments(caller, ['__consumer_offsets', '__transaction_state'])
    await createTopic(caller, 'plain', PLAIN_PARTITIONS, SMALL_SEGMENTS)
    await createTopic(caller, 'idempotent', 1, SMALL_SEGMENTS)
    for (const name of ['transactions-1', 'transactions-2'])
      await createTopic(caller, name, 2, SMALL_SEGMENTS)
    await createTopic(caller, 'compacted', 1, {
      ...SMALL_SEGMENTS,
      'cleanup.policy': 'compact',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '1000',
    })
  }

  /** Loads and kills until the number of kills is reached; ends with a broker that serves and idle workers. */
  private async load(kills: number): Promise<void> {
    this.isOver = false
    const running = Promise.all(this.workers.map((worker) => worker.run()))
    this.failure = running.then(() => new Promise<never>(() => {}))
    this.failure.catch(() => {})
    while (this.kills < kills) {
      if (this.random.chance(80)) await this.progress()
      await this.soon(this.random.int(this.options.loadMsMax ?? 500))
      await this.kill()
      await this.startUntilReady()
    }
    await this.soon(100)
    this.isOver = true
    await withPatience(running, () => this.whoWaits())
  }

  private whoWaits(): string {
    const waiting = this.workers.map(({ name }, i) => `${name} for ${this.callers[i]!.waitsFor}`)
    return `the workers do not come forward: ${waiting.join(', ')}`
  }

  /** Waits until the load has begun, however busy the machine is. */
  private async progress(): Promise<void> {
    const count = (): number => this.workers.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
    const before = count()
    const deadline = Date.now() + PROGRESS_MS_MAX
    while (count() < before + ACKNOWLEDGED_MIN) {
      if (Date.now() > deadline) throw new Error(this.whoWaits())
      await this.soon(5)
    }
  }

  /** Waits, unless a worker finds an error. */
  private async soon(ms: number): Promise<void> {
    const time = new Promise<void>((resolve) => setTimeout(resolve, ms))
    await Promise.race([time, this.failure ?? time])
  }

  private async kill(): Promise<void> {
    this.address = undefined
    this.kills++
    const isClean = this.random.chance(10)
    if (isClean) await this.stopCleanly()
    else await this.killHard()
    const told = this.random.chance(40) ? damage(this.data, this.random, isClean) : []
    const how = isClean ? 'a clean stop instead' : ''
    this.options.tell?.(`kill ${this.kills} ${how}${told.map((what) => `\n  ${what}`).join('')}`)
  }

  private async stopCleanly(): Promise<void> {
    const code = await withPatience(this.child!.stop(), () => 'a stop')
    if (code !== '0') throw new Error(`a stop ended with ${code}`)
  }

  private async killHard(): Promise<void> {
    if (this.random.chance(10)) {
      this.child!.signal('SIGTERM')
      await this.soon(this.random.int(40))
    }
    await this.child!.kill()
  }

  /** Starts the broker; some starts are killed, too. */
  private async startUntilReady(): Promise<void> {
    for (;;) {
      this.child = new BrokerChild(this.data, SETTINGS)
      if (this.kills > 0 && this.random.chance(15)) {
        await this.soon(50 + this.random.int(400))
        this.kills++
        await this.child.kill()
        this.options.tell?.(`kill ${this.kills}, in a start`)
        continue
      }
      const address = await this.child.ready
      if (address === undefined) throw new Error(`a start failed with ${await this.child.exit}`)
      this.address = address
      for (const tell of this.awaited.splice(0)) tell(address)
      return
    }
  }

  private acknowledged(): Record<string, number> {
    return Object.fromEntries(this.workers.map(({ name, acknowledged }) => [name, acknowledged]))
  }

  lastWords(): string {
    return this.child?.log.split('\n').slice(-30).join('\n') ?? ''
  }

  async end(): Promise<void> {
    this.isOver = true
    for (const caller of this.callers) caller.end()
    await this.child?.kill()
  }
}
