/**
 * AddOffsetsToTxn (key 25): adds a consumer group's offsets to the transaction.
 *
 * Committed offsets are records of `__consumer_offsets`, so the group's partition of that topic is added to the transaction
 * like any other, and the marker in it commits the offsets (KIP-98).
 *
 *   v2 PRODUCER_FENCED; v3 flexible; v4 new errors (KIP-890)
 */

import { partitionFor } from '../../coordinators/partition-for.ts'
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from '../../messages/add-offsets-to-txn.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
import { api } from '../api.ts'
import { fencedError } from './fenced-error.ts'

const NAMES_FENCING = 2

export const AddOffsetsToTxn = api({
  request: AddOffsetsToTxnRequest,
  response: AddOffsetsToTxnResponse,
  handle: (services, request, { apiVersion }, reply) => {
    // The topic may not exist yet: a producer may send this before it looks up the group's coordinator.
    const topic = services.metadata().topic(OFFSETS_TOPIC)
    const count = topic?.partitions.length ?? services.config.get('offsets.topic.num.partitions')
    const { transactionalId, producerId, producerEpoch, groupId } = request
    const partitions = [{ topic: OFFSETS_TOPIC, index: partitionFor(groupId, count) }]
    services.transactions.addPartitions(
      { transactionalId, producerId, producerEpoch, partitions },
      0,
      (error) => {
        reply({ errorCode: fencedError(error, apiVersion >= NAMES_FENCING) })
      },
    )
  },
})
