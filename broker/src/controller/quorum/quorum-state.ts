/**
 * quorum-state: for whom this node voted, and who leads the metadata log; beside the log, as JSON.
 *
 *   {"leaderId":1,"leaderEpoch":4,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}
 *
 * A node that votes twice in one epoch could make two leaders, so Kafka writes this before it answers a vote. With one
 * voter nothing depends on it; it is there for whoever looks into the folder. (FileQuorumStateStore, KIP-595, KIP-853)
 */

import type { Storage } from '../../core.ts'
import { METADATA_FOLDER } from '../../topic-names.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'

const PATH = `${METADATA_FOLDER}/quorum-state`
const VOTED_FOR_NOBODY = -1
const DATA_VERSION = 1

/** Writes down who leads in which epoch. */
export function writeQuorumState(storage: Storage, state: { leaderId: number; leaderEpoch: number }): void {
  const { leaderId, leaderEpoch } = state
  const votes = { votedId: VOTED_FOR_NOBODY, votedDirectoryId: ZERO_UUID }
  const json = JSON.stringify({ leaderId, leaderEpoch, ...votes, data_version: DATA_VERSION })
  storage.writeFileAtomic(PATH, new TextEncoder().encode(json))
}
