/**
 * Reads a partition from beginning to end, like a consumer of either isolation level.
 *
 * With read_committed the broker sends the records of aborted transactions all the same, with a list of producers and
 * offsets; the consumer must drop them.
 */
import { FetchRequest, FetchResponse } from '../../../src/messages/fetch.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../../../src/messages/list-offsets.ts'
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { batchPositions, isControl, isTransactional, readBatchHeader } from '../../../src/record/batch.ts'
import { readRecords } from '../../../src/record/record.ts'
import { errorName } from '../../../src/wire/errors.ts'
import { type Int64, minus, nearestNumber } from '../../../src/wire/int64.ts'
import type { Caller } from './caller.ts'

export interface ReadRecord {
  readonly offset: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly producerId: Int64
}

export interface ReadPartition {
  readonly records: ReadRecord[]
  /** Offsets that belong to no batch. */
  readonly gaps: number
  readonly endOffset: number
}

const BYTES_MAX = 4_000_000
const LATEST = -1

/** All records from offset 0 to the end for the isolation level. */
export async function readPartition(
  caller: Caller,
  topic: string,
  partition: number,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_uncommitted',
): Promise<ReadPartition> {
  const isolationLevel = isolation === 'read_committed' ? 1 : 0
  const end = await endOffset(caller, topic, partition, isolationLevel)
  const records: ReadRecord[] = []
  let gaps = 0
  let next = 0
  while (next < end) {
    const { responses } = await caller.call(FetchRequest, FetchResponse, 12, {
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel,
      topics: [{ topic, partitions: [{ partition, fetchOffset: next, partitionMaxBytes: BYTES_MAX }] }],
    })
    const answer = responses[0]!.partitions[0]!
    if (answer.errorCode !== 0) throw new Error(`${topic}-${partition}: ${errorName(answer.errorCode)}`)
    const bytes = answer.records ?? new Uint8Array(0)
    const isAborted = abortedIn(answer.abortedTransactions ?? [])
    const before = next
    for (const at of batchPositions(bytes)) {
      const header = readBatchHeader(bytes, at)
      if (header.lastOffset < next) continue
      if (header.baseOffset > next) gaps++
      next = header.lastOffset + 1
      const leftOut = isAborted(header, () => readRecords(bytes, at, NODE_CODECS)[0]!.key!)
      if (leftOut || isControl(header)) continue
      for (const { offset, key, value } of readRecords(bytes, at, NODE_CODECS)) {
        if (offset >= before) records.push({ offset, key, value, producerId: header.producerId })
      }
    }
    if (next === before) throw new Error(`${topic}-${partition}: nothing at ${next}, the end is ${end}`)
  }
  return { records, gaps, endOffset: end }
}

async function endOffset(
  caller: Caller,
  name: string,
  partitionIndex: number,
  isolationLevel: number,
): Promise<number> {
  const { topics } = await caller.call(ListOffsetsRequest, ListOffsetsResponse, 7, {
    replicaId: -1,
    isolationLevel,
    topics: [{ name, partitions: [{ partitionIndex, timestamp: LATEST }] }],
  })
  const { errorCode, offset } = topics[0]!.partitions[0]!
  if (errorCode !== 0) throw new Error(`${name}-${partitionIndex}: ${errorName(errorCode)}`)
  return nearestNumber(offset)
}

type Header = ReturnType<typeof readBatchHeader>

/** Tells for each batch, in order, whether its transaction was aborted. */
function abortedIn(aborted: readonly { producerId: Int64; firstOffset: Int64 }[]) {
  const coming = [...aborted].sort((a, b) => nearestNumber(minus(a.firstOffset, b.firstOffset)))
  const now = new Set<Int64>()
  return (header: Header, keyOf: () => Uint8Array): boolean => {
    while (coming.length > 0 && coming[0]!.firstOffset <= header.lastOffset)
      now.add(coming.shift()!.producerId)
    if (isControl(header)) {
      // The key of a marker: version int16, type int16, where 0 is abort.
      if (keyOf()[3] === 0) now.delete(header.producerId)
      return true
    }
    return isTransactional(header) && now.has(header.producerId)
  }
}
