/**
 * A topic's log as it is stored: batches with producer ids, epochs and sequences, control batches, the records of both
 * committed and aborted transactions. Read over the wire, so it is the same on our broker and on Apache Kafka.
 *
 *   offset   0..4             5..6            7          8
 *            no transaction   producer 9: a   abort of a producer 11: open
 *            committed        aborted         control    open                 a reader of committed data stops at 8
 *
 * - whether a transaction was committed is read off its control batch, not off the answer's list of aborted ones: this way
 *   one pass over the log tells all
 */
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from 'offset-zero-broker/src/messages/delete-records.ts'
import { FetchRequest, FetchResponse } from 'offset-zero-broker/src/messages/fetch.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from 'offset-zero-broker/src/messages/list-offsets.ts'
import { NODE_CODECS } from 'offset-zero-broker/src/node/compression/codecs.ts'
import {
  batchPositions,
  codecOf,
  isControl,
  isTransactional,
  readBatchHeader,
} from 'offset-zero-broker/src/record/batch.ts'
import { readControlBatch } from 'offset-zero-broker/src/record/control-record.ts'
import { readRecords } from 'offset-zero-broker/src/record/record.ts'
import { accepted, type RawCluster } from './raw.ts'

/** Offsets of a partition: the first that is there, the next that will be given, and how far committed readers get. */
export interface Ends {
  readonly partition: number
  readonly start: number
  readonly end: number
  readonly stable: number
}

/** A record as it was read back. */
export interface ReadBack {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  /** A list where the same key stands more than once. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** The same, byte for byte. */
  readonly bytes: {
    readonly key: Uint8Array | null
    readonly value: Uint8Array | null
    readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  }
}

/** What became of the transaction that a batch belongs to. */
export type BatchState = 'committed' | 'aborted' | 'open'

export interface BatchRead {
  readonly baseOffset: number
  readonly lastOffset: number
  /** How many records it holds; a control batch holds one that no application sees. */
  readonly records: number
  /** -1: its producer was not idempotent. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  /** A control batch, and how it ended the transaction. */
  readonly control?: 'commit' | 'abort'
  /** Batches outside transactions are committed. */
  readonly state: BatchState
  readonly codec: number
  /** Of its newest record, ms since 1970. */
  readonly timestamp: number
}

interface Stored {
  readonly batch: BatchRead
  readonly bytes: Uint8Array
  readonly at: number
}

const COMMIT = 1
const fetchBytesMax = 32 << 20

export function endsOf(cluster: RawCluster, topic: string): Promise<Ends[]> {
  return cluster.patiently(async () => {
    const partitions = await cluster.partitionsOf(topic)
    const [start, end, stable] = await Promise.all([
      listed(cluster, topic, partitions, -2, 0),
      listed(cluster, topic, partitions, -1, 0),
      listed(cluster, topic, partitions, -1, 1),
    ])
    return partitions.map((partition) => ({
      partition,
      start: start.get(partition) ?? 0,
      end: end.get(partition) ?? 0,
      stable: stable.get(partition) ?? 0,
    }))
  })
}

async function listed(
  cluster: RawCluster,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
  isolationLevel: 0 | 1,
): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (const [broker, own] of await cluster.byLeader(topic, partitions)) {
    const { topics } = await broker.ask(ListOffsetsRequest, ListOffsetsResponse, 5, {
      replicaId: -1,
      isolationLevel,
      topics: [{ name: topic, partitions: own.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
    })
    for (const { partitionIndex, errorCode, offset } of topics[0]?.partitions ?? []) {
      accepted(`${topic}-${partitionIndex}`, errorCode)
      found.set(partitionIndex, Number(offset))
    }
  }
  return found
}

/** Deletes the records of a partition below `offset`: its log start offset moves there. */
export function deleteRecords(
  cluster: RawCluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<void> {
  return cluster.patiently(async () => {
    const leader = await cluster.leaderOf(topic, partition)
    const { topics } = await leader.ask(DeleteRecordsRequest, DeleteRecordsResponse, 1, {
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }],
      timeoutMs: 10_000,
    })
    accepted(`${topic}-${partition}`, topics[0]?.partitions[0]?.errorCode ?? 0)
  })
}

