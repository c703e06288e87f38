import { describe, expect, it } from 'vitest'
import { addressOf } from './internet-address.ts'

describe('an address', () => {
  it.each([
    [
      '127.0.0.1',
      [
        '127.0.0.1',
        '127.1',
        '127.0.1',
        '2130706433',
        '127.0.0.01',
        'localhost',
        'LocalHost',
        '::ffff:127.0.0.1',
        '[::FFFF:7f00:1]',
      ],
    ],
    ['17.0.0.1', ['017.0.0.1', '17.1']],
    ['255.255.255.255', ['4294967295', '255.16777215', '255.255.65535']],
    ['0:0:0:0:0:0:0:1', ['::1', '[::1]', '0:0:0:0:0:0:0:00001', '::0.0.0.1', '0::1']],
    ['1:2:3:4:5:6:7:8', ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:0.7.0.8']],
    ['0:0:0:0:0:0:0:0', ['::', '0::']],
    ['fe80:0:0:0:0:0:0:1%1', ['fe80::1%1', '[FE80::1%1]']],
  ])('%s is written in many ways', (address, texts) => {
    for (const text of texts) expect([text, addressOf(text)]).toEqual([text, address])
  })

  it.each([
    ['numbers that are too large', ['4294967296', '256.1.1.1', '1.2.3.999', '1.2.65536', '1.16777216']],
    [
      'numbers that are none',
      ['', '.', '1.', '.1', '1..2', '1.2.3.', '1.2.3.4.5', '0x7f.1', '-1', '+1', '1.-1', ' 1', '1 '],
    ],
    [
      'groups that are none',
      [
        ':',
        ':::',
        '1::2::3',
        '12345::',
        'g::',
        '::ffff:1.2.3',
        '1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7:8:9',
        '1:2:3:4:5:6:7:8::',
      ],
    ],
    ['brackets and scopes', ['[127.0.0.1]', '[::1', '[]', '::1%', 'fe80::1%no-such-card', '1.2.3.4%1']],
    ['names', ['abc', 'no-such-host.invalid', 'localhost.', 'ü', 'a b', '-', '%']],
  ])('is not made of %s', (_, texts) => {
    for (const text of texts) expect([text, addressOf(text)]).toEqual([text, undefined])
  })
})
