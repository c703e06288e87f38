/**
 * What the notes mention, what coverage.yaml says about it, and what the pages hold: nothing is missing, and every place
 * exists in both languages.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { labPlace, placeOf, quizPlace, readCoverage } from '../scripts/lib/coverage.mjs'
import { listPages, readPage, SITE } from '../scripts/lib/pages.mjs'
import sidebars from '../sidebars.ts'

/** All that the notes mention. A line may be split into several entries, but not dropped. */
const CONCEPTS =
  'event, message, record, event streaming, message bus between microservices, producer, consumer, queue, FIFO, topic, ' +
  'partition, key, null key, round robin, sticky, offset, committed offset, lag, broker, cluster, bootstrap server, ' +
  'metadata, replica, leader/follower, ISR, consensus, ZooKeeper/quorum, consumer group, rebalance, acks 0/1/all, ' +
  'retries, at-most/at-least/exactly-once, idempotent producer, idempotent consumer, transactions, auto/manual commit, ' +
  'retention by time/size, disk storage, compression, scaling, balancing, throughput/latency, timestamp, headers, ' +
  'checksum, payload, protocol, ordering, fault tolerance'
const TOOLS = [
  'confluentinc/cp-kafka',
  'cp-zookeeper',
  'docker network/run/exec',
  'kafka-topics (create/list/describe/alter)',
  'kafka-console-producer',
  'kafka-console-consumer (--from-beginning, --group)',
  'kafka-clients (Maven)',
  'Kafka Streams API',
  'aiokafka',
  'Jekyll post',
  'HTTP/MQTT',
  'YouTube hbseyn-CfXY',
  'performance-lab.ru',
  'Habr kuper/738634',
  'V. Gamov talk on EOS',
]

const entries = readCoverage()
const locales = ['en', 'ru'] as const

describe('the coverage of the notes', () => {
  it.each([
    ['concept', CONCEPTS.split(', ')],
    ['tool', TOOLS],
  ])('has each %s once', (kind, mentioned) => {
    const answered = entries.filter((entry) => entry.kind === kind).flatMap(({ mentions }) => mentions)
    expect(answered.toSorted()).toEqual(mentioned.toSorted())
  })

  it('says of each entry where it is taught and practised, or what is planned, or why it is outside', () => {
    for (const { id, taught = [], practised, planned, outside } of entries) {
      if (outside !== undefined) {
        expect([taught.length, practised, planned], id).toEqual([0, undefined, undefined])
        continue
      }
      const isPractised = Array.isArray(practised) && practised.length > 0
      expect((taught.length > 0 && isPractised) || planned !== undefined, id).toBe(true)
    }
  })

  const places = entries.flatMap(({ id, taught = [] }) => taught.map((link) => ({ id, link })))
  it.each(places)('$id: $link is there, in both languages', ({ link }) => {
    for (const locale of locales) expect(placeOf(locale, link).text.length).toBeGreaterThan(3)
  })

  const practices = entries.flatMap(({ id, practised }) =>
    practised === undefined || practised === 'planned' ? [] : practised.map((practice) => ({ id, practice })),
  )
  it.each(practices)('$id is practised: $practice', ({ practice }) => {
    for (const locale of locales) {
      if (typeof practice !== 'string') {
        placeOf(locale, practice.at)
        const page = readPage(locale, practice.at.slice(1).split('#')[0]!)
        expect(page.body).toContain(practice.command)
        continue
      }
      const [kind, first = '', question] = practice.split(' ')
      expect(['lab', 'quiz', 'playground']).toContain(kind)
      if (kind === 'lab') labPlace(locale, first)
      if (kind === 'quiz') {
        quizPlace(locale, first)
        expect(questionsOf(first)).toContain(question)
      }
    }
  })

  it('names parts that the sidebar or its plan has', () => {
    const parts = readFileSync(join(SITE, 'sidebars.ts'), 'utf8')
    for (const { id, planned } of entries)
      if (planned !== undefined) expect(parts, id).toContain(`key: '${planned}'`)
  })

  it('fails for a page, a heading, a lab and a quiz that are not there', () => {
    expect(() => placeOf('en', '/nowhere.mdx')).toThrow('no page en/nowhere.mdx')
    expect(() => placeOf('ru', '/start.mdx#nowhere')).toThrow('no heading #nowhere')
    expect(() => labPlace('en', '99')).toThrow('lab 99 has no page')
    expect(() => quizPlace('en', 'nowhere')).toThrow('no page shows the quiz nowhere')
  })
})

describe('the path through the course', () => {
  it('has a place for every page, once', () => {
    const pages = listPages('en').map((path) => path.replace(/\.mdx$/, ''))
    expect(pagesIn(sidebars.course).toSorted()).toEqual(pages.toSorted())
  })

  it('has a Russian name for each of its parts', () => {
    const names = JSON.parse(
      readFileSync(join(SITE, 'i18n/ru/docusaurus-plugin-content-docs/current.json'), 'utf8'),
    ) as Record<string, unknown>
    const parts = readFileSync(join(SITE, 'sidebars.ts'), 'utf8').matchAll(/key: '(\w+)'/g)
    for (const [, key] of parts) expect(Object.keys(names)).toContain(`sidebar.course.category.${key}`)
  })
})

function questionsOf(file: string): string[] {
  const { questions } = parse(readFileSync(join(SITE, 'quizzes', `${file}.yaml`), 'utf8')) as {
    questions: { id: string }[]
  }
  return questions.map(({ id }) => id)
}

/** The ids of the pages of a sidebar, categories included. */
function pagesIn(items: unknown): string[] {
  if (typeof items === 'string') return [items]
  if (Array.isArray(items)) return items.flatMap(pagesIn)
  const { id, items: inner } = items as { id?: string; items?: unknown }
  return id === undefined ? pagesIn(inner) : [id]
}
