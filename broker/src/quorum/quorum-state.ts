/**
 * quorum-state: a JSON file beside the metadata log with the epoch of the quorum, its leader and the vote of this node.
 *
 *   {"leaderId":-1,"leaderEpoch":4,"votedId":2,"votedDirectoryId":"J8aAPcfLQt2bqs1JT_rMgQ","data_version":1}
 *
 * A node that votes twice in one epoch could elect two leaders, so the file is written before a vote is answered, and at
 * each change of the epoch. Version 0 belongs to kraft.version 0: it has the configured voters, and no directory of
 * the voted node. (FileQuorumStateStore, KIP-595, KIP-853)
 *
 * QUORUM-STATE-1  what was written is read back after a crash, as a whole or not at all
 */

import type { Storage } from '../core.ts'
import { METADATA_FOLDER } from '../topic-names.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import type { ReplicaKey } from './voters/voter-set.ts'

const PATH = `${METADATA_FOLDER}/quorum-state`
const NOBODY = -1

/** What must survive a crash. At most one of a leader and a vote for another node decides what this node does next. */
export interface ElectionState {
  /** -1 if it is unknown. */
  readonly leaderId: number
  readonly leaderEpoch: number
  /** The node that has the vote of this node in this epoch. */
  readonly votedKey?: ReplicaKey | undefined
}

/** Where an election state is kept. */
export interface ElectionStore {
  read(): ElectionState | undefined
  /** Returns when the state is on disk. `voterIds` are stored with level 0 only. */
  write(state: ElectionState, quorum: { kraftVersion: number; voterIds: readonly number[] }): void
}

/** The file in a data folder. */
export function electionStore(storage: Storage): ElectionStore {
  return {
    read: () => readQuorumState(storage),
    write: (state, { kraftVersion, voterIds }) => writeQuorumState(storage, state, kraftVersion, voterIds),
  }
}

/** Writes the leader, its epoch and the vote (QUORUM-STATE-1). */
export function writeQuorumState(
  storage: Storage,
  state: ElectionState,
  kraftVersion = 1,
  voterIds: readonly number[] = [],
): void {
  const { leaderId, leaderEpoch, votedKey } = state
  const votedId = votedKey?.id ?? NOBODY
  const json =
    kraftVersion === 0
      ? {
          ...{ clusterId: '', leaderId, leaderEpoch, votedId, appliedOffset: 0 },
          currentVoters: voterIds.map((voterId) => ({ voterId })),
          data_version: 0,
        }
      : {
          ...{ leaderId, leaderEpoch, votedId, votedDirectoryId: votedKey?.directoryId ?? ZERO_UUID },
          data_version: 1,
        }
  storage.writeFileAtomic(PATH, new TextEncoder().encode(JSON.stringify(json)))
}

/** Undefined if there is no file. Throws if it cannot be understood: a forgotten vote could elect two leaders. */
export function readQuorumState(storage: Storage): ElectionState | undefined {
  const bytes = storage.readFile(PATH)
  if (!bytes) return undefined
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes))
  const field = (name: string): number => {
    const value = typeof json === 'object' && json ? Reflect.get(json, name) : undefined
    if (typeof value !== 'number') throw new Error(`${PATH}: ${name} is missing`)
    return value
  }
  const version = field('data_version')
  if (version !== 0 && version !== 1) throw new Error(`${PATH}: data_version ${version} is unknown`)
  const votedId = field('votedId')
  const directory: unknown = Reflect.get(json as object, 'votedDirectoryId')
  return {
    leaderId: field('leaderId'),
    leaderEpoch: field('leaderEpoch'),
    ...(votedId === NOBODY
      ? {}
      : { votedKey: { id: votedId, directoryId: typeof directory === 'string' ? directory : ZERO_UUID } }),
  }
}
