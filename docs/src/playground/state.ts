import type { SeenFrame } from './client'
import type { ReadRecord, Sent } from './session'

/** What the playground shows. It changes by what the broker has answered, never by guesses of the page. */
export interface PlaygroundState {
  /** Place = partition; records in the order of their offsets. */
  partitions: Stored[][]
  /** Place = partition: the offset that the consumer reads next. */
  positions: number[]
  read: (ReadRecord & { place: number })[]
  frames: (SeenFrame & { place: number })[]
  /** Colours are given to keys in the order in which they first appear. */
  keys: string[]
  busy: boolean
  waiting: boolean
}

export interface Stored {
  offset: number
  key: string | null
  value: string
}

const FRAMES_MAX = 12

export function emptyState(partitions: number): PlaygroundState {
  return {
    partitions: Array.from({ length: partitions }, () => []),
    positions: Array.from({ length: partitions }, () => 0),
    read: [],
    frames: [],
    keys: [],
    busy: true,
    waiting: false,
  }
}

export function withSent(
  state: PlaygroundState,
  key: string | null,
  value: string,
  sent: Sent,
): PlaygroundState {
  const partitions = state.partitions.map((records, partition) =>
    partition === sent.partition ? [...records, { offset: sent.offset, key, value }] : records,
  )
  const known = key === null || state.keys.includes(key)
  return { ...state, partitions, keys: known ? state.keys : [...state.keys, key] }
}

export function withRead(state: PlaygroundState, records: ReadRecord[]): PlaygroundState {
  const positions = [...state.positions]
  for (const { partition, offset } of records) positions[partition] = offset + 1
  const numbered = records.map((record, place) => ({ ...record, place: state.read.length + place }))
  return { ...state, positions, read: [...state.read, ...numbered] }
}

export function withFrame(state: PlaygroundState, frame: SeenFrame): PlaygroundState {
  const place = (state.frames.at(-1)?.place ?? -1) + 1
  return { ...state, frames: [...state.frames, { ...frame, place }].slice(-FRAMES_MAX) }
}

export function withPartitions(state: PlaygroundState, count: number): PlaygroundState {
  const more = count - state.partitions.length
  return {
    ...state,
    partitions: [...state.partitions, ...Array.from({ length: more }, () => [])],
    positions: [...state.positions, ...Array.from({ length: more }, () => 0)],
  }
}

export function rewound(state: PlaygroundState): PlaygroundState {
  return { ...state, positions: state.positions.map(() => 0), read: [] }
}

export function hueOf(state: PlaygroundState, key: string | null): number | undefined {
  return key === null ? undefined : state.keys.indexOf(key) % 6
}
