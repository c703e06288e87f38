/**
 * DescribeQuorum (key 55): how is the metadata quorum?
 *
 * From admin clients, passed on to the controller that leads: its epoch, its high watermark, and how far each
 * voter and observer has come. (KIP-595)
 *
 *   1  when each of them last fetched and was last caught up (KIP-836)
 *   2  error messages, endpoints, directory ids (KIP-853)
 */
import {
  array,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../wire/schema.ts'

export const DescribeQuorumRequest = request(
  55,
  'DescribeQuorumRequest',
  { versions: '0-2', flexible: '0+' },
  {
    topics: array(
      struct({
        topicName: string(),
        partitions: array(struct({ partitionIndex: int32() })),
      }),
    ),
  },
)
export type DescribeQuorumRequest = TypeOf<typeof DescribeQuorumRequest>

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid({ since: 2 }),
  logEndOffset: int64(),
  lastFetchTimestamp: int64({ since: 1, default: -1 }),
  lastCaughtUpTimestamp: int64({ since: 1, default: -1 }),
}

export const DescribeQuorumResponse = response(
  55,
  'DescribeQuorumResponse',
  { versions: '0-2', flexible: '0+' },
  {
    errorCode: int16(),
    errorMessage: string({ since: 2, nullable: true }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ since: 2, nullable: true }),
            leaderId: int32(),
            leaderEpoch: int32(),
            highWatermark: int64(),
            currentVoters: array(struct(replicaState)),
            observers: array(struct(replicaState)),
          }),
        ),
      }),
    ),
    nodes: array(
      struct({
        nodeId: int32(),
        listeners: array(struct({ name: string(), host: string(), port: uint16() })),
      }),
      { since: 2 },
    ),
  },
)
export type DescribeQuorumResponse = TypeOf<typeof DescribeQuorumResponse>
