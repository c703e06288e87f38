/** Lab 02, keys and partitions: its title, hints and exports, in both languages. */
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
  hints: [
    {
      en: 'Start with murmur2 for keys of 4, 8 and 12 bytes, then do the tail of 1 to 3 bytes. JavaScript’s `*` loses the low bits of large products: Math.imul multiplies as Java’s int does.',
      ru: 'Начните с murmur2 для ключей в 4, 8 и 12 байт, потом займитесь хвостом в 1–3 байта. Обычное `*` в JavaScript теряет младшие биты больших произведений: как int в Java умножает Math.imul.',
    },
    {
      en: 'A hash is a signed 32-bit number, and half of all keys hash below zero. Java’s client clears the sign bit (`& 0x7fffffff`) and only then takes the remainder. Math.abs gives other partitions. A string key is hashed as its UTF-8 bytes; an empty key is a key, null is none.',
      ru: 'Хеш — 32-битное число со знаком, и у половины ключей он отрицательный. Java-клиент обнуляет знаковый бит (`& 0x7fffffff`) и только потом берёт остаток. Math.abs даст другие партиции. Строковый ключ хешируется как байты UTF-8; пустой ключ — это ключ, null — его отсутствие.',
    },
    {
      en: 'Body: for each whole 4 bytes, k = little-endian int32; k = imul(k, M); k ^= k >>> 24; k = imul(k, M); h = imul(h, M) ^ k. Tail of n bytes: for i = n-1 … 0: h ^= byte[i] << (8·i); once, after them: h = imul(h, M). End: h ^= h >>> 13; h = imul(h, M); h ^= h >>> 15. In createPartitioner look at message.partition first, then at the key, and count `partitionMetadata` anew in each call.',
      ru: 'Тело: для каждых полных 4 байт k = int32 little-endian; k = imul(k, M); k ^= k >>> 24; k = imul(k, M); h = imul(h, M) ^ k. Хвост из n байт: для i = n-1 … 0: h ^= байт[i] << (8·i); после них один раз h = imul(h, M). Конец: h ^= h >>> 13; h = imul(h, M); h ^= h >>> 15. В createPartitioner сначала смотрите на message.partition, потом на ключ, а `partitionMetadata` считайте заново при каждом вызове.',
    },
  ],
  examples: ['21', 'foobar', 'abc', 'user-42', 'user-7', 'anna', 'boris', 3, 4],
  tests,
} as const satisfies LabText
