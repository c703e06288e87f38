/** Lab 04: what is checked of all three functions, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { closeHints, resumeHints } from './hints.ts'

const finallyTry = {
  en: 'await client.disconnect() in a finally block, so that it is reached after an error too.',
  ru: 'await client.disconnect() в блоке finally: так до него дойдёт и после ошибки.',
} as const

const exactTry = {
  en: 'Calculate with BigInt(offset); pass the string of kafkajs on as it is.',
  ru: 'Вычисляйте с BigInt(offset), а строку kafkajs передавайте как есть.',
} as const

export const allTests = {
  'far-offsets': {
    name: {
      en: 'Offsets of billions are right in all three functions',
      ru: 'Смещения в миллиарды верны во всех трёх функциях',
    },
    promises: ['offsets'],
    needs: ['resume-rest', 'resume-commit', 'lag-list', 'reset-time'],
    says: {
      bits: {
        en: 'Got {got} instead of {wanted}: the last 32 bits of it.',
        ru: 'Получено {got} вместо {wanted}: это младшие 32 бита.',
        why: {
          en: 'Bit operators such as |, >> and ~~ work on 32 bits; an offset has 64.',
          ru: 'Битовые операции, например |, >> и ~~, работают с 32 битами, а у смещения их 64.',
        },
        try: exactTry,
      },
      lagged: {
        en: 'lag gave other numbers than the broker: compare them digit by digit.',
        ru: 'lag вернула не те числа, что у брокера: сравните их цифру за цифрой.',
        try: exactTry,
      },
      reset: {
        en: 'resetToTime committed other offsets than those of the records: compare them digit by digit.',
        ru: 'resetToTime зафиксировала не те смещения, что у записей: сравните их цифру за цифрой.',
        try: exactTry,
      },
      handed: {
        en: 'resume did not hand over the records that were due: compare the offsets digit by digit.',
        ru: 'resume передала не те записи, что были на очереди: сравните смещения цифру за цифрой.',
        try: exactTry,
      },
      committed: {
        en: 'resume committed other offsets than those after the last records: compare them digit by digit.',
        ru: 'resume зафиксировала не те смещения, что следуют за последними записями: сравните их цифру за цифрой.',
        try: exactTry,
      },
    },
    hints: resumeHints,
  },
  refused: {
    name: {
      en: 'When Kafka refuses, the promise of the function is rejected',
      ru: 'Если Kafka отказывает, промис функции отклоняется',
    },
    promises: ['refused'],
    needs: ['resume-rest', 'lag-list', 'reset-time'],
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
    },
    hints: closeHints,
  },
  'hang-up': {
    name: {
      en: 'A second after a function has finished, its connections are closed, also when it failed',
      ru: 'Через секунду после завершения функции её соединения закрыты, даже если она завершилась ошибкой',
    },
    promises: ['closed'],
    needs: ['resume-rest', 'resume-failed', 'lag-list', 'reset-time'],
    says: {
      open: {
        en: '{name} has finished, and {count} of its connections {count:is|are} still open.',
        ru: 'Функция {name} завершилась, а её соединений ещё открыто: {count}.',
        why: {
          en: 'An open client keeps the process alive. And a consumer that has not left stays a member of its group: until its session ends, nobody else gets its partitions.',
          ru: 'Незакрытый клиент не даёт процессу завершиться. А консюмер, который не вышел, остаётся участником группы: пока не кончится его сессия, его партиции никому не достанутся.',
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
} as const satisfies Record<string, TestText>
