/** Lab 13: what the tests of `rewind` and the one of arguments check, and what is said when it does not hold. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { rewindHints } from './hints.ts'
import { lineCases } from './messages-shared.ts'

const untouched = {
  en: 'The lines have run, and what the group {group} has committed is what it was before.',
  ru: 'Строки выполнены, а зафиксировано у группы {group} то же, что и раньше.',
  why: {
    en: 'A reset prints its plan and does nothing, so that you may look at it first. Until Kafka 5.0 this is what happens when neither --dry-run nor --execute is there.',
    ru: 'Сброс печатает план и ничего не делает, чтобы на план можно было сначала посмотреть. До Kafka 5.0 так и бывает, если нет ни --dry-run, ни --execute.',
  },
  try: { en: 'Add --execute.', ru: 'Добавьте --execute.' },
} as const satisfies CaseText

export const rewindTests = {
  'rewind-time': {
    name: {
      en: 'The group begins at the first record that is not older than the moment, to the millisecond',
      ru: 'Группа начинает с первой записи, которая не старше момента, с точностью до миллисекунды',
    },
    promises: ['rewind-time', 'lines-end'],
    says: {
      ...lineCases,
      untouched,
      early: {
        en: 'Partition {partition} begins at {got}, and should begin at {wanted}: an older record of the same moment would be handled again. The moment is {time}.',
        ru: 'Партиция {partition} начинается с {got}, а должна с {wanted}: заново будет обработана и запись, которая старше. Момент — {time}.',
        try: {
          en: 'Keep the milliseconds: --to-datetime wants them, as in 2026-11-29T00:00:00.000. And --by-duration counts back from the time at which the line runs, so it cannot be exact.',
          ru: 'Сохраните миллисекунды: --to-datetime их и ждёт, например 2026-11-29T00:00:00.000. А --by-duration отсчитывает от времени, когда выполняется строка, и точным быть не может.',
        },
      },
      zone: {
        en: 'The group begins as if the moment were some hours {direction}. The moment is {time}.',
        ru: 'Группа начинает так, будто момент на несколько часов {direction}. Момент — {time}.',
        why: {
          en: 'A time without a zone is UTC for the tool, whatever the clock of your machine shows.',
          ru: 'Время без часового пояса утилита считает временем UTC, что бы ни показывали часы вашей машины.',
        },
        try: {
          en: 'new Date(time).toISOString() is in UTC and says so: it ends in Z.',
          ru: 'new Date(time).toISOString() даёт UTC и сама об этом говорит: в конце стоит Z.',
        },
      },
      late: {
        en: 'Partition {partition} begins at {got}, and should begin at {wanted}: records are skipped. The moment is {time}.',
        ru: 'Партиция {partition} начинается с {got}, а должна с {wanted}: часть записей пропущена. Момент — {time}.',
        try: {
          en: 'Give the moment itself, with its milliseconds: --to-datetime and new Date(time).toISOString(). --by-duration counts back from the time at which the line runs, so it cannot be exact.',
          ru: 'Укажите сам момент, с миллисекундами: --to-datetime и new Date(time).toISOString(). --by-duration отсчитывает от времени, когда выполняется строка, и точным быть не может.',
        },
      },
    },
    hints: rewindHints,
  },
  'rewind-end': {
    name: {
      en: 'Where all records are older, the group begins at the end',
      ru: 'Где все записи старше, группа начинает с конца',
    },
    promises: ['rewind-end'],
    needs: ['rewind-time'],
    says: {
      ...lineCases,
      untouched,
      differs: {
        en: 'All records of partition {partition} are older; its end is 3, and {got} is committed.',
        ru: 'Все записи партиции {partition} старше; её конец — 3, а зафиксировано {got}.',
        try: {
          en: '--to-datetime does so by itself: look at the time and at the partitions in your line.',
          ru: '--to-datetime делает это сам: проверьте время и партиции в своей строке.',
        },
      },
    },
    hints: rewindHints,
  },
  'rewind-only': {
    name: {
      en: 'Other partitions and other topics of the group stay as they are',
      ru: 'Другие партиции и другие топики группы остаются как есть',
    },
    promises: ['rewind-only'],
    needs: ['rewind-time'],
    says: {
      ...lineCases,
      otherTopic: {
        en: 'The group has also read the topic {topic}, and was reset there, too.',
        ru: 'Группа читает и топик {topic}, и её сбросили и там.',
        why: {
          en: '--all-topics is everything that the group has ever committed. What you do not see in your case is reset as well.',
          ru: '--all-topics — это всё, что группа когда-либо фиксировала. Сбросится и то, чего в вашем случае не видно.',
        },
        try: { en: 'Name the topic: --topic.', ru: 'Назовите топик: --topic.' },
      },
      otherPartition: {
        en: 'Asked for were the partitions {asked}; {list} was reset as well.',
        ru: 'Просили партиции {asked}, а сброшены и другие: {list}.',
        why: {
          en: 'A topic without numbers means all its partitions. Each record after the new offset is handled again, also where nothing was wrong.',
          ru: 'Топик без номеров — это все его партиции. Каждая запись после нового смещения будет обработана заново, в том числе там, где всё было в порядке.',
        },
        try: {
          en: 'Put the numbers behind the name: --topic orders:0,2.',
          ru: 'Напишите номера после имени: --topic orders:0,2.',
        },
      },
    },
    hints: rewindHints,
  },
  given: {
    name: {
      en: 'Arguments stay as they were',
      ru: 'Аргументы не меняются',
    },
    promises: ['yours'],
    says: {
      changed: {
        en: '{call} changed what was passed to it.',
        ru: '{call}: переданное изменилось.',
        why: {
          en: 'sort() sorts the very list that it is called on, and the list belongs to the caller.',
          ru: 'sort() сортирует тот самый список, у которого вызван, а список принадлежит вызывающему.',
        },
        try: {
          en: 'Change a copy: [...list].sort(), list.toSorted(), { ...object }. The tools do not care about the order anyway.',
          ru: 'Меняйте копию: [...list].sort(), list.toSorted(), { ...object }. Утилитам порядок всё равно безразличен.',
        },
      },
    },
  },
} as const satisfies Record<string, TestText>
