/** Lab 10: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'expired-oldest': {
    en: 'It returns the base offsets of the segments that go, from the oldest on: one of the reasons below is enough, and the first segment that has none ends the list, whatever comes after it.',
    ru: 'Возвращает базовые смещения удаляемых сегментов, начиная с самого старого: достаточно одной из причин ниже, а первый сегмент, для которого нет ни одной, завершает список, что бы ни шло за ним.',
  },
  'expired-time': {
    en: 'By time: `now` is more than `retentionMs` after its newest record; −1 means that records never get too old.',
    ru: 'По сроку: от его самой новой записи до `now` прошло больше `retentionMs`; −1 значит, что записи не устаревают никогда.',
  },
  'expired-size': {
    en: 'By size: without it and those before it, the log still has at least `retentionBytes` bytes; −1 means that the log is never too large.',
    ru: 'По размеру: без него и тех, что перед ним, в журнале остаётся не меньше `retentionBytes` байт; −1 значит, что размер не ограничен.',
  },
  'expired-start': {
    en: 'Below the start: all its records lie below `startOffset`, and it is not the active segment.',
    ru: 'Ниже начала: все его записи ниже `startOffset`, и это не активный сегмент.',
  },
  'expired-policy': {
    en: 'Time and size count only if `cleanupPolicy` is `delete` or `compact,delete`.',
    ru: 'Срок и размер учитываются, только если `cleanupPolicy` — `delete` или `compact,delete`.',
  },
  'expired-stays': {
    en: 'A segment with records at or above `highWatermark` stays, and so does an active segment of 0 bytes; any other active segment goes by time or by size like the rest.',
    ru: 'Сегмент, в котором есть записи не ниже `highWatermark`, остаётся, и активный сегмент в 0 байт тоже; любой другой активный уходит по сроку или размеру, как остальные.',
  },
  'pass-range': {
    en: '`from` is `cleanedTo`, and `upTo` is the base offset of the first segment from there on that has to wait: because it is active, because it has records at or above `lastStableOffset`, or because its newest record is less than `minCompactionLagMs` old (0: none is too young).',
    ru: '`from` — это `cleanedTo`, а `upTo` — базовое смещение первого сегмента начиная оттуда, которому надо ждать: он активный, в нём есть записи не ниже `lastStableOffset` или его самой новой записи меньше `minCompactionLagMs` (0: слишком молодых нет).',
  },
  'pass-due': {
    en: 'A pass is due, and `waitsFor` is `null`, when the bytes between `from` and `upTo` are more than `minCleanableDirtyRatio` of all bytes below `upTo`; exactly as many are not enough.',
    ru: 'Проход нужен, и `waitsFor` равно `null`, когда байты между `from` и `upTo` составляют больше `minCleanableDirtyRatio` от всех байт ниже `upTo`; ровно столько — ещё мало.',
  },
  'pass-overdue': {
    en: 'It is due as well, however few they are, when one of the segments between `from` and `upTo` has a first record that is more than `maxCompactionLagMs` old.',
    ru: 'Он нужен и тогда, сколько бы их ни было, когда у одного из сегментов между `from` и `upTo` первая запись старше `maxCompactionLagMs`.',
  },
  'pass-waits': {
    en: 'Otherwise `waitsFor` is what is missing: `ratio` when something lies between `from` and `upTo`; when nothing does, it is what keeps the segment at `from` waiting, the first of `roll` (it is active), `transaction` (its records are not below `lastStableOffset`), `age` (it is too young).',
    ru: 'Иначе `waitsFor` говорит, чего не хватает: `ratio`, если между `from` и `upTo` что-то есть; если ничего, то из-за чего ждёт сегмент на `from` — первое из `roll` (он активный), `transaction` (его записи не все ниже `lastStableOffset`), `age` (он слишком молод).',
  },
  'compact-last': {
    en: 'Of the records below `upTo` that have the same key only the last one stays; those without a key go.',
    ru: 'Из записей ниже `upTo` с одинаковым ключом остаётся только последняя; записи без ключа уходят.',
  },
  'compact-beyond': {
    en: 'Records from `upTo` on stay as they are, tombstones too, and because of them nothing below goes.',
    ru: 'Записи начиная с `upTo` остаются какими были, в том числе tombstone, и из-за них ничего ниже не уходит.',
  },
  'compact-order': {
    en: 'Records that stay keep their order and what is in them; only a tombstone may get a `goesAt`.',
    ru: 'Оставшиеся записи идут в прежнем порядке и не меняются; только tombstone может получить `goesAt`.',
  },
  'tombstone-first': {
    en: 'A tombstone that stays and whose `goesAt` is `null` meets its first pass: its `goesAt` becomes `now` plus `deleteRetentionMs`.',
    ru: 'Для оставшегося tombstone, у которого `goesAt` равно `null`, это первый проход: его `goesAt` становится `now` плюс `deleteRetentionMs`.',
  },
  'tombstone-later': {
    en: 'In a later pass it goes if `now` has reached its `goesAt`, and stays unchanged if not; an empty string is no tombstone.',
    ru: 'При следующем проходе он уходит, если `now` уже не меньше его `goesAt`, а иначе остаётся без изменений; пустая строка — не tombstone.',
  },
  'table-rows': {
    en: '`rows` has for each key of each partition the newest record, as `{ partition, offset, key, value }`, in any order; if its value is `null`, there is no row; records without a key make none either.',
    ru: 'В `rows` для каждого ключа каждой партиции — самая новая запись в виде `{ partition, offset, key, value }`, в любом порядке; если её значение `null`, строки нет; записи без ключа тоже строк не дают.',
  },
  'table-offsets': {
    en: '`offsets` has `{ partition, offset }` for each partition, sorted by number: at least the end that it had when the call began; `rows` is the table of the records below these offsets.',
    ru: 'В `offsets` — `{ partition, offset }` для каждой партиции, по порядку номеров: не меньше конца, который был у неё в начале вызова; `rows` — таблица из записей ниже этих смещений.',
  },
  'table-gaps': {
    en: 'Offsets may be missing anywhere, also the last ones before the end, and partitions may be empty: it does not wait for records that are not there.',
    ru: 'Смещений может не хватать где угодно, в том числе последних перед концом, а партиции могут быть пустыми: функция не ждёт записей, которых нет.',
  },
  'table-meanwhile': {
    en: 'While the call is at work, records may be sent and old ones deleted; what it needs may arrive late, up to 10 seconds after the call began, and it waits for that.',
    ru: 'Во время вызова записи могут приходить, а старые удаляться; нужное может прийти с задержкой, до 10 секунд от начала вызова, и функция его дожидается.',
  },
  'table-taken': {
    en: '`takenAt` is the time at which the call began, in milliseconds since 1970.',
    ru: '`takenAt` — время, когда начался вызов, в миллисекундах с 1970 года.',
  },
  'snapshot-same': {
    en: 'With a snapshot `rows` is the same as without one: a row whose record now lies below the start of its log is gone as well.',
    ru: 'Со снимком `rows` такие же, как без него: строки, чья запись теперь ниже начала журнала, в них тоже нет.',
  },
  'snapshot-on': {
    en: 'A partition whose offset in the snapshot lies between the start and the end of its log, both included, is read from there on: of the records below it less than half are fetched again.',
    ru: 'Партиция, смещение которой в снимке лежит между началом и концом её журнала включительно, читается с этого места: из записей ниже него заново читается меньше половины.',
  },
  'snapshot-late': {
    en: 'A partition whose offset lies outside these bounds, or is not in the snapshot, is built anew from what its log has; `fromStart` lists such partitions, sorted by number, and no others.',
    ru: 'Партиция, смещение которой вне этих границ или которой нет в снимке, строится заново из того, что есть в журнале; в `fromStart` — номера таких партиций по порядку, и никаких других.',
  },
  'snapshot-old': {
    en: 'If `takenAt` of the snapshot is longer ago than the topic’s `delete.retention.ms`, or there is no snapshot (`null`), all partitions are built anew.',
    ru: 'Если с `takenAt` снимка прошло больше, чем `delete.retention.ms` топика, или снимка нет (`null`), заново строятся все партиции.',
  },
  refused: {
    en: 'If Kafka refuses what is asked, a topic name with a space in it for instance, `await` of the call throws.',
    ru: 'Если Kafka отказывает, например из-за пробела в имени топика, `await` вызова бросает ошибку.',
  },
  closed: {
    en: 'A second after the call has ended, by an error too, all its connections are closed.',
    ru: 'Через секунду после конца вызова, в том числе с ошибкой, все его соединения закрыты.',
  },
  yours: {
    en: 'Arguments stay as they were.',
    ru: 'Аргументы остаются какими были.',
  },
} as const satisfies Record<string, Text>
