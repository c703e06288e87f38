import type { Text } from '../../i18n/locale'
import type { Fit, Need, Tool } from './choose'

/** Texts of the figure of the chapter on what Kafka is not for. */
export const chooseWords = {
  needs: { en: 'My case needs', ru: 'Мне нужно' },
  nothing: {
    en: 'Tick something: then it gets interesting.',
    ru: 'Отметьте хоть что-нибудь: так интереснее.',
  },
  left: { en: 'Left: {tools}.', ru: 'Остаётся: {tools}.' },
  none: {
    en: 'No single one does all of this. Take two: each for what it does well.',
    ru: 'Всё сразу не умеет ни одна система. Возьмите две — каждую для своего.',
  },
} satisfies Record<string, Text>

export const needWords: Readonly<Record<Need, Text>> = {
  readers: { en: 'many readers that do not know each other', ru: 'много читателей, не знающих друг о друге' },
  replay: { en: 'to read again what was read', ru: 'перечитать уже прочитанное' },
  keyOrder: { en: 'order for each key', ru: 'порядок по каждому ключу' },
  throughput: { en: 'hundreds of thousands of records a second', ru: 'сотни тысяч записей в секунду' },
  tasks: {
    en: 'tasks: each takes seconds or minutes, order does not matter',
    ru: 'задачи: каждая на секунды или минуты, порядок не важен',
  },
  delay: { en: '“deliver in two hours”', ru: '«доставить через два часа»' },
  reply: { en: 'an answer, now', ru: 'ответ, и сразу' },
  devices: {
    en: 'devices or browsers that come and go',
    ru: 'устройства или браузеры, которые то в сети, то нет',
  },
  lookup: { en: 'to look up by key', ru: 'искать по ключу' },
  large: { en: 'files of many megabytes', ru: 'файлы на много мегабайт' },
  fewMessages: { en: 'a hundred messages a day', ru: 'сто сообщений в день' },
}

export const toolWords: Readonly<Record<Tool, Text>> = {
  kafka: { en: 'Kafka', ru: 'Kafka' },
  queue: { en: 'a queue', ru: 'очередь' },
  database: { en: 'a database', ru: 'база данных' },
  http: { en: 'HTTP', ru: 'HTTP' },
  mqtt: { en: 'MQTT', ru: 'MQTT' },
  objects: { en: 'object storage', ru: 'объектное хранилище' },
}

/** What a cell shows, and what a screen reader says for it. */
export const fitSigns: Readonly<Record<Fit, string>> = { yes: '●', half: '◐', no: '–' }
export const fitWords: Readonly<Record<Fit, Text>> = {
  yes: { en: 'yes', ru: 'да' },
  half: { en: 'half', ru: 'наполовину' },
  no: { en: 'no', ru: 'нет' },
}
