import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BROKER_KEYS } from './broker-keys.ts'
import { CLIENT_METRICS_KEYS } from './client-metrics-keys.ts'
import { GROUP_KEYS } from './group-keys.ts'
import { allKeys, keptKeys } from './kept-keys.ts'
import { documentationOf } from './key-docs.ts'
import { THROTTLE_KEYS } from './throttle-keys.ts'
import { BROKER_SYNONYMS, TOPIC_KEYS } from './topic-keys.ts'
import { reasonFor, WITHOUT_EFFECT } from './without-effect.ts'

const NAMES = [BROKER_KEYS, TOPIC_KEYS, GROUP_KEYS, CLIENT_METRICS_KEYS, THROTTLE_KEYS].flatMap((keys) =>
  Object.keys(keys),
)

test('a topic key is documented, and its broker key refers to it', () => {
  expect(documentationOf('retention.ms')).toMatch(/^How long, in milliseconds, records are kept/)
  expect(documentationOf('log.retention.hours')).toMatch(
    /^The default of the topics' retention\.ms\. How long/,
  )
})

test('a key without effect is documented as such, with the reason', () => {
  expect(documentationOf('sasl.jaas.config')).toBe(
    'Kept, without effect here, because only PLAINTEXT is supported here.',
  )
})

test('KEY-DOCS-1: every key has a sentence', () => {
  expect(NAMES.filter((name) => documentationOf(name) === '')).toEqual([])
})

/** All of the broker's source outside the folder of configs, and without tests. */
function source(): string {
  const root = join(import.meta.dirname, '../..')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('config'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n')
}

/** Bounds of groups' settings, whose names are put together (group-checks.ts); written without quotes by the runtime. */
const READ_OTHERWISE = /^group\.consumer\.(min|max)\.\w+\.(interval|timeout)\.ms$|^listeners$/
/** Judged, or written into the settings of internal topics, where it means nothing either. */
const ONLY_NAMED = ['config.providers', 'num.network.threads']

test('WITHOUT-EFFECT-1: a key has no effect, and a reason, if and only if the broker does not read it', () => {
  const text = source()
  const kin = (name: string) =>
    Object.entries(BROKER_SYNONYMS)
      .map(([topicKey, synonyms]) => [topicKey, ...synonyms])
      .find((names) => names.includes(name)) ?? [name]
  const isRead = (name: string) =>
    READ_OTHERWISE.test(name) || kin(name).some((each) => text.includes(`'${each}'`))
  const disagree = NAMES.filter((name) => !ONLY_NAMED.includes(name)).filter(
    (name) => isRead(name) === (reasonFor(name) !== undefined),
  )
  expect(disagree).toEqual([])
  for (const name of ONLY_NAMED) expect(reasonFor(name), name).toBeDefined()
})

const matches = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name)

test('WITHOUT-EFFECT-2: of several reasons that list a key the first applies', () => {
  const reasonsOf = (name: string) =>
    WITHOUT_EFFECT.filter(({ keys }) => keys.some((pattern) => matches(pattern, name)))
  const several = NAMES.filter((name) => reasonsOf(name).length > 1)
  expect(several.length).toBeGreaterThan(0)
  for (const name of several) expect(reasonFor(name), name).toBe(reasonsOf(name)[0])
})

test('every pattern of a reason matches a key', () => {
  const patterns = WITHOUT_EFFECT.flatMap(({ keys }) => keys)
  expect(patterns.filter((pattern) => !NAMES.some((name) => matches(pattern, name)))).toEqual([])
})

test('the list of all keys has each key once, with the reason in both languages if it has no effect', () => {
  const all = allKeys()
  const ids = all.map(({ scope, name }) => `${scope} ${name}`)
  expect(new Set(ids).size).toBe(ids.length)
  const shown = Object.values({ ...BROKER_KEYS }).filter((key) => !('internal' in key && key.internal))
  expect(all.filter(({ scope }) => scope === 'broker')).toHaveLength(shown.length)
  expect(all.find(({ name }) => name === 'log.segment.bytes')).toEqual({
    name: 'log.segment.bytes',
    scope: 'broker',
    type: 'int',
    default: '1073741824',
    update: 'cluster-wide',
    documentation: documentationOf('log.segment.bytes'),
  })
  const kept = keptKeys()
  expect(kept.length).toBeGreaterThan(150)
  expect(kept.length).toBeLessThan(all.length)
  for (const { name, reason } of kept) {
    expect(reason.en, name).toMatch(/^[a-z]/i)
    expect(reason.ru, name).toMatch(/[а-я]/)
  }
})
