/** Lab 11, retries and dead letters: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '11',
  slug: 'retries-and-dead-letters',
  file: 'retries.ts',
  track: 'use',
  title: { en: 'Retries and dead letters', ru: 'Повторы и dead letter' },
  summary: {
    en: 'One record that cannot be handled stops its partition. Put it aside: retry topics with growing delays, dead letters in the end, and the order of each key kept.',
    ru: 'Одна запись, которую не удаётся обработать, останавливает партицию. Отложите её: топики повторов с растущими задержками, в конце dead letter, и порядок по ключу цел.',
  },
  exports: ['planRetries', 'consumeWithRetries'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Write redrive(kafka, { dead, group }): it sends the dead letters that are there when it is called back to the topic that their headers name, and resolves to their number; a second call finds none. Decide what becomes of the retry- headers, and what happens when the records still cannot be handled. Then let two members run in one group, and find out which of the promises on this page no longer holds after a rebalance.',
    ru: 'Напишите redrive(kafka, { dead, group }): она отправляет dead letter, которые есть на момент вызова, обратно в топик, названный в их заголовках, и возвращает их число; второй вызов не находит ни одной. Решите, что делать с заголовками retry- и что будет, если записи всё ещё не обрабатываются. А потом запустите в одной группе двух участников и выясните, какое из обещаний этой страницы после ребалансировки больше не выполняется.',
  },
  callMs: 20_000,
  examples: ['orders', 'billing'],
  tests,
} as const satisfies LabText
