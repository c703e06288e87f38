/** Lab 12: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  placed: {
    en: "`placeOrder` saves `{ id, item, amount, status: 'placed' }` and adds one row to the outbox: its key is the order's `id`, its value the JSON text of `{ type: 'placed', order }` with the order as it was saved.",
    ru: "`placeOrder` сохраняет `{ id, item, amount, status: 'placed' }` и добавляет в outbox одну строку: ключ — `id` заказа, значение — JSON-текст `{ type: 'placed', order }`, где заказ такой, каким его сохранили.",
  },
  cancelled: {
    en: "`cancelOrder` saves the order with `status: 'cancelled'` and adds a row in the same way, of the type `'cancelled'`; if there is no order with this id, `await` of the call throws, and nothing changes.",
    ru: "`cancelOrder` сохраняет заказ со `status: 'cancelled'` и так же добавляет строку с типом `'cancelled'`; если заказа с таким id нет, `await` вызова бросает ошибку, и ничего не меняется.",
  },
  both: {
    en: 'The change of the order and its row in the outbox are both there or neither, whichever call of the database fails and whenever the program crashes.',
    ru: 'Изменение заказа и его строка в outbox либо есть вместе, либо нет ни того, ни другого, какой бы вызов базы ни завершился ошибкой и когда бы ни упала программа.',
  },
  resolves: {
    en: 'The promise is fulfilled only if both are there.',
    ru: 'Промис выполняется, только если есть и то и другое.',
  },
  again: {
    en: 'The same call once more, later or at the same time, after a success or an error of the database, is fulfilled too; it changes nothing and adds no row if the change has been made.',
    ru: 'Тот же вызов ещё раз, позже или одновременно, после успеха или ошибки базы, тоже завершается успешно; если изменение уже сделано, он ничего не меняет и строк не добавляет.',
  },
  away: {
    en: 'Both work while Kafka cannot be reached.',
    ru: 'Обе работают и тогда, когда Kafka недоступна.',
  },
  agree: {
    en: 'The topic never holds a record of a change that is not in the database, and with a relay running it gets one of every change that is.',
    ru: 'В топике никогда нет записи об изменении, которого нет в базе, а пока работает relay, в топик попадает запись о каждом изменении, которое в базе есть.',
  },
  runs: {
    en: '`relay` resolves to `{ stop }` and, until `stop` is called, sends the rows that are not marked as sent, those that are there and those that come later, each at most 2 seconds after the commit of its transaction.',
    ru: '`relay` возвращает `{ stop }` и, пока не вызвали `stop`, отправляет строки, не отмеченные как отправленные, — и те, что уже есть, и те, что появятся, каждую не позже чем через 2 секунды после фиксации её транзакции.',
  },
  record: {
    en: 'The record has the key and the value of its row in UTF-8, a value of `null` as `null`, and a header `id`: a text that no other row has, and the same each time that the row is sent.',
    ru: 'У записи ключ и значение её строки в UTF-8, значение `null` остаётся `null`, и есть заголовок `id`: текст, которого нет ни у одной другой строки и который не меняется, сколько бы раз строку ни отправляли.',
  },
  once: {
    en: 'While nothing fails, each row is sent once, even if several relays run on the same database.',
    ru: 'Пока ничего не сломалось, каждая строка отправляется один раз, даже если на одной базе работает несколько relay.',
  },
  order: {
    en: 'Rows with the same key come to one partition, in the order of their ids; if some are sent again, the first record of each row counts, also when sends fail and when several relays run.',
    ru: 'Строки с одинаковым ключом попадают в одну партицию по порядку своих id; если какие-то отправлены повторно, для порядка считается первая запись каждой строки, в том числе когда отправка не удаётся и когда работает несколько relay.',
  },
  marks: {
    en: 'A row is marked as sent, or deleted, only when all in-sync replicas have its record (`acks: -1`), so a crash loses none.',
    ru: 'Строка отмечается как отправленная или удаляется, только когда её запись есть у всех синхронных реплик (`acks: -1`), поэтому при падении не теряется ни одна.',
  },
  late: {
    en: 'A row whose transaction commits after rows with higher ids were sent is sent as well.',
    ru: 'Строка, транзакция которой зафиксирована уже после отправки строк с большими id, тоже отправляется.',
  },
  outage: {
    en: 'If Kafka cannot be reached, or the database fails, the relay goes on by itself, at most 5 seconds after both work again.',
    ru: 'Если Kafka недоступна или база отвечает ошибкой, relay продолжает сам, не позже чем через 5 секунд после того, как обе снова заработали.',
  },
  backlog: {
    en: 'All rows are sent, also when 1,000 are waiting and each has up to 8,000 bytes (key and value together); Kafka takes batches of 1 MB at most.',
    ru: 'Отправляются все строки, даже если их скопилась 1000 и в каждой до 8000 байт (ключ и значение вместе); пакеты больше 1 МБ Kafka не принимает.',
  },
  stops: {
    en: '`stop()` waits for a send that is under way; when it has resolved, nothing is sent any more, and what the broker has confirmed is marked as sent or deleted, unless the database refused just that.',
    ru: '`stop()` дожидается отправки, которая уже идёт; после его завершения ничего больше не отправляется, а всё, что брокер подтвердил, отмечено как отправленное или удалено, если только в этот момент не отказала база.',
  },
  closed: {
    en: 'A second after `stop()` has ended, all connections of the relay to Kafka are closed.',
    ru: 'Через секунду после завершения `stop()` все соединения relay с Kafka закрыты.',
  },
  apart: {
    en: 'Calls may be open at the same time, for the same database and topic or for others, with the same `kafka` or with another one; they do not disturb each other.',
    ru: 'Вызовы могут идти одновременно — для той же базы и того же топика или для других, с тем же `kafka` или с другим, — и друг другу не мешают.',
  },
  yours: {
    en: 'Arguments stay as they were.',
    ru: 'Аргументы не меняются.',
  },
} as const satisfies Record<string, Text>
