/** Lab 12, the outbox: its title, promises, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { labHints } from './hints.ts'
import { tests } from './messages.ts'
import { promises } from './promises.ts'

export const text = {
  id: '12',
  slug: 'outbox',
  file: 'outbox.ts',
  track: 'use',
  title: { en: 'The outbox', ru: 'Outbox' },
  summary: {
    en: 'A change in a database and its record in Kafka: both or neither, whenever the program crashes. You write the orders of a shop, and the relay that sends what has become of them.',
    ru: 'Изменение в базе и запись о нём в Kafka: или обе, или ни одной, когда бы ни упала программа. Вы напишете заказы магазина и relay, который отправляет их изменения.',
  },
  exports: ['placeOrder', 'cancelOrder', 'relay'],
  promises,
  hints: labHints,
  stretch: {
    en: 'Your relay keeps a transaction of the database open while it waits for Kafka. Write one that does not: a relay takes rows for 10 seconds by writing its name and a time into them, sends them without a transaction, and marks them in a second one. What must it look at before it marks? And what happens to the order if it stands still for a minute in between?',
    ru: 'Ваш relay держит транзакцию базы открытой, пока ждёт Kafka. Напишите такой, который этого не делает: relay занимает строки на 10 секунд, записав в них своё имя и время, отправляет их без транзакции и отмечает второй транзакцией. На что он должен посмотреть, прежде чем отмечать? И что станет с порядком, если между этими шагами он простоит минуту?',
  },
  callMs: 20_000,
  examples: ['a-17', 'tea', 3, 'shop', 'orders', 4],
  tests,
} as const satisfies LabText
