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
  [/^to the first produce/, 'до первой записи'],
  [/^idle$/, 'в покое'],
  [/^after$/, 'после нагрузки'],
  [/^mean\b/, 'среднее'],
  [/\b1 idle connection\b/, '1 простаивающее соединение'],
  [/\b(\d+) idle connections\b/, '$1 простаивающих соединений'],
  [/\b10,000 partitions\b/, '10 000 партиций'],
  [/\b1 partition\b/, '1 партиция'],
  [/\b(\d+) partitions\b/, '$1 партиций'],
  [/\b1 connection\b/, '1 соединение'],
  [/\b(\d+) connections\b/, '$1 соединений'],
  [/\b(\d+) KB\b/g, '$1 КБ'],
  [/\b(\d+) B\b/g, '$1 Б'],
  [/\bconsumed meanwhile\b/, 'одновременно с чтением'],
  [/\bproduced meanwhile\b/, 'одновременно с записью'],
  [/^connections$/, 'клиенты'],
  [/^partitions$/, 'партиции'],
  [/\b(\d),000 requests a second\b/, '$1000 запросов в секунду'],
  [/^requests\b/, 'запросы'],
  [/\b1 client\b/, '1 клиент'],
  [/\b(\d+) clients\b/, '$1 клиентов'],
  [/\bone record a request\b/, 'по записи в запросе'],
  [/: the broker’s processor time$/, ': процессорное время брокера'],
  [/: created and led$/, ': созданы, у каждой есть лидер'],
  [/: produce\b/, ': запись'],
  [/: memory$/, ': память'],
  [/: start to the first produce$/, ': от запуска до первой записи'],
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
