import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import { FetchRequest, FetchResponse } from '../../../../broker/src/messages/fetch'
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from '../../../../broker/src/messages/init-producer-id'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { batchPositions } from '../../../../broker/src/record/batch'
import { type BatchOptions, buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import type { Gathered, Gathering, Retried, RetryAction, SentBatch } from './sending'

/** The stories of a producer: how it gathers records into batches, and what a repeated batch does to the log. */

const SECOND_MS = 1000
const TOPIC = 'orders'
const SEED = 5

/** Records come evenly for a second; a batch goes when it is full, or `lingerMs` after its first record. */
export function tellGathering({ lingerMs, recordsPerSecond, valueBytes, batchBytes }: Gathering): Gathered {
  const gapMs = SECOND_MS / recordsPerSecond
  const capacity = recordsThatFit(valueBytes, batchBytes)
  const batches: SentBatch[] = []
  let waitedMs = 0
  for (let first = 0; first < recordsPerSecond; ) {
    const fromMs = first * gapMs
    // With no linger a batch holds what is there at that moment: one record, when they come one by one.
    const within = Math.floor(lingerMs / gapMs) + 1
    const records = Math.min(within, capacity, recordsPerSecond - first)
    const isFull = records === capacity
    const sentMs = isFull ? fromMs + (records - 1) * gapMs : fromMs + lingerMs
    for (let place = 0; place < records; place++) waitedMs += sentMs - (fromMs + place * gapMs)
    batches.push({ fromMs, sentMs, records, bytes: batchOf(records, valueBytes).length })
    first += records
  }
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0)
  return { batches, waitMs: waitedMs / recordsPerSecond, bytesPerRecord: bytes / recordsPerSecond }
}

/** At least one: a record that is larger than batch.size gets a batch of its own. */
function recordsThatFit(valueBytes: number, batchBytes: number): number {
  let records = 1
  while (batchOf(records + 1, valueBytes).length <= batchBytes && records < 10_000) records++
  return records
}

function batchOf(records: number, valueBytes: number, options: BatchOptions = {}): Uint8Array {
  const value = new Uint8Array(valueBytes)
  const all = Array.from({ length: records }, () => ({ key: null, value, timestamp: 0 }))
  return buildBatch(all, options)
}

/** The states after each action, beginning with that before the first. */
export function tellRetries(isIdempotent: boolean, actions: readonly RetryAction[]): Retried[] {
  const world = new RetryWorld(isIdempotent)
  return [world.seen(), ...actions.map((action) => world.act(action))]
}

class RetryWorld {
  private readonly client: SimClient
  private readonly producerId: number | bigint | undefined
  private message = 0
  private unanswered: number | null = null
  private answer: number | null = null

  constructor(isIdempotent: boolean) {
    const run = new Simulation({ seed: SEED })
    run.start()
    this.client = run.client()
    const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
    this.client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
    if (!isIdempotent) return
    const body = { transactionalId: null, transactionTimeoutMs: 0 }
    this.producerId = this.client.call(InitProducerIdRequest, InitProducerIdResponse, 4, body).producerId
  }

  act(action: RetryAction): Retried {
    if (action !== 'retry') this.message++
    const offset = this.produce(this.message)
    if (action === 'lose') this.unanswered = this.message
    else {
      this.unanswered = null
      this.answer = offset
    }
    return this.seen()
  }

  seen(): Retried {
    return { log: this.log(), unanswered: this.unanswered, answer: this.answer }
  }

  /** The same message gives the same batch, as when a client repeats it: the same sequence number. Gives its offset. */
  private produce(message: number): number {
    const records = buildBatch(
      [{ key: null, value: Uint8Array.of(message), timestamp: 0 }],
      this.sequence(message),
    )
    const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
    const body = { acks: -1, timeoutMs: 1000, topicData }
    const { responses } = this.client.call(ProduceRequest, ProduceResponse, 9, body)
    return Number(responses[0]!.partitionResponses[0]!.baseOffset)
  }

  private sequence(message: number): BatchOptions {
    if (this.producerId === undefined) return {}
    return { producerId: this.producerId, producerEpoch: 0, baseSequence: message - 1 }
  }

  private log(): number[] {
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }]
    const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic: TOPIC, partitions }] }
    const { responses } = this.client.call(FetchRequest, FetchResponse, 12, body)
    const bytes = responses[0]?.partitions[0]?.records ?? new Uint8Array(0)
    return [...batchPositions(bytes)].flatMap((at) => readRecords(bytes, at)).map(({ value }) => value![0]!)
  }
}
