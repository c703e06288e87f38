/** Lab 05: what the tests of leaving and of a refusal check, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { stopHints } from './hints.ts'
import { recordCases, shareOutCases } from './messages-group.ts'

const finallyTry = {
  en: 'await consumer.disconnect() on both ways out, when it went well and after an error: it stops, leaves and closes.',
  ru: 'Вызывайте await consumer.disconnect() на обоих выходах, и при успехе, и после ошибки: он останавливает, выходит из группы и закрывает.',
} as const

export const stopTests = {
  leave: {
    name: {
      en: 'stop() finishes the record in hand, commits, leaves the group, closes, and others go on at once',
      ru: 'stop() заканчивает текущую запись, фиксирует, выходит из группы, закрывает соединения, и другие сразу продолжают',
    },
    promises: ['finishes', 'leaves', 'once-in-group', 'closed'],
    needs: ['beats', 'share', 'one-by-one'],
    says: {
      ...shareOutCases,
      ...recordCases,
      early: {
        en: 'stop() was fulfilled while onRecord was still at work.',
        ru: 'Промис stop() выполнен, хотя onRecord ещё работала.',
        why: {
          en: 'When stop() is fulfilled, the process may end, and the record in hand with it.',
          ru: 'Когда stop() выполнена, процесс могут завершить, а с ним пропадёт и текущая запись.',
        },
        try: {
          en: 'Await consumer.disconnect(): it waits until eachMessage has ended, if eachMessage awaits onRecord.',
          ru: 'Дождитесь consumer.disconnect(): он ждёт конца eachMessage, если eachMessage дожидается onRecord.',
        },
      },
      goesOn: {
        en: 'After stop() had been called, onRecord was called for {count} more {count:record|records}.',
        ru: 'После вызова stop() в onRecord передали ещё записей: {count}.',
        why: {
          en: 'Whoever stops a worker has given it so long to finish what is in hand, not a whole batch.',
          ru: 'Кто останавливает воркера, ждёт, пока тот закончит текущее, а не целый пакет.',
        },
        try: {
          en: 'With eachBatch ask isRunning() before each record; with eachMessage kafkajs does.',
          ru: 'В eachBatch спрашивайте isRunning() перед каждой записью; в eachMessage это делает сама kafkajs.',
        },
      },
      noLeave: {
        en: 'stop() was fulfilled, and the worker sent no LeaveGroup.',
        ru: 'Промис stop() выполнен, а LeaveGroup воркер не отправил.',
        why: {
          en: 'Without LeaveGroup the group learns of it only when the session has passed: for so long nobody reads these partitions.',
          ru: 'Без LeaveGroup группа узнаёт об уходе, только когда пройдёт сессия: всё это время партиции не читает никто.',
        },
        try: {
          en: 'Await consumer.disconnect() in stop(): it leaves the group.',
          ru: 'Дождитесь в stop() вызова consumer.disconnect(): он выходит из группы.',
        },
      },
      open: {
        en: 'stop() was fulfilled, and {count} of the worker’s connections {count:is|are} still open.',
        ru: 'Промис stop() выполнен, а соединений воркера ещё открыто: {count}.',
        why: {
          en: 'An open client keeps the process alive.',
          ru: 'Незакрытый клиент не даёт процессу завершиться.',
        },
        try: finallyTry,
      },
      notTaken: {
        en: 'The worker has left. {seconds} s later the other one has {got}, not all of {wanted}.',
        ru: 'Воркер вышел из группы. Через {seconds} с у второго есть {got}, а не всё: {wanted}.',
        try: {
          en: 'See that the other worker sends heartbeats: their answer tells it to join again.',
          ru: 'Проверьте, отправляет ли heartbeat второй воркер: из ответа он узнаёт, что нужно войти заново.',
        },
      },
    },
    hints: stopHints,
  },
  refused: {
    name: {
      en: 'When the group refuses the member, startWorker throws and leaves no connection open',
      ru: 'Если группа не принимает участника, startWorker бросает ошибку и не оставляет открытых соединений',
    },
    promises: ['refused', 'closed'],
    says: {
      resolved: {
        en: 'The broker does not allow a session of {session} ms and refused the member: {error}. startWorker resolved all the same.',
        ru: 'Брокер не разрешает сессию в {session} мс и не принял участника: {error}. startWorker всё равно завершилась без ошибки.',
        why: {
          en: 'The caller believes that a worker is running, and nobody reads anything. consumer.run resolves in this case too: kafkajs reports it by the event CRASH.',
          ru: 'Вызывающий думает, что воркер работает, а не читает никто. consumer.run завершается и тогда: о неудаче kafkajs сообщает событием CRASH.',
        },
        try: {
          en: 'Make a promise that GROUP_JOIN fulfils and CRASH rejects, and await it after run.',
          ru: 'Создайте промис, который выполняется по GROUP_JOIN и отклоняется по CRASH, и дождитесь его после run.',
        },
      },
      openAfterError: {
        en: 'startWorker threw, as it should, and {count} of its connections {count:is|are} still open.',
        ru: 'startWorker бросила ошибку, как и должна, а её соединений ещё открыто: {count}.',
        why: {
          en: 'The caller has no worker that it could stop: what was opened only startWorker can close.',
          ru: 'Останавливать вызывающему нечего, воркера он не получил: закрыть открытое может только startWorker.',
        },
        try: finallyTry,
      },
    },
    hints: stopHints,
  },
} as const satisfies Record<string, TestText>
