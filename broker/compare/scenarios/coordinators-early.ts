/**
 * Requests to coordinators of a cluster that has not needed one yet: `__consumer_offsets` and
 * `__transaction_state` are not there.
 */
import { versionsOf } from '../apis.ts'
import { scenario } from '../scenario.ts'

scenario(
  'Coordinators: before their topics are there',
  'a client that kept its coordinator from another cluster',
  async ({ once, topic, name }) => {
    const { name: there, topicId } = await topic()
    const [groupId, transactionalId, memberId] = [name('group'), name('id'), 'M-Mq3yX_RJiQ_z7eC9tAVw']
    const partitionIndexes = [0]
    for (const version of versionsOf('OffsetFetch')) {
      const topics = [{ name: there, topicId, partitionIndexes }]
      await once(
        'OffsetFetch',
        version,
        version < 8 ? { groupId, topics } : { groups: [{ groupId, topics }] },
      )
    }
    await once('OffsetFetch', 8, { groups: [{ groupId, topics: null }] })
    const toCommit = {
      name: there,
      partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }],
    }
    for (const version of versionsOf('OffsetCommit'))
      await once('OffsetCommit', version, { groupId, topics: [{ ...toCommit, topicId }] })
    const member = { groupId, generationId: 1, memberId }
    const protocols = [{ name: 'range', metadata: new Uint8Array(0) }]
    for (const version of versionsOf('JoinGroup'))
      for (const sessionTimeoutMs of [10_000, 1])
        await once('JoinGroup', version, {
          ...{ groupId, sessionTimeoutMs, rebalanceTimeoutMs: 10_000 },
          ...{ memberId: '', protocolType: 'consumer', protocols },
        })
    for (const version of versionsOf('SyncGroup'))
      await once('SyncGroup', version, { ...member, protocolType: 'consumer', protocolName: 'range' })
    for (const version of versionsOf('Heartbeat')) await once('Heartbeat', version, member)
    for (const version of versionsOf('LeaveGroup'))
      await once(
        'LeaveGroup',
        version,
        version < 3 ? { groupId, memberId } : { groupId, members: [{ memberId }] },
      )
    for (const version of versionsOf('DescribeGroups'))
      await once('DescribeGroups', version, { groups: [groupId] })
    for (const version of versionsOf('DeleteGroups'))
      await once('DeleteGroups', version, { groupsNames: [groupId] })
    for (const version of versionsOf('ListGroups')) await once('ListGroups', version, {})
    await once('OffsetDelete', 0, {
      groupId,
      topics: [{ name: there, partitions: [{ partitionIndex: 0 }] }],
    })
    for (const version of versionsOf('ConsumerGroupHeartbeat'))
      await once('ConsumerGroupHeartbeat', version, {
        ...{ groupId, memberId, memberEpoch: 0, rebalanceTimeoutMs: 1000 },
        ...{ subscribedTopicNames: [there], topicPartitions: [] },
      })
    for (const version of versionsOf('ConsumerGroupDescribe'))
      await once('ConsumerGroupDescribe', version, { groupIds: [groupId] })
    const producer = { transactionalId, producerId: 5, producerEpoch: 0 }
    for (const version of versionsOf('InitProducerId'))
      for (const transactionTimeoutMs of [10_000, 0])
        await once('InitProducerId', version, { transactionalId, transactionTimeoutMs })
    const topics = [{ name: there, partitions: [0] }]
    for (const version of versionsOf('AddPartitionsToTxn'))
      await once(
        'AddPartitionsToTxn',
        version,
        version < 4
          ? {
              v3AndBelowTransactionalId: transactionalId,
              v3AndBelowProducerId: 5,
              v3AndBelowProducerEpoch: 0,
              v3AndBelowTopics: topics,
            }
          : { transactions: [{ ...producer, verifyOnly: false, topics }] },
      )
    for (const version of versionsOf('AddOffsetsToTxn'))
      await once('AddOffsetsToTxn', version, { ...producer, groupId })
    for (const version of versionsOf('EndTxn'))
      await once('EndTxn', version, { ...producer, committed: true })
    for (const version of versionsOf('TxnOffsetCommit'))
      await once('TxnOffsetCommit', version, { ...producer, groupId, topics: [toCommit] })
    await once('DescribeTransactions', 0, { transactionalIds: [transactionalId] })
    for (const version of versionsOf('ListTransactions')) await once('ListTransactions', version, {})
  },
  { first: true },
)
