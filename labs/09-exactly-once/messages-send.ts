/** Lab 09: what the tests of `sendOnce` and `writeTogether` check, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { sendHints, togetherHints } from './hints.ts'

const noCommit = {
  en: 'writeTogether has committed no transaction: the broker was sent no EndTxn that commits.',
  ru: 'writeTogether не подтвердила ни одной транзакции: запроса EndTxn с подтверждением брокер не получил.',
  try: {
    en: 'Send by the transaction, not by the producer: const transaction = await producer.transaction(), then transaction.sendBatch(…) and transaction.commit().',
    ru: 'Отправляйте через транзакцию, а не через продюсера: const transaction = await producer.transaction(), потом transaction.sendBatch(…) и transaction.commit().',
  },
} as const

const outside = {
  en: 'What is sent by producer.send belongs to no transaction, even if one is open on the same producer.',
  ru: 'Что отправлено через producer.send, ни в какую транзакцию не входит, даже если у того же продюсера она открыта.',
} as const

export const sendTests = {
  'send-all': {
    name: {
      en: 'sendOnce sends each record exactly as it is, records with equal keys to one partition and in order',
      ru: 'sendOnce отправляет каждую запись в точности как есть, записи с одинаковым ключом — в одну партицию и по порядку',
    },
    promises: ['sent', 'sent-once'],
    says: {
      count: {
        en: 'The lists held {wanted} records, and the topic holds {got}.',
        ru: 'В списках было записей: {wanted}, а в топике лежит {got}.',
        try: {
          en: 'One send for the whole list; an empty list is no error.',
          ru: 'Одна send на весь список; пустой список — не ошибка.',
        },
      },
      differs: {
        en: 'Keys or values in the topic are not what was to be sent: {count}.',
        ru: 'Ключи или значения лежат в топике не такими, какими их надо было отправить: {count}.',
        try: {
          en: 'Pass key and value on as they are: no trim, no JSON.',
          ru: 'Передавайте ключ и значение как есть: без trim и без JSON.',
        },
      },
      spread: {
        en: 'Records with the key {key} are in {count} partitions.',
        ru: 'Записи с ключом {key} лежат в {count} партициях.',
        try: {
          en: 'Send each record with its key; kafkajs chooses the partition by the key.',
          ru: 'Отправляйте каждую запись с её ключом: партицию по ключу выберет kafkajs.',
        },
      },
      order: {
        en: 'Records with the key {key} are in one partition, but not in the order of the list.',
        ru: 'Записи с ключом {key} лежат в одной партиции, но не в порядке списка.',
        try: {
          en: 'Send the list by one call, or its parts one after the other: calls that run at the same time overtake each other.',
          ru: 'Отправьте список одним вызовом или части одну за другой: вызовы, которые идут одновременно, обгоняют друг друга.',
        },
      },
    },
    hints: sendHints,
  },
  'send-breaks': {
    name: {
      en: 'When the connection breaks, sendOnce sends again, and no record is in the topic twice',
      ru: 'Когда рвётся соединение, sendOnce отправляет снова, и ни одна запись не лежит в топике дважды',
    },
    promises: ['sent-breaks', 'sent-confirmed'],
    needs: ['send-all'],
    says: {
      twice: {
        en: 'The connection broke when the broker had taken the records and its answer had not come. Now {count} of {wanted} are in the topic more than once, one of them {times} times.',
        ru: 'Соединение оборвалось, когда брокер записи уже принял, а ответ ещё не дошёл. Теперь в топике больше одного раза лежат {count} из {wanted}, одна из них — {times} {times:раз|раза|раз}.',
        why: {
          en: 'The broker recognises a batch that is sent again by the producer id and the sequence number in it. A producer that is not idempotent sends none, and a new producer has a new id.',
          ru: 'Пакет, отправленный повторно, брокер узнаёт по номеру продюсера и порядковому номеру в пакете. Неидемпотентный продюсер их не ставит, а у нового продюсера номер новый.',
        },
        try: {
          en: 'kafka.producer({ idempotent: true, maxInFlightRequests: 1 }), and leave trying again to this one producer.',
          ru: 'kafka.producer({ idempotent: true, maxInFlightRequests: 1 }), и пусть повторяет отправку сам этот продюсер.',
        },
      },
      gaveUp: {
        en: 'The connection broke twice, and the call was rejected: {message}',
        ru: 'Соединение оборвалось дважды, и вызов завершился ошибкой: {message}',
        try: {
          en: 'Leave the retries of the producer at their default.',
          ru: 'Не уменьшайте число повторов продюсера.',
        },
      },
      lost: {
        en: 'The connection broke, the call resolved, and {count} of {wanted} records are not in the topic.',
        ru: 'Соединение оборвалось, вызов завершился успешно, а в топике нет {count} из {wanted} записей.',
        try: {
          en: 'Await send, and swallow none of its errors.',
          ru: 'Дождитесь send и не проглатывайте её ошибок.',
        },
      },
      early: {
        en: 'The call resolved before the broker had got the {wanted} records.',
        ru: 'Вызов завершился раньше, чем брокер получил {wanted} {wanted:запись|записи|записей}.',
        try: {
          en: 'Wait for the answer: await producer.send(…).',
          ru: 'Дождитесь ответа: await producer.send(…).',
        },
      },
    },
    hints: sendHints,
  },
} as const satisfies Record<string, TestText>

export const togetherTests = {
  'together-all': {
    name: {
      en: 'writeTogether: no record counts before the commit, all of them after it, also while others write with other ids',
      ru: 'writeTogether: до подтверждения не видна ни одна запись, после него видны все, даже если рядом пишут с другими идентификаторами',
    },
    promises: ['together', 'together-all', 'together-apart'],
    says: {
      noCommit,
      before: {
        en: 'Before the commit had reached the broker, {count} of {wanted} records counted already.',
        ru: 'Запрос на подтверждение ещё не дошёл до брокера, а видны уже {count} из {wanted} записей.',
        why: outside,
        try: {
          en: 'Send everything by the transaction: transaction.send or transaction.sendBatch.',
          ru: 'Отправляйте всё через транзакцию: transaction.send или transaction.sendBatch.',
        },
      },
      missing: {
        en: 'The call has resolved, and {count} of {wanted} records do not count, or not once.',
        ru: 'Вызов завершился, а {count} из {wanted} записей не видны или видны не один раз.',
        try: {
          en: 'Await commit; send to every topic that is named in the list.',
          ru: 'Дождитесь commit; отправляйте во все топики, которые названы в списке.',
        },
      },
      twice: {
        en: 'The call has resolved, and {count} of {wanted} records count more than once.',
        ru: 'Вызов завершился, а {count} из {wanted} записей видны больше одного раза.',
        try: {
          en: 'Send each record once, in one transaction.',
          ru: 'Отправляйте каждую запись один раз, в одной транзакции.',
        },
      },
      differs: {
        en: 'Keys or values in the topic are not what was to be sent: {count}.',
        ru: 'Ключи или значения лежат в топике не такими, какими их надо было отправить: {count}.',
        try: {
          en: 'Pass key and value on as they are, in the order of the list.',
          ru: 'Передавайте ключ и значение как есть и в порядке списка.',
        },
      },
      order: {
        en: 'Records with the key {key} are not in the order of the list, or not in one partition.',
        ru: 'Записи с ключом {key} лежат не в порядке списка или не в одной партиции.',
        try: {
          en: 'One sendBatch for the whole list; kafkajs puts those of one topic together, in order.',
          ru: 'Одна sendBatch на весь список: записи одного топика kafkajs соберёт сама и по порядку.',
        },
      },
      disturbed: {
        en: 'Two calls ran at the same time, with the ids {one} and {two}; one was rejected: {message}',
        ru: 'Одновременно шли два вызова с идентификаторами {one} и {two}; один завершился ошибкой: {message}',
        why: {
          en: 'Only the producer that has taken a transactional id last may write under it; the one before is fenced.',
          ru: 'Под одним transactional id может писать только тот продюсер, который забрал его последним; прежний отсекается.',
        },
        try: {
          en: 'Give the producer exactly the transactionalId that the function was given.',
          ru: 'Передайте продюсеру в точности тот transactionalId, который получила функция.',
        },
      },
    },
    hints: togetherHints,
  },
  'together-none': {
    name: {
      en: 'If Kafka refuses one record, none of the list counts, and no transaction stays open',
      ru: 'Если Kafka не принимает одну запись, не видна ни одна из списка, и открытой транзакции не остаётся',
    },
    promises: ['together-none', 'together'],
    needs: ['together-all'],
    says: {
      resolved: {
        en: 'The list held a record that Kafka refuses, {what}; the call resolved.',
        ru: 'В списке была запись, которую Kafka не принимает, {what}; вызов завершился успешно.',
        try: {
          en: 'Let the error through to the caller, after abort.',
          ru: 'После abort пропустите ошибку к вызывающему.',
        },
      },
      open: {
        en: 'The call was rejected, and a transaction is still open in {topic}.',
        ru: 'Вызов завершился ошибкой, а в {topic} осталась открытая транзакция.',
        why: {
          en: 'A consumer with read_committed stops before an open transaction until its timeout is over: a minute by default in kafkajs.',
          ru: 'Консюмер с read_committed останавливается перед открытой транзакцией, пока не выйдет её тайм-аут: в kafkajs по умолчанию минута.',
        },
        try: {
          en: 'catch, await transaction.abort(), and throw again.',
          ru: 'Перехватите ошибку, сделайте await transaction.abort() и бросьте её снова.',
        },
      },
      parts: {
        en: 'The call was rejected, after it had committed {parts} {parts:transaction|transactions}: {count} of the {wanted} records that Kafka took count.',
        ru: 'Вызов завершился ошибкой, но до этого подтвердил транзакций: {parts}; видны {count} из {wanted} записей, которые Kafka приняла.',
        why: {
          en: 'A commit is final. What fails in a later transaction takes nothing back of it.',
          ru: 'Подтверждение окончательно. Ошибка в следующей транзакции ничего из него не отменит.',
        },
        try: {
          en: 'One transaction for the whole list, one commit at its end.',
          ru: 'Одна транзакция на весь список и одно подтверждение в конце.',
        },
      },
      some: {
        en: 'The call was rejected, and {count} of the {wanted} records that Kafka took count all the same.',
        ru: 'Вызов завершился ошибкой, а {count} из {wanted} записей, которые Kafka приняла, всё равно видны.',
        why: outside,
        try: {
          en: 'Send everything by one transaction, and abort it when anything fails.',
          ru: 'Отправляйте всё одной транзакцией и отменяйте её, если что-то не удалось.',
        },
      },
    },
    hints: togetherHints,
  },
  'together-crash': {
    name: {
      en: 'After a crash in the middle of a transaction the next call with the same id ends what was left open',
      ru: 'После падения посреди транзакции следующий вызов с тем же идентификатором завершает то, что осталось открытым',
    },
    promises: ['together-crash', 'together'],
    needs: ['together-all'],
    says: {
      noCommit,
      hangs: {
        en: 'The program crashed before its commit reached the broker, and was called again with the same id. A transaction is still open in {topic}: readers of committed data wait.',
        ru: 'Программа упала раньше, чем её подтверждение дошло до брокера, и её вызвали снова с тем же идентификатором. А в {topic} всё ещё открыта транзакция, и читатели с read_committed ждут.',
        why: {
          en: 'When a producer takes a transactional id over, the coordinator aborts what was open under it. Under an id that is never used again, it stays open until its timeout.',
          ru: 'Когда продюсер забирает transactional id, координатор отменяет всё, что было под ним открыто. Под идентификатором, который больше никто не берёт, транзакция останется открытой до тайм-аута.',
        },
        try: {
          en: 'Use the transactionalId as it is given: no random part, no time, no process id.',
          ru: 'Берите transactionalId таким, каким его дали: без случайной части, времени и номера процесса.',
        },
      },
      half: {
        en: 'The program crashed before its commit reached the broker, and {count} of {wanted} records count all the same.',
        ru: 'Программа упала раньше, чем её подтверждение дошло до брокера, а {count} из {wanted} записей всё равно видны.',
        why: outside,
        try: {
          en: 'Send everything by one transaction.',
          ru: 'Отправляйте всё одной транзакцией.',
        },
      },
      lost: {
        en: 'The broker had got the commit when the program crashed, and {count} of {wanted} records count.',
        ru: 'Когда программа упала, подтверждение брокер уже получил, а видны {count} из {wanted} записей.',
        try: {
          en: 'One transaction for the whole list, one commit at its end.',
          ru: 'Одна транзакция на весь список и одно подтверждение в конце.',
        },
      },
      second: {
        en: 'The call after the crash has resolved, and {count} of its {wanted} records do not count, or not once.',
        ru: 'Вызов после падения завершился, а {count} из {wanted} его записей не видны или видны не один раз.',
        try: {
          en: 'The call after a crash must need nothing but its arguments.',
          ru: 'Вызову после падения должно хватать его аргументов.',
        },
      },
    },
    hints: togetherHints,
  },
} as const satisfies Record<string, TestText>
