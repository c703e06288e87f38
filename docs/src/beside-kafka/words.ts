import type { Text } from '../i18n/locale'

/**
 * What the bench and its rows are called. They come in English from broker/bench; a row with words that are not here
 * is shown as it is.
 */
const IN_RUSSIAN: readonly (readonly [RegExp, string])[] = [
  [/^start$/, 'запуск'],
  [/^memory$/, 'память'],
  [/^produce$/, 'запись'],
  [/^consume$/, 'чтение'],
  [/^end-to-end$/, 'из конца в конец'],
  [/to the first produce/, 'до первой записи'],
  [/^idle$/, 'в покое'],
  [/^after$/, 'после нагрузки'],
  [/^mean\b/, 'среднее'],
  [/\b1 idle connection\b/, '1 простаивающее соединение'],
  [/\b(\d+) idle connections\b/, '$1 простаивающих соединений'],
  [/\b1 partition\b/, '1 партиция'],
  [/\b(\d+) partitions\b/, '$1 партиций'],
  [/\b1 connection\b/, '1 соединение'],
  [/\b(\d+) connections\b/, '$1 соединений'],
  [/\b(\d+) KB\b/g, '$1 КБ'],
  [/\b(\d+) B\b/g, '$1 Б'],
  [/\bwhile producing\b/, 'во время записи'],
  [/\bcold\b/, 'с холодного начала'],
]

const UNITS: Readonly<Record<string, Text>> = {
  '/s': { en: 'records/s', ru: 'записей/с' },
  ms: { en: 'ms', ru: 'мс' },
  MB: { en: 'MB', ru: 'МБ' },
}

export function benchWords(text: string): Text {
  return { en: text, ru: IN_RUSSIAN.reduce((so, [pattern, word]) => so.replace(pattern, word), text) }
}

export function unitWords(unit: string): Text {
  return UNITS[unit] ?? { en: unit, ru: unit }
}
