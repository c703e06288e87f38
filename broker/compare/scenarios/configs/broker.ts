/**
 * Settings of brokers and their loggers, changed while they run (KIP-226, KIP-412). All of it is undone.
 */

import type { ConfigKeys } from '../../../src/config/config-key.ts'
import { BROKER_KEYS } from '../../../src/config/keys/broker-keys.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import {
  ALL_BROKERS,
  alter,
  altered,
  type Change,
  describe,
  mayAlter,
  Op,
  type Resource,
  requestOf,
  Type,
  thisBroker,
} from './resources.ts'

const ALONE = { alone: true }
const VERSIONS = versionsOf('IncrementalAlterConfigs')

const VALUES = [
  ...['', '0', '1', '-1', '-2', ' 100 ', '4096', '1048576', '134217728', '2147483648', '9223372036854775808'],
  ...['0.5', 'soon', 'true', 'gzip', 'compact', 'compact,delete', 'a,,b', 'LogAppendTime', '127.0.0.1:5'],
]

/** Refused with a list of the broker's own addresses. */
const NAMES_ADDRESSES = 'listener.security.protocol.map='

const KEYS = Object.entries(BROKER_KEYS as ConfigKeys)
const changeable = KEYS.filter(([, key]) => key.update !== undefined)
const readOnly = KEYS.filter(([, key]) => key.update === undefined)

/** The families of keys, each with its own scenario: `log.cleaner`, `ssl`, … */
const families = new Map<string, string[]>()
for (const [name] of changeable) {
  const family =
    /^(log\.cleaner|log|remote|ssl|sasl|max|compression|group|share|num)\b/.exec(name)?.[0] ?? 'other'
  families.set(family, [...(families.get(family) ?? []), name])
}

for (const [family, keys] of families) {
  scenario(`IncrementalAlterConfigs: values of broker keys, ${family}`, 'KIP-226', async (recorder) => {
    const broker = await thisBroker(recorder)
    for (const key of keys)
      for (const value of VALUES)
        if (`${key}=${value}` !== NAMES_ADDRESSES) await mayAlter(recorder, broker, [key, Op.SET, value])
  })

  scenario(`IncrementalAlterConfigs: keys of all brokers, ${family}`, 'KIP-226', async (recorder) => {
    for (const key of keys) {
      for (const value of ['1', '0.5', 'true', 'gzip', 'x'])
        await mayAlter(recorder, ALL_BROKERS, [key, Op.SET, value])
      for (const operation of [Op.APPEND, Op.SUBTRACT])
        await mayAlter(recorder, ALL_BROKERS, [key, operation, 'delete'])
      await mayAlter(recorder, ALL_BROKERS, [key, Op.DELETE, null])
    }
  })
}

scenario('IncrementalAlterConfigs: broker keys that only a restart changes', 'KIP-226', async (recorder) => {
  const broker = await thisBroker(recorder)
  for (const [key, { text }] of readOnly) await mayAlter(recorder, broker, [key, Op.SET, text ?? '1'])
})

scenario('IncrementalAlterConfigs: what a broker refuses', 'KIP-226', async (recorder) => {
  const refused: readonly (readonly Change[])[] = [
    [['no.such.key', Op.SET, '1']],
    [['no.such.key', Op.DELETE, null]],
    [['no.such.key', Op.APPEND, '1']],
    [['retention.ms', Op.SET, '1']],
    [['num.partitions', Op.DELETE, null]],
    [['num.partitions', Op.SET, 'many']],
    [
      ['num.partitions', Op.SET, '2'],
      ['node.id', Op.SET, '2'],
    ],
    [['log.retention.ms', Op.SET, null]],
    [
      ['log.retention.ms', Op.SET, null],
      ['log.cleaner.threads', Op.APPEND, null],
    ],
    [['log.retention.ms', 4, '1']],
    [['log.retention.ms', -1, '1']],
    [['log.retention.ms', 9, null]],
    [['no.such.key', 9, '1']],
    [['log.retention.ms', Op.APPEND, '1']],
    [['log.retention.ms', Op.SUBTRACT, '1']],
    [
      ['log.retention.ms', Op.SET, '1'],
      ['log.retention.ms', Op.SET, '1'],
    ],
    [['log.retention.hours', Op.SET, '1']],
    [['log.retention.minutes', Op.SET, '1']],
    [['log.roll.hours', Op.SET, '1']],
    [['log.flush.scheduler.interval.ms', Op.SET, '1']],
    [['log.cleanup.policy', Op.APPEND, 'compact']],
    [['log.cleanup.policy', Op.SUBTRACT, 'delete']],
    [['log.cleanup.policy', Op.APPEND, 'shred']],
    [
      ['ssl.keystore.location', Op.SET, 'x'],
      ['log.retention.ms', Op.SET, 'soon'],
    ],
    [['listener.name.plaintext.ssl.keystore.location', Op.SET, 'x']],
    [['listener.name.plaintext.max.connections', Op.SET, '9']],
    [['listener.name.none.max.connections', Op.SET, 'x']],
    [],
  ]
  for (const resource of [await thisBroker(recorder), ALL_BROKERS])
    for (const version of VERSIONS)
      for (const changes of refused)
        await recorder.call('IncrementalAlterConfigs', version, requestOf(resource, changes, true))
})

