/**
 * Numbers at the ends of their types, in settings and quotas: shown as they were given, or refused.
 */
import { type Recorder, scenario } from '../../scenario.ts'
import { newGroup } from '../groups/classic-member.ts'
import { batchOf, fetchOf, produceOf } from '../records/writing.ts'
import { until } from '../until.ts'

const SET = 0
const TOPIC = 2
const GROUP = 32
const LONGS = [
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '+7',
  '-1',
  '-2',
]
const INTS = ['2147483647', '2147483648', '-2147483648', '-1', '0']
/** Keys whose values are longs, and ints. */
const LONG_KEYS = [
  'retention.ms',
  'retention.bytes',
  'segment.ms',
  'min.compaction.lag.ms',
  'delete.retention.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
  'flush.messages',
  'flush.ms',
  'file.delete.delay.ms',
  'segment.jitter.ms',
]
const INT_KEYS = [
  'max.message.bytes',
  'segment.bytes',
  'index.interval.bytes',
  'segment.index.bytes',
  'min.insync.replicas',
]

async function setAndShow(
  recorder: Recorder,
  resource: { resourceType: number; resourceName: string },
  key: string,
  value: string,
) {
  const configs = [{ name: key, value, configOperation: SET }]
  const asked = { resources: [{ ...resource, configurationKeys: [key] }] }
  const { responses } = await recorder.call('IncrementalAlterConfigs', 1, {
    resources: [{ ...resource, configs }],
  })
  if (responses[0]!.errorCode === 0) {
    await until(`${key} is ${value}`, async () => {
      const { results } = await recorder.quietly('DescribeConfigs', 4, asked)
      return results[0]!.configs[0]!.value === String(BigInt(value.replace('+', '')))
    })
  }
  await recorder.call('DescribeConfigs', 4, asked)
}

for (const [kind, keys, values] of [
  ['long', LONG_KEYS, LONGS],
  ['int', INT_KEYS, INTS],
] as const) {
  for (const key of keys) {
    scenario(`settings: ${key} at the ends of a ${kind}`, 'kafka-configs', async (recorder) => {
      const { name: resourceName } = await recorder.topic()
      for (const value of values)
        await setAndShow(recorder, { resourceType: TOPIC, resourceName }, key, value)
    })
  }
}

scenario('settings: a topic whose times are as long as may be', 'kafka-topics', async (recorder) => {
  const forever = '9223372036854775807'
  const there = await recorder.topic(1, {
    'retention.ms': forever,
    'segment.ms': forever,
    'message.timestamp.before.max.ms': forever,
    'message.timestamp.after.max.ms': forever,
    'file.delete.delay.ms': forever,
    'flush.ms': forever,
    'flush.messages': forever,
  })
  for (let time = 0; time < 2; time++) await recorder.call('Produce', 11, produceOf(there, batchOf(2)))
  await recorder.call('Fetch', 12, fetchOf(there))
})

scenario('settings: a group at the ends of an int', 'kafka-configs', async (recorder) => {
  const resource = { resourceType: GROUP, resourceName: await newGroup(recorder) }
  for (const key of ['consumer.session.timeout.ms', 'consumer.heartbeat.interval.ms'])
    for (const value of INTS) await setAndShow(recorder, resource, key, value)
})

const QUOTAS = [
  0,
  -1,
  0.5,
  1,
  1.5,
  1e-300,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  2 ** 64,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
]

for (const key of ['producer_byte_rate', 'request_percentage', 'controller_mutation_rate']) {
  scenario(`AlterClientQuotas: ${key} at the ends of a double`, 'kafka-configs', async (recorder) => {
    const entity = [{ entityType: 'client-id', entityName: recorder.name('client') }]
    for (const value of QUOTAS) {
      const entries = [{ entity, ops: [{ key, value, remove: false }] }]
      await recorder.call('AlterClientQuotas', 1, { entries, validateOnly: true })
    }
  })
}
