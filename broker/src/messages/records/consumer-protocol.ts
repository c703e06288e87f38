/**
 * The blobs that consumers of a classic group send each other by way of the coordinator.
 *
 * In the classic protocol the broker does not know what a group does with its membership. JoinGroup carries
 * a subscription from each member to the leader, SyncGroup an assignment from the leader to each member;
 * for consumers (protocol type "consumer") the bytes are these. The broker looks into them for two reasons
 * only: to see whether a topic is still subscribed to (OffsetDelete), and to move a group to KIP-848.
 *
 *   int16 version | body
 *
 *   subscription  1 the partitions it owns (cooperative rebalance, KIP-429), 2 generation (KIP-792),
 *                 3 rack (KIP-881)
 *   assignment    the same in all four
 *
 * CONSUMER-PROTOCOL-1  a version that is newer than the newest known one is read as that: newer ones only append fields
 * CONSUMER-PROTOCOL-2  what topics a member reads is seen in version 0, which all others begin with, even if the rest
 *     is damaged
 */
import { MalformedError, Reader } from '../../wire/reader.ts'
import { array, bytes, data, int32, string, struct, type TypeOf } from '../../wire/schema.ts'

export const ConsumerProtocolSubscription = data(
  'ConsumerProtocolSubscription',
  { versions: '0-3', flexible: 'none' },
  {
    topics: array(string()),
    userData: bytes({ nullable: true, default: null }),
    ownedPartitions: array(struct({ topic: string(), partitions: array(int32()) }), { since: 1 }),
    generationId: int32({ since: 2, default: -1 }),
    rackId: string({ since: 3, nullable: true, default: null }),
  },
)
export type ConsumerProtocolSubscription = TypeOf<typeof ConsumerProtocolSubscription>

export const ConsumerProtocolAssignment = data(
  'ConsumerProtocolAssignment',
  { versions: '0-3', flexible: 'none' },
  {
    assignedPartitions: array(struct({ topic: string(), partitions: array(int32()) })),
    userData: bytes({ nullable: true, default: null }),
  },
)
export type ConsumerProtocolAssignment = TypeOf<typeof ConsumerProtocolAssignment>

/** A member's subscription, of any version (CONSUMER-PROTOCOL-1); throws MalformedError when the bytes are none. */
export function decodeSubscription(bytes: Uint8Array): ConsumerProtocolSubscription {
  const reader = new Reader(bytes)
  return ConsumerProtocolSubscription.decode(reader, knownVersion(reader.int16()))
}

/**
 * The topics of a member's subscription, whatever version it says it has: each begins with what version 0 is, and bytes
 * behind that are not looked at (CONSUMER-PROTOCOL-2). Throws MalformedError when the bytes are none.
 */
export function decodeSubscribedTopics(bytes: Uint8Array): readonly string[] {
  const reader = new Reader(bytes)
  reader.int16()
  return ConsumerProtocolSubscription.decode(reader, 0).topics
}

/** A member's assignment, of any version (CONSUMER-PROTOCOL-1); throws MalformedError when the bytes are none. */
export function decodeAssignment(bytes: Uint8Array): ConsumerProtocolAssignment {
  const reader = new Reader(bytes)
  return ConsumerProtocolAssignment.decode(reader, knownVersion(reader.int16()))
}

function knownVersion(version: number): number {
  const { max } = ConsumerProtocolSubscription.versions
  if (version < 0) throw new MalformedError(`consumer protocol of version ${version}`)
  return Math.min(version, max)
}
