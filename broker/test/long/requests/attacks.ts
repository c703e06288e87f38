/**
 * Expensive requests: each names so many items that handling it takes long, or its response takes much memory.
 *
 * `size` scales them: 1 is affordable in `npm test`, 10 is the full size.
 */
import { AddPartitionsToTxnRequest } from '../../../src/messages/add-partitions-to-txn.ts'
import { AlterClientQuotasRequest } from '../../../src/messages/alter-client-quotas.ts'
import { AlterPartitionReassignmentsRequest } from '../../../src/messages/alter-partition-reassignments.ts'
import { CreatePartitionsRequest } from '../../../src/messages/create-partitions.ts'
import { CreateTopicsRequest } from '../../../src/messages/create-topics.ts'
import { DeleteGroupsRequest } from '../../../src/messages/delete-groups.ts'
import { DeleteTopicsRequest } from '../../../src/messages/delete-topics.ts'
import { DescribeConfigsRequest } from '../../../src/messages/describe-configs.ts'
import { DescribeGroupsRequest } from '../../../src/messages/describe-groups.ts'
import { DescribeLogDirsRequest } from '../../../src/messages/describe-log-dirs.ts'
import { DescribeProducersRequest } from '../../../src/messages/describe-producers.ts'
import { DescribeTopicPartitionsRequest } from '../../../src/messages/describe-topic-partitions.ts'
import { ElectLeadersRequest } from '../../../src/messages/elect-leaders.ts'
import { FetchRequest } from '../../../src/messages/fetch.ts'
import { FindCoordinatorRequest } from '../../../src/messages/find-coordinator.ts'
import { headerVersions } from '../../../src/messages/header.ts'
import { IncrementalAlterConfigsRequest } from '../../../src/messages/incremental-alter-configs.ts'
import { JoinGroupRequest } from '../../../src/messages/join-group.ts'
import { LeaveGroupRequest } from '../../../src/messages/leave-group.ts'
import { ListOffsetsRequest } from '../../../src/messages/list-offsets.ts'
import { MetadataRequest } from '../../../src/messages/metadata.ts'
import { OffsetCommitRequest } from '../../../src/messages/offset-commit.ts'
import { OffsetDeleteRequest } from '../../../src/messages/offset-delete.ts'
import { OffsetFetchRequest } from '../../../src/messages/offset-fetch.ts'
import { OffsetForLeaderEpochRequest } from '../../../src/messages/offset-for-leader-epoch.ts'
import { ProduceRequest } from '../../../src/messages/produce.ts'
import { SyncGroupRequest } from '../../../src/messages/sync-group.ts'
import { TxnOffsetCommitRequest } from '../../../src/messages/txn-offset-commit.ts'
import { WriteTxnMarkersRequest } from '../../../src/messages/write-txn-markers.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import type { Message } from '../../../src/wire/schema.ts'

export interface Attack {
  readonly name: string
  /** The whole request, with its size. */
  frame(size: number): Uint8Array
}

