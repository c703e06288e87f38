/**
 * FetchSnapshot (key 59): send me the snapshot, from this byte on.
 *
 * From a follower in the metadata quorum whose next offset is no longer in the leader's log: Fetch has told
 * it the snapshot's id. The snapshot is a file of batches; pieces are cut at any byte. (KIP-630)
 *
 *   1  the follower's directory, addresses of the leader (KIP-853)
 */
import {
  array,
  int16,
  int32,
  int64,
  records,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../wire/schema.ts'

export const FetchSnapshotRequest = request(
  59,
  'FetchSnapshotRequest',
  { versions: '0-1', flexible: '0+' },
  {
    clusterId: string({ nullable: true, default: null, tag: 0 }),
    replicaId: int32({ default: -1 }),
    maxBytes: int32({ default: 0x7fff_ffff }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32(),
            snapshotId: struct({ endOffset: int64(), epoch: int32() }),
            position: int64(),
            replicaDirectoryId: uuid({ since: 1, tag: 0 }),
          }),
        ),
      }),
    ),
  },
)
export type FetchSnapshotRequest = TypeOf<typeof FetchSnapshotRequest>

export const FetchSnapshotResponse = response(
  59,
  'FetchSnapshotResponse',
  { versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            index: int32(),
            errorCode: int16(),
            snapshotId: struct({ endOffset: int64(), epoch: int32() }),
            currentLeader: struct({ leaderId: int32(), leaderEpoch: int32() }, { tag: 0 }),
            size: int64(),
            position: int64(),
            /** A piece of the file: it need not begin or end with a batch. */
            unalignedRecords: records(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(struct({ nodeId: int32(), host: string(), port: uint16() }), { since: 1, tag: 0 }),
  },
)
export type FetchSnapshotResponse = TypeOf<typeof FetchSnapshotResponse>
