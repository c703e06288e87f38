/**
 * Records that Kafka itself writes into a log, among those of producers: control records.
 *
 * They stand in batches with the control bit, one kind a batch; consumers never see them.
 *
 *   key    int16 version 0 | int16 type
 *   value  transaction markers: int16 version 0 | body
 *          quorum's records:    body, which begins with its version
 *
 *   type  0 abort  1 commit                 end of a transaction, in every partition that took part
 *         2 leader change                   first record of each epoch in __cluster_metadata (KIP-595)
 *         3 snapshot header  4 footer       first and last record of a snapshot (KIP-630)
 *         5 kraft version  6 voters         the quorum's own level and members (KIP-853)
 *
 * Version 1 of LeaderChangeMessage adds the voters' directory ids.
 */

import {
  array,
  data,
  int16,
  int32,
  int64,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../../wire/schema.ts'
import { decodeValue, encodeValue } from './record-frame.ts'

export const ControlRecordTypeSchema = data(
  'ControlRecordTypeSchema',
  { versions: '0', flexible: 'none' },
  { type: int16() },
)
export type ControlRecordTypeSchema = TypeOf<typeof ControlRecordTypeSchema>

export const EndTxnMarker = data(
  'EndTxnMarker',
  { versions: '0', flexible: 'none' },
  {
    /** A marker of an older coordinator than the partition has seen is refused (KIP-98). */
    coordinatorEpoch: int32(),
  },
)
export type EndTxnMarker = TypeOf<typeof EndTxnMarker>

const voter = { voterId: int32(), voterDirectoryId: uuid({ since: 1 }) }

export const LeaderChangeMessage = data(
  'LeaderChangeMessage',
  { versions: '0-1', flexible: '0+' },
  {
    version: int16(),
    leaderId: int32(),
    voters: array(struct(voter)),
    grantingVoters: array(struct(voter)),
  },
)
export type LeaderChangeMessage = TypeOf<typeof LeaderChangeMessage>

export const SnapshotHeaderRecord = data(
  'SnapshotHeaderRecord',
  { versions: '0', flexible: '0+' },
  { version: int16(), lastContainedLogTimestamp: int64() },
)
export type SnapshotHeaderRecord = TypeOf<typeof SnapshotHeaderRecord>

export const SnapshotFooterRecord = data(
  'SnapshotFooterRecord',
  { versions: '0', flexible: '0+' },
  { version: int16() },
)
export type SnapshotFooterRecord = TypeOf<typeof SnapshotFooterRecord>

export const KRaftVersionRecord = data(
  'KRaftVersionRecord',
  { versions: '0', flexible: '0+' },
  { version: int16(), kRaftVersion: int16() },
)
export type KRaftVersionRecord = TypeOf<typeof KRaftVersionRecord>

export const VotersRecord = data(
  'VotersRecord',
  { versions: '0', flexible: '0+' },
  {
    version: int16(),
    voters: array(
      struct({
        voterId: int32(),
        voterDirectoryId: uuid(),
        endpoints: array(struct({ name: string(), host: string(), port: uint16() })),
        kRaftVersionFeature: struct({ minSupportedVersion: int16(), maxSupportedVersion: int16() }),
      }),
    ),
  },
)
export type VotersRecord = TypeOf<typeof VotersRecord>

/** What a control record is; the numbers stand in its key. */
export const ControlType = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const

/** The key of a control record. */
export function encodeControlType(type: number): Uint8Array {
  return encodeValue(ControlRecordTypeSchema, 0, { type })
}

/** The type of the control record with this key; throws MalformedError when it is none. */
export function decodeControlType(key: Uint8Array): number {
  return decodeValue(ControlRecordTypeSchema, key).type
}
