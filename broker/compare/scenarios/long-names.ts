/**
 * Names as long as a string may be, 32,767 bytes: what keeps them keeps them whole, nothing stops at them, and an
 * answer that would quote one in a longer text is none.
 */
import { JoinGroupRequest, JoinGroupResponse } from '../../src/messages/join-group.ts'
import { RawClient } from '../../test/raw-client.ts'
import { scenario, type Teller } from '../scenario.ts'
import { assignment, ClassicMember, newGroup, subscription } from './groups/classic-member.ts'
import { ConsumerMember } from './groups/consumer-member.ts'
import { all, committing } from './groups/offsets.ts'
import { batchOf, produceOf } from './records/writing.ts'

const LETTERS_MAX = 32_767
const SET = 0
const TOPIC = 2
const GROUP = 32

/** A name for this scenario, with this many letters. */
const long = (teller: Teller, what: string, letters = LETTERS_MAX): string =>
  teller.name(what).padEnd(letters, 'x')

scenario('long names: a transactional id', 'any client', async (teller) => {
  const there = await teller.topic()
  const transactionalId = long(teller, 'txn')
  await teller.coordinator(transactionalId, 1)
  const begun = await teller.call('InitProducerId', 4, { transactionalId, transactionTimeoutMs: 60_000 })
  const { producerId, producerEpoch } = begun
  await teller.call('DescribeTransactions', 0, { transactionalIds: [transactionalId] })
  await teller.call('ListTransactions', 1, { producerIdFilters: [producerId] })
  const batch = batchOf(1, { producerId, producerEpoch, baseSequence: 0, transactional: true })
  await teller.call('Produce', 12, produceOf(there, batch, { transactionalId }))
  await teller.call('EndTxn', 5, { transactionalId, producerId, producerEpoch, committed: true })
})

scenario('long names: a classic group and its member', 'any client', async (teller) => {
  const there = await teller.topic()
  const groupId = long(teller, 'group')
  await teller.coordinator(groupId)
  const a = new ClassicMember(teller, groupId, { groupInstanceId: long(teller, 'instance') })
  await a.join()
  await a.join({ groupInstanceId: null })
  await teller.call('Heartbeat', 4, { groupId, memberId: long(teller, 'member'), generationId: 1 })
  await teller.call('OffsetCommit', 9, { groupId, topics: [committing(there)] })
  await teller.call('OffsetCommit', 9, {
    groupId,
    topics: [committing(there, 6, { committedMetadata: 'n'.repeat(LETTERS_MAX) })],
  })
  await all(teller, groupId)
  await teller.call('DescribeGroups', 5, { groups: [groupId] })
  await teller.call('LeaveGroup', 5, {
    groupId,
    members: [{ memberId: '', groupInstanceId: long(teller, 'none') }],
  })
  await teller.call('DeleteGroups', 2, { groupsNames: [groupId] })
})

scenario('long names: protocols of a classic group', 'any client', async (teller) => {
  const [protocolType, protocol] = [long(teller, 'type'), long(teller, 'protocol')]
  const groupId = await newGroup(teller)
  const protocols = [{ name: protocol, metadata: subscription() }]
  const a = new ClassicMember(teller, groupId, { protocolType, protocols })
  await a.join()
  const { memberId } = a
  await teller.call('SyncGroup', 5, {
    groupId,
    memberId,
    generationId: a.generationId,
    protocolType,
    protocolName: protocol,
    assignments: [{ memberId, assignment: assignment([]) }],
  })
  await teller.call('DescribeGroups', 5, { groups: [groupId] })
})

for (const version of [5, 9]) {
  scenario(
    `long names: a client id, of which JoinGroup v${version} makes a member id`,
    'any client',
    async (teller) => {
      const groupId = await newGroup(teller)
      const protocols = [{ name: 'range', metadata: subscription() }]
      const times = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 }
      const join = { groupId, ...times, memberId: '', protocolType: 'consumer', protocols }
      for (const letters of [1000, LETTERS_MAX - 37, LETTERS_MAX - 36, LETTERS_MAX]) {
        const client = await RawClient.to(teller.bootstrap.split(',')[0]!)
        client.clientId = 'c'.repeat(letters)
        const answer = await client.call(JoinGroupRequest, JoinGroupResponse, version, join)
        client.end()
        teller.note(`${letters} letters`, answer ? [answer.errorCode, answer.memberId.length] : 'hung up')
      }
    },
  )
}