const LISTENERS = ['plaintext.', 'PLAINTEXT.', 'none.', '.', '', 'plaintext.plain.']
const KEYS_OF_LISTENERS = [
  ...['max.connections', 'num.network.threads', 'max.connection.creation.rate', 'num.io.threads'],
  ...['num.partitions', 'auto.create.topics.enable', 'fetch.max.bytes', 'compression.type', 'no.such.key'],
  ...['sasl.jaas.config', 'sasl.enabled.mechanisms', 'principal.builder.class', 'ssl.client.auth'],
  ...[
    'controller.quorum.voters',
    'group.coordinator.rebalance.protocols',
    'max.connections.per.ip.overrides',
  ],
]
for (const listener of LISTENERS)
  scenario(`IncrementalAlterConfigs: keys of the listener '${listener}'`, 'KIP-226', async (recorder) => {
    for (const resource of [await thisBroker(recorder), ALL_BROKERS])
      for (const key of KEYS_OF_LISTENERS)
        for (const value of ['1', 'x', '', 'true']) {
          const changes: Change[] = [[`listener.name.${listener}${key}`, Op.SET, value]]
          await recorder.call('IncrementalAlterConfigs', 1, requestOf(resource, changes, true))
        }
  })

scenario('IncrementalAlterConfigs: connections by address', 'KIP-226', async (recorder) => {
  for (const resource of [await thisBroker(recorder), ALL_BROKERS])
    for (const value of [
      '127.0.0.1:5',
      'localhost:5,[::1]:7',
      'a b:5',
      '1.2.3.4.5:5',
      '::1:5',
      ':5',
      'localhost:x',
      '5',
    ]) {
      const changes: Change[] = [['max.connections.per.ip.overrides', Op.SET, value]]
      await recorder.call('IncrementalAlterConfigs', 1, requestOf(resource, changes, true))
    }
})

scenario('AlterConfigs: what a broker refuses', 'Admin.alterConfigs', async (recorder) => {
  const refused = [
    [{ name: 'no.such.key', value: '1' }],
    [{ name: 'num.partitions', value: '1' }],
    [{ name: 'log.retention.ms', value: 'soon' }],
    [{ name: 'log.retention.ms', value: null }],
    [{ name: 'ssl.protocol', value: 'TLS' }],
    [{ name: 'listeners', value: 'x' }],
    [
      { name: 'log.retention.ms', value: '1' },
      { name: 'log.retention.ms', value: '1' },
    ],
    [{ name: 'log.retention.ms', value: '100000' }],
    [{ name: 'min.insync.replicas', value: '1' }],
    [],
  ]
  for (const resource of [await thisBroker(recorder), ALL_BROKERS])
    for (const version of versionsOf('AlterConfigs'))
      for (const configs of refused)
        await recorder.call('AlterConfigs', version, {
          resources: [{ ...resource, configs }],
          validateOnly: true,
        })
})

for (const resourceName of ['7', '-1', 'x', ' ', '1.0', '01', '+1', '2147483648'])
  scenario(`IncrementalAlterConfigs: the broker '${resourceName}'`, 'KIP-226', async (recorder) => {
    for (const resourceType of [Type.BROKER, Type.LOGGER]) {
      const resource = { resourceType, resourceName }
      await mayAlter(recorder, resource, ['log.retention.ms', Op.SET, '100000'])
      await mayAlter(recorder, resource, ['num.partitions', Op.SET, '1'])
      const configs = [{ name: 'log.retention.ms', value: '100000' }]
      await recorder.call('AlterConfigs', 2, { resources: [{ ...resource, configs }], validateOnly: true })
    }
  })

