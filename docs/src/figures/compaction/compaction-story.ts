import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { batchPositions } from '../../../../broker/src/record/batch'
import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { readRecords } from '../../../../broker/src/record/record'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { segmentsOf } from '../segments-on-disk'
import {
  type CompactionAction,
  type CompactionView,
  DELETE_RETENTION_MINUTES,
  PRICE_KEYS,
  PRICES_A_SEGMENT,
  type PriceKey,
  type PriceRecord,
} from './compaction'

/**
 * The story of a compacted partition: prices are set and deleted, and the broker's cleaner looks every 15 seconds of virtual time
 * whether a pass is worth it. What is left is read from the simulated disk.
 */

const TOPIC = 'prices'
const FOLDER = `${TOPIC}-0`
const SEED = 19
const MINUTE_MS = 60_000
const FIRST_PRICE = 10

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** The views after each action, beginning with that before the first: each key is set once, then the first one again. */
export function tellCompaction(actions: readonly CompactionAction[]): CompactionView[] {
  const world = new CompactionWorld()
  return [world.view(null, []), ...actions.map((action) => world.act(action))]
}

class CompactionWorld {
  private readonly run = new Simulation({ seed: SEED })
  private readonly client: SimClient
  private end = 0
  private price = FIRST_PRICE

  constructor() {
    this.run.start()
    this.client = this.run.client()
    const longest = PRICE_KEYS.reduce((a, b) => (a.length >= b.length ? a : b))
    const configs = Object.entries({
      'cleanup.policy': 'compact',
      'internal.segment.bytes': PRICES_A_SEGMENT * batchOf(longest, String(FIRST_PRICE)).length,
      'delete.retention.ms': DELETE_RETENTION_MINUTES * MINUTE_MS,
    }).map(([name, value]) => ({ name, value: String(value) }))
    const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs }
    this.client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
    for (const key of [...PRICE_KEYS, PRICE_KEYS[0]]) this.set(key)
  }

  act(action: CompactionAction): CompactionView {
    const before = this.records()
    if (action.type === 'set') for (let sent = 0; sent < action.times; sent++) this.set(action.key)
    if (action.type === 'delete') this.send(action.key, null)
    if (action.type === 'wait') this.run.run(action.minutes * MINUTE_MS)
    const after = new Set(this.records().map(({ offset }) => offset))
    const removed = before.map(({ offset }) => offset).filter((offset) => !after.has(offset))
    return this.view(action, removed)
  }

  private set(key: PriceKey): void {
    this.send(key, String(this.price++))
  }

  private send(key: PriceKey, value: string | null): void {
    const records = batchOf(key, value, this.run.time.now())
    const body = {
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
    }
    const { responses } = this.client.call(ProduceRequest, ProduceResponse, 9, body)
    this.end = Number(responses[0]!.partitionResponses[0]!.baseOffset) + 1
  }

  view(last: CompactionAction | null, removed: number[]): CompactionView {
    const firstDirty = this.firstDirty()
    const onDisk = segmentsOf(this.run.files(), FOLDER)
    const segments = onDisk.map(({ baseOffset, bytes }, place) => {
      const closed = baseOffset < firstDirty ? 'clean' : 'dirty'
      const part: CompactionView['segments'][number]['part'] = place === onDisk.length - 1 ? 'active' : closed
      return { baseOffset, part, records: recordsOf(bytes) }
    })
    const bytesOf = (part: string) =>
      onDisk.reduce((sum, { bytes }, place) => sum + (segments[place]!.part === part ? bytes.length : 0), 0)
    const dirtyBytes = bytesOf('dirty')
    const dirtyShare = dirtyBytes === 0 ? null : dirtyBytes / (bytesOf('clean') + dirtyBytes)
    return { segments, end: this.end, firstDirty, dirtyShare, table: tableOf(this.records()), last, removed }
  }

  /** Up to where the cleaner's last pass went; it says so itself. */
  private firstDirty(): number {
    const passes = this.run.events.filter(
      ({ event }) => event.type === 'log compacted' && event.log === FOLDER,
    )
    return Number(passes.at(-1)?.event.upTo ?? 0)
  }

  private records(): PriceRecord[] {
    return segmentsOf(this.run.files(), FOLDER).flatMap(({ bytes }) => recordsOf(bytes))
  }
}

/** What a reader builds from the records of a partition: a map in which each record overwrites its key. */
export function tableOf(records: readonly PriceRecord[]): [string, string][] {
  const table = new Map<string, string>()
  for (const { key, value } of records) {
    if (value === null) table.delete(key)
    else table.set(key, value)
  }
  return [...table].toSorted(([a], [b]) => a.localeCompare(b))
}

function recordsOf(bytes: Uint8Array): PriceRecord[] {
  return [...batchPositions(bytes)]
    .flatMap((at) => readRecords(bytes, at))
    .map(({ offset, key, value }) => ({
      offset,
      key: key === null ? '' : text.decode(key),
      value: value === null ? null : text.decode(value),
    }))
}

/** A batch with one record. */
function batchOf(key: string, value: string | null, timestamp = 0): Uint8Array {
  const record = { key: utf8.encode(key), value: value === null ? null : utf8.encode(value), timestamp }
  return buildBatch([record])
}
