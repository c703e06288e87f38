/**
 * Settings as admin clients see them: DescribeConfigs of every kind of resource, ListConfigResources.
 */
import { BROKER_KEYS } from '../../../src/config/keys/broker-keys.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { until } from '../until.ts'
import {
  ALL_BROKERS,
  altered,
  describe,
  lookAt,
  Op,
  type Resource,
  Type,
  thisBroker,
  VERSIONS,
} from './resources.ts'

/** A scenario of one DescribeConfigs. */
function described(what: string, standsFor: string, play: (recorder: Recorder) => Promise<void>): void {
  scenario(`DescribeConfigs: ${what}`, standsFor, play)
}

const topicResource = (resourceName: string): Resource => ({ resourceType: Type.TOPIC, resourceName })

described('a topic, all keys', 'Admin.describeConfigs, KIP-226', async ({ call, topic }) => {
  const { name } = await topic(1, { 'retention.ms': '1000', 'cleanup.policy': 'compact' })
  const resources = [{ ...topicResource(name), configurationKeys: null }]
  for (const version of VERSIONS) await call('DescribeConfigs', version, { resources, includeSynonyms: true })
})

described('a topic, without synonyms', 'Admin.describeConfigs', async ({ call, topic }) => {
  const { name } = await topic(1, { 'retention.ms': '1000' })
  const resources = [{ ...topicResource(name), configurationKeys: null }]
  for (const version of VERSIONS) await call('DescribeConfigs', version, { resources })
})

described('keys by name', 'Admin.describeConfigs', async ({ call, topic }) => {
  const { name } = await topic(1, { 'segment.ms': '5000' })
  for (const version of VERSIONS)
    for (const configurationKeys of [
      ['retention.ms'],
      ['segment.ms', 'cleanup.policy'],
      ['segment.ms', 'segment.ms'],
      ['no.such.key'],
      ['no.such.key', 'segment.ms'],
      ['log.segment.bytes'],
      ['internal.segment.bytes'],
      [''],
      [],
    ])
      await call('DescribeConfigs', version, {
        resources: [{ ...topicResource(name), configurationKeys }],
        includeSynonyms: true,
      })
})

described('how lists, numbers and doubles of a topic are shown', 'kafka-configs', async (recorder) => {
  const { name } = await recorder.topic(1, {
    'cleanup.policy': 'delete, compact',
    'min.cleanable.dirty.ratio': '1',
    'retention.ms': ' 77 ',
    'flush.messages': '+5',
    'unclean.leader.election.enable': 'TRUE',
    'retention.bytes': '-1',
    'delete.retention.ms': '9223372036854775807',
  })
  await describe(recorder, topicResource(name))
})

described('a topic that follows the broker in every unit', 'KIP-226', async (recorder) => {
  const { name } = await recorder.topic()
  await describe(recorder, topicResource(name), [
    'retention.ms',
    'segment.ms',
    'segment.jitter.ms',
    'flush.ms',
  ])
})

described('topics that are none', 'Admin.describeConfigs', async ({ call, name }) => {
  const names = [name('unknown'), '', '.', 'a b', 'a'.repeat(250)]
  for (const version of VERSIONS)
    for (const each of names)
      await call('DescribeConfigs', version, {
        resources: [{ ...topicResource(each), configurationKeys: null }],
      })
})

described('an internal topic', 'Admin.describeConfigs', async (recorder) => {
  await recorder.coordinator(recorder.name('group'))
  await describe(recorder, topicResource('__consumer_offsets'))
})

described('the log of the controllers', 'KIP-500', async (recorder) => {
  await describe(recorder, topicResource('__cluster_metadata'))
})

described('several resources at once, one of them twice', 'Admin.describeConfigs', async (recorder) => {
  const { name } = await recorder.topic()
  const broker = await thisBroker(recorder)
  const group = { resourceType: Type.GROUP, resourceName: recorder.name('g') }
  const resources = [
    topicResource(name),
    group,
    topicResource(recorder.name('none')),
    topicResource(name),
    broker,
  ]
  await recorder.call('DescribeConfigs', 4, {
    resources: resources.map((each) => ({ ...each, configurationKeys: ['retention.ms', 'num.partitions'] })),
  })
})

