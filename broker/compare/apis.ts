/**
 * The messages of every served API by Kafka's name, so that a scenario gets its types from the name alone:
 *
 *   await call('Heartbeat', 4, { groupId, generationId, memberId })
 */

import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from '../src/messages/add-offsets-to-txn.ts'
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../src/messages/add-partitions-to-txn.ts'
import { AddRaftVoterRequest, AddRaftVoterResponse } from '../src/messages/add-raft-voter.ts'
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from '../src/messages/alter-client-quotas.ts'
import { AlterConfigsRequest, AlterConfigsResponse } from '../src/messages/alter-configs.ts'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../src/messages/alter-partition-reassignments.ts'
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from '../src/messages/alter-replica-log-dirs.ts'
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../src/messages/alter-user-scram-credentials.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../src/messages/api-versions.ts'
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from '../src/messages/consumer-group-describe.ts'
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../src/messages/consumer-group-heartbeat.ts'
import { CreateAclsRequest, CreateAclsResponse } from '../src/messages/create-acls.ts'
import {
  CreateDelegationTokenRequest,
  CreateDelegationTokenResponse,
} from '../src/messages/create-delegation-token.ts'
import { CreatePartitionsRequest, CreatePartitionsResponse } from '../src/messages/create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { DeleteAclsRequest, DeleteAclsResponse } from '../src/messages/delete-acls.ts'
import { DeleteGroupsRequest, DeleteGroupsResponse } from '../src/messages/delete-groups.ts'
import { DeleteRecordsRequest, DeleteRecordsResponse } from '../src/messages/delete-records.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../src/messages/delete-topics.ts'
import { DescribeAclsRequest, DescribeAclsResponse } from '../src/messages/describe-acls.ts'
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from '../src/messages/describe-client-quotas.ts'
import { DescribeClusterRequest, DescribeClusterResponse } from '../src/messages/describe-cluster.ts'
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../src/messages/describe-configs.ts'
import {
  DescribeDelegationTokenRequest,
  DescribeDelegationTokenResponse,
} from '../src/messages/describe-delegation-token.ts'
import { DescribeGroupsRequest, DescribeGroupsResponse } from '../src/messages/describe-groups.ts'
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../src/messages/describe-log-dirs.ts'
import { DescribeProducersRequest, DescribeProducersResponse } from '../src/messages/describe-producers.ts'
import { DescribeQuorumRequest, DescribeQuorumResponse } from '../src/messages/describe-quorum.ts'
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from '../src/messages/describe-topic-partitions.ts'
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../src/messages/describe-transactions.ts'
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from '../src/messages/describe-user-scram-credentials.ts'
import { ElectLeadersRequest, ElectLeadersResponse } from '../src/messages/elect-leaders.ts'
import { EndTxnRequest, EndTxnResponse } from '../src/messages/end-txn.ts'
import {
  ExpireDelegationTokenRequest,
  ExpireDelegationTokenResponse,
} from '../src/messages/expire-delegation-token.ts'
import { FetchRequest, FetchResponse } from '../src/messages/fetch.ts'
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../src/messages/find-coordinator.ts'
import { HeartbeatRequest, HeartbeatResponse } from '../src/messages/heartbeat.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../src/messages/incremental-alter-configs.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../src/messages/init-producer-id.ts'
import { JoinGroupRequest, JoinGroupResponse } from '../src/messages/join-group.ts'
import { LeaveGroupRequest, LeaveGroupResponse } from '../src/messages/leave-group.ts'
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from '../src/messages/list-config-resources.ts'
import { ListGroupsRequest, ListGroupsResponse } from '../src/messages/list-groups.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../src/messages/list-partition-reassignments.ts'
import { ListTransactionsRequest, ListTransactionsResponse } from '../src/messages/list-transactions.ts'
import { MetadataRequest, MetadataResponse } from '../src/messages/metadata.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../src/messages/offset-commit.ts'
import { OffsetDeleteRequest, OffsetDeleteResponse } from '../src/messages/offset-delete.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../src/messages/offset-fetch.ts'
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '../src/messages/offset-for-leader-epoch.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from '../src/messages/remove-raft-voter.ts'
import {
  RenewDelegationTokenRequest,
  RenewDelegationTokenResponse,
} from '../src/messages/renew-delegation-token.ts'
import { SaslAuthenticateRequest, SaslAuthenticateResponse } from '../src/messages/sasl-authenticate.ts'
import { SaslHandshakeRequest, SaslHandshakeResponse } from '../src/messages/sasl-handshake.ts'
import { SyncGroupRequest, SyncGroupResponse } from '../src/messages/sync-group.ts'
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../src/messages/txn-offset-commit.ts'
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../src/messages/unregister-broker.ts'
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../src/messages/update-features.ts'
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../src/messages/write-txn-markers.ts'
import { type InputOf, stableVersions, type TypeOf } from '../src/wire/schema.ts'

