/**
 * Russian typography: where a line of text must not break. A dash stays with the word before it, a
 * preposition or a conjunction of one letter with the word after it, a particle with the word before it, a number with
 * its unit, and the groups of a long number with each other.
 */

const UNITS =
  '%|[КМГТ]и?Б|Б|м?с|байт\\p{L}*|бит\\p{L}*|секунд\\p{L}*|минут\\p{L}*|час\\p{L}*|дн\\p{L}+|день|раз\\p{L}?|' +
  'строк\\p{L}*|слов\\p{L}*|парти\\p{L}+|запис\\p{L}+|пакет\\p{L}*|реплик\\p{L}*|брокер\\p{L}*|ключ\\p{L}*|топик\\p{L}*|' +
  'настро\\p{L}+|сценари\\p{L}+|соединени\\p{L}+|клиент\\p{L}*|смещени\\p{L}+|цифр\\p{L}*'

const NBSP = '\u00a0'
/** White space that may hold a line break; a space that is unbreakable already is left alone. */
const SPACE = '[ \\t\\n]+'

/** @type {[RegExp, string][]} */
const RULES = [
  [new RegExp(`${SPACE}(?=[—–](?:\\s|$))`, 'gu'), NBSP],
  [new RegExp(`(^|[\\s(«„"])([аивкосуя])${SPACE}`, 'giu'), `$1$2${NBSP}`],
  [new RegExp(`${SPACE}(?=(?:бы|б|ли|же|ж)(?:[\\s.,;:!?)»]|$))`, 'gu'), NBSP],
  [new RegExp(`(\\d)${SPACE}(?=(?:${UNITS})(?:[^\\p{L}]|$))`, 'gu'), `$1${NBSP}`],
  [new RegExp(`(\\d)${SPACE}(?=\\d{3}(?:\\D|$))`, 'gu'), `$1${NBSP}`],
  [new RegExp(`(№|Kafka|Java|Node|верси\\p{L}+|лабораторн\\p{L}+)${SPACE}(?=\\d)`, 'giu'), `$1${NBSP}`],
]

/**
 * @param {string} text Russian text; line breaks count as spaces
 * @returns {string} the same text with spaces that do not break where a line must not end
 */
export function bindWords(text) {
  // Twice: «и в доме» shares the space between two short words.
  const once = RULES.reduce((so, [pattern, put]) => so.replace(pattern, put), text)
  return RULES.reduce((so, [pattern, put]) => so.replace(pattern, put), once)
}

/**
 * @param {string} text text with `code` between backticks, as data holds it
 * @returns {string} bound outside of the code only
 */
export function bindProse(text) {
  return text
    .split('`')
    .map((part, place) => (place % 2 === 1 ? part : bindWords(part)))
    .join('`')
}