described('no resources', 'any client of its own making', async ({ call }) => {
  for (const version of VERSIONS) await call('DescribeConfigs', version, { resources: [] })
})

for (const resourceType of [0, 1, 3, 5, 9, 64, 127, -1, -128])
  described(`a resource of type ${resourceType}`, 'any client of its own making', async ({ call }) => {
    for (const version of VERSIONS)
      await call('DescribeConfigs', version, {
        resources: [{ resourceType, resourceName: 'x', configurationKeys: null }],
      })
  })

described('a type that is none beside a topic', 'any client of its own making', async ({ call, topic }) => {
  const { name } = await topic()
  await call('DescribeConfigs', 4, {
    resources: [
      { ...topicResource(name), configurationKeys: ['retention.ms'] },
      { resourceType: 3, resourceName: 'x', configurationKeys: null },
    ],
  })
})

/** Keys that say where and as what a broker was started; what they would be otherwise is compared. */
const OWN_TO_EACH = new Set([
  ...['node.id', 'broker.id', 'process.roles', 'listeners', 'advertised.listeners', 'log.dirs', 'log.dir'],
  ...['controller.listener.names', 'controller.quorum.bootstrap.servers', 'controller.quorum.voters'],
  ...['offsets.topic.replication.factor', 'transaction.state.log.replication.factor'],
  ...['transaction.state.log.min.isr', 'share.coordinator.state.topic.min.isr'],
  ...['share.coordinator.state.topic.replication.factor', 'listener.security.protocol.map'],
])
const STATIC = 4

described('a broker, every key', 'kafka-configs --all, KIP-226', async (recorder) => {
  const configs = (await lookAt(recorder, await thisBroker(recorder))).map((entry) => {
    const synonyms = entry.synonyms.filter(({ source }) => source !== STATIC)
    const shown = { ...entry, synonyms, value: synonyms[0]?.value, configSource: synonyms[0]?.source }
    return OWN_TO_EACH.has(entry.name) ? shown : entry
  })
  recorder.note('every key', { configs })
})

described('a broker, where its number comes from', 'kafka-configs --all', async (recorder) => {
  const broker = await thisBroker(recorder)
  const [nodeId] = await lookAt(recorder, broker, ['node.id'])
  const [ownId] = await lookAt(recorder, broker, ['broker.id'])
  const from = (entry: typeof ownId) => entry!.synonyms.map(({ name, source }) => ({ name, source }))
  recorder.note('broker.id is node.id', ownId!.value === nodeId!.value)
  recorder.note('broker.id', { configSource: ownId!.configSource, from: from(ownId) })
  recorder.note('node.id', { from: from(nodeId) })
})

described('a broker, in every version', 'Admin.describeConfigs', async (recorder) => {
  const keys = ['num.partitions', 'log.retention.ms', 'log.cleanup.policy', 'ssl.key.password', 'no.such.key']
  const resources = [{ ...(await thisBroker(recorder)), configurationKeys: keys }]
  for (const version of VERSIONS)
    for (const includeSynonyms of [true, false])
      await recorder.call('DescribeConfigs', version, { resources, ...(version > 0 && { includeSynonyms }) })
})

described('a broker, the keys with several names', 'KIP-226', async (recorder) => {
  const keys = Object.keys(BROKER_KEYS).filter((key) => /^log\.(retention|roll|flush)\./.test(key))
  await describe(recorder, await thisBroker(recorder), keys)
})

described('all brokers together', 'kafka-configs --entity-default', async (recorder) => {
  await describe(recorder, ALL_BROKERS)
  await describe(recorder, ALL_BROKERS, ['num.partitions', 'no.such.key', 'min.insync.replicas'])
})

for (const name of ['7', '-1', 'x', ' ', '1.0', '2147483648', '1 '])
  described(`the broker '${name}'`, 'Admin.describeConfigs', async ({ call }) => {
    for (const resourceType of [Type.BROKER, Type.LOGGER])
      for (const version of VERSIONS)
        await call('DescribeConfigs', version, {
          resources: [{ resourceType, resourceName: name, configurationKeys: ['num.partitions'] }],
        })
  })

