/**
 * What a scenario is, and what it is told in: requests of ours, each answer written down.
 *
 *   scenario('Produce: acks that do not exist', 'any client of its own making', async ({ call, topic }) => { … })
 *
 * The same story is told to our broker and to Kafka. Topics and groups get the same names on both, new in each run.
 *
 * C1  an answer that only says "not yet" (a coordinator that loads, a transaction that ends) is asked for again
 * C2  a broker that hangs up is an answer, too; the next call takes a new connection
 */

import type { Message } from '../src/wire/schema.ts'
import { RawClient } from '../test/raw-client.ts'
import { type ApiName, MESSAGES, type RequestOf, type ResponseOf } from './apis.ts'

/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_TRANSACTIONS. */
const NOT_YET = new Set([14, 15, 16, 51])
const ATTEMPTS_MAX = 100
const PAUSE_MS = 100

/** An answer as it came, and to what. */
export interface Answer {
  readonly to: string
  readonly response: unknown
}

export interface Teller {
  /** Asks, writes the answer down, and gives it. */
  call<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** The same, without writing it down: what a story needs, but is not about. */
  quietly<K extends ApiName>(api: K, version: number, body: RequestOf<K>): Promise<ResponseOf<K>>
  /** Creates a topic that serves when this returns; gives its name and id. */
  topic(partitions?: number, configs?: Record<string, string>): Promise<{ name: string; topicId: string }>
  /** A name that nobody has. */
  name(what: string): string
  /** Waits until the group's coordinator (or the transactional id's: keyType 1) serves. */
  coordinator(key: string, keyType?: number): Promise<void>
}

export interface Scenario {
  readonly name: string
  /** The client or KIP that it stands for. */
  readonly standsFor: string
  readonly tell: (teller: Teller) => Promise<void>
}

export const SCENARIOS: Scenario[] = []

export function scenario(name: string, standsFor: string, tell: Scenario['tell']): void {
  SCENARIOS.push({ name, standsFor, tell })
}

/** Tells a scenario to a broker; gives its answers in order. `run` makes the names of this run its own. */
export async function tellTo(bootstrap: string, run: string, { name, tell }: Scenario): Promise<Answer[]> {
  const answers: Answer[] = []
  const line = new Line(bootstrap)
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  let names = 0
  const teller: Teller = {
    call: async (api, version, body) => {
      const response = await line.ask(api, version, body)
      answers.push({ to: `${api} v${version}`, response: response ?? 'hung up' })
      return response as ResponseOf<typeof api>
    },
    quietly: async (api, version, body) => (await line.ask(api, version, body)) as ResponseOf<typeof api>,
    name: (what) => `${run}-${slug}-${what}-${++names}`,
    topic: async (partitions = 1, configs = {}) => {
      const topic = teller.name('topic')
      return { name: topic, topicId: await createTopic(teller, topic, partitions, configs) }
    },
    coordinator: async (key, keyType = 0) => {
      await teller.quietly('FindCoordinator', 4, { coordinatorKeys: [key], keyType })
    },
  }
  try {
    await tell(teller)
  } finally {
    line.end()
  }
  return answers
}

async function createTopic(
  { quietly }: Teller,
  name: string,
  numPartitions: number,
  configs: Record<string, string>,
): Promise<string> {
  const settings = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const topic = { name, numPartitions, replicationFactor: 1, configs: settings }
  const { topics } = await quietly('CreateTopics', 7, { topics: [topic] })
  if (topics[0]!.errorCode !== 0) throw new Error(`compare: no topic ${name}: ${topics[0]!.errorMessage}`)
  const partitions = Array.from({ length: numPartitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1,
  }))
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const asked = await quietly('ListOffsets', 6, { replicaId: -1, topics: [{ name, partitions }] })
    if (asked.topics[0]!.partitions.every(({ errorCode }) => errorCode === 0)) return topics[0]!.topicId
    await pause()
  }
  throw new Error(`compare: ${name} does not serve`)
}

/** A connection that is made anew when the broker has closed it. */
class Line {
  private readonly bootstrap: string
  private client: RawClient | undefined

  constructor(bootstrap: string) {
    this.bootstrap = bootstrap
  }

  async ask(api: ApiName, version: number, body: unknown): Promise<unknown> {
    const { request, response } = MESSAGES[api] as unknown as {
      request: Message<unknown>
      response: Message<unknown>
    }
    for (let attempt = 1; ; attempt++) {
      this.client ??= await RawClient.to(this.bootstrap)
      const answer = await this.client.call(request, response, version, body)
      if (answer === undefined) this.end()
      if (!saysNotYet(answer) || attempt === ATTEMPTS_MAX) return answer
      await pause()
    }
  }

  end(): void {
    this.client?.end()
    this.client = undefined
  }
}

function saysNotYet(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(saysNotYet)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  const fields = value as Record<string, unknown>
  return NOT_YET.has(fields.errorCode as number) || Object.values(fields).some(saysNotYet)
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
}
