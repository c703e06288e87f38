/**
 * A scenario's connection: it is reopened when the broker has closed it, and moves to the broker that can answer.
 *
 * - a retriable response (a coordinator that is loading, a transaction that is ending) is requested again
 * - with several brokers, an error like NOT_LEADER_OR_FOLLOWER is followed to the leader or coordinator, as every client
 *   does; with one broker it is the result; responses that need all brokers are merged (several.ts)
 * - a missing response is an error, so that a broker that drops a request does not block the comparison
 *
 * COMPARE-LINE-2  if a broker closes the connection, the response is undefined; the next request opens a new connection
 */
import type { Message } from '../src/wire/schema.ts'
import { RawClient } from '../test/raw-client.ts'
import { type ApiName, MESSAGES } from './apis.ts'
import { isOfAll, oneByOne, together } from './several.ts'

/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_TRANSACTIONS. */
const NOT_YET: ReadonlySet<unknown> = new Set([14, 15, 16, 51])
/**
 * NOT_ENOUGH_REPLICAS too: a producer of transaction version 1 gets it while the markers of its previous transaction are
 * not written yet. (Kafka: ReplicaManager.handleProduceAppend)
 */
const NOT_YET_TO_THE_PATIENT: ReadonlySet<unknown> = new Set([...NOT_YET, 19])
const NOT_COORDINATOR: ReadonlySet<unknown> = new Set([16])
const NOT_LEADER: ReadonlySet<unknown> = new Set([6])
const ATTEMPTS_MAX = 100
const PAUSE_MS = 100
const ANSWER_MS_MAX = 40_000

interface Address {
  readonly host: string
  readonly port: number
}

export class Line {
  private readonly bootstrap: string
  private at: string
  private client: RawClient | undefined

  private readonly clientId: string | undefined

  /** `bootstrap`: host:port, or several with commas; the first is used. `clientId`: the client id in requests. */
  constructor(bootstrap: string, clientId?: string) {
    this.bootstrap = bootstrap
    this.clientId = clientId
    this.at = bootstrap.split(',')[0]!
  }

  /**
   * Sends the request until the response is not retriable. `isPatient`: NOT_ENOUGH_REPLICAS is retriable, too.
   */
  async ask(api: ApiName, version: number, body: unknown, isPatient = false): Promise<unknown> {
    const parts = this.hasSeveral() ? oneByOne(api, body) : undefined
    const everywhere = this.hasSeveral() && isOfAll(api)
    if (!parts && !everywhere) return this.askOne(api, version, body, isPatient)
    const answers: unknown[] = []
    for (const part of parts ?? this.bootstrap.split(',')) {
      if (typeof part === 'string') this.goTo(part)
      answers.push(await this.askOne(api, version, typeof part === 'string' ? body : part, isPatient))
    }
    return together(api, answers)
  }

  private async askOne(api: ApiName, version: number, body: unknown, isPatient: boolean): Promise<unknown> {
    const notYet = isPatient ? NOT_YET_TO_THE_PATIENT : NOT_YET
    for (let attempt = 1; ; attempt++) {
      const answer = await this.askOnce(api, version, body)
      if (attempt === ATTEMPTS_MAX) return answer
      const elsewhere = this.hasSeveral() ? await this.whoInstead(api, answer, body) : undefined
      if (elsewhere !== undefined) this.goTo(elsewhere)
      else if (says(notYet, answer)) await pause(PAUSE_MS)
      else return answer
    }
  }

  /** Sends without waiting: a Produce with acks=0 has no response. */
  async send(api: ApiName, version: number, body: unknown): Promise<void> {
    this.client ??= await this.connect()
    const { request, response } = messagesOf(api)
    void this.client.call(request, response, version, body)
  }

  private async connect(): Promise<RawClient> {
    const client = await RawClient.to(this.at)
    client.clientId = this.clientId ?? client.clientId
    return client
  }

  end(): void {
    this.client?.end()
    this.client = undefined
  }

  private hasSeveral(): boolean {
    return this.bootstrap.includes(',')
  }

  private goTo(address: string): void {
    this.end()
    this.at = address
  }

