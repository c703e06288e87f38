/**
 * Settings of topics, groups and subscriptions to client metrics, changed: what may be, what not, and what is seen of it.
 */

import type { ConfigKeys } from '../../../src/config/config-key.ts'
import { CLIENT_METRICS_KEYS } from '../../../src/config/keys/client-metrics-keys.ts'
import { GROUP_KEYS } from '../../../src/config/keys/group-keys.ts'
import { TOPIC_KEYS } from '../../../src/config/keys/topic-keys.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { untilGone } from '../until.ts'
import {
  alter,
  altered,
  type Change,
  describe,
  mayAlter,
  Op,
  type Resource,
  requestOf,
  Type,
} from './resources.ts'

const VERSIONS = versionsOf('IncrementalAlterConfigs')
const OLD_VERSIONS = versionsOf('AlterConfigs')

/** What a value may look like; every key beside many more values, without a broker: src/config/keys/kafka-keys.test.ts. */
const VALUES = [
  ...[
    '',
    '0',
    '-2',
    ' 1000 ',
    '46000',
    '2147483648',
    '0.5',
    'soon',
    'TRUE',
    'compact,delete',
    'a,,b',
    '0:1,1:2',
  ],
  ...['by_duration:PT5M', 'client_id=x', 'client_id=[', 'a=b'],
]
/** Keys that are declared like another one that is asked about. */
const LIKE_OTHERS = new Set<string>([
  ...[
    'compression.lz4.level',
    'compression.zstd.level',
    'delete.retention.ms',
    'file.delete.delay.ms',
    'flush.ms',
  ],
  ...[
    'follower.replication.throttled.replicas',
    'index.interval.bytes',
    'local.retention.bytes',
    'segment.ms',
  ],
  ...[
    'max.message.bytes',
    'message.timestamp.after.max.ms',
    'message.timestamp.before.max.ms',
    'flush.messages',
  ],
  ...[
    'message.timestamp.type',
    'min.compaction.lag.ms',
    'remote.log.copy.disable',
    'remote.log.delete.on.disable',
  ],
  ...['retention.bytes', 'segment.index.bytes', 'segment.jitter.ms', 'unclean.leader.election.enable'],
  ...['share.assignment.interval.ms', 'share.heartbeat.interval.ms', 'share.session.timeout.ms'],
  ...['streams.assignment.interval.ms', 'streams.heartbeat.interval.ms', 'streams.session.timeout.ms'],
  ...[
    'share.partition.max.record.locks',
    'share.record.lock.duration.ms',
    'streams.initial.rebalance.delay.ms',
  ],
])
const ELEMENTS = ['', 'delete', 'a,b,a', '0:1']

/** A resource of this scenario only. */
const OWN: readonly [kind: string, keys: ConfigKeys, of: (recorder: Recorder) => Promise<Resource>][] = [
  [
    'topic',
    TOPIC_KEYS,
    async ({ topic }) => ({ resourceType: Type.TOPIC, resourceName: (await topic()).name }),
  ],
  ['group', GROUP_KEYS, async ({ name }) => ({ resourceType: Type.GROUP, resourceName: name('g') })],
  [
    'client metrics',
    CLIENT_METRICS_KEYS,
    async ({ name }) => ({ resourceType: Type.METRICS, resourceName: name('m') }),
  ],
]

