import { FetchRequest, FetchResponse } from 'offset-zero-broker/src/messages/fetch.ts'
import { NODE_CODECS } from 'offset-zero-broker/src/node/compression/codecs.ts'
import { batchPositions, isControl, readBatchHeader } from 'offset-zero-broker/src/record/batch.ts'
import { readRecords } from 'offset-zero-broker/src/record/record.ts'
import { accepted, type RawCluster } from '../wire/raw.ts'
import { consumeInGroup } from './consume-in-group.ts'
import { EARLIEST, LATEST, offsetsAt } from './offsets.ts'
import { type Declared, type Options, required, ToolError, whole } from './options.ts'
import { propertiesOf } from './produce.ts'
import { type RecordToShow, shownRecord } from './shown-record.ts'
import type { Console } from './tool.ts'

/**
 * kafka-console-consumer: prints records as they come, from the end of the topic on or from where it is told to begin.
 *
 * - without --group it asks the leaders for the records, and nothing of it is known to any coordinator
 * - with --group it is a member of that group, and commits what it has printed (consume-in-group.ts)
 */

export const consumerOptions: Declared = {
  flags: ['from-beginning'],
  values: ['topic', 'partition', 'offset', 'group', 'max-messages', 'timeout-ms'],
  lists: ['formatter-property', 'property'],
}

/** How long a broker may keep a request that finds nothing. */
const WAIT_MS = 250
const BYTES_MAX = 1 << 20

/** When it ends by itself. */
export interface Limits {
  readonly messagesMax: number
  readonly silenceMs: number
}

export async function runConsumer(options: Options, console: Console): Promise<void> {
  const topic = required(options, 'topic')
  const properties = propertiesOf(options, 'formatter-property')
  const number = (name: string) => {
    const text = options.value(name)
    return text === undefined ? Number.POSITIVE_INFINITY : whole(name, text)
  }
  const limits = { messagesMax: number('max-messages'), silenceMs: number('timeout-ms') }
  const group = options.value('group')
  const hasPlace = options.has('partition') || options.has('offset')
  if (group !== undefined && hasPlace)
    throw new ToolError('Options group and partition cannot be specified together.')
  if (options.has('offset') && !options.has('partition'))
    throw new ToolError('The partition is required when offset is specified.')
  let printed = 0
  const show = (record: RecordToShow) => {
    console.print(shownRecord(record, properties))
    printed++
  }
  const isFromBeginning = options.has('from-beginning')
  const isSilent = await (group === undefined
    ? consumeAlone(topic, await beginning(options, topic, console.cluster), limits, show, console)
    : consumeInGroup({ topic, group, isFromBeginning }, limits, show, console))
  if (isSilent) console.remark('org.apache.kafka.common.errors.TimeoutException')
  console.remark(`Processed a total of ${printed} messages`)
}

/** Positions by partition. */
async function beginning(options: Options, topic: string, cluster: RawCluster): Promise<Map<number, number>> {
  const partitions = await cluster.patiently(() => cluster.partitionsOf(topic))
  const only = options.value('partition')
  const chosen =
    only === undefined ? partitions : partitions.filter((each) => each === whole('partition', only))
  if (chosen.length === 0) throw new ToolError(`${topic} has no partition ${only}`)
  const offset = options.value('offset') ?? (options.has('from-beginning') ? 'earliest' : 'latest')
  if (/^\d+$/.test(offset)) return new Map(chosen.map((partition) => [partition, Number(offset)]))
  if (offset !== 'earliest' && offset !== 'latest')
    throw new ToolError(`The provided offset value '${offset}' is incorrect.`)
  return offsetsAt(cluster, topic, chosen, offset === 'earliest' ? EARLIEST : LATEST)
}

/** Resolves to whether it has ended because nothing came. */
async function consumeAlone(
  topic: string,
  positions: Map<number, number>,
  { messagesMax, silenceMs }: Limits,
  show: (record: RecordToShow) => void,
  { cluster, stopped }: Console,
): Promise<boolean> {
  let [count, heardMs] = [0, performance.now()]
  while (!stopped.aborted) {
    for (const [broker, own] of await cluster.byLeader(topic, [...positions.keys()])) {
      const partitions = own.map((partition) => ({
        partition,
        fetchOffset: positions.get(partition) ?? 0,
        partitionMaxBytes: BYTES_MAX,
      }))
      const { responses } = await broker.ask(FetchRequest, FetchResponse, 11, {
        replicaId: -1,
        maxWaitMs: WAIT_MS,
        minBytes: 1,
        maxBytes: BYTES_MAX,
        topics: [{ topic, partitions }],
      })
      for (const { partitionIndex, errorCode, records } of responses[0]?.partitions ?? []) {
        accepted(`${topic}-${partitionIndex}`, errorCode)
        for (const record of recordsIn(records ?? new Uint8Array(0), partitionIndex)) {
          if (record.offset < (positions.get(partitionIndex) ?? 0)) continue
          positions.set(partitionIndex, record.offset + 1)
          if (record.value === undefined) continue
          show(record as RecordToShow)
          heardMs = performance.now()
          if (++count >= messagesMax) return false
        }
      }
    }
    if (performance.now() - heardMs > silenceMs) return true
  }
  return false
}

type Found = Omit<RecordToShow, 'value'> & { readonly value: string | null | undefined }

/** The records of a response; of a control batch its last offset only, with `value` undefined: it is skipped. */
function recordsIn(bytes: Uint8Array, partition: number): Found[] {
  return [...batchPositions(bytes)].flatMap((at): Found[] => {
    const header = readBatchHeader(bytes, at)
    const skipped = {
      partition,
      offset: header.lastOffset,
      timestamp: 0,
      key: null,
      headers: [],
      value: undefined,
    }
    if (isControl(header)) return [skipped]
    const found = readRecords(bytes, at, NODE_CODECS).map(({ offset, timestamp, key, value, headers }) => ({
      partition,
      offset,
      timestamp: Number(timestamp),
      key: textOf(key),
      value: textOf(value),
      headers: headers.map((each) => [each.key, textOf(each.value)] as const),
    }))
    // What compaction has removed at the end of a batch still has offsets.
    return [...found, skipped]
  })
}

const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
