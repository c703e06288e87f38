/**
 * Two more workers, for further promises of a broker.
 *
 *   compacted   overwrites a few keys while the cleaner runs: the last value of each is kept
 *   topics      creates, changes, extends and deletes topics: what was acknowledged survives a crash
 */
import { CreatePartitionsRequest, CreatePartitionsResponse } from '../../../src/messages/create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../src/messages/create-topics.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../../../src/messages/delete-topics.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../../../src/messages/incremental-alter-configs.ts'
import { MetadataRequest, MetadataResponse } from '../../../src/messages/metadata.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import type { Caller } from './caller.ts'
import { readPartition } from './read-back.ts'
import { nameOf, padded, produce, text, utf8, type Worker, type WorkerTools } from './worker.ts'

const KEYS = 30
const TOPICS_MAX = 12

/** Kafka allows segments below 1 MiB for tests only. */
export const SMALL_SEGMENTS = { 'internal.segment.bytes': '60000' }

/** Makes existing topics roll as often. */
export async function shrinkSegments(caller: Caller, names: readonly string[]): Promise<void> {
  const [TOPIC, SET] = [2, 0]
  const configs = Object.entries(SMALL_SEGMENTS).map(([name, value]) => ({
    name,
    value,
    configOperation: SET,
  }))
  const resources = names.map((resourceName) => ({ resourceType: TOPIC, resourceName, configs }))
  const { responses } = await caller.call(
    IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse,
    1,
    {
      resources,
    },
  )
  for (const { errorCode } of responses)
    if (errorCode !== ErrorCode.NONE) throw new Error(errorName(errorCode))
}

/** Creates a topic; an existing one is accepted. */
export async function createTopic(
  caller: Caller,
  name: string,
  numPartitions: number,
  configs: Readonly<Record<string, string>> = {},
): Promise<void> {
  const topic = {
    name,
    numPartitions,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
  const body = { topics: [topic], timeoutMs: 10_000 }
  const { topics } = await caller.call(CreateTopicsRequest, CreateTopicsResponse, 5, body)
  const { errorCode } = topics[0]!
  if (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.TOPIC_ALREADY_EXISTS) {
    throw new Error(`create ${name}: ${errorName(errorCode)}`)
  }
}

export class CompactedProducer implements Worker {
  readonly name = 'compacted'
  acknowledged = 0
  private readonly tools: WorkerTools
  private readonly last = new Map<string, string>()
  private sent = 0

  constructor(tools: WorkerTools) {
    this.tools = tools
  }

  async run(): Promise<void> {
    const { caller, random, isOver } = this.tools
    while (!isOver()) {
      const key = `k${random.int(KEYS)}`
      const isTombstone = random.chance(10)
      const name = isTombstone ? 'null' : `c${this.sent++}`
      const value = isTombstone ? null : padded(name, random)
      const batch = buildBatch([{ key: utf8.encode(key), value, timestamp: Date.now() }])
      // After a crash a resent record may be stored twice in a row: the last value is the same.
      const { errorCode } = await produce(caller, this.name, 0, batch)
      if (errorCode !== ErrorCode.NONE) throw new Error(`compacted: ${errorName(errorCode)}`)
      this.last.set(key, name)
      this.acknowledged++
    }
  }

  async verify(): Promise<void> {
    const { records } = await readPartition(this.tools.caller, this.name, 0)
    const found = new Map(records.map(({ key, value }) => [text.decode(key!), nameOf(value)]))
    for (const [key, name] of this.last) {
      // Its tombstone may be removed by now, and the key with it.
      const there = found.get(key) ?? 'null'
      if (there !== name) throw new Error(`compacted: ${key} is ${there}, ${name} was acknowledged last`)
    }
  }
}

interface Expected {
  partitions: number
  value: string
}

export class TopicKeeper implements Worker {
  readonly name = 'topics'
  acknowledged = 0
  private readonly tools: WorkerTools
  private readonly topics = new Map<string, Expected>()
  private made = 0

  constructor(tools: WorkerTools) {
    this.tools = tools
  }

  async run(): Promise<void> {
    const { random, isOver } = this.tools
    while (!isOver()) {
      const names = [...this.topics.keys()]
      const name = names[random.int(names.length)]
      if (name !== undefined && (names.length >= TOPICS_MAX || random.chance(30))) await this.delete(name)
      else if (name !== undefined && random.chance(30)) await this.grow(name)
      else await this.create()
      this.acknowledged++
      // Creating topics is expensive, and the other workers need time as well.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  private async create(): Promise<void> {
    const { caller, random } = this.tools
    const name = `topic-${this.made++}`
    const partitions = 1 + random.int(3)
    await createTopic(caller, name, partitions)
    const value = padded(name, random)
    // Sent twice if the response was lost: the first one counts.
    const { errorCode } = await produce(
      caller,
      name,
      0,
      buildBatch([{ key: null, value, timestamp: Date.now() }]),
    )
    if (errorCode !== ErrorCode.NONE) throw new Error(`topics: produce to ${name}: ${errorName(errorCode)}`)
    this.topics.set(name, { partitions, value: name })
  }

  private async grow(name: string): Promise<void> {
    const topic = this.topics.get(name)!
    const body = { topics: [{ name, count: topic.partitions + 1, assignments: null }], timeoutMs: 10_000 }
    const { results } = await this.tools.caller.call(
      CreatePartitionsRequest,
      CreatePartitionsResponse,
      3,
      body,
    )
    const { errorCode } = results[0]!
    // Already extended, and the response was lost.
    if (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.INVALID_PARTITIONS) {
      throw new Error(`topics: grow ${name}: ${errorName(errorCode)}`)
    }
    topic.partitions++
  }

  private async delete(name: string): Promise<void> {
    const body = { topicNames: [name], timeoutMs: 10_000 }
    const { responses } = await this.tools.caller.call(DeleteTopicsRequest, DeleteTopicsResponse, 5, body)
    const { errorCode } = responses[0]!
    if (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
      throw new Error(`topics: delete ${name}: ${errorName(errorCode)}`)
    }
    this.topics.delete(name)
  }

  async verify(): Promise<void> {
    const { caller } = this.tools
    const { topics } = await caller.call(MetadataRequest, MetadataResponse, 9, { topics: null })
    const found = topics.filter(({ name }) => name!.startsWith('topic-'))
    const told = found.map(({ name, partitions }) => `${name} with ${partitions.length}`).sort()
    const expected = [...this.topics].map(([name, { partitions }]) => `${name} with ${partitions}`).sort()
    if (told.join() !== expected.join()) throw new Error(`topics: there are ${told}; expected ${expected}`)
    for (const name of this.topics.keys()) {
      const { records } = await readPartition(caller, name, 0)
      if (nameOf(records[0]?.value ?? null) !== name) throw new Error(`topics: ${name} has lost its record`)
    }
  }
}
