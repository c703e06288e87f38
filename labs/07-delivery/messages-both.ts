/** Lab 07: what is checked of both consumers, and of all four functions; what is said when it does not hold. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { closeHints, stopHints } from './hints.ts'

/** How a consumer stopped, by function: `{name}`. */
export const stopCases = {
  never: {
    en: 'Before stop() could be called, {name} had to come to the middle of a batch; within 5 s handle was called {got} {got:time|times}.',
    ru: 'До вызова stop() функция {name} должна была дойти до середины пакета; за 5 с handle вызвали {got} {got:раз|раза|раз}.',
    try: {
      en: 'Let the consumer read the whole topic first; what the checks above it say helps.',
      ru: 'Добейтесь сначала, чтобы консюмер читал весь топик: смотрите, что говорят проверки выше.',
    },
  },
  early: {
    en: '{name}: stop() has resolved while handle was still at work on {place}.',
    ru: '{name}: stop() завершился, когда handle ещё работала над {place}.',
    why: {
      en: 'Whoever awaits stop() wants to end the process. Work that goes on then is cut off as in a crash.',
      ru: 'Тот, кто дожидается stop(), собирается завершить процесс. Работа, которая ещё идёт, оборвётся, как при падении.',
    },
    try: {
      en: 'Return the promise of consumer.disconnect() from stop; it waits for the running eachMessage, if that waits for handle.',
      ru: 'Верните из stop промис consumer.disconnect(): она дожидается идущей eachMessage, если та дожидается handle.',
    },
  },
  dropped: {
    en: '{name}: stop() was called while handle was at work on offset {last}. When handle had ended, no commit followed: the committed offset of the group is {committed}, and should be {wanted}.',
    ru: '{name}: stop() вызвали, когда handle работала над смещением {last}. Когда она закончила, фиксации не последовало: зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
    why: {
      en: 'Once disconnect() or stop() of kafkajs has been called, consumer.commitOffsets() commits nothing, and says nothing.',
      ru: 'Как только у kafkajs вызвали disconnect() или stop(), consumer.commitOffsets() ничего не фиксирует и молчит об этом.',
    },
    try: {
      en: 'Leave the commit to kafkajs (autoCommitThreshold), which commits while it stops too; or wait for the running handle and its commit before you call disconnect().',
      ru: 'Оставьте фиксацию kafkajs (autoCommitThreshold): она фиксирует и во время остановки. Или до вызова disconnect() дождитесь идущей handle и её фиксации.',
    },
  },
  thisOffset: {
    en: '{name}: the last record that was handled has the offset {last}, and after stop() the committed offset of the group is {committed}; it should be {wanted}.',
    ru: '{name}: у последней обработанной записи смещение {last}, и после stop() зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
    why: {
      en: 'The committed offset is the one of the next record to read.',
      ru: 'Зафиксированное смещение — это смещение следующей записи, которую надо прочитать.',
    },
    try: {
      en: 'Commit (BigInt(message.offset) + 1n).toString().',
      ru: 'Фиксируйте (BigInt(message.offset) + 1n).toString().',
    },
  },
  behind: {
    en: '{name}: the last record that was handled has the offset {last}, and after stop() the committed offset of the group is {committed}; it should be {wanted}.',
    ru: '{name}: у последней обработанной записи смещение {last}, и после stop() зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
    why: {
      en: 'What was handled and not committed comes again when the group is read again.',
      ru: 'Что обработано, но не зафиксировано, придёт снова при следующем запуске группы.',
    },
    try: {
      en: 'Commit what has been handled before stop() resolves.',
      ru: 'Зафиксируйте обработанное до того, как stop() завершится.',
    },
  },
  ahead: {
    en: '{name}: the last record that was handled has the offset {last}, and after stop() the committed offset of the group is {committed}; it should be {wanted}.',
    ru: '{name}: у последней обработанной записи смещение {last}, и после stop() зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
    why: {
      en: 'What is committed and was not handled never comes again. That a record was fetched does not mean that it was handled.',
      ru: 'Что зафиксировано, но не обработано, больше не придёт. Прочитать запись — ещё не значит её обработать.',
    },
    try: {
      en: 'Commit up to the last record that handle has ended with, also when the consumer stops in the middle of a batch.',
      ru: 'Фиксируйте до последней записи, с которой handle закончила, в том числе когда консюмер останавливается посередине пакета.',
    },
  },
  afterwards: {
    en: '{name}: after stop() had resolved, handle was called {count} more {count:time|times}.',
    ru: '{name}: после завершения stop() handle вызвали ещё {count} {count:раз|раза|раз}.',
    try: {
      en: 'Wait in stop() until the consumer has stopped.',
      ru: 'Дождитесь в stop(), пока консюмер остановится.',
    },
  },
  twice: {
    en: '{name}: nothing crashed, and when the group was read again, {count} {count:record|records} came a second time, first {place}.',
    ru: '{name}: ничего не падало, а когда группу запустили снова, второй раз пришли записи: {count}, первая — {place}.',
    try: {
      en: 'Compare what the group has committed after stop() with the last record that was handled.',
      ru: 'Сравните то, что группа зафиксировала после stop(), с последней обработанной записью.',
    },
  },
  lateMissing: {
    en: '{name}: while the consumer was stopped, the first {wanted} records of another partition were sent. It was started again, and handle got {got} of them.',
    ru: '{name}: пока консюмер стоял, в другую партицию отправили первые записи: {wanted}. Консюмер запустили снова, и в handle попало из них {got}.',
    why: {
      en: 'A group commits partition by partition. Where it has committed nothing, it begins at the end of the partition, unless subscribe says fromBeginning: true, also when it has committed something elsewhere.',
      ru: 'Группа фиксирует каждую партицию отдельно. Там, где она ничего не зафиксировала, она начинает с конца партиции, если не подписаться с fromBeginning: true, даже если в других партициях что-то зафиксировано.',
    },
    try: {
      en: 'fromBeginning: true at every start: where something is committed it changes nothing.',
      ru: 'fromBeginning: true при каждом запуске: там, где что-то зафиксировано, он ничего не меняет.',
    },
  },
  missing: {
    en: '{name}: the consumer was stopped and started again, and {count} {count:record|records} never came to handle, first {place}.',
    ru: '{name}: консюмер остановили и запустили снова, и в handle не попало записей: {count}, первая — {place}.',
    try: {
      en: 'Compare what the group has committed after stop() with the last record that was handled.',
      ru: 'Сравните то, что группа зафиксировала после stop(), с последней обработанной записью.',
    },
  },
} as const satisfies Record<string, CaseText>

