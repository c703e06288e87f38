/** Lab 02, keys and partitions: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { tests } from './messages.ts'

export const text = {
  id: '02',
  slug: 'keys-and-partitions',
  file: 'partitioner.ts',
  track: 'use',
  title: { en: 'Keys and partitions', ru: 'Ключи и партиции' },
  summary: {
    en: 'Write the partitioner that decides where a record goes, as Kafka’s Java client does, and see what adding partitions does to keys.',
    ru: 'Напишите партиционер, который решает, куда попадёт запись, так же, как Java-клиент Kafka, и увидите, что делает с ключами добавление партиций.',
  },
  exports: ['murmur2', 'partitionForKey', 'createPartitioner', 'movedKeys'],
  promises: {
    kept: {
      en: 'No function changes what it is given.',
      ru: 'Ни одна функция не меняет свои аргументы.',
    },
    reused: {
      en: 'Between two calls the caller may change it: the same memory, list or message may come again with other content.',
      ru: 'А вызывающий может менять их между двумя вызовами: та же память, тот же список или то же сообщение приходят снова с другим содержимым.',
    },
    time: { en: 'Each call has 5 seconds.', ru: 'На каждый вызов — не больше 5 секунд.' },
    hash: {
      en: 'Returns the 32-bit murmur2 hash of the bytes, bit for bit as Kafka’s Java client computes it.',
      ru: 'Возвращает 32-битный хеш murmur2 от байтов — бит в бит такой же, как в Java-клиенте Kafka.',
    },
    'hash-length': {
      en: 'All bytes count, from an empty key up to 1 MB (1,048,576 bytes).',
      ru: 'Учитываются все байты: от пустого ключа до ключа в 1 МБ (1 048 576 байт).',
    },
    'hash-view': {
      en: 'They come as a `Uint8Array` or a `Buffer`, which may be a view into a larger buffer;',
      ru: 'Это `Uint8Array` или `Buffer`, возможно, часть большего буфера;',
    },
    'hash-anew': {
      en: 'the same memory may hold other bytes at the next call.',
      ru: 'к следующему вызову в той же памяти могут лежать другие байты.',
    },
    'key-formula': {
      en: 'Returns `(murmur2(key) & 0x7fffffff) % partitionCount`.',
      ru: 'Возвращает `(murmur2(key) & 0x7fffffff) % partitionCount`.',
    },
    'key-counts': {
      en: '`partitionCount` is an integer from 1 to 10,000.',
      ru: '`partitionCount` — целое от 1 до 10 000.',
    },
    'key-any': {
      en: 'The key is bytes as for `murmur2`;',
      ru: 'Ключ — такие же байты, как у `murmur2`;',
    },
    'partition-wins': {
      en: 'If `message.partition` is a number, return it, whatever the key: partition 0 is a partition like any other, and `undefined` means that none is named.',
      ru: 'Если `message.partition` — число, верните его, каким бы ни был ключ: партиция 0 ничем не хуже остальных, а `undefined` значит, что партиция не указана.',
    },
    'key-decides': {
      en: 'If there is a `message.key`, return what `partitionForKey` gives for its bytes.',
      ru: 'Если есть `message.key`, верните то, что `partitionForKey` даёт для его байтов.',
    },
    'key-bytes': {
      en: 'A `Buffer` is hashed as it is: its bytes need not be UTF-8.',
      ru: '`Buffer` хешируется как есть: его байты не обязаны быть UTF-8.',
    },
    'key-utf8': {
      en: 'A string is hashed as its UTF-8 bytes, exactly as it stands:',
      ru: 'Строка хешируется как её байты UTF-8, ровно в том виде, в каком пришла:',
    },
    'key-exact': {
      en: 'nothing is trimmed or normalized.',
      ru: 'ничего не обрезается и не нормализуется.',
    },
    'key-empty': {
      en: "An empty key, `''` or a `Buffer` of no bytes, is a key.",
      ru: "Пустой ключ, `''` или `Buffer` без единого байта, — тоже ключ.",
    },
    spread: {
      en: 'When a topic of n partitions gets 800 × n such records in a row from one partitioner, each partition must get at least 200 of them.',
      ru: 'Когда топик с n партициями получает от одного партиционера 800 × n таких записей подряд, каждой партиции должно достаться хотя бы 200 из них.',
    },
    'spread-many': {
      en: 'A topic gets up to 40,000 of them.',
      ru: 'В один топик их приходит до 40 000.',
    },
    'spread-between': {
      en: 'It makes no difference what goes in between with a key, with a partition of its own, to other topics, or through another partitioner.',
      ru: 'Что отправляется вперемешку с ними — с ключом, с собственной партицией, в другие топики, через другой партиционер, — роли не играет.',
    },
    now: {
      en: '`partitionMetadata` has one element for each partition that the topic has at this moment: partitions may be added while the producer is running.',
      ru: 'В `partitionMetadata` по одному элементу на каждую партицию, которая есть у топика сейчас: пока живёт продюсер, партиций может стать больше.',
    },
    'any-order': {
      en: 'Only the number of elements matters: partitions are numbered from 0, the elements come in any order,',
      ru: 'Важно только число элементов: партиции нумеруются с 0, порядок элементов любой,',
    },
    leader: {
      en: '`leader` is the id of a broker, which may be 0.',
      ru: '`leader` — номер брокера, в том числе 0.',
    },
    'topic-names': {
      en: 'One producer may send to 1,000 topics, with any names that Kafka allows: `constructor` and `__proto__` are names like any other.',
      ru: 'Один продюсер может писать в 1000 топиков, и имена у них любые, какие разрешает Kafka: `constructor` и `__proto__` — имена не хуже других.',
    },
    value: {
      en: 'The value, which may be `null`, the headers and the timestamp make no difference.',
      ru: 'Значение (оно бывает и `null`), заголовки и время записи роли не играют.',
    },
    moved: {
      en: 'Returns those of the `keys` that change their partition when a topic grows from `before` to `after` partitions, in the order of the list.',
      ru: 'Возвращает те ключи из `keys`, которые сменят партицию, когда число партиций топика вырастет с `before` до `after`. Порядок — как в исходном списке.',
    },
    'moved-any': {
      en: "The list holds up to 10,000 strings, all different: any text, `''` too.",
      ru: "В нём до 10 000 строк, все разные: любой текст, в том числе `''`.",
    },
    'moved-own': {
      en: 'The result belongs to the caller, who may change it without any effect on the next call.',
      ru: 'Результат принадлежит вызывающему: он может его изменить, и на следующий вызов это не повлияет.',
    },
  },
  hints: [
    {
      en: 'Begin with murmur2: all else is built on it. Keys of 4, 8 and 12 bytes first, then the tail of 1 to 3 bytes.',
      ru: 'Начните с murmur2: на ней держится всё остальное. Сначала ключи в 4, 8 и 12 байт, потом хвост в 1–3 байта.',
    },
    {
      en: 'A hash is a signed 32-bit number, and half of all keys hash below zero. Java’s client clears the sign bit (`& 0x7fffffff`) and only then takes the remainder. A string key is hashed as its UTF-8 bytes; an empty key is a key, null is none.',
      ru: 'Хеш — 32-битное число со знаком, и у половины ключей он отрицательный. Java-клиент обнуляет знаковый бит (`& 0x7fffffff`) и только потом берёт остаток. Строковый ключ хешируется как байты UTF-8; пустой ключ — это ключ, null — его отсутствие.',
    },
    {
      en: 'The beginning and the end of murmur2; between them, the loop over groups of 4 bytes and the tail, as the page says:',
      ru: 'Начало и конец murmur2; между ними — цикл по четвёркам байтов и хвост, как сказано на странице:',
      code: `let h = 0x9747b28c ^ bytes.length
// …
h ^= h >>> 13
h = Math.imul(h, M)
return h ^ (h >>> 15)`,
    },
  ],
  stretch: {
    en: 'Since 2.4 the Java client keeps records without a key on one partition until a batch is full, and only then chooses another (KIP-480, KIP-794): fewer, larger batches. Do so: stay until 16,384 bytes of values have gone to a partition, then choose another at random. `npm run lab -- run 02` shows where records go; what becomes of a topic that gets one small record a minute?',
    ru: 'С версии 2.4 Java-клиент держит записи без ключа на одной партиции, пока не наполнится пакет, и только потом выбирает другую (KIP-480, KIP-794): пакетов меньше, и они крупнее. Сделайте так же: оставайтесь на партиции, пока на неё не ушло 16 384 байта значений, потом выбирайте другую случайно. `npm run lab -- run 02` покажет, куда идут записи; а что будет с топиком, в который раз в минуту пишут одну маленькую запись?',
  },
  examples: ['21', 'foobar', 'abc', 'user-42', 'user-7', 'anna', 'boris', 3, 4],
  tests,
} as const satisfies LabText
