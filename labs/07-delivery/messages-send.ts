/** Lab 07: what the tests of the two senders check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { sendHints } from './hints.ts'

/** What became of a list that was sent while nothing failed, by function: `{name}`. */
export const sendAllCases = {
  count: {
    en: '{name} was given {wanted} records; the topic holds {got}.',
    ru: 'Функции {name} передали записей: {wanted}; в топике их {got}.',
    try: {
      en: 'One message for each record of the list, equal ones too; an empty list sends nothing.',
      ru: 'По одному сообщению на каждую запись списка, и на одинаковые тоже; пустой список не отправляет ничего.',
    },
  },
  differs: {
    en: 'Keys or values that {name} has sent are not what it was given: {count}.',
    ru: 'Функция {name} отправила ключи или значения не такими, какими их передали: {count}.',
    why: {
      en: 'For Kafka key and value are bytes: a space or a mark is a byte like any other.',
      ru: 'Для Kafka ключ и значение — байты: пробел или знак — такие же байты, как остальные.',
    },
    try: {
      en: 'Pass the strings on as they are, and null as null.',
      ru: 'Передавайте строки как есть, а null — как null.',
    },
  },
  spread: {
    en: '{name}: the records with the key {key} lie in {count} partitions.',
    ru: '{name}: записи с ключом {key} лежат в разных партициях ({count}).',
    why: {
      en: 'Order is kept in a partition only, so what belongs together has the same key, and the same partition.',
      ru: 'Порядок сохраняется только внутри партиции, поэтому у связанных записей один ключ и одна партиция.',
    },
    try: {
      en: 'Give kafkajs the key and leave the choice of the partition to it.',
      ru: 'Передайте kafkajs ключ и оставьте выбор партиции ей.',
    },
  },
  order: {
    en: '{name}: the records with the key {key} lie in another order than in the list.',
    ru: '{name}: записи с ключом {key} лежат не в том порядке, что в списке.',
    why: {
      en: 'Sends that are under way at the same time may be stored in any order.',
      ru: 'Отправки, которые идут одновременно, могут сохраниться в любом порядке.',
    },
    try: {
      en: 'Send the list in one producer.send, or one send after the other.',
      ru: 'Отправьте список одним producer.send или одну отправку после другой.',
    },
  },
} as const satisfies Record<string, CaseText>

export const sendTests = {
  'send-all': {
    name: {
      en: 'Both senders put each record into the topic once, as it is, and in order by key',
      ru: 'Обе отправки кладут каждую запись в топик один раз, как есть, и по порядку внутри ключа',
    },
    promises: ['sent', 'sent-once', 'yours'],
    says: sendAllCases,
    hints: sendHints,
  },
  'send-most': {
    name: {
      en: 'When the connection breaks, sendAtMostOnce puts no record into the topic twice',
      ru: 'Если соединение оборвалось, sendAtMostOnce не кладёт в топик ни одной записи дважды',
    },
    promises: ['send-most'],
    needs: ['send-all'],
    says: {
      twice: {
        en: 'The broker had stored the records when the connection broke, before its answer came. The client sent them {sent} times, and {count} of {wanted} records are in the topic {times} times.',
        ru: 'Брокер уже сохранил записи, но соединение оборвалось раньше, чем дошёл ответ. Клиент отправил их {sent} {sent:раз|раза|раз}, и {count} из {wanted} записей лежат в топике {times} {times:раз|раза|раз}.',
        why: {
          en: 'To a sender a lost answer looks like a lost record. Whoever sends again in this case accepts that the record may be there twice.',
          ru: 'Для отправителя потерянный ответ выглядит как потерянная запись. Кто в этом случае отправляет снова, соглашается с тем, что запись может оказаться в топике дважды.',
        },
        try: {
          en: 'A producer with retry: { retries: 0 } sends once; one with acks: 0 waits for no answer, and so never repeats.',
          ru: 'Продюсер с retry: { retries: 0 } отправляет один раз; с acks: 0 он не ждёт ответа и потому не повторяет.',
        },
      },
    },
    hints: sendHints,
  },
  'send-least': {
    name: {
      en: 'sendAtLeastOnce waits for the broker and sends again when the connection breaks; a record may be doubled, none is lost',
      ru: 'sendAtLeastOnce ждёт брокера и отправляет снова, если соединение оборвалось; запись может удвоиться, но не потеряться',
    },
    promises: ['send-least'],
    needs: ['send-all'],
    says: {
      early: {
        en: 'sendAtLeastOnce resolved before the broker had got the {wanted} records.',
        ru: 'sendAtLeastOnce завершилась раньше, чем брокер получил записи ({wanted}).',
        why: {
          en: 'When the call has resolved, the caller forgets the records. If the connection breaks now, nobody sends them again.',
          ru: 'Когда вызов завершился, вызывающий о записях забывает. Если соединение сейчас оборвётся, отправить их снова будет некому.',
        },
        try: {
          en: 'acks: -1, the default, and await producer.send: then kafkajs waits until the broker has stored them.',
          ru: 'acks: -1, как по умолчанию, и await producer.send: тогда kafkajs дождётся, пока брокер их сохранит.',
        },
      },
      lost: {
        en: 'The connection broke, sendAtLeastOnce resolved, and {count} of {wanted} records are not in the topic.',
        ru: 'Соединение оборвалось, sendAtLeastOnce завершилась, а в топике не хватает записей: {count} из {wanted}.',
        try: {
          en: 'acks: -1, await producer.send, and resolve only when it has.',
          ru: 'acks: -1, await producer.send и завершение только после неё.',
        },
      },
      gaveUp: {
        en: 'The connection broke, up to twice in a row, and sendAtLeastOnce was rejected: {message}',
        ru: 'Соединение оборвалось, не больше двух раз подряд, и промис sendAtLeastOnce отклонён: {message}',
        try: {
          en: 'Let the producer retry: kafka.producer({ retry: { retries: 5 } }).',
          ru: 'Пусть продюсер повторяет: kafka.producer({ retry: { retries: 5 } }).',
        },
      },
    },
    hints: sendHints,
  },
} as const satisfies Record<string, TestText>
