/**
 * Lab 08: the idempotent consumer. Its page says all that is judged: `npm start`, then Labs, "The idempotent consumer".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** What a memory knows is its own business; `saved` gives it as a string. */
export interface Memory<Asked> {
  /** True for a record that is not known; it is known from then on. */
  isNew(record: Asked): boolean
  /** What is known, to make another memory from. */
  saved(): string
}

/** Offsets are numbers here; they stay below 2^53. */
export interface Place {
  partition: number
  offset: number
}

/** `timestamp` in milliseconds since 1970. */
export interface Identified {
  id: string
  timestamp: number
}

/** `epoch` rises with each start of the producer; `sequence` begins anew then. */
export interface Numbered {
  producer: string
  epoch: number
  sequence: number
}

/** A 64-bit integer. kafkajs gives it as a string; pass on whichever of the three you like. */
export type Offset = string | bigint | number

/** A record as `handle` gets it. */
export interface Received {
  partition: number
  offset: Offset
  timestamp: number
  /** From the header `id`. */
  id: string
  key: string | null
  value: string
}

/** Names and what is to be saved under them; null removes a name. */
export type Changes = Record<string, string | null>

export interface Store {
  load(name: string): Promise<string | null>
  /** All of it or nothing. */
  save(changes: Changes): Promise<void>
}

export interface ConsumeOptions {
  /** For how long an id is remembered, ms. */
  keepMs: number
  /** Gives what is to be saved for a record. */
  handle(record: Received): Promise<Changes>
  store: Store
}

/** A consumer that works in the background. */
export interface Running {
  /** Waits for the work that has begun, saves, commits, and closes the connections. */
  stop(): Promise<void>
}

/** Knows what was handled by partition and offset. */
export function rememberOffsets(saved: string | null): Memory<Place> {
  throw new Error(`not implemented: rememberOffsets (${saved})`)
}

/** Knows what was handled by the event's id, and forgets it when `keepMs` have passed in the records' own time. */
export function rememberIds(keepMs: number, saved: string | null): Memory<Identified> {
  throw new Error(`not implemented: rememberIds (${keepMs}, ${saved})`)
}

/** Knows what was handled by its producer and the producer's numbers. */
export function rememberSequences(saved: string | null): Memory<Numbered> {
  throw new Error(`not implemented: rememberSequences (${saved})`)
}

/** Saves what `handle` gives once for each event, although records come twice. */
export async function consumeOnce(
  kafka: Kafka,
  topic: string,
  group: string,
  { keepMs, handle, store }: ConsumeOptions,
): Promise<Running> {
  throw new Error(
    `not implemented: consumeOnce (${kafka.constructor.name}, ${topic}, ${group}, ${keepMs}, ${handle.length}, ${typeof store})`,
  )
}
