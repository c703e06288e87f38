/** Lab 02: a hash that is wrong in exactly one known way (variants.ts): which way, and what to change. */
import type { CaseText, Text } from '../engine/lab.ts'

/** `that`: what that murmur2 does, as the end of a sentence. */
const variant = (that: Text, advice: Text): CaseText => ({
  en: `{wrong} of {all} hashes differ from Kafka’s, and all {all} are exactly those of a murmur2 that ${that.en}.`,
  ru: `От Kafka {wrong:отличается|отличаются|отличаются} {wrong} {wrong:хеш|хеша|хешей} из {all}, и все {all} точно такие, какие даёт murmur2, которая ${that.ru}.`,
  try: advice,
})

export const variantWords = {
  'big-endian': variant(
    {
      en: 'reads each group of 4 bytes big-endian',
      ru: 'читает каждые 4 байта как big-endian',
    },
    {
      en: 'Little-endian: the first of the four bytes is the lowest, `b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)`. With DataView: `getInt32(at, true)`.',
      ru: 'Нужен little-endian: первый из четырёх байтов младший, `b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)`. С DataView: `getInt32(at, true)`.',
    },
  ),
  'big-endian-both': variant(
    {
      en: 'reads each group of 4 bytes, and the tail too, big-endian',
      ru: 'читает и каждые 4 байта, и хвост как big-endian',
    },
    {
      en: 'Little-endian in both: the byte at place i of a group, or of the tail, is shifted left by 8·i.',
      ru: 'И там и там нужен little-endian: байт на месте i в четвёрке или в хвосте сдвигается влево на 8·i.',
    },
  ),
  'signed-shift': variant(
    {
      en: 'shifts right with `>>`, which copies the sign bit, instead of `>>>`',
      ru: 'сдвигает вправо через `>>`, то есть размножает знаковый бит, а не через `>>>`',
    },
    {
      en: 'Replace `>>` by `>>>` in all three places: 24, 13 and 15.',
      ru: 'Замените `>>` на `>>>` во всех трёх местах: 24, 13 и 15.',
    },
  ),
  'signed-shift-words': variant(
    {
      en: 'computes `k ^= k >> 24` with `>>`, which copies the sign bit',
      ru: 'считает `k ^= k >> 24` через `>>`, то есть размножает знаковый бит',
    },
    { en: 'Write `k ^= k >>> 24`.', ru: 'Напишите `k ^= k >>> 24`.' },
  ),
  'signed-shift-end': variant(
    {
      en: 'shifts h at the end with `>>`, which copies the sign bit',
      ru: 'в конце сдвигает h через `>>`, то есть размножает знаковый бит',
    },
    {
      en: 'In the last line both shifts are `>>>`: `h >>> 13` and `h >>> 15`.',
      ru: 'В последней строке оба сдвига — `>>>`: `h >>> 13` и `h >>> 15`.',
    },
  ),
  'plain-multiplication': variant(
    {
      en: 'multiplies with `*`, which loses the low bits of large products',
      ru: 'умножает обычным `*` и теряет младшие биты больших произведений',
    },
    {
      en: 'A product of two 32-bit numbers needs 64 bits, a number holds 53. `Math.imul(a, b)` gives the low 32 bits exactly.',
      ru: 'Произведению двух 32-битных чисел нужно 64 бита, а в обычном числе их 53. `Math.imul(a, b)` точно даёт младшие 32.',
    },
  ),
  'no-tail': variant(
    {
      en: 'skips the last 1 to 3 bytes that do not make up a group of 4',
      ru: 'пропускает последние 1–3 байта, которые не складываются в четвёрку',
    },
    {
      en: 'After the loop: for each remaining byte i, `h ^= byte << (8 * i)`; then, once, `h = Math.imul(h, M)`.',
      ru: 'После цикла: для каждого оставшегося байта i — `h ^= байт << (8 * i)`; затем один раз `h = Math.imul(h, M)`.',
    },
  ),
  'tail-not-read': variant(
    {
      en: 'multiplies once for the tail, but takes none of its bytes into h',
      ru: 'умножает один раз за хвост, но его байты в h не вносит',
    },
    {
      en: 'Before that multiplication: for each remaining byte i, `h ^= byte << (8 * i)`.',
      ru: 'Перед этим умножением: для каждого оставшегося байта i — `h ^= байт << (8 * i)`.',
    },
  ),
  'tail-reversed': variant(
    {
      en: 'takes the bytes of the tail in reverse order',
      ru: 'берёт байты хвоста в обратном порядке',
    },
    {
      en: 'The first byte of the tail is not shifted, the second is shifted left by 8, the third by 16.',
      ru: 'Первый байт хвоста не сдвигается, второй сдвигается влево на 8, третий на 16.',
    },
  ),
  'tail-unshifted': variant(
    {
      en: 'does not shift the bytes of the tail',
      ru: 'не сдвигает байты хвоста',
    },
    {
      en: 'The byte at place i of the tail is shifted left by 8·i: 0, 8, 16.',
      ru: 'Байт на месте i в хвосте сдвигается влево на 8·i: на 0, 8, 16.',
    },
  ),
  'tail-first-byte': variant(
    {
      en: 'takes only the first byte of the tail',
      ru: 'берёт из хвоста только первый байт',
    },
    {
      en: 'A tail has up to three bytes. In Java a `switch` falls through from case 3 to 2 to 1: without `break` all of them run.',
      ru: 'В хвосте бывает до трёх байтов. В Java `switch` «проваливается» от case 3 к 2 и к 1: без `break` выполняются все.',
    },
  ),
  'tail-not-multiplied': variant(
    {
      en: 'takes in the bytes of the tail, but does not multiply h after them',
      ru: 'вносит байты хвоста, но не умножает после них h',
    },
    {
      en: 'After the last byte of the tail, once: `h = Math.imul(h, M)`.',
      ru: 'После последнего байта хвоста, один раз: `h = Math.imul(h, M)`.',
    },
  ),
  'tail-always-multiplied': variant(
    {
      en: 'multiplies h once more even if there is no tail',
      ru: 'лишний раз умножает h, даже если хвоста нет',
    },
    {
      en: 'The multiplication belongs to the tail: do it only if 1, 2 or 3 bytes remain.',
      ru: 'Это умножение относится к хвосту: оно нужно, только если осталось 1, 2 или 3 байта.',
    },
  ),
  'tail-each-multiplied': variant(
    {
      en: 'multiplies h after each byte of the tail',
      ru: 'умножает h после каждого байта хвоста',
    },
    {
      en: 'First all bytes of the tail, then one multiplication.',
      ru: 'Сначала все байты хвоста, потом одно умножение.',
    },
  ),
  'tail-as-word': variant(
    {
      en: 'pads the tail with zeros to 4 bytes and treats it like a group',
      ru: 'дополняет хвост нулями до 4 байт и обрабатывает его как четвёрку',
    },
    {
      en: 'The bytes of the tail go into h directly, without the steps that k goes through: `h ^= byte << (8 * i)`, then one multiplication.',
      ru: 'Байты хвоста вносятся прямо в h, без шагов, которые проходит k: `h ^= байт << (8 * i)`, затем одно умножение.',
    },
  ),
  'signed-tail': variant(
    {
      en: 'takes the bytes of the tail as signed: above 127 they become negative',
      ru: 'считает байты хвоста знаковыми: больше 127 — уже отрицательные',
    },
    {
      en: 'Bytes are 0 to 255. Java’s are signed, which is why its code says `data[i] & 0xff`; a Uint8Array has them right, an Int8Array does not.',
      ru: 'Байты — от 0 до 255. В Java они знаковые, поэтому там написано `data[i] & 0xff`; в Uint8Array они уже верные, в Int8Array — нет.',
    },
  ),
  'signed-bytes': variant(
    {
      en: 'takes bytes as signed: above 127 they become negative',
      ru: 'считает байты знаковыми: больше 127 — уже отрицательные',
    },
    {
      en: 'Bytes are 0 to 255. Java’s are signed, which is why its code says `data[i] & 0xff`; a Uint8Array has them right, an Int8Array does not.',
      ru: 'Байты — от 0 до 255. В Java они знаковые, поэтому там написано `data[i] & 0xff`; в Uint8Array они уже верные, в Int8Array — нет.',
    },
  ),
  'no-end': variant(
    {
      en: 'returns h without the last line',
      ru: 'возвращает h без последней строки',
    },
    {
      en: 'At the end: `h ^= h >>> 13; h = Math.imul(h, M); h ^= h >>> 15`.',
      ru: 'В конце: `h ^= h >>> 13; h = Math.imul(h, M); h ^= h >>> 15`.',
    },
  ),
  'half-end': variant(
    {
      en: 'does only a part of the last line',
      ru: 'выполняет последнюю строку не целиком',
    },
    {
      en: 'It has three steps: `h ^= h >>> 13; h = Math.imul(h, M); h ^= h >>> 15`.',
      ru: 'В ней три действия: `h ^= h >>> 13; h = Math.imul(h, M); h ^= h >>> 15`.',
    },
  ),
  'no-shift-in-words': variant(
    {
      en: 'leaves out `k ^= k >>> 24`',
      ru: 'пропускает `k ^= k >>> 24`',
    },
    {
      en: 'k is multiplied, xored with itself shifted, multiplied again.',
      ru: 'k умножают, складывают по xor с ним же сдвинутым и умножают снова.',
    },
  ),
  'k-once': variant(
    {
      en: 'multiplies k only once',
      ru: 'умножает k только один раз',
    },
    {
      en: 'k is multiplied by M before `k ^= k >>> 24` and after it.',
      ru: 'k умножается на M и до `k ^= k >>> 24`, и после.',
    },
  ),
  'h-not-multiplied': variant(
    {
      en: 'does not multiply h before k joins it',
      ru: 'не умножает h, прежде чем внести в него k',
    },
    { en: '`h = Math.imul(h, M) ^ k`.', ru: '`h = Math.imul(h, M) ^ k`.' },
  ),
  'xor-first': variant(
    {
      en: 'xors k into h first and multiplies h after that',
      ru: 'сначала вносит k в h по xor, а потом умножает h',
    },
    {
      en: 'First `h = Math.imul(h, M)`, then `h ^= k`.',
      ru: 'Сначала `h = Math.imul(h, M)`, потом `h ^= k`.',
    },
  ),
  add: variant(
    {
      en: 'adds k to h instead of xoring it',
      ru: 'прибавляет k к h, а не вносит по xor',
    },
    { en: '`h = Math.imul(h, M) ^ k`.', ru: '`h = Math.imul(h, M) ^ k`.' },
  ),
  'no-length': variant(
    {
      en: 'begins with the seed alone, without the length',
      ru: 'начинает с одного seed, без длины',
    },
    { en: '`let h = 0x9747b28c ^ bytes.length`.', ru: '`let h = 0x9747b28c ^ bytes.length`.' },
  ),
  'length-added': variant(
    {
      en: 'adds the length to the seed instead of xoring it',
      ru: 'прибавляет длину к seed, а не складывает по xor',
    },
    { en: '`let h = 0x9747b28c ^ bytes.length`.', ru: '`let h = 0x9747b28c ^ bytes.length`.' },
  ),
  'short-length': variant(
    {
      en: 'uses only the low bits of the length',
      ru: 'берёт только младшие биты длины',
    },
    {
      en: 'The whole length goes in: `0x9747b28c ^ bytes.length`, without a mask.',
      ru: 'Длина входит целиком: `0x9747b28c ^ bytes.length`, без маски.',
    },
  ),
  'length-in-words': variant(
    {
      en: 'counts the length in groups of 4 bytes',
      ru: 'считает длину в четвёрках байтов',
    },
    {
      en: 'The length at the start is in bytes: `0x9747b28c ^ bytes.length`.',
      ru: 'Длина в начале — в байтах: `0x9747b28c ^ bytes.length`.',
    },
  ),
  cut: variant(
    {
      en: 'hashes only the first {limit} bytes',
      ru: 'хеширует только первые {limit} байт',
    },
    {
      en: 'All bytes count, up to a key of 1 MB. Is there a limit, or a fixed number of rounds, somewhere?',
      ru: 'Учитываются все байты, вплоть до ключа в 1 МБ. Нет ли где-то предела или фиксированного числа шагов?',
    },
  ),
  'through-text': variant(
    {
      en: 'turns the bytes into a string and back first',
      ru: 'сначала превращает байты в строку и обратно',
    },
    {
      en: 'Bytes that are not text do not survive this. Read them where they are: `bytes[i]`.',
      ru: 'Байты, которые не текст, такого не переживут. Читайте их прямо на месте: `bytes[i]`.',
    },
  ),
  'other-seed': variant(
    {
      en: 'has the seed {seed}',
      ru: 'начинает с seed {seed}',
    },
    {
      en: 'Kafka’s seed is 0x9747b28c: `let h = 0x9747b28c ^ bytes.length`.',
      ru: 'В Kafka seed — 0x9747b28c: `let h = 0x9747b28c ^ bytes.length`.',
    },
  ),
  'other-r': variant(
    {
      en: 'shifts k by {r}',
      ru: 'сдвигает k на {r}',
    },
    { en: 'Kafka shifts k by 24: `k ^= k >>> 24`.', ru: 'В Kafka k сдвигается на 24: `k ^= k >>> 24`.' },
  ),
  'other-end': variant(
    {
      en: 'shifts h by {first} and {last} at the end',
      ru: 'в конце сдвигает h на {first} и {last}',
    },
    {
      en: 'Kafka shifts by 13 before the multiplication and by 15 after it.',
      ru: 'В Kafka сдвиг на 13 до умножения и на 15 после него.',
    },
  ),
} as const satisfies Record<string, CaseText>

export type VariantId = keyof typeof variantWords
