/** Lab 10, retention and compaction: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '10',
  slug: 'retention-and-compaction',
  file: 'table.ts',
  track: 'use',
  title: { en: 'Retention and compaction', ru: 'Срок хранения и уплотнение' },
  summary: {
    en: 'Find out what a broker may delete now and what it still waits for, do the pass of its cleaner yourself, and build a table from a log that others clean meanwhile.',
    ru: 'Выясните, что брокер может удалить сейчас и чего он ещё ждёт, сделайте проход очистки сами и постройте таблицу из журнала, который тем временем чистят.',
  },
  exports: ['expiredSegments', 'nextPass', 'compact', 'loadTable'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Keep the table in a file. Write a program that loads the snapshot from `table.json`, if there is one, calls loadTable, writes the file anew (to another name first, then renamed), and prints how many rows it has and how many records it has read. Run it with a topic of 100,000 records: how much faster is the second start? Then let it follow the topic after that, and decide how often it has to write so that a start never takes longer than a second.',
    ru: 'Храните таблицу в файле. Напишите программу, которая читает снимок из `table.json`, если он есть, вызывает loadTable, записывает файл заново (сначала под другим именем, потом переименовывает) и печатает, сколько в таблице строк и сколько записей прочитано. Запустите её на топике из 100 000 записей: насколько второй запуск быстрее? Потом пусть она следит за топиком дальше; решите, как часто ей писать файл, чтобы запуск никогда не занимал больше секунды.',
  },
  callMs: 15_000,
  examples: ['prices', 'tea', 'milk', 'rice', '10', '20', '12', 3, 5, 12],
  tests,
} as const satisfies LabText
