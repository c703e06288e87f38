/** Lab 02: what the tests of murmur2 check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { anewHints, largeHints, tailHints, viewHints, wordHints } from './hints.ts'
import { variantWords } from './messages-variants.ts'

/** The hash is wrong, and equals none of the known variants. */
const unknown: CaseText = {
  en: '{wrong} of {all} hashes differ from Kafka’s. Below: the steps of Kafka’s murmur2 for <{key}>; yours gives {got}.',
  ru: 'От Kafka {wrong:отличается|отличаются|отличаются} {wrong} {wrong:хеш|хеша|хешей} из {all}. Ниже — шаги murmur2 из Kafka для <{key}>; ваша даёт {got}.',
  why: {
    en: 'Two clients put a key into the same partition only if they compute the same hash, bit for bit.',
    ru: 'Два клиента положат ключ в одну партицию, только если их хеши совпадают бит в бит.',
  },
  try: {
    en: 'Print k and h after each step for these bytes, as `(h >>> 0).toString(16)`, and find the first line that differs.',
    ru: 'Напечатайте k и h после каждого шага для этих байтов, например `(h >>> 0).toString(16)`, и найдите первую строку, которая не сходится.',
  },
}

/** Not the type that a hash has. */
const noHash: CaseText = {
  en: 'murmur2 gave {got} for <{key}>: that is not a 32-bit integer.',
  ru: 'murmur2 вернула {got} для <{key}>: это не 32-битное целое.',
  try: {
    en: 'A product by `*` may exceed 32 bits or become a fraction; Math.imul, `|`, `^` and `>>>` always give 32 bits.',
    ru: 'Обычное `*` может выйти за 32 бита или дать дробь; Math.imul, `|`, `^` и `>>>` всегда дают 32 бита.',
  },
}

/** Only the key of no bytes is wrong. */
const empty: CaseText = {
  en: 'The hash of no bytes is {got} with you, and {expected} in Kafka; the other {others} are right.',
  ru: 'Хеш от нуля байт у вас {got}, а в Kafka — {expected}; остальные {others} верны.',
  why: {
    en: 'A key of no bytes is hashed like any other: the loop and the tail have nothing to do, the beginning and the end have.',
    ru: 'Ключ без единого байта хешируется, как и любой другой: циклу и хвосту делать нечего, а началу и концу есть что.',
  },
  try: {
    en: 'Leave out the special case: `0x9747b28c ^ 0` goes through the last line.',
    ru: 'Уберите особый случай: `0x9747b28c ^ 0` проходит через последнюю строку.',
  },
}

const hashSays = { differs: unknown, empty, 'no-hash': noHash, ...variantWords } as const

