import { join } from 'node:path'
import type { LoadContext, Plugin } from '@docusaurus/types'
import {
  type Entry,
  labPlace,
  type Place,
  type Practice,
  placeOf,
  quizPlace,
  readCoverage,
} from '../scripts/lib/coverage.mjs'
import { localise } from '../scripts/lib/localise.mjs'

/**
 * The table of coverage.yaml for its page, in the page's language and with the titles of the pages that it names. A
 * place that does not exist fails the build.
 */
export function coverage(context: LoadContext): Plugin<unknown> {
  return {
    name: 'coverage',
    getPathsToWatch: () => [join(context.siteDir, 'coverage.yaml')],
    loadContent: () => {
      const locale = context.i18n.currentLocale === 'ru' ? 'ru' : 'en'
      return readCoverage().map((entry) => rowOf(locale, entry))
    },
    contentLoaded: async ({ content, actions }) => {
      const rows = localise(content, context.i18n.currentLocale)
      await actions.createData('coverage.json', JSON.stringify(rows))
    },
  }
}

function rowOf(locale: 'en' | 'ru', { id, kind, name, taught, practised, planned, outside }: Entry): unknown {
  const practices = practised === 'planned' || practised === undefined ? [] : practised
  return {
    id,
    kind,
    name,
    taught: (taught ?? []).map((link) => placeOf(locale, link)),
    practised: practices.map((practice) => practiceOf(locale, practice)),
    planned,
    outside,
  }
}

/** A command is shown as it is typed; all else is a link. */
function practiceOf(locale: 'en' | 'ru', practice: Practice): Place & { command?: string } {
  if (typeof practice !== 'string') return { ...placeOf(locale, practice.at), command: practice.command }
  const [kind, first = ''] = practice.split(' ')
  if (kind === 'lab') return labPlace(locale, first)
  if (kind === 'quiz') return quizPlace(locale, first)
  return placeOf(locale, '/playground.mdx')
}
