/** Lab 04: what the tests of `resume` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { commitHints, failHints, resumeHints } from './hints.ts'
import { committedCases, count, handedCases, notCommitted, silent } from './messages-shared.ts'

export const resumeTests = {
  'resume-rest': {
    name: {
      en: 'resume hands over exactly the records that the group has not processed yet',
      ru: 'resume передаёт ровно те записи, которые группа ещё не обработала',
    },
    promises: ['resume-due', 'resume-start', 'together', 'resume-count'],
    says: {
      ...handedCases,
      silentFresh: {
        en: 'resume did not finish within {seconds} s, and no record came from the partitions where the group had committed nothing.',
        ru: 'resume не завершилась за {seconds} с, и из партиций, где группа ничего не зафиксировала, не пришло ни одной записи.',
        why: handedCases.fresh.why,
        try: handedCases.fresh.try,
      },
      silent,
      shared: {
        en: 'Two groups called resume for the same topic at the same time, and handle of one of them was never called.',
        ru: 'Две группы одновременно вызвали resume для одного топика, и handle одной из них не вызвана ни разу.',
        why: {
          en: 'Groups are independent: each has its own committed offsets and gets all records.',
          ru: 'Группы независимы: у каждой свои зафиксированные смещения, и каждая получает все записи.',
        },
        try: {
          en: 'Share nothing between calls: a consumer, and what you note, belong to one call.',
          ru: 'Не делите ничего между вызовами: консюмер и все пометки принадлежат одному вызову.',
        },
      },
      count,
    },
    hints: resumeHints,
  },
  'resume-commit': {
    name: {
      en: 'resume commits the offset of the next record in each partition that it has worked on',
      ru: 'resume фиксирует смещение следующей записи в каждой партиции, где что-то обработала',
    },
    promises: ['resume-commit'],
    needs: ['resume-rest'],
    says: { ...handedCases, ...committedCases, silent },
    hints: commitHints,
  },
  'resume-waits': {
    name: {
      en: 'resume waits for handle before it goes on and before it commits',
      ru: 'resume ждёт handle, прежде чем идти дальше и прежде чем фиксировать',
    },
    promises: ['resume-order', 'resume-after'],
    needs: ['resume-rest'],
    says: {
      ...handedCases,
      silent,
      together: {
        en: 'handle was called for {second} while it was still at work on {first}.',
        ru: 'handle вызвана для {second}, когда ещё работала над {first}.',
        why: {
          en: 'handle gives a promise: its work is done when the promise is fulfilled, not when the call returns.',
          ru: 'handle возвращает промис: работа закончена, когда он выполнен, а не когда вернулся вызов.',
        },
        try: { en: 'await handle(record)', ru: 'await handle(record)' },
      },
      early: {
        en: 'While handle was at work on {place}, the group had already committed {committed} in this partition.',
        ru: 'Пока handle работала над {place}, группа уже зафиксировала в этой партиции {committed}.',
        why: {
          en: 'If the program stops now, the record counts as processed and never comes again: it is lost.',
          ru: 'Если программа сейчас остановится, запись считается обработанной и больше не придёт: она потеряна.',
        },
        try: {
          en: 'Commit after handle has finished, never before.',
          ru: 'Фиксируйте после того, как handle закончила, а не до.',
        },
      },
      order: {
        en: 'handle got the offsets of partition {partition} in the order {got}.',
        ru: 'handle получила смещения партиции {partition} в порядке {got}.',
        why: {
          en: 'Within a partition records come in the order of their offsets.',
          ru: 'Внутри партиции записи приходят по возрастанию смещений.',
        },
        try: { en: 'Keep the order in which they come.', ru: 'Сохраняйте порядок, в котором они приходят.' },
      },
    },
    hints: commitHints,
  },
  'resume-failed': {
    name: {
      en: 'When handle fails, resume throws, keeps what was processed and comes back to the record that failed',
      ru: 'Если handle завершилась с ошибкой, resume бросает ошибку, сохраняет обработанное и возвращается к этой записи',
    },
    promises: ['resume-failed'],
    needs: ['resume-rest', 'resume-commit'],
    says: {
      ...handedCases,
      silent,
      retried: {
        en: 'handle failed on {place}, and was called for it again: {times} {times:time|times} in one call of resume.',
        ru: 'handle завершилась с ошибкой на {place}, и её вызвали для этой записи снова: {times} {times:раз|раза|раз} за один вызов resume.',
        why: {
          en: 'An error that leaves eachMessage goes to kafkajs: it repeats the record, and after some tries restarts the consumer. The promise of consumer.run has long been fulfilled.',
          ru: 'Ошибка, вышедшая из eachMessage, достаётся kafkajs: она повторяет запись, а после нескольких попыток перезапускает консюмер. Промис consumer.run к тому времени давно выполнен.',
        },
        try: {
          en: 'Catch the error inside eachMessage, remember it, hand over nothing more, and throw it when the consumer has stopped.',
          ru: 'Ловите ошибку внутри eachMessage, запомните её, больше ничего не передавайте и бросьте её, когда консюмер остановлен.',
        },
      },
      unmet: {
        en: 'handle was called for {got} of {wanted} records; the one on which it should fail never came to it.',
        ru: 'handle вызвана для {got} {got:записи|записей|записей} из {wanted}; запись, на которой должна была случиться ошибка, до неё не дошла.',
      },
      forgiven: {
        en: 'For {place} the promise of handle was rejected with undefined, and resume resolved as if nothing had happened.',
        ru: 'Для {place} промис handle отклонён с undefined, а промис resume выполнен, как будто ничего не случилось.',
        why: {
          en: 'A promise may be rejected with anything, also with nothing. That it was rejected says that the work has failed, not what it was rejected with.',
          ru: 'Промис может быть отклонён с чем угодно, в том числе ни с чем. О неудаче говорит то, что он отклонён, а не то, с чем.',
        },
        try: {
          en: 'Note in catch that handle has failed, in a variable of its own, and do not test what you caught.',
          ru: 'Отметьте в catch, что handle не справилась, отдельной переменной, а пойманное значение не проверяйте.',
        },
      },
      resolved: {
        en: 'handle failed on {place}, and resume resolved as if nothing had happened.',
        ru: 'handle завершилась с ошибкой на {place}, а промис resume выполнен, как будто ничего не случилось.',
        try: {
          en: 'Throw the error after you have committed and disconnected.',
          ru: 'Бросьте ошибку после того, как всё зафиксировали и отключились.',
        },
      },
      wentOn: {
        en: 'handle failed on {place}, and was called for {after} more {after:record|records}.',
        ru: 'handle завершилась с ошибкой на {place}, а её вызвали ещё для {after} {after:записи|записей|записей}.',
        why: {
          en: 'The rest of the batch is still in the client’s memory, and eachMessage is called for it.',
          ru: 'Остаток пакета ещё в памяти клиента, и eachMessage вызывается для него.',
        },
        try: {
          en: 'After an error return from eachMessage at once, without calling handle.',
          ru: 'После ошибки сразу выходите из eachMessage, не вызывая handle.',
        },
      },
      passed: {
        en: 'handle failed on {place}, and {got} is committed in this partition: the record will never come again.',
        ru: 'handle завершилась с ошибкой на {place}, а в этой партиции зафиксировано {got}: запись больше не придёт.',
        why: {
          en: 'Where the committed offset is, the group goes on. How far the log has grown, or how far the consumer has read, must not move it: with autoCommit kafkajs commits each record for which eachMessage has returned, whatever you did with it.',
          ru: 'Группа продолжит с зафиксированного смещения. Двигать его не должно ни то, до чего дорос журнал, ни то, что прочитал консюмер: с autoCommit kafkajs фиксирует каждую запись, для которой eachMessage вернулась, что бы вы с ней ни делали.',
        },
        try: {
          en: 'run({ autoCommit: false, … }), and commit only what handle is done with.',
          ru: 'run({ autoCommit: false, … }), а фиксируйте только то, с чем handle закончила.',
        },
      },
      behind: {
        en: 'handle failed on {place}; the committed offsets are not those of the records that come next.',
        ru: 'handle завершилась с ошибкой на {place}; зафиксированы не те записи, которые идут следующими.',
        why: {
          en: 'What was processed before the error would be processed a second time.',
          ru: 'То, что обработано до ошибки, обработается во второй раз.',
        },
        try: {
          en: 'Commit in a finally: after an error too, what is done is done.',
          ru: 'Фиксируйте в finally: сделанное сделано и при ошибке.',
        },
      },
    },
    hints: failHints,
  },
  'resume-new': {
    name: {
      en: 'Records that come during a call are processed by it or by the next one',
      ru: 'Записи, пришедшие во время вызова, обрабатывает он сам или следующий',
    },
    promises: ['resume-new'],
    needs: ['resume-rest', 'resume-commit'],
    says: {
      missing: handedCases.missing,
      twice: handedCases.twice,
      again: handedCases.again,
      silent,
      lost: {
        en: '{wanted} records were sent during a call; {lost} of them neither this call nor the next one processed.',
        ru: 'Во время вызова прислали записи ({wanted}); {lost} из них не обработал ни он, ни следующий.',
        why: {
          en: 'What is committed must be what was processed, not how far the log or the consumer has come meanwhile.',
          ru: 'Фиксировать надо то, что обработано, а не то, до чего за это время дошёл журнал или консюмер.',
        },
        try: {
          en: 'autoCommit: false, and commit the last record that handle is done with plus 1.',
          ru: 'autoCommit: false, и фиксируйте последнюю запись, с которой handle закончила, плюс 1.',
        },
      },
    },
    hints: commitHints,
  },
  'resume-trimmed': {
    name: {
      en: 'resume works when records at the committed offset have been deleted',
      ru: 'resume работает, когда записи, на которых группа остановилась, удалены',
    },
    promises: ['resume-trimmed'],
    needs: ['resume-rest'],
    says: {
      ...handedCases,
      count,
      committed: notCommitted,
      waitsForDeleted: {
        en: 'handle was called for all {wanted} records that are left, and resume did not finish within {seconds} s.',
        ru: 'handle вызвана для всех оставшихся записей ({wanted}), а resume не завершилась за {seconds} с.',
        why: {
          en: 'Records below the log start offset are gone: of these, none will come. In one partition that was all there was to do.',
          ru: 'Записей ниже начала журнала больше нет, и ни одна из них не придёт. В одной партиции это было всё, что оставалось.',
        },
        try: {
          en: 'Begin counting at the larger of the committed offset and the start offset (low of fetchTopicOffsets).',
          ru: 'Считайте от большего из двух: зафиксированного смещения и начального (low из fetchTopicOffsets).',
        },
      },
      silent: {
        ...silent,
        why: {
          en: 'When a committed offset is below the log start offset, kafkajs falls back on fromBeginning: true is the oldest record, false the end.',
          ru: 'Если зафиксированное смещение ниже начала журнала, kafkajs смотрит на fromBeginning: true — самая старая запись, false — конец.',
        },
        try: {
          en: 'Look at fromBeginning, and at which records you wait for.',
          ru: 'Посмотрите на fromBeginning и на то, каких записей вы ждёте.',
        },
      },
    },
    hints: resumeHints,
  },
  'resume-nothing': {
    name: {
      en: 'resume returns 0 at once when there is nothing to process',
      ru: 'resume сразу возвращает 0, когда обрабатывать нечего',
    },
    promises: ['resume-count'],
    says: {
      ...committedCases,
      done: {
        en: 'The group has processed everything; resume did not finish within {seconds} s.',
        ru: 'Группа уже всё обработала, а resume не завершилась за {seconds} с.',
        why: {
          en: 'No record will come that could end the waiting.',
          ru: 'Не придёт ни одной записи, на которой ожидание могло бы закончиться.',
        },
        try: {
          en: 'Compare the committed offsets with the end offsets before you start a consumer.',
          ru: 'Сравните зафиксированные смещения с конечными, прежде чем запускать консюмер.',
        },
      },
      empty: {
        en: 'The topic has never had a record; resume did not finish within {seconds} s.',
        ru: 'Записей в топике никогда не было, а resume не завершилась за {seconds} с.',
        try: {
          en: 'Where nothing is committed, compare start and end offset.',
          ru: 'Где ничего не зафиксировано, сравните начальное и конечное смещение.',
        },
      },
      deleted: {
        en: 'All records that the group had not processed have been deleted; resume did not finish within {seconds} s.',
        ru: 'Все записи, которые группа не успела обработать, удалены, а resume не завершилась за {seconds} с.',
        why: {
          en: 'The committed offset is below the end, and still nothing will come: what lay between is gone.',
          ru: 'Зафиксированное смещение меньше конечного, и всё же ничего не придёт: то, что было между ними, удалено.',
        },
        try: {
          en: 'A partition has something to do if its start offset, or its committed one if that is larger, is below the end.',
          ru: 'В партиции есть работа, если большее из начального и зафиксированного смещений меньше конечного.',
        },
      },
      handed: {
        en: 'There is nothing to process, and handle was called {count} {count:time|times}, first with {got}.',
        ru: 'Обрабатывать нечего, а handle вызвана {count} {count:раз|раза|раз}, сначала с {got}.',
        why: handedCases.again.why,
        try: handedCases.again.try,
      },
      count,
    },
    hints: resumeHints,
  },
  'resume-large': {
    name: {
      en: 'resume processes thousands of records, and waits for those that come late',
      ru: 'resume обрабатывает тысячи записей и дожидается опоздавших',
    },
    promises: ['resume-late', 'time'],
    needs: ['resume-rest'],
    says: {
      ...handedCases,
      silent,
      committed: notCommitted,
      early: {
        en: 'Some of the records came late; resume processed {got} of {wanted}, and ended without them.',
        ru: 'Часть записей пришла с задержкой; resume обработала {got} из {wanted} и закончила, не дождавшись.',
        why: {
          en: 'A broker may be slow, and silence is not the end. How long it takes is not known beforehand; which record is the last one due is.',
          ru: 'Брокер бывает медленным, и тишина — ещё не конец. Сколько ждать, заранее не узнать, а какая запись последняя — можно.',
        },
        try: {
          en: 'Finish when the last record due in each partition has been processed, not when some time has passed.',
          ru: 'Завершайтесь, когда в каждой партиции обработана последняя запись на очереди, а не когда прошло сколько-то времени.',
        },
      },
      expelled: {
        en: 'Some of the records came late, and meanwhile the group removed the consumer, whose session is {session} ms. It joined again, and handle was called with {again} {again:record|records} a second time.',
        ru: 'Часть записей пришла с задержкой, и группа тем временем удалила консюмер: его сессия — {session} мс. Он вошёл заново, и handle второй раз вызвали с теми же записями: {again}.',
        why: {
          en: 'While a fetch waits for its answer, kafkajs sends no heartbeat. A member that is silent for longer than its session counts as dead; what it has not committed comes again.',
          ru: 'Пока fetch ждёт ответа, kafkajs не отправляет heartbeat. Участник, который молчит дольше своей сессии, считается мёртвым, и то, что он не зафиксировал, приходит снова.',
        },
        try: {
          en: 'Leave sessionTimeout as it is, at 30 s, or commit after each record.',
          ru: 'Оставьте sessionTimeout как есть, 30 с, или фиксируйте после каждой записи.',
        },
      },
      gaveUp: {
        en: 'Some of the records came late, and resume was rejected: {message}',
        ru: 'Часть записей пришла с задержкой, и промис resume отклонён: {message}',
        try: {
          en: 'Wait for longer: the records may come up to 10 s after the call began.',
          ru: 'Ждите дольше: записи могут прийти через 10 с после начала вызова.',
        },
      },
    },
    hints: resumeHints,
  },
} as const satisfies Record<string, TestText>
