/**
 * The requests between the replicas of the metadata log, and the pieces that all of them have in common: one topic, one
 * partition, a leader with its epoch.
 *
 *   Vote              nominee -> voters          may I lead? (KIP-595; before raising the epoch: KIP-996)
 *   BeginQuorumEpoch  leader  -> voters          I lead this epoch
 *   EndQuorumEpoch    leader  -> voters          I resign; these are the best successors
 *   Fetch             replica -> leader          records from here on; I have all below
 *   FetchSnapshot     replica -> leader          a piece of a snapshot
 *   ApiVersions       leader  -> new voter       which kraft.version do you know?
 *   AddRaftVoter, RemoveRaftVoter, UpdateRaftVoter      -> leader: changes of the voters (KIP-853)
 *
 * (Kafka: RaftUtil)
 */
import { AddRaftVoterRequest, AddRaftVoterResponse } from '../messages/add-raft-voter.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/api-versions.ts'
import { BeginQuorumEpochRequest, BeginQuorumEpochResponse } from '../messages/begin-quorum-epoch.ts'
import { EndQuorumEpochRequest, EndQuorumEpochResponse } from '../messages/end-quorum-epoch.ts'
import { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import { FetchSnapshotRequest, FetchSnapshotResponse } from '../messages/fetch-snapshot.ts'
import { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from '../messages/remove-raft-voter.ts'
import { UpdateRaftVoterRequest, UpdateRaftVoterResponse } from '../messages/update-raft-voter.ts'
import { VoteRequest, VoteResponse } from '../messages/vote.ts'
import { METADATA_TOPIC } from '../topic-names.ts'
import type { ErrorCode } from '../wire/errors.ts'
import type { InputOf, TypeOf } from '../wire/schema.ts'
import type { Endpoint } from './voters/voter-set.ts'

export const RAFT_MESSAGES = {
  Vote: { request: VoteRequest, response: VoteResponse },
  BeginQuorumEpoch: { request: BeginQuorumEpochRequest, response: BeginQuorumEpochResponse },
  EndQuorumEpoch: { request: EndQuorumEpochRequest, response: EndQuorumEpochResponse },
  Fetch: { request: FetchRequest, response: FetchResponse },
  FetchSnapshot: { request: FetchSnapshotRequest, response: FetchSnapshotResponse },
  ApiVersions: { request: ApiVersionsRequest, response: ApiVersionsResponse },
  AddRaftVoter: { request: AddRaftVoterRequest, response: AddRaftVoterResponse },
  RemoveRaftVoter: { request: RemoveRaftVoterRequest, response: RemoveRaftVoterResponse },
  UpdateRaftVoter: { request: UpdateRaftVoterRequest, response: UpdateRaftVoterResponse },
} as const

export type RaftApi = keyof typeof RAFT_MESSAGES
type Messages<Api extends RaftApi> = (typeof RAFT_MESSAGES)[Api]
/** A request as it was decoded, and as it is built. */
export type RaftRequest<Api extends RaftApi> = TypeOf<Messages<Api>['request']>
export type RaftRequestInput<Api extends RaftApi> = InputOf<Messages<Api>['request']>
export type RaftResponse<Api extends RaftApi> = TypeOf<Messages<Api>['response']>
export type RaftResponseInput<Api extends RaftApi> = InputOf<Messages<Api>['response']>

/** Where a request goes. The id of a bootstrap server is unknown: it has a negative number of its own. */
export interface RaftPeer {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** What became of a request: a response, or an error of the connection such as BROKER_NOT_AVAILABLE. */
export type RaftResult<Api extends RaftApi> =
  | { readonly response: RaftResponse<Api> }
  | { readonly failure: ErrorCode }

/**
 * Sends a request in the highest version that both sides know, at least `versionMin` (else UNSUPPORTED_VERSION).
 * `done` is called once, later, in an event of its own.
 */
export type SendRaftRequest = <Api extends RaftApi>(
  to: RaftPeer,
  api: Api,
  body: RaftRequestInput<Api>,
  options: { readonly timeoutMs: number; readonly versionMin?: number },
  done: (result: RaftResult<Api>) => void,
) => void

/** The fields of a response that name the leader. */
export interface LeaderFields {
  readonly leaderId: number
  readonly leaderEpoch: number
}

export const NO_LEADER = -1

/** The one partition of the one topic of a request or response; undefined if it is about something else. */
export function onlyPartition<Partition>(
  topics: readonly { topicName: string; partitions: readonly Partition[] }[],
): Partition | undefined {
  const [topic] = topics
  if (topics.length !== 1 || topic?.topicName !== METADATA_TOPIC || topic.partitions.length !== 1)
    return undefined
  return topic.partitions[0]
}

/** `topics` with the one partition. */
export function metadataPartition<Partition>(
  partition: Partition,
): { topicName: string; partitions: (Partition & { partitionIndex: number })[] }[] {
  return [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0, ...partition }] }]
}

/** `nodeEndpoints` of a response: the address of the leader, if it is known. */
export function endpointsOfLeader(
  leaderId: number,
  [endpoint]: readonly Endpoint[],
): { nodeId: number; host: string; port: number }[] {
  if (leaderId === NO_LEADER || !endpoint) return []
  return [{ nodeId: leaderId, host: endpoint.host, port: endpoint.port }]
}
