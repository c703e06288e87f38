/** Lab 13: what the tests of `look` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { lookHints } from './hints.ts'
import { lineCases } from './messages-shared.ts'

export const lookTests = {
  'look-prints': {
    name: {
      en: 'The line prints these records and no others, with partition, offset, key and value',
      ru: 'Строка печатает эти записи и никакие другие: партицию, смещение, ключ и значение',
    },
    promises: ['look-prints', 'lines-end'],
    says: {
      ...lineCases,
      nothing: {
        en: 'Nothing was printed. {count} records are there from offset {offset} on, in partition {partition}.',
        ru: 'Не напечатано ничего, а начиная со смещения {offset} в партиции {partition} есть записи: {count}.',
        why: {
          en: 'Without an offset the console consumer begins at the end, and shows only what comes from now on.',
          ru: 'Если не указать смещение, консольный консюмер начинает с конца и показывает только то, что придёт с этого момента.',
        },
        try: { en: 'Say --partition and --offset.', ru: 'Укажите --partition и --offset.' },
      },
      tooMany: {
        en: '{got} lines were printed instead of {count}: it did not stop after the last record that was asked for.',
        ru: 'Напечатано строк: {got}, а нужно {count}: после последней нужной записи чтение не остановилось.',
        try: { en: 'Limit it by --max-messages.', ru: 'Ограничьте его через --max-messages.' },
      },
      form: {
        en: 'The right records were printed, but the lines do not look as promised.',
        ru: 'Напечатаны нужные записи, но строки выглядят не так, как обещано.',
        why: {
          en: 'Without being asked the console consumer prints the value and nothing else.',
          ru: 'Если не попросить, консольный консюмер печатает только значение.',
        },
        try: {
          en: '--formatter-property print.key=true, and the same with print.partition and print.offset. The separator is a tab already, and null is printed as null.',
          ru: '--formatter-property print.key=true и так же с print.partition и print.offset. Разделитель и без того табуляция, а null печатается как null.',
        },
      },
      differs: {
        en: 'Other lines were printed than were asked for: {got} of them, instead of {count} from offset {offset} of partition {partition} on.',
        ru: 'Напечатаны не те строки: их {got}, а нужно {count} начиная со смещения {offset} партиции {partition}.',
        try: {
          en: 'Read the picture from the top: which partition do the lines come from, and with which offset do they begin?',
          ru: 'Читайте картинку сверху: из какой партиции строки и с какого смещения начинаются?',
        },
      },
    },
    hints: lookHints,
  },
  'look-fewer': {
    name: {
      en: 'If there are fewer records, it prints these and ends by itself',
      ru: 'Если записей меньше, печатает сколько есть и завершается сама',
    },
    promises: ['look-fewer', 'lines-end'],
    needs: ['look-prints'],
    says: {
      ...lineCases,
      differs: {
        en: '{wanted} {wanted:record is|records are} there from this offset on, and {got} {got:line was|lines were} printed.',
        ru: 'Начиная с этого смещения записей {wanted}, а строк напечатано {got}.',
        try: {
          en: 'Is --timeout-ms long enough for the first record to come? A second is.',
          ru: 'Хватает ли --timeout-ms, чтобы пришла первая запись? Секунды хватит.',
        },
      },
    },
    hints: lookHints,
  },
  'look-traceless': {
    name: {
      en: 'No consumer group is left behind',
      ru: 'Никакой группы консюмеров не остаётся',
    },
    promises: ['look-traceless'],
    needs: ['look-prints'],
    says: {
      ...lineCases,
      trace: {
        en: 'A group was left behind: {group}.',
        ru: 'Осталась группа: {group}.',
        why: {
          en: 'With --group a console consumer is a member like any other: it takes partitions from the others and commits what it has printed. If it is the group of a running service, that service never gets these records.',
          ru: 'С --group консольный консюмер — такой же участник, как все: забирает партиции у других и фиксирует то, что напечатал. Если это группа работающего сервиса, он этих записей не получит.',
        },
        try: {
          en: 'To look, use no group: --partition and --offset say where to begin.',
          ru: 'Чтобы просто посмотреть, группа не нужна: откуда начать, говорят --partition и --offset.',
        },
      },
    },
    hints: lookHints,
  },
} as const satisfies Record<string, TestText>
