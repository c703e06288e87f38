/**
 * The simulator: brokers, their disks, their network and their clients, in one thread with virtual time.
 *
 *   const run = new Simulation({ seed: 7 })
 *   run.start()
 *   const client = run.client()
 *   client.call(MetadataRequest, MetadataResponse, 12, { topics: null })
 *   run.crash()          power fails: unflushed bytes are lost or torn, connections are closed
 *   run.start()          the same disks, recovered
 *   run.jumpClock(3_600_000)   the machine's wall clock is set an hour ahead; timers are not affected
 *
 * It runs the real broker, not a model; only its clock, storage, network and random numbers are simulated. All randomness
 * comes from the seed, so a failure can be repeated exactly with the same seed.
 *
 * SIMULATION-1  the same seed and the same calls give the same `fingerprint`: network, trace and disks, byte for byte
 * SIMULATION-2  after a crash nothing of the old process happens: its timers, flushes and connections are gone
 */

import { Cluster } from '../broker/cluster.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import type { Core, Storage, TraceEvent } from '../core.ts'
import { RE2_EXPRESSIONS } from '../re2/re2-expressions.ts'
import { randomUuid } from '../wire/uuid.ts'
import { Network } from './network.ts'
import { Recorder } from './recorder.ts'
import { SeededRandom } from './seeded-random.ts'
import { SimClient } from './sim-client.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { MachineClock, VirtualTime } from './virtual-time.ts'

/** The address of the brokers in Metadata, and for each other. */
const HOST = 'sim'
const FIRST_PORT = 9092
const CONTROLLER_PORT = 19_092
/** How long an operation may take before a run counts as stuck. */
const PATIENCE_MS = 120_000

export interface SimulationOptions {
  readonly seed: number
  /** How many nodes; default 1. */
  readonly brokers?: number
  readonly config?: Readonly<Record<string, string>>
  /** Wraps a node's disk, for example to make it fail at times. */
  readonly disk?: (below: Storage) => Storage
}

/** One life of the process, from a start to a stop or a crash. */
interface Life {
  readonly cluster: Cluster
  over: boolean
}

export class Simulation {
  readonly time = new VirtualTime()
  /** The log of the brokers, one line per event. */
  readonly log: string[] = []
  private readonly options: SimulationOptions
  private readonly recorder: Recorder
  private readonly network: Network
  private readonly disks: readonly SimulatedDisk[]
  private readonly clocks: readonly MachineClock[]
  private readonly random: SeededRandom
  private readonly clusterId: string
  private life: Life | undefined

  constructor(options: SimulationOptions) {
    this.options = options
    const luck = new SeededRandom(options.seed)
    this.random = luck.fork('brokers')
    this.clusterId = randomUuid((length) => this.random.bytes(length))
    this.recorder = new Recorder(() => this.time.now())
    this.network = new Network(this.time, luck.fork('network'), (...piece) => this.recorder.bytes(...piece))
    const disk = (_: unknown, i: number): SimulatedDisk =>
      new SimulatedDisk(luck.fork(`disk ${i}`), (delayMs, happen) => void this.time.after(delayMs, happen))
    this.disks = Array.from({ length: options.brokers ?? 1 }, disk)
    this.clocks = this.disks.map(() => new MachineClock(this.time))
  }

  /** Starts the brokers on their disks, and runs until they serve. */
  start(): void {
    if (this.life) throw new Error('simulation.start: it runs already')
    const life = {} as { cluster: Cluster; over: boolean }
    life.over = false
    life.cluster = new Cluster({
      clusterId: this.clusterId,
      nodes: this.disks.map((disk, i) => this.node(disk, i + 1, life)),
      expressions: RE2_EXPRESSIONS,
      controllerEndpoint: { host: HOST, port: CONTROLLER_PORT },
    })
    this.life = life
    for (const [i, broker] of life.cluster.brokers.entries())
      this.network.listen(HOST, FIRST_PORT + i, (transport) => broker.connect(transport))
    const [first] = life.cluster.brokers
    this.network.listen(HOST, CONTROLLER_PORT, (transport) => first!.connect(transport, 'CONTROLLER'))
    let ready = false
    life.cluster.start((failure) => {
      if (failure) throw new Error(failure)
      ready = true
    })
    this.until(() => ready, 'the start')
  }

  private node(storage: SimulatedDisk, id: number, life: Life) {
    const trace = (event: TraceEvent): void => this.recorder.event({ node: id, ...event })
    const timers = {
      set: (delayMs: number, fire: () => void) =>
        this.time.after(delayMs, () => {
          if (!life.over) fire()
        }),
    }
    const log: Core['log'] = (level, message) => void this.log.push(`${id} ${level} ${message}`)
    const random = this.random.fork(`${id}`)
    const given = this.options.disk?.(storage) ?? storage
    const dial: Core['dial'] = (host, port, events) => this.network.dial(host, port, events)
    const core: Core = { clock: this.clocks[id - 1]!, timers, random, storage: given, log, dial, trace }
    const config = new BrokerConfig({ ...this.options.config, 'node.id': String(id) })
    return { core, config, endpoint: { id, host: HOST, port: FIRST_PORT + id - 1, rack: null } }
  }

  /** Stops the process cleanly, and runs until it has stopped. */
  stop(): void {
    const { life } = this
    if (!life) return
    let stopped = false
    life.cluster.stop(() => {
      stopped = true
    })
    this.until(() => stopped, 'the stop')
    this.end(life)
  }

  /** The machine loses power at this instant. */
  crash(): void {
    if (this.life) this.end(this.life)
    for (const disk of this.disks) disk.crash()
  }

  private end(life: Life): void {
    life.over = true
    this.life = undefined
    this.network.cutAll()
  }

  /** Breaks the connections between the brokers; they may connect again. */
  breakLinks(): void {
    this.network.breakLinks()
  }

  /** Sets the wall clock of a node's machine ahead by `ms`, or back if negative; the monotonic clock continues. */
  jumpClock(ms: number, nodeId = 1): void {
    this.clocks[nodeId - 1]!.jump(ms)
  }

  /** A client with a connection to a node; `clientId` is what it calls itself in its requests. */
  client(nodeId = 1, clientId?: string): SimClient {
    const broker = this.life?.cluster.brokers[nodeId - 1]
    if (!broker) throw new Error(`simulation.client: node ${nodeId} does not run`)
    const socket = this.network.connect((transport) => broker.connect(transport))
    return new SimClient(socket, (answered, what) => this.until(answered, what), clientId)
  }

  /** Runs for `ms` of virtual time. */
  run(ms: number): void {
    this.time.run(ms)
  }

  /** Runs until `isSo` is true; throws if this takes longer than two virtual minutes. */
  until(isSo: () => boolean, what: string): void {
    const untilMs = this.time.now() + PATIENCE_MS
    while (!isSo()) {
      if (!this.time.step(untilMs)) {
        const { seed } = this.options
        throw new Error(`simulation: ${what} did not happen within ${PATIENCE_MS} ms (seed ${seed})`)
      }
    }
  }

  /** The trace events so far, with their times. */
  get events(): Recorder['events'] {
    return this.recorder.events
  }

  /** The fingerprint of the run so far (SIMULATION-1). */
  fingerprint(): string {
    return this.recorder.sum(this.files())
  }

  /** Every file of every node: `node 1/orders-0/…042.log`. */
  files(): { path: string; bytes: Uint8Array }[] {
    return this.disks.flatMap((disk, i) =>
      disk.contents().map(({ path, bytes }) => ({ path: `node ${i + 1}/${path}`, bytes })),
    )
  }
}
