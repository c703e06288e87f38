/** Lab 02: hints by what fails. Code in the last hint of each is run by labs/tests/hints.test.ts, as it stands here. */
import type { Hints } from '../engine/lab.ts'

export const wordHints: Hints = [
  {
    en: 'Begin with keys of exactly 4 bytes: one round of the loop, no tail. When they are right, 8 and 12 bytes are too, unless h is reset in the loop.',
    ru: 'Начните с ключей ровно в 4 байта: один проход цикла, хвоста нет. Если они верны, то верны и 8, и 12 байт, лишь бы h не обнулялся в цикле.',
  },
  {
    en: 'Three places where JavaScript differs from Java: `*` loses low bits (use Math.imul), `>>` keeps the sign (use `>>>`), and four bytes become a number only by shifts and `|`, the first byte lowest.',
    ru: 'JavaScript отличается от Java в трёх местах: `*` теряет младшие биты (нужен Math.imul), `>>` сохраняет знак (нужен `>>>`), а четыре байта складываются в число только сдвигами и `|`, причём первый байт — младший.',
  },
  {
    en: 'The loop, with M = 0x5bd1e995:',
    ru: 'Цикл; M = 0x5bd1e995:',
    code: `const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
for (let at = 0; at + 4 <= bytes.length; at += 4) {
  let k = Math.imul(view.getInt32(at, true), M)
  k ^= k >>> 24
  k = Math.imul(k, M)
  h = Math.imul(h, M) ^ k
}`,
  },
]

export const tailHints: Hints = [
  {
    en: 'Which keys are wrong: those whose length leaves 1, 2 or 3 when divided by 4? Then the loop is right and the tail is not.',
    ru: 'Неверны только ключи, у которых остаток от деления длины на 4 — это 1, 2 или 3? Тогда цикл верен, дело в хвосте.',
  },
  {
    en: 'The bytes of the tail go into h, not into k: byte i shifted left by 8·i. Only after the last of them is h multiplied, and only if there is a tail at all.',
    ru: 'Байты хвоста вносятся в h, а не в k: байт i сдвинут влево на 8·i. Только после последнего из них h умножается, и только если хвост вообще есть.',
  },
  {
    en: 'After the loop; `view` is a DataView over the key:',
    ru: 'После цикла; `view` — это DataView над ключом:',
    code: `const tail = bytes.length % 4
const from = bytes.length - tail
for (let i = 0; i < tail; i++) h ^= view.getUint8(from + i) << (8 * i)
if (tail > 0) h = Math.imul(h, M)`,
  },
]

export const largeHints: Hints = [
  {
    en: 'Short keys are right, long ones are not: look for a limit, a fixed number of rounds, a mask on the length.',
    ru: 'Короткие ключи верны, длинные нет: ищите предел, фиксированное число шагов, маску на длине.',
  },
  {
    en: '1 MB is 262,144 rounds. Recursion that deep overflows the stack, and `slice` in each round copies the rest of the key each time: a loop with an index does neither.',
    ru: '1 МБ — это 262 144 шага. При такой глубине рекурсия переполняет стек, а `slice` на каждом шаге каждый раз копирует остаток ключа; цикл с индексом не делает ни того ни другого.',
  },
  {
    en: 'The whole length goes into the start, and an index runs over all whole groups:',
    ru: 'В начало входит вся длина, а индекс проходит все полные четвёрки:',
    code: `let h = 0x9747b28c ^ bytes.length
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
for (let at = 0; at + 4 <= bytes.length; at += 4) {`,
  },
]

export const viewHints: Hints = [
  {
    en: 'Do you use `bytes.buffer` anywhere? That is all the memory your key lies in, other people’s bytes included.',
    ru: 'Где-нибудь есть `bytes.buffer`? Это вся память, в которой лежит ваш ключ, вместе с чужими байтами.',
  },
  {
    en: '`bytes[i]` already counts from the key’s first byte. A DataView has to be told where it begins and how long it is.',
    ru: '`bytes[i]` уже считает от первого байта ключа. А DataView надо сказать, где он начинается и какой он длины.',
  },
  {
    en: 'With a DataView:',
    ru: 'С DataView:',
    code: `const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)`,
  },
]

export const anewHints: Hints = [
  {
    en: 'What does murmur2 remember from one call to the next? It should be nothing.',
    ru: 'Что murmur2 помнит от вызова к вызову? Ничего не должна.',
  },
  {
    en: 'A cache by object finds the same Buffer again after its bytes have changed. A hash of a short key takes less time than a look into a Map.',
    ru: 'Кэш по объекту найдёт тот же Buffer и после того, как байты в нём сменились. А хеш короткого ключа считается быстрее, чем поиск в Map.',
  },
  {
    en: 'Begin each call with variables of its own, and no Map or WeakMap outside:',
    ru: 'Начинайте каждый вызов со своих переменных, без Map и WeakMap снаружи:',
    code: `export function murmur2(bytes: Uint8Array): number {
  let h = 0x9747b28c ^ bytes.length`,
  },
]

