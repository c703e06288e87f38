/**
 * DescribeQuorum (key 55): the state of the metadata quorum. (KIP-595)
 *
 *   v1 times of the last fetch and of being caught up (KIP-836)   v2 error messages, endpoints, directory ids (KIP-853)
 *
 * The quorum has one voter here, the node with the metadata log. The other nodes of this process use the same image, so
 * as observers they never lag.
 */

import {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
  type DescribeQuorumRequest as Request,
} from '../../messages/describe-quorum.ts'
import { CONTROLLER_LISTENER } from '../../quorum/voters/quorum-voters.ts'
import { METADATA_TOPIC } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'

export const DescribeQuorum = api({
  request: DescribeQuorumRequest,
  response: DescribeQuorumResponse,
  forwards: true,
  inTurns: true,
  handle: (services, { topics }, _context, reply) => {
    const isSound = topics.length === 1 && topics.every(isMetadataLog)
    const { voter } = services.controller.metadataLog
    reply({
      errorCode: ErrorCode.NONE,
      errorMessage: '',
      topics: isSound
        ? [{ topicName: METADATA_TOPIC, partitions: [quorumOf(services)] }]
        : topics.map(unknown),
      nodes: (isSound ? [voter] : []).map(({ id, host, port }) => ({
        nodeId: id,
        listeners: [{ name: CONTROLLER_LISTENER, host, port }],
      })),
    })
  },
})

/** Only the metadata log can be described; it has one partition. */
function isMetadataLog({ topicName, partitions }: Request['topics'][number]): boolean {
  return topicName === METADATA_TOPIC && partitions.length === 1 && partitions[0]?.partitionIndex === 0
}

function unknown({ topicName, partitions }: Request['topics'][number]) {
  return {
    topicName,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: 'This server does not host this topic-partition.',
    })),
  }
}

function quorumOf({ controller, core, metadata }: Services) {
  const image = metadata()
  const now = core.clock.now()
  const replica = (replicaId: number) => ({
    replicaId,
    replicaDirectoryId:
      image.brokers.get(replicaId)?.directories[0] ?? controller.metadataLog.voter.directoryId,
    logEndOffset: controller.metadataLog.endOffset,
    lastFetchTimestamp: now,
    lastCaughtUpTimestamp: now,
  })
  const others = [...image.brokers.values()].filter(({ id, fenced }) => id !== image.controllerId && !fenced)
  return {
    partitionIndex: 0,
    errorCode: ErrorCode.NONE,
    errorMessage: '',
    leaderId: image.controllerId,
    leaderEpoch: controller.metadataLog.leaderEpoch,
    highWatermark: controller.metadataLog.endOffset,
    currentVoters: [replica(image.controllerId)],
    observers: others.map(({ id }) => replica(id)),
  }
}
