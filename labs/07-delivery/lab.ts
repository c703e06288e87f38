/** Lab 07, at most once and at least once: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '07',
  slug: 'delivery',
  file: 'delivery.ts',
  track: 'use',
  title: { en: 'At most once, at least once', ru: 'At most once и at least once' },
  summary: {
    en: 'Two consumers and two senders: one of each loses a record when the program crashes, the other repeats it. The checks choose the moment of the crash.',
    ru: 'Два консюмера и два отправителя: при падении программы один из пары теряет запись, другой повторяет. Момент падения выбирают проверки.',
  },
  exports: ['consumeAtMostOnce', 'consumeAtLeastOnce', 'sendAtMostOnce', 'sendAtLeastOnce'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Measure what safety costs. Give consumeAtLeastOnce a fifth argument, commitEvery: it commits after so many records. Put 20,000 records into a topic, read them with commitEvery 1, 100 and 5000, and write down how many records a second you get. Then end the process in the middle with `kill -9`, start it again, and count how many records come a second time.',
    ru: 'Измерьте, чего стоит надёжность. Дайте consumeAtLeastOnce пятый аргумент, commitEvery: она фиксирует смещения после стольких записей. Положите в топик 20 000 записей, прочитайте их с commitEvery, равным 1, 100 и 5000, и запишите, сколько записей в секунду получилось. Затем оборвите процесс посередине командой `kill -9`, запустите снова и посчитайте, сколько записей пришло второй раз.',
  },
  callMs: 20_000,
  examples: ['payments', 'billing', 'anna', 'boris', '120', '75'],
  tests,
} as const satisfies LabText
