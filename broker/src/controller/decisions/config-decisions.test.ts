import { describe, expect, test } from 'vitest'
import { newTopic, testController } from '../../../test/controller-fixtures.ts'
import { type ConfigChange, checkForm, ResourceType } from './config-decisions.ts'

const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3]
const { TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP } = ResourceType

/** A cluster with the topic `orders`, whose retention.ms is 5000, and a function that requests changes. */
function orders() {
  const cluster = testController()
  const { controller, settle, note, answers } = cluster
  const configs = [{ name: 'retention.ms', value: '5000' }]
  controller.createTopic(newTopic('orders', { configs }), () => {})
  settle()
  const alter = (type: number, name: string, changes: ConfigChange[], validateOnly = false): string => {
    const alteration = { type, name, changes, replaces: false }
    controller.alterConfigs([alteration], validateOnly, ([answer]) => note('')(answer!))
    settle()
    return answers.at(-1)!.slice(2)
  }
  const now = (resource: 'topic:orders' | 'broker:1' | 'broker:' | 'group:g') =>
    Object.fromEntries(controller.image.configs.get(resource) ?? [])
  return { ...cluster, alter, now }
}

const change = (name: string, operation: number, value: string | null = null): ConfigChange => ({
  name,
  operation,
  value,
})

describe('a topic', () => {
  test('SET, DELETE, APPEND, SUBTRACT', () => {
    const { alter, now } = orders()
    expect(alter(TOPIC, 'orders', [change('segment.ms', SET, '100'), change('retention.ms', DELETE)])).toBe(
      'NONE',
    )
    expect(now('topic:orders')).toEqual({ 'segment.ms': '100' })
    expect(alter(TOPIC, 'orders', [change('cleanup.policy', APPEND, 'compact,delete')])).toBe('NONE')
    expect(now('topic:orders')).toMatchObject({ 'cleanup.policy': 'delete,compact' })
    expect(alter(TOPIC, 'orders', [change('cleanup.policy', SUBTRACT, 'delete')])).toBe('NONE')
    expect(now('topic:orders')).toMatchObject({ 'cleanup.policy': 'compact' })
  })

  test('CONFIG-DECISIONS-1, CONFIG-DECISIONS-2: with one invalid value nothing is changed', () => {
    const { alter, now } = orders()
    const answer = alter(TOPIC, 'orders', [
      change('segment.ms', SET, '100'),
      change('retention.ms', SET, 'soon'),
    ])
    expect(answer).toBe(
      'INVALID_CONFIG Invalid value soon for configuration retention.ms: Not a number of type LONG',
    )
    expect(now('topic:orders')).toEqual({ 'retention.ms': '5000' })
  })

  test('validateOnly changes nothing', () => {
    const { alter, now } = orders()
    expect(alter(TOPIC, 'orders', [change('retention.ms', SET, '7')], true)).toBe('NONE')
    expect(now('topic:orders')).toEqual({ 'retention.ms': '5000' })
  })

  test.each<[string, ConfigChange[], string]>([
    ['a value below the bound', [change('retention.ms', SET, '-2')], 'INVALID_CONFIG'],
    ['an unknown key', [change('warp', SET, '9')], 'INVALID_CONFIG Unknown topic config name: warp'],
    ['a list operation on a number', [change('retention.ms', APPEND, '1')], 'INVALID_CONFIG'],
    ['a wrong element', [change('cleanup.policy', APPEND, 'shred')], 'INVALID_CONFIG'],
    ['an operation that is none', [change('segment.ms', 9, '1')], 'UNKNOWN_SERVER_ERROR'],
  ])('%s is refused', (_name, changes, wanted) => {
    const { alter, now } = orders()
    expect(alter(TOPIC, 'orders', changes)).toContain(wanted)
    expect(now('topic:orders')).toEqual({ 'retention.ms': '5000' })
  })

  test('that does not exist has no configs', () => {
    expect(orders().alter(TOPIC, 'nope', [])).toBe(
      "UNKNOWN_TOPIC_OR_PARTITION The topic 'nope' does not exist.",
    )
  })

  test('AlterConfigs deletes all configs that are not named', () => {
    const { controller, settle, note, answers, now } = orders()
    const changes = [change('segment.ms', SET, '100')]
    const alteration = { type: TOPIC, name: 'orders', changes, replaces: true }
    controller.alterConfigs([alteration], false, ([answer]) => note('')(answer!))
    settle()
    expect(answers).toEqual([': NONE'])
    expect(now('topic:orders')).toEqual({ 'segment.ms': '100' })
  })
})

