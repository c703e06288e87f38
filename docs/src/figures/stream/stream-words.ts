import type { Text } from '../../i18n/locale'
import type { StreamState } from './stream'

/** Texts of the figure of the chapter on Kafka Streams. */
export const streamWords = {
  send: { en: 'Send', ru: 'Отправить' },
  loseDisk: { en: 'Lose the disk, start again', ru: 'Потерять диск и запустить снова' },
  changelog: { en: 'with a changelog', ru: 'с журналом изменений' },
  again: { en: 'Start over', ru: 'Сначала' },
  inputTopic: { en: 'topic payments', ru: 'топик payments' },
  store: { en: 'store on the local disk', ru: 'хранилище на местном диске' },
  changelogTopic: { en: 'topic of the changelog', ru: 'топик журнала изменений' },
  outputTopic: { en: 'topic totals', ru: 'топик totals' },
  empty: { en: 'empty', ru: 'пусто' },
} satisfies Record<string, Text>

/** What is said after the last action. */
export const streamNews: Readonly<Record<StreamState['last'], Text>> = {
  nothing: { en: 'Nothing has been paid yet.', ru: 'Платежей ещё не было.' },
  payment: {
    en: 'The store has changed, and the new total has been written.',
    ru: 'Хранилище изменилось, новая сумма записана.',
  },
  restored: {
    en: 'The store was read again from the changelog: the last value of each key.',
    ru: 'Хранилище заново прочитано из журнала изменений: последнее значение каждого ключа.',
  },
  forgotten: {
    en: 'The store is empty. The committed offset is behind all payments, so nobody reads them again: from now on totals are too small, without an error.',
    ru: 'Хранилище пусто. Зафиксированное смещение стоит за всеми платежами, поэтому заново их не прочитают: с этого места суммы меньше верных, и ошибки не будет.',
  },
}
