import type { SeenFrame } from './client'
import { READERS } from './commands'
import type { ReadRecord, Sent } from './session'

/** What the playground shows. It changes by what the broker has answered, never by guesses of the page. */
export interface PlaygroundState {
  /** Place = partition; records in the order of their offsets. */
  partitions: Stored[][]
  /** Place = that of the reader's name in READERS. */
  readers: ReaderState[]
  frames: (SeenFrame & { place: number })[]
  /** Colours are given to keys in the order in which they first appear. */
  keys: string[]
  busy: boolean
}

export interface ReaderState {
  /** Place = partition: the offset that it reads next. */
  positions: number[]
  read: TakenRecord[]
  waiting: boolean
}

export interface TakenRecord extends ReadRecord {
  place: number
  /** It came to a fetch that was waiting for it. */
  waitedFor: boolean
}

export interface Stored {
  offset: number
  key: string | null
  value: string
}

const FRAMES_MAX = 16

export function emptyState(partitions: number): PlaygroundState {
  return {
    partitions: Array.from({ length: partitions }, () => []),
    readers: READERS.map(() => ({ positions: Array(partitions).fill(0), read: [], waiting: false })),
    frames: [],
    keys: [],
    busy: true,
  }
}

export function withSent(
  state: PlaygroundState,
  key: string | null,
  value: string,
  sent: Pick<Sent, 'partition' | 'offset'>,
): PlaygroundState {
  const partitions = state.partitions.map((records, partition) =>
    partition === sent.partition ? inOrder([...records, { offset: sent.offset, key, value }]) : records,
  )
  const known = key === null || state.keys.includes(key)
  return { ...state, partitions, keys: known ? state.keys : [...state.keys, key] }
}

/** Two answers may arrive in another order than that of the offsets. */
function inOrder(records: Stored[]): Stored[] {
  return records.sort((a, b) => a.offset - b.offset)
}

/** A fetch is on its way. It will wait when there is nothing to read: see `hasNothingToRead`. */
export function withWaiting(state: PlaygroundState, reader: number, waiting: boolean): PlaygroundState {
  return changed(state, reader, (now) => ({ ...now, waiting }))
}

/** The answer to a fetch. `waitedFor`: the broker had kept the fetch until these records came. */
export function withRead(
  state: PlaygroundState,
  reader: number,
  records: ReadRecord[],
  waitedFor: boolean,
): PlaygroundState {
  return changed(state, reader, (now) => {
    const positions = [...now.positions]
    for (const { partition, offset } of records) positions[partition] = offset + 1
    const taken = records.map((record, place) => ({ ...record, place: now.read.length + place, waitedFor }))
    return { positions, read: [...now.read, ...taken], waiting: false }
  })
}

/** Whether a fetch of this reader would have to wait. */
export function hasNothingToRead(state: PlaygroundState, reader: number): boolean {
  const { positions } = state.readers[reader]!
  return state.partitions.every((records, partition) => {
    const end = (records.at(-1)?.offset ?? -1) + 1
    return (positions[partition] ?? 0) >= end
  })
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
    readers: state.readers.map((reader) => ({
      ...reader,
      positions: [...reader.positions, ...Array<number>(more).fill(0)],
    })),
  }
}

export function rewound(state: PlaygroundState, reader: number): PlaygroundState {
  return changed(state, reader, (now) => ({ ...now, positions: now.positions.map(() => 0), read: [] }))
}

export function hueOf(state: PlaygroundState, key: string | null): number | undefined {
  return key === null ? undefined : state.keys.indexOf(key) % 6
}

function changed(
  state: PlaygroundState,
  reader: number,
  change: (now: ReaderState) => ReaderState,
): PlaygroundState {
  return { ...state, readers: state.readers.map((now, place) => (place === reader ? change(now) : now)) }
}