export const hashTests = {
  'hash-words': {
    name: {
      en: 'murmur2 hashes keys of 0, 4, 8, 12, … bytes as Kafka does',
      ru: 'murmur2 хеширует ключи в 0, 4, 8, 12, … байт так же, как Kafka',
    },
    promises: ['hash'],
    says: hashSays,
    hints: wordHints,
  },
  'hash-tail': {
    name: {
      en: 'murmur2 takes in the last 1 to 3 bytes of a key whose length is not divisible by 4',
      ru: 'murmur2 учитывает последние 1–3 байта, если длина ключа не делится на 4',
    },
    promises: ['hash'],
    needs: ['hash-words'],
    says: hashSays,
    hints: tailHints,
  },
  'hash-large': {
    name: {
      en: 'murmur2 hashes all bytes of large keys, up to 1 MB',
      ru: 'murmur2 хеширует все байты больших ключей, вплоть до 1 МБ',
    },
    promises: ['hash-length', 'time'],
    needs: ['hash-words', 'hash-tail'],
    says: {
      ...hashSays,
      differs: {
        en: 'Keys of these lengths have another hash than in Kafka: {lengths}.',
        ru: 'Хеш отличается от Kafka у ключей такой длины: {lengths}.',
        try: {
          en: 'What becomes different at this length? A limit, a mask on the length, a number that outgrows 32 bits?',
          ru: 'Что меняется на этой длине? Предел, маска на длине, число, которому тесно в 32 битах?',
        },
      },
    },
    hints: largeHints,
  },
  'hash-view': {
    name: {
      en: 'murmur2 reads only the bytes it is given, also when they lie inside a larger buffer',
      ru: 'murmur2 читает только переданные байты, даже если они лежат внутри большего буфера',
    },
    promises: ['hash-view'],
    needs: ['hash-large'],
    says: {
      'whole-memory': {
        en: 'For {length} bytes inside a buffer of {size} your murmur2 hashed all {size}.',
        ru: 'Из буфера в {size} байт переданы {length}, а murmur2 хешировала все {size}.',
        why: {
          en: 'Node cuts Buffers out of a shared pool: `bytes.buffer` is the whole pool, and your key lies somewhere inside.',
          ru: 'Node вырезает Buffer из общего пула: `bytes.buffer` — это весь пул, а ваш ключ лежит где-то внутри.',
        },
        try: {
          en: 'Index the Uint8Array itself, or give DataView its byteOffset and byteLength.',
          ru: 'Обращайтесь по индексу к самому Uint8Array или передайте в DataView byteOffset и byteLength.',
        },
      },
      'from-the-start': {
        en: 'For {length} bytes that begin at {at} of a larger buffer your murmur2 hashed {length} bytes from 0.',
        ru: 'Переданы {length} байт, начиная с {at}-го в большем буфере, а murmur2 хешировала {length} байт с нулевого.',
        why: {
          en: 'Node cuts Buffers out of a shared pool: `bytes.buffer` is the whole pool, and your key lies somewhere inside.',
          ru: 'Node вырезает Buffer из общего пула: `bytes.buffer` — это весь пул, а ваш ключ лежит где-то внутри.',
        },
        try: {
          en: 'Give DataView the byteOffset too: `new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)`.',
          ru: 'Передайте в DataView и byteOffset: `new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)`.',
        },
      },
      differs: {
        en: 'The same {length} bytes gave {got} inside a larger buffer and {alone} alone.',
        ru: 'Одни и те же байты ({length}) дали {got} внутри большего буфера и {alone} отдельно.',
        try: {
          en: 'Only `bytes[0]` to `bytes[bytes.length - 1]` belong to the key, whatever memory they lie in.',
          ru: 'К ключу относятся только байты от `bytes[0]` до `bytes[bytes.length - 1]`, в какой бы памяти они ни лежали.',
        },
      },
    },
    hints: viewHints,
  },
  'hash-anew': {
    name: {
      en: 'murmur2 hashes what is in the bytes now, also when it has seen the same memory before',
      ru: 'murmur2 хеширует то, что лежит в байтах сейчас, даже если эта память ей уже встречалась',
    },
    promises: ['hash-anew'],
    needs: ['hash-large'],
    says: {
      remembered: {
        en: 'The same Buffer came with other bytes, and murmur2 gave {got} again, the hash of the bytes that were in it before.',
        ru: 'Тот же Buffer пришёл с другими байтами, а murmur2 снова вернула {got} — хеш тех байтов, что лежали в нём раньше.',
        why: {
          en: 'Programs use a Buffer again for the next key; the object is the same, the key is not.',
          ru: 'Программы используют Buffer повторно под следующий ключ: объект тот же, ключ другой.',
        },
        try: {
          en: 'Do not remember hashes by object (Map, WeakMap); compute each anew.',
          ru: 'Не запоминайте хеши по объекту (Map, WeakMap), считайте каждый заново.',
        },
      },
      differs: {
        en: 'The same Buffer came with other bytes: murmur2 gave {got}, and {alone} for these bytes in memory of their own.',
        ru: 'Тот же Buffer пришёл с другими байтами: murmur2 вернула {got}, а для этих же байтов в отдельной памяти — {alone}.',
        try: {
          en: 'The result must follow from the bytes alone: look for variables outside the function.',
          ru: 'Результат должен зависеть только от байтов: поищите переменные вне функции.',
        },
      },
    },
    hints: anewHints,
  },
} as const satisfies Record<string, TestText>
