/** Lab 02: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { hashTests } from './messages-hash.ts'

export const tests = {
  ...hashTests,
  'key-positive': {
    name: {
      en: 'partitionForKey: a key with a positive hash goes to hash % partitions',
      ru: 'partitionForKey: ключ с положительным хешем идёт в партицию «хеш % число партиций»',
    },
    why: {
      en: 'The remainder spreads keys over 0 … n-1, and the same key always falls on the same number.',
      ru: 'Остаток распределяет ключи по числам 0 … n-1, и один и тот же ключ всегда попадает на одно число.',
    },
    try: {
      en: 'Partitions are numbered from 0. Use the hash of the whole key and the count that was passed.',
      ru: 'Партиции нумеруются с 0. Берите хеш всего ключа и то число партиций, которое передано.',
    },
    says: {
      differs: {
        en: '{wrong} of {all} keys go to another partition than in Kafka.',
        ru: '{wrong} ключей из {all} попадают не в ту партицию, что в Kafka.',
      },
    },
  },
  'key-negative': {
    name: {
      en: 'partitionForKey: a negative hash loses its sign bit before the remainder is taken',
      ru: 'partitionForKey: у отрицательного хеша знаковый бит обнуляется до взятия остатка',
    },
    why: {
      en: 'In Java and JavaScript the remainder of a negative number is negative, and there is no partition -2. Kafka clears the sign bit: (hash & 0x7fffffff) % n. Neither Math.abs nor >>> 0 gives the same.',
      ru: 'В Java и JavaScript остаток отрицательного числа отрицателен, а партиции -2 не бывает. Kafka обнуляет знаковый бит: (hash & 0x7fffffff) % n. Ни Math.abs, ни >>> 0 не дают того же.',
    },
    try: { en: 'Mask first, remainder second: mind the brackets.', ru: 'Сначала маска, потом остаток.' },
    says: {
      differs: {
        en: '{wrong} of {all} keys with a negative hash go to another partition than in Kafka.',
        ru: '{wrong} ключей с отрицательным хешем из {all} попадают не в ту партицию, что в Kafka.',
      },
    },
  },
  'string-key': {
    name: {
      en: 'The partitioner finds Kafka’s partition for string keys and for byte keys',
      ru: 'Партиционер находит партицию Kafka и для строковых ключей, и для ключей-байтов',
    },
    why: {
      en: 'kafkajs hands the key over as the program gave it: a string or a Buffer. On the wire both are bytes.',
      ru: 'kafkajs передаёт ключ таким, каким его дала программа: строкой или Buffer. В сети и то и другое — байты.',
    },
    try: {
      en: 'Turn a string into bytes, leave bytes as they are, and call partitionForKey.',
      ru: 'Строку переведите в байты, байты оставьте как есть и вызовите partitionForKey.',
    },
    says: {
      differs: {
        en: '{wrong} of {all} records go to another partition than in Kafka.',
        ru: '{wrong} записей из {all} попадают не в ту партицию, что в Kafka.',
      },
    },
  },
  'utf8-key': {
    name: {
      en: 'String keys are hashed as UTF-8, whatever the alphabet',
      ru: 'Строковые ключи хешируются как UTF-8, каков бы ни был алфавит',
    },
    why: {
      en: 'What is sent is UTF-8. A hash of UTF-16 units or of Latin-1 bytes agrees for plain ASCII and breaks with the first «ж».',
      ru: 'По сети уходит UTF-8. Хеш от единиц UTF-16 или от байтов Latin-1 совпадает на чистом ASCII и ломается на первой «ж».',
    },
    try: {
      en: 'Buffer.from(key, "utf8") or new TextEncoder().encode(key).',
      ru: 'Buffer.from(key, "utf8") или new TextEncoder().encode(key).',
    },
    says: {
      differs: {
        en: '{wrong} of {all} keys with non-ASCII letters go to another partition than in Kafka.',
        ru: '{wrong} ключей с не-ASCII буквами из {all} попадают не в ту партицию, что в Kafka.',
      },
    },
  },
  'empty-key': {
    name: {
      en: 'An empty key is a key: it always goes to one partition',
      ru: 'Пустой ключ — тоже ключ: он всегда идёт в одну партицию',
    },
    why: {
      en: 'A key of zero bytes has a hash like any other. Only null and undefined mean “no key”.',
      ru: 'У ключа в ноль байт есть хеш, как и у любого другого. «Нет ключа» — это только null и undefined.',
    },
    try: {
      en: 'Compare with null: `key == null`.',
      ru: 'Сравнивайте с null: `key == null`.',
    },
    says: {
      differs: {
        en: 'The empty key should always go to partition {expected} of {partitions}; it went to: {got}.',
        ru: 'Пустой ключ всегда должен идти в партицию {expected} из {partitions}; он попал в: {got}.',
      },
    },
  },
  'no-key': {
    name: {
      en: 'Records without a key are spread over all partitions',
      ru: 'Записи без ключа распределяются по всем партициям',
    },
    why: {
      en: 'Without a key there is no order to keep, so the load may be shared: round robin, dice, batch by batch.',
      ru: 'Без ключа хранить порядок незачем, и нагрузку можно делить: по кругу, случайно, порциями.',
    },
    try: {
      en: 'Count records in the closure that createPartitioner returns. Over many records each partition should get at least a quarter of its fair share.',
      ru: 'Считайте записи в замыкании, которое возвращает createPartitioner. На большом числе записей каждой партиции должна достаться хотя бы четверть её честной доли.',
    },
    says: {
      outside: {
        en: 'A record without a key went to {got}, but the topic has partitions 0 to {last}.',
        ru: 'Запись без ключа попала в {got}, а в топике партиции от 0 до {last}.',
      },
      uneven: {
        en: '{all} records without a key: some partitions got less than {floor}.',
        ru: '{all} записей без ключа: некоторым партициям досталось меньше {floor}.',
      },
    },
  },
  'explicit-partition': {
    name: {
      en: 'A partition that the record names wins over its key',
      ru: 'Партиция, указанная в записи, важнее ключа',
    },
    why: {
      en: 'The program knows better: it may want partition 0, too. kafkajs leaves this rule to the partitioner.',
      ru: 'Программе виднее, в том числе когда она хочет партицию 0. kafkajs оставляет это правило партиционеру.',
    },
    try: {
      en: 'Look at message.partition first, and remember that 0 is falsy.',
      ru: 'Сначала посмотрите на message.partition и помните, что 0 — ложное значение.',
    },
    says: {
      ignored: {
        en: 'The record asked for partition {asked}, you chose {got}.',
        ru: 'Запись просила партицию {asked}; вы выбрали {got}.',
      },
    },
  },
  'metadata-order': {
    name: {
      en: 'The answer is a partition’s number, in whatever order the metadata lists them',
      ru: 'Ответ — номер партиции, в каком бы порядке их ни перечисляли метаданные',
    },
    why: {
      en: 'Brokers list partitions in any order. The hash picks the number, not a place in that list.',
      ru: 'Брокеры перечисляют партиции в любом порядке. Хеш выбирает номер, а не место в этом списке.',
    },
    try: {
      en: 'Return the remainder itself; of partitionMetadata you need only the length.',
      ru: 'Возвращайте сам остаток; от partitionMetadata нужна только длина.',
    },
    says: {
      differs: {
        en: 'With partitions listed as {order}, {wrong} of {all} keys went elsewhere.',
        ru: 'Когда партиции перечислены как {order}, {wrong} ключей из {all} ушли не туда.',
      },
    },
  },
  growth: {
    name: {
      en: 'When a topic grows, the next record already uses the new number of partitions',
      ru: 'Когда топик вырос, уже следующая запись использует новое число партиций',
    },
    why: {
      en: 'One partitioner lives as long as its producer and serves all its topics; the metadata is refreshed meanwhile.',
      ru: 'Один партиционер живёт столько же, сколько продюсер, и обслуживает все его топики; метаданные тем временем обновляются.',
    },
    try: {
      en: 'Read partitionMetadata.length in every call; keep no count in the closure.',
      ru: 'Читайте partitionMetadata.length при каждом вызове; не храните число партиций в замыкании.',
    },
    says: {
      differs: {
        en: 'After growing from {before} to {after} partitions, {wrong} of {all} keys went elsewhere than in Kafka.',
        ru: 'После роста с {before} до {after} партиций {wrong} ключей из {all} ушли не туда, куда в Kafka.',
      },
    },
  },
  'moved-keys': {
    name: {
      en: 'movedKeys lists the keys whose partition changes, in the order given',
      ru: 'movedKeys перечисляет ключи, у которых сменится партиция, в исходном порядке',
    },
    why: {
      en: 'Old records stay where they are, new ones of a moved key go elsewhere: the key’s order is lost at this point.',
      ru: 'Старые записи остаются на месте, новые записи переехавшего ключа идут в другую партицию: здесь порядок по ключу теряется.',
    },
    try: {
      en: 'Compare partitionForKey for both counts, key by key.',
      ru: 'Сравните partitionForKey для обоих чисел, ключ за ключом.',
    },
    says: {
      differs: {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; your list is another one.',
        ru: 'При росте с {before} до {after} партиций переезжают {expected} ключей из {all}; ваш список другой.',
      },
    },
  },
  'wire-order': {
    name: {
      en: 'On a broker: kafkajs with your partitioner keeps each key in one partition, in order',
      ru: 'На брокере: kafkajs с вашим партиционером держит каждый ключ в одной партиции и по порядку',
    },
    why: {
      en: 'This is what keys are for: Kafka keeps order within a partition, so one key in one partition is read in the order it was sent.',
      ru: 'Для этого ключи и нужны: Kafka хранит порядок внутри партиции, поэтому один ключ в одной партиции читается в том порядке, в каком отправлен.',
    },
    try: {
      en: 'Get the tests above green first; the picture shows where each key’s records went.',
      ru: 'Сначала добейтесь, чтобы прошли проверки выше; на рисунке видно, куда попали записи каждого ключа.',
    },
    says: {
      elsewhere: {
        en: 'Records of key {key} lie in partition {got}; Kafka’s Java client would put them into {expected}.',
        ru: 'Записи с ключом {key} лежат в партиции {got}; Java-клиент Kafka положил бы их в {expected}.',
      },
      order: {
        en: 'Key {key} was sent as {sent} and read as {read}.',
        ru: 'Ключ {key}: отправлено {sent}, прочитано {read}.',
      },
      refused: {
        en: 'kafkajs could not send with your partitioner: {message}',
        ru: 'kafkajs не смог отправить записи с вашим партиционером: {message}',
      },
    },
  },
  'wire-growth': {
    name: {
      en: 'On a broker: when the topic grows, exactly the keys that movedKeys named lie in two partitions',
      ru: 'На брокере: когда топик вырос, в двух партициях лежат ровно те ключи, которые назвала movedKeys',
    },
    why: {
      en: 'Adding partitions moves no record. A key that moves has its past in one partition and its future in another.',
      ru: 'Добавление партиций не переносит записи. У переехавшего ключа прошлое в одной партиции, а будущее в другой.',
    },
    try: { en: 'Get the tests above green first.', ru: 'Сначала добейтесь, чтобы прошли проверки выше.' },
    says: {
      refused: {
        en: 'kafkajs could not send with your partitioner: {message}',
        ru: 'kafkajs не смог отправить записи с вашим партиционером: {message}',
      },
      elsewhere: {
        en: 'From {before} to {after} partitions: some keys lie elsewhere than with Kafka’s Java client (old → new record).',
        ru: 'Рост с {before} до {after} партиций: некоторые ключи лежат не там, где у Java-клиента Kafka (старая → новая запись).',
      },
      foretold: {
        en: '{moved} of {all} keys lie in two partitions now; movedKeys had named {foretold}, and not the same.',
        ru: 'В двух партициях теперь лежат ключи: {moved} из {all}; movedKeys назвала {foretold}, и не те же самые.',
      },
    },
  },
} as const satisfies Record<string, TestText>
