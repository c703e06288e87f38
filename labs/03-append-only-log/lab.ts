/** Lab 03, the append-only log: its title, hints and exports, in both languages. */
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
  hints: [
    {
      en: 'Keep a list of batches, each with its base offset, its count and a copy of its bytes. endOffset is the base of the batch that comes next, so append returns the old endOffset and adds `count` to it.',
      ru: 'Храните список пакетов: у каждого базовое смещение, число записей и копия байтов. endOffset — это база следующего пакета, поэтому append возвращает прежний endOffset и прибавляет к нему `count`.',
    },
    {
      en: 'A batch holds `offset` when base <= offset < base + count. Start reading there, always take that first batch, then go on only while the sum of lengths stays within maxBytes; stop at the first that does not fit. Copy on the way in and on the way out.',
      ru: 'Пакет содержит `offset`, если база <= offset < база + count. Начинайте читать с него, первый берите всегда, дальше идите, пока сумма длин не больше maxBytes, и остановитесь на первом, который не влез. Копируйте байты и на входе, и на выходе.',
    },
    {
      en: 'append: check count and length; `const copy = batch.slice()`; `new DataView(copy.buffer).setBigInt64(0, BigInt(base))` (big-endian is DataView’s default); push { base, count, copy }; end += count. read: out of range -> throw new RangeError(…); at endOffset -> []; then loop over the batches with base + count > offset. A getter `get endOffset()` gives the value of the moment.',
      ru: 'append: проверьте count и длину; `const copy = batch.slice()`; `new DataView(copy.buffer).setBigInt64(0, BigInt(base))` (DataView по умолчанию пишет big-endian); добавьте { base, count, copy }; end += count. read: вне границ — throw new RangeError(…); на endOffset — []; потом цикл по пакетам, у которых base + count > offset. Геттер `get endOffset()` отдаёт текущее значение.',
    },
  ],
  examples: [3, 4, 7, 5, 100, 103, 104, 107],
  tests,
} as const satisfies LabText
