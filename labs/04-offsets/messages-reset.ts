/** Lab 04: what the tests of `resetToTime` check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { resetHints } from './hints.ts'

/** What can be wrong with any reset. */
const resetCases = {
  none: {
    en: 'resetToTime has resolved, and nothing is committed: all {count} partitions are as they were.',
    ru: 'resetToTime завершилась, но ничего не зафиксировано: все партиции ({count}) как были.',
    why: {
      en: 'A seek moves the position of one consumer. A group is moved by committing for it.',
      ru: 'seek двигает позицию одного консюмера. Чтобы сдвинуть группу, нужно зафиксировать за неё.',
    },
    try: {
      en: 'admin.setOffsets({ groupId, topic, partitions }), and await it.',
      ru: 'admin.setOffsets({ groupId, topic, partitions }) — и дождитесь его.',
    },
  },
  some: {
    en: 'In {wrong} of {count} partitions the committed offset was left as it was.',
    ru: 'Зафиксированное смещение осталось как было: партиций — {wrong} из {count}.',
    why: {
      en: 'Every partition is set back: one in which nothing was committed, and one that has no record of that time, too. Otherwise the group goes on there from another moment.',
      ru: 'Возвращать надо каждую партицию: и ту, где ничего не зафиксировано, и ту, где нет записи с таким временем. Иначе там группа продолжит с другого момента.',
    },
    try: {
      en: 'Pass all partitions of fetchTopicOffsetsByTimestamp on to setOffsets.',
      ru: 'Передайте в setOffsets все партиции из fetchTopicOffsetsByTimestamp.',
    },
  },
  differs: {
    en: 'In {wrong} of {count} partitions another offset is committed than that of the first record of this time or later.',
    ru: 'Зафиксировано не смещение первой записи с этим временем или позже: партиций — {wrong} из {count}.',
    try: {
      en: 'admin.fetchTopicOffsetsByTimestamp(topic, time) gives what is wanted, for each partition.',
      ru: 'admin.fetchTopicOffsetsByTimestamp(topic, time) даёт то, что нужно, для каждой партиции.',
    },
  },
  minus: {
    en: 'A negative offset is committed.',
    ru: 'Зафиксировано отрицательное смещение.',
    why: {
      en: 'The broker answers -1 when no record is late enough. For a consumer a committed -1 is as good as none: it begins wherever its setting says.',
      ru: 'Если достаточно поздней записи нет, брокер отвечает -1. Для консюмера зафиксированная -1 — всё равно что ничего: он начнёт там, где велит его настройка.',
    },
    try: {
      en: 'Commit the end offset of such a partition.',
      ru: 'В такой партиции фиксируйте конечное смещение.',
    },
  },
  start: {
    en: 'Where no record is late enough, the group was set back to the start: it will process everything there again.',
    ru: 'Там, где достаточно поздних записей нет, группа возвращена в начало: она обработает всё заново.',
    why: {
      en: 'Asked for was all that came since `time`, and that is nothing.',
      ru: 'Просили всё, что пришло с момента `time`, а это — ничего.',
    },
    try: {
      en: 'Where no record is late enough, commit the end offset.',
      ru: 'Где достаточно поздней записи нет, фиксируйте конечное смещение.',
    },
  },
  last: {
    en: 'Where no record is late enough, the last record is committed instead of the end offset.',
    ru: 'Там, где достаточно поздних записей нет, зафиксирована последняя запись, а не конечное смещение.',
    try: {
      en: 'high of fetchTopicOffsets is the end offset, as it is.',
      ru: 'high из fetchTopicOffsets — это и есть конечное смещение.',
    },
  },
  answerSet: {
    en: 'resetToTime returned the partitions {got}; expected: {wanted}.',
    ru: 'resetToTime вернула партиции {got}; ожидалось: {wanted}.',
    try: {
      en: 'One element for each partition, sorted as numbers: sort((a, b) => a.partition - b.partition)',
      ru: 'По элементу на партицию, отсортированные как числа: sort((a, b) => a.partition - b.partition)',
    },
  },
  answer: {
    en: 'resetToTime returned the offsets {got}; committed are {wanted}.',
    ru: 'resetToTime вернула смещения {got}, а зафиксированы {wanted}.',
    try: {
      en: 'Return what you have passed to setOffsets.',
      ru: 'Верните то, что передали в setOffsets.',
    },
  },
} as const satisfies Record<string, CaseText>

