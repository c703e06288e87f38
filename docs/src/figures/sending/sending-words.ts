import type { Text } from '../../i18n/locale'
import type { RetryAction } from './sending'

/** Texts of the producer's figures. */
export const batchWords = {
  linger: { en: 'linger.ms', ru: 'linger.ms' },
  rate: { en: 'records per second', ru: 'записей в секунду' },
  size: { en: 'bytes in a value', ru: 'байт в значении' },
  batch: { en: 'batch.size', ru: 'batch.size' },
  requests: { en: 'batches per second', ru: 'пакетов в секунду' },
  perBatch: { en: 'records in a batch', ru: 'записей в пакете' },
  perRecord: { en: 'bytes per record', ru: 'байт на запись' },
  overhead: { en: 'of that not the value', ru: 'из них не значение' },
  wait: { en: 'mean wait in the producer', ru: 'в среднем ждёт в продюсере' },
  ms: { en: '{count} ms', ru: '{count} мс' },
  strip: {
    en: 'The first 100 ms: each dot a record as it comes, each box a batch, from its first record until it is sent',
    ru: 'Первые 100 мс: точка — появилась запись, прямоугольник — пакет, от первой записи до отправки',
  },
  fallback: {
    en: 'With JavaScript, sliders for linger.ms, batch.size, the rate and the size of the records stand here.',
    ru: 'С JavaScript здесь ползунки: linger.ms, batch.size, частота и размер записей.',
  },
} satisfies Record<string, Text>

export const retryWords = {
  idempotent: { en: 'enable.idempotence=true', ru: 'enable.idempotence=true' },
  message: { en: 'pay {number}', ru: 'платёж {number}' },
  log: { en: 'log', ru: 'журнал' },
  knows: { en: 'What the producer knows', ru: 'Что знает продюсер' },
  nothing: { en: 'nothing was sent yet', ru: 'ещё ничего не отправлено' },
  answered: { en: 'the last answer names offset {offset}', ru: 'в последнем ответе — смещение {offset}' },
  doubt: {
    en: '"pay {number}" was sent, and no answer came: written or not?',
    ru: '«платёж {number}» отправлен, ответа нет: сохранён или нет?',
  },
  doubled: { en: 'written twice', ru: 'сохранено дважды' },
  fallback: {
    en: 'With JavaScript, a producer whose answers get lost stands here.',
    ru: 'С JavaScript здесь продюсер, до которого не доходят ответы.',
  },
} satisfies Record<string, Text>

export const retryButtons: Readonly<Record<RetryAction, Text>> = {
  send: { en: 'Send', ru: 'Отправить' },
  lose: { en: 'Send, and lose the answer', ru: 'Отправить и потерять ответ' },
  retry: { en: 'Retry', ru: 'Повторить' },
}
