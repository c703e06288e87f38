import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BROKER_KEYS } from './broker-keys.ts'
import { documentationOf } from './key-docs.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS } from './topic-keys.ts'

test('a topic key is explained, and the broker key that stands for it says so', () => {
  expect(documentationOf('retention.ms')).toMatch(/^How long, in milliseconds, records are kept/)
  expect(documentationOf('log.retention.hours')).toMatch(
    /^The default of the topics' retention\.ms\. How long/,
  )
})

test('what has no effect is said to have none, and why', () => {
  expect(documentationOf('sasl.jaas.config')).toBe(
    'Known, and without effect: only PLAINTEXT is spoken here.',
  )
  expect(documentationOf('metrics.num.samples')).toBe('Known, and without effect here.')
})

/** All of the broker's source outside this folder, and without tests. */
function source(): string {
  const root = join(import.meta.dirname, '..')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('config'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n')
}

test('Y1: a key is explained if, and only if, the broker looks at it', () => {
  const text = source()
  const kin = (name: string) =>
    Object.entries(BROKER_SYNONYMS)
      .map(([topicKey, synonyms]) => [topicKey, ...synonyms])
      .find((names) => names.includes(name)) ?? [name]
  const isRead = (name: string) => kin(name).some((each) => text.includes(`'${each}'`))
  const isExplained = (name: string) => !documentationOf(name).startsWith('Known')
  const names = [...Object.keys(BROKER_KEYS), ...Object.keys(TOPIC_KEYS)].filter(
    (name) => !BY_OTHERS.includes(name),
  )
  expect(names.filter((name) => isExplained(name) !== isRead(name))).toEqual([])
})

/** Written without quotes by the runtime; written into records that mean nothing here; not acted on by the log yet. */
const BY_OTHERS = [
  'listeners',
  ...['compression.type', 'unclean.leader.election.enable'],
  ...['flush.ms', 'log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
]