const finallyTry = {
  en: 'await disconnect() in every way out: in a finally block, and where subscribe or run throws.',
  ru: 'await disconnect() на любом пути к выходу: в блоке finally и там, где бросают ошибку subscribe или run.',
} as const

export const bothTests = {
  stop: {
    name: {
      en: 'stop() waits for handle, and when the group is read again nothing is missing and nothing comes twice',
      ru: 'stop() дожидается handle, и при следующем запуске группы ничего не пропадает и не приходит дважды',
    },
    promises: ['stops', 'committed', 'once', 'begins'],
    needs: ['most-all', 'least-all', 'groups'],
    says: stopCases,
    hints: stopHints,
  },
  groups: {
    name: {
      en: 'Several consumers at the same time: each group gets every record',
      ru: 'Несколько консюмеров одновременно: каждая группа получает все записи',
    },
    promises: ['groups'],
    needs: ['most-all', 'least-all'],
    says: {
      missing: {
        en: '{count} consumers ran at the same time, each in a group of its own; {name} called handle with {got} of its {wanted} records.',
        ru: 'Одновременно работали {count} {count:консюмер|консюмера|консюмеров}, каждый в своей группе; {name} передала в handle {got} из {wanted} своих записей.',
        why: {
          en: 'Members of one group share the partitions of a topic; groups do not: each reads everything.',
          ru: 'Участники одной группы делят партиции топика, а разные группы — нет: каждая читает всё.',
        },
        try: {
          en: 'Use the group that the function was given, and keep nothing in variables that calls share.',
          ru: 'Берите ту группу, которую передали функции, и ничего не храните в переменных, общих для вызовов.',
        },
      },
      more: {
        en: '{count} consumers ran at the same time, each in a group of its own; {name} called handle {calls} times for {wanted} records.',
        ru: 'Одновременно работали {count} {count:консюмер|консюмера|консюмеров}, каждый в своей группе; {name} вызвала handle {calls} {calls:раз|раза|раз}, а записей {wanted}.',
        try: {
          en: 'Keep nothing in variables that calls share.',
          ru: 'Ничего не храните в переменных, общих для вызовов.',
        },
      },
    },
    hints: stopHints,
  },
  refused: {
    name: {
      en: 'When Kafka refuses, the promise of the function is rejected',
      ru: 'Если Kafka отказывает, промис функции отклоняется',
    },
    promises: ['refused'],
    says: {
      resolved: {
        en: '{call} resolved. Kafka does not take this topic name: the promise should be rejected.',
        ru: '{call} завершилась успешно. Такого имени топика Kafka не принимает, поэтому промис должен быть отклонён.',
        why: {
          en: 'The caller has no other way to learn that nothing will be read or sent.',
          ru: 'У вызывающего нет другого способа узнать, что ничего не будет прочитано или отправлено.',
        },
        try: {
          en: 'Await subscribe and send, and catch no error that you cannot mend.',
          ru: 'Дождитесь subscribe и send и не перехватывайте ошибок, которые не можете исправить.',
        },
      },
    },
    hints: closeHints,
  },
  closed: {
    name: {
      en: 'A second after stop(), a send or an error all connections are closed',
      ru: 'Через секунду после stop(), отправки или ошибки все соединения закрыты',
    },
    promises: ['closed'],
    needs: ['most-all', 'least-all', 'send-all', 'stop'],
    says: {
      openAfterStop: {
        en: 'stop() of {name} has resolved, and {count} of its connections {count:is|are} still open.',
        ru: 'stop() функции {name} завершился, а её соединений ещё открыто: {count}.',
        why: {
          en: 'consumer.stop() stops reading and leaves the group; the connections stay open, and keep the process alive.',
          ru: 'consumer.stop() прекращает чтение и выходит из группы, а соединения остаются и не дают процессу завершиться.',
        },
        try: {
          en: 'consumer.disconnect() does both.',
          ru: 'consumer.disconnect() делает и то и другое.',
        },
      },
      open: {
        en: '{name} has finished, and {count} of its connections {count:is|are} still open.',
        ru: 'Функция {name} завершилась, а её соединений ещё открыто: {count}.',
        try: finallyTry,
      },
      openAfterError: {
        en: '{name} was rejected, as it should be, and {count} of its connections {count:is|are} still open.',
        ru: 'Промис {name} отклонён, как и должен, а её соединений ещё открыто: {count}.',
        why: {
          en: 'An error leaves the function at once: lines after the await that threw are not reached.',
          ru: 'Ошибка сразу прерывает функцию: до строк после await, который её бросил, дело не доходит.',
        },
        try: finallyTry,
      },
      late: {
        en: '{name}: {count} {count:connection was|connections were} closed only later, more than a second after.',
        ru: '{name}: соединения ({count}) закрылись позже, чем через секунду.',
        try: {
          en: 'Await disconnect() before the function or stop() ends, without a timer.',
          ru: 'Дождитесь disconnect() до конца функции или stop(), без таймера.',
        },
      },
    },
    hints: closeHints,
  },
} as const satisfies Record<string, TestText>