/** With eligible leader replicas one number counts for the whole cluster. */
scenario('IncrementalAlterConfigs: min.insync.replicas', 'KIP-966', async (recorder) => {
  for (const resource of [await thisBroker(recorder), ALL_BROKERS])
    for (const change of [
      ['min.insync.replicas', Op.SET, '2'],
      ['min.insync.replicas', Op.SET, '0'],
      ['min.insync.replicas', Op.DELETE, null],
    ] as const)
      await mayAlter(recorder, resource, change)
})

/** Changes made one after the other, looked at after each, then undone. */
function changed(
  what: string,
  of: (recorder: Recorder) => Promise<Resource>,
  steps: readonly (readonly Change[])[],
): void {
  const keys = [...new Set(steps.flat().map(([name]) => name))]
  const change = async (recorder: Recorder) => {
    const resource = await of(recorder)
    for (const step of steps) {
      await altered(recorder, resource, ...step)
      await describe(recorder, resource, keys)
      await describe(recorder, await thisBroker(recorder), keys)
    }
    for (const key of keys) await altered(recorder, resource, [key, Op.DELETE, null])
    await describe(recorder, await thisBroker(recorder), keys)
    await describe(recorder, ALL_BROKERS, keys)
  }
  scenario(`IncrementalAlterConfigs: ${what}`, 'KIP-226', change, ALONE)
}

const all = async () => ALL_BROKERS

changed('a broker, set and back to the default', thisBroker, [
  [['log.retention.ms', Op.SET, '700000']],
  [
    ['log.segment.bytes', Op.SET, '2000000'],
    ['log.retention.ms', Op.SET, ' 800000 '],
  ],
  [['message.max.bytes', Op.SET, '+5000']],
])
changed('all brokers, set and back to the default', all, [
  [['log.retention.ms', Op.SET, '700000']],
  [
    ['log.cleaner.min.cleanable.ratio', Op.SET, '0.70'],
    ['compression.type', Op.SET, 'gzip'],
  ],
])
changed('a list of all brokers, appended to', all, [
  [['log.cleanup.policy', Op.APPEND, 'compact']],
  [['log.cleanup.policy', Op.SUBTRACT, 'delete']],
])
changed('a list of a broker, appended to', thisBroker, [
  [['log.cleanup.policy', Op.APPEND, 'compact,delete']],
  [['log.cleanup.policy', Op.SUBTRACT, 'delete,compact']],
])
changed("a listener's own keys, and those of a plugin", thisBroker, [
  [['listener.name.plaintext.max.connections', Op.SET, '99999']],
  [['listener.name.plaintext.ssl.key.password', Op.SET, 'secret']],
  [['my.plugin.colour', Op.SET, 'blue']],
])
changed("all brokers' keys of a listener, and of a plugin", all, [
  [['listener.name.plaintext.max.connections', Op.SET, '99999']],
  [['my.plugin.colour', Op.SET, 'blue']],
])
changed('times of a broker in the finest unit', thisBroker, [
  [
    ['log.roll.ms', Op.SET, '700000'],
    ['log.roll.jitter.ms', Op.SET, '7'],
  ],
  [['log.flush.interval.ms', Op.SET, '5000']],
])
changed('connections of a broker', thisBroker, [
  [
    ['max.connections', Op.SET, '100000'],
    ['max.connections.per.ip', Op.SET, '90000'],
  ],
  [['max.connections.per.ip.overrides', Op.SET, '10.9.8.7:5,10.9.8.6:7']],
])
changed('transactions and groups of all brokers', all, [
  [['transaction.partition.verification.enable', Op.SET, 'false']],
  [['producer.id.expiration.ms', Op.SET, '86400001']],
  [['group.consumer.assignment.interval.ms', Op.SET, '2000']],
])

