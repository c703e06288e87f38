import { describe, expect, test } from 'vitest'
import { BrokerConfig } from './broker-config.ts'
import { brokerKey } from './keys/broker-keys.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS, type TopicKey } from './keys/topic-keys.ts'
import { TopicConfig } from './topic-config.ts'

const map = (settings: Record<string, string>) => new Map(Object.entries(settings))

describe('a broker', () => {
  test('BROKER-CONFIG-1: an unknown key and an invalid value are refused, each in one line', () => {
    const refused = (settings: Record<string, string>) => () => new BrokerConfig(settings)
    expect(refused({ 'log.segment.byte': '1' })).toThrow(
      'Unknown configuration log.segment.byte; did you mean log.segment.bytes?',
    )
    expect(refused({ 'segment.log.bytes': '1' })).toThrow('did you mean log.segment.bytes?')
    expect(refused({ warp: '9' })).toThrow(/^Unknown configuration warp$/)
    expect(refused({ 'num.partitions': 'many' })).toThrow(
      'Invalid value many for configuration num.partitions: Not a number of type INT',
    )
  })

  test('the lookup order is: this broker, all brokers, static, default', () => {
    const config = new BrokerConfig({ 'log.segment.bytes': '2000000' })
    const seen = () => [config.get('log.segment.bytes'), config.find('log.segment.bytes').source]
    expect(seen()).toEqual([2_000_000, 'static'])
    config.setDynamic(map({}), map({ 'log.segment.bytes': '3000000' }))
    expect(seen()).toEqual([3_000_000, 'dynamic default broker'])
    config.setDynamic(map({ 'log.segment.bytes': '4000000' }), map({ 'log.segment.bytes': '3000000' }))
    expect(seen()).toEqual([4_000_000, 'dynamic broker'])
    config.setDynamic(map({}), map({}))
    expect(seen()).toEqual([2_000_000, 'static'])
    expect(new BrokerConfig().get('log.segment.bytes')).toBe(1_073_741_824)
  })

  test('BROKER-CONFIG-2: values have the declared types', () => {
    const config = new BrokerConfig()
    expect(config.get('auto.create.topics.enable')).toBe(true)
    expect(config.get('num.partitions')).toBe(1)
    expect(config.get('log.cleanup.policy')).toEqual(['delete'])
    expect(config.get('broker.rack')).toBeNull()
  })
})

describe('a topic', () => {
  const retention = (own: Record<string, string>, settings: Record<string, string> = {}) => {
    const config = new TopicConfig(map(own), new BrokerConfig(settings))
    return [config.get('retention.ms'), config.find('retention.ms').source]
  }

  test('TOPIC-CONFIG-1: uses the value of the broker until it has its own', () => {
    expect(retention({})).toEqual([604_800_000, 'default'])
    expect(retention({}, { 'log.retention.ms': '5' })).toEqual([5, 'static'])
    expect(retention({ 'retention.ms': '7' }, { 'log.retention.ms': '5' })).toEqual([7, 'topic'])
  })

  test("the broker's hours and minutes become milliseconds, and the finest unit applies", () => {
    expect(retention({}, { 'log.retention.hours': '1' })).toEqual([3_600_000, 'static'])
    expect(retention({}, { 'log.retention.hours': '1', 'log.retention.minutes': '2' })).toEqual([
      120_000,
      'static',
    ])
    expect(retention({}, { 'log.retention.minutes': '2', 'log.retention.ms': '3' })).toEqual([3, 'static'])
  })

  test('unlimited is -1 in every unit', () => {
    expect(retention({}, { 'log.retention.hours': '-1' })).toEqual([-1, 'static'])
  })

  test('a dynamic change takes effect at once', () => {
    const broker = new BrokerConfig({ 'message.max.bytes': '100' })
    const topic = new TopicConfig(map({}), broker)
    broker.setDynamic(map({ 'message.max.bytes': '200' }), map({}))
    expect(topic.get('max.message.bytes')).toBe(200)
    expect(topic.candidates('max.message.bytes').map(({ source }) => source)).toEqual([
      'dynamic broker',
      'static',
      'default',
    ])
  })

  test('every synonym is a broker key with the same default as the topic key', () => {
    const config = new TopicConfig(map({}), new BrokerConfig())
    for (const [name, synonyms] of Object.entries(BROKER_SYNONYMS)) {
      for (const synonym of synonyms) expect(brokerKey(synonym), synonym).toBeDefined()
      expect(config.find(name as TopicKey).text, name).toBe(TOPIC_KEYS[name as TopicKey].text)
    }
  })
})
