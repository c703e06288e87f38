/** Lab 05, consumer groups: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '05',
  slug: 'consumer-groups',
  file: 'consumer-groups.ts',
  track: 'use',
  title: { en: 'Consumer groups', ru: 'Группы консюмеров' },
  summary: {
    en: 'Share partitions among members, move as few as possible, stay in the group during slow work, leave without losing or repeating a record.',
    ru: 'Поделите партиции между участниками и переместите как можно меньше, останьтесь в группе на долгой работе и выйдите, ничего не потеряв и не повторив.',
  },
  exports: ['assign', 'cooperativeRound', 'memberChanges', 'startWorker'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Write drain(worker), which moves a worker out of a group without a pause for its partitions: its assignor tells the leader, in the user data, that the member wants nothing any more, the leader shares out without it, and only when it has nothing left does it stop. Everything works if no record is handed over twice, although the worker that leaves is in the middle of one.',
    ru: 'Напишите drain(worker), которая выводит воркера из группы так, что его партиции не простаивают: распределитель сообщает лидеру в user data, что участник больше ничего не хочет, лидер делит всё без него, и только когда у воркера ничего не осталось, он останавливается. Всё работает, если ни одна запись не передана дважды, хотя уходящий воркер как раз одну обрабатывает.',
  },
  callMs: 10_000,
  examples: ['orders', 'a', 'b', 'w1', 'billing', 5000, 6000, 10_000, 15000, 1000],
  tests,
} as const satisfies LabText
