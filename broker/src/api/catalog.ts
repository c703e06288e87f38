/**
 * All APIs that this broker serves, by key. Exactly these are advertised.
 * (`kafka-broker-api-versions` shows the list to a client.)
 */

import type { Api } from './api.ts'
import { ApiVersions } from './api-versions.ts'
import { AddRaftVoter } from './cluster/add-raft-voter.ts'
import { AlterReplicaLogDirs } from './cluster/alter-replica-log-dirs.ts'
import { DescribeCluster } from './cluster/describe-cluster.ts'
import { DescribeLogDirs } from './cluster/describe-log-dirs.ts'
import { DescribeQuorum } from './cluster/describe-quorum.ts'
import { RemoveRaftVoter } from './cluster/remove-raft-voter.ts'
import { UnregisterBroker } from './cluster/unregister-broker.ts'
import { UpdateFeatures } from './cluster/update-features.ts'
import { AlterClientQuotas } from './configs/alter-client-quotas.ts'
import { AlterConfigs } from './configs/alter-configs.ts'
import { DescribeClientQuotas } from './configs/describe-client-quotas.ts'
import { DescribeConfigs } from './configs/describe-configs.ts'
import { IncrementalAlterConfigs } from './configs/incremental-alter-configs.ts'
import { ListConfigResources } from './configs/list-config-resources.ts'
import { ConsumerGroupDescribe } from './groups/consumer-group-describe.ts'
import { ConsumerGroupHeartbeat } from './groups/consumer-group-heartbeat.ts'
import { DeleteGroups } from './groups/delete-groups.ts'
import { DescribeGroups } from './groups/describe-groups.ts'
import { FindCoordinator } from './groups/find-coordinator.ts'
import { Heartbeat } from './groups/heartbeat.ts'
import { JoinGroup } from './groups/join-group.ts'
import { LeaveGroup } from './groups/leave-group.ts'
import { ListGroups } from './groups/list-groups.ts'
import { OffsetCommit } from './groups/offset-commit.ts'
import { OffsetDelete } from './groups/offset-delete.ts'
import { OffsetFetch } from './groups/offset-fetch.ts'
import { SyncGroup } from './groups/sync-group.ts'
import { DeleteRecords } from './records/delete-records.ts'
import { DescribeProducers } from './records/describe-producers.ts'
import { Fetch } from './records/fetch.ts'
import { ListOffsets } from './records/list-offsets.ts'
import { OffsetForLeaderEpoch } from './records/offset-for-leader-epoch.ts'
import { Produce } from './records/produce.ts'
import { AlterUserScramCredentials } from './security/alter-user-scram-credentials.ts'
import { CreateAcls } from './security/create-acls.ts'
import { CreateDelegationToken } from './security/create-delegation-token.ts'
import { DeleteAcls } from './security/delete-acls.ts'
import { DescribeAcls } from './security/describe-acls.ts'
import { DescribeDelegationToken } from './security/describe-delegation-token.ts'
import { DescribeUserScramCredentials } from './security/describe-user-scram-credentials.ts'
import { ExpireDelegationToken } from './security/expire-delegation-token.ts'
import { RenewDelegationToken } from './security/renew-delegation-token.ts'
import { SaslAuthenticate } from './security/sasl-authenticate.ts'
import { SaslHandshake } from './security/sasl-handshake.ts'
import { AlterPartitionReassignments } from './topics/alter-partition-reassignments.ts'
import { CreatePartitions } from './topics/create-partitions.ts'
import { CreateTopics } from './topics/create-topics.ts'
import { DeleteTopics } from './topics/delete-topics.ts'
import { DescribeTopicPartitions } from './topics/describe-topic-partitions.ts'
import { ElectLeaders } from './topics/elect-leaders.ts'
import { ListPartitionReassignments } from './topics/list-partition-reassignments.ts'
import { Metadata } from './topics/metadata.ts'
import { AddOffsetsToTxn } from './transactions/add-offsets-to-txn.ts'
import { AddPartitionsToTxn } from './transactions/add-partitions-to-txn.ts'
import { DescribeTransactions } from './transactions/describe-transactions.ts'
import { EndTxn } from './transactions/end-txn.ts'
import { InitProducerId } from './transactions/init-producer-id.ts'
import { ListTransactions } from './transactions/list-transactions.ts'
import { TxnOffsetCommit } from './transactions/txn-offset-commit.ts'
import { WriteTxnMarkers } from './transactions/write-txn-markers.ts'

const ALL: readonly Api[] = [
  Produce,
  Fetch,
  ListOffsets,
  Metadata,
  OffsetCommit,
  OffsetFetch,
  FindCoordinator,
  JoinGroup,
  Heartbeat,
  LeaveGroup,
  SyncGroup,
  DescribeGroups,
  ListGroups,
  ApiVersions,
  CreateTopics,
  DeleteTopics,
  DeleteRecords,
  InitProducerId,
  OffsetForLeaderEpoch,
  AddPartitionsToTxn,
  AddOffsetsToTxn,
  EndTxn,
  WriteTxnMarkers,
  TxnOffsetCommit,
  DescribeConfigs,
  AlterConfigs,
  AlterReplicaLogDirs,
  DescribeLogDirs,
  CreatePartitions,
  DeleteGroups,
  ElectLeaders,
  IncrementalAlterConfigs,
  AlterPartitionReassignments,
  ListPartitionReassignments,
  OffsetDelete,
  DescribeClientQuotas,
  AlterClientQuotas,
  CreateAcls,
  CreateDelegationToken,
  DeleteAcls,
  DescribeAcls,
  DescribeDelegationToken,
  ExpireDelegationToken,
  RenewDelegationToken,
  SaslAuthenticate,
  SaslHandshake,
  DescribeUserScramCredentials,
  AlterUserScramCredentials,
  DescribeQuorum,
  UpdateFeatures,
  DescribeCluster,
  UnregisterBroker,
  DescribeProducers,
  DescribeTransactions,
  ListTransactions,
  ConsumerGroupHeartbeat,
  ConsumerGroupDescribe,
  ListConfigResources,
  DescribeTopicPartitions,
  AddRaftVoter,
  RemoveRaftVoter,
]

/** By API key. */
export const APIS: ReadonlyMap<number, Api> = new Map(ALL.map((each) => [each.request.apiKey, each]))
