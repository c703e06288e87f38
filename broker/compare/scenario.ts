/**
 * A scenario, and the functions that it uses: it sends requests, and every response is recorded.
 *
 *   scenario('Produce: acks that do not exist', 'any client of its own making', async ({ call, topic }) => { … })
 *
 * The same scenario runs on our broker and on Kafka. Topics and groups have the same names on both, new in each run.
 *
 * - several scenarios run at once, in one cluster; one that changes what others can see is marked `alone`
 *
 * SCENARIO-1  responses are in the order of their requests, whichever came first
 * SCENARIO-2  a scenario that throws keeps its responses so far, and the error: it fails, on either side
 */
import { type ApiName, MESSAGES, type RequestOf, type ResponseOf } from './apis.ts'
import { Line, pause } from './line.ts'

const ATTEMPTS_MAX = 100
const PAUSE_MS = 100

/** A response, and its request. */
export interface Answer {
  readonly to: string
  readonly response: unknown
}

/** The result of a scenario: its responses, and the error if it threw one. */
export interface Recording {
  readonly answers: readonly Answer[]
  readonly brokeOff?: string
}

export interface Recorder {
  /** host:port of the broker, for clients and tools that connect themselves. */
  readonly bootstrap: string
  /** Sends a request, records the response, and returns it. */
  call<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** The same, without recording: for requests that a scenario needs, but is not about. */
  quietly<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** The same as `call`, but a retriable error is the result: the request is not repeated. */
  once<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** Sends without waiting for a response, because there is none (acks=0). */
  send<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<void>
  /** A second client with its own connection; its responses are recorded in the same scenario. `clientId`: its client id. */
  another(clientId?: string): Recorder
  /** Records something else: an observation, or the relevant part of a response. */
  note(what: string, seen: unknown): void
  /** Creates a topic, and waits until it is served; returns its name and id. */
  topic(partitions?: number, configs?: Record<string, string>): Promise<{ name: string; topicId: string }>
  /** An unused name. */
  name(what: string): string
  /** Waits until the coordinator of the group (or of the transactional id: keyType 1) serves. */
  coordinator(key: string, keyType?: number): Promise<void>
}

/** What a scenario needs besides the two brokers. */
export type Need = 'java' | 'kcat'

export interface ScenarioOptions {
  /** Changes or lists what others would see: configs of brokers, quotas, features, lists of everything. */
  readonly alone?: boolean
  /** Needs a new cluster: no other scenario runs before it ends. */
  readonly first?: boolean
  readonly needs?: Need
}

export interface Scenario extends ScenarioOptions {
  readonly name: string
  /** The client or KIP that it represents. */
  readonly standsFor: string
  readonly play: (recorder: Recorder) => Promise<void>
}

export const SCENARIOS: Scenario[] = []

export function scenario(
  name: string,
  standsFor: string,
  play: Scenario['play'],
  options: ScenarioOptions = {},
): void {
  if (SCENARIOS.some((each) => each.name === name))
    throw new Error(`compare: two scenarios are called ${name}`)
  SCENARIOS.push({ name, standsFor, play, ...options })
}

/** Runs a scenario on a broker; returns its responses in order. `run` makes the names of this run unique. */
export async function playOn(bootstrap: string, run: string, { name, play }: Scenario): Promise<Recording> {
  const answers: Answer[] = []
  const lines: Line[] = []
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  let names = 0
  const newName = (what: string) => `${run}-${slug}-${what}-${++names}`
  try {
    await play(recorderOf(bootstrap, answers, lines, newName))
    return { answers }
  } catch (error) {
    return { answers, brokeOff: error instanceof Error ? error.message : String(error) }
  } finally {
    for (const line of lines) line.end()
  }
}

function recorderOf(
  bootstrap: string,
  answers: Answer[],
  lines: Line[],
  name: Recorder['name'],
  clientId?: string,
): Recorder {
  const line = new Line(bootstrap, clientId)
  lines.push(line)
  const writeDown = async <K extends ApiName>(api: K, version: number, asked: Promise<unknown>) => {
    const place = answers.push({ to: `${api} v${version}`, response: 'no answer' }) - 1
    const response = await asked
    answers[place] = { to: `${api} v${version}`, response: response ?? 'hung up' }
    return response as ResponseOf<K>
  }
  const recorder: Recorder = {
    bootstrap,
    call: (api, version, body) => writeDown(api, version, line.ask(api, version, body)),
    once: (api, version, body) => writeDown(api, version, line.askOnce(api, version, body)),
    quietly: async (api, version, body) =>
      (await line.ask(api, version, body, true)) as ResponseOf<typeof api>,
    send: (api, version, body) => line.send(api, version, body),
    note: (what, seen) => answers.push({ to: what, response: seen }),
    another: (as) => recorderOf(bootstrap, answers, lines, name, as),
    name,
    topic: async (partitions = 1, configs = {}) => {
      const topic = name('topic')
      return { name: topic, topicId: await createTopic(recorder, topic, partitions, configs) }
    },
    coordinator: async (key, keyType = 0) => {
      await recorder.quietly('FindCoordinator', 4, { coordinatorKeys: [key], keyType })
    },
  }
  return recorder
}

async function createTopic(
  recorder: Recorder,
  name: string,
  numPartitions: number,
  configs: Record<string, string>,
): Promise<string> {
  const settings = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const where = await placement(recorder, numPartitions)
  const { topics } = await recorder.quietly('CreateTopics', 7, {
    topics: [{ name, configs: settings, ...where }],
  })
  if (topics[0]!.errorCode !== 0) throw new Error(`compare: no topic ${name}: ${topics[0]!.errorMessage}`)
  const partitions = Array.from({ length: numPartitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1,
  }))
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const asked = await recorder.quietly('ListOffsets', 6, { replicaId: -1, topics: [{ name, partitions }] })
    if (asked.topics[0]!.partitions.every(({ errorCode }) => errorCode === 0)) {
      await untilAllKnow(recorder.bootstrap, name)
      return topics[0]!.topicId
    }
    await pause(PAUSE_MS)
  }
  throw new Error(`compare: ${name} does not serve`)
}

/** With several brokers, each applies a new topic at its own time, and a scenario may use any of them. */
async function untilAllKnow(bootstrap: string, name: string): Promise<void> {
  if (!bootstrap.includes(',')) return
  for (const at of bootstrap.split(',')) {
    const line = new Line(at)
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const asked = { topics: [{ name }], allowAutoTopicCreation: false }
      const { topics } = (await line.ask('Metadata', 12, asked)) as ResponseOf<'Metadata'>
      if (topics[0]!.errorCode === 0) break
      await pause(PAUSE_MS)
    }
    line.end()
  }
}

/** With several brokers, all partitions of a topic are on one of them: a scenario uses one broker at a time. */
async function placement({ bootstrap, quietly }: Recorder, numPartitions: number) {
  if (!bootstrap.includes(',')) return { numPartitions, replicationFactor: 1 }
  const { brokers } = await quietly('Metadata', 12, { topics: [] })
  const brokerIds = [Math.min(...brokers.map(({ nodeId }) => nodeId))]
  const assignments = Array.from({ length: numPartitions }, (_, partitionIndex) => ({
    partitionIndex,
    brokerIds,
  }))
  return { numPartitions: -1, replicationFactor: -1, assignments }
}

/** The APIs and versions that a scenario used, as `Fetch v12`; other notes are not included. */
export function asked({ answers }: Recording): string[] {
  const isCall = (to: string) => /^\w+ v\d+$/.test(to) && to.split(' ')[0]! in MESSAGES
  return [...new Set(answers.map(({ to }) => to).filter(isCall))]
}
