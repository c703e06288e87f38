/**
 * Names as long as a string may be, 32,767 bytes: what keeps them keeps them whole, nothing stops at them, and an
 * answer that would quote one in a longer text is none.
 */
import { JoinGroupRequest, JoinGroupResponse } from '../../src/messages/join-group.ts'
import { RawClient } from '../../test/raw-client.ts'
import { type Recorder, scenario } from '../scenario.ts'
import { assignment, ClassicMember, newGroup, subscription } from './groups/classic-member.ts'
import { ConsumerMember } from './groups/consumer-member.ts'
import { all, committing } from './groups/offsets.ts'
import { batchOf, produceOf } from './records/writing.ts'

const LETTERS_MAX = 32_767
const SET = 0
const TOPIC = 2
const GROUP = 32

/** A name for this scenario, with this many letters. */
const long = (recorder: Recorder, what: string, letters = LETTERS_MAX): string =>
  recorder.name(what).padEnd(letters, 'x')

scenario('long names: a transactional id', 'any client', async (recorder) => {
  const there = await recorder.topic()
  const transactionalId = long(recorder, 'txn')
  await recorder.coordinator(transactionalId, 1)
  const begun = await recorder.call('InitProducerId', 4, { transactionalId, transactionTimeoutMs: 60_000 })
  const { producerId, producerEpoch } = begun
  await recorder.call('DescribeTransactions', 0, { transactionalIds: [transactionalId] })
  await recorder.call('ListTransactions', 1, { producerIdFilters: [producerId] })
  const batch = batchOf(1, { producerId, producerEpoch, baseSequence: 0, transactional: true })
  await recorder.call('Produce', 12, produceOf(there, batch, { transactionalId }))
  await recorder.call('EndTxn', 5, { transactionalId, producerId, producerEpoch, committed: true })
})

scenario('long names: a classic group and its member', 'any client', async (recorder) => {
  const there = await recorder.topic()
  const groupId = long(recorder, 'group')
  await recorder.coordinator(groupId)
  const a = new ClassicMember(recorder, groupId, { groupInstanceId: long(recorder, 'instance') })
  await a.join()
  await a.join({ groupInstanceId: null })
  await recorder.call('Heartbeat', 4, { groupId, memberId: long(recorder, 'member'), generationId: 1 })
  await recorder.call('OffsetCommit', 9, { groupId, topics: [committing(there)] })
  await recorder.call('OffsetCommit', 9, {
    groupId,
    topics: [committing(there, 6, { committedMetadata: 'n'.repeat(LETTERS_MAX) })],
  })
  await all(recorder, groupId)
  await recorder.call('DescribeGroups', 5, { groups: [groupId] })
  await recorder.call('LeaveGroup', 5, {
    groupId,
    members: [{ memberId: '', groupInstanceId: long(recorder, 'none') }],
  })
  await recorder.call('DeleteGroups', 2, { groupsNames: [groupId] })
})

scenario('long names: protocols of a classic group', 'any client', async (recorder) => {
  const [protocolType, protocol] = [long(recorder, 'type'), long(recorder, 'protocol')]
  const groupId = await newGroup(recorder)
  const protocols = [{ name: protocol, metadata: subscription() }]
  const a = new ClassicMember(recorder, groupId, { protocolType, protocols })
  await a.join()
  const { memberId } = a
  await recorder.call('SyncGroup', 5, {
    groupId,
    memberId,
    generationId: a.generationId,
    protocolType,
    protocolName: protocol,
    assignments: [{ memberId, assignment: assignment([]) }],
  })
  await recorder.call('DescribeGroups', 5, { groups: [groupId] })
})

for (const version of [5, 9]) {
  scenario(
    `long names: a client id, of which JoinGroup v${version} makes a member id`,
    'any client',
    async (recorder) => {
      const groupId = await newGroup(recorder)
      const protocols = [{ name: 'range', metadata: subscription() }]
      const times = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 }
      const join = { groupId, ...times, memberId: '', protocolType: 'consumer', protocols }
      for (const letters of [1000, LETTERS_MAX - 37, LETTERS_MAX - 36, LETTERS_MAX]) {
        const client = await RawClient.to(recorder.bootstrap.split(',')[0]!)
        client.clientId = 'c'.repeat(letters)
        const answer = await client.call(JoinGroupRequest, JoinGroupResponse, version, join)
        client.end()
        recorder.note(`${letters} letters`, answer ? [answer.errorCode, answer.memberId.length] : 'hung up')
      }
    },
  )
}

