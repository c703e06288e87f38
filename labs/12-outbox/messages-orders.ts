/** Lab 12: what the tests of `placeOrder` and `cancelOrder` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { ordersHints } from './hints.ts'

const oneTransaction = {
  why: {
    en: 'What stands in two transactions is saved by two commits, and between them the program can die or the second one can fail.',
    ru: 'Что разнесено по двум транзакциям, сохраняют две фиксации, а между ними программа может упасть, и вторая может не удаться.',
  },
  try: {
    en: 'One db.transact, with saveOrder and addEvent in it, each awaited; what they throw goes on to the caller.',
    ru: 'Один db.transact, внутри него saveOrder и addEvent, каждый с await; их ошибки уходят к вызывающему.',
  },
} as const

const lookFirst = {
  en: 'In the transaction look first: findOrder locks the order, so a second call waits until the first one has ended, and then sees what it has done.',
  ru: 'Сначала посмотрите, внутри той же транзакции: findOrder блокирует заказ, поэтому второй вызов дождётся конца первого и увидит, что тот сделал.',
} as const

export const ordersTests = {
  placed: {
    name: {
      en: 'placeOrder and cancelOrder save the order and add its row to the outbox',
      ru: 'placeOrder и cancelOrder сохраняют заказ и добавляют строку в outbox',
    },
    promises: ['placed', 'cancelled', 'yours'],
    needs: ['crash', 'away'],
    says: {
      order: {
        en: 'In the database the order {id} is {got}; it should be {wanted}.',
        ru: 'В базе заказ {id} — {got}, а должен быть {wanted}.',
        try: {
          en: 'saveOrder gets the whole order, with its status.',
          ru: 'saveOrder получает заказ целиком, вместе со status.',
        },
      },
      key: {
        en: 'The outbox has no row with the key {id}, but one with the key {got}.',
        ru: 'В outbox нет строки с ключом {id}, зато есть с ключом {got}.',
        why: {
          en: 'The key decides on the partition, and only in a partition is there an order. Events of one order belong together, so they have its id as their key.',
          ru: 'Ключ определяет партицию, а порядок есть только внутри партиции. События одного заказа связаны, поэтому их ключ — его id.',
        },
        try: {
          en: 'The key is the id: addEvent({ key: order.id, value }).',
          ru: 'Ключ — это id: addEvent({ key: order.id, value }).',
        },
      },
      rows: {
        en: 'The outbox has {got} {got:row|rows} with the key {id}; it should have {wanted}, one for each change of this order.',
        ru: 'В outbox строк с ключом {id}: {got}, а должно быть {wanted}, по одной на каждое изменение этого заказа.',
        try: {
          en: 'One addEvent in the transaction that saves the order.',
          ru: 'Один addEvent в той же транзакции, что сохраняет заказ.',
        },
      },
      text: {
        en: 'The row of {call} has the value {got}; it should be the JSON text of an object.',
        ru: 'У строки вызова {call} значение {got}, а должен быть JSON-текст объекта.',
        try: {
          en: 'The value is JSON.stringify({ type, order }).',
          ru: 'Значение — это JSON.stringify({ type, order }).',
        },
      },
      type: {
        en: "The row of {call} has the type {got}; it should be '{type}'.",
        ru: "У строки вызова {call} тип {got}, а должен быть '{type}'.",
        try: {
          en: 'The type is the status that the order has now.',
          ru: 'Тип — это status, который заказ получил сейчас.',
        },
      },
      event: {
        en: 'The row of {call} holds the order {got}; it should be {wanted}.',
        ru: 'В строке вызова {call} лежит заказ {got}, а должен быть {wanted}.',
        why: {
          en: 'An event tells what has become of the order. Readers have nothing else: they cannot look into your database.',
          ru: 'Событие говорит, каким стал заказ. Больше у читателей ничего нет: в вашу базу они не заглянут.',
        },
        try: {
          en: 'Make the new order once, and give it to saveOrder and to JSON.stringify.',
          ru: 'Соберите новый заказ один раз и передайте его и в saveOrder, и в JSON.stringify.',
        },
      },
      unknown: {
        en: 'cancelOrder(…, {id}) was fulfilled; there is no such order, so it should have thrown.',
        ru: 'cancelOrder(…, {id}) завершилась успешно; такого заказа нет, и она должна была бросить ошибку.',
        try: {
          en: 'findOrder gives null where there is no order: throw in the transaction.',
          ru: 'Если заказа нет, findOrder возвращает null: бросьте ошибку внутри транзакции.',
        },
      },
      unknownChanges: {
        en: 'There is no order {id}, and cancelOrder has changed something in the database all the same.',
        ru: 'Заказа {id} нет, а cancelOrder всё же что-то изменила в базе.',
        try: {
          en: 'Look for the order first, and throw before anything is saved.',
          ru: 'Сначала найдите заказ и бросьте ошибку до того, как что-то сохранять.',
        },
      },
    },
    hints: ordersHints,
  },
  fails: {
    name: {
      en: 'Whichever call of the database fails, the order and its row are both there or neither',
      ru: 'Какой бы вызов базы ни завершился ошибкой, заказ и его строка либо есть вместе, либо нет ни того, ни другого',
    },
    promises: ['both', 'resolves'],
    says: {
      never: {
        en: '{name} has not called the database.',
        ru: '{name} не обратилась к базе ни разу.',
        try: { en: 'Begin with db.transact.', ru: 'Начните с db.transact.' },
      },
      orderOnly: {
        en: 'The database failed at {step}. Now {name} has changed the order, and the outbox has no row for it: nobody will ever hear of the change.',
        ru: 'База ответила ошибкой на {step}. Теперь {name} изменила заказ, а строки в outbox нет: об изменении никто не узнает.',
        ...oneTransaction,
      },
      rowOnly: {
        en: 'The database failed at {step}. Now the outbox has a row of {name}, and the order is as it was: an event of something that has not happened.',
        ru: 'База ответила ошибкой на {step}. Теперь в outbox есть строка от {name}, а заказ остался прежним: событие о том, чего не было.',
        ...oneTransaction,
      },
      claimed: {
        en: 'The database failed at {step}, nothing is saved, and {name} was fulfilled all the same.',
        ru: 'База ответила ошибкой на {step}, ничего не сохранено, а {name} всё же завершилась успешно.',
        why: {
          en: 'The caller takes the order for saved, and will not try again.',
          ru: 'Вызывающий считает, что заказ сохранён, и повторять не станет.',
        },
        try: {
          en: 'Catch no error of db.transact that you cannot mend.',
          ru: 'Не перехватывайте ошибок db.transact, которые не можете исправить.',
        },
      },
    },
    hints: ordersHints,
  },
  again: {
    name: {
      en: 'The same call once more changes nothing and adds no row',
      ru: 'Тот же вызов ещё раз ничего не меняет и не добавляет строк',
    },
    promises: ['again'],
    says: {
      twiceLater: {
        en: '{name} was called twice with the same argument, one call after the other; the outbox has {count} rows.',
        ru: '{name} вызвали дважды с одним и тем же, один раз за другим; строк в outbox — {count}.',
        why: {
          en: 'A caller who has got no answer calls again: a customer presses the button twice. Two rows are two different events, with different ids: no reader can know that they are one.',
          ru: 'Кто не дождался ответа, вызовет ещё раз: покупатель нажмёт кнопку дважды. Две строки — два разных события, с разными id: ни один читатель не поймёт, что это одно.',
        },
        try: lookFirst,
      },
      twiceUnheard: {
        en: 'The database had committed the transaction, and its answer was lost: {name} was called again with the same argument. The outbox has {count} rows.',
        ru: 'База зафиксировала транзакцию, но ответ потерялся, и {name} вызвали ещё раз с тем же самым. Строк в outbox — {count}.',
        why: {
          en: 'An error of the database does not mean that nothing was saved. Whoever tries again has to look.',
          ru: 'Ошибка базы ещё не значит, что ничего не сохранено. Кто повторяет, должен сначала посмотреть.',
        },
        try: lookFirst,
      },
      twiceAtOnce: {
        en: '{name} was called twice at the same time with the same argument; the outbox has {count} rows.',
        ru: '{name} вызвали дважды одновременно с одним и тем же; строк в outbox — {count}.',
        why: {
          en: 'Both calls looked before one of them had saved anything. What was read in another transaction may have changed since.',
          ru: 'Оба вызова посмотрели раньше, чем один из них что-то сохранил. Прочитанное в другой транзакции могло с тех пор измениться.',
        },
        try: lookFirst,
      },
      refused: {
        en: '{name} was called again with the same argument, and the second call threw: {message}',
        ru: '{name} вызвали ещё раз с тем же самым, и второй вызов бросил ошибку: {message}',
        why: {
          en: 'The caller wants the order to be there, and it is: that is a success.',
          ru: 'Вызывающий хочет, чтобы заказ был сохранён, и он сохранён: это успех.',
        },
        try: {
          en: 'If the change has been made already, return from the transaction without doing anything.',
          ru: 'Если изменение уже сделано, выйдите из транзакции, ничего не делая.',
        },
      },
      undone: {
        en: '{name} was called twice with the same argument, and in the database the order is not changed.',
        ru: '{name} вызвали дважды с одним и тем же, а заказ в базе не изменён.',
        try: {
          en: 'The first call that finds no change makes it.',
          ru: 'Первый же вызов, который не нашёл изменения, должен его сделать.',
        },
      },
      revived: {
        en: 'An order was placed and cancelled; then placeOrder was called once more with it, and something has changed.',
        ru: 'Заказ оформили и отменили; затем placeOrder вызвали с ним ещё раз, и что-то изменилось.',
        why: {
          en: 'The call came late, but it is the one from before: the order had been placed.',
          ru: 'Вызов пришёл поздно, но он тот же самый: заказ уже был оформлен.',
        },
        try: {
          en: 'placeOrder has nothing to do if the order is there, whatever its status.',
          ru: 'Если заказ уже есть, делать placeOrder нечего, какой бы ни был status.',
        },
      },
    },
    hints: ordersHints,
  },
  away: {
    name: {
      en: 'placeOrder and cancelOrder work while Kafka cannot be reached',
      ru: 'placeOrder и cancelOrder работают и тогда, когда Kafka недоступна',
    },
    promises: ['away'],
    needs: ['crash'],
    says: {
      refused: {
        en: 'Kafka could not be reached, and {name} threw: {message}',
        ru: 'Kafka была недоступна, и {name} бросила ошибку: {message}',
        why: {
          en: 'Taking an order needs the database only. Whoever sends here makes the shop depend on both.',
          ru: 'Чтобы принять заказ, нужна только база. Кто отправляет здесь же, делает магазин зависимым от обеих.',
        },
        try: {
          en: 'Leave Kafka to the relay: a row in the outbox is all that is to be done here.',
          ru: 'Оставьте Kafka функции relay: здесь достаточно строки в outbox.',
        },
      },
      undone: {
        en: 'Kafka could not be reached; {name} was fulfilled, and in the database the order is not changed.',
        ru: 'Kafka была недоступна; {name} завершилась успешно, а заказ в базе не изменён.',
        try: {
          en: 'Leave Kafka to the relay: a row in the outbox is all that is to be done here.',
          ru: 'Оставьте Kafka функции relay: здесь достаточно строки в outbox.',
        },
      },
    },
    hints: ordersHints,
  },
} as const satisfies Record<string, TestText>