/** All records of a topic that applications see, by partition and offset. */
export async function readTopic(
  cluster: RawCluster,
  topic: string,
  isolation: 'committed' | 'uncommitted',
): Promise<ReadBack[]> {
  const ends = (await endsOf(cluster, topic)).filter(({ start, end }) => end > start)
  const lists = await Promise.all(ends.map((one) => stored(cluster, topic, one)))
  return lists.flatMap((list, i) => {
    const { partition = 0, start = 0, end = 0, stable = 0 } = ends[i] ?? {}
    const below = isolation === 'committed' ? stable : end
    return list
      .filter(({ batch }) => batch.control === undefined)
      .filter(({ batch }) => isolation === 'uncommitted' || batch.state === 'committed')
      .flatMap(({ bytes, at }) => readRecords(bytes, at, NODE_CODECS))
      .filter(({ offset }) => offset >= start && offset < below)
      .map(({ offset, key, value, headers, timestamp }) => ({
        partition,
        offset,
        key: textOf(key),
        value: textOf(value),
        headers: headersOf(headers),
        timestamp: Number(timestamp),
        bytes: { key, value, headers },
      }))
  })
}

/** The batches of one partition, in order. */
export async function readBatches(
  cluster: RawCluster,
  topic: string,
  partition: number,
): Promise<BatchRead[]> {
  const ends = (await endsOf(cluster, topic)).find((one) => one.partition === partition)
  if (ends === undefined || ends.end === ends.start) return []
  return (await stored(cluster, topic, ends)).map(({ batch }) => batch)
}

function stored(cluster: RawCluster, topic: string, { partition, start, end }: Ends): Promise<Stored[]> {
  return cluster.patiently(async () => {
    const broker = await cluster.leaderOf(topic, partition)
    const list: Stored[] = []
    for (let offset = start; offset < end; ) {
      const { errorCode, responses } = await broker.ask(FetchRequest, FetchResponse, 11, {
        replicaId: -1,
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: fetchBytesMax,
        isolationLevel: 0,
        topics: [
          { topic, partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: fetchBytesMax }] },
        ],
      })
      accepted(topic, errorCode)
      const found = responses[0]?.partitions[0]
      accepted(`${topic}-${partition}`, found?.errorCode ?? 0)
      const bytes = found?.records ?? new Uint8Array(0)
      const before = offset
      for (const at of batchPositions(bytes)) {
        const batch = headerAt(bytes, at)
        offset = batch.lastOffset + 1
        list.push({ batch, bytes, at })
      }
      // What compaction has removed at the end has left offsets, and no batch.
      if (offset === before) break
    }
    return withStates(list)
  })
}

function headerAt(bytes: Uint8Array, at: number): BatchRead {
  const header = readBatchHeader(bytes, at)
  const control = isControl(header) ? readControlBatch(bytes, at) : undefined
  return {
    baseOffset: header.baseOffset,
    lastOffset: header.lastOffset,
    records: header.recordCount,
    producerId: Number(header.producerId),
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    isTransactional: isTransactional(header),
    ...(control === undefined ? {} : { control: control.type === COMMIT ? 'commit' : 'abort' }),
    state: 'committed',
    codec: codecOf(header),
    timestamp: Number(header.maxTimestamp),
  }
}

/** From the end to the beginning: the control batch that follows says what became of a transaction. */
function withStates(list: readonly Stored[]): Stored[] {
  const endOf = new Map<number, BatchState>()
  return [...list]
    .reverse()
    .map((one): Stored => {
      const { control, producerId, isTransactional } = one.batch
      if (control !== undefined) {
        const state = control === 'commit' ? 'committed' : 'aborted'
        endOf.set(producerId, state)
        return { ...one, batch: { ...one.batch, state } }
      }
      if (!isTransactional) return one
      return { ...one, batch: { ...one.batch, state: endOf.get(producerId) ?? 'open' } }
    })
    .reverse()
}

const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

function headersOf(
  headers: readonly { readonly key: string; readonly value: Uint8Array | null }[],
): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {}
  for (const { key, value } of headers) {
    const text = textOf(value) ?? ''
    const known = all[key]
    all[key] = known === undefined ? text : [...(typeof known === 'string' ? [known] : known), text]
  }
  return all
}
