import type { Text } from '../../i18n/locale'
import type { AsideAction, AsideNews, AsideStrategy } from './aside'

/** Texts of the figure of a record that fails. */
export const asideWords = {
  strategy: { en: 'A record that fails', ru: 'Запись, которая не удалась' },
  committed: { en: 'committed', ru: 'зафиксировано' },
  lag: { en: 'lag of orders', ru: 'отставание orders' },
  calls: { en: 'failed calls', ru: 'неудачных вызовов' },
  handled: { en: 'handled, in this order', ru: 'обработано, в таком порядке' },
  nothing: { en: 'nothing yet', ru: 'пока ничего' },
  overtaken: { en: 'handled too late', ru: 'обработано позже, чем надо' },
  nobody: { en: 'none', ru: 'ничего' },
  fallback: {
    en: 'With JavaScript, a program stands here that meets two records which it cannot handle.',
    ru: 'С JavaScript здесь программа, которой встретились две записи, что ей не обработать.',
  },
} satisfies Record<string, Text>

export const asideStrategies: Readonly<Record<AsideStrategy, Text>> = {
  inPlace: { en: 'is repeated on the spot', ru: 'повторяется на месте' },
  aside: { en: 'is copied into a retry topic', ru: 'копируется в топик повторов' },
  inOrder: { en: 'is copied, and its key follows', ru: 'копируется, а её ключ идёт следом' },
}

export const asideButtons: Readonly<Record<AsideAction, Text>> = {
  step: { en: 'Next record', ru: 'Следующая запись' },
  wait: { en: 'Wait for the delay', ru: 'Подождать задержку' },
}

export const asideNews: Readonly<Record<AsideNews, Text>> = {
  begun: {
    en: 'Six orders wait. The payment of anna 1 fails once, vera 1 can never be handled.',
    ru: 'В топике шесть заказов. Платёж anna 1 один раз не пройдёт, vera 1 не обработать никогда.',
  },
  done: { en: '{name} was handled.', ru: '{name}: обработано.' },
  again: {
    en: '{name} failed. It comes again, and everything behind it waits.',
    ru: '{name}: не удалось. Запись придёт снова, а всё, что за ней, ждёт.',
  },
  copied: {
    en: '{name} failed. A copy is in orders-retry; the partition goes on.',
    ru: '{name}: не удалось. Копия лежит в orders-retry, партиция идёт дальше.',
  },
  followed: {
    en: '{name} was not tried: an earlier order of this customer waits in orders-retry, and it follows.',
    ru: '{name}: не пробовали. В orders-retry ждёт более ранний заказ этого покупателя, и этот идёт за ним.',
  },
  dead: {
    en: '{name} failed for the last time. A copy is in orders-dead.',
    ru: '{name}: не удалось в последний раз. Копия лежит в orders-dead.',
  },
  waited: {
    en: 'Time has passed: what lies in orders-retry is due.',
    ru: 'Время прошло: для всего, что лежит в orders-retry, настал срок.',
  },
}
