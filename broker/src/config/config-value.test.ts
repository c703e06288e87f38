import { describe, expect, test } from 'vitest'
import { bool, type ConfigKey, double, int, list, long, password, short, string } from './config-key.ts'
import { parseValue } from './config-value.ts'
import { BROKER_KEYS } from './keys/broker-keys.ts'
import { GROUP_KEYS } from './keys/group-keys.ts'
import { TOPIC_KEYS } from './keys/topic-keys.ts'

/** The parsed value, or the error text after the name of the key. */
function outcome(key: ConfigKey<unknown>, text: string): unknown {
  try {
    return parseValue('k', key, text)
  } catch (error) {
    return (error as Error).message.replace(/^Invalid value .* for configuration k: /s, '')
  }
}

describe('CONFIG-VALUE-2: a value that the declaration does not allow is refused with the text of Kafka', () => {
  test.each<[string, ConfigKey<unknown>, string, unknown]>([
    ['boolean', bool(true), ' TRUE ', true],
    ['boolean', bool(true), 'yes', 'Expected value to be either true or false'],
    ['int', int(1), '-2147483648', -2_147_483_648],
    ['int', int(1), '2147483648', 'Not a number of type INT'],
    ['int', int(1), '1.5', 'Not a number of type INT'],
    ['int', int(1), '', 'Not a number of type INT'],
    ['int', int(1, { min: 1 }), '0', 'Value must be at least 1'],
    ['int', int(1, { max: 9 }), '10', 'Value must be no more than 9'],
    ['int', int(-1, { min: -1, max: 9, except: 0 }), '0', 'Value must be between 1 and 9 or equal to -1'],
    ['short', short(1), '32768', 'Not a number of type SHORT'],
    ['long', long(1), '9223372036854775807', 2 ** 63],
    ['long', long(1), '9223372036854775808', 'Not a number of type LONG'],
    ['double', double(0.5, { min: 0, max: 1 }), '0.25', 0.25],
    ['double', double(0.5), 'half', 'Not a number of type DOUBLE'],
    ['list', list(''), ' a , b ', ['a', 'b']],
    ['list', list('a'), '', []],
    ['list', list('', { oneOf: ['a', 'b'] }), 'a,c', 'String must be one of: a, b'],
    ['string', string('a', { oneOf: ['a', 'b'] }), 'c', 'String must be one of: a, b'],
    ['password', password(), ' as it is ', ' as it is '],
  ])('%s %j %j', (_type, key, text, wanted) => {
    expect(outcome(key, text)).toEqual(wanted)
  })

  test('the whole error text', () => {
    const key = TOPIC_KEYS['segment.bytes']
    const line = 'Invalid value -5 for configuration segment.bytes: Value must be at least 1048576'
    expect(() => parseValue('segment.bytes', key, '-5')).toThrow(line)
  })
})

test('CONFIG-VALUE-1: every default is valid by its own declaration', () => {
  for (const keys of [BROKER_KEYS, TOPIC_KEYS, GROUP_KEYS]) {
    for (const [name, key] of Object.entries(keys)) {
      if (key.text !== null) expect(() => parseValue(name, key, key.text), name).not.toThrow()
    }
  }
})
