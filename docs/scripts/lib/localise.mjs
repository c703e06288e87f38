import { bindProse } from './typography.mjs'

/**
 * Replaces every { en, ru } pair in a tree of data by the text of one language; Russian text gets its
 * unbreakable spaces.
 *
 * @param {unknown} value any JSON-like tree
 * @param {string} locale 'en' or 'ru'
 * @returns {unknown} the same tree in one language
 */
export function localise(value, locale) {
  if (Array.isArray(value)) return value.map((item) => localise(item, locale))
  if (value === null || typeof value !== 'object') return value
  const keys = Object.keys(value).sort().join()
  if (keys === 'en,ru') return bound(value[locale], locale)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, localise(item, locale)]))
}

/**
 * @param {unknown} text
 * @param {string} locale
 */
function bound(text, locale) {
  return locale === 'ru' && typeof text === 'string' ? bindProse(text) : text
}
