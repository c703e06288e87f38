/** Lab 01, the first record: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '01',
  slug: 'first-record',
  file: 'first-record.ts',
  track: 'use',
  title: { en: 'The first record', ru: 'Первая запись' },
  summary: {
    en: 'Create a topic, send a record, find out where it went, and read everything from the beginning: kafkajs on a live broker.',
    ru: 'Создайте топик, отправьте запись, узнайте, где она лежит, и прочитайте всё с самого начала: kafkajs на живом брокере.',
  },
  exports: ['createTopic', 'sendRecord', 'describeTopic', 'readAll'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Write follow(kafka, topic, onRecord): it calls onRecord for each record that is there and for each new one, until you call the function that it resolved to. It works when lines typed into `kcat -P -b localhost:9092 -t greetings` appear at once, and when a second follow, started later, shows everything from the first record on.',
    ru: 'Напишите follow(kafka, topic, onRecord): она вызывает onRecord для каждой записи, которая уже есть, и для каждой новой, пока вы не вызовете функцию, которую она вернула. Всё работает, если строки, введённые в `kcat -P -b localhost:9092 -t greetings`, появляются сразу, а вторая follow, запущенная позже, показывает всё с самой первой записи.',
  },
  callMs: 20_000,
  examples: ['hello', 'greetings', 'world', 'anna', 3, 2, 5, '0', '1'],
  tests,
} as const satisfies LabText
