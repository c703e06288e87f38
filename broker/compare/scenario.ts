/**
 * What a scenario is, and what it is told in: requests of ours, each answer written down.
 *
 *   scenario('Produce: acks that do not exist', 'any client of its own making', async ({ call, topic }) => { … })
 *
 * The same story is told to our broker and to Kafka. Topics and groups get the same names on both, new in each run.
 *
 * - several stories are told at once, in one cluster; one that changes what all can see is told `alone`
 *
 * SCENARIO-1  answers stand in the order in which they were asked for, whichever came first
 * SCENARIO-2  a story that breaks off keeps the answers so far, and why it broke off: that fails it, on either side
 */
import { type ApiName, MESSAGES, type RequestOf, type ResponseOf } from './apis.ts'
import { Line, pause } from './line.ts'

const ATTEMPTS_MAX = 100
const PAUSE_MS = 100

/** An answer as it came, and to what. */
export interface Answer {
  readonly to: string
  readonly response: unknown
}

/** What came of telling a story: its answers, and why it broke off if it did. */
export interface Told {
  readonly answers: readonly Answer[]
  readonly brokeOff?: string
}

export interface Teller {
  /** host:port of the broker that is told to, for clients and tools that connect themselves. */
  readonly bootstrap: string
  /** Asks, writes the answer down, and gives it. */
  call<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** The same, without writing it down: what a story needs, but is not about. */
  quietly<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** The same as `call`, for a story about an answer that says "not yet": it is not asked for again. */
  once<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** Sends without waiting for an answer, for there is none (acks=0). */
  send<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<void>
  /** A second client: a connection of its own, what it asks stands in the same story. `clientId`: what it calls itself. */
  another(clientId?: string): Teller
  /** Writes down what was seen some other way, or the part of an answer that a story is about. */
  note(what: string, seen: unknown): void
  /** Creates a topic that serves when this returns; gives its name and id. */
  topic(partitions?: number, configs?: Record<string, string>): Promise<{ name: string; topicId: string }>
  /** A name that nobody has. */
  name(what: string): string
  /** Waits until the group's coordinator (or the transactional id's: keyType 1) serves. */
  coordinator(key: string, keyType?: number): Promise<void>
}

/** What a story cannot do without, beside the two brokers. */
export type Need = 'java' | 'kcat'

export interface ScenarioOptions {
  /** Changes or shows what others would see: brokers' settings, quotas, features, lists of everything. */
  readonly alone?: boolean
  /** Needs a cluster that has just started: no other scenario runs before it ends. */
  readonly first?: boolean
  readonly needs?: Need
}

export interface Scenario extends ScenarioOptions {
  readonly name: string
  /** The client or KIP that it stands for. */
  readonly standsFor: string
  readonly tell: (teller: Teller) => Promise<void>
}

export const SCENARIOS: Scenario[] = []

export function scenario(
  name: string,
  standsFor: string,
  tell: Scenario['tell'],
  options: ScenarioOptions = {},
): void {
  if (SCENARIOS.some((each) => each.name === name))
    throw new Error(`compare: two scenarios are called ${name}`)
  SCENARIOS.push({ name, standsFor, tell, ...options })
}

/** Tells a scenario to a broker; gives its answers in order. `run` makes the names of this run its own. */
export async function tellTo(bootstrap: string, run: string, { name, tell }: Scenario): Promise<Told> {
  const answers: Answer[] = []
  const lines: Line[] = []
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  let names = 0
  const newName = (what: string) => `${run}-${slug}-${what}-${++names}`
  try {
    await tell(tellerOf(bootstrap, answers, lines, newName))
    return { answers }
  } catch (error) {
    return { answers, brokeOff: error instanceof Error ? error.message : String(error) }
  } finally {
    for (const line of lines) line.end()
  }
}

function tellerOf(
  bootstrap: string,
  answers: Answer[],
  lines: Line[],
  name: Teller['name'],
  clientId?: string,
): Teller {
  const line = new Line(bootstrap, clientId)
  lines.push(line)
  const writeDown = async <K extends ApiName>(api: K, version: number, asked: Promise<unknown>) => {
    const place = answers.push({ to: `${api} v${version}`, response: 'no answer' }) - 1
    const response = await asked
    answers[place] = { to: `${api} v${version}`, response: response ?? 'hung up' }
    return response as ResponseOf<K>
  }
  const teller: Teller = {
    bootstrap,
    call: (api, version, body) => writeDown(api, version, line.ask(api, version, body)),
    once: (api, version, body) => writeDown(api, version, line.askOnce(api, version, body)),
    quietly: async (api, version, body) =>
      (await line.ask(api, version, body, true)) as ResponseOf<typeof api>,
    send: (api, version, body) => line.send(api, version, body),
    note: (what, seen) => answers.push({ to: what, response: seen }),
    another: (as) => tellerOf(bootstrap, answers, lines, name, as),
    name,
    topic: async (partitions = 1, configs = {}) => {
      const topic = name('topic')
      return { name: topic, topicId: await createTopic(teller, topic, partitions, configs) }
    },
    coordinator: async (key, keyType = 0) => {
      await teller.quietly('FindCoordinator', 4, { coordinatorKeys: [key], keyType })
    },
  }
  return teller
}

async function createTopic(
  teller: Teller,
  name: string,
  numPartitions: number,
  configs: Record<string, string>,
): Promise<string> {
  const settings = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const where = await placement(teller, numPartitions)
  const { topics } = await teller.quietly('CreateTopics', 7, {
    topics: [{ name, configs: settings, ...where }],
  })
  if (topics[0]!.errorCode !== 0) throw new Error(`compare: no topic ${name}: ${topics[0]!.errorMessage}`)
  const partitions = Array.from({ length: numPartitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1,
  }))
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const asked = await teller.quietly('ListOffsets', 6, { replicaId: -1, topics: [{ name, partitions }] })
    if (asked.topics[0]!.partitions.every(({ errorCode }) => errorCode === 0)) {
      await untilAllKnow(teller.bootstrap, name)
      return topics[0]!.topicId
    }
    await pause(PAUSE_MS)
  }
  throw new Error(`compare: ${name} does not serve`)
}

/** Where several brokers are, each hears of a topic when it does, and a story may go to any of them. */
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

/** Where several brokers are, all partitions of a topic go to one of them: a story talks to one broker at a time. */
async function placement({ bootstrap, quietly }: Teller, numPartitions: number) {
  if (!bootstrap.includes(',')) return { numPartitions, replicationFactor: 1 }
  const { brokers } = await quietly('Metadata', 12, { topics: [] })
  const brokerIds = [Math.min(...brokers.map(({ nodeId }) => nodeId))]
  const assignments = Array.from({ length: numPartitions }, (_, partitionIndex) => ({
    partitionIndex,
    brokerIds,
  }))
  return { numPartitions: -1, replicationFactor: -1, assignments }
}

/** The APIs with their versions that a story has asked, as `Fetch v12`; what was noted otherwise is left out. */
export function asked({ answers }: Told): string[] {
  const isCall = (to: string) => /^\w+ v\d+$/.test(to) && to.split(' ')[0]! in MESSAGES
  return [...new Set(answers.map(({ to }) => to).filter(isCall))]
}
