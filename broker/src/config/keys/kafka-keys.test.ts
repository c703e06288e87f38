/** Compares our keys with those in Kafka's jars: names, types, defaults, update modes, validation. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { findKafkaTools } from '../../../test/kafka-tools.ts'
import type { ConfigKeys } from '../config-key.ts'
import { parseValue } from '../config-value.ts'
import { BROKER_KEYS } from './broker-keys.ts'
import { CLIENT_METRICS_KEYS } from './client-metrics-keys.ts'
import { GROUP_KEYS } from './group-keys.ts'
import { TOPIC_KEYS } from './topic-keys.ts'

const tools = findKafkaTools()
if ('missing' in tools) console.warn(`The comparison of config keys is left out: ${tools.missing}`)

const KINDS: readonly [kind: string, keys: ConfigKeys][] = [
  ['broker', BROKER_KEYS],
  ['topic', TOPIC_KEYS],
  ['group', GROUP_KEYS],
  ['client metrics', CLIENT_METRICS_KEYS],
]

/** Keys whose default differs from Kafka's, with Kafka's default: see the ledger of `compare`. */
const OTHER_DEFAULTS: Readonly<Record<string, string>> = { 'queued.max.request.bytes': '-1' }

const NUMBERS = ['0', '-1', '1', ' 2 ', '+1', '3', '6', '10', '99', '1000', '32768', '100000', '-100000000']
const FAR = [
  '2147483648',
  '10000000000',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
]
const ODD = [
  '',
  ' ',
  'x',
  ' y ',
  '1.5',
  '-0.5',
  '0.75',
  '1e3',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '1d',
  '.5',
  '5.',
]
const WORDS = ['true', 'TRUE', ' false ', 'gzip', 'GZIP', 'compact', 'delete,compact', 'CreateTime', 'es256']
const MORE = [
  'earliest',
  'read_committed',
  'by_duration:PT1S',
  'by_duration:-PT1S',
  'by_duration:P1DT2H',
  'upgrade',
]
const LISTS = [
  'a,b',
  'a,a',
  'a,,b',
  ',',
  'delete, delete',
  '*',
  '0:1,1:2',
  '0:1:2',
  'producer,',
  '1@h:1',
  'h:1,g:2',
]
const SAMPLES = [...NUMBERS, ...FAR, ...ODD, ...WORDS, ...MORE, ...LISTS]

function outcome(name: string, key: ConfigKeys[string], sample: string): string {
  try {
    parseValue(name, key, sample)
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

describe.skipIf('missing' in tools)('Apache Kafka 4.3', () => {
  let rows: string[][] = []
  beforeAll(() => {
    const program = join(import.meta.dirname, '../../../test/ConfigKeys.java')
    const folder = 'missing' in tools ? '' : tools.folder
    const printed = execFileSync('java', ['-cp', `${folder}/*`, program, ...SAMPLES], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 << 20,
    })
    rows = printed.split('\n').map((line) => line.split('\t'))
  }, 60_000)
  const ofKind = (what: string, wanted: string) =>
    rows.filter(([row, kind]) => row === what && kind === wanted).map(([, , ...columns]) => columns)

  test.each(KINDS)('has the same %s keys', (kind, keys) => {
    const ours = Object.entries(keys).map(([name, { type, text, internal, importance, update }]) => {
      const rank = (importance ?? 'medium').toUpperCase()
      const shown = OTHER_DEFAULTS[name] ?? `${text}`
      return [name, type.toUpperCase(), shown, `${internal === true}`, rank, update ?? 'read-only'].join(' ')
    })
    expect(ours.sort()).toEqual(
      ofKind('key', kind)
        .map((columns) => columns.join(' '))
        .sort(),
    )
  })

  test.each(KINDS)('accepts and refuses the same values of %s keys, with the same texts', (kind, keys) => {
    const theirs = ofKind('value', kind)
    expect(theirs.length).toBeGreaterThan(100)
    const differences = theirs.flatMap(([name, sample, said]) => {
      const ours = outcome(name!, keys[name!]!, sample!)
      return ours === said ? [] : [{ name, sample, ours, said }]
    })
    expect(differences).toEqual([])
  })
})
