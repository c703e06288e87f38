/** Lab 11: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'plan-topics': {
    en: "`planRetries` returns a list of `retries` objects `{ topic, delayMs }`, 0 to 100 of them; for `'orders'` the topics are called `orders-retry-1`, `orders-retry-2` and so on.",
    ru: "`planRetries` возвращает список объектов `{ topic, delayMs }`, их `retries` штук, от 0 до 100; для `'orders'` топики называются `orders-retry-1`, `orders-retry-2` и так далее.",
  },
  'plan-delays': {
    en: 'The first delay is `firstMs`, each following one is twice the one before, and none is longer than `maxMs`; both are whole numbers from 0 to 86,400,000, a day.',
    ru: 'Первая задержка — `firstMs`, каждая следующая вдвое больше предыдущей, и ни одна не больше `maxMs`; оба числа целые, от 0 до 86 400 000, то есть до суток.',
  },
  runs: {
    en: 'The function resolves to `{ stop }`, and until `stop` is called, it gives each record of the topic to `handle`, those that are there and those that come later, in each partition in the order of offsets.',
    ru: 'Функция возвращает `{ stop }` и, пока не вызвали `stop`, передаёт в `handle` каждую запись топика: и те, что уже есть, и те, что придут позже, в каждой партиции в порядке смещений.',
  },
  'goes-on': {
    en: 'If `handle` fails with a record of the topic, the record is copied into the first retry topic, and the ones behind it do not wait for it.',
    ru: 'Если `handle` завершилась ошибкой на записи топика, запись копируется в первый топик повторов, а записи за ней её не ждут.',
  },
  stages: {
    en: 'If `handle` fails with a record of a retry topic, the record is copied into the next one, and from the last one into the topic `dead`; if there are no retry topics, straight into `dead`.',
    ru: 'Если `handle` завершилась ошибкой на записи из топика повторов, запись копируется в следующий, а из последнего — в топик `dead`; если топиков повторов нет, то сразу в `dead`.',
  },
  once: {
    en: 'While nothing crashes, `handle` is called with a record again only after it has failed with it.',
    ru: 'Пока ничего не упало, `handle` вызывается с записью снова, только если до этого завершилась на ней ошибкой.',
  },
  permanent: {
    en: 'If the error of `handle` has the field `retriable: false`, the record is copied into `dead` at once, from whichever topic it comes.',
    ru: 'Если у ошибки `handle` есть поле `retriable: false`, запись сразу копируется в `dead`, из какого бы топика она ни пришла.',
  },
  due: {
    en: 'A record in a retry topic is given to `handle` when the `delayMs` of this topic has passed since it was copied there: not earlier, and at most 2 seconds later.',
    ru: 'Запись из топика повторов попадает в `handle`, когда с её копирования туда прошло `delayMs` этого топика: не раньше и не больше чем на 2 секунды позже.',
  },
  member: {
    en: 'While a record waits, be it for a day, records of the other topics are handled, and the consumer sends its heartbeats.',
    ru: 'Пока одна запись ждёт, пусть даже сутки, записи других топиков обрабатываются, а консюмер отправляет heartbeat.',
  },
  record: {
    en: '`handle` gets `{ partition, offset, key, value, attempt }`: where the record lies in `topic`, its key and value as Buffers or `null`, and the number of this attempt, from 1.',
    ru: '`handle` получает `{ partition, offset, key, value, attempt }`: место записи в `topic`, её ключ и значение — Buffer или `null` — и номер этой попытки, с 1.',
  },
  bytes: {
    en: 'A copy has the key, the value and the headers of the record, byte for byte: `null` stays `null`, and a header that stands there twice stands there twice.',
    ru: 'У копии те же ключ, значение и заголовки, что у записи, байт в байт: `null` остаётся `null`, а заголовок, который стоял дважды, стоит дважды.',
  },
  marks: {
    en: 'Beside them each copy has the headers of the table below, each of them once.',
    ru: 'Кроме них, у каждой копии есть заголовки из таблицы ниже, каждый один раз.',
  },
  safe: {
    en: 'The offset of a record is committed only when `handle` has succeeded with it or the broker has confirmed its copy: whenever the program crashes, no record is lost.',
    ru: 'Смещение записи фиксируется, только когда `handle` с ней справилась или брокер подтвердил её копию: когда бы ни упала программа, ни одна запись не теряется.',
  },
  broken: {
    en: 'If the connection breaks while a copy is being sent, up to twice in a row, it is sent again.',
    ru: 'Если во время отправки копии соединение оборвалось, до двух раз подряд, она отправляется снова.',
  },
  order: {
    en: 'While a record waits, later ones with the same key are not given to `handle`: they follow it through the retry topics, and are handled after it, in their order.',
    ru: 'Пока запись ждёт, более поздние с тем же ключом в `handle` не попадают: они идут за ней через топики повторов и обрабатываются после неё, по порядку.',
  },
  others: {
    en: 'Records of the topic with another key, and those without a key, do not wait for it.',
    ru: 'Записи топика с другим ключом и записи без ключа её не ждут.',
  },
  restart: {
    en: 'This is so after a restart too: what lies in the retry topics, and is not committed by the group, waits until its `retry-due`, whoever has put it there.',
    ru: 'Так же и после перезапуска: всё, что лежит в топиках повторов и группой не зафиксировано, ждёт до своего `retry-due`, кто бы это туда ни положил.',
  },
  free: {
    en: 'When no record of a key waits any more, for each was handled or is in `dead`, the next one with this key is handled straight from the topic.',
    ru: 'Когда ни одна запись с этим ключом больше не ждёт — каждая обработана или лежит в `dead`, — следующая обрабатывается прямо из топика.',
  },
  stops: {
    en: '`stop()` waits for calls of `handle` that have begun, but not for records that are not due, and resolves within 3 seconds after that; then `handle` is not called any more.',
    ru: '`stop()` дожидается уже начатых вызовов `handle`, но не записей, чей срок не настал, и завершается не позже чем через 3 секунды после этого; дальше `handle` не вызывается.',
  },
  committed: {
    en: 'By then the group has committed all that was handled or copied, and nothing that still waits.',
    ru: 'К этому моменту группа зафиксировала всё, что обработано или скопировано, и ничего из того, что ещё ждёт.',
  },
  together: {
    en: 'Several of these programs may run at the same time, with the same `kafka` or with different ones; they do not disturb each other.',
    ru: 'Несколько таких программ могут работать одновременно, с одним `kafka` или с разными; друг другу они не мешают.',
  },
  yours: {
    en: 'Arguments stay as they were.',
    ru: 'Аргументы не меняются.',
  },
  refused: {
    en: 'If Kafka refuses what is asked, a name of `topic` or of a retry topic with a space in it for instance, `await` of the call throws.',
    ru: 'Если Kafka отказывает, например из-за пробела в имени `topic` или топика повторов, `await` вызова бросает ошибку.',
  },
  closed: {
    en: 'A second after `stop()` has ended or a call was rejected, all its connections are closed.',
    ru: 'Через секунду после того, как завершился `stop()` или вызов закончился ошибкой, все его соединения закрыты.',
  },
} as const satisfies Record<string, Text>