for (const [kind, keys, of] of OWN) {
  for (const key of Object.keys(keys).filter((each) => !LIKE_OTHERS.has(each)))
    scenario(
      `IncrementalAlterConfigs: values of the ${kind} key ${key}`,
      'Admin.incrementalAlterConfigs',
      async (recorder) => {
        const resource = await of(recorder)
        for (const value of VALUES) await mayAlter(recorder, resource, [key, Op.SET, value])
        for (const operation of [Op.APPEND, Op.SUBTRACT])
          for (const value of ELEMENTS) await mayAlter(recorder, resource, [key, operation, value])
        await mayAlter(recorder, resource, [key, Op.DELETE, null])
      },
    )

  scenario(
    `IncrementalAlterConfigs: what a ${kind} refuses`,
    'Admin.incrementalAlterConfigs, KIP-339',
    async (recorder) => {
      const resource = await of(recorder)
      const [key, other] = Object.keys(keys) as [string, string]
      const refused: readonly (readonly Change[])[] = [
        [['no.such.key', Op.SET, '1']],
        [['', Op.SET, '1']],
        [['no.such.key', Op.DELETE, null]],
        [['no.such.key', Op.APPEND, '1']],
        [['no.such.key', Op.SUBTRACT, '1']],
        [[key, Op.SET, null]],
        [
          [key, Op.APPEND, null],
          [other, Op.SUBTRACT, null],
        ],
        [[key, Op.DELETE, 'a value']],
        [[key, 4, '1']],
        [[key, 9, null]],
        [[key, -1, '1']],
        [
          [key, Op.SET, '1'],
          [key, Op.SET, '2'],
        ],
        [
          [key, Op.SET, '1'],
          [key, Op.DELETE, null],
        ],
        [
          ['no.such.key', Op.SET, '1'],
          [key, Op.SET, 'soon'],
        ],
        [],
      ]
      for (const version of VERSIONS)
        for (const changes of refused)
          await recorder.call('IncrementalAlterConfigs', version, requestOf(resource, changes, true))
    },
  )

  scenario(`AlterConfigs: what a ${kind} refuses`, 'Admin.alterConfigs', async (recorder) => {
    const resource = await of(recorder)
    const [key] = Object.keys(keys) as [string]
    const refused = [
      [{ name: 'no.such.key', value: '1' }],
      [{ name: '', value: '1' }],
      [{ name: key, value: null }],
      [
        { name: key, value: '1' },
        { name: key, value: '2' },
      ],
      [
        { name: key, value: 'a b' },
        { name: 'no.such.key', value: '2' },
      ],
      [],
    ]
    for (const version of OLD_VERSIONS)
      for (const configs of refused)
        await recorder.call('AlterConfigs', version, {
          resources: [{ ...resource, configs }],
          validateOnly: true,
        })
  })

  scenario(
    `IncrementalAlterConfigs: a ${kind} twice in one request`,
    'any client of its own making',
    async (recorder) => {
      const resource = await of(recorder)
      const { resources } = requestOf(resource, [[Object.keys(keys)[0]!, Op.DELETE, null]])
      const twice = [...resources, ...resources]
      // To AlterConfigs with a resource twice Kafka 4.3 gives no answer at all.
      await recorder.call('IncrementalAlterConfigs', 1, { resources: twice, validateOnly: true })
    },
  )

  scenario(
    `IncrementalAlterConfigs: a ${kind} without a name`,
    'any client of its own making',
    async (recorder) => {
      const { resourceType } = await of(recorder)
      const resource = { resourceType, resourceName: '' }
      const [name] = Object.keys(keys) as [string]
      for (const validateOnly of [true, false]) {
        await recorder.call(
          'IncrementalAlterConfigs',
          1,
          requestOf(resource, [[name, Op.SET, '5000']], validateOnly),
        )
        const resources = [{ ...resource, configs: [{ name, value: '5000' }] }]
        await recorder.call('AlterConfigs', 2, { resources, validateOnly })
      }
    },
  )
}

/** Changes that are made one after the other, the resource looked at after each. */
function changed(what: string, standsFor: string, kind: string, steps: readonly (readonly Change[])[]): void {
  const [, , of] = OWN.find(([each]) => each === kind)!
  scenario(`IncrementalAlterConfigs: ${what}`, standsFor, async (recorder) => {
    const resource = await of(recorder)
    const keys = [...new Set(steps.flat().map(([name]) => name))]
    for (const step of steps) {
      await altered(recorder, resource, ...step)
      await describe(recorder, resource, keys)
    }
  })
}

changed('a topic, set and back to the default', 'kafka-configs --alter', 'topic', [
  [['retention.ms', Op.SET, '1000']],
  [
    ['retention.ms', Op.SET, '2000'],
    ['segment.ms', Op.SET, '300'],
  ],
  [['retention.ms', Op.DELETE, null]],
  [['segment.ms', Op.DELETE, null]],
])
changed('a list of a topic, appended to and taken from', 'KIP-339', 'topic', [
  [['cleanup.policy', Op.APPEND, 'compact']],
  [['cleanup.policy', Op.SUBTRACT, 'delete']],
  [['cleanup.policy', Op.APPEND, 'delete,compact']],
  [['cleanup.policy', Op.DELETE, null]],
  [['leader.replication.throttled.replicas', Op.APPEND, '0:1']],
  [['leader.replication.throttled.replicas', Op.APPEND, '1:1,0:1']],
  [['leader.replication.throttled.replicas', Op.SUBTRACT, '0:1']],
  [['leader.replication.throttled.replicas', Op.DELETE, null]],
])
changed('a value with spaces', 'kafka-configs --alter', 'topic', [
  [['retention.ms', Op.SET, ' 5000 ']],
  [['cleanup.policy', Op.SET, ' compact , delete ']],
  [['compression.type', Op.SET, 'gzip']],
  [['min.cleanable.dirty.ratio', Op.SET, '0.10']],
])
changed('a value beyond the largest long is none, the largest is one', 'KIP-226', 'topic', [
  [['flush.messages', Op.SET, '9223372036854775807']],
  [['local.retention.ms', Op.SET, '-2']],
])
changed('a group, set and back to the default', 'KIP-848, KIP-1143', 'group', [
  [['consumer.session.timeout.ms', Op.SET, '50000']],
  [
    ['consumer.heartbeat.interval.ms', Op.SET, '6000'],
    ['consumer.session.timeout.ms', Op.SET, '55000'],
  ],
  [['consumer.session.timeout.ms', Op.DELETE, null]],
  [['share.isolation.level', Op.SET, 'read_committed']],
  [['streams.num.standby.replicas', Op.SET, '1']],
])
changed('a subscription to client metrics', 'KIP-714', 'client metrics', [
  [['interval.ms', Op.SET, '30000']],
  [
    ['metrics', Op.SET, 'org.apache.kafka.producer.'],
    ['match', Op.SET, 'client_software_name=java,client_id=a.*'],
  ],
  [['metrics', Op.SET, 'org.apache.kafka.producer., org.apache.kafka.consumer.']],
  [['interval.ms', Op.DELETE, null]],
])

