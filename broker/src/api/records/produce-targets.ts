/**
 * The partitions of a Produce request, with a batch for each.
 *
 *   topicData   orders: 0 batch a, 1 batch b | payments: 0 batch c | orders: 0 batch d
 *   targets     orders-0 d                   orders-1 b            payments-0 c
 *
 * If a partition is named twice, the last batch counts (produce.ts, PRODUCE-4): Kafka keeps them in a map.
 */
import type { ProduceRequest } from '../../messages/produce.ts'
import { codecAt, HEADER_SIZE } from '../../record/batch.ts'
import { Codec } from '../../record/compression.ts'
import { soleBatch } from '../../record/sole-batch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { RequestContext, Services } from '../api.ts'

/** Since this version clients may use zstd (KIP-110). */
const ZSTD = 7
/** Since this version topics are identified by id. */
const BY_ID = 13
/** An uncompressed request with at most so many bytes and partitions is short: it has at most 2,000 records. */
const SHORT_BYTES = 16_384
const SHORT_PARTITIONS = 16

/** One partition of a Produce request; `topic` is undefined if its id is unknown here. */
export interface ProduceTarget {
  /** The topic's name in the request; empty if the request uses ids. */
  readonly name: string
  readonly topic: string | undefined
  readonly topicId: string
  readonly index: number
  readonly records: Uint8Array | null
  /** The error of another batch for the same partition, which is not appended. */
  readonly fault?: KafkaError
}

/** Whether a request is handled in one call: that is faster than setting up turns for it. */
export function isShort({ topicData }: ProduceRequest, { usage }: RequestContext): boolean {
  if (usage.requestBytes > SHORT_BYTES) return false
  let count = 0
  for (const { partitionData } of topicData) {
    count += 1 + partitionData.length
    if (count > SHORT_PARTITIONS) return false
    for (const { records } of partitionData) if (records && mayBeCompressed(records)) return false
  }
  return true
}

function mayBeCompressed(records: Uint8Array): boolean {
  return records.length < HEADER_SIZE || codecAt(records, 0) !== Codec.NONE
}

function topicNamed(
  services: Services,
  { name, topicId }: { readonly name: string; readonly topicId: string },
  { apiVersion }: RequestContext,
): string | undefined {
  return apiVersion >= BY_ID ? services.metadata().topicById(topicId)?.name : name
}

/** The partition of a request with only one: then none is named twice. */
export function soleTarget(
  services: Services,
  { topicData }: ProduceRequest,
  context: RequestContext,
): ProduceTarget | undefined {
  const [topic] = topicData
  const [partition] = topic?.partitionData ?? []
  if (!topic || !partition || topicData.length > 1 || topic.partitionData.length > 1) return undefined
  const { name, topicId } = topic
  const { index, records } = partition
  return { name, topic: topicNamed(services, topic, context), topicId, index, records }
}

/** The partitions to append to, topic by topic, in the order of the request (PRODUCE-4). */
export function* targetsOf(
  pace: Pace,
  services: Services,
  request: ProduceRequest,
  context: RequestContext,
): Steps<ProduceTarget[]> {
  const { apiVersion } = context
  const byTopic = new Map<string, Map<number, ProduceTarget>>()
  for (const named of request.topicData) {
    const { name, topicId, partitionData } = named
    const topic = topicNamed(services, named, context)
    const key = apiVersion >= BY_ID ? topicId : name
    const targets = byTopic.get(key) ?? new Map<number, ProduceTarget>()
    byTopic.set(key, targets)
    if (pace.isOver) yield
    for (const { index, records } of partitionData) {
      if (pace.isOver) yield
      const target = { name, topic, topicId, index, records }
      const before = targets.get(index)
      targets.set(index, before ? lastOf(before, target, apiVersion) : target)
    }
  }
  return [...byTopic.values()].flatMap((targets) => [...targets.values()])
}

/** PRODUCE-4. An invalid batch is not appended, but its error is returned. */
function lastOf(before: ProduceTarget, target: ProduceTarget, apiVersion: number): ProduceTarget {
  const fault = faultOf(target, apiVersion)
  if (fault) return { ...before, fault }
  const earlier = before.fault ?? faultOf(before, apiVersion)
  return earlier ? { ...target, fault: earlier } : target
}

function faultOf({ records }: ProduceTarget, apiVersion: number): KafkaError | undefined {
  try {
    batchOf(records, apiVersion)
    return undefined
  } catch (error) {
    if (error instanceof KafkaError) return error
    throw error
  }
}

/** The batch for a partition, if the client's version supports its codec. Throws KafkaError. */
export function batchOf(records: Uint8Array | null, apiVersion: number): Uint8Array {
  const batch = soleBatch(records ?? new Uint8Array(0))
  if (apiVersion < ZSTD && codecAt(batch, 0) === Codec.ZSTD)
    throw new KafkaError(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
  return batch
}
