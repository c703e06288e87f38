/**
 * Who votes in the quorum that keeps the metadata, as records of its own log (KIP-853).
 *
 *   LeaderChange   the first record of each leader epoch
 *   KRaftVersion   1: the voters stand in the log, and not in each node's file
 *   Voters         each with the id of its directory: a voter that has lost its disk is another voter
 *
 * The first leader writes all three in one batch, as Kafka does after `kafka-storage format --initial-controllers`; later
 * ones only the first, unless a voter has moved. The level is told to clients as the finalized `kraft.version`.
 *
 * - the last Voters record of the log says who votes now
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

/** The feature that clients see, and its level: it stands in the quorum's own records, and in no FeatureLevelRecord. */
export const KRAFT_FEATURE = 'kraft.version'
export const KRAFT_VERSION = 1
/** Controllers are reached where brokers are, here. */
export const CONTROLLER_LISTENER = 'CONTROLLER'
const RECORD_VERSION = 0

export interface Voter {
  readonly id: number
  /** Of the directory that the log lies in. */
  readonly directoryId: string
  readonly host: string
  readonly port: number
}

/** The batch that a leader begins its epoch with; `known`: the voters that the log names already. */
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

/** What a log or a snapshot says of the quorum: its level and its voters. */
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

/** The voters that the control batch at `at` names; undefined when it names none. */
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
