/** Lab 13, the command line: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '13',
  slug: 'command-line',
  file: 'command-line.ts',
  track: 'use',
  title: { en: 'The command line', ru: 'Командная строка' },
  summary: {
    en: 'You are on call and have a terminal: bring a topic into shape, look at records without a trace, rewind a group to a moment, and tell from two tables what is stuck.',
    ru: 'Вы дежурите, и под рукой только терминал: приведите топик в порядок, взгляните на записи, не оставив следов, отмотайте группу к нужному моменту и найдите по двум таблицам, что застряло.',
  },
  exports: ['topicAsAgreed', 'look', 'rewind', 'stuck'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Write a night watch: a program that runs kafka-consumer-groups --describe every minute for each group of --list, keeps the last output, and prints what stuck() finds, each partition once until it moves again. Then try to fool it: which group is in trouble, and your program does not see it?',
    ru: 'Напишите ночного сторожа: программу, которая раз в минуту вызывает kafka-consumer-groups --describe для каждой группы из --list, хранит прошлый вывод и печатает, что нашла stuck(), — о каждой партиции один раз, пока та снова не сдвинется. Потом попробуйте её обмануть: какая группа в беде, а программа этого не видит?',
  },
  callMs: 5_000,
  examples: ['orders', 'billing', 'prices', 'anna', 'tea', 2, 3, 6, 7, 40, 3_600_000],
  tests,
} as const satisfies LabText
