import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadContext, Plugin } from '@docusaurus/types'
import { LEDGER } from '../../broker/compare/ledger/all.ts'
import type { LedgerEntry, Reason } from '../../broker/compare/ledger/entry.ts'
import { allKeys, keptKeys } from '../../broker/src/config/keys/kept-keys.ts'
import { localise } from '../scripts/lib/localise.mjs'

/**
 * How we stand beside Apache Kafka: the ledger of known differences, what was compared, how fast, and the settings
 * that have no effect here. Only the pages that show it load it: a module each, `@generated/kafka-data/default/…`,
 * instead of data that every page of the site carries.
 *
 * What a run leaves behind (results of compare and bench) may be missing, or of another age: components say so.
 */
export function kafkaData(context: LoadContext): Plugin<unknown> {
  const broker = join(context.siteDir, '..', 'broker')
  const results = {
    compare: join(broker, 'compare', 'results', 'latest.json'),
    bench: join(broker, 'bench', 'results', 'latest.json'),
  }
  return {
    name: 'kafka-data',
    getPathsToWatch: () => Object.values(results),
    loadContent: () => ({
      'ledger.json': ledgerByReason(),
      'compare.json': readIfThere(results.compare),
      'bench.json': readIfThere(results.bench),
      'kept-keys.json': settings(),
    }),
    contentLoaded: async ({ content, actions }) => {
      for (const [name, data] of Object.entries(content as Record<string, unknown>))
        await actions.createData(name, JSON.stringify(localise(data, context.i18n.currentLocale)))
    },
  }
}

/** One difference often shows in many fields: entries with the same reason stand together. */
function ledgerByReason(): { reason: Reason; entries: Omit<LedgerEntry, 'reason'>[] }[] {
  const groups = new Map<string, { reason: Reason; entries: Omit<LedgerEntry, 'reason'>[] }>()
  for (const { reason, ...entry } of LEDGER) {
    const group = groups.get(reason.en) ?? { reason, entries: [] }
    groups.set(reason.en, group)
    group.entries.push(entry)
  }
  return [...groups.values()]
}

function readIfThere(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
}

/** What the page of settings shows; English documentation of each key is left behind. */
function settings(): unknown {
  const keys = keptKeys().map(({ name, scope, type, default: usual, reason }) => ({
    name,
    scope,
    type,
    default: usual,
    reason,
  }))
  return { known: allKeys().length, keys }
}
