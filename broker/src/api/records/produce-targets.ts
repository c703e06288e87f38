/**
 * What a Produce is to write, and where: its partitions, with a batch for each.
 *
 *   topicData   orders: 0 batch a, 1 batch b | payments: 0 batch c | orders: 0 batch d
 *   targets     orders-0 d                   orders-1 b            payments-0 c
 *
 * Of a partition that is named twice the last batch counts (produce.ts, PRODUCE-4): Kafka keeps them in a map.
 */
import type { ProduceRequest } from '../../messages/produce.ts'
import { codecAt, HEADER_SIZE } from '../../record/batch.ts'
import { Codec } from '../../record/compression.ts'
import { soleBatch } from '../../record/sole-batch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { RequestContext, Services } from '../api.ts'

/** From this version on clients may compress with zstd (KIP-110). */
const ZSTD = 7
/** From this version on topics are named by their ids. */
const BY_ID = 13
/** A request of so few bytes and partitions, none of it compressed, is short: it has 2,000 records at most. */
const SHORT_BYTES = 16_384
const SHORT_PARTITIONS = 16

/** One partition of a Produce request; `topic` is undefined when its id is unknown here. */
export interface ProduceTarget {
  /** As the request names the topic; empty when it does so by id. */
  readonly name: string
  readonly topic: string | undefined
  readonly topicId: string
  readonly index: number
  readonly records: Uint8Array | null
  /** What is wrong with another batch for the same partition, which is not written. */
  readonly fault?: KafkaError
}

/** Whether a request is done in one go: sooner than it would take to set up turns for it. */
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

/** The partition of a request that names one: then none is named twice. */
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

/** The partitions that are written to, topic by topic, in the order in which the request names them (PRODUCE-4). */
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

/** PRODUCE-4. A batch that makes no sense does not count, but its error is what is told. */
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

/** The batch for a partition, in a codec that the client's version knows. Throws KafkaError. */
export function batchOf(records: Uint8Array | null, apiVersion: number): Uint8Array {
  const batch = soleBatch(records ?? new Uint8Array(0))
  if (apiVersion < ZSTD && codecAt(batch, 0) === Codec.ZSTD)
    throw new KafkaError(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
  return batch
}
