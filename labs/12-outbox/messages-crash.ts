/** Lab 12: what the tests of database and topic together check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { ordersHints, relayHints } from './hints.ts'

const leaveItToTheRelay = {
  en: 'Send nothing here. Save the event as a row of the outbox, in the transaction that saves the order; the relay sends it.',
  ru: 'Не отправляйте здесь ничего. Сохраните событие строкой outbox в той же транзакции, что и заказ; отправит его relay.',
} as const

export const crashTests = {
  crash: {
    name: {
      en: 'Whenever the program crashes, database and topic tell the same: no event without its change, no change without its event',
      ru: 'Когда бы ни упала программа, база и топик говорят одно: нет события без изменения и изменения без события',
    },
    promises: ['both', 'agree'],
    needs: ['relay-sends'],
    says: {
      never: {
        en: '{name} has not come to the commit of a transaction that changes something, so no crash could fall there.',
        ru: '{name} не дошла до фиксации транзакции, которая что-то меняет, и падение там не могло случиться.',
        try: {
          en: 'Save the order and its row with db.transact.',
          ru: 'Сохраните заказ и его строку через db.transact.',
        },
      },
      ghost: {
        en: 'The program crashed in {name}, before the database had committed the change. In the database no order is {status}, but the topic has the event already.',
        ru: 'Программа упала в {name} раньше, чем база зафиксировала изменение. В базе заказа со статусом {status} нет, а событие в топике уже есть.',
        why: {
          en: 'A transaction of the database can be rolled back, a record cannot be taken back. Readers have heard of something that never happened.',
          ru: 'Транзакцию базы можно откатить, а запись из топика не вернуть. Читатели узнали о том, чего не было.',
        },
        try: leaveItToTheRelay,
      },
      orderOnly: {
        en: 'The program crashed in {name}, after the database had committed the change. The order is {status}, and neither the outbox nor the topic knows of it.',
        ru: 'Программа упала в {name}, когда база уже зафиксировала изменение. Заказ теперь {status}, но ни outbox, ни топик об этом не знают.',
        why: {
          en: 'Between two writes there is always room for a crash, whichever comes first. Only one transaction can hold both.',
          ru: 'Между двумя операциями всегда есть место для падения, какая бы ни шла первой. Сохранить обе вместе может только одна транзакция.',
        },
        try: leaveItToTheRelay,
      },
      rowOnly: {
        en: 'The program crashed in {name}. The outbox has a row, and in the database the order is as it was.',
        ru: 'Программа упала в {name}. В outbox есть строка, а заказ в базе остался прежним.',
        why: {
          en: 'Between two transactions there is always room for a crash.',
          ru: 'Между двумя транзакциями всегда есть место для падения.',
        },
        try: {
          en: 'One db.transact for both.',
          ru: 'Один db.transact на то и другое.',
        },
      },
      refused: {
        en: 'After the crash {name} was called again with the same argument, and threw: {message}',
        ru: 'После падения {name} вызвали ещё раз с тем же самым, и она бросила ошибку: {message}',
        try: {
          en: 'If the change has been made already, return without an error.',
          ru: 'Если изменение уже сделано, завершитесь без ошибки.',
        },
      },
      undone: {
        en: 'After the crash {name} was called again and was fulfilled, but in the database no order is {status}.',
        ru: 'После падения {name} вызвали ещё раз, она завершилась успешно, а заказа со статусом {status} в базе нет.',
        try: {
          en: 'Save the order and its row with db.transact.',
          ru: 'Сохраните заказ и его строку через db.transact.',
        },
      },
      lost: {
        en: 'The program crashed in {name}. It was called again, and a relay ran: the order is {status}, and the topic has no record of it.',
        ru: 'Программа упала в {name}. Её вызвали ещё раз, и работал relay: заказ теперь {status}, а записи об этом в топике нет.',
        try: leaveItToTheRelay,
      },
    },
    hints: ordersHints,
  },
  whole: {
    name: {
      en: 'With a relay at work, each change has one record in the topic, in order',
      ru: 'Пока работает relay, у каждого изменения ровно одна запись в топике, и порядок сохраняется',
    },
    promises: ['agree', 'once'],
    needs: ['placed', 'again', 'crash', 'relay-sends', 'relay-order'],
    says: {
      missing: {
        en: 'Of {wanted} rows of the outbox {count} have no record in the topic.',
        ru: 'Строк в outbox {wanted}, из них без записи в топике — {count}.',
        try: {
          en: 'Look at what the checks of the relay say.',
          ru: 'Посмотрите, что говорят проверки relay.',
        },
      },
      foreign: {
        en: 'The topic has {count} {count:record|records} that no row of the outbox is the origin of.',
        ru: 'Записей в топике, которых не было в outbox: {count}.',
        why: {
          en: 'Only what stands in the outbox is sure to be true of the database.',
          ru: 'Только то, что лежит в outbox, наверняка верно и в базе.',
        },
        try: leaveItToTheRelay,
      },
      twice: {
        en: 'Nothing failed, and of {wanted} events {count} are in the topic more than once.',
        ru: 'Ничего не ломалось, а событий, которые лежат в топике больше одного раза, — {count} из {wanted}.',
        why: {
          en: 'If placeOrder sends as well, the relay sends the same event again: it cannot know.',
          ru: 'Если отправляет и placeOrder, то relay отправит то же событие ещё раз: знать об этом он не может.',
        },
        try: leaveItToTheRelay,
      },
      order: {
        en: 'The records of the order {key} are not in the order in which it was changed.',
        ru: 'Записи о заказе {key} идут не в том порядке, в котором он менялся.',
        try: {
          en: 'Send rows in the order of their ids, and leave the partition to the key.',
          ru: 'Отправляйте строки по порядку их id, а выбор партиции оставьте ключу.',
        },
      },
    },
    hints: relayHints,
  },
} as const satisfies Record<string, TestText>
