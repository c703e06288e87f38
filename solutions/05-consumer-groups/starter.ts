/**
 * Lab 05: consumer groups. Its page says all that is judged: `npm start`, then Labs, "Consumer groups".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

export interface TopicPartition {
  topic: string
  partition: number
}

/** A member of a group: which topics it subscribes to, which partitions it has had so far. */
export interface Member {
  id: string
  topics: string[]
  owned: TopicPartition[]
}

/** A topic and the number of its partitions. */
export interface Topic {
  topic: string
  partitions: number
}

/** What a member gets. */
export interface Share {
  id: string
  partitions: TopicPartition[]
}

export interface GroupEvent {
  /** Milliseconds. */
  atMs: number
  worker: string
  /** `group.instance.id` of a static member; null: the worker has none. */
  instanceId: string | null
  what: 'starts' | 'stops' | 'crashes'
}

export interface WorkRecord {
  topic: string
  partition: number
  offset: string | bigint | number
  value: string | null
}

export interface Settings {
  groupId: string
  topics: string[]
  /** After so long a silence the broker takes the member for dead, ms. */
  sessionMs: number
  heartbeatMs: number
  /** All partitions that the worker has from now on. */
  onAssigned(partitions: TopicPartition[]): Promise<void>
  onRecord(record: WorkRecord): Promise<void>
}

export interface Worker {
  /** Leaves the group: finishes what is in hand, commits, says goodbye, closes. */
  stop(): Promise<void>
}

/** Shares out all partitions evenly, and moves as few as possible. */
export function assign(members: Member[], topics: Topic[]): Share[] {
  throw new Error(`not implemented: assign (${members.length} members, ${topics.length} topics)`)
}

/** One round of a cooperative rebalance: what moves is taken away now, and given to its new owner in the next round. */
export function cooperativeRound(members: Member[], target: Share[]): Share[] {
  throw new Error(`not implemented: cooperativeRound (${members.length} members, ${target.length} shares)`)
}

/** When the coordinator adds a member to the group or removes one, ms, in ascending order. */
export function memberChanges(events: GroupEvent[], sessionMs: number): number[] {
  throw new Error(`not implemented: memberChanges (${events.length} events, ${sessionMs})`)
}

/** Starts a worker, a member of the group `settings.groupId`. */
export async function startWorker(kafka: Kafka, settings: Settings): Promise<Worker> {
  throw new Error(`not implemented: startWorker (${kafka.constructor.name}, ${settings.groupId})`)
}
