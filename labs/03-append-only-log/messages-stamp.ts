/** Lab 03: what stands where a batch's base offset should be, and what is said about it, in both languages. */
import type { CaseText, Text } from '../engine/lab.ts'

const stampWhy: Text = {
  en: 'The producer does not know the offset. The broker writes it, as int64 big-endian, and clients read it from there.',
  ru: 'Продюсер смещения не знает. Его вписывает брокер, как int64 big-endian, и оттуда его читают клиенты.',
}
const stampTry: Text = {
  en: '`new DataView(bytes.buffer, bytes.byteOffset).setBigInt64(0, BigInt(base))` on your copy.',
  ru: '`new DataView(bytes.buffer, bytes.byteOffset).setBigInt64(0, BigInt(base))` на вашей копии.',
}
const stamp = (en: string, ru: string, advice: Text = stampTry): CaseText => ({
  en: `The batch at offset {offset} does not begin with its base offset {offset}: ${en}`,
  ru: `Пакет на смещении {offset} начинается не со своего базового смещения {offset}: ${ru}`,
  why: stampWhy,
  try: advice,
})

/** What stands in the first eight bytes instead of the base offset: recognised in reading.ts. */
export const stampSays = {
  'not-stamped': stamp(
    'its first 8 bytes are as they were handed in.',
    'первые 8 байт такие, какими их передали.',
    {
      en: '`new DataView(bytes.buffer, bytes.byteOffset).setBigInt64(0, BigInt(base))` on your copy. If you do that: the memory of a Buffer, `bytes.buffer`, may begin before the Buffer does; of a `Uint8Array.from(batch)` it does not.',
      ru: '`new DataView(bytes.buffer, bytes.byteOffset).setBigInt64(0, BigInt(base))` на вашей копии. Если это уже есть: память Buffer, `bytes.buffer`, может начинаться раньше самого Buffer; у `Uint8Array.from(batch)` они начинаются вместе.',
    },
  ),
  zero: stamp(
    'its first 8 bytes are as they were handed in. In a log that begins elsewhere they are right.',
    'первые 8 байт такие, какими их передали. В журнале, который начинается не с нуля, они верны.',
    {
      en: '0 is an offset like any other, and falsy: `if (base)` passes over it. A producer may have left anything in these bytes.',
      ru: '0 — такое же смещение, как и любое другое, но ложное: `if (base)` его пропустит. А продюсер мог оставить в этих байтах что угодно.',
    },
  ),
  'little-endian': stamp(
    'it stands there with the low byte first (little-endian).',
    'оно записано младшим байтом вперёд (little-endian).',
    {
      en: 'DataView writes big-endian unless its last argument is true; for a Buffer it is `writeBigInt64BE`.',
      ru: 'DataView пишет big-endian, если последний аргумент не true; у Buffer это `writeBigInt64BE`.',
    },
  ),
  'four-bytes': stamp(
    'it stands in the first 4 bytes, as int32; the next 4 are as they were.',
    'оно стоит в первых 4 байтах, как int32; следующие 4 не изменились.',
    {
      en: 'Eight bytes: `setBigInt64(0, BigInt(base))`, not `setInt32` or `setUint32`.',
      ru: 'Нужны восемь байт: `setBigInt64(0, BigInt(base))`, а не `setInt32` и не `setUint32`.',
    },
  ),
  'low-bits': stamp(
    'the lower 32 bits are right, what lies above is lost.',
    'младшие 32 бита верны, а всё, что выше, потеряно.',
    {
      en: '32-bit operators (`|`, `>>`, `>>>`, setInt32) lose what lies above 2³². `setBigInt64(0, BigInt(base))` does not.',
      ru: '32-битные операции (`|`, `>>`, `>>>`, setInt32) теряют всё, что выше 2³². `setBigInt64(0, BigInt(base))` — нет.',
    },
  ),
  'low-48-bits': stamp(
    'the lower 48 bits are right, what lies above is lost.',
    'младшие 48 бит верны, а всё, что выше, потеряно.',
    {
      en: '`writeIntBE(…, 6)` and `writeUIntBE(…, 6)` write six bytes at most; `setBigInt64` writes eight.',
      ru: '`writeIntBE(…, 6)` и `writeUIntBE(…, 6)` пишут не больше шести байт, а `setBigInt64` — восемь.',
    },
  ),
  'floating-point': stamp(
    'it stands there as a floating-point number.',
    'оно записано как число с плавающей точкой.',
    {
      en: '`setBigInt64(0, BigInt(base))`, not `setFloat64`.',
      ru: '`setBigInt64(0, BigInt(base))`, а не `setFloat64`.',
    },
  ),
  'last-offset': stamp(
    'the offset of its last record stands there, {got}.',
    'там стоит смещение последней записи, {got}.',
  ),
  'next-offset': stamp(
    'the offset behind it stands there, {got}.',
    'там стоит смещение, следующее за пакетом, {got}.',
    {
      en: 'Stamp before you add `count` to endOffset, or remember the base first.',
      ru: 'Вписывайте смещение до того, как прибавите `count` к endOffset, или сначала запомните базу.',
    },
  ),
  'from-start': stamp(
    'what stands there, {got}, counts from the start of the log instead of from 0.',
    'там стоит {got}, а это счёт от начала журнала, а не от 0.',
    {
      en: 'A log that begins at {start} gives its first record the offset {start}.',
      ru: 'Журнал, который начинается с {start}, даёт первой записи смещение {start}.',
    },
  ),
  ordinal: stamp(
    'the number of the batch in the log stands there, {got}.',
    'там стоит номер пакета в журнале, {got}.',
    {
      en: 'Offsets number records, not batches.',
      ru: 'Смещения нумеруют записи, а не пакеты.',
    },
  ),
  stamp: stamp(
    'read as int64 big-endian, {got} stands there.',
    'если прочитать как int64 big-endian, там стоит {got}.',
  ),
} as const satisfies Record<string, CaseText>

export type StampCase = keyof typeof stampSays
