/**
 * One request of a client and what came of it, from the frames that go over the wire: read with the broker's own message
 * schemas, in the protocol's own words.
 *
 *   OffsetCommit v5   group payments, member m-1, generation 3   orders-2 -> 17   answered, no error
 *
 * - reading along never disturbs: a frame that is not understood is named by its key and passed on
 * - facts that a suite asks for stand in fields of their own; the rest is in the bodies, without record bytes
 */
import { messagesOf } from 'offset-zero-broker/src/messages/catalog.ts'
import { headerVersions, RequestHeader } from 'offset-zero-broker/src/messages/header.ts'
import { batchPositions, isTransactional, readBatchHeader } from 'offset-zero-broker/src/record/batch.ts'
import { errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { Reader } from 'offset-zero-broker/src/wire/reader.ts'

type Body = Readonly<Record<string, unknown>>

/** An offset that a client commits: the next one that it wants to read. */
export interface OffsetAsked {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly metadata: string | null
}

/** A batch in a Produce request. */
export interface BatchSent {
  readonly topic: string
  readonly partition: number
  readonly records: number
  /** -1: the producer is not idempotent. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
}

/** What a request says about itself, where its API has it. */
export interface Facts {
  /** Produce: how many acknowledgements were asked for. */
  readonly acks?: number
  readonly topics?: readonly string[]
  readonly group?: string
  /** Of JoinGroup it is what the broker answered, once it has. */
  memberId?: string
  generation?: number
  readonly instanceId?: string
  readonly transactionalId?: string
  producerId?: number
  producerEpoch?: number
  /** EndTxn: commit or abort. */
  readonly isCommit?: boolean
  /** Fetch and ListOffsets. */
  readonly isolation?: 'read_uncommitted' | 'read_committed'
  /** OffsetCommit and TxnOffsetCommit. */
  readonly offsets?: readonly OffsetAsked[]
  readonly batches?: readonly BatchSent[]
}

export interface Exchange extends Facts {
  readonly api: string
  readonly apiKey: number
  readonly version: number
  /** When it was asked: ms since the judge started. */
  readonly at: number
  /** Records in a Produce request or a Fetch response. */
  records: number
  /** Error codes other than 0 in the response, by name. */
  errors: readonly string[]
  /** The broker has answered; whether the client has heard of it is another question. */
  isAnswered: boolean
  /** The bodies as they were decoded; not of Produce and Fetch, which hold records. */
  readonly request?: Body
  answer?: Body
}

export interface RequestFrame {
  readonly exchange: Exchange
  readonly correlationId: number
  /** Where the body begins in the frame, bytes. */
  readonly bodyAt: number
}

export const PRODUCE = 0
export const FETCH = 1
const JOIN_GROUP = 11
const INIT_PRODUCER_ID = 22

/** Reads a request, without the four bytes of its size. */
export function readRequest(frame: Uint8Array): RequestFrame {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const [apiKey, version, correlationId] = [view.getInt16(0), view.getInt16(2), view.getInt32(4)]
  const messages = messagesOf(apiKey)
  const api = messages?.request.name.replace(/Request$/, '') ?? `API ${apiKey}`
  const flexible = messages !== undefined && version >= messages.request.flexibleSince
  const reader = new Reader(frame)
  const base = { api, apiKey, version, at: performance.now(), records: 0, errors: [], isAnswered: false }
  try {
    RequestHeader.decode(reader, headerVersions(apiKey, flexible).request)
    const bodyAt = reader.position
    const body = (messages?.request.decode(reader, version) ?? {}) as Body
    const kept = holdsRecords(apiKey) ? {} : { request: body }
    const exchange = { ...base, ...factsOf(apiKey, body), ...kept, records: recordsIn(body) }
    return { exchange, correlationId, bodyAt }
  } catch {
    return { exchange: base, correlationId, bodyAt: reader.position }
  }
}

/** Reads a response into its exchange; the frame is without its size. */
export function readResponse(frame: Uint8Array, exchange: Exchange): void {
  exchange.isAnswered = true
  const messages = messagesOf(exchange.apiKey)
  if (messages === undefined) return
  const flexible = exchange.version >= messages.response.flexibleSince
  const reader = new Reader(frame, 4)
  try {
    if (headerVersions(exchange.apiKey, flexible).response === 1) reader.skip(1)
    const body = messages.response.decode(reader, exchange.version) as Body
    if (exchange.apiKey === FETCH) exchange.records = recordsIn(body)
    if (!holdsRecords(exchange.apiKey)) exchange.answer = body
    exchange.errors = [...new Set(errorsIn(body))]
    if (exchange.apiKey === JOIN_GROUP) {
      exchange.memberId = String(body.memberId)
      exchange.generation = Number(body.generationId)
    }
    if (exchange.apiKey === INIT_PRODUCER_ID) {
      exchange.producerId = Number(body.producerId)
      exchange.producerEpoch = Number(body.producerEpoch)
    }
  } catch {}
}

const holdsRecords = (apiKey: number) => apiKey === PRODUCE || apiKey === FETCH

interface TopicBody {
  readonly name?: string
  readonly topic?: string
  readonly partitions?: readonly Body[]
  readonly partitionData?: readonly { readonly index: number; readonly records: Uint8Array | null }[]
}

/** The facts of a request. The same field has the same name in nearly all APIs. */
function factsOf(apiKey: number, body: Body): Facts {
  const text = (name: string) => {
    const value = body[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const number = (...names: string[]) => {
    const found = names.find((name) => typeof body[name] === 'number' || typeof body[name] === 'bigint')
    return found === undefined ? undefined : Number(body[found])
  }
  const topicList = (body.topicData ?? body.topics) as readonly TopicBody[] | undefined
  const topics = Array.isArray(topicList)
    ? [...new Set((topicList as readonly TopicBody[]).flatMap((one) => one.name ?? one.topic ?? []))]
    : undefined
  const isolation = number('isolationLevel')
  return withoutUndefined({
    acks: apiKey === PRODUCE ? number('acks') : undefined,
    topics,
    group: text('groupId'),
    memberId: text('memberId'),
    generation: number('generationId', 'generationIdOrMemberEpoch'),
    instanceId: text('groupInstanceId'),
    transactionalId: text('transactionalId') ?? text('v3AndBelowTransactionalId'),
    producerId: number('producerId', 'v3AndBelowProducerId'),
    producerEpoch: number('producerEpoch', 'v3AndBelowProducerEpoch'),
    isCommit: typeof body.committed === 'boolean' ? body.committed : undefined,
    isolation: isolation === undefined ? undefined : isolation === 1 ? 'read_committed' : 'read_uncommitted',
    offsets: offsetsIn(topicList),
    batches: apiKey === PRODUCE ? batchesIn(topicList) : undefined,
  })
}

function offsetsIn(topics: readonly TopicBody[] | undefined): OffsetAsked[] | undefined {
  if (!Array.isArray(topics)) return undefined
  const list = (topics as readonly TopicBody[]).flatMap(({ name = '', partitions = [] }) =>
    partitions.flatMap((one) =>
      one.committedOffset === undefined
        ? []
        : {
            topic: name,
            partition: Number(one.partitionIndex),
            offset: Number(one.committedOffset),
            metadata: typeof one.committedMetadata === 'string' ? one.committedMetadata : null,
          },
    ),
  )
  return list.length === 0 ? undefined : list
}

function batchesIn(topics: readonly TopicBody[] | undefined): BatchSent[] {
  return (topics ?? []).flatMap(({ name = '', partitionData = [] }) =>
    partitionData.flatMap(({ index, records }) =>
      records === null
        ? []
        : Array.from(batchPositions(records), (at) => {
            const header = readBatchHeader(records, at)
            return {
              topic: name,
              partition: index,
              records: header.recordCount,
              producerId: Number(header.producerId),
              producerEpoch: header.producerEpoch,
              baseSequence: header.baseSequence,
              isTransactional: isTransactional(header),
            }
          }),
    ),
  )
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>
}

function recordsIn(value: unknown): number {
  if (value instanceof Uint8Array) return 0
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + recordsIn(item), 0)
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  for (const [name, field] of Object.entries(value)) {
    if (name === 'records' && field instanceof Uint8Array) {
      for (const at of batchPositions(field)) count += readBatchHeader(field, at).recordCount
    } else count += recordsIn(field)
  }
  return count
}

function errorsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(errorsIn)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'errorCode' && typeof field === 'number' && field !== 0 ? [errorName(field)] : errorsIn(field),
  )
}
