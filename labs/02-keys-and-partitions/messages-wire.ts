/** Lab 02: what the tests on a broker check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { keyHints, movedHints } from './hints.ts'

export const wireTests = {
  'wire-order': {
    name: {
      en: 'On a broker: kafkajs with your partitioner keeps each key in one partition, in order',
      ru: 'На брокере: kafkajs с вашим партиционером держит каждый ключ в одной партиции и по порядку',
    },
    promises: ['key-decides'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative', 'string-key', 'utf8-key'],
    says: {
      elsewhere: {
        en: 'Records of key {key} lie in partition {got}; Kafka’s Java client would put them into {expected}.',
        ru: 'Записи с ключом {key} лежат в партиции {got}; Java-клиент Kafka положил бы их в {expected}.',
        why: {
          en: 'Another service that writes the same key with the Java client writes it into {expected}: one key in two partitions has no order.',
          ru: 'Другой сервис, который пишет тот же ключ через Java-клиент, пишет его в {expected}: у ключа в двух партициях нет порядка.',
        },
        try: {
          en: 'The checks of murmur2, partitionForKey and keys show the same without a broker: begin with the first that fails.',
          ru: 'Проверки murmur2, partitionForKey и ключей показывают то же без брокера: начните с первой, которая не проходит.',
        },
      },
      order: {
        en: 'Key {key} was sent as {sent} and read as {read}.',
        ru: 'Ключ {key}: отправлено {sent}, прочитано {read}.',
        why: {
          en: 'Kafka keeps order within a partition only.',
          ru: 'Kafka хранит порядок только внутри партиции.',
        },
        try: {
          en: 'All records of a key must go to one partition, in every call.',
          ru: 'Все записи ключа должны попадать в одну партицию, при каждом вызове.',
        },
      },
      refused: {
        en: 'kafkajs could not send with your partitioner: {message}',
        ru: 'kafkajs не смог отправить записи с вашим партиционером: {message}',
        try: {
          en: 'kafkajs sends to the partition that your function returns, if the topic has it. Check what it returns, and whether it throws.',
          ru: 'kafkajs отправляет в ту партицию, которую вернула ваша функция, если такая в топике есть. Проверьте, что она возвращает и не бросает ли ошибку.',
        },
      },
    },
    hints: keyHints,
  },
  'wire-growth': {
    name: {
      en: 'On a broker: when the topic grows, exactly the keys that movedKeys named lie in two partitions',
      ru: 'На брокере: когда топик вырос, в двух партициях лежат ровно те ключи, которые назвала movedKeys',
    },
    promises: ['moved', 'now'],
    needs: [
      'hash-words',
      'hash-tail',
      'key-positive',
      'key-negative',
      'string-key',
      'utf8-key',
      'growth',
      'moved-keys',
      'wire-order',
    ],
    says: {
      refused: {
        en: 'kafkajs could not send with your partitioner: {message}',
        ru: 'kafkajs не смог отправить записи с вашим партиционером: {message}',
        try: {
          en: 'kafkajs sends to the partition that your function returns, if the topic has it. Check what it returns, and whether it throws.',
          ru: 'kafkajs отправляет в ту партицию, которую вернула ваша функция, если такая в топике есть. Проверьте, что она возвращает и не бросает ли ошибку.',
        },
      },
      elsewhere: {
        en: 'From {before} to {after} partitions: some keys lie elsewhere than with Kafka’s Java client (old → new record).',
        ru: 'Рост с {before} до {after} партиций: некоторые ключи лежат не там, где у Java-клиента Kafka (старая → новая запись).',
        why: {
          en: 'The partition of a key follows from its hash and from the number of partitions at the moment of sending.',
          ru: 'Партиция ключа следует из его хеша и числа партиций в момент отправки.',
        },
        try: {
          en: 'In the table: if only the second number is wrong, look at `growth`; if both are, at the checks of keys.',
          ru: 'Смотрите в таблицу: если неверно только второе число, дело в `growth`; если оба — в проверках ключей.',
        },
      },
      foretold: {
        en: '{moved} of {all} keys lie in two partitions now; movedKeys had named {foretold}, and not the same.',
        ru: 'В двух партициях теперь {moved} {moved:ключ|ключа|ключей} из {all}; movedKeys назвала {foretold}, и не те же самые.',
        why: {
          en: 'Adding partitions moves no record. A key that moves has its past in one partition and its future in another.',
          ru: 'Добавление партиций не переносит записи. У переехавшего ключа прошлое в одной партиции, а будущее в другой.',
        },
        try: {
          en: '`moved-keys` shows the same without a broker.',
          ru: '`moved-keys` показывает то же без брокера.',
        },
      },
    },
    hints: movedHints,
  },
} as const satisfies Record<string, TestText>
