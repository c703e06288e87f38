/** Lab 03, the append-only log: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { tests } from './messages.ts'

export const text = {
  id: '03',
  slug: 'append-only-log',
  file: 'log.ts',
  track: 'build',
  title: { en: 'The append-only log', ru: 'Журнал, в который только дописывают' },
  summary: {
    en: 'Write the heart of a broker: a log that gives each record an offset and is read from any of them. Then kafkajs talks to a broker that runs on your log.',
    ru: 'Напишите сердце брокера: журнал, который даёт каждой записи смещение и читается с любого из них. А потом kafkajs поговорит с брокером, который работает на вашем журнале.',
  },
  exports: ['createLog'],
  promises: {
    separate: { en: 'Each call makes a separate log.', ru: 'Каждый вызов создаёт отдельный журнал.' },
    'batch-size': {
      en: 'To the log a batch is just bytes: from 8 bytes to 2 MB (2,097,152 bytes),',
      ru: 'Для журнала пакет — просто байты: от 8 байт до 2 МБ (2 097 152 байта),',
    },
    total: {
      en: 'Together they have up to 16 MB (16,777,216 bytes).',
      ru: 'Вместе в них до 16 МБ (16 777 216 байт).',
    },
    'batch-count': {
      en: 'A log holds up to 5,000 batches in this lab.',
      ru: 'В этой лабораторной в журнале бывает до 5000 пакетов.',
    },
    time: { en: 'Each call has 5 seconds.', ru: 'На каждый вызов — не больше 5 секунд.' },
    start: {
      en: '`startOffset` is the offset of the oldest record that can be read; in this lab it is always the argument of `createLog`.',
      ru: '`startOffset` — смещение самой старой записи, которую можно прочитать; в этой лабораторной оно всегда равно аргументу `createLog`.',
    },
    end: {
      en: '`endOffset` is the offset that the next record will get.',
      ru: '`endOffset` — смещение, которое получит следующая запись.',
    },
    exact: {
      en: 'Offsets, `endOffset` among them, go from 0 to 2⁵³ − 1, the largest number up to which all integers are exact; all of them must be exact here.',
      ru: 'Смещения, в том числе `endOffset`, бывают от 0 до 2⁵³ − 1 — до этого числа все целые точны, — и здесь они все должны быть точными.',
    },
    append: {
      en: 'Adds a batch of `count` records at the end and returns the offset of its first record.',
      ru: 'Дописывает в конец пакет из `count` записей и возвращает смещение первой из них.',
    },
    count: {
      en: 'Offsets number records, not batches: after a batch of 5 records, `endOffset` has grown by 5.',
      ru: 'Смещения нумеруют записи, а не пакеты: после пакета из 5 записей `endOffset` вырастает на 5.',
    },
    stamp: {
      en: 'the log writes it into the first 8 bytes of its copy: an int64, big-endian (high byte first).',
      ru: 'его вписывает журнал — в первые 8 байт своей копии: int64, big-endian (старший байт первым).',
    },
    rest: { en: 'All other bytes stay as they are.', ru: 'Остальные байты не меняются.' },
    'batch-kind': {
      en: 'The batch comes as a `Uint8Array` or a `Buffer`, which may be a view into a larger buffer.',
      ru: 'Пакет — это `Uint8Array` или `Buffer`, возможно, часть большего буфера.',
    },
    unchanged: {
      en: 'The caller’s bytes are unchanged afterwards,',
      ru: 'Байты вызывающего после вызова те же,',
    },
    reuse: {
      en: 'their memory may be used for something else right away: the log keeps a copy.',
      ru: 'его память можно сразу использовать под что-то другое: журнал хранит копию.',
    },
    twice: {
      en: 'The same bytes appended twice are two batches.',
      ru: 'Одни и те же байты, дописанные дважды, — два пакета.',
    },
    'count-max': {
      en: 'It may be as large as 2³¹ − 1: nothing can be kept for each record.',
      ru: 'Оно бывает до 2³¹ − 1: хранить что-то на каждую запись нельзя.',
    },
    refuse: {
      en: 'If `count` is not a positive integer (`0`, `-1`, `1.5`, `NaN`, `Infinity`), or the batch has fewer than 8 bytes, throw a `RangeError`; the log does not change.',
      ru: 'Если `count` — не положительное целое (`0`, `-1`, `1.5`, `NaN`, `Infinity`) или в пакете меньше 8 байт, бросьте `RangeError`; журнал при этом не меняется.',
    },
    'read-batches': {
      en: 'Returns an array of whole batches, in order and without a gap, beginning with the batch that holds `offset`, even if `offset` lies in its middle.',
      ru: 'Возвращает массив целых пакетов, по порядку и без пропусков, начиная с пакета, в котором лежит `offset`, даже если это смещение в середине пакета.',
    },
    'max-bytes': {
      en: 'As many batches as fit into `maxBytes` together, inclusive.',
      ru: 'Пакетов столько, сколько вместе умещается в `maxBytes`, включительно.',
    },
    'one-at-least': {
      en: 'But at least one, of any size:',
      ru: 'Но хотя бы один, какого бы он ни был размера:',
    },
    'read-end': { en: 'At `endOffset`: an empty list.', ru: 'При `endOffset` — пустой список.' },
    'out-of-range': {
      en: 'Below `startOffset` or above `endOffset`: throw a `RangeError`; the log does not change.',
      ru: 'Меньше `startOffset` или больше `endOffset` — бросьте `RangeError`; журнал при этом не меняется.',
    },
    'read-again': {
      en: 'Reading removes nothing: the next reader gets the same batches.',
      ru: 'Чтение ничего не удаляет: следующий читатель получит те же пакеты.',
    },
    own: {
      en: 'If the reader changes these bytes or this list, the log must not change; and no later call may change what a reader holds.',
      ru: 'Если он изменит эти байты или этот список, журнал измениться не должен; и ни один следующий вызов не меняет то, что читатель держит в руках.',
    },
  },
  hints: [
    {
      en: 'Keep a list of batches, each with its base offset, its count and a copy of its bytes. endOffset is the base of the batch that comes next, so append returns the old endOffset and adds `count` to it.',
      ru: 'Храните список пакетов: у каждого базовое смещение, число записей и копия байтов. endOffset — это база следующего пакета, поэтому append возвращает прежний endOffset и прибавляет к нему `count`.',
    },
    {
      en: 'A batch holds `offset` when base <= offset < base + count. Start reading there, always take that first batch, then go on only while the sum of lengths stays within maxBytes; stop at the first that does not fit. Copy on the way in and on the way out: a Buffer’s `slice` does not copy, `Uint8Array.from` does.',
      ru: 'Пакет содержит `offset`, если база <= offset < база + count. Начинайте читать с него, первый берите всегда, дальше идите, пока сумма длин не больше maxBytes, и остановитесь на первом, который не уместился. Копируйте байты и на входе, и на выходе: `slice` у Buffer не копирует, а `Uint8Array.from` копирует.',
    },
    {
      en: 'append, after its checks, with `batches` a list and `end` a number:',
      ru: 'append после проверок; `batches` — список, `end` — число:',
      code: `const base = end
const bytes = Uint8Array.from(batch)
new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
batches.push({ base, count, bytes })
end += count
return base`,
    },
  ],
  stretch: {
    en: 'Add `trim(offset)`, as Kafka’s DeleteRecords does: startOffset becomes `offset`, which may lie in the middle of a batch; batches that lie below it altogether are deleted, the one that holds it stays whole. What must `read` change? And then find the first batch by bisection instead of going through all of them: with 5,000 batches, how much faster is a read near the end?',
    ru: 'Добавьте `trim(offset)`, как DeleteRecords в Kafka: startOffset становится равным `offset`, а оно может лежать и в середине пакета; пакеты, которые целиком ниже, удаляются, а тот, в котором оно лежит, остаётся целым. Что придётся поменять в `read`? А потом ищите первый пакет делением пополам, а не перебором: насколько быстрее станет чтение ближе к концу, если пакетов 5000?',
  },
  examples: [3, 4, 7, 5, 100, 103, 104, 107],
  tests,
} as const satisfies LabText
