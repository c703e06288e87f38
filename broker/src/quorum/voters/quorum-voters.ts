/**
 * The voters of the quorum that keeps the metadata, as control records in its own log (KIP-853).
 *
 *   LeaderChange   the first record of each leader epoch
 *   KRaftVersion   1: the voters are stored in the log, and not in the file of each node
 *   Voters         each with the id of its directory: a node that has lost its disk is a different voter
 *
 * The first leader writes all three in one batch, as Kafka does after `kafka-storage format --initial-controllers`. Later
 * leaders write only LeaderChange, unless the address of the voter has changed. Clients see the level as the finalized
 * feature `kraft.version`.
 *
 * - the last Voters record of the log is in force
 */
import {
  ControlType,
  decodeControlType,
  KRaftVersionRecord,
  VotersRecord,
} from '../../messages/records/control-records.ts'
import { buildQuorumBatch, encodeBody, encodeLeaderChange } from '../../record/control-record.ts'
import { readRecords } from '../../record/record.ts'
import { Reader } from '../../wire/reader.ts'

/** The feature that clients see, and its level: it is stored in control records, not in a FeatureLevelRecord. */
export const KRAFT_FEATURE = 'kraft.version'
export const KRAFT_VERSION = 1
/** The name of the controller listener; here it has the address of the broker. */
export const CONTROLLER_LISTENER = 'CONTROLLER'
const RECORD_VERSION = 0

export interface Voter {
  readonly id: number
  /** The id of the directory with the log. */
  readonly directoryId: string
  readonly host: string
  readonly port: number
}

/** The first batch of a leader epoch. `known`: the voters that are in the log already. */
export function epochBatch(
  voter: Voter,
  known: readonly Voter[],
  at: { baseOffset: number; leaderEpoch: number; timestamp: number },
): Uint8Array {
  const self = { voterId: voter.id }
  const change = encodeLeaderChange({
    version: 0,
    leaderId: voter.id,
    voters: [self],
    grantingVoters: [self],
  })
  const leader = { type: ControlType.LEADER_CHANGE, value: change }
  const isKnown = JSON.stringify(known) === JSON.stringify([voter])
  return buildQuorumBatch(isKnown ? [leader] : [leader, ...quorumRecords(voter)], at)
}

/** The control records of a log or a snapshot: the level of the quorum and its voters. */
export function quorumRecords(voter: Voter): { type: number; value: Uint8Array }[] {
  const version = encodeBody(KRaftVersionRecord, { version: RECORD_VERSION, kRaftVersion: KRAFT_VERSION })
  const voters = encodeBody(VotersRecord, { version: RECORD_VERSION, voters: [recordOf(voter)] })
  return [
    { type: ControlType.KRAFT_VERSION, value: version },
    { type: ControlType.KRAFT_VOTERS, value: voters },
  ]
}

function recordOf({ id, directoryId, host, port }: Voter) {
  return {
    voterId: id,
    voterDirectoryId: directoryId,
    endpoints: [{ name: CONTROLLER_LISTENER, host, port }],
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: KRAFT_VERSION },
  }
}

/** The voters in the control batch at `at`; undefined if it has no Voters record. */
export function votersIn(bytes: Uint8Array, at: number): Voter[] | undefined {
  for (const { key, value } of readRecords(bytes, at)) {
    if (!key || !value || decodeControlType(key) !== ControlType.KRAFT_VOTERS) continue
    const { voters } = VotersRecord.decode(new Reader(value), RECORD_VERSION)
    return voters.map(({ voterId, voterDirectoryId, endpoints }) => ({
      id: voterId,
      directoryId: voterDirectoryId,
      host: endpoints[0]?.host ?? '',
      port: endpoints[0]?.port ?? 0,
    }))
  }
  return undefined
}