export const formulaHints: Hints = [
  {
    en: 'The formula is on the page; what matters is the order of its two operations, and the brackets.',
    ru: 'Формула есть на странице; важны порядок двух действий и скобки.',
  },
  {
    en: '`hash & 0x7fffffff` only clears the sign bit: -2 becomes 2147483646. Math.abs makes it 2, `>>> 0` makes it 4294967294: other numbers, other remainders.',
    ru: '`hash & 0x7fffffff` только обнуляет знаковый бит: из -2 получается 2147483646. Math.abs даёт 2, `>>> 0` — 4294967294: другие числа, другие остатки.',
  },
  {
    en: 'Mask, then remainder:',
    ru: 'Сначала маска, потом остаток:',
    code: `return (murmur2(key) & 0x7fffffff) % partitionCount`,
  },
]

export const keyHints: Hints = [
  {
    en: 'A message’s key comes as the program gave it: a string, a Buffer, nothing. partitionForKey wants bytes.',
    ru: 'Ключ приходит таким, каким его дала программа: строка, Buffer или ничего. А partitionForKey нужны байты.',
  },
  {
    en: '“No key” is null and undefined, nothing else: `if (message.key)` takes an empty string for none. A string becomes UTF-8 bytes; a Buffer stays as it is, since not every byte sequence survives the way to a string and back.',
    ru: '«Нет ключа» — это null и undefined, и больше ничего: `if (message.key)` сочтёт пустую строку отсутствием ключа. Строка превращается в байты UTF-8; Buffer остаётся как есть: не всякие байты переживут путь в строку и обратно.',
  },
  {
    en: 'In the function that createPartitioner returns:',
    ru: 'В функции, которую возвращает createPartitioner:',
    code: `const { key } = message
if (key !== null && key !== undefined) {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
  return partitionForKey(bytes, partitionMetadata.length)
}`,
  },
]

export const spreadHints: Hints = [
  {
    en: 'The simplest way needs no memory at all.',
    ru: 'Самому простому способу память вообще не нужна.',
  },
  {
    en: 'A counter works as long as nothing else moves it: count only records without a key, for each topic, in each partitioner. One counter for two topics that take turns gives one of them only even numbers.',
    ru: 'Счётчик годится, пока его не двигает ничто постороннее: считайте только записи без ключа, отдельно для каждого топика и в каждом партиционере. Если два топика по очереди двигают один счётчик, одному из них достаются только чётные числа.',
  },
  {
    en: 'At random:',
    ru: 'Случайно:',
    code: 'return Math.floor(Math.random() * partitionMetadata.length)',
  },
]

export const partitionerHints: Hints = [
  {
    en: 'The returned function is asked for each message anew, and what it needs to know comes with each message.',
    ru: 'Функцию спрашивают о каждом сообщении заново, и всё, что ей нужно знать, приходит вместе с сообщением.',
  },
  {
    en: 'Order: the partition that the message names (0 is one, so compare with undefined), then the key, then no key. The only thing to take from partitionMetadata is its length, in this very call.',
    ru: 'Порядок: партиция, указанная в сообщении (0 — тоже партиция, поэтому сравнивайте с undefined), затем ключ, затем записи без ключа. Из partitionMetadata нужна только длина, причём именно в этом вызове.',
  },
  {
    en: 'In the function that createPartitioner returns:',
    ru: 'В функции, которую возвращает createPartitioner:',
    code: `if (message.partition !== undefined) return message.partition
const { key } = message
if (key !== null && key !== undefined) {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
  return partitionForKey(bytes, partitionMetadata.length)
}
return Math.floor(Math.random() * partitionMetadata.length)`,
  },
]

export const movedHints: Hints = [
  {
    en: 'Nothing has to be computed that partitionForKey does not know already.',
    ru: 'Не нужно вычислять ничего, чего не знала бы partitionForKey.',
  },
  {
    en: 'A key has moved when its partition among `before` is not its partition among `after`; whether that one is new does not matter. `filter` keeps the order, makes a new array and leaves the old one alone.',
    ru: 'Ключ переехал, если его партиция из `before` — не та же, что из `after`; новая она или старая, неважно. `filter` сохраняет порядок, создаёт новый массив и не трогает старый.',
  },
  {
    en: 'Key by key:',
    ru: 'Ключ за ключом:',
    code: `export function movedKeys(keys: string[], before: number, after: number): string[] {
  return keys.filter((key) => {
    const bytes = Buffer.from(key, 'utf8')
    return partitionForKey(bytes, before) !== partitionForKey(bytes, after)
  })
}`,
  },
]
