/** Lab 03: hints by what fails. Code in the last hint of each is run by labs/tests/hints.test.ts, as it stands here. */
import type { Hints } from '../engine/lab.ts'

export const stateHints: Hints = [
  {
    en: 'A log has to remember three things: where it begins, where it ends, and its batches.',
    ru: 'Журналу надо помнить три вещи: где он начинается, где кончается и какие в нём пакеты.',
  },
  {
    en: 'endOffset changes, so it must be read at the moment when it is asked for: a getter, or a property of the object that append updates. `{ endOffset: end }` copies the number once and stays there.',
    ru: 'endOffset меняется, поэтому читать его надо в момент обращения: это геттер или свойство объекта, которое обновляет append. `{ endOffset: end }` копирует число один раз и навсегда.',
  },
  {
    en: 'A closure with a getter:',
    ru: 'Замыкание с геттером:',
    code: `let end = startOffset
return {
  startOffset,
  get endOffset() {
    return end
  },`,
  },
]

export const appendHints: Hints = [
  {
    en: 'append does four things, in this order: check, copy, stamp, count.',
    ru: 'append делает четыре вещи, именно в таком порядке: проверяет, копирует, вписывает смещение, считает.',
  },
  {
    en: 'Check first, so that a refused batch leaves no trace. Copy before you stamp, so that the caller’s bytes stay as they were: `Uint8Array.from(batch)` copies a Buffer too, `batch.slice()` of a Buffer does not. endOffset grows by count, and what is returned is its value from before.',
    ru: 'Сначала проверка, чтобы отвергнутый пакет не оставил следа. Копия — до того, как вписать смещение, чтобы байты вызывающего остались прежними: `Uint8Array.from(batch)` копирует и Buffer, а `batch.slice()` у Buffer не копирует. endOffset растёт на count, а возвращается его прежнее значение.',
  },
  {
    en: 'With `batches`, a list, and `end`:',
    ru: 'Если есть список `batches` и число `end`:',
    code: `append(batch, count) {
  if (!Number.isInteger(count) || count < 1) throw new RangeError('no records')
  if (batch.length < 8) throw new RangeError('too short')
  const base = end
  const bytes = Uint8Array.from(batch)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
  batches.push({ base, count, bytes })
  end += count
  return base
},`,
  },
]

export const stampHints: Hints = [
  {
    en: 'Eight bytes, the high byte first: offset 5 is 00 00 00 00 00 00 00 05.',
    ru: 'Восемь байт, старший первым: смещение 5 — это 00 00 00 00 00 00 00 05.',
  },
  {
    en: '32-bit operators (`|`, `>>`, setInt32) lose everything above 2³². A BigInt has no such limit, and DataView writes big-endian unless told otherwise.',
    ru: '32-битные операции (`|`, `>>`, setInt32) теряют всё, что выше 2³². У BigInt такого предела нет, а DataView пишет big-endian, если не сказать иначе.',
  },
  {
    en: 'Into a copy that begins at byte 0 of its own memory:',
    ru: 'В копию, которая лежит с нулевого байта собственной памяти:',
    code: `const bytes = Uint8Array.from(batch)
new DataView(bytes.buffer).setBigInt64(0, BigInt(base))`,
  },
]

export const readHints: Hints = [
  {
    en: 'read does three things: check the bounds, find the batch that holds the offset, take batches while they fit.',
    ru: 'read делает три вещи: проверяет границы, находит пакет с нужным смещением и берёт пакеты, пока они умещаются.',
  },
  {
    en: 'A batch holds `offset` if base <= offset < base + count. The first one is always taken; each following one only if the sum of lengths stays within maxBytes, and the first that does not fit ends the read. Hand out copies.',
    ru: 'Пакет содержит `offset`, если база <= offset < база + count. Первый берётся всегда, каждый следующий — только если сумма длин не больше maxBytes; первый, который не умещается, заканчивает чтение. Отдавайте копии.',
  },
  {
    en: 'With `batches`, a list, and `end`:',
    ru: 'Если есть список `batches` и число `end`:',
    code: `read(offset, maxBytes) {
  if (offset < startOffset || offset > end) throw new RangeError('no such offset')
  const found: Uint8Array[] = []
  let size = 0
  for (const { base, count, bytes } of batches) {
    if (base + count <= offset) continue
    size += bytes.length
    if (found.length > 0 && size > maxBytes) break
    found.push(bytes.slice())
  }
  return found
},`,
  },
]

export const boundHints: Hints = [
  {
    en: 'Four places an offset can be: below the log, in it, at its end, above it. Which answer belongs to which?',
    ru: 'Смещение бывает в четырёх местах: ниже журнала, внутри него, на его конце, выше него. Какой ответ к какому?',
  },
  {
    en: 'endOffset itself is inside the bounds: it is where a consumer that has read everything waits. One above it is outside. And what is outside is a RangeError, not an Error.',
    ru: 'Сам endOffset внутри границ: там ждёт консюмер, который всё прочитал. На единицу выше — уже вне границ. И вне границ бросают RangeError, а не Error.',
  },
  {
    en: 'The first line of read:',
    ru: 'Первая строка read:',
    code: "if (offset < startOffset || offset > end) throw new RangeError('no such offset')",
  },
]

export const copyHints: Hints = [
  {
    en: 'How many arrays exist for one batch: the caller’s, the log’s, the reader’s? There must be three, each with memory of its own.',
    ru: 'Сколько массивов приходится на один пакет: у вызывающего, у журнала, у читателя? Должно быть три, и у каждого своя память.',
  },
  {
    en: '`subarray` never copies. `slice` copies a Uint8Array, but a Buffer’s own slice does not. `Uint8Array.from(bytes)`, `new Uint8Array(bytes)` and `Buffer.from(bytes)` always do.',
    ru: '`subarray` не копирует никогда. `slice` у Uint8Array копирует, а у Buffer — нет. `Uint8Array.from(bytes)`, `new Uint8Array(bytes)` и `Buffer.from(bytes)` копируют всегда.',
  },
  {
    en: 'On the way in; and on the way out `bytes.slice()`, which copies, since these bytes are a plain Uint8Array:',
    ru: 'На входе; а на выходе — `bytes.slice()`: он копирует, потому что эти байты — обычный Uint8Array:',
    code: 'const bytes = Uint8Array.from(batch)',
  },
]
