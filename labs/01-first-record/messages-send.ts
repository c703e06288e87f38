/** Lab 01: what the tests of `sendRecord` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { sendHints } from './hints.ts'
import { sentNothing, textCases } from './messages-shared.ts'

const count = {
  en: '{wanted} {wanted:record was|records were} to be sent; the topic holds {got}.',
  ru: 'Отправить нужно было записей: {wanted}; в топике их {got}.',
  try: {
    en: 'One producer.send with one message for each call.',
    ru: 'Один producer.send с одним сообщением на каждый вызов.',
  },
} as const

const placeTry = {
  en: 'producer.send resolves to a list; its only element has partition and baseOffset.',
  ru: 'producer.send возвращает список; у его единственного элемента есть partition и baseOffset.',
} as const

const noPlace = {
  en: 'sendRecord returned the place {got}: no record has it.',
  ru: 'sendRecord вернула место {got}: такого места у записи быть не может.',
  why: {
    en: 'The broker tells the offset in its acknowledgement. With acks: 0 it sends none.',
    ru: 'Смещение брокер сообщает в подтверждении. При acks: 0 он его не присылает.',
  },
  try: placeTry,
} as const

const partitionType = {
  en: 'sendRecord gave the partition as {got}; it must be a number.',
  ru: 'sendRecord вернула партицию как {got}, а нужно число.',
  try: {
    en: 'Return partition as the acknowledgement has it: it is a number there.',
    ru: 'Верните partition таким, каким он пришёл в подтверждении: там это число.',
  },
} as const

export const sendTests = {
  'send-content': {
    name: {
      en: 'sendRecord sends one record with key and value as they are: any characters, an empty key, no key',
      ru: 'sendRecord отправляет одну запись с ключом и значением как есть: любые символы, пустой ключ, без ключа',
    },
    promises: ['send-one', 'send-text', 'send-key'],
    says: {
      count,
      sentNothing,
      marker: {
        en: '{wanted} records were sent, and the end offset is {end}: beside the records {markers} {markers:offset is|offsets are} taken.',
        ru: 'Отправлено записей: {wanted}, а конечное смещение {end}: кроме записей, занято смещений: {markers}.',
        why: {
          en: 'A transaction leaves a marker in the partition, which takes an offset: then endOffset - 1 is no record, and who waits for it waits for ever.',
          ru: 'Транзакция оставляет в партиции маркер, и он занимает смещение: тогда endOffset - 1 — не запись, и тот, кто её ждёт, не дождётся.',
        },
        try: {
          en: 'Send without a transaction: one record is written whole or not at all anyway.',
          ru: 'Отправляйте без транзакции: одна запись и так либо записана целиком, либо нет.',
        },
      },
      ...textCases,
    },
    hints: sendHints,
  },
  'send-place': {
    name: {
      en: 'sendRecord resolves to the partition and the offset where the record lies',
      ru: 'sendRecord возвращает партицию и смещение, где лежит запись',
    },
    promises: ['send-place', 'numbers'],
    says: {
      noPlace,
      partitionType,
      sentNothing,
      lost: {
        en: '{wanted} {wanted:record was|records were} to be sent; {got} of them are in the topic.',
        ru: 'Отправить нужно было записей: {wanted}; в топике из них {got}.',
      },
      differs: {
        en: 'The places that sendRecord returned are not where the records lie.',
        ru: 'Места, которые вернула sendRecord, — не те, где лежат записи.',
        why: {
          en: 'Only the broker knows the place: it gives the offset at the moment in which it appends the record.',
          ru: 'Место знает только брокер: смещение он назначает в тот момент, когда дописывает запись.',
        },
        try: placeTry,
      },
    },
    hints: sendHints,
  },
  'send-together': {
    name: {
      en: 'The place is right also when others write to the same partition at the same time',
      ru: 'Место верное и тогда, когда в ту же партицию одновременно пишут другие',
    },
    promises: ['send-others', 'together'],
    needs: ['send-place'],
    says: {
      noPlace,
      partitionType,
      lost: {
        en: '{wanted} {wanted:record was|records were} sent at the same time; {got} of them are in the topic.',
        ru: 'Одновременно отправляли записей: {wanted}; в топике из них {got}.',
        try: {
          en: 'Calls at the same time share nothing if each has a producer of its own.',
          ru: 'Одновременные вызовы ничего не делят, если у каждого свой продюсер.',
        },
      },
      threw: {
        en: '{calls} calls sent a record of {bytes} bytes each at the same time, and one of them was rejected: {message}',
        ru: 'По записи в {bytes} байт одновременно отправляли {calls} {calls:вызов|вызова|вызовов}, и промис одного из них отклонён: {message}',
        try: {
          en: 'Calls at the same time share nothing if each has a producer and a request of its own: together, these records are more than a broker takes in one batch.',
          ru: 'Одновременные вызовы ничего не делят, если у каждого свой продюсер и свой запрос: вместе эти записи больше, чем брокер принимает в одном пакете.',
        },
      },
      differs: {
        en: 'While others wrote to the same partition, sendRecord returned places of other records.',
        ru: 'Пока в ту же партицию писали другие, sendRecord вернула места чужих записей.',
        why: {
          en: 'The end of a partition moves with each record of each program: asked before or after sending, it may belong to somebody else’s record.',
          ru: 'Конец партиции сдвигает каждая запись любой программы: спросите о нём до отправки или после, он может относиться к чужой записи.',
        },
        try: placeTry,
      },
    },
    hints: sendHints,
  },
} as const satisfies Record<string, TestText>
