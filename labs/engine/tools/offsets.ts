import { ListOffsetsRequest, ListOffsetsResponse } from 'offset-zero-broker/src/messages/list-offsets.ts'
import { accepted, type RawCluster } from '../wire/raw.ts'
import { type Declared, type Options, required, ToolError, whole } from './options.ts'
import type { Console } from './tool.ts'

/** kafka-get-offsets: where partitions begin and end, and the first offset of a time. */

export const offsetsOptions: Declared = { flags: [], values: ['topic', 'time', 'partitions'], lists: [] }

export const LATEST = -1
export const EARLIEST = -2

export async function runOffsets(options: Options, { cluster, print }: Console): Promise<void> {
  const topic = required(options, 'topic')
  const known = await cluster.partitionsOf(topic).catch(() => [])
  const wanted = options
    .value('partitions')
    ?.split(',')
    .map((each) => whole('partitions', each))
  const partitions = wanted === undefined ? known : known.filter((each) => wanted.includes(each))
  if (partitions.length === 0)
    throw new ToolError('Error occurred: Could not match any topic-partitions with the specified filters')
  const found = await offsetsAt(cluster, topic, partitions, timeOf(options.value('time') ?? 'latest'))
  for (const [partition, offset] of found) if (offset >= 0) print(`${topic}:${partition}:${offset}`)
}

function timeOf(text: string): number {
  if (text === 'latest') return LATEST
  return text === 'earliest' ? EARLIEST : whole('time', text)
}

/** By partition: the first offset whose record is not older than `timestamp` (ms), or an end; -1: there is none. */
export function offsetsAt(
  cluster: RawCluster,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<Map<number, number>> {
  return cluster.patiently(async () => {
    const found = new Map<number, number>()
    for (const [broker, own] of await cluster.byLeader(topic, partitions)) {
      const { topics } = await broker.ask(ListOffsetsRequest, ListOffsetsResponse, 5, {
        replicaId: -1,
        topics: [{ name: topic, partitions: own.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
      })
      for (const { partitionIndex, errorCode, offset } of topics[0]?.partitions ?? []) {
        accepted(`${topic}-${partitionIndex}`, errorCode)
        found.set(partitionIndex, Number(offset))
      }
    }
    return new Map([...found].sort(([a], [b]) => a - b))
  })
}
