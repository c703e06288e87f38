import type { Text } from '../../i18n/locale'
import type { OutboxStep, Verdict, Way } from './outbox'

/** Texts of the figure of the outbox. */
export const outboxWords = {
  way: { en: 'The program', ru: 'Программа' },
  crash: { en: 'Crash now', ru: 'Упасть сейчас' },
  order: { en: 'order in the database', ru: 'заказ в базе' },
  row: { en: 'row in the outbox', ru: 'строка в outbox' },
  records: { en: 'records in the topic', ru: 'записей в топике' },
  yes: { en: 'yes', ru: 'есть' },
  no: { en: 'no', ru: 'нет' },
  unsent: { en: 'not sent', ru: 'не отправлена' },
  sent: { en: 'sent', ru: 'отправлена' },
  next: { en: 'Next: {step}', ru: 'Дальше: {step}' },
  over: { en: 'Nothing more will happen', ru: 'Больше ничего не произойдёт' },
  begun: { en: 'An order has come in. Nothing is done yet.', ru: 'Пришёл заказ. Ещё ничего не сделано.' },
  back: {
    en: 'The program died and was started again. Of what it had in its variables it knows nothing; the row in the outbox is still there, so the relay sends it.',
    ru: 'Программа упала, и её запустили снова. О том, что было в переменных, она не знает, но строка в outbox на месте, и relay её отправит.',
  },
} satisfies Record<string, Text>

export const wayWords: Readonly<Record<Way, Text>> = {
  'send first': { en: 'sends, then saves', ru: 'отправляет, потом сохраняет' },
  'save first': { en: 'saves, then sends', ru: 'сохраняет, потом отправляет' },
  outbox: { en: 'saves with an outbox', ru: 'сохраняет вместе с outbox' },
}

/** What a step is, and what has happened when it was done. */
export const stepWords: Readonly<Record<OutboxStep, { name: Text; told: Text }>> = {
  save: {
    name: { en: 'commit in the database', ru: 'фиксация в базе' },
    told: {
      en: 'The database has committed. From here on the order is there, whoever crashes.',
      ru: 'База зафиксировала транзакцию. Теперь заказ есть, кто бы ни упал.',
    },
  },
  send: {
    name: { en: 'send to Kafka', ru: 'отправка в Kafka' },
    told: {
      en: 'The broker has confirmed the record. It cannot be taken back.',
      ru: 'Брокер подтвердил запись. Вернуть её нельзя.',
    },
  },
  mark: {
    name: { en: 'mark the row', ru: 'отметка строки' },
    told: {
      en: 'The row is marked as sent: the relay will not look at it again.',
      ru: 'Строка отмечена как отправленная: больше relay на неё не посмотрит.',
    },
  },
}

export const verdictWords: Readonly<Record<Exclude<Verdict, 'open'>, Text>> = {
  agree: { en: 'Database and topic tell the same.', ru: 'База и топик говорят одно и то же.' },
  nothing: {
    en: 'Neither knows of the order. Nobody was told that it was taken, so the customer will try again.',
    ru: 'О заказе не знают ни база, ни топик. Что он принят, никому не сказали, и покупатель попробует ещё раз.',
  },
  lost: {
    en: 'The order is in the database, and nobody will ever hear of it: no parcel, no invoice.',
    ru: 'Заказ в базе есть, но никто о нём не узнает: ни посылки, ни счёта.',
  },
  ghost: {
    en: 'The topic tells of an order that does not exist: the parcel is sent, and there is nobody to pay for it.',
    ru: 'Топик рассказывает о заказе, которого нет: посылка уйдёт, а платить за неё некому.',
  },
  twice: {
    en: 'Both know of the order. The record is there more than once, with the same id: readers leave the repetition out.',
    ru: 'О заказе знают обе стороны. Запись лежит больше одного раза, с одним и тем же id: повтор читатели пропустят.',
  },
}
