/** Lab 07: what the tests of `consumeAtLeastOnce` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { leastHints } from './hints.ts'
import { allCases, crashCases } from './messages-shared.ts'

const committedTooEarly = {
  why: {
    en: 'A new run begins at the committed offset. What is committed before handle has succeeded with it does not come again after a crash.',
    ru: 'Новый запуск начинает с зафиксированного смещения. Что зафиксировано раньше, чем handle закончилась успешно, после падения уже не придёт.',
  },
  try: {
    en: 'Commit an offset only when handle has succeeded with every record below it, in each partition by itself.',
    ru: 'Фиксируйте смещение, только когда handle успешно закончилась со всеми записями ниже него, — в каждой партиции отдельно.',
  },
} as const

export const leastTests = {
  'least-all': {
    name: {
      en: 'consumeAtLeastOnce gives each record to handle once while nothing fails, in order, exactly as it was sent',
      ru: 'consumeAtLeastOnce, пока ничего не сломалось, передаёт в handle каждую запись один раз, по порядку, в точности такой, как отправили',
    },
    promises: ['runs', 'record', 'order', 'begins', 'once'],
    says: allCases,
    hints: leastHints,
  },
  'least-crash': {
    name: {
      en: 'After a crash consumeAtLeastOnce has lost no record, and repeats 10 at most',
      ru: 'После падения consumeAtLeastOnce не теряет ни одной записи, а повторяет не больше 10',
    },
    promises: ['least-once', 'least-repeats'],
    needs: ['least-all', 'groups'],
    says: {
      ...crashCases,
      lostInFlight: {
        en: 'The program crashed while handle was at work on {place}. The record never came again. The committed offset of the group: {committed}.',
        ru: 'Программа упала, когда handle работала над {place}. Больше эта запись не пришла. Зафиксированное смещение группы: {committed}.',
        ...committedTooEarly,
      },
      lost: {
        en: 'After the crash {count} {count:record|records} never came to the end of handle, first {place}. The committed offset of the group: {committed}.',
        ru: 'После падения остались записи, с которыми handle так и не закончилась: {count}, первая — {place}. Зафиксированное смещение группы: {committed}.',
        ...committedTooEarly,
      },
      tooMany: {
        en: 'The crash has repeated {count} records of partition {partition}; {max} at most are allowed.',
        ru: 'После падения повторилось записей партиции {partition}: {count}. Можно повторить не больше {max}.',
        why: {
          en: 'Everything that was handled after the last commit comes again.',
          ru: 'Всё, что обработано после последней фиксации, приходит снова.',
        },
        try: {
          en: 'Commit more often. By default kafkajs commits when a whole batch is done, and a batch may hold thousands of records; autoCommitThreshold commits after so many.',
          ru: 'Фиксируйте чаще. По умолчанию kafkajs фиксирует смещения, когда обработан весь пакет, а в нём могут быть тысячи записей; autoCommitThreshold задаёт, после скольких фиксировать.',
        },
      },
    },
    hints: leastHints,
  },
  'least-fails': {
    name: {
      en: 'When handle fails, consumeAtLeastOnce calls it again with the same record before it goes on',
      ru: 'Если handle завершилась ошибкой, consumeAtLeastOnce вызывает её с той же записью снова и только потом идёт дальше',
    },
    promises: ['least-fails', 'least-once'],
    needs: ['least-all'],
    says: {
      skipped: {
        en: 'handle failed with {place}, and before it had succeeded with it, it was called with {later}.',
        ru: 'handle завершилась ошибкой на {place}, и, не дождавшись успеха с этой записью, её вызвали с {later}.',
        why: {
          en: 'A commit covers all records below it: with {later} the group commits {place} too, though nobody has handled it.',
          ru: 'Фиксация относится ко всем записям ниже смещения: вместе с {later} группа зафиксирует и {place}, хотя её никто не обработал.',
        },
        try: {
          en: 'Let the error out of eachMessage, and kafkajs fetches the same record again; or call handle again yourself until it succeeds.',
          ru: 'Пусть ошибка выйдет из eachMessage: kafkajs прочитает ту же запись снова. Или сами вызывайте handle, пока не получится.',
        },
      },
      forgiven: {
        en: 'For {place} the promise of handle was rejected with undefined, and the next call was with {later}: the failure was taken for a success.',
        ru: 'Для {place} промис handle отклонён с undefined, а следующий вызов был с {later}: неудачу приняли за успех.',
        why: {
          en: 'A promise may be rejected with anything, also with nothing. That it was rejected says that the work has failed, not what it was rejected with.',
          ru: 'Промис может быть отклонён с чем угодно, в том числе ни с чем. О неудаче говорит то, что он отклонён, а не то, с чем.',
        },
        try: {
          en: 'Tell success from failure by whether you come to the line behind await handle(…), or to catch; do not test what you caught.',
          ru: 'Отличайте успех от неудачи по тому, дошло ли выполнение до строки после await handle(…) или до catch; пойманное значение не проверяйте.',
        },
      },
      dead: {
        en: 'The promise of handle was rejected with {kind} for {place}, and then handle was not called for 5 s; {count} {count:record was|records were} not handled.',
        ru: 'Промис handle для {place} отклонён с {kind}, и после этого handle не вызывали 5 с; необработанных записей: {count}.',
        why: {
          en: 'kafkajs tries again after an error that it is given, but not after a TypeError, a RangeError, a ReferenceError or a SyntaxError: then it stops the consumer for good, without a word. When it is given undefined, it fails with a TypeError itself.',
          ru: 'Получив ошибку, kafkajs пробует ещё раз, но не после TypeError, RangeError, ReferenceError и SyntaxError: тогда она останавливает консюмер насовсем и молча. А получив undefined, она сама падает с TypeError.',
        },
        try: {
          en: 'Catch what handle throws and throw a plain Error in its place, or call handle again yourself.',
          ru: 'Перехватите ошибку handle и бросьте вместо неё обычную Error или сами вызывайте handle снова.',
        },
      },
      stuck: {
        en: 'handle failed with {place} ({kind}), and then was not called for 5 s; {count} {count:record was|records were} not handled.',
        ru: 'handle завершилась ошибкой на {place} ({kind}), и после этого её не вызывали 5 с; необработанных записей: {count}.',
        try: {
          en: 'Let the error out of eachMessage, and let kafkajs try again: it does by default.',
          ru: 'Пусть ошибка выйдет из eachMessage, и пусть kafkajs попробует ещё раз: по умолчанию она так и делает.',
        },
      },
    },
    hints: leastHints,
  },
} as const satisfies Record<string, TestText>
