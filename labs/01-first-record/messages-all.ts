/** Lab 01: what is checked of all four functions, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { closeHints, createHints, readHints, sendHints } from './hints.ts'
import { sentNothing } from './messages-shared.ts'

const finallyTry = {
  en: 'await client.disconnect() in a finally block, so that it is reached after an error or an early return too.',
  ru: 'await client.disconnect() в блоке finally: так до него дойдёт и после ошибки, и после раннего return.',
} as const

export const allTests = {
  'far-offsets': {
    name: {
      en: 'Offsets of billions are right in all answers',
      ru: 'Смещения в миллиарды верны во всех ответах',
    },
    promises: ['offsets'],
    needs: ['describe-offsets', 'send-content', 'send-place', 'read-all', 'read-trimmed'],
    says: {
      sentNothing,
      bits: {
        en: 'describeTopic gave {got} for {wanted}: the last 32 bits of it.',
        ru: 'describeTopic дала {got} вместо {wanted}: это младшие 32 бита.',
        why: {
          en: 'Bit operators such as |, >> and ~~ work on 32 bits; an offset has 64.',
          ru: 'Битовые операции, например |, >> и ~~, работают с 32 битами, а у смещения их 64.',
        },
        try: {
          en: 'Return the string that kafkajs gives, or BigInt(offset).',
          ru: 'Верните строку, которую даёт kafkajs, или BigInt(offset).',
        },
      },
      described: {
        en: 'describeTopic gave other offsets than the broker.',
        ru: 'describeTopic вернула не те смещения, что у брокера.',
        try: {
          en: 'Return the string that kafkajs gives, or BigInt(offset).',
          ru: 'Верните строку, которую даёт kafkajs, или BigInt(offset).',
        },
      },
      sent: {
        en: 'sendRecord returned {got}; the record lies at {wanted}.',
        ru: 'sendRecord вернула {got}; запись лежит на месте {wanted}.',
        try: {
          en: 'Return baseOffset, the string that kafkajs gives, or BigInt(baseOffset).',
          ru: 'Верните baseOffset — строку, которую даёт kafkajs, — или BigInt(baseOffset).',
        },
      },
      read: {
        en: 'readAll returned {times} {times:record|records}; of the {wanted} in the topic {got} have their right offset.',
        ru: 'readAll вернула записей: {times}. Из {wanted} записей топика верное смещение есть у {got}.',
        try: {
          en: 'Return the string that kafkajs gives, and compare offsets as BigInt.',
          ru: 'Верните строку, которую даёт kafkajs, а сравнивайте смещения как BigInt.',
        },
      },
    },
    hints: readHints,
  },
  refused: {
    name: {
      en: 'When Kafka refuses, the promise of the function is rejected',
      ru: 'Если Kafka отказывает, промис функции отклоняется',
    },
    promises: ['refused'],
    needs: ['create-topic', 'send-place', 'describe-partitions', 'read-all'],
    says: {
      resolved: {
        en: '{call} resolved to {got}. Kafka does not take this name: the promise should be rejected.',
        ru: '{call} вернула {got}. Такого имени Kafka не принимает, поэтому промис должен быть отклонён.',
        why: {
          en: 'The caller has no other way to learn that the function failed.',
          ru: 'У вызывающего нет другого способа узнать, что функция не сделала своей работы.',
        },
        try: {
          en: 'Do not catch what you cannot mend: kafkajs throws when Kafka refuses.',
          ru: 'Не перехватывайте того, чего не можете исправить: если Kafka откажет, kafkajs бросит ошибку.',
        },
      },
      otherName: {
        en: '{call} was not rejected: instead of this name your client asked Kafka for {other}.',
        ru: '{call} не отклонён: вместо этого имени ваш клиент просил у Kafka {other}.',
        why: {
          en: 'A name that is mended on the way belongs to another topic than the caller means, and the mistake goes unnoticed.',
          ru: 'Исправленное по дороге имя — это другой топик, не тот, что имел в виду вызывающий, и ошибку никто не заметит.',
        },
        try: {
          en: 'Pass the name on as it is, without trim(), replace() or normalize().',
          ru: 'Передавайте имя как есть, без trim(), replace() и normalize().',
        },
      },
      retries: {
        en: '{call} did not finish within {seconds} s. Kafka had refused {times} {times:time|times}; the error stays, however often one asks.',
        ru: '{call} не завершился за {seconds} с. За это время Kafka отказала {times} {times:раз|раза|раз}; сколько ни спрашивай, ошибка не пройдёт.',
        why: {
          en: 'Some errors pass by themselves, such as a leader that is being elected; a name that Kafka does not take stays so. kafkajs retries the former by itself.',
          ru: 'Одни ошибки проходят сами: например, пока выбирают лидера. Недопустимое имя таким и останется. Первые kafkajs повторяет сама.',
        },
        try: {
          en: 'Do not retry around kafkajs; or look at error.retriable first.',
          ru: 'Не повторяйте вызовы kafkajs в своём цикле или сначала посмотрите на error.retriable.',
        },
      },
      collides: {
        en: '{call} resolved to {got}. There is a topic {other} already, and Kafka refuses a name that differs from it only in dots and underscores: the promise should be rejected.',
        ru: '{call} вернула {got}. Топик {other} уже есть, а имени, которое отличается от него только точками и подчёркиваниями, Kafka не примет: промис должен быть отклонён.',
        why: {
          en: 'In the names of metrics a dot becomes an underscore, so the two topics would have the same metrics.',
          ru: 'В именах метрик точка превращается в подчёркивание, и метрики у двух топиков были бы общие.',
        },
        try: {
          en: 'Return false only for TOPIC_ALREADY_EXISTS, as kafkajs does, and let other errors pass.',
          ru: 'Возвращайте false только при TOPIC_ALREADY_EXISTS, как сама kafkajs, а остальные ошибки пропускайте дальше.',
        },
      },
    },
    hints: createHints,
  },
  'hang-up': {
    name: {
      en: 'A second after a function has finished, its connections are closed, also when it failed',
      ru: 'Через секунду после завершения функции её соединения закрыты, даже если она завершилась ошибкой',
    },
    promises: ['closed', 'together'],
    needs: [
      'create-topic',
      'send-content',
      'send-place',
      'send-together',
      'describe-offsets',
      'read-all',
      'refused',
    ],
    says: {
      open: {
        en: '{name} has finished, and {count} of its connections {count:is|are} still open.',
        ru: 'Функция {name} завершилась, а её соединений ещё открыто: {count}.',
        why: {
          en: 'An open client keeps the process alive.',
          ru: 'Незакрытый клиент не даёт процессу завершиться.',
        },
        try: finallyTry,
      },
      openEmpty: {
        en: '{name} of a topic without records has finished, and {count} of its connections {count:is|are} still open.',
        ru: 'Функция {name} завершилась на топике без записей, а её соединений ещё открыто: {count}.',
        why: {
          en: 'An open client keeps the process alive. Where there is nothing to read, a function often returns early, past the lines that close it.',
          ru: 'Незакрытый клиент не даёт процессу завершиться. Когда читать нечего, функция часто возвращается раньше, минуя строки, где клиент закрывают.',
        },
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
        en: '{name} has finished, and {count} of its connections {count:was|were} closed only later, more than a second after.',
        ru: 'Функция {name} завершилась, а её соединения ({count}) закрылись позже, чем через секунду.',
        why: {
          en: 'When the promise is settled, the caller takes the work for done: it may end the process or start the next test.',
          ru: 'Когда промис выполнен или отклонён, вызывающий считает работу законченной: может завершить процесс или начать следующий тест.',
        },
        try: {
          en: 'Await disconnect() before the function ends, without a timer.',
          ru: 'Дождитесь disconnect() до конца функции, без таймера.',
        },
      },
    },
    hints: closeHints,
  },
  yours: {
    name: {
      en: 'Arguments and earlier answers stay as they were',
      ru: 'Аргументы и прежние ответы остаются как были',
    },
    promises: ['send-kept', 'send-reused', 'answers'],
    needs: ['send-content', 'send-place', 'describe-offsets', 'read-all'],
    says: {
      sentNothing,
      lost: {
        en: 'The same record was sent {wanted} times; the topic holds {got} {got:record|records} like it.',
        ru: 'Одну и ту же запись отправили {wanted} {wanted:раз|раза|раз}; таких записей в топике: {got}.',
        try: {
          en: 'Each call sends its record, also if an equal one was sent before.',
          ru: 'Каждый вызов отправляет свою запись, даже если такую же уже отправляли.',
        },
      },
      stale: {
        en: 'The caller put another record into the same object and passed it again; the topic holds {got} {got:record|records} with the new content, and {old} with the old.',
        ru: 'Вызывающий положил в тот же объект другую запись и передал его снова; записей с новым содержимым в топике {got}, со старым — {old}.',
        why: {
          en: 'A program may use one object for all that it sends.',
          ru: 'Программа может отправлять всё через один и тот же объект.',
        },
        try: {
          en: 'Take key and value out of `record` in each call, and keep nothing by object.',
          ru: 'Берите ключ и значение из `record` при каждом вызове и ничего не храните по объекту.',
        },
      },
    },
    hints: sendHints,
  },
} as const satisfies Record<string, TestText>
