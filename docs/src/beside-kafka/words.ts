import type { Text } from '../i18n/locale'

/**
 * What the bench and its rows are called. They come in English from broker/bench; a row with words that are not here
 * is shown as it is.
 */
const IN_RUSSIAN: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  [/^start$/, 'запуск'],
  [/^memory$/, 'память'],
  [/^produce$/, 'отправка'],
  [/^consume$/, 'чтение'],
  [/^end-to-end$/, 'сквозная задержка'],
  [/^connections$/, 'клиенты'],
  [/^partitions$/, 'партиции'],
  [/^to the first produce/, 'до первой отправки'],
  [/^idle$/, 'в покое'],
  [/^after$/, 'после нагрузки'],
  [/^mean\b/, 'среднее'],
  [/^requests\b/, 'запросы'],
  [
    /\b([\d,]+) idle connections?\b/,
    counted('простаивающее соединение', 'простаивающих соединения', 'простаивающих соединений'),
  ],
  [/\b([\d,]+) connections?\b/, counted('соединение', 'соединения', 'соединений')],
  [/\b([\d,]+) partitions?\b/, counted('партиция', 'партиции', 'партиций')],
  [/\b([\d,]+) clients?\b/, counted('клиент', 'клиента', 'клиентов')],
  [/\b([\d,]+) requests a second\b/, counted('запрос в секунду', 'запроса в секунду', 'запросов в секунду')],
  [/\b(\d+) KB\b/g, '$1 КБ'],
  [/\b(\d+) B\b/g, '$1 Б'],
  [/\bconsumed meanwhile\b/, 'одновременно с чтением'],
  [/\bproduced meanwhile\b/, 'одновременно с отправкой'],
  [/\bone record a request\b/, 'по одной записи в запросе'],
  [/: the broker’s processor time$/, ': процессорное время брокера'],
  [/: created and led$/, ': созданы, у каждой есть лидер'],
  [/: produce\b/, ': отправка'],
  [/: memory$/, ': память'],
  [/: start to the first produce$/, ': от запуска до первой отправки'],
]

const plural = new Intl.PluralRules('ru')
const thousands = new Intl.NumberFormat('ru')

/** A count in English digits with the Russian word for it: `10,000 partitions` → `10 000 партиций`. */
function counted(one: string, few: string, many: string): (found: string, count: string) => string {
  return (_, digits) => {
    const count = Number(digits.replaceAll(',', ''))
    const form = plural.select(count)
    return `${thousands.format(count)} ${form === 'one' ? one : form === 'few' ? few : many}`
  }
}

const UNITS: Readonly<Record<string, Text>> = {
  '/s': { en: 'records/s', ru: 'записей/с' },
  ms: { en: 'ms', ru: 'мс' },
  MB: { en: 'MB', ru: 'МБ' },
}

export function benchWords(text: string): Text {
  return {
    en: text,
    ru: IN_RUSSIAN.reduce((so, [pattern, word]) => so.replace(pattern, word as string), text),
  }
}

export function unitWords(unit: string): Text {
  return UNITS[unit] ?? { en: unit, ru: unit }
}
