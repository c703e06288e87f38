/** Lab 09, exactly once: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '09',
  slug: 'exactly-once',
  file: 'exactly-once.ts',
  track: 'use',
  title: { en: 'Exactly once', ru: 'Exactly once' },
  summary: {
    en: 'An idempotent send, a transaction over several topics, and a processor whose results and offsets count together. The checks crash it in the middle, and wake up a zombie.',
    ru: 'Идемпотентная отправка, транзакция на несколько топиков и обработчик, у которого результаты и смещения вступают в силу вместе. Проверки роняют его посередине и будят зомби.',
  },
  exports: ['sendOnce', 'writeTogether', 'startProcessor'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Let two instances share the work. With kafkajs each input partition needs a transactional id of its own, for what fences is the id, and which instance has a partition changes: make a producer for each partition that you are given (consumer.events.GROUP_JOIN), with the id transactionalId-partition, and close those of partitions that you have lost. Start three instances, end one with `kill -9` in the middle of a batch, and count the receipts.',
    ru: 'Поделите работу между двумя экземплярами. В kafkajs для этого каждой исходной партиции нужен собственный transactional id: прежнего хозяина отсекает именно идентификатор, а партиции переходят от экземпляра к экземпляру. Создавайте продюсера для каждой партиции, которая вам досталась (consumer.events.GROUP_JOIN), с идентификатором transactionalId-partition и закрывайте продюсеров тех партиций, которых лишились. Запустите три экземпляра, оборвите один командой `kill -9` посреди пакета и посчитайте чеки.',
  },
  callMs: 20_000,
  examples: [
    'sales',
    'stock',
    'receipts',
    'printer',
    'printer-0',
    'import-0',
    'anna',
    'boris',
    'tea',
    'milk',
  ],
  tests,
} as const satisfies LabText
