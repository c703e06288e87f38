/**
 * For tests of the controller: one with a log in memory, whose flushes complete when the test says so.
 */
import { BrokerConfig } from '../src/config/broker-config.ts'
import { Controller, type Outcome } from '../src/controller/controller.ts'
import type { NewTopic } from '../src/controller/decisions/topic-decisions.ts'
import { MetadataLog } from '../src/controller/metadata/metadata-log.ts'
import type { Core, Storage } from '../src/core.ts'
import { MemoryStorage } from '../src/sim/memory-storage.ts'
import { SeededRandom } from '../src/sim/seeded-random.ts'
import { errorName } from '../src/wire/errors.ts'
import { testLog } from './log-fixtures.ts'

export const CLUSTER_ID = 'X1P25UbO4pCCcs2Qi2-rcg'
const START = 1_700_000_000_000
const VOTER = { id: 1, directoryId: 'AAAAAAAAAAAAAAAAAAAACw', host: 'host-1', port: 9092 }

export interface TestController {
  readonly controller: Controller
  readonly storage: MemoryStorage
  readonly core: Core
  readonly config: BrokerConfig
  /** What the log for people says: `error: …`. */
  readonly lines: string[]
  /** The responses so far, in order. */
  readonly answers: string[]
  /** Returns a `done` that records the outcome: `name: ERROR message`. */
  note(name: string): (outcome: Outcome) => void
  /** Completes all pending flushes, and those that are started by this. */
  settle(): void
  /** Events that are due: turns that wait. */
  readonly due: (() => void)[]
}

/** A controller with `nodes` registered; the same storage again is a restart. */
export function testController(
  options: {
    nodes?: readonly number[]
    settings?: Record<string, string>
    /** Real files complete their flushes themselves. */
    storage?: Storage
    seed?: number
    /** For the metadata log; with small segments its old ones can be deleted. */
    segmentBytes?: number
    /** What passes between two looks at the clock; none by default: then nothing takes turns. */
    msALook?: number
  } = {},
): TestController {
  const memory = options.storage instanceof MemoryStorage ? options.storage : new MemoryStorage()
  const storage = options.storage ?? memory
  const config = new BrokerConfig(options.settings)
  const lines: string[] = []
  const segments = options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }
  const due: (() => void)[] = []
  let passedMs = 0
  const core: Core = {
    clock: {
      now: () => START,
      monotonicMs: () => {
        passedMs += options.msALook ?? 0
        return START + passedMs
      },
    },
    timers: {
      set: (delayMs, fire) => {
        if (delayMs === 0) due.push(fire)
        return { cancel: () => {} }
      },
    },
    random: new SeededRandom(options.seed ?? 1),
    storage,
    log: (level, message) => void lines.push(`${level}: ${message}`),
  }
  const log = new MetadataLog({
    log: testLog({ storage, config: segments }),
    voter: VOTER,
    now: () => START,
    say: core.log,
  })
  const controller = new Controller({ core, config, log, clusterId: CLUSTER_ID, nodeId: 1 })
  const answers: string[] = []
  const settle = (): void => {
    for (let i = 0; i < 10; i++) {
      memory.finishFlushes()
      for (let fire = due.shift(); fire; fire = due.shift()) fire()
    }
  }
  const note = (name: string) => (outcome: Outcome) => {
    const message = outcome.message === null ? '' : ` ${outcome.message}`
    answers.push(`${name}: ${errorName(outcome.errorCode)}${message}`)
  }
  controller.start()
  for (const id of options.nodes ?? [1]) {
    controller.registerBroker({ ...VOTER, id, host: `host-${id}`, rack: null }, () => {})
  }
  settle()
  return { controller, storage: memory, core, config, answers, lines, note, settle, due }
}

/** A request for a topic, with Kafka's defaults for missing fields. */
export function newTopic(name: string, options: Partial<NewTopic> = {}): NewTopic {
  return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [], ...options }
}
