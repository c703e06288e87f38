/**
 * quorum-state: a JSON file beside the metadata log with the leader of the log and the vote of this node.
 *
 *   {"leaderId":1,"leaderEpoch":4,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}
 *
 * A node that votes twice in one epoch could elect two leaders, so Kafka writes this file before it responds to a vote.
 * With one voter nothing depends on it; it is written so that the folder looks like Kafka's. (FileQuorumStateStore,
 * KIP-595, KIP-853)
 */

import type { Storage } from '../../core.ts'
import { METADATA_FOLDER } from '../../topic-names.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'

const PATH = `${METADATA_FOLDER}/quorum-state`
const NO_VOTE = -1
const DATA_VERSION = 1

/** Writes the leader and its epoch. */
export function writeQuorumState(storage: Storage, state: { leaderId: number; leaderEpoch: number }): void {
  const { leaderId, leaderEpoch } = state
  const votes = { votedId: NO_VOTE, votedDirectoryId: ZERO_UUID }
  const json = JSON.stringify({ leaderId, leaderEpoch, ...votes, data_version: DATA_VERSION })
  storage.writeFileAtomic(PATH, new TextEncoder().encode(json))
}
