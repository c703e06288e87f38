/**
 * Changes that may take no time: the controller never begins with them. (Their timeoutMs is 0, or less.)
 */
import { type ApiName, type RequestOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'

const LATE = [0, -1, -2_147_483_648]

/** Asks the same in all versions, with no time; then whether anything was done. */
function late<K extends ApiName>(
  api: K,
  what: string,
  bodies: (topic: string, recorder: Recorder, version: number) => Omit<RequestOf<K>, 'timeoutMs'>[],
): void {
  scenario(`${api}: no time, ${what}`, 'Admin with a timeout of 0', async (recorder) => {
    const { name } = await recorder.topic()
    for (const version of versionsOf(api))
      for (const body of bodies(name, recorder, version))
        for (const timeoutMs of LATE)
          await recorder.call(api, version, { ...body, timeoutMs } as unknown as RequestOf<K>)
    await recorder.call('Metadata', 12, { topics: [{ name }] })
  })
}

const ONE = { numPartitions: 1, replicationFactor: 1 }

late('CreateTopics', 'something to do', (name, recorder) => [
  { topics: [{ name: recorder.name('new'), ...ONE }] },
  { topics: [{ name: recorder.name('new'), ...ONE }], validateOnly: true },
  {
    topics: [{ name: recorder.name('new'), ...ONE }, { name }, { name: 'a/b' }, { name: 'd' }, { name: 'd' }],
  },
])
late('CreateTopics', 'nothing to do', () => [
  { topics: [] },
  { topics: [{ name: 'd' }, { name: 'd' }] },
  { topics: [{ name: '__cluster_metadata' }] },
])

late('CreatePartitions', 'something to do', (name) => {
  const grow = { name, count: 2, assignments: null }
  return [
    { topics: [grow] },
    { topics: [grow], validateOnly: true },
    { topics: [grow, { ...grow, name: 'd' }, { ...grow, name: 'd' }] },
  ]
})
late('CreatePartitions', 'nothing to do', () => {
  const twice = { name: 'd', count: 2, assignments: null }
  return [{ topics: [] }, { topics: [twice, twice] }]
})

const UNKNOWN_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const byName = (version: number, ...names: string[]) =>
  version < 6 ? { topicNames: names } : { topics: names.map((name) => ({ name })) }
late('DeleteTopics', 'something to do', (name, _, version) => [
  byName(version, name),
  byName(version, name, 'd', 'd', 'no-such-topic'),
  ...(version < 6 ? [] : [{ topics: [{ name: null, topicId: UNKNOWN_ID }, { name: null }] }]),
])
late('DeleteTopics', 'nothing to do', (_, __, version) => [
  byName(version),
  byName(version, 'd', 'd'),
  // One at a time: Kafka shuffles the answers.
  ...(version < 6 ? [] : [{ topics: [{ name: null }] }, { topics: [{ name: 'd', topicId: UNKNOWN_ID }] }]),
])

late('ElectLeaders', 'something to do', (topic) => [
  { electionType: 0, topicPartitions: [{ topic, partitions: [0, 7] }] },
  { electionType: 0, topicPartitions: null },
  { electionType: 7, topicPartitions: [{ topic, partitions: [0] }] },
])
late('ElectLeaders', 'nothing to do', () => [{ electionType: 0, topicPartitions: [] }])

late('AlterPartitionReassignments', 'something to do', (name) => [
  { topics: [{ name, partitions: [{ partitionIndex: 0, replicas: null }] }] },
  { topics: [{ name: 'no-such-topic', partitions: [{ partitionIndex: 0, replicas: [1] }] }] },
])
late('AlterPartitionReassignments', 'nothing to do', () => [{ topics: [] }])

late('ListPartitionReassignments', 'which is no change', (name) => [
  { topics: [{ name, partitionIndexes: [0] }] },
])
late('UpdateFeatures', 'which Kafka does not look at', () => [
  { featureUpdates: [{ feature: 'no.such.feature', maxVersionLevel: 1 }], validateOnly: true },
])
late('DeleteRecords', 'which no controller does', (name) => [
  { topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0 }] }] },
])

scenario('CreateTopics: a millisecond is enough', 'Admin with a short timeout', async ({ call, name }) => {
  const topic = name('new')
  await call('CreateTopics', 7, { topics: [{ name: topic, ...ONE }], timeoutMs: 1, validateOnly: true })
})
