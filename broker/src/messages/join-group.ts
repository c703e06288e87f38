/**
 * JoinGroup (key 11): I want to be a member of this classic group.
 *
 * The first half of a rebalance. The coordinator waits until all members have asked (or the rebalance timeout
 * is over), picks one as leader and a protocol that all support, and answers all at once; only the leader is
 * told who the members are. SyncGroup is the second half.
 *
 *   0  the session timeout is the rebalance timeout too
 *   1  a rebalance timeout of its own (KIP-62)
 *   2  throttle time
 *   3  a throttled client is answered first (KIP-219)
 *   4  a new member gets its id by MEMBER_ID_REQUIRED and asks again: no ghosts of lost answers (KIP-394)
 *   5  group.instance.id: static members keep their place across restarts (KIP-345)
 *   6  flexible
 *   7  the answer names the protocol type (KIP-559)
 *   8  why the member joins, for the broker's log (KIP-800)
 *   9  a static leader that comes back is told to skip the assignment (KIP-814)
 */
import {
  array,
  bool,
  bytes,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const JoinGroupRequest = request(
  11,
  'JoinGroupRequest',
  { versions: '0-9', flexible: '6+' },
  {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ since: 1, default: -1 }),
    /** Empty from a new member. */
    memberId: string(),
    groupInstanceId: string({ since: 5, nullable: true, default: null }),
    protocolType: string(),
    /** Assignors in order of preference, each with its subscription (records/consumer-protocol.ts). */
    protocols: array(struct({ name: string(), metadata: bytes() })),
    reason: string({ since: 8, nullable: true, default: null }),
  },
)
export type JoinGroupRequest = TypeOf<typeof JoinGroupRequest>

export const JoinGroupResponse = response(
  11,
  'JoinGroupResponse',
  { versions: '0-9', flexible: '6+' },
  {
    throttleTimeMs: int32({ since: 2 }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ since: 7, nullable: true, default: null }),
    protocolName: string({ nullable: 7 }),
    leader: string(),
    skipAssignment: bool({ since: 9 }),
    memberId: string(),
    /** For the leader; empty for everyone else. */
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: string({ since: 5, nullable: true, default: null }),
        metadata: bytes(),
      }),
    ),
  },
)
export type JoinGroupResponse = TypeOf<typeof JoinGroupResponse>
