/** Lab 08, the idempotent consumer: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { endsTests } from './messages-ends.ts'
import { memoryTests } from './messages-memories.ts'
import { onceTests } from './messages-once.ts'
import { promises } from './promises.ts'

export const text = {
  id: '08',
  slug: 'idempotent-consumer',
  file: 'once.ts',
  track: 'use',
  title: { en: 'The idempotent consumer', ru: 'Идемпотентный консюмер' },
  summary: {
    en: 'Three memories that recognise a duplicate, by offset, by id, by producer, and a consumer that saves its memory together with the effect. The checks send twice, crash and replay.',
    ru: 'Три памяти, которые узнают дубль — по смещению, по id, по продюсеру, — и консюмер, который сохраняет память вместе с результатом. Проверки отправляют дважды, роняют программу и перечитывают топик.',
  },
  exports: ['rememberOffsets', 'rememberIds', 'rememberSequences', 'consumeOnce'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Replace the store by SQLite (`node:sqlite`): a table of balances, a table of ids with their times, and `save` as one transaction. Put 20,000 events into a topic, a tenth of them twice, end the process several times with `kill -9` while it reads, and compare the sum of the balances with the sum of the events.',
    ru: 'Замените хранилище на SQLite (`node:sqlite`): таблица балансов, таблица id с их временем, `save` — одна транзакция. Положите в топик 20 000 событий, десятую часть — дважды, несколько раз оборвите процесс командой `kill -9`, пока он читает, и сравните сумму балансов с суммой событий.',
  },
  callMs: 20_000,
  examples: ['order-7', 'payments', 'billing', 'anna', 'balance', 'p-1', '120', '195'],
  tests: { ...memoryTests, ...onceTests, ...endsTests },
} as const satisfies LabText
