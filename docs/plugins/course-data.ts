import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadContext, Plugin } from '@docusaurus/types'
import { parse } from 'yaml'
import { localise } from '../scripts/lib/localise.mjs'

/**
 * Data that components show on pages: the glossary, the quizzes, what each lab checks, and the kill matrix. Every text lies beside its translation ({ en, ru }); a page gets its own language only.
 *
 * Files of the labs are written by `npm run labs:check`; where one is missing its components say so.
 */
export function courseData(context: LoadContext): Plugin<unknown> {
  const site = context.siteDir
  const labs = join(site, '..', 'labs', 'data')
  return {
    name: 'course-data',
    getPathsToWatch: () => [join(site, 'glossary.yaml'), join(site, 'quizzes/*.yaml'), join(labs, '*.json')],
    loadContent: () => ({
      glossary: readYaml(join(site, 'glossary.yaml')),
      quizzes: readQuizzes(join(site, 'quizzes')),
      checks: readIfThere(join(labs, 'checks.json')),
      killMatrix: readIfThere(join(labs, 'kill-matrix.json')),
    }),
    contentLoaded: async ({ content, actions }) => {
      actions.setGlobalData(localise(content, context.i18n.currentLocale))
    },
  }
}

function readYaml(path: string): unknown {
  return parse(readFileSync(path, 'utf8'))
}

function readQuizzes(folder: string): Record<string, unknown> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return Object.fromEntries(files.map((name) => [name.replace('.yaml', ''), readYaml(join(folder, name))]))
}

function readIfThere(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}
