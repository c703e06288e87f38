import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs'

/**
 * The course as a path: a chapter, its check at the end of the page, its lab, then the next chapter. Behind the path
 * stands what is looked up.
 *
 * A page that is named here and does not exist yet is left out, and so is a part without pages: a new chapter or lab
 * takes its place when its page is written. docs/tests/coverage.test.ts says if a page has no place.
 */
const PATH: readonly { key: string; label: string; items: readonly string[] }[] = [
  {
    key: 'basics',
    label: 'Basics',
    items: [
      'basics/what-kafka-is',
      'basics/topic-partition-offset',
      'labs/01',
      'basics/keys-and-partitions',
      'labs/02',
    ],
  },
  { key: 'producers', label: 'Producers', items: ['producers/batching-and-acks', 'labs/06'] },
  {
    key: 'consumers',
    label: 'Consumers',
    items: ['consumers/poll-position-commit', 'labs/04', 'consumers/groups', 'labs/05'],
  },
  {
    key: 'delivery',
    label: 'Delivery',
    items: [
      'delivery/at-most-and-at-least-once',
      'labs/07',
      'labs/08',
      'delivery/transactions',
      'labs/09',
      'delivery/retries-and-dead-letters',
      'labs/11',
      'delivery/outbox',
      'labs/12',
    ],
  },
  {
    key: 'storage',
    label: 'Storage',
    items: ['storage/the-record', 'storage/segments-and-retention', 'storage/compaction', 'labs/10'],
  },
  { key: 'cluster', label: 'Cluster', items: ['cluster/brokers-and-metadata', 'cluster/replicas-and-isr'] },
  {
    key: 'operations',
    label: 'Operations',
    items: ['operations/command-line', 'labs/13', 'operations/watch-and-configure', 'operations/performance'],
  },
  {
    key: 'around',
    label: 'Around Kafka',
    items: ['around/streams', 'around/connect', 'around/clients', 'around/security', 'around/when-not-kafka'],
  },
  { key: 'building', label: 'Build a broker', items: ['building/append-only-log', 'labs/03'] },
  { key: 'beside', label: 'Beside you', items: ['progress', 'playground', 'real-kafka'] },
  { key: 'reference', label: 'Reference', items: ['glossary', 'coverage', 'how-close', 'kept-keys'] },
]

const PAGES = join(__dirname, 'docs')
const LABS = readdirSync(join(PAGES, 'labs'))

/** The page of an item, 'labs/04' standing for that of lab 04; undefined: not written yet. */
function pageOf(item: string) {
  const lab = /^labs\/(\d\d)$/.exec(item)?.[1]
  if (lab === undefined) return existsSync(join(PAGES, `${item}.mdx`)) ? item : undefined
  const file = LABS.find((name) => name.startsWith(`${lab}-`))
  if (file === undefined) return undefined
  return { type: 'doc' as const, id: `labs/${file.replace('.mdx', '')}`, className: 'oz-lab' }
}

const parts = PATH.map(({ key, label, items }) => ({
  type: 'category' as const,
  key,
  label,
  collapsible: false,
  items: items.map(pageOf).filter((id) => id !== undefined),
}))

const sidebars: SidebarsConfig = {
  course: ['start', 'labs/index', ...parts.filter(({ items }) => items.length > 0)],
}

export default sidebars