  /** Sends once, and returns retriable errors, too. */
  async askOnce(api: ApiName, version: number, body: unknown): Promise<unknown> {
    this.client ??= await this.connect()
    const { request, response } = messagesOf(api)
    const answer = await inTime(
      this.client.call(request, response, version, body),
      () => `${api} v${version}: no answer within ${ANSWER_MS_MAX / 1000} s`,
    )
    if (answer === undefined) this.end()
    return answer
  }

  /** The address of the right broker, if the response says that this one is wrong and the right one is known. */
  private async whoInstead(api: ApiName, answer: unknown, body: unknown): Promise<string | undefined> {
    if (says(NOT_COORDINATOR, answer, 'partitionErrorCode'))
      return this.coordinatorOf(api, body as Record<string, unknown>)
    if (says(NOT_LEADER, answer)) return this.leaderFor(body)
    return undefined
  }

  private async coordinatorOf(api: ApiName, body: Record<string, unknown>): Promise<string | undefined> {
    const transactionalId = api === 'TxnOffsetCommit' ? undefined : firstTransaction(body)
    const key = transactionalId ?? firstGroup(body)
    if (key === undefined) return undefined
    const asked = { coordinatorKeys: [key], keyType: transactionalId === undefined ? 0 : 1 }
    const { coordinators } = (await this.askOnce('FindCoordinator', 4, asked)) as { coordinators: Address[] }
    const found = coordinators[0]
    return found && found.port > 0 ? `${found.host}:${found.port}` : undefined
  }

  /** The leader of the first partition that the request names. */
  private async leaderFor(body: unknown): Promise<string | undefined> {
    const topic = firstTopic(body)
    if (topic === undefined) return undefined
    const metadata = (await this.askOnce('Metadata', 12, { topics: [topic] })) as {
      brokers: (Address & { nodeId: number })[]
      topics: { partitions: { partitionIndex: number; leaderId: number }[] }[]
    }
    const { partitions = [] } = metadata.topics[0] ?? {}
    const asked = partitions.find(({ partitionIndex }) => partitionIndex === firstPartition(body))
    const leader = (asked ?? partitions[0])?.leaderId
    const found = metadata.brokers.find(({ nodeId }) => nodeId === leader)
    return found && `${found.host}:${found.port}`
  }
}

function messagesOf(api: ApiName): { request: Message<unknown>; response: Message<unknown> } {
  return MESSAGES[api] as unknown as { request: Message<unknown>; response: Message<unknown> }
}

function firstTransaction(body: Record<string, unknown>): string | undefined {
  const [described] = (body.transactionalIds ?? []) as string[]
  const [added] = (body.transactions ?? []) as { transactionalId: string }[]
  const named = body.transactionalId ?? body.v3AndBelowTransactionalId ?? described ?? added?.transactionalId
  return (named ?? undefined) as string | undefined
}

function firstGroup(body: Record<string, unknown>): string | undefined {
  const groups = (body.groups ?? body.groupIds ?? body.groupsNames ?? [body.groupId]) as unknown[]
  const first = groups[0] as string | { groupId?: string } | undefined
  return typeof first === 'object' ? first.groupId : first
}

function firstTopic(body: unknown): { name: string } | { name: null; topicId: string } | undefined {
  const { topics, topicData } = body as Record<string, unknown[] | undefined>
  const named = (topics ?? topicData)?.[0] as Record<string, string | undefined> | undefined
  const name = named?.name ?? named?.topic
  if (name) return { name }
  return named?.topicId === undefined ? undefined : { name: null, topicId: named.topicId }
}

function firstPartition(body: unknown): number | undefined {
  const { topics, topicData } = body as Record<string, Record<string, unknown[] | undefined>[] | undefined>
  const { partitions, partitionData } = (topics ?? topicData)?.[0] ?? {}
  const first = (partitions ?? partitionData)?.[0] as Record<string, number | undefined> | undefined
  return first?.partitionIndex ?? first?.partition ?? first?.index
}

/** Whether some error code in the response is one of these; some responses have another field name for it. */
function says(codes: ReadonlySet<unknown>, value: unknown, otherField = 'errorCode'): boolean {
  if (Array.isArray(value)) return value.some((each) => says(codes, each, otherField))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  const fields = value as Record<string, unknown>
  if (codes.has(fields.errorCode) || codes.has(fields[otherField])) return true
  return Object.values(fields).some((each) => says(codes, each, otherField))
}

async function inTime<T>(work: Promise<T>, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), ANSWER_MS_MAX)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
