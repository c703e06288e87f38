/** Lab 01: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'create-new': {
    en: 'Creates the topic with exactly that many partitions, 1 to 60, and resolves to `true`.',
    ru: 'Создаёт топик ровно с таким числом партиций, от 1 до 60, и возвращает `true`.',
  },
  'create-exists': {
    en: 'If a topic of this name exists already, its partitions and records stay as they are, and the function resolves to `false`.',
    ru: 'Если топик с таким именем уже есть, его партиции и записи остаются как были, а функция возвращает `false`.',
  },
  'create-name': {
    en: 'Only a topic of exactly this name counts: `Orders` and `orders-old` are other topics than `orders`.',
    ru: 'Имя сравнивается целиком: `Orders` и `orders-old` — не тот же топик, что `orders`.',
  },
  'create-race': {
    en: 'When several calls create the same topic at the same time, in your program or in others, one of them resolves to `true` and the others to `false`.',
    ru: 'Если один и тот же топик одновременно создают несколько вызовов, в вашей программе или в других, один из них возвращает `true`, остальные — `false`.',
  },
  'send-one': {
    en: 'Sends exactly one record, and nothing beside it, with the key and the value of `record`, as UTF-8.',
    ru: 'Отправляет ровно одну запись, и ничего кроме неё, с ключом и значением из `record`, в UTF-8.',
  },
  'send-text': {
    en: 'Both may hold any characters, the key up to 1,000 bytes of them and the value up to 100,000: nothing is trimmed, replaced or left out.',
    ru: 'Символы в них могут быть любыми, размер ключа — до 1000 байт, значения — до 100 000: ничего не обрезается, не заменяется и не теряется.',
  },
  'send-key': {
    en: "The key may also be `null` (no key) or `''` (an empty key, which is not the same), the value may be `''`.",
    ru: "Ключ может быть и `null` (ключа нет), и `''` (ключ есть, но пустой — это не одно и то же), значение — `''`.",
  },
  'send-place': {
    en: 'Resolves to `{ partition, offset }`, the place where the broker has put this record.',
    ru: 'Возвращает `{ partition, offset }` — место, куда брокер положил именно эту запись.',
  },
  'send-others': {
    en: 'Other programs and other calls may write to the same partition at the same time: the place is that of this record all the same.',
    ru: 'В ту же партицию в это же время могут писать другие программы и другие вызовы: вернуть всё равно нужно место своей записи.',
  },
  'describe-list': {
    en: 'Resolves to a list of `{ partition, leader, startOffset, endOffset }`, one for each partition, sorted by number: 2 comes before 10.',
    ru: 'Возвращает список `{ partition, leader, startOffset, endOffset }`, по элементу на партицию, в порядке номеров: 2 стоит раньше 10.',
  },
  'describe-leader': {
    en: '`leader` is the id of the broker that leads the partition now.',
    ru: '`leader` — id брокера, на котором сейчас лидер этой партиции.',
  },
  'describe-offsets': {
    en: '`startOffset` is the offset of the oldest record that has not been deleted, `endOffset` the offset that the next record will get; without records the two are equal.',
    ru: '`startOffset` — смещение самой старой неудалённой записи, `endOffset` — смещение, которое получит следующая; если записей нет, они равны.',
  },
  'describe-now': {
    en: 'Each call says how things are now: since the last call, even one that is still at work, partitions may have been added, and records may have come or been deleted.',
    ru: 'Каждый вызов показывает то, что есть сейчас: после прошлого вызова, даже если он ещё не закончился, могли добавить партиции, прислать записи или удалить их.',
  },
  'read-all': {
    en: 'Resolves to every record that is in the topic at the time of the call, each once, as a list of `{ partition, offset, key, value }`.',
    ru: 'Возвращает все записи, которые есть в топике на момент вызова, каждую один раз: список `{ partition, offset, key, value }`.',
  },
  'read-order': {
    en: 'Within a partition the records are in the order of their offsets, whatever their keys, values and timestamps are; between partitions any order will do.',
    ru: 'Внутри партиции записи идут по возрастанию смещений, какими бы ни были ключи, значения и метки времени; между партициями порядок любой.',
  },
  'read-text': {
    en: 'The key is a string or `null`, the value is a string, and both are exactly what was sent.',
    ru: 'Ключ — строка или `null`, значение — строка, и то и другое в точности такое, как отправили.',
  },
  'read-again': {
    en: 'Each call reads everything again, no matter who has read the topic before.',
    ru: 'Каждый вызов читает всё заново, кто бы ни читал топик раньше.',
  },
  'read-together': {
    en: 'Several calls at the same time get everything each.',
    ru: 'Если вызовов одновременно несколько, каждый получает всё.',
  },
  'read-empty': {
    en: 'A topic without records gives an empty list, also when it had records that have been deleted.',
    ru: 'Топик без записей даёт пустой список, даже если записи в нём были, но их удалили.',
  },
  'read-trimmed': {
    en: 'The oldest records may have been deleted: then a partition does not begin at offset 0.',
    ru: 'Самые старые записи могли удалить: тогда партиция начинается не со смещения 0.',
  },
  'read-late': {
    en: 'The broker may hand out records late, up to 10 seconds after the call began: the function waits for them.',
    ru: 'Брокер может отдать записи с задержкой, до 10 секунд от начала вызова: функция их дожидается.',
  },
  'read-large': {
    en: 'A topic may hold 5,000 records or 5 MB; then the broker hands them out without delay.',
    ru: 'В топике может быть 5000 записей или 5 МБ; тогда брокер отдаёт их без задержки.',
  },
  time: { en: 'A call takes at most 20 seconds.', ru: 'Вызов длится не дольше 20 секунд.' },
  together: {
    en: 'The functions may be called at the same time, with the same `kafka` or with different ones.',
    ru: 'Функции могут вызывать одновременно, с одним и тем же `kafka` или с разными.',
  },
  refused: {
    en: 'If Kafka refuses what is asked, a name with a space in it for instance, `await` of the call throws.',
    ru: 'Если Kafka отказывает, например из-за пробела в имени топика, `await` вызова бросает ошибку.',
  },
  closed: {
    en: 'A second after the promise is settled, resolved or rejected, all connections of the call are closed.',
    ru: 'Через секунду после того, как промис выполнен или отклонён, все соединения этого вызова закрыты.',
  },
  offsets: {
    en: 'An offset is a 64-bit integer: return it as a string, a bigint or a number; here none is above 2⁵³ − 1.',
    ru: 'Смещение — 64-битное целое: верните строку, bigint или число; смещений больше 2⁵³ − 1 здесь не бывает.',
  },
  numbers: {
    en: '`partition` and `leader` are numbers.',
    ru: '`partition` и `leader` — числа.',
  },
  yours: {
    en: '`record` and its fields stay as they are, also while the call is at work, and so does what an earlier call has returned.',
    ru: '`record` и её поля остаются как были, в том числе пока вызов идёт, и то, что вернул прошлый вызов, тоже.',
  },
} as const satisfies Record<string, Text>
