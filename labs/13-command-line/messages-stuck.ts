/** Lab 13: what the tests of `stuck` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { stuckHints } from './hints.ts'

const differs = {
  en: '{wanted} {wanted:partition is|partitions are} stuck ({expected}), and stuck named {got} ({list}). The first difference is {place} (expected: {due}; got: {said}). The picture shows CURRENT-OFFSET / LOG-END-OFFSET and CONSUMER-ID in both outputs.',
  ru: 'Застряло партиций: {wanted} ({expected}), а stuck называет {got} ({list}). Первое расхождение — {place} (ожидалось: {due}; получено: {said}). На картинке CURRENT-OFFSET / LOG-END-OFFSET и CONSUMER-ID в обоих выводах.',
} as const

export const stuckTests = {
  'stuck-nobody': {
    name: {
      en: 'A partition with lag that no consumer has',
      ru: 'Партиция с отставанием, которая не досталась ни одному консюмеру',
    },
    promises: ['stuck-nobody'],
    says: {
      differs,
      onlyBefore: {
        en: '{place} is missing: only the second output has it, and no consumer does.',
        ru: 'Не хватает {place}: она есть только во втором выводе, и ни одному консюмеру она не досталась.',
        why: {
          en: 'A partition comes into the output when something is committed for it. That can happen between two looks.',
          ru: 'Партиция появляется в выводе, когда для неё что-то зафиксировано. Это может случиться и между двумя взглядами.',
        },
        try: {
          en: 'Go through the rows of `after`, and look them up in `before`, not the other way round.',
          ru: 'Идите по строкам `after` и ищите их в `before`, а не наоборот.',
        },
      },
    },
    hints: stuckHints,
  },
  'stuck-still': {
    name: {
      en: 'A partition that has a consumer and lag, and whose offset does not move',
      ru: 'Партиция, у которой есть консюмер и отставание, а смещение не двигается',
    },
    promises: ['stuck-still'],
    says: {
      differs,
      glued: {
        en: '{place} was taken for a partition of another topic: name and number, one after the other, read alike.',
        ru: '{place} спутали с партицией другого топика: имя и номер подряд читаются одинаково.',
        why: {
          en: 'Partition 14 of rice and partition 4 of rice1 are both rice14.',
          ru: 'Партиция 14 топика rice и партиция 4 топика rice1 — это rice14 и там, и там.',
        },
        try: {
          en: 'Put something between them that no topic has in its name, a space for instance.',
          ru: 'Поставьте между ними то, чего в имени топика не бывает, например пробел.',
        },
      },
    },
    hints: stuckHints,
  },
  'stuck-spares': {
    name: {
      en: 'What is slow, idle, new or just beginning is not stuck',
      ru: 'Что идёт медленно, простаивает, появилось недавно или только что получило работу, не застряло',
    },
    promises: ['stuck-spares'],
    needs: ['stuck-nobody', 'stuck-still'],
    says: {
      differs,
      slow: {
        en: '{place} has lag, and its committed offset has moved: it is slow, not stuck.',
        ru: 'У {place} есть отставание, но зафиксированное смещение сдвинулось: она медленная, а не застряла.',
        why: {
          en: 'Lag says how much there is to do, not whether somebody does it. A slow group needs more members or a faster handler, one that stands still needs a look at its record.',
          ru: 'Отставание говорит, сколько осталось, а не работает ли кто-нибудь. Медленной группе нужны ещё участники или обработка побыстрее, а у застрявшей надо смотреть на запись.',
        },
        try: { en: 'Compare CURRENT-OFFSET in both outputs.', ru: 'Сравните CURRENT-OFFSET в двух выводах.' },
      },
      idle: {
        en: '{place} was named although there is nothing to do: committed is {committed}, the end is {end}, or there was no lag in `before`.',
        ru: 'Названа {place}, а делать там нечего: зафиксировано {committed}, конец — {end}, или отставания не было в `before`.',
        why: {
          en: 'A topic that nobody writes to stands still as well. That is no trouble.',
          ru: 'Топик, в который никто не пишет, тоже стоит на месте. Беды в этом нет.',
        },
        try: { en: 'Ask for lag in both outputs.', ru: 'Проверьте отставание в обоих выводах.' },
      },
      justNow: {
        en: '{place} had no lag in `before`: its records may have come a moment ago.',
        ru: 'В `before` у {place} отставания не было: записи могли прийти только что.',
        why: {
          en: 'Each record is lag until it is committed. Only who had work at both looks, and has done none of it, stands still.',
          ru: 'Любая запись — отставание, пока её не зафиксировали. Стоит на месте лишь тот, у кого работа была оба раза и ничего не сделано.',
        },
        try: { en: 'Ask for lag in `before` as well.', ru: 'Проверьте отставание и в `before`.' },
      },
      noWork: {
        en: '{place} has no consumer, and no lag either.',
        ru: 'У {place} нет консюмера, но нет и отставания.',
        why: {
          en: 'Where everything has been read, a consumer is not missed yet.',
          ru: 'Где всё прочитано, там пока никого и не хватает.',
        },
        try: {
          en: 'Ask for lag first, then for the consumer.',
          ru: 'Сначала спросите про отставание, потом про консюмера.',
        },
      },
    },
    hints: stuckHints,
  },
  'stuck-dash': {
    name: {
      en: 'A dash is no number: nothing is committed, and all records are still to be read',
      ru: 'Прочерк — не число: ничего не зафиксировано, и прочитать предстоит всё',
    },
    promises: ['stuck-dash'],
    needs: ['stuck-still', 'stuck-spares'],
    says: {
      differs,
      dash: {
        en: '{place} is missing: nothing is committed in it, there are {end} records, and it has a consumer that has committed none in ten minutes.',
        ru: 'Не хватает {place}: в ней ничего не зафиксировано, конец — {end}, и консюмер за десять минут не зафиксировал ничего.',
        why: {
          en: 'A consumer that fails at its very first record never commits. So the tool knows no lag and prints a dash: it looks harmless, and is the worst case.',
          ru: 'Консюмер, который падает на самой первой записи, так ничего и не зафиксирует. Отставание утилите неизвестно, и она печатает прочерк: выглядит безобидно, а случай худший.',
        },
        try: {
          en: 'If LAG is -, ask whether LOG-END-OFFSET is more than 0.',
          ru: 'Если в LAG прочерк, проверьте, больше ли нуля LOG-END-OFFSET.',
        },
      },
    },
    hints: stuckHints,
  },
  'stuck-widths': {
    name: {
      en: 'Long names of groups, topics and clients move the columns',
      ru: 'Длинные имена групп, топиков и клиентов сдвигают столбцы',
    },
    promises: ['stuck-widths'],
    needs: ['stuck-nobody', 'stuck-still'],
    says: {
      differs: {
        ...differs,
        why: {
          en: 'A column has 15 characters at least, and more if a value is longer.',
          ru: 'В столбце не меньше 15 символов, а если значение длиннее, то больше.',
        },
        try: {
          en: 'Cut lines at spaces, .split(/ +/), not at positions.',
          ru: 'Режьте строки по пробелам, .split(/ +/), а не по позициям.',
        },
      },
    },
    hints: stuckHints,
  },
  'stuck-large': {
    name: {
      en: 'Offsets that a JavaScript number cannot tell apart',
      ru: 'Смещения, которых число JavaScript не различает',
    },
    promises: ['stuck-large'],
    needs: ['stuck-still', 'stuck-spares', 'stuck-widths'],
    says: {
      differs,
      rounded: {
        en: '{place} has moved by 1, to {committed}, and was said to stand still.',
        ru: '{place} сдвинулась на 1, до {committed}, а названа застрявшей.',
        why: {
          en: 'An offset has 64 bits, a number of JavaScript is exact up to 2⁵³. Above, neighbours become the same number.',
          ru: 'В смещении 64 бита, а число JavaScript точно до 2⁵³. Дальше соседние смещения превращаются в одно число.',
        },
        try: {
          en: 'Compare the texts as they are, or use BigInt.',
          ru: 'Сравнивайте текст как есть или возьмите BigInt.',
        },
      },
    },
    hints: stuckHints,
  },
  'stuck-sorted': {
    name: {
      en: 'The answer is sorted by topic, and by partition as a number',
      ru: 'Ответ отсортирован по топику и по номеру партиции',
    },
    promises: ['stuck-sorted'],
    needs: ['stuck-nobody'],
    says: {
      differs: {
        en: 'Expected, in this order: {expected}. It is: {list}.',
        ru: 'Ожидалось в таком порядке: {expected}. Получено: {list}.',
        try: {
          en: 'Compare topics by < (localeCompare has another order), and partitions by a - b.',
          ru: 'Топики сравнивайте через < (у localeCompare порядок другой), партиции — через a - b.',
        },
      },
      sortedAsText: {
        en: 'Partitions are sorted as texts: {list}.',
        ru: 'Партиции отсортированы как текст: {list}.',
        why: {
          en: 'sort() without a function compares texts, and "10" is less than "2".',
          ru: 'sort() без функции сравнивает текст, а "10" меньше, чем "2".',
        },
        try: { en: 'Compare partitions by a - b.', ru: 'Партиции сравнивайте через a - b.' },
      },
    },
    hints: stuckHints,
  },
} as const satisfies Record<string, TestText>