scenario('long names: a KIP-848 member', 'any client', async (recorder) => {
  const groupId = long(recorder, 'group')
  await recorder.coordinator(groupId)
  const join = (terms: object) =>
    new ConsumerMember(recorder, groupId, { subscribedTopicNames: [], ...terms }).join()
  await join({ memberId: long(recorder, 'member') })
  await join({ instanceId: long(recorder, 'instance') })
  await join({ rackId: long(recorder, 'rack') })
  await join({ subscribedTopicNames: [long(recorder, 'topic')] })
  await join({ subscribedTopicRegex: long(recorder, 'regex') })
  await join({ subscribedTopicRegex: '('.padEnd(LETTERS_MAX, 'x') })
  await join({ serverAssignor: long(recorder, 'assignor') })
  await recorder.call('ConsumerGroupDescribe', 1, { groupIds: [groupId] })
})

scenario('long names: topics', 'any client', async (recorder) => {
  for (const letters of [250, 32_500, LETTERS_MAX]) {
    const name = long(recorder, 'topic', letters)
    const topic = { name, numPartitions: 1, replicationFactor: 1 }
    await recorder.call('CreateTopics', 7, { topics: [topic], timeoutMs: 5000 })
    await recorder.call('Metadata', 12, { topics: [{ name }], allowAutoTopicCreation: true })
    await recorder.call('Metadata', 8, { topics: [{ name }], allowAutoTopicCreation: true })
    await recorder.call('DeleteTopics', 6, { topics: [{ name }], timeoutMs: 5000 })
    await recorder.call('CreatePartitions', 3, {
      topics: [{ name, count: 5, assignments: null }],
      timeoutMs: 5000,
    })
    await recorder.call('DescribeConfigs', 4, { resources: [{ resourceType: TOPIC, resourceName: name }] })
    await recorder.call('DescribeTopicPartitions', 0, { topics: [{ name }] })
    await recorder.call('DescribeProducers', 0, { topics: [{ name, partitionIndexes: [0] }] })
    await recorder.call('ElectLeaders', 2, {
      electionType: 0,
      topicPartitions: [{ topic: name, partitions: [0] }],
    })
  }
})

scenario('long names: settings', 'any client', async (recorder) => {
  const there = await recorder.topic()
  const groupId = await newGroup(recorder)
  const alter = async (resourceType: number, resourceName: string, name: string, value: string) => {
    const configs = [{ name, value, configOperation: SET }]
    const resources = [{ resourceType, resourceName, configs }]
    await recorder.call('IncrementalAlterConfigs', 1, { resources })
  }
  for (const letters of [32_500, LETTERS_MAX]) {
    await alter(TOPIC, there.name, 'compression.type', 'x'.repeat(letters))
    await alter(TOPIC, there.name, 'retention.ms', '9'.repeat(letters))
    await alter(TOPIC, there.name, 'x'.repeat(letters), '1')
    await alter(GROUP, groupId, 'consumer.session.timeout.ms', 'x'.repeat(letters))
    await alter(GROUP, long(recorder, 'group', letters), 'consumer.session.timeout.ms', '46000')
    await alter(
      TOPIC,
      there.name,
      'leader.replication.throttled.replicas',
      '0:1,'.repeat(letters).slice(0, letters - 2),
    )
  }
  await recorder.call('CreateTopics', 7, {
    topics: [
      {
        name: recorder.name('new'),
        numPartitions: 1,
        replicationFactor: 1,
        configs: [{ name: 'x'.repeat(LETTERS_MAX), value: '1' }],
      },
    ],
    timeoutMs: 5000,
  })
  const entity = [{ entityType: 'client-id', entityName: long(recorder, 'client') }]
  for (const key of ['producer_byte_rate', 'k'.repeat(LETTERS_MAX)]) {
    const entries = [{ entity, ops: [{ key, value: 1, remove: false }] }]
    await recorder.call('AlterClientQuotas', 1, { entries, validateOnly: true })
  }
  const kinds = [{ entityType: 't'.repeat(LETTERS_MAX), entityName: 'x' }]
  const entries = [{ entity: kinds, ops: [{ key: 'producer_byte_rate', value: 1, remove: false }] }]
  await recorder.call('AlterClientQuotas', 1, { entries, validateOnly: true })
  const feature = { feature: 'f'.repeat(LETTERS_MAX), maxVersionLevel: 1, upgradeType: 1 }
  await recorder.call('UpdateFeatures', 1, { featureUpdates: [feature], validateOnly: true })
})

scenario('long names: filters', 'any client', async (recorder) => {
  const filter = 'x'.repeat(LETTERS_MAX)
  await recorder.call('ListTransactions', 1, { stateFilters: [filter], producerIdFilters: [1] })
  await recorder.call('ListTransactions', 2, { transactionalIdPattern: filter })
  await recorder.call('ListTransactions', 2, { transactionalIdPattern: '('.padEnd(LETTERS_MAX, 'x') })
  await recorder.call('ListGroups', 5, { statesFilter: [filter], typesFilter: ['classic'] })
  await recorder.call('ListGroups', 5, { typesFilter: [filter] })
})
