import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { listPages, readPage, SITE } from './pages.mjs'

/**
 * @typedef {{ en: string, ru: string }} Text
 * @typedef {string | { command: string, at: string }} Practice
 * @typedef {{
 *   id: string, kind: 'concept' | 'tool', name: Text, mentions: string[],
 *   taught?: string[], practised?: Practice[] | 'planned', planned?: string, outside?: Text
 * }} Entry an entry of coverage.yaml; its head says what the fields are
 * @typedef {{ text: string, to: string }} Place a link to a page, or to a heading of it
 */

/** @returns {Entry[]} */
export function readCoverage() {
  return parse(readFileSync(join(SITE, 'coverage.yaml'), 'utf8')).entries
}

/**
 * The place that a link like `/folder/page.mdx#heading` leads to, in the words of that page.
 *
 * @param {'en' | 'ru'} locale
 * @param {string} link
 * @returns {Place} `text` is the title of the page and, if the link names one, the heading
 * @throws {Error} when there is no such page or heading
 */
export function placeOf(locale, link) {
  const [file = '', anchor] = link.split('#')
  const path = file.slice(1)
  if (!listPages(locale).includes(path)) throw new Error(`coverage: no page ${locale}/${path}`)
  const { frontMatter, body } = readPage(locale, path)
  const to = `${file.replace(/(index)?\.mdx$/, '')}/`.replace('//', '/')
  const title = String(frontMatter.title)
  if (anchor === undefined) return { text: title, to }
  const heading = headingOf(body, anchor)
  if (heading === undefined) throw new Error(`coverage: no heading #${anchor} in ${locale}/${path}`)
  return { text: `${title}: ${heading}`, to: `${to}#${anchor}` }
}

/**
 * @param {string} body
 * @param {string} anchor
 * @returns {string | undefined} the heading's text without markup
 */
function headingOf(body, anchor) {
  for (const [, text, id] of body.matchAll(/^#{2,4} (.*?) \{\/\* #([\w-]+) \*\/\}$/gm))
    if (id === anchor) return text?.replace(/[`*]/g, '')
  return undefined
}

/**
 * The page of a lab, by its number.
 *
 * @param {'en' | 'ru'} locale
 * @param {string} number 'NN'
 * @returns {Place}
 */
export function labPlace(locale, number) {
  const path = listPages(locale).find((name) => name.startsWith(`labs/${number}-`))
  if (path === undefined) throw new Error(`coverage: lab ${number} has no page`)
  return placeOf(locale, `/${path}`)
}

/**
 * The page that shows a quiz.
 *
 * @param {'en' | 'ru'} locale
 * @param {string} file
 * @returns {Place}
 */
export function quizPlace(locale, file) {
  const path = listPages(locale).find((name) => readPage(locale, name).body.includes(`<Quiz file="${file}"`))
  if (path === undefined) throw new Error(`coverage: no page shows the quiz ${file}`)
  return placeOf(locale, `/${path}#quiz`)
}