scenario(
  'IncrementalAlterConfigs: the order of the places',
  'KIP-226: synonyms',
  async (recorder) => {
    const broker = await thisBroker(recorder)
    const topic = { resourceType: Type.TOPIC, resourceName: (await recorder.topic()).name }
    const look = async () => {
      await describe(recorder, topic, ['retention.ms', 'segment.ms'])
      await describe(recorder, broker, [
        'log.retention.ms',
        'log.retention.minutes',
        'log.retention.hours',
        'log.roll.ms',
      ])
      await describe(recorder, ALL_BROKERS, ['log.retention.ms', 'log.roll.ms'])
    }
    await altered(
      recorder,
      ALL_BROKERS,
      ['log.retention.ms', Op.SET, '700000'],
      ['log.roll.ms', Op.SET, '500000'],
    )
    await look()
    await altered(recorder, broker, ['log.retention.ms', Op.SET, '600000'])
    await look()
    await altered(recorder, topic, ['retention.ms', Op.SET, '500000'])
    await look()
    await altered(
      recorder,
      ALL_BROKERS,
      ['log.retention.ms', Op.DELETE, null],
      ['log.roll.ms', Op.DELETE, null],
    )
    await look()
    await altered(recorder, broker, ['log.retention.ms', Op.DELETE, null])
    await altered(recorder, topic, ['retention.ms', Op.DELETE, null])
    await look()
  },
  ALONE,
)

scenario(
  'IncrementalAlterConfigs: a topic is made while its broker has other defaults',
  'CreateTopics, KIP-525',
  async (recorder) => {
    await altered(
      recorder,
      ALL_BROKERS,
      ['log.retention.ms', Op.SET, '700000'],
      ['compression.type', Op.SET, 'lz4'],
    )
    const topics = [{ name: recorder.name('t'), numPartitions: 1, replicationFactor: 1 }]
    await recorder.call('CreateTopics', 7, { topics })
    await altered(
      recorder,
      ALL_BROKERS,
      ['log.retention.ms', Op.DELETE, null],
      ['compression.type', Op.DELETE, null],
    )
  },
  ALONE,
)

scenario(
  'AlterConfigs: a broker, and what is not named goes',
  'Admin.alterConfigs',
  async (recorder) => {
    const broker = await thisBroker(recorder)
    const keys = ['log.retention.ms', 'log.segment.bytes', 'log.roll.ms']
    await altered(
      recorder,
      broker,
      ['log.retention.ms', Op.SET, '700000'],
      ['log.segment.bytes', Op.SET, '3000000'],
    )
    const configs = [{ name: 'log.segment.bytes', value: '4000000' }]
    await recorder.call('AlterConfigs', 2, { resources: [{ ...broker, configs }] })
    await altered(recorder, broker, ['log.roll.ms', Op.SET, '500000'])
    await describe(recorder, broker, keys)
    await recorder.call('AlterConfigs', 2, { resources: [{ ...broker, configs: [] }] })
    await altered(recorder, broker, ['log.roll.ms', Op.SET, '600000'])
    await altered(recorder, broker, ['log.roll.ms', Op.DELETE, null])
    await describe(recorder, broker, keys)
  },
  ALONE,
)

scenario('IncrementalAlterConfigs: loggers', 'KIP-412', async (recorder) => {
  const loggers = { resourceType: Type.LOGGER, resourceName: (await thisBroker(recorder)).resourceName }
  const changes: readonly (readonly Change[])[] = [
    [['root', Op.SET, 'INFO']],
    [['root', Op.SET, 'info']],
    [['root', Op.SET, 'LOUD']],
    [['root', Op.SET, null]],
    [['root', Op.DELETE, null]],
    [['root', Op.APPEND, 'INFO']],
    [['root', Op.SUBTRACT, 'INFO']],
    [['root', 9, 'INFO']],
    [['no.such.logger', Op.SET, 'INFO']],
    [['no.such.logger', Op.DELETE, null]],
    [['no.such.logger', Op.SET, 'LOUD']],
    [['', Op.SET, 'INFO']],
    [
      ['root', Op.SET, 'INFO'],
      ['root', Op.SET, 'WARN'],
    ],
    [
      ['root', Op.SET, 'INFO'],
      ['no.such.logger', Op.SET, 'INFO'],
    ],
    [],
  ]
  for (const each of changes) await mayAlter(recorder, loggers, ...each)
  await mayAlter(recorder, { ...loggers, resourceName: '' }, ['root', Op.SET, 'INFO'])
  const configs = [{ name: 'root', value: 'INFO' }]
  await recorder.call('AlterConfigs', 2, { resources: [{ ...loggers, configs }] })
})

scenario(
  'IncrementalAlterConfigs: the root logger, louder',
  'KIP-412',
  async (recorder) => {
    const loggers = { resourceType: Type.LOGGER, resourceName: (await thisBroker(recorder)).resourceName }
    for (const level of ['WARN', 'FATAL', 'ERROR']) {
      await alter(recorder, loggers, ['root', Op.SET, level])
      await describe(recorder, loggers, ['root'])
    }
  },
  ALONE,
)
