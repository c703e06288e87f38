/**
 * Lab 12: hints, three for each kind of function: a nudge, the concept, nearly the code. The code of each stands in the
 * solution, line for line (hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const ordersHints: Hints = [
  {
    en: 'Both functions are given kafka. Ask of each line: if the program dies right here, do database and topic still tell the same?',
    ru: 'Обе функции получают kafka. Спросите о каждой строке: если программа умрёт прямо здесь, скажут ли база и топик одно и то же?',
  },
  {
    en: 'Kafka and the database have no transaction in common. So save in the database that something is to be sent: a row of the outbox, in the transaction that saves the order. And look first, in the same transaction, whether the change has been made: findOrder locks the order until it ends.',
    ru: 'Общей транзакции у Kafka и базы нет. Поэтому сохраните в базе и то, что нужно отправить: строку outbox, в той же транзакции, что и заказ. И сначала, внутри неё же, посмотрите, не сделано ли изменение уже: findOrder блокирует заказ до её конца.',
  },
  {
    en: 'placeOrder, without kafka and topic:',
    ru: 'placeOrder, без kafka и topic:',
    code: `await db.transact(async (tx) => {
  if ((await tx.findOrder(id)) !== null) return
  await save(tx, { id, item, amount, status: 'placed' })
})
// …
async function save(tx: Transaction, order: Order): Promise<void> {
  await tx.saveOrder(order)
  await tx.addEvent({ key: order.id, value: JSON.stringify({ type: order.status, order }) })
}`,
  },
]

export const relayHints: Hints = [
  {
    en: 'A relay does the same again and again: look, send, mark. What is true of a row if the program dies between two of the steps?',
    ru: 'relay повторяет одно и то же: посмотреть, отправить, отметить. Что станет со строкой, если программа умрёт между двумя шагами?',
  },
  {
    en: 'Mark only what is confirmed, and only those rows: then a crash repeats some and loses none. Take some hundred rows at most, so that they fit into one batch; send them in one send, so that their order stays; and begin the next round when this one has ended.',
    ru: 'Отмечайте только подтверждённое и только эти строки: тогда после падения что-то повторится, но не потеряется ничего. Берите не больше сотни-другой строк, чтобы они поместились в один пакет; отправляйте их одной send, чтобы сохранить порядок; следующий круг начинайте, когда закончился этот.',
  },
  {
    en: 'What is sent for each row, and what follows:',
    ru: 'Что отправляется за каждую строку и что потом:',
    code: `const messages = rows.map(({ id, key, value }) => ({ key, value, headers: { id: String(id) } }))
await producer.send({ topic, acks: -1, messages })
await tx.markSent({ ids: rows.map(({ id }) => id) })`,
  },
]

export const lockHints: Hints = [
  {
    en: 'Between your look at the outbox and your mark other programs go on: they commit rows, and another relay looks too.',
    ru: 'Между тем, как вы посмотрели в outbox, и вашей отметкой другие программы не стоят: фиксируют строки, и второй relay тоже смотрит.',
  },
  {
    en: 'Rely on nothing but the mark: ids are given when rows are added, and become visible in any order. And lock the rows that you send, in one transaction that ends when they are marked: another relay waits for them.',
    ru: 'Полагайтесь только на отметку: id даётся при добавлении, а видны строки становятся в каком угодно порядке. И блокируйте строки, которые отправляете, одной транзакцией, которая кончится, когда они отмечены: второй relay их дождётся.',
  },
  {
    en: 'How a round begins:',
    ru: 'С чего начинается круг:',
    code: `return db.transact(async (tx) => {
  const rows = await tx.events({ sent: false }, { limit: 100, lock: 'wait' })
  if (rows.length === 0) return 0`,
  },
]

export const goOnHints: Hints = [
  {
    en: 'Whoever calls relay goes on with other things. Who hears of an error in your loop?',
    ru: 'Тот, кто вызвал relay, занят другим. Кто узнает об ошибке в вашем цикле?',
  },
  {
    en: 'An error of a round is no error of the relay: the rows are still there, unmarked. Catch it in the loop, wait a moment, and begin the next round.',
    ru: 'Ошибка круга — не ошибка relay: строки на месте и не отмечены. Перехватите её внутри цикла, подождите немного и начните следующий круг.',
  },
  {
    en: 'The loop:',
    ru: 'Цикл:',
    code: `while (!isStopped) {
  const count = await sendSome(db, producer, topic).catch(() => 0)
  if (count === 0 && !isStopped) await pause(pauseMs)
}`,
  },
]

export const stopHints: Hints = [
  {
    en: 'stop has to know when your loop has ended. What does your loop give when it is called?',
    ru: 'stop должен знать, когда закончился ваш цикл. А что возвращает цикл, когда его запускают?',
  },
  {
    en: 'An async function gives a promise of its end. Keep it without awaiting it in relay; in stop say that it is enough, await that promise, and close the producer after that.',
    ru: 'Асинхронная функция возвращает промис своего конца. Сохраните его, не дожидаясь в relay; в stop скажите циклу, что хватит, дождитесь этого промиса и только потом закройте продюсера.',
  },
  {
    en: 'What relay returns:',
    ru: 'Что возвращает relay:',
    code: `const running = run()
return {
  stop: async () => {
    isStopped = true
    await running
    await producer.disconnect()
  },
}`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Begin with placeOrder, and do not use kafka there. Then write one round of the relay as a function of its own, and the loop around it.',
    ru: 'Начните с placeOrder и не используйте там kafka. Затем напишите отдельной функцией один круг relay, а вокруг него — цикл.',
  },
  {
    en: 'The order and what is to be sent about it are saved by one transaction. The relay looks for rows that are not marked, locks them, sends them in one send, marks them by their ids, and commits.',
    ru: 'Заказ и то, что о нём нужно отправить, сохраняет одна транзакция. relay находит неотмеченные строки, блокирует их, отправляет одной send, отмечает по id и фиксирует.',
  },
  {
    en: 'One round of the relay:',
    ru: 'Один круг relay:',
    code: `return db.transact(async (tx) => {
  const rows = await tx.events({ sent: false }, { limit: 100, lock: 'wait' })
  if (rows.length === 0) return 0
  const messages = rows.map(({ id, key, value }) => ({ key, value, headers: { id: String(id) } }))
  await producer.send({ topic, acks: -1, messages })
  await tx.markSent({ ids: rows.map(({ id }) => id) })
  return rows.length
})`,
  },
]