/** A frame, as a client would send it. */
export function requestOf<In>(message: Message<unknown, In>, version: number, body: In): Uint8Array {
  const { request } = headerVersions(message.apiKey, version >= message.flexibleSince)
  return frameOf(message, version, request, 7, body)
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

/** Header tags: `count` of them, each empty. */
function tagged(count: number): Uint8Array {
  const head = [0, 3, 0, 9, 0, 0, 0, 7, 0, 1, 97]
  const length: number[] = []
  for (let rest = count; ; rest >>>= 7) {
    length.push(rest < 128 ? rest : (rest & 127) | 128)
    if (rest < 128) break
  }
  const frame = Buffer.alloc(4 + head.length + length.length + 2 * count)
  frame.writeInt32BE(frame.length - 4)
  frame.set([...head, ...length], 4)
  return frame
}

const topicOf = (count: number) => [
  { name: 'quiet', partitions: times(count, (partitionIndex) => ({ partitionIndex })) },
]

export const ATTACKS: readonly Attack[] = [
  {
    name: 'Fetch of 100,000 partitions',
    frame: (size) =>
      requestOf(FetchRequest, 12, {
        maxWaitMs: 500,
        minBytes: 1,
        topics: [{ topic: 'quiet', partitions: times(100_000 * size, (partition) => ({ partition })) }],
      }),
  },
  {
    name: 'one broker named 300 times in DescribeConfigs, with documentation and synonyms',
    frame: (size) =>
      requestOf(DescribeConfigsRequest, 4, {
        includeDocumentation: true,
        includeSynonyms: true,
        resources: times(300 * size, () => ({ resourceType: 4, resourceName: '1', configurationKeys: null })),
      }),
  },
  {
    name: '2 MB of groups in OffsetFetch',
    frame: (size) =>
      requestOf(OffsetFetchRequest, 9, {
        groups: times(150_000 * size, (i) => ({ groupId: `g${i}`, topics: null })),
      }),
  },
  {
    name: 'OffsetFetch of one group and 200,000 partitions',
    frame: (size) =>
      requestOf(OffsetFetchRequest, 9, {
        groups: [
          { groupId: 'g', topics: [{ name: 'quiet', partitionIndexes: times(200_000 * size, (i) => i) }] },
        ],
      }),
  },
  { name: '5 million tags in a header', frame: (size) => tagged(5_000_000 * size) },
  {
    name: 'Metadata of 50,000 topics that are not there',
    frame: (size) =>
      requestOf(MetadataRequest, 9, { topics: times(50_000 * size, (i) => ({ name: `no-${i}` })) }),
  },
  {
    name: 'ListOffsets of 100,000 partitions',
    frame: (size) => requestOf(ListOffsetsRequest, 7, { replicaId: -1, topics: topicOf(100_000 * size) }),
  },
  {
    name: 'ListOffsets of one partition 100,000 times',
    frame: (size) =>
      requestOf(ListOffsetsRequest, 7, {
        replicaId: -1,
        topics: times(100_000 * size, () => ({ name: 'quiet', partitions: [{ partitionIndex: 0 }] })),
      }),
  },
  {
    name: 'OffsetCommit of one partition 100,000 times',
    frame: (size) =>
      requestOf(OffsetCommitRequest, 8, {
        groupId: 'g',
        memberId: '',
        generationIdOrMemberEpoch: -1,
        topics: [{ name: 'quiet', partitions: times(100_000 * size, () => ({ partitionIndex: 0 })) }],
      }),
  },
  {
    name: 'TxnOffsetCommit of 100,000 partitions',
    frame: (size) =>
      requestOf(TxnOffsetCommitRequest, 3, {
        transactionalId: 't',
        groupId: 'g',
        memberId: '',
        generationId: -1,
        topics: [{ name: 'quiet', partitions: times(100_000 * size, () => ({ partitionIndex: 0 })) }],
      }),
  },
  {
    name: 'OffsetDelete of 100,000 partitions',
    frame: (size) => requestOf(OffsetDeleteRequest, 0, { groupId: 'g', topics: topicOf(100_000 * size) }),
  },
  {
    name: 'AddPartitionsToTxn of 100,000 partitions',
    frame: (size) =>
      requestOf(AddPartitionsToTxnRequest, 3, {
        v3AndBelowTransactionalId: 't',
        v3AndBelowTopics: [{ name: 'quiet', partitions: times(100_000 * size, (i) => i) }],
      }),
  },
  {
    name: 'WriteTxnMarkers to 100,000 partitions',
    frame: (size) =>
      requestOf(WriteTxnMarkersRequest, 1, {
        markers: times(10 * size, (i) => ({
          producerId: i,
          topics: [{ name: 'quiet', partitionIndexes: times(10_000, (at) => at + 1) }],
        })),
      }),
  },
  {
    name: 'one group named 100,000 times in DescribeGroups',
    frame: (size) => requestOf(DescribeGroupsRequest, 5, { groups: times(100_000 * size, () => 'g') }),
  },
  {
    name: '100,000 groups in DeleteGroups',
    frame: (size) =>
      requestOf(DeleteGroupsRequest, 2, { groupsNames: times(100_000 * size, (i) => `g${i}`) }),
  },
  {
    name: '100,000 keys in FindCoordinator',
    frame: (size) =>
      requestOf(FindCoordinatorRequest, 4, { coordinatorKeys: times(100_000 * size, (i) => `g${i}`) }),
  },
  {
    name: 'DescribeLogDirs of 200,000 partitions',
    frame: (size) =>
      requestOf(DescribeLogDirsRequest, 4, {
        topics: [{ topic: 'quiet', partitions: times(200_000 * size, (i) => i) }],
      }),
  },
  {
    name: 'DescribeProducers of 200,000 partitions',
    frame: (size) =>
      requestOf(DescribeProducersRequest, 0, {
        topics: [{ name: 'quiet', partitionIndexes: times(200_000 * size, (i) => i) }],
      }),
  },
  {
    name: 'OffsetForLeaderEpoch of 100,000 partitions',
    frame: (size) =>
      requestOf(OffsetForLeaderEpochRequest, 4, {
        topics: [{ topic: 'quiet', partitions: times(100_000 * size, (partition) => ({ partition })) }],
      }),
  },
  {
    name: 'ElectLeaders for 200,000 partitions',
    frame: (size) =>
      requestOf(ElectLeadersRequest, 2, {
        timeoutMs: 1000,
        topicPartitions: [{ topic: 'quiet', partitions: times(200_000 * size, (i) => i) }],
      }),
  },
  {
    name: 'AlterPartitionReassignments of 100,000 partitions, and of one to a million nodes',
    frame: (size) =>
      requestOf(AlterPartitionReassignmentsRequest, 0, {
        timeoutMs: 1000,
        topics: [
          {
            name: 'quiet',
            partitions: times(100_000 * size, (i) => ({ partitionIndex: i + 1, replicas: [1] })),
          },
          { name: 'quiet', partitions: [{ partitionIndex: 0, replicas: times(100_000 * size, (i) => i) }] },
        ],
      }),
  },
  {
    name: 'CreatePartitions of 50,000 topics that are not there',
    frame: (size) =>
      requestOf(CreatePartitionsRequest, 3, {
        timeoutMs: 1000,
        topics: times(50_000 * size, (i) => ({ name: `no-${i}`, count: 2 })),
      }),
  },
  {
    name: 'DeleteTopics of 100,000 topics that are not there',
    frame: (size) =>
      requestOf(DeleteTopicsRequest, 5, {
        timeoutMs: 1000,
        topicNames: times(100_000 * size, (i) => `no-${i}`),
      }),
  },
  {
    name: 'CreateTopics of 50,000 topics, which is too many',
    frame: (size) =>
      requestOf(CreateTopicsRequest, 5, {
        timeoutMs: 1000,
        topics: times(50_000 * size, (i) => ({ name: `no.${i}`, numPartitions: 1, replicationFactor: 1 })),
      }),
  },
  {
    name: 'IncrementalAlterConfigs of 50,000 topics that are not there',
    frame: (size) =>
      requestOf(IncrementalAlterConfigsRequest, 1, {
        resources: times(50_000 * size, (i) => ({
          resourceType: 2,
          resourceName: `no-${i}`,
          configs: [{ name: 'retention.ms', configOperation: 0, value: '1' }],
        })),
      }),
  },
  {
    name: 'AlterClientQuotas of 50,000 entities',
    frame: (size) =>
      requestOf(AlterClientQuotasRequest, 1, {
        entries: times(50_000 * size, (i) => ({
          entity: [{ entityType: 'user', entityName: `u${i}` }],
          ops: [{ key: 'producer_byte_rate', value: 1, remove: false }],
        })),
      }),
  },
  {
    name: 'LeaveGroup of 100,000 members',
    frame: (size) =>
      requestOf(LeaveGroupRequest, 4, {
        groupId: 'g',
        members: times(100_000 * size, (i) => ({ memberId: `m${i}`, groupInstanceId: null })),
      }),
  },
  {
    name: 'SyncGroup with 30,000 assignments',
    frame: (size) =>
      requestOf(SyncGroupRequest, 3, {
        groupId: 'g',
        memberId: 'm',
        assignments: times(30_000 * size, (i) => ({ memberId: `m${i}`, assignment: new Uint8Array(8) })),
      }),
  },
  {
    name: 'DescribeTopicPartitions of 50,000 topics that are not there',
    frame: (size) =>
      requestOf(DescribeTopicPartitionsRequest, 0, {
        topics: times(50_000 * size, (i) => ({ name: `no-${i}` })),
        responsePartitionLimit: 2000,
      }),
  },
  {
    name: 'JoinGroup with 50,000 protocols',
    frame: (size) =>
      requestOf(JoinGroupRequest, 5, {
        groupId: 'joined',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: '',
        protocolType: 'consumer',
        protocols: times(50_000 * size, (i) => ({ name: `p${i}`, metadata: new Uint8Array(8) })),
      }),
  },
  {
    name: 'Produce to 50,000 partitions that are not there',
    frame: (size) =>
      requestOf(ProduceRequest, 9, {
        acks: -1,
        timeoutMs: 1000,
        topicData: [
          {
            name: 'quiet',
            partitionData: times(50_000 * size, (i) => ({ index: i + 1, records: new Uint8Array(0) })),
          },
        ],
      }),
  },
]