/** Bounds of groups that the broker sets, and settings that must fit each other. */
const GROUP_BOUNDS: readonly (readonly Change[])[] = [
  [['consumer.session.timeout.ms', Op.SET, '45000']],
  [['consumer.session.timeout.ms', Op.SET, '44999']],
  [['consumer.session.timeout.ms', Op.SET, '60001']],
  [['consumer.heartbeat.interval.ms', Op.SET, '4999']],
  [['consumer.heartbeat.interval.ms', Op.SET, '15001']],
  [['consumer.assignment.interval.ms', Op.SET, '15001']],
  [['share.record.lock.duration.ms', Op.SET, '14999']],
  [['share.delivery.count.limit', Op.SET, '11']],
  [['share.partition.max.record.locks', Op.SET, '4001']],
  [['streams.num.standby.replicas', Op.SET, '3']],
  [['streams.session.timeout.ms', Op.SET, '60001']],
  [['streams.heartbeat.interval.ms', Op.SET, '1']],
  [
    ['consumer.session.timeout.ms', Op.SET, '1'],
    ['share.session.timeout.ms', Op.SET, '1'],
  ],
]
scenario('IncrementalAlterConfigs: bounds of groups', 'GroupConfig.validate', async (recorder) => {
  const resource = { resourceType: Type.GROUP, resourceName: recorder.name('g') }
  for (const changes of GROUP_BOUNDS) await mayAlter(recorder, resource, ...changes)
})

scenario(
  'IncrementalAlterConfigs: settings of a topic that do not fit',
  'LogConfig.validate',
  async (recorder) => {
    const resource = { resourceType: Type.TOPIC, resourceName: (await recorder.topic()).name }
    const together: readonly (readonly Change[])[] = [
      [
        ['min.compaction.lag.ms', Op.SET, '10'],
        ['max.compaction.lag.ms', Op.SET, '5'],
      ],
      [
        ['min.compaction.lag.ms', Op.SET, '9223372036854775807'],
        ['max.compaction.lag.ms', Op.SET, '5'],
      ],
      [['remote.storage.enable', Op.SET, 'true']],
      [
        ['remote.storage.enable', Op.SET, 'true'],
        ['cleanup.policy', Op.SET, 'compact'],
      ],
      [['remote.log.copy.disable', Op.SET, 'true']],
      [['remote.log.delete.on.disable', Op.SET, 'true']],
      [
        ['local.retention.ms', Op.SET, '100'],
        ['retention.ms', Op.SET, '10'],
      ],
      [
        ['local.retention.bytes', Op.SET, '100'],
        ['retention.bytes', Op.SET, '10'],
      ],
      [
        ['internal.segment.bytes', Op.SET, '100'],
        ['segment.bytes', Op.SET, '10'],
      ],
      [['internal.segment.bytes', Op.SET, '100']],
      [['segment.bytes', Op.SET, '1048575']],
      [['segment.bytes', Op.SET, '1048576']],
    ]
    for (const changes of together) await mayAlter(recorder, resource, ...changes)
  },
)

scenario(
  'IncrementalAlterConfigs: a setting for tests only',
  'LogConfig.INTERNAL_SEGMENT_BYTES_CONFIG',
  async (recorder) => {
    const resource = { resourceType: Type.TOPIC, resourceName: (await recorder.topic()).name }
    await altered(
      recorder,
      resource,
      ['internal.segment.bytes', Op.SET, '5000'],
      ['segment.ms', Op.SET, '60001'],
    )
    await describe(recorder, resource)
  },
)

