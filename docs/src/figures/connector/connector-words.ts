import type { Text } from '../../i18n/locale'

/** Texts of the figure of the chapter on Kafka Connect. */
export const connectorWords = {
  partitions: { en: 'Partitions of the topic', ru: 'Партиций в топике' },
  tasksMax: { en: 'tasks.max', ru: 'tasks.max' },
  workers: { en: 'Workers that are alive', ru: 'Живые воркеры' },
  worker: { en: 'Worker {name}', ru: 'Воркер {name}' },
  task: { en: 'task {id}: partitions {partitions}', ru: 'задача {id}: партиции {partitions}' },
  idle: { en: 'task {id}: nothing to do', ru: 'задача {id}: работы нет' },
  moved: { en: 'moved', ru: 'переехала' },
  none: { en: 'no task', ru: 'задач нет' },
  summary: {
    en: 'Tasks with work: {busy} of {all}. Moved by the last change: {moved}.',
    ru: 'Задач с работой: {busy} из {all}. Переехало при последнем изменении: {moved}.',
  },
} satisfies Record<string, Text>
