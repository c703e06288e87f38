/** Our keys beside those in Kafka's own jars: names, types, defaults, which are internal. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findKafkaTools } from '../../test/kafka-tools.ts'
import { BROKER_KEYS } from './broker-config.ts'
import type { ConfigKeys } from './config-key.ts'
import { GROUP_KEYS } from './group-keys.ts'
import { TOPIC_KEYS } from './topic-keys.ts'

const tools = findKafkaTools()
if ('missing' in tools) console.warn(`The comparison of config keys is left out: ${tools.missing}`)

/** Every key of a kind as `name TYPE default internal`. */
function kafkas(kind: string, folder: string): string[] {
  const program = join(import.meta.dirname, '../../test/ConfigKeys.java')
  const printed = execFileSync('java', ['-cp', `${folder}/*`, program], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return printed
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([each]) => each === kind)
    .map((columns) => columns.slice(1).join(' '))
    .sort()
}

function ours(keys: ConfigKeys): string[] {
  return Object.entries(keys)
    .map(([name, { type, text, internal }]) => `${name} ${type.toUpperCase()} ${text} ${internal === true}`)
    .sort()
}

describe.skipIf('missing' in tools)('Apache Kafka 4.3', () => {
  test.each<[string, ConfigKeys]>([
    ['broker', BROKER_KEYS],
    ['topic', TOPIC_KEYS],
    ['group', GROUP_KEYS],
  ])('has the same %s keys', (kind, keys) => {
    const folder = 'missing' in tools ? '' : tools.folder
    expect(ours(keys)).toEqual(kafkas(kind, folder))
  })
})
