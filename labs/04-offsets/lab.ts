/** Lab 04, offsets: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '04',
  slug: 'offsets',
  file: 'offsets.ts',
  track: 'use',
  title: { en: 'Offsets', ru: 'Смещения' },
  summary: {
    en: 'Go on where the group stopped, measure how far it is behind, set it back to a point in time: position, commit and lag with kafkajs.',
    ru: 'Продолжите с места, где группа остановилась, измерьте её отставание, верните её к моменту времени: позиция, фиксация и отставание на kafkajs.',
  },
  exports: ['resume', 'lag', 'resetToTime'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Write watchLag(kafka, groupId, topic, onLag): every second it calls onLag with the sum of the lags and with the records per second that have been processed since the last call, until you call the function that it resolved to. From the two numbers follows when the group will have caught up. It works when the numbers agree with `kafka-consumer-groups.sh --describe`, and when they stay right after a resetToTime.',
    ru: 'Напишите watchLag(kafka, groupId, topic, onLag): раз в секунду она вызывает onLag с суммой отставаний и с числом записей, обработанных в секунду с прошлого раза, пока вы не вызовете функцию, которую она вернула. Из двух чисел видно, когда группа догонит журнал. Всё работает, если числа совпадают с `kafka-consumer-groups.sh --describe` и остаются верными после resetToTime.',
  },
  callMs: 15_000,
  examples: ['billing', 'orders', 'anna', 3, 2, 4],
  tests,
} as const satisfies LabText
