import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** The site's folder, and the folders of its pages by language. */
export const SITE = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const FOLDERS = {
  en: join(SITE, 'docs'),
  ru: join(SITE, 'i18n', 'ru', 'docusaurus-plugin-content-docs', 'current'),
}

/**
 * @typedef {{ path: string, frontMatter: Record<string, unknown>, body: string }} Page
 */

/**
 * @param {'en' | 'ru'} locale
 * @returns {string[]} paths of all pages, relative to the language's folder, sorted
 */
export function listPages(locale) {
  return readdirSync(FOLDERS[locale], { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => /\.mdx?$/.test(name))
    .sort()
}

/**
 * @param {'en' | 'ru'} locale
 * @param {string} path
 * @returns {Page}
 */
export function readPage(locale, path) {
  const text = readFileSync(join(FOLDERS[locale], path), 'utf8').replace(/\r\n/g, '\n')
  const found = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)
  if (found === null) throw new Error(`${locale}/${path}: no front matter`)
  return { path, frontMatter: parse(found[1] ?? '') ?? {}, body: found[2] ?? '' }
}

/**
 * The fingerprint of a page's text. Blank lines and line breaks within a paragraph do not count: to reflow is
 * not to change.
 *
 * @param {string} body
 * @returns {string} the first 16 hex digits of a SHA-256
 */
export function sourceHash(body) {
  return createHash('sha256').update(body.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 16)
}
