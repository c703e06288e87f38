/** Lab 02: how the partitioner treats keys: what is checked, and what is said when it does not hold. */
import type { CaseText, TestText, Text } from '../engine/lab.ts'
import { keyHints } from './hints.ts'

const change = (what: Text, why: Text, advice: Text): CaseText => ({
  en: `{wrong} of {all} records go to another partition than in Kafka; all {all} go where they would if ${what.en}.`,
  ru: `Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:запись|записи|записей} из {all}; все {all} — точно туда, куда шли бы, если бы ${what.ru}.`,
  why,
  try: advice,
})

const asUtf8: Text = {
  en: 'For a string: `Buffer.from(key, "utf8")` or `new TextEncoder().encode(key)`.',
  ru: 'Для строки: `Buffer.from(key, "utf8")` или `new TextEncoder().encode(key)`.',
}
const onTheWire: Text = {
  en: 'What is sent is UTF-8, and the Java client hashes what it sends. For plain ASCII other encodings give the same bytes, and differ with the first «ж».',
  ru: 'По сети уходит UTF-8, и Java-клиент хеширует то, что отправляет. На чистом ASCII байты в других кодировках те же, а на первой «ж» — уже нет.',
}
const asItStands: Text = {
  en: 'To Kafka a key is bytes: keys that look alike are different keys, and each client must leave them as they are.',
  ru: 'Для Kafka ключ — это байты: похожие на вид ключи — разные ключи, и каждый клиент должен оставлять их как есть.',
}

/** What was done to the keys; partition-variants.ts holds how. */
export const changeWords = {
  'through-text': change(
    {
      en: 'each key took the way over a string: bytes, text, bytes',
      ru: 'каждый ключ прошёл через строку: байты, текст, байты',
    },
    {
      en: 'A byte sequence that is not UTF-8 comes back from a string as another one: each stray byte becomes EF BF BD.',
      ru: 'Последовательность байтов, которая не является UTF-8, возвращается из строки другой: каждый лишний байт становится EF BF BD.',
    },
    {
      en: 'Only a string needs to be turned into bytes: `typeof key === "string" ? Buffer.from(key) : key`.',
      ru: 'В байты надо превращать только строку: `typeof key === "string" ? Buffer.from(key) : key`.',
    },
  ),
  latin1: change(
    { en: 'strings were encoded as Latin-1', ru: 'строки кодировались как Latin-1' },
    onTheWire,
    asUtf8,
  ),
  utf16: change(
    { en: 'strings were encoded as UTF-16', ru: 'строки кодировались как UTF-16' },
    onTheWire,
    asUtf8,
  ),
  'code-units': change(
    {
      en: 'the low byte of each UTF-16 unit was taken (charCodeAt)',
      ru: 'от каждой единицы UTF-16 брался младший байт (charCodeAt)',
    },
    onTheWire,
    asUtf8,
  ),
  'code-points': change(
    {
      en: 'the low byte of each code point was taken (codePointAt)',
      ru: 'от каждого кода символа брался младший байт (codePointAt)',
    },
    onTheWire,
    asUtf8,
  ),
  composed: change(
    {
      en: 'strings were normalized to composed characters (NFC)',
      ru: 'строки приводились к составным символам (NFC)',
    },
    asItStands,
    { en: 'Leave out `normalize`.', ru: 'Уберите `normalize`.' },
  ),
  decomposed: change(
    {
      en: 'strings were normalized to decomposed characters (NFD)',
      ru: 'строки приводились к разложенным символам (NFD)',
    },
    asItStands,
    { en: 'Leave out `normalize`.', ru: 'Уберите `normalize`.' },
  ),
  trimmed: change(
    {
      en: 'white space at the ends was cut off',
      ru: 'пробельные символы по краям отрезались',
    },
    asItStands,
    { en: 'Leave out `trim`.', ru: 'Уберите `trim`.' },
  ),
  'lower-case': change(
    { en: 'strings were turned to lower case', ru: 'строки переводились в нижний регистр' },
    asItStands,
    { en: 'Leave out `toLowerCase`.', ru: 'Уберите `toLowerCase`.' },
  ),
  'no-mark': change(
    {
      en: 'a byte order mark (U+FEFF) at the beginning was dropped',
      ru: 'метка порядка байтов (U+FEFF) в начале отбрасывалась',
    },
    asItStands,
    {
      en: 'A TextDecoder drops the mark unless told `ignoreBOM: true`. Do not decode at all.',
      ru: 'TextDecoder отбрасывает метку, если не задать `ignoreBOM: true`. Не декодируйте вовсе.',
    },
  ),
  'as-json': change(
    {
      en: 'strings were written as JSON, in quotation marks',
      ru: 'строки записывались как JSON, в кавычках',
    },
    asItStands,
    asUtf8,
  ),
  escaped: change(
    {
      en: 'strings were escaped as in a URL (encodeURIComponent)',
      ru: 'строки экранировались, как в URL (encodeURIComponent)',
    },
    asItStands,
    asUtf8,
  ),
  'hex-text': change(
    {
      en: 'the hexadecimal text of a Buffer was hashed instead of its bytes',
      ru: 'хешировались не байты Buffer, а их запись в шестнадцатеричном виде',
    },
    asItStands,
    {
      en: 'A Buffer is bytes already: give it to partitionForKey.',
      ru: 'Buffer — уже байты: передайте его в partitionForKey.',
    },
  ),
  'zero-ended': change(
    {
      en: 'strings ended at the first character 0',
      ru: 'строки заканчивались на первом символе с кодом 0',
    },
    asItStands,
    asUtf8,
  ),
  'cut-key': change(
    {
      en: 'long keys were cut off',
      ru: 'длинные ключи обрезались',
    },
    {
      en: 'Keys that begin alike are different keys, and each client must hash all of their bytes.',
      ru: 'Ключи с одинаковым началом — разные ключи, и каждый клиент должен хешировать все их байты.',
    },
    {
      en: 'Hash the whole key, whatever its length.',
      ru: 'Хешируйте ключ целиком, какой бы длины он ни был.',
    },
  ),
  'own-partition': {
    en: '{wrong} of {all} records go to another partition than in Kafka. All of them go where your partitionForKey sends the bytes of their key: the partitioner is right, partitionForKey is not.',
    ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:запись|записи|записей} из {all}. Все они идут туда, куда байты ключа отправляет ваша partitionForKey: партиционер верен, а partitionForKey — нет.',
    try: {
      en: 'Look at murmur2 and partitionForKey first. If their own checks pass, what is special about the keys below?',
      ru: 'Сначала разберитесь с murmur2 и partitionForKey. Если их собственные проверки проходят, что особенного в ключах ниже?',
    },
  },
} as const satisfies Record<string, CaseText>