described('a broker whose number is written otherwise', 'any client of its own making', async (recorder) => {
  const { resourceName } = await thisBroker(recorder)
  for (const name of [`0${resourceName}`, `+${resourceName}`])
    await describe(recorder, { resourceType: Type.BROKER, resourceName: name }, ['num.partitions'])
})

described('loggers', 'KIP-412', async (recorder) => {
  const { resourceName } = await thisBroker(recorder)
  const loggers = { resourceType: Type.LOGGER, resourceName }
  const all = await lookAt(recorder, loggers)
  const { value: _level, ...root } = all.find(({ name }) => name === 'root')!
  recorder.note('root', root)
  await describe(recorder, loggers, ['no.such.logger'])
  await describe(recorder, { ...loggers, resourceName: '' })
})

described('a group, every key', 'KIP-1143', async ({ call, name }) => {
  const resources = [{ resourceType: Type.GROUP, resourceName: name('g'), configurationKeys: null }]
  for (const version of VERSIONS) await call('DescribeConfigs', version, { resources, includeSynonyms: true })
})

described('a group without a name', 'Admin.describeConfigs', async (recorder) => {
  await describe(recorder, { resourceType: Type.GROUP, resourceName: '' })
})

described('a subscription to client metrics, every key', 'KIP-714', async ({ call, name }) => {
  const resources = [{ resourceType: Type.METRICS, resourceName: name('m'), configurationKeys: null }]
  for (const version of VERSIONS) await call('DescribeConfigs', version, { resources, includeSynonyms: true })
})

described('a subscription without a name', 'KIP-714', async (recorder) => {
  await describe(recorder, { resourceType: Type.METRICS, resourceName: '' })
})

scenario('ListConfigResources: of every type', 'KIP-1142', async (recorder) => {
  const { quietly, note, name } = recorder
  const topic = (await recorder.topic()).name
  const metrics = { resourceType: Type.METRICS, resourceName: name('metrics') }
  const group = { resourceType: Type.GROUP, resourceName: name('group') }
  await altered(recorder, metrics, ['interval.ms', Op.SET, '5000'])
  await altered(recorder, group, ['consumer.session.timeout.ms', Op.SET, '46000'])
  const mine = new Set([topic, metrics.resourceName, group.resourceName])
  for (const resourceTypes of [[], [2], [4], [8], [16], [32], [2, 16], [16, 2], [32, 32, 4]]) {
    const { errorCode, configResources } = await quietly('ListConfigResources', 1, { resourceTypes })
    const seen = configResources
      .filter(
        (each) => mine.has(each.resourceName) || [Type.BROKER, Type.LOGGER].includes(each.resourceType as 4),
      )
      .map((each) => `${each.resourceType} ${mine.has(each.resourceName) ? each.resourceName : 'broker'}`)
    note(`types ${resourceTypes}`, { errorCode, seen: seen.sort() })
  }
  await altered(recorder, metrics, ['interval.ms', Op.DELETE, null])
  await altered(recorder, group, ['consumer.session.timeout.ms', Op.DELETE, null])
  await until('both gone', async () => {
    const { configResources } = await quietly('ListConfigResources', 1, { resourceTypes: [16, 32] })
    return !configResources.some((each) => mine.has(each.resourceName))
  })
})

scenario('ListConfigResources: subscriptions, before there was more', 'KIP-714', async (recorder) => {
  const metrics = { resourceType: Type.METRICS, resourceName: recorder.name('metrics') }
  await altered(recorder, metrics, ['interval.ms', Op.SET, '5000'])
  for (const version of versionsOf('ListConfigResources')) {
    const resourceTypes = version === 0 ? [] : [Type.METRICS]
    const answer = await recorder.quietly('ListConfigResources', version, { resourceTypes })
    const mine = answer.configResources.filter((each) => each.resourceName === metrics.resourceName)
    recorder.note(`version ${version}`, { ...answer, configResources: mine })
  }
  await altered(recorder, metrics, ['interval.ms', Op.DELETE, null])
})

scenario('ListConfigResources: types that are none', 'any client of its own making', async ({ call }) => {
  for (const type of [0, 1, 3, 5, 64, -1])
    for (const resourceTypes of [[type], [Type.METRICS, type]])
      await call('ListConfigResources', 1, { resourceTypes })
})
