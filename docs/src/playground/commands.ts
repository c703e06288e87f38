import type { SeenFrame } from './client'
import type { ReadRecord, Sent } from './session'

/** Two consumers that know nothing of each other: each keeps positions of its own. */
export const READERS = ['A', 'B'] as const

/** What the page asks of the worker. `id` comes back with the answer. */
export type Command =
  | { id: number; type: 'open'; partitions: number; seed: number }
  | { id: number; type: 'send'; key: string | null; value: string }
  | { id: number; type: 'read'; reader: number; positions: number[]; bytesMax: number }
  | { id: number; type: 'add-partition' }

/** What the worker says: an answer to a command, or a frame that passed by. */
export type Report =
  | { type: 'opened'; id: number }
  | { type: 'sent'; id: number; sent: Sent }
  | { type: 'read'; id: number; records: ReadRecord[] }
  | { type: 'partition-added'; id: number; partitions: number }
  | { type: 'failed'; id: number; message: string }
  | { type: 'frame'; frame: SeenFrame }
