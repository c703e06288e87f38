/**
 * Topics as admin clients make, change and remove them, well and badly.
 */
import { versionsOf } from '../apis.ts'
import { scenario } from '../scenario.ts'

scenario('CreateTopics: names that are none', 'Admin.createTopics', async ({ call }) => {
  for (const name of ['', '.', '..', 'a b', 'ü', 'a'.repeat(250)])
    await call('CreateTopics', 7, { topics: [{ name, numPartitions: 1, replicationFactor: 1 }] })
})

scenario('CreateTopics: numbers that are none', 'Admin.createTopics', async ({ call, name }) => {
  for (const [numPartitions, replicationFactor] of [
    [0, 1],
    [-2, 1],
    [1, 0],
    [1, 2],
    [1, -2],
  ] as const)
    await call('CreateTopics', 7, { topics: [{ name: name('t'), numPartitions, replicationFactor }] })
})

scenario('CreateTopics: settings that are none', 'Admin.createTopics', async ({ call, name }) => {
  const settings = [
    ['cleanup.policy', 'bogus'],
    ['no.such.key', '1'],
    ['retention.ms', 'soon'],
    ['retention.ms', '-2'],
    ['segment.bytes', '1'],
    ['min.insync.replicas', '0'],
    ['compression.type', 'rar'],
  ] as const
  for (const [key, value] of settings) {
    const topic = { name: name('t'), numPartitions: 1, replicationFactor: 1, configs: [{ name: key, value }] }
    await call('CreateTopics', 7, { topics: [topic], validateOnly: true })
  }
})

scenario('CreateTopics: every version, and again', 'Admin.createTopics', async ({ call, name }) => {
  for (const version of versionsOf('CreateTopics')) {
    const topics = [{ name: name('t'), numPartitions: 1, replicationFactor: 1 }]
    await call('CreateTopics', version, { topics, validateOnly: true })
    await call('CreateTopics', version, { topics })
    await call('CreateTopics', version, { topics })
  }
})

scenario(
  'CreatePartitions: more, fewer, as many',
  'Admin.createPartitions, KIP-195',
  async ({ call, topic, name }) => {
    const { name: there } = await topic(2)
    for (const version of versionsOf('CreatePartitions'))
      for (const count of [2, 1, 0, -1])
        await call('CreatePartitions', version, {
          topics: [{ name: there, count, assignments: null }],
          timeoutMs: 5000,
        })
    await call('CreatePartitions', 3, {
      topics: [{ name: name('missing'), count: 3, assignments: null }],
      timeoutMs: 5000,
    })
    await call('CreatePartitions', 3, {
      topics: [{ name: there, count: 3, assignments: [{ brokerIds: [99] }] }],
      timeoutMs: 5000,
    })
  },
)

scenario('DeleteTopics: one that is not there', 'Admin.deleteTopics', async ({ call, name }) => {
  for (const version of versionsOf('DeleteTopics')) {
    const missing = name('missing')
    await call('DeleteTopics', version, {
      topics: [{ name: missing }],
      topicNames: [missing],
      timeoutMs: 5000,
    })
  }
})

scenario('DescribeConfigs: a topic, all keys', 'Admin.describeConfigs, KIP-226', async ({ call, topic }) => {
  const { name } = await topic(1, { 'retention.ms': '1000', 'cleanup.policy': 'compact' })
  const resources = [{ resourceType: 2, resourceName: name, configurationKeys: null }]
  for (const version of versionsOf('DescribeConfigs'))
    await call('DescribeConfigs', version, { resources, includeSynonyms: true })
})

scenario(
  'IncrementalAlterConfigs: what is refused',
  'Admin.incrementalAlterConfigs, KIP-339',
  async ({ call, topic }) => {
    const { name: resourceName } = await topic()
    const changes = [
      ['retention.ms', 0, 'soon'],
      ['no.such.key', 0, '1'],
      ['retention.ms', 2, '5'],
      ['retention.ms', 9, '5'],
      ['cleanup.policy', 2, 'compact'],
    ] as const
    for (const [name, configOperation, value] of changes) {
      const resources = [{ resourceType: 2, resourceName, configs: [{ name, configOperation, value }] }]
      await call('IncrementalAlterConfigs', 1, { resources, validateOnly: true })
    }
  },
)
