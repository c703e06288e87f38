/** What the figure of a group and its worker have in common; the worker alone loads the broker. */

export const PROTOCOLS = ['eager', 'cooperative', 'consumer'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** `busy`: the member's handler needs BUSY_MS for one record. */
export type GroupAction = { type: 'join' } | { type: 'leave' | 'crash' | 'busy'; member: string }

export const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'] as const
export const BUSY_MS = 20_000

/** What has happened to a member; the page has the words. */
export type Happening =
  | 'joins'
  | 'hears of the rebalance'
  | 'gives up all'
  | 'keeps and joins again'
  | 'leads'
  | 'gets'
  | 'gets nothing'
  | 'is asked for'
  | 'gives up'
  | 'leaves'
  | 'crashes'
  | 'is busy'
  | 'expires'

export interface SeenMember {
  name: string
  owned: number[]
  generation: number
  isWaiting: boolean
  isBusy: boolean
}

/** Something that happened, and how things were right after it. */
export interface Step {
  /** Ms since the last action. */
  at: number
  member: string
  happening: Happening
  partitions: number[]
  members: SeenMember[]
}

/** Who read a partition, and from when to when: ms since the last action. `owner` null: nobody. */
export interface Span {
  from: number
  to: number
  owner: string | null
}

/** What follows from the last action. */
export interface GroupStory {
  before: SeenMember[]
  steps: Step[]
  /** By partition, up to the last step. */
  spans: Span[][]
  /** By partition: how long nobody read it, ms. */
  stoppedMs: number[]
  /** How long it took until all was quiet again, ms. */
  tookMs: number
}
