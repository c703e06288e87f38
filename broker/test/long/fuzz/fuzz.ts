/**
 * The fuzzer: sends mutated frames to a broker in this process, and checks invariants after each of them.
 *
 *   a life      a new broker, some connections, some thousand frames, a clean stop
 *   a frame     sent whole, in pieces, or two at once; time passes; the connection answers, waits, or is closed
 *
 * FUZZ-1  the broker throws nothing, and logs no bug of its own
 * FUZZ-2  a valid request gets a valid response in its version, or is delayed, or the connection is closed; no bytes are
 *     left over after the response
 * FUZZ-3  no frame takes longer than `frameMsMax`
 * FUZZ-4  another client gets the same responses as before
 */

import { ApiVersionsRequest } from '../../../src/messages/api-versions.ts'
import { headerVersions, ResponseHeader } from '../../../src/messages/header.ts'
import { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { Reader } from '../../../src/wire/reader.ts'
import { ZERO_UUID } from '../../../src/wire/uuid.ts'
import { mutated, type SampleFrame, sampleFrames } from './frame-maker.ts'
import { furnish, TOPICS } from './furnish.ts'
import { type FuzzClient, FuzzedBroker } from './fuzzed-broker.ts'

export interface FuzzOptions {
  readonly seed: number
  /** Total number of frames. */
  readonly frames: number
  /** Frames per broker; its topics and groups end with it. */
  readonly framesPerLife?: number
  readonly frameMsMax?: number
  /** Called after each life. */
  readonly afterLife?: (frames: number) => void
}

export interface FuzzReport {
  frames: number
  answered: number
  closed: number
  /** Valid frames by API: how often the connection was closed, and the last reason. */
  readonly closedOnGoodFrames: Map<string, string>
  slowestMs: number
  slowest: string
  /** Violations, each with its frame. */
  readonly failures: string[]
}

const CLIENTS = 6
const SPICES = {
  topics: [...TOPICS, ...TOPICS, '__consumer_offsets', 'other', ''],
  groups: ['group', 'group', 'classic', 'consumers', 'tx', ''],
  transactionalIds: ['tx', 'tx', 'other'],
}
/** Some requests delete topics: they are created again from time to time. */
const FURNISH_EVERY = 1000

export function fuzz({
  seed,
  frames,
  framesPerLife = 10_000,
  frameMsMax = 1000,
  afterLife = () => {},
}: FuzzOptions): FuzzReport {
  const report: FuzzReport = {
    frames: 0,
    answered: 0,
    closed: 0,
    closedOnGoodFrames: new Map(),
    slowestMs: 0,
    slowest: '',
    failures: [],
  }
  for (let life = 0; report.frames < frames && report.failures.length < 10; life++) {
    const count = Math.min(framesPerLife, frames - report.frames)
    new Life(new SeededRandom(seed + life), report, frameMsMax).run(count)
    afterLife(report.frames)
  }
  return report
}

class Life {
  private readonly random: SeededRandom
  private readonly report: FuzzReport
  private readonly frameMsMax: number
  private readonly broker: FuzzedBroker
  private readonly samples: SampleFrame[]
  private clients: FuzzClient[]

  constructor(random: SeededRandom, report: FuzzReport, frameMsMax: number) {
    this.random = random
    this.report = report
    this.frameMsMax = frameMsMax
    this.broker = new FuzzedBroker(random.fork('broker'))
    const uuids = [...furnish(this.broker), ZERO_UUID]
    const apis = this.broker.broker.services.apis.values()
    this.samples = sampleFrames(apis, { ...SPICES, uuids }, random.fork('samples'), 3)
    this.clients = Array.from({ length: CLIENTS }, () => this.broker.connect())
  }

  run(count: number): void {
    for (let i = 0; i < count && this.report.failures.length < 10; i++) {
      this.report.frames++
      const sample = this.samples[this.random.int(this.samples.length)]!
      if (this.random.chance(20)) this.good(sample)
      else this.bad(sample)
      if (i % 100 === 0) this.bystander()
      if (i % FURNISH_EVERY === FURNISH_EVERY - 1) furnish(this.broker)
    }
    if (!this.broker.stop()) this.fail('the stop', 'did not end')
    this.tellErrors('the stop')
  }

  /** Sends a valid frame on a new connection (FUZZ-2). */
  private good(sample: SampleFrame): void {
    const { api, version } = sample
    const name = `${api.request.name} v${version}`
    const client = this.broker.connect()
    this.timed(name, () => {
      client.connection.receive(sample.bytes.slice())
      this.passTime()
    })
    if (client.connection.isClosed) this.report.closedOnGoodFrames.set(name, this.broker.warning)
    else if (client.frames[0]) this.check(name, sample, client.frames[0])
    client.connection.closed()
    this.tellErrors(name)
  }

  private check(name: string, { api, version, bytes }: SampleFrame, frame: Uint8Array): void {
    this.report.answered++
    try {
      const reader = new Reader(frame)
      const headers = headerVersions(api.request.apiKey, version >= api.request.flexibleSince)
      const { correlationId } = ResponseHeader.decode(reader, headers.response)
      const asked = new DataView(bytes.buffer, bytes.byteOffset).getInt32(8)
      if (correlationId !== asked) this.fail(name, `answered ${correlationId}, asked ${asked}`)
      api.response.decode(reader, version)
      if (reader.remaining > 0) this.fail(name, `${reader.remaining} bytes behind the response`)
    } catch (error) {
      this.fail(name, `its response can't be read: ${(error as Error).message}`)
    }
  }

  private bad(sample: SampleFrame): void {
    const { bytes, how } = mutated(sample, this.random)
    const slot = this.random.int(CLIENTS)
    const client = this.clients[slot]!
    const before = client.frames.length
    const cut = this.random.chance(30) ? this.random.int(bytes.length) : bytes.length
    const name = `${sample.api.request.name} v${sample.version}, ${how}: ${Buffer.from(bytes).toString('hex').slice(0, 2000)}`
    this.timed(name, () => {
      client.connection.receive(bytes.slice(0, cut))
      if (cut < bytes.length) client.connection.receive(bytes.slice(cut))
      this.passTime()
    })
    this.tellErrors(name)
    this.report.answered += client.frames.length - before
    client.frames.length = 0
    if (client.connection.isClosed) this.report.closed++
    // A delayed request, or half a frame, would block all that follows.
    if (client.connection.isClosed || this.random.chance(10)) this.renew(slot)
  }

  /** Advances the clock by some ms, and sometimes so far that timers of groups and transactions fire. */
  private passTime(): void {
    this.broker.time.run(this.random.chance(1) ? this.random.int(70_000) : this.random.int(5))
  }

  private renew(slot: number): void {
    this.clients[slot]!.connection.closed()
    this.clients[slot] = this.broker.connect()
  }

  private bystander(): void {
    const client = this.broker.connect()
    client.connection.receive(frameOf(ApiVersionsRequest, 0, 1, 1, {}))
    if (client.frames.length !== 1) this.fail('a bystander', 'was not answered')
    client.connection.closed()
  }

  /** FUZZ-1 and FUZZ-3. */
  private timed(name: string, act: () => void): void {
    const startedMs = performance.now()
    try {
      act()
    } catch (error) {
      this.fail(name, `threw ${(error as Error).stack}`)
    }
    const tookMs = performance.now() - startedMs
    if (tookMs > this.report.slowestMs) {
      this.report.slowestMs = tookMs
      this.report.slowest = name
    }
    if (tookMs > this.frameMsMax) this.fail(name, `took ${Math.round(tookMs)} ms`)
  }

  private tellErrors(name: string): void {
    for (const error of this.broker.errors.splice(0)) this.fail(name, error)
  }

  private fail(name: string, what: string): void {
    this.report.failures.push(`${what}\n  after ${name}`)
  }
}
