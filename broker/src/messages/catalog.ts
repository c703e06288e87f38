/**
 * Every API that is declared here, by its key.
 *
 * For tools that work on all of them: fuzzers, the comparison with Kafka, a decoder of traffic. A handler
 * imports the messages of its own API; what imports this file carries all of them.
 *
 * Not declared, because this broker has no use for them: telemetry (71, 72), share groups (76-79, 83-87, 90-92),
 * streams groups (88, 89). Keys 4 to 7 went with ZooKeeper.
 */
import type { Message } from '../wire/schema.ts'
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from './add-offsets-to-txn.ts'
import { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse } from './add-partitions-to-txn.ts'
import { AddRaftVoterRequest, AddRaftVoterResponse } from './add-raft-voter.ts'
import { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from './allocate-producer-ids.ts'
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from './alter-client-quotas.ts'
import { AlterConfigsRequest, AlterConfigsResponse } from './alter-configs.ts'
import { AlterPartitionRequest, AlterPartitionResponse } from './alter-partition.ts'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from './alter-partition-reassignments.ts'
import { AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse } from './alter-replica-log-dirs.ts'
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from './alter-user-scram-credentials.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from './api-versions.ts'
import { AssignReplicasToDirsRequest, AssignReplicasToDirsResponse } from './assign-replicas-to-dirs.ts'
import { BeginQuorumEpochRequest, BeginQuorumEpochResponse } from './begin-quorum-epoch.ts'
import { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from './broker-heartbeat.ts'
import { BrokerRegistrationRequest, BrokerRegistrationResponse } from './broker-registration.ts'
import { ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse } from './consumer-group-describe.ts'
import { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from './consumer-group-heartbeat.ts'
import { ControllerRegistrationRequest, ControllerRegistrationResponse } from './controller-registration.ts'
import { CreateAclsRequest, CreateAclsResponse } from './create-acls.ts'
import { CreateDelegationTokenRequest, CreateDelegationTokenResponse } from './create-delegation-token.ts'
import { CreatePartitionsRequest, CreatePartitionsResponse } from './create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from './create-topics.ts'
import { DeleteAclsRequest, DeleteAclsResponse } from './delete-acls.ts'
import { DeleteGroupsRequest, DeleteGroupsResponse } from './delete-groups.ts'
import { DeleteRecordsRequest, DeleteRecordsResponse } from './delete-records.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from './delete-topics.ts'
import { DescribeAclsRequest, DescribeAclsResponse } from './describe-acls.ts'
import { DescribeClientQuotasRequest, DescribeClientQuotasResponse } from './describe-client-quotas.ts'
import { DescribeClusterRequest, DescribeClusterResponse } from './describe-cluster.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from './describe-configs.ts'
import {
  DescribeDelegationTokenRequest,
  DescribeDelegationTokenResponse,
} from './describe-delegation-token.ts'
import { DescribeGroupsRequest, DescribeGroupsResponse } from './describe-groups.ts'
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from './describe-log-dirs.ts'
import { DescribeProducersRequest, DescribeProducersResponse } from './describe-producers.ts'
import { DescribeQuorumRequest, DescribeQuorumResponse } from './describe-quorum.ts'
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from './describe-topic-partitions.ts'
import { DescribeTransactionsRequest, DescribeTransactionsResponse } from './describe-transactions.ts'
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from './describe-user-scram-credentials.ts'
import { ElectLeadersRequest, ElectLeadersResponse } from './elect-leaders.ts'
import { EndQuorumEpochRequest, EndQuorumEpochResponse } from './end-quorum-epoch.ts'
import { EndTxnRequest, EndTxnResponse } from './end-txn.ts'
import { EnvelopeRequest, EnvelopeResponse } from './envelope.ts'
import { ExpireDelegationTokenRequest, ExpireDelegationTokenResponse } from './expire-delegation-token.ts'
import { FetchRequest, FetchResponse } from './fetch.ts'
import { FetchSnapshotRequest, FetchSnapshotResponse } from './fetch-snapshot.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from './find-coordinator.ts'
import { HeartbeatRequest, HeartbeatResponse } from './heartbeat.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from './incremental-alter-configs.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from './init-producer-id.ts'
import { JoinGroupRequest, JoinGroupResponse } from './join-group.ts'
import { LeaveGroupRequest, LeaveGroupResponse } from './leave-group.ts'
import { ListConfigResourcesRequest, ListConfigResourcesResponse } from './list-config-resources.ts'
import { ListGroupsRequest, ListGroupsResponse } from './list-groups.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from './list-offsets.ts'
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from './list-partition-reassignments.ts'
import { ListTransactionsRequest, ListTransactionsResponse } from './list-transactions.ts'
import { MetadataRequest, MetadataResponse } from './metadata.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from './offset-commit.ts'
import { OffsetDeleteRequest, OffsetDeleteResponse } from './offset-delete.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from './offset-fetch.ts'
import { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from './offset-for-leader-epoch.ts'
import { ProduceRequest, ProduceResponse } from './produce.ts'
import { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from './remove-raft-voter.ts'
import { RenewDelegationTokenRequest, RenewDelegationTokenResponse } from './renew-delegation-token.ts'
import { SaslAuthenticateRequest, SaslAuthenticateResponse } from './sasl-authenticate.ts'
import { SaslHandshakeRequest, SaslHandshakeResponse } from './sasl-handshake.ts'
import { SyncGroupRequest, SyncGroupResponse } from './sync-group.ts'
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from './txn-offset-commit.ts'
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from './unregister-broker.ts'
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from './update-features.ts'
import { UpdateRaftVoterRequest, UpdateRaftVoterResponse } from './update-raft-voter.ts'
import { VoteRequest, VoteResponse } from './vote.ts'
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from './write-txn-markers.ts'

export interface ApiMessages {
  readonly request: Message<unknown>
  readonly response: Message<unknown>
}

export const CATALOG: readonly ApiMessages[] = [
  { request: ProduceRequest, response: ProduceResponse },
  { request: FetchRequest, response: FetchResponse },
  { request: ListOffsetsRequest, response: ListOffsetsResponse },
  { request: MetadataRequest, response: MetadataResponse },
  { request: OffsetCommitRequest, response: OffsetCommitResponse },
  { request: OffsetFetchRequest, response: OffsetFetchResponse },
  { request: FindCoordinatorRequest, response: FindCoordinatorResponse },
  { request: JoinGroupRequest, response: JoinGroupResponse },
  { request: HeartbeatRequest, response: HeartbeatResponse },
  { request: LeaveGroupRequest, response: LeaveGroupResponse },
  { request: SyncGroupRequest, response: SyncGroupResponse },
  { request: DescribeGroupsRequest, response: DescribeGroupsResponse },
  { request: ListGroupsRequest, response: ListGroupsResponse },
  { request: SaslHandshakeRequest, response: SaslHandshakeResponse },
  { request: ApiVersionsRequest, response: ApiVersionsResponse },
  { request: CreateTopicsRequest, response: CreateTopicsResponse },
  { request: DeleteTopicsRequest, response: DeleteTopicsResponse },
  { request: DeleteRecordsRequest, response: DeleteRecordsResponse },
  { request: InitProducerIdRequest, response: InitProducerIdResponse },
  { request: OffsetForLeaderEpochRequest, response: OffsetForLeaderEpochResponse },
  { request: AddPartitionsToTxnRequest, response: AddPartitionsToTxnResponse },
  { request: AddOffsetsToTxnRequest, response: AddOffsetsToTxnResponse },
  { request: EndTxnRequest, response: EndTxnResponse },
  { request: WriteTxnMarkersRequest, response: WriteTxnMarkersResponse },
  { request: TxnOffsetCommitRequest, response: TxnOffsetCommitResponse },
  { request: DescribeAclsRequest, response: DescribeAclsResponse },
  { request: CreateAclsRequest, response: CreateAclsResponse },
  { request: DeleteAclsRequest, response: DeleteAclsResponse },
  { request: DescribeConfigsRequest, response: DescribeConfigsResponse },
  { request: AlterConfigsRequest, response: AlterConfigsResponse },
  { request: AlterReplicaLogDirsRequest, response: AlterReplicaLogDirsResponse },
  { request: DescribeLogDirsRequest, response: DescribeLogDirsResponse },
  { request: SaslAuthenticateRequest, response: SaslAuthenticateResponse },
  { request: CreatePartitionsRequest, response: CreatePartitionsResponse },
  { request: CreateDelegationTokenRequest, response: CreateDelegationTokenResponse },
  { request: RenewDelegationTokenRequest, response: RenewDelegationTokenResponse },
  { request: ExpireDelegationTokenRequest, response: ExpireDelegationTokenResponse },
  { request: DescribeDelegationTokenRequest, response: DescribeDelegationTokenResponse },
  { request: DeleteGroupsRequest, response: DeleteGroupsResponse },
  { request: ElectLeadersRequest, response: ElectLeadersResponse },
  { request: IncrementalAlterConfigsRequest, response: IncrementalAlterConfigsResponse },
  { request: AlterPartitionReassignmentsRequest, response: AlterPartitionReassignmentsResponse },
  { request: ListPartitionReassignmentsRequest, response: ListPartitionReassignmentsResponse },
  { request: OffsetDeleteRequest, response: OffsetDeleteResponse },
  { request: DescribeClientQuotasRequest, response: DescribeClientQuotasResponse },
  { request: AlterClientQuotasRequest, response: AlterClientQuotasResponse },
  { request: DescribeUserScramCredentialsRequest, response: DescribeUserScramCredentialsResponse },
  { request: AlterUserScramCredentialsRequest, response: AlterUserScramCredentialsResponse },
  { request: VoteRequest, response: VoteResponse },
  { request: BeginQuorumEpochRequest, response: BeginQuorumEpochResponse },
  { request: EndQuorumEpochRequest, response: EndQuorumEpochResponse },
  { request: DescribeQuorumRequest, response: DescribeQuorumResponse },
  { request: AlterPartitionRequest, response: AlterPartitionResponse },
  { request: UpdateFeaturesRequest, response: UpdateFeaturesResponse },
  { request: EnvelopeRequest, response: EnvelopeResponse },
  { request: FetchSnapshotRequest, response: FetchSnapshotResponse },
  { request: DescribeClusterRequest, response: DescribeClusterResponse },
  { request: DescribeProducersRequest, response: DescribeProducersResponse },
  { request: BrokerRegistrationRequest, response: BrokerRegistrationResponse },
  { request: BrokerHeartbeatRequest, response: BrokerHeartbeatResponse },
  { request: UnregisterBrokerRequest, response: UnregisterBrokerResponse },
  { request: DescribeTransactionsRequest, response: DescribeTransactionsResponse },
  { request: ListTransactionsRequest, response: ListTransactionsResponse },
  { request: AllocateProducerIdsRequest, response: AllocateProducerIdsResponse },
  { request: ConsumerGroupHeartbeatRequest, response: ConsumerGroupHeartbeatResponse },
  { request: ConsumerGroupDescribeRequest, response: ConsumerGroupDescribeResponse },
  { request: ControllerRegistrationRequest, response: ControllerRegistrationResponse },
  { request: AssignReplicasToDirsRequest, response: AssignReplicasToDirsResponse },
  { request: ListConfigResourcesRequest, response: ListConfigResourcesResponse },
  { request: DescribeTopicPartitionsRequest, response: DescribeTopicPartitionsResponse },
  { request: AddRaftVoterRequest, response: AddRaftVoterResponse },
  { request: RemoveRaftVoterRequest, response: RemoveRaftVoterResponse },
  { request: UpdateRaftVoterRequest, response: UpdateRaftVoterResponse },
]

/** The messages of an API; undefined when it is not declared. */
export function messagesOf(apiKey: number): ApiMessages | undefined {
  return CATALOG.find(({ request }) => request.apiKey === apiKey)
}