export const MESSAGES = {
  CreateAcls: { request: CreateAclsRequest, response: CreateAclsResponse },
  CreateDelegationToken: { request: CreateDelegationTokenRequest, response: CreateDelegationTokenResponse },
  DeleteAcls: { request: DeleteAclsRequest, response: DeleteAclsResponse },
  DescribeAcls: { request: DescribeAclsRequest, response: DescribeAclsResponse },
  DescribeDelegationToken: {
    request: DescribeDelegationTokenRequest,
    response: DescribeDelegationTokenResponse,
  },
  ExpireDelegationToken: { request: ExpireDelegationTokenRequest, response: ExpireDelegationTokenResponse },
  RenewDelegationToken: { request: RenewDelegationTokenRequest, response: RenewDelegationTokenResponse },
  SaslAuthenticate: { request: SaslAuthenticateRequest, response: SaslAuthenticateResponse },
  SaslHandshake: { request: SaslHandshakeRequest, response: SaslHandshakeResponse },
  AlterUserScramCredentials: {
    request: AlterUserScramCredentialsRequest,
    response: AlterUserScramCredentialsResponse,
  },
  Produce: { request: ProduceRequest, response: ProduceResponse },
  Fetch: { request: FetchRequest, response: FetchResponse },
  ListOffsets: { request: ListOffsetsRequest, response: ListOffsetsResponse },
  Metadata: { request: MetadataRequest, response: MetadataResponse },
  OffsetCommit: { request: OffsetCommitRequest, response: OffsetCommitResponse },
  OffsetFetch: { request: OffsetFetchRequest, response: OffsetFetchResponse },
  FindCoordinator: { request: FindCoordinatorRequest, response: FindCoordinatorResponse },
  JoinGroup: { request: JoinGroupRequest, response: JoinGroupResponse },
  Heartbeat: { request: HeartbeatRequest, response: HeartbeatResponse },
  LeaveGroup: { request: LeaveGroupRequest, response: LeaveGroupResponse },
  SyncGroup: { request: SyncGroupRequest, response: SyncGroupResponse },
  DescribeGroups: { request: DescribeGroupsRequest, response: DescribeGroupsResponse },
  ListGroups: { request: ListGroupsRequest, response: ListGroupsResponse },
  ApiVersions: { request: ApiVersionsRequest, response: ApiVersionsResponse },
  CreateTopics: { request: CreateTopicsRequest, response: CreateTopicsResponse },
  DeleteTopics: { request: DeleteTopicsRequest, response: DeleteTopicsResponse },
  DeleteRecords: { request: DeleteRecordsRequest, response: DeleteRecordsResponse },
  InitProducerId: { request: InitProducerIdRequest, response: InitProducerIdResponse },
  OffsetForLeaderEpoch: { request: OffsetForLeaderEpochRequest, response: OffsetForLeaderEpochResponse },
  AddPartitionsToTxn: { request: AddPartitionsToTxnRequest, response: AddPartitionsToTxnResponse },
  AddOffsetsToTxn: { request: AddOffsetsToTxnRequest, response: AddOffsetsToTxnResponse },
  EndTxn: { request: EndTxnRequest, response: EndTxnResponse },
  WriteTxnMarkers: { request: WriteTxnMarkersRequest, response: WriteTxnMarkersResponse },
  TxnOffsetCommit: { request: TxnOffsetCommitRequest, response: TxnOffsetCommitResponse },
  DescribeConfigs: { request: DescribeConfigsRequest, response: DescribeConfigsResponse },
  AlterConfigs: { request: AlterConfigsRequest, response: AlterConfigsResponse },
  DescribeLogDirs: { request: DescribeLogDirsRequest, response: DescribeLogDirsResponse },
  CreatePartitions: { request: CreatePartitionsRequest, response: CreatePartitionsResponse },
  DeleteGroups: { request: DeleteGroupsRequest, response: DeleteGroupsResponse },
  ElectLeaders: { request: ElectLeadersRequest, response: ElectLeadersResponse },
  IncrementalAlterConfigs: {
    request: IncrementalAlterConfigsRequest,
    response: IncrementalAlterConfigsResponse,
  },
  AlterPartitionReassignments: {
    request: AlterPartitionReassignmentsRequest,
    response: AlterPartitionReassignmentsResponse,
  },
  ListPartitionReassignments: {
    request: ListPartitionReassignmentsRequest,
    response: ListPartitionReassignmentsResponse,
  },
  OffsetDelete: { request: OffsetDeleteRequest, response: OffsetDeleteResponse },
  AlterClientQuotas: { request: AlterClientQuotasRequest, response: AlterClientQuotasResponse },
  AddRaftVoter: { request: AddRaftVoterRequest, response: AddRaftVoterResponse },
  RemoveRaftVoter: { request: RemoveRaftVoterRequest, response: RemoveRaftVoterResponse },
  AlterReplicaLogDirs: { request: AlterReplicaLogDirsRequest, response: AlterReplicaLogDirsResponse },
  UnregisterBroker: { request: UnregisterBrokerRequest, response: UnregisterBrokerResponse },
  DescribeClientQuotas: { request: DescribeClientQuotasRequest, response: DescribeClientQuotasResponse },
  DescribeUserScramCredentials: {
    request: DescribeUserScramCredentialsRequest,
    response: DescribeUserScramCredentialsResponse,
  },
  DescribeQuorum: { request: DescribeQuorumRequest, response: DescribeQuorumResponse },
  UpdateFeatures: { request: UpdateFeaturesRequest, response: UpdateFeaturesResponse },
  DescribeCluster: { request: DescribeClusterRequest, response: DescribeClusterResponse },
  DescribeProducers: { request: DescribeProducersRequest, response: DescribeProducersResponse },
  DescribeTransactions: { request: DescribeTransactionsRequest, response: DescribeTransactionsResponse },
  ListTransactions: { request: ListTransactionsRequest, response: ListTransactionsResponse },
  ConsumerGroupHeartbeat: {
    request: ConsumerGroupHeartbeatRequest,
    response: ConsumerGroupHeartbeatResponse,
  },
  ConsumerGroupDescribe: { request: ConsumerGroupDescribeRequest, response: ConsumerGroupDescribeResponse },
  ListConfigResources: { request: ListConfigResourcesRequest, response: ListConfigResourcesResponse },
  DescribeTopicPartitions: {
    request: DescribeTopicPartitionsRequest,
    response: DescribeTopicPartitionsResponse,
  },
} as const

export type ApiName = keyof typeof MESSAGES
export type RequestOf<K extends ApiName> = InputOf<(typeof MESSAGES)[K]['request']>
export type ResponseOf<K extends ApiName> = TypeOf<(typeof MESSAGES)[K]['response']>

/** The versions of an API that our broker advertises and our schemas can encode. */
export function versionsOf(name: ApiName): number[] {
  const { min, max } = stableVersions(MESSAGES[name].request)
  return Array.from({ length: max - min + 1 }, (_, index) => min + index)
}
