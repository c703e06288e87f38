import { describe, expect, test } from 'vitest'
import { BrokerConfig } from '../../config/broker-config.ts'
import { checkBrokerChanges, checkIsThisBroker } from './broker-config-decisions.ts'

const [SET, DELETE, APPEND] = [0, 1, 2]

/** How broker 1 checks a change of its own configs, or with the name '' of those of all brokers. */
function answer(key: string, value: string | null, operation = SET, name = '1', settings = {}): string {
  try {
    const changes = [{ name: key, operation, value }]
    checkBrokerChanges(new BrokerConfig(settings), name, new Map(), changes)
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

describe('changes of a running broker', () => {
  test.each([
    ['log.retention.ms', '1000', 'fine'],
    [
      'log.retention.ms',
      '0',
      'requirement failed: log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
    ],
    ['log.roll.ms', '0', 'requirement failed: log.roll.ms must be greater than or equal to 1'],
    ['num.partitions', '3', 'Cannot update these configs dynamically: [num.partitions]'],
    ['no.such.key', 'x', 'fine'],
    [
      'listener.name.internal.max.connections',
      'x',
      'Invalid value x for configuration max.connections: Not a number of type INT',
    ],
    [
      'log.cleaner.dedupe.buffer.size',
      '1',
      'requirement failed: log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.',
    ],
    [
      'principal.builder.class',
      'A',
      'Invalid value A for configuration principal.builder.class: Class A could not be found.',
    ],
    ['listeners', 'x', 'Unable to parse a listener name from x'],
    [
      'listeners',
      'SIDE://:9',
      "Error creating broker listeners from '[SIDE://:9]': No security protocol defined for listener SIDE",
    ],
    [
      'group.consumer.assignment.interval.ms',
      '15001',
      'group.consumer.assignment.interval.ms must be less than or equal to group.consumer.max.assignment.interval.ms',
    ],
  ])('%s=%s', (key, value, wanted) => {
    expect(answer(key, value)).toBe(wanted)
  })

  test('a thread pool may be halved or doubled', () => {
    expect(answer('num.io.threads', '16')).toBe('fine')
    expect(answer('num.io.threads', '17')).toContain('should not be greater than double the current value 8')
    expect(answer('num.io.threads', '3')).toContain('should be at least half the current value 8')
    expect(answer('num.io.threads', '3', SET, '1', { 'num.io.threads': '4' })).toBe('fine')
  })

  test('a per-broker config cannot be set for all brokers', () => {
    expect(answer('listeners', 'PLAINTEXT://:9', SET, '')).toContain(
      'broker id must be specified: [listeners]',
    )
    expect(answer('listener.name.a.max.connections', '9', SET, '')).toBe('fine')
    expect(answer('listener.name.a.ssl.protocol', 'TLS', SET, '')).toContain('broker id must be specified')
    expect(answer('ssl.key.password', 'x')).toContain('only per-listener')
  })

  test('a config can always be deleted', () => {
    expect(answer('num.partitions', null, DELETE)).toBe('fine')
  })

  test('APPEND starts from the default of a list', () => {
    expect(answer('log.cleanup.policy', 'compact', APPEND)).toBe('fine')
    expect(answer('log.retention.ms', '1', APPEND)).toBe(
      'Config value append is not allowed for config key: log.retention.ms',
    )
    expect(answer('no.such.key', '1', APPEND)).toBe('Unknown config name: no.such.key')
  })
})

test('a broker accepts changes of its own configs only', () => {
  expect(() => checkIsThisBroker(1, 'one')).toThrow('Node id must be an integer, but it is: one')
  expect(() => checkIsThisBroker(1, '2147483648')).toThrow('Node id must be an integer')
  expect(() => checkIsThisBroker(1, '2')).toThrow('Unexpected broker id, expected 1, but received 2')
  expect(() => checkIsThisBroker(1, '+01')).not.toThrow()
})