scenario(
  'IncrementalAlterConfigs: one bad setting spoils the resource, not the others',
  'KIP-339',
  async (recorder) => {
    const [good, bad] = [(await recorder.topic()).name, (await recorder.topic()).name]
    const of = (resourceName: string, ...changes: Change[]) =>
      requestOf({ resourceType: Type.TOPIC, resourceName }, changes).resources[0]!
    const resources = [
      of(bad, ['retention.ms', Op.SET, '1'], ['segment.ms', Op.SET, 'soon']),
      of(recorder.name('none'), ['retention.ms', Op.SET, '1']),
      of(good, ['retention.ms', Op.SET, '1']),
    ]
    await recorder.call('IncrementalAlterConfigs', 1, { resources })
    await altered(recorder, { resourceType: Type.TOPIC, resourceName: good }, ['segment.ms', Op.SET, '9'])
    for (const resourceName of [good, bad])
      await describe(recorder, { resourceType: Type.TOPIC, resourceName }, ['retention.ms', 'segment.ms'])
  },
)

scenario('IncrementalAlterConfigs: only asked whether it may be', 'KIP-339', async (recorder) => {
  const resource = { resourceType: Type.TOPIC, resourceName: (await recorder.topic()).name }
  await mayAlter(recorder, resource, ['retention.ms', Op.SET, '1'])
  await altered(recorder, resource, ['segment.ms', Op.SET, '9'])
  await describe(recorder, resource, ['retention.ms', 'segment.ms'])
})

scenario(
  'IncrementalAlterConfigs: topics that are none',
  'Admin.incrementalAlterConfigs',
  async (recorder) => {
    const { name } = await recorder.topic()
    await recorder.quietly('DeleteTopics', 6, { topics: [{ name }], timeoutMs: 5000 })
    await untilGone(recorder, name)
    for (const resourceName of [name, recorder.name('t'), '.', 'a b', 'a'.repeat(250)])
      for (const [key, value] of [
        ['retention.ms', '1'],
        ['retention.ms', 'soon'],
        ['no.such.key', '1'],
      ] as const)
        await mayAlter(recorder, { resourceType: Type.TOPIC, resourceName }, [key, Op.SET, value])
  },
)

scenario(
  'AlterConfigs: a topic, and what is not named goes',
  'Admin.alterConfigs, kafkajs',
  async (recorder) => {
    const { name: resourceName } = await recorder.topic(1, { 'retention.ms': '1000', 'segment.ms': '5' })
    const resource = { resourceType: Type.TOPIC, resourceName }
    const keys = ['retention.ms', 'segment.ms', 'flush.messages', 'max.message.bytes']
    for (const version of OLD_VERSIONS) {
      const configs = [{ name: 'flush.messages', value: `${version + 1}` }]
      await recorder.call('AlterConfigs', version, { resources: [{ ...resource, configs }] })
      await altered(recorder, resource, ['max.message.bytes', Op.SET, `${version + 100}`])
      await describe(recorder, resource, keys)
    }
    await recorder.call('AlterConfigs', 2, { resources: [{ ...resource, configs: [] }] })
    await altered(recorder, resource, ['max.message.bytes', Op.SET, '99'])
    await describe(recorder, resource, keys)
  },
)

scenario('AlterConfigs: topics that are none', 'Admin.alterConfigs', async ({ call, name }) => {
  for (const resourceName of [name('t'), '', 'a b'])
    for (const configs of [[{ name: 'retention.ms', value: '1' }], [{ name: 'no.such.key', value: '1' }], []])
      await call('AlterConfigs', 2, {
        resources: [{ resourceType: Type.TOPIC, resourceName, configs }],
        validateOnly: true,
      })
})

scenario('IncrementalAlterConfigs: kinds that are none', 'any client of its own making', async (recorder) => {
  for (const resourceType of [0, 1, 3, 5, 64, -1]) {
    const resource = { resourceType, resourceName: 'x' }
    await mayAlter(recorder, resource, ['retention.ms', Op.SET, '1'])
    await alter(recorder, resource, ['retention.ms', Op.SET, '1'])
    await recorder.call('AlterConfigs', 2, {
      resources: [{ ...resource, configs: [{ name: 'a', value: 'b' }] }],
    })
  }
})

scenario('IncrementalAlterConfigs: nothing to alter', 'any client of its own making', async ({ call }) => {
  for (const version of VERSIONS) await call('IncrementalAlterConfigs', version, { resources: [] })
  for (const version of OLD_VERSIONS) await call('AlterConfigs', version, { resources: [] })
})
