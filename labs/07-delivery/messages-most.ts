/** Lab 07: what the tests of `consumeAtMostOnce` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { mostHints } from './hints.ts'
import { allCases, crashCases } from './messages-shared.ts'

export const mostTests = {
  'most-all': {
    name: {
      en: 'consumeAtMostOnce gives each record to handle once, in order, exactly as it was sent',
      ru: 'consumeAtMostOnce передаёт в handle каждую запись один раз, по порядку, в точности такой, как отправили',
    },
    promises: ['runs', 'record', 'order', 'begins', 'once'],
    says: allCases,
    hints: mostHints,
  },
  'most-crash': {
    name: {
      en: 'After a crash consumeAtMostOnce gives no record to handle again, and has lost 10 at most',
      ru: 'После падения consumeAtMostOnce не передаёт в handle ни одной записи второй раз, а теряет не больше 10',
    },
    promises: ['most-once', 'most-loss'],
    needs: ['most-all', 'groups'],
    says: {
      ...crashCases,
      thisOffset: {
        en: 'The program crashed while handle was at work on {place}, and after the restart handle was called with it again. The committed offset of the group: {committed}.',
        ru: 'Программа упала, когда handle работала над {place}, и после перезапуска handle вызвали с ней снова. Зафиксированное смещение группы: {committed}.',
        why: {
          en: 'The committed offset is the one of the next record to read. Committed {committed} says: everything below {committed} is done.',
          ru: 'Зафиксированное смещение — это смещение следующей записи, которую надо прочитать. Зафиксировано {committed} — значит, сделано всё, что ниже {committed}.',
        },
        try: {
          en: 'Commit the offset after that of the record: (BigInt(message.offset) + 1n).toString().',
          ru: 'Фиксируйте смещение, следующее за смещением записи: (BigInt(message.offset) + 1n).toString().',
        },
      },
      again: {
        en: 'The program crashed while handle was at work on {place}. After the restart handle was called again with {count} {count:record|records} from before the crash. The committed offset of the group: {committed}.',
        ru: 'Программа упала, когда handle работала над {place}. После перезапуска handle снова вызвали с записями, которые уже были до падения ({count}). Зафиксированное смещение группы: {committed}.',
        why: {
          en: 'A new run begins at the committed offset and knows nothing of the variables of the last one. What must not come again has to be committed before handle is called.',
          ru: 'Новый запуск начинает с зафиксированного смещения и ничего не знает о переменных прошлого. Чтобы запись не пришла снова, её нужно зафиксировать до вызова handle.',
        },
        try: {
          en: 'autoCommit: false; commit the offset after the record, await the commit, and call handle only then.',
          ru: 'autoCommit: false; зафиксируйте смещение, следующее за записью, дождитесь фиксации и только потом вызывайте handle.',
        },
      },
      early: {
        en: 'The program crashed while a commit was on its way; the broker never got it (committed offset of the group: {committed}). But handle had been called with {place} already, and after the restart it was called with it again.',
        ru: 'Программа упала, пока запрос фиксации был в пути; брокер его не получил (зафиксированное смещение группы: {committed}). Но handle уже вызвали с {place}, и после перезапуска её вызвали с этой записью снова.',
        why: {
          en: 'A commit that has been sent is not yet a commit: only the answer of the broker says that it is kept.',
          ru: 'Отправить запрос фиксации — ещё не зафиксировать: что смещение сохранено, известно только из ответа брокера.',
        },
        try: {
          en: 'await the commit before you call handle; if the commit fails, do not call it.',
          ru: 'Дождитесь фиксации (await), прежде чем вызвать handle; если она не удалась, не вызывайте.',
        },
      },
      twice: {
        en: 'The broker had taken a commit when the program crashed (committed offset of the group: {committed}). After the restart handle was called again with {place}.',
        ru: 'Когда программа упала, брокер уже принял фиксацию (зафиксированное смещение группы: {committed}). После перезапуска handle снова вызвали с {place}.',
        try: {
          en: 'Begin with the committed offset after a restart: without seek, with the group that the function was given.',
          ru: 'После перезапуска начинайте с зафиксированного смещения: без seek, с той группой, которую передали функции.',
        },
      },
      lostMany: {
        en: 'The crash has cost {count} records of partition {partition}: they were committed, and no call of handle has ended with them. {max} at most are allowed.',
        ru: 'Падение стоило {count} {count:записи|записей|записей} партиции {partition}: они зафиксированы, но ни один вызов handle с ними не закончился. Можно потерять не больше {max}.',
        why: {
          en: 'Whatever is committed ahead of the work is lost when the program crashes.',
          ru: 'Всё, что зафиксировано раньше, чем сделано, при падении теряется.',
        },
        try: {
          en: 'Commit record by record, or ten at most, not the whole batch.',
          ru: 'Фиксируйте по одной записи или не больше чем по десять, а не весь пакет.',
        },
      },
    },
    hints: mostHints,
  },
  'most-fails': {
    name: {
      en: 'When handle fails, consumeAtMostOnce goes on with the next record and does not come back to this one',
      ru: 'Если handle завершилась ошибкой, consumeAtMostOnce идёт дальше и к этой записи не возвращается',
    },
    promises: ['most-fails', 'most-once'],
    needs: ['most-all'],
    says: {
      again: {
        en: 'A call of handle failed, and then handle was called a second time with {place}.',
        ru: 'Вызов handle завершился ошибкой, и после этого handle вызвали с {place} второй раз.',
        why: {
          en: 'When eachMessage throws, kafkajs fetches the same record again in this run, whatever the group has committed.',
          ru: 'Если eachMessage бросает ошибку, kafkajs в этом же запуске читает ту же запись снова, что бы ни зафиксировала группа.',
        },
        try: {
          en: 'Catch what handle throws: await handle(record).catch(…). With this record it is over.',
          ru: 'Перехватите ошибку handle: await handle(record).catch(…). С этой записью всё.',
        },
      },
      stuck: {
        en: 'handle failed with {place} ({kind}), and then was not called for 5 s; {count} {count:record was|records were} never given to it.',
        ru: 'handle завершилась ошибкой на {place} ({kind}), и после этого её не вызывали 5 с; записей, которые в неё не попали: {count}.',
        try: {
          en: 'Catch every error of handle, whatever its class, and let eachMessage end as if all were well.',
          ru: 'Перехватывайте любую ошибку handle, какого бы класса она ни была, и пусть eachMessage заканчивается как обычно.',
        },
      },
    },
    hints: mostHints,
  },
} as const satisfies Record<string, TestText>