export const resetTests = {
  'reset-time': {
    name: {
      en: 'resetToTime commits the first record of that time or later, in every partition',
      ru: 'resetToTime фиксирует в каждой партиции первую запись с этим временем или позже',
    },
    promises: ['reset-first', 'reset-answer'],
    says: {
      ...resetCases,
      before: {
        en: 'Committed are the last records before that time.',
        ru: 'Зафиксированы последние записи до этого времени.',
        why: {
          en: 'A record from before the time would be processed again. The first one that is late enough is meant.',
          ru: 'Запись, которая старше указанного времени, обработалась бы заново. Нужна первая из достаточно поздних.',
        },
        try: { en: 'Take the offset as Kafka gives it.', ru: 'Берите смещение таким, как его даёт Kafka.' },
      },
      strictly: {
        en: 'Records that have exactly this timestamp are passed over.',
        ru: 'Записи ровно с такой меткой времени пропущены.',
        why: {
          en: '“From six o’clock on” includes six o’clock: Kafka looks for a timestamp that is equal or greater.',
          ru: '«Начиная с шести часов» включает шесть часов: Kafka ищет метку времени, которая больше или равна.',
        },
        try: {
          en: 'Ask for time itself, without adding to it.',
          ru: 'Спрашивайте про само time, ничего не прибавляя.',
        },
      },
      byClock: {
        en: 'Committed is the record with the earliest timestamp that is late enough, not the one with the smallest offset.',
        ru: 'Зафиксирована запись с самой ранней из достаточно поздних меток, а не с наименьшим смещением.',
        why: {
          en: 'A timestamp is what the sender’s clock said, and the order of a partition is that of offsets. Beginning with the earlier clock skips a record that stands before it and is late enough.',
          ru: 'Метка времени — это показание часов отправителя, а порядок в партиции — порядок смещений. Если начать с более ранней метки, пропадёт достаточно поздняя запись, стоящая перед ней.',
        },
        try: {
          en: 'Leave the search to Kafka: admin.fetchTopicOffsetsByTimestamp(topic, time).',
          ru: 'Предоставьте поиск Kafka: admin.fetchTopicOffsetsByTimestamp(topic, time).',
        },
      },
    },
    hints: resetHints,
  },
  'reset-ends': {
    name: {
      en: 'resetToTime goes to the end where no record is late enough, and to the start when all are',
      ru: 'resetToTime идёт в конец, если достаточно поздней записи нет, и в начало, если все поздние',
    },
    promises: ['reset-end'],
    needs: ['reset-time'],
    says: {
      ...resetCases,
      end: {
        en: 'time is {time}, before all records, and the group was set to the end: it skips everything.',
        ru: 'time — {time}, раньше всех записей, а группа переставлена в конец: она всё пропустит.',
        why: {
          en: '0 is a time like any other: the first of January 1970.',
          ru: '0 — такое же время, как остальные: первое января 1970 года.',
        },
        try: {
          en: '`||` and `if (time)` take 0 for nothing.',
          ru: '`||` и `if (time)` принимают 0 за ничто.',
        },
      },
    },
    hints: resetHints,
  },
  'reset-active': {
    name: {
      en: 'resetToTime refuses while the group has a member',
      ru: 'resetToTime отказывает, пока в группе есть участник',
    },
    promises: ['reset-active'],
    needs: ['reset-time'],
    says: {
      changed: {
        en: 'A consumer of the group was at work, and its committed offsets were changed from {before} to {after} (by partition).',
        ru: 'Консюмер группы работал, а её зафиксированные смещения изменены: было {before}, стало {after} (по партициям).',
        why: {
          en: 'A running consumer has its position in memory: it does not notice, goes on where it was, and its next commit undoes yours. Kafka’s tool refuses too.',
          ru: 'У работающего консюмера позиция в памяти: он ничего не заметит, продолжит с прежнего места, и его следующая фиксация отменит вашу. Утилита Kafka тоже отказывает.',
        },
        try: {
          en: 'admin.setOffsets throws when the group has members; a consumer of your own must not join it.',
          ru: 'admin.setOffsets бросает ошибку, если в группе есть участники; свой консюмер в неё вводить нельзя.',
        },
      },
      resolved: {
        en: 'A consumer of the group was at work, and resetToTime resolved to {got} as if all were well.',
        ru: 'Консюмер группы работал, а resetToTime вернула {got}, как будто всё в порядке.',
        try: {
          en: 'Let the error of admin.setOffsets go to the caller.',
          ru: 'Пусть ошибка admin.setOffsets дойдёт до вызывающего.',
        },
      },
      same: {
        en: 'A consumer of the group was at work, and the committed offsets ({before}) were already where they should go. resetToTime resolved to {got}.',
        ru: 'Консюмер группы работал, а зафиксированные смещения ({before}) уже стояли там, где нужно. resetToTime вернула {got}.',
        why: {
          en: 'The caller takes it that the group will go on from here. The running consumer is somewhere else, and commits that next.',
          ru: 'Вызывающий решит, что группа продолжит отсюда. А работающий консюмер уже в другом месте и скоро зафиксирует его.',
        },
        try: {
          en: 'Ask whether the group has members before you look at what there is to change.',
          ru: 'Сначала проверьте, есть ли в группе участники, и только потом — что менять.',
        },
      },
      otherTopic: {
        en: 'The group had a member that reads another topic. resetToTime should have been rejected; it resolved, or it changed the committed offsets: before {before}, after {after}.',
        ru: 'В группе был участник, который читает другой топик. Промис resetToTime должен быть отклонён, а он выполнен или зафиксированные смещения изменены: было {before}, стало {after}.',
        why: {
          en: 'At its next rebalance the group may give this topic to that member. A broker takes offsets from outside only for a group without members.',
          ru: 'При следующей ребалансировке этот топик может достаться и этому участнику. Смещения извне брокер принимает, только если участников в группе нет.',
        },
        try: {
          en: 'Ask for the state of the group, whatever its members read.',
          ru: 'Смотрите на состояние группы, что бы ни читали её участники.',
        },
      },
      joining: {
        en: 'The group was in the middle of a rebalance (PreparingRebalance): it had members. resetToTime should have been rejected; it resolved, or it changed the committed offsets: before {before}, after {after}.',
        ru: 'В группе шла ребалансировка (PreparingRebalance), то есть участники в ней были. Промис resetToTime должен быть отклонён, а он выполнен или зафиксированные смещения изменены: было {before}, стало {after}.',
        why: {
          en: 'Stable is only one of the states of a group that has members. Without members it is Empty, or Dead if nobody has ever seen it.',
          ru: 'Stable — лишь одно из состояний группы с участниками. Без участников она Empty, а если её никто никогда не видел — Dead.',
        },
        try: {
          en: 'Refuse unless the state is Empty or Dead.',
          ru: 'Отказывайте, если состояние не Empty и не Dead.',
        },
      },
    },
    hints: resetHints,
  },
} as const satisfies Record<string, TestText>