scenario('long names: a KIP-848 member', 'any client', async (teller) => {
  const groupId = long(teller, 'group')
  await teller.coordinator(groupId)
  const join = (terms: object) =>
    new ConsumerMember(teller, groupId, { subscribedTopicNames: [], ...terms }).join()
  await join({ memberId: long(teller, 'member') })
  await join({ instanceId: long(teller, 'instance') })
  await join({ rackId: long(teller, 'rack') })
  await join({ subscribedTopicNames: [long(teller, 'topic')] })
  await join({ subscribedTopicRegex: long(teller, 'regex') })
  await join({ subscribedTopicRegex: '('.padEnd(LETTERS_MAX, 'x') })
  await join({ serverAssignor: long(teller, 'assignor') })
  await teller.call('ConsumerGroupDescribe', 1, { groupIds: [groupId] })
})

scenario('long names: topics', 'any client', async (teller) => {
  for (const letters of [250, 32_500, LETTERS_MAX]) {
    const name = long(teller, 'topic', letters)
    const topic = { name, numPartitions: 1, replicationFactor: 1 }
    await teller.call('CreateTopics', 7, { topics: [topic], timeoutMs: 5000 })
    await teller.call('Metadata', 12, { topics: [{ name }], allowAutoTopicCreation: true })
    await teller.call('Metadata', 8, { topics: [{ name }], allowAutoTopicCreation: true })
    await teller.call('DeleteTopics', 6, { topics: [{ name }], timeoutMs: 5000 })
    await teller.call('CreatePartitions', 3, {
      topics: [{ name, count: 5, assignments: null }],
      timeoutMs: 5000,
    })
    await teller.call('DescribeConfigs', 4, { resources: [{ resourceType: TOPIC, resourceName: name }] })
    await teller.call('DescribeTopicPartitions', 0, { topics: [{ name }] })
    await teller.call('DescribeProducers', 0, { topics: [{ name, partitionIndexes: [0] }] })
    await teller.call('ElectLeaders', 2, {
      electionType: 0,
      topicPartitions: [{ topic: name, partitions: [0] }],
    })
  }
})

scenario('long names: settings', 'any client', async (teller) => {
  const there = await teller.topic()
  const groupId = await newGroup(teller)
  const alter = async (resourceType: number, resourceName: string, name: string, value: string) => {
    const configs = [{ name, value, configOperation: SET }]
    const resources = [{ resourceType, resourceName, configs }]
    await teller.call('IncrementalAlterConfigs', 1, { resources })
  }
  for (const letters of [32_500, LETTERS_MAX]) {
    await alter(TOPIC, there.name, 'compression.type', 'x'.repeat(letters))
    await alter(TOPIC, there.name, 'retention.ms', '9'.repeat(letters))
    await alter(TOPIC, there.name, 'x'.repeat(letters), '1')
    await alter(GROUP, groupId, 'consumer.session.timeout.ms', 'x'.repeat(letters))
    await alter(GROUP, long(teller, 'group', letters), 'consumer.session.timeout.ms', '46000')
    await alter(
      TOPIC,
      there.name,
      'leader.replication.throttled.replicas',
      '0:1,'.repeat(letters).slice(0, letters - 2),
    )
  }
  await teller.call('CreateTopics', 7, {
    topics: [
      {
        name: teller.name('new'),
        numPartitions: 1,
        replicationFactor: 1,
        configs: [{ name: 'x'.repeat(LETTERS_MAX), value: '1' }],
      },
    ],
    timeoutMs: 5000,
  })
  const entity = [{ entityType: 'client-id', entityName: long(teller, 'client') }]
  for (const key of ['producer_byte_rate', 'k'.repeat(LETTERS_MAX)]) {
    const entries = [{ entity, ops: [{ key, value: 1, remove: false }] }]
    await teller.call('AlterClientQuotas', 1, { entries, validateOnly: true })
  }
  const kinds = [{ entityType: 't'.repeat(LETTERS_MAX), entityName: 'x' }]
  const entries = [{ entity: kinds, ops: [{ key: 'producer_byte_rate', value: 1, remove: false }] }]
  await teller.call('AlterClientQuotas', 1, { entries, validateOnly: true })
  const feature = { feature: 'f'.repeat(LETTERS_MAX), maxVersionLevel: 1, upgradeType: 1 }
  await teller.call('UpdateFeatures', 1, { featureUpdates: [feature], validateOnly: true })
})

scenario('long names: filters', 'any client', async (teller) => {
  const filter = 'x'.repeat(LETTERS_MAX)
  await teller.call('ListTransactions', 1, { stateFilters: [filter], producerIdFilters: [1] })
  await teller.call('ListTransactions', 2, { transactionalIdPattern: filter })
  await teller.call('ListTransactions', 2, { transactionalIdPattern: '('.padEnd(LETTERS_MAX, 'x') })
  await teller.call('ListGroups', 5, { statesFilter: [filter], typesFilter: ['classic'] })
  await teller.call('ListGroups', 5, { typesFilter: [filter] })
})
