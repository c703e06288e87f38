import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import { FetchRequest, FetchResponse } from '../../../../broker/src/messages/fetch'
import { ListOffsetsRequest, ListOffsetsResponse } from '../../../../broker/src/messages/list-offsets'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { batchPositions, readBatchHeader } from '../../../../broker/src/record/batch'
import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { ErrorCode, errorName } from '../../../../broker/src/wire/errors'
import { segmentsOf } from '../segments-on-disk'
import {
  FAST_MINUTES,
  READ_RECORDS,
  RETENTION_MINUTES,
  RETENTION_RECORDS,
  type RetentionAction,
  type RetentionRule,
  type RetentionView,
  SEGMENT_RECORDS,
  type StoredSegment,
  WAIT_MINUTES,
} from './retention'

/**
 * The story of one partition whose old segments are deleted, and of a reader that comes late. What lies in the segments is
 * read from the simulated disk; the retention check runs every five minutes, as it does by default.
 */

const TOPIC = 'visits'
const SEED = 17
const MINUTE_MS = 60_000
const RECORDS_AT_FIRST = 4
/** ListOffsets: the log start offset. */
const EARLIEST = -2

/** The views after each action, beginning with that before the first. */
export function tellRetention(rule: RetentionRule, actions: readonly RetentionAction[]): RetentionView[] {
  const world = new RetentionWorld(rule)
  return [world.view(null), ...actions.map((action) => world.act(action))]
}

class RetentionWorld {
  private readonly run = new Simulation({ seed: SEED })
  private readonly client: SimClient
  private readonly startedMs: number
  private end = 0
  private position = 0
  private got: number[] = []
  private skipped: number[] = []
  private error: string | null = null

  constructor(rule: RetentionRule) {
    this.run.start()
    this.client = this.run.client()
    const batchBytes = batchOf(0).length
    const byTime = rule === 'time'
    const configs = Object.entries({
      'internal.segment.bytes': SEGMENT_RECORDS * batchBytes,
      'retention.ms': byTime ? RETENTION_MINUTES * MINUTE_MS : -1,
      'retention.bytes': byTime ? -1 : RETENTION_RECORDS * batchBytes,
    }).map(([name, value]) => ({ name, value: String(value) }))
    const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs }
    this.client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
    this.startedMs = this.run.time.now()
    for (let sent = 0; sent < RECORDS_AT_FIRST; sent++) this.send(0)
  }

  act(action: RetentionAction): RetentionView {
    const before = this.logStart()
    this.got = []
    this.skipped = []
    this.error = null
    if (action === 'send') this.send(0)
    if (action === 'fast') this.send(FAST_MINUTES)
    if (action === 'wait') this.run.run(WAIT_MINUTES * MINUTE_MS)
    if (action === 'read') this.read()
    return this.view(action, before)
  }

  private send(minutesAhead: number): void {
    const records = batchOf(this.run.time.now() + minutesAhead * MINUTE_MS)
    const body = {
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
    }
    const { responses } = this.client.call(ProduceRequest, ProduceResponse, 9, body)
    this.end = Number(responses[0]!.partitionResponses[0]!.baseOffset) + 1
  }

  /** As a consumer with auto.offset.reset=earliest: when its position does not exist any more, it goes to the log start. */
  private read(): void {
    const partitions = [{ partition: 0, fetchOffset: this.position, partitionMaxBytes: 1_000_000 }]
    const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic: TOPIC, partitions }] }
    const { responses } = this.client.call(FetchRequest, FetchResponse, 12, body)
    const { errorCode, records } = responses[0]!.partitions[0]!
    if (errorCode !== ErrorCode.NONE) {
      this.error = errorName(errorCode)
      const start = this.logStart()
      this.skipped = range(this.position, start)
      this.position = start
      return
    }
    const bytes = records ?? new Uint8Array(0)
    const offsets = [...batchPositions(bytes)]
      .flatMap((at) => readRecords(bytes, at))
      .map(({ offset }) => offset)
    this.got = offsets.filter((offset) => offset >= this.position).slice(0, READ_RECORDS)
    this.position = (this.got.at(-1) ?? this.position - 1) + 1
  }

  private logStart(): number {
    const partitions = [{ partitionIndex: 0, timestamp: EARLIEST }]
    const body = { replicaId: -1, topics: [{ name: TOPIC, partitions }] }
    const { topics } = this.client.call(ListOffsetsRequest, ListOffsetsResponse, 6, body)
    return Number(topics[0]!.partitions[0]!.offset)
  }

  view(last: RetentionAction | null, startBefore = 0): RetentionView {
    const logStart = this.logStart()
    const { end, position, got, skipped, error } = this
    return {
      segments: this.segments(),
      logStart,
      end,
      minutes: Math.floor((this.run.time.now() - this.startedMs) / MINUTE_MS),
      position,
      last,
      got,
      skipped,
      deleted: range(startBefore, logStart),
      error,
    }
  }

  private segments(): StoredSegment[] {
    const now = this.run.time.now()
    return segmentsOf(this.run.files(), `${TOPIC}-0`).map(({ baseOffset, bytes }) => ({
      baseOffset,
      records: [...batchPositions(bytes)].map((at) => {
        const { baseOffset: offset, maxTimestamp } = readBatchHeader(bytes, at)
        return { offset, minutes: Math.round((now - Number(maxTimestamp)) / MINUTE_MS) }
      }),
    }))
  }
}

/** A batch with one record. */
function batchOf(timestamp: number): Uint8Array {
  return buildBatch([{ key: null, value: new Uint8Array(1), timestamp }])
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place)
}
