/** Lab 02: what the tests of murmur2 check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'

export const hashTests = {
  'hash-words': {
    name: {
      en: 'murmur2 hashes keys of 4, 8, 12, … bytes as Kafka does',
      ru: 'murmur2 хеширует ключи в 4, 8, 12, … байт так же, как Kafka',
    },
    why: {
      en: 'Two clients put a key into the same partition only if they compute the same hash, bit for bit.',
      ru: 'Два клиента положат ключ в одну партицию, только если их хеши совпадают бит в бит.',
    },
    try: {
      en: 'Compare the constants (seed 0x9747b28c, M 0x5bd1e995, R 24), multiply with Math.imul, shift right with >>> and read the four bytes little-endian.',
      ru: 'Сверьте константы (seed 0x9747b28c, M 0x5bd1e995, R 24), умножайте через Math.imul, сдвигайте вправо через >>> и читайте четыре байта как little-endian.',
    },
    says: {
      differs: {
        en: '{wrong} of {all} keys have another hash than in Kafka.',
        ru: 'Хеш отличается от Kafka у {wrong} ключей из {all}.',
      },
    },
  },
  'hash-tail': {
    name: {
      en: 'murmur2 takes in the last 1 to 3 bytes of a key whose length is not divisible by 4',
      ru: 'murmur2 учитывает последние 1–3 байта, если длина ключа не делится на 4',
    },
    why: {
      en: 'Most keys have such a tail. If it is skipped or read in the wrong order, keys that end differently collide or go elsewhere.',
      ru: 'Такой хвост есть у большинства ключей. Если его пропустить или прочитать не в том порядке, ключи с разными концами совпадут или уйдут не туда.',
    },
    try: {
      en: 'The byte at tail position i is shifted left by 8·i. After the tail, and only if there is one, multiply by M once.',
      ru: 'Байт на месте i хвоста сдвигается влево на 8·i. После хвоста, и только если он есть, один раз умножьте на M.',
    },
    says: {
      differs: {
        en: '{wrong} of {all} keys with a tail have another hash than in Kafka.',
        ru: 'Хеш отличается от Kafka у {wrong} ключей с хвостом из {all}.',
      },
    },
  },
  'hash-view': {
    name: {
      en: 'murmur2 reads only the bytes it is given, also when they lie inside a larger buffer',
      ru: 'murmur2 читает только переданные байты, даже если они лежат внутри большего буфера',
    },
    why: {
      en: 'Node cuts Buffers out of a shared pool: `bytes.buffer` is the whole pool, and your key begins somewhere inside.',
      ru: 'Node вырезает Buffer из общего пула: `bytes.buffer` — это весь пул, а ваш ключ начинается где-то внутри.',
    },
    try: {
      en: 'Index the Uint8Array itself, or give DataView its byteOffset and byteLength.',
      ru: 'Обращайтесь по индексу к самому Uint8Array или передайте в DataView byteOffset и byteLength.',
    },
    says: {
      differs: {
        en: 'The same bytes gave {got} inside a larger buffer and {alone} alone.',
        ru: 'Одни и те же байты дали {got} внутри большего буфера и {alone} отдельно.',
      },
    },
  },
} as const satisfies Record<string, TestText>