describe('a broker', () => {
  test('some configs can be changed while it runs, on one broker or on all', () => {
    const { alter, now } = orders()
    expect(alter(BROKER, '1', [change('log.segment.bytes', SET, '2000000')])).toBe('NONE')
    expect(alter(BROKER, '', [change('log.retention.ms', SET, '6000')])).toBe('NONE')
    expect(now('broker:1')).toEqual({ 'log.segment.bytes': '2000000' })
    expect(now('broker:')).toMatchObject({ 'log.retention.ms': '6000' })
  })

  test('KIP-966: all brokers have the same min.insync.replicas, which cannot be deleted', () => {
    const { alter } = orders()
    const set = change('min.insync.replicas', SET, '1')
    expect(alter(BROKER, '1', [set])).toContain('Broker-level min.insync.replicas cannot be altered')
    expect(alter(BROKER, '', [change('min.insync.replicas', DELETE)])).toContain('cannot be removed')
    expect(alter(BROKER, '', [set])).toBe('NONE')
  })

  test('log levels (BROKER_LOGGER) are not stored in the metadata log', () => {
    expect(orders().alter(BROKER_LOGGER, '1', [])).toContain('INVALID_REQUEST')
  })
})

test("a group's configs must be within the broker's bounds", () => {
  const { alter } = orders()
  const timeout = (ms: string) => alter(GROUP, 'g', [change('consumer.session.timeout.ms', SET, ms)])
  expect(timeout('1')).toContain('must be greater than or equal to group.consumer.min.session.timeout.ms')
  expect(timeout('60001')).toContain('must be less than or equal to group.consumer.max.session.timeout.ms')
  expect(timeout('60000')).toBe('NONE')
})

test('the configs of a topic must fit each other, even if only one of them is new', () => {
  const { alter } = orders()
  expect(alter(TOPIC, 'orders', [change('min.compaction.lag.ms', SET, '100')])).toBe('NONE')
  expect(alter(TOPIC, 'orders', [change('max.compaction.lag.ms', SET, '10')])).toBe(
    'INVALID_CONFIG conflict topic config setting min.compaction.lag.ms (100) > max.compaction.lag.ms (10)',
  )
})

test('duplicate keys and null values are refused for any resource', () => {
  const twice = [change('segment.ms', SET, '1'), change('segment.ms', SET, '2')]
  expect(() => checkForm(twice)).toThrow('Error due to duplicate config keys')
  const nulls = [change('segment.ms', SET), change('retention.ms', DELETE), change('cleanup.policy', APPEND)]
  expect(() => checkForm(nulls)).toThrow('Null value not supported for : segment.ms, cleanup.policy')
})

test('an empty element in APPEND is refused, like in Kafka', () => {
  const { alter, now } = orders()
  expect(alter(TOPIC, 'orders', [change('cleanup.policy', APPEND, '')])).toContain('values must not be empty')
  expect(alter(TOPIC, 'orders', [change('cleanup.policy', APPEND, 'compact,,')])).toBe('NONE')
  expect(now('topic:orders')).toMatchObject({ 'cleanup.policy': 'delete,compact' })
})

test('the interval and the match of a client metrics subscription are checked', () => {
  const { alter } = orders()
  const set = (name: string, value: string) => alter(CLIENT_METRICS, 'm', [change(name, SET, value)])
  expect(set('interval.ms', '99')).toBe(
    'INVALID_REQUEST Invalid value 99 for interval.ms, interval must be between 100 and 3600000 (1 hour)',
  )
  expect(set('match', 'client_id=a.*,colour=red')).toBe(
    'INVALID_CONFIG Illegal client matching pattern: colour=red',
  )
  expect(set('match', 'client_id=[')).toContain('Illegal client matching pattern')
  expect(set('match', 'client_id=a.*')).toBe('NONE')
})

test('a group may have configs before it has members', () => {
  const { alter, now } = orders()
  expect(alter(GROUP, 'g', [change('consumer.session.timeout.ms', SET, '50000')])).toBe('NONE')
  expect(now('group:g')).toEqual({ 'consumer.session.timeout.ms': '50000' })
  expect(alter(GROUP, '', [])).toBe('INVALID_REQUEST Default group resources are not allowed.')
})
