/** Lab 09: what is checked of all three functions, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { closeHints } from './hints.ts'

const finallyTry = {
  en: 'await disconnect() of each client in every way out: in a finally block, and where connect, subscribe or run throws.',
  ru: 'await disconnect() каждого клиента на любом пути к выходу: в блоке finally и там, где бросают ошибку connect, subscribe или run.',
} as const

export const endsTests = {
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
      en: 'A second after a call, stop() or an error all connections are closed',
      ru: 'Через секунду после вызова, stop() или ошибки все соединения закрыты',
    },
    promises: ['closed'],
    needs: ['send-all', 'together-all', 'process-all', 'process-stop'],
    says: {
      openAfterStop: {
        en: 'stop() of {name} has resolved, and {count} of its connections {count:is|are} still open.',
        ru: 'stop() функции {name} завершился, а её соединений ещё открыто: {count}.',
        why: {
          en: 'A processor has two clients, a consumer and a producer, and each has connections of its own.',
          ru: 'У обработчика два клиента, консюмер и продюсер, и у каждого свои соединения.',
        },
        try: {
          en: 'In stop: first consumer.disconnect(), then producer.disconnect().',
          ru: 'В stop: сначала consumer.disconnect(), потом producer.disconnect().',
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