const differs: CaseText = {
  en: '{wrong} of {all} records go to another partition than in Kafka.',
  ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:запись|записи|записей} из {all}.',
  why: {
    en: 'kafkajs hands the key over as the program gave it: a string or a Buffer. On the wire both are bytes, and these are hashed.',
    ru: 'kafkajs передаёт ключ таким, каким его дала программа: строкой или Buffer. В сети и то и другое — байты, их и хешируют.',
  },
  try: {
    en: 'Turn a string into its UTF-8 bytes, leave bytes as they are, call partitionForKey with `partitionMetadata.length`.',
    ru: 'Строку переведите в байты UTF-8, байты оставьте как есть и вызовите partitionForKey с `partitionMetadata.length`.',
  },
}

export const keyTests = {
  'string-key': {
    name: {
      en: 'The partitioner finds Kafka’s partition for string keys and for byte keys',
      ru: 'Партиционер находит партицию Kafka и для строковых ключей, и для ключей-байтов',
    },
    promises: ['key-decides', 'key-bytes'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative'],
    says: { differs, ...changeWords },
    hints: keyHints,
  },
  'utf8-key': {
    name: {
      en: 'String keys are hashed as UTF-8, whatever the alphabet',
      ru: 'Строковые ключи хешируются как UTF-8, каков бы ни был алфавит',
    },
    promises: ['key-utf8'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative', 'string-key'],
    says: {
      differs,
      ...changeWords,
      border: {
        en: '{wrong} of {all} records go to another partition than in Kafka. Their keys end with {letters}; other letters go right.',
        ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:запись|записи|записей} из {all}. Их ключи кончаются на {letters}; остальные буквы идут куда надо.',
        why: {
          en: 'UTF-8 takes 1 byte up to U+007F, 2 up to U+07FF, 3 up to U+FFFF, and 4 above: each of these is the last one that still fits.',
          ru: 'UTF-8 занимает 1 байт до U+007F, 2 — до U+07FF, 3 — до U+FFFF и 4 — выше: каждый из этих символов последний, который ещё умещается.',
        },
        try: asUtf8,
      },
    },
    hints: keyHints,
  },
  'exact-key': {
    name: {
      en: 'Keys are hashed as they stand: spaces, accents, zero characters, 100 kB',
      ru: 'Ключи хешируются как есть: пробелы, надстрочные знаки, нулевые символы, 100 кБ',
    },
    promises: ['key-utf8', 'key-exact', 'value'],
    needs: [
      'hash-words',
      'hash-tail',
      'key-positive',
      'key-negative',
      'string-key',
      'utf8-key',
      'hash-large',
    ],
    says: {
      differs,
      ...changeWords,
      named: {
        en: '{wrong} of {all} records go to another partition than in Kafka: only those with the keys {keys}.',
        ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:запись|записи|записей} из {all}: только те, у которых ключи {keys}.',
        why: {
          en: 'An object made by `{}` is no empty table: `{}["constructor"]` is a function, and what is put under `"__proto__"` is not kept.',
          ru: 'Объект `{}` — не пустая таблица: `{}["constructor"]` — функция, а то, что кладут под `"__proto__"`, не хранится.',
        },
        try: {
          en: 'What you keep by key, keep in a Map; best keep nothing.',
          ru: 'То, что храните по ключам, храните в Map, а лучше не храните ничего.',
        },
      },
      'no-value': {
        en: '{wrong} of {all} records go to another partition than in Kafka: all of them records whose value is null.',
        ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:запись|записи|записей} из {all}: все они со значением null.',
        why: {
          en: 'A record without a value deletes what its key stands for (compaction): it must come after the earlier ones, so into their partition.',
          ru: 'Запись без значения удаляет то, что стоит за её ключом (compaction): она должна идти после прежних, а значит, в их партицию.',
        },
        try: { en: 'Do not look at message.value.', ru: 'Не смотрите на message.value.' },
      },
    },
    hints: keyHints,
  },
  'empty-key': {
    name: {
      en: 'An empty key is a key: it always goes to one partition',
      ru: 'Пустой ключ — тоже ключ: он всегда идёт в одну партицию',
    },
    promises: ['key-empty'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative', 'string-key'],
    says: {
      spread: {
        en: 'Records with an empty key went to {got}, of {partitions} partitions; all of them belong to partition {expected}.',
        ru: 'Записи с пустым ключом попали в {got} (всего партиций {partitions}), а место им всем в партиции {expected}.',
        why: {
          en: 'A key of zero bytes has a hash like any other. Only null and undefined mean “no key”.',
          ru: 'У ключа в ноль байт есть хеш, как и у любого другого. «Нет ключа» — это только null и undefined.',
        },
        try: {
          en: '`if (message.key)` is false for an empty string, and `key.length > 0` for an empty Buffer: compare with null, `key == null`.',
          ru: '`if (message.key)` ложно для пустой строки, а `key.length > 0` — для пустого Buffer: сравнивайте с null, `key == null`.',
        },
      },
      differs: {
        en: 'Records with an empty key all went to {got}, of {partitions} partitions; Kafka puts them into partition {expected}.',
        ru: 'Записи с пустым ключом все попали в {got} (всего партиций {partitions}), а Kafka кладёт их в партицию {expected}.',
        why: {
          en: 'A key of zero bytes has a hash like any other: {hash}.',
          ru: 'У ключа в ноль байт есть хеш, как и у любого другого: {hash}.',
        },
        try: {
          en: 'No special case is needed: murmur2 of no bytes is the seed after the last line.',
          ru: 'Особый случай не нужен: murmur2 от нуля байт — это seed, прошедший последнюю строку.',
        },
      },
    },
    hints: keyHints,
  },
} as const satisfies Record<string, TestText>
