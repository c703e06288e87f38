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
    en: 'Only a topic of exactly this name counts: `Orders` and `orders-old` are other topics than `orders`, and `constructor` is a name like any other.',
    ru: 'Имя сравнивается целиком: `Orders` и `orders-old` — не тот же топик, что `orders`, а `constructor` — имя не хуже других.',
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
  'send-kept': {
    en: 'After the call `record` and its fields are as they were before, even if several calls got the same object at once.',
    ru: 'После вызова `record` и её поля такие же, как до него, даже если один и тот же объект получили сразу несколько вызовов.',
  },
  'send-reused': {
    en: 'Afterwards the caller may change `record` and pass it again: what it holds by then is sent.',
    ru: 'После этого вызывающий может изменить `record` и передать её снова: отправляется то, что в ней теперь.',
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
    en: 'Each call says how things are now: since the last call partitions may have been added, and records may have come or been deleted.',
    ru: 'Каждый вызов показывает то, что есть сейчас: после прошлого вызова могли добавить партиции, прислать записи или удалить их.',
  },
  'describe-began': {
    en: 'Every record that was in the topic when the call began lies below `endOffset`, even if an earlier call is still at work.',
    ru: 'Все записи, которые были в топике к началу вызова, лежат ниже `endOffset`, даже если прошлый вызов ещё не закончился.',
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
    en: 'The broker may keep records back, once in a call and for up to 10 seconds: the function waits for them.',
    ru: 'Брокер может придержать записи — один раз за вызов и не дольше чем на 10 секунд: функция их дожидается.',
  },
  'read-large': {
    en: 'A topic holds up to 5,000 records, whose keys and values have up to 5 MB (5,000,000 bytes) together; records are kept back only where there are fewer than 100.',
    ru: 'В топике до 5000 записей, их ключи и значения вместе занимают до 5 МБ (5 000 000 байт); придержать записи брокер может, только если их меньше 100.',
  },
  time: {
    en: 'A call takes at most 20 seconds, from the moment it is made until its promise is settled, and never keeps the processor busy for 5 seconds without a pause.',
    ru: 'Вызов длится не дольше 20 секунд — от своего начала до того, как промис выполнен или отклонён, — и никогда не занимает процессор 5 секунд подряд.',
  },
  together: {
    en: 'The functions may be called at the same time, up to 20 calls in a check, with the same `kafka` or with different ones.',
    ru: 'Функции могут вызывать одновременно, до 20 вызовов в одной проверке, с одним и тем же `kafka` или с разными.',
  },
  refused: {
    en: 'If Kafka refuses what is asked, `await` of the call throws: when there is a space in the topic’s name, for instance, or when `a_b` is to be created and `a.b` exists.',
    ru: 'Если Kafka отказывает, `await` вызова бросает ошибку: например, когда в имени топика пробел или когда надо создать `a_b`, а `a.b` уже есть.',
  },
  closed: {
    en: 'A second after the promise is settled, resolved or rejected, all connections of the call are closed; a consumer’s `disconnect()` may take some seconds.',
    ru: 'Через секунду после того, как промис выполнен или отклонён, все соединения этого вызова закрыты; `disconnect()` консюмера иногда длится несколько секунд.',
  },
  offsets: {
    en: "An offset is a 64-bit integer, and a string in kafkajs, `'0'` or `'1'`: return it as a string, a bigint or a number; here none is above 2⁵³ − 1.",
    ru: "Смещение — 64-битное целое, в kafkajs это строка, `'0'` или `'1'`: верните строку, bigint или число; смещений больше 2⁵³ − 1 здесь не бывает.",
  },
  numbers: {
    en: '`partition` and `leader` are numbers.',
    ru: '`partition` и `leader` — числа.',
  },
  answers: {
    en: 'What a call has returned stays as it is, whatever later calls do.',
    ru: 'То, что вернул вызов, остаётся как есть, что бы ни делали следующие.',
  },
} as const satisfies Record<string, Text>
