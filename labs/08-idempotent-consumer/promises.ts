/** Lab 08: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'offsets-new': {
    en: 'A record is new when its offset is larger than all that came before it in its partition; numbers may be missing in between.',
    ru: 'Запись новая, если её смещение больше всех, что приходили раньше в её партиции; между ними могут быть пропуски.',
  },
  'ids-new': {
    en: 'A record is new unless its id is remembered; two ids are equal when all their characters are.',
    ru: 'Запись новая, если её id не помнят; два id равны, когда в них совпадают все символы.',
  },
  'ids-window': {
    en: 'The time is the largest timestamp that has come so far, and an id is forgotten when the time is `keepMs` or more after the timestamp of the record that was new.',
    ru: 'Время — это наибольшая метка времени из пришедших, и id забыт, когда от метки той записи, которая была новой, прошло `keepMs` или больше.',
  },
  'ids-fixed': {
    en: 'A duplicate moves the time on like any record, but its id is not remembered for longer.',
    ru: 'Дубль двигает время, как любая запись, но помнить его id дольше не начинают.',
  },
  'ids-forget': {
    en: '`saved()` has at most 200 characters, and for each id that is not forgotten 40 more and twice the length of the id.',
    ru: 'В `saved()` не больше 200 символов и ещё по 40 символов и удвоенной длине id на каждый id, который не забыт.',
  },
  'sequences-new': {
    en: 'A record is new when nothing has come from its producer, when its epoch is larger than all before, or when its epoch is the largest and its sequence is larger than all before in this epoch.',
    ru: 'Запись новая, если от её продюсера ещё ничего не приходило, если её эпоха больше всех прежних или если эпоха — наибольшая, а номер больше всех прежних в этой эпохе.',
  },
  saved: {
    en: 'A memory that is made from what another has saved answers as that one would.',
    ru: 'Память, созданная из того, что сохранила другая, отвечает так же, как ответила бы та.',
  },
  apart: {
    en: 'Memories that were made apart know nothing of each other.',
    ru: 'Памяти, созданные порознь, ничего не знают друг о друге.',
  },
  small: {
    en: '`saved()` does not grow with the number of records: that of `rememberOffsets` has at most 60 characters for each partition, that of `rememberSequences` for each producer 60 and twice the length of its name.',
    ru: '`saved()` не растёт с числом записей: у `rememberOffsets` — не больше 60 символов на партицию, у `rememberSequences` — не больше 60 символов и удвоенной длины имени на продюсера.',
  },
  runs: {
    en: 'The function resolves to `{ stop }`, and until `stop` is called, handles the records of the topic from the oldest that has not been deleted, and those that come later.',
    ru: 'Функция возвращает `{ stop }` и, пока не вызвали `stop`, обрабатывает записи топика, начиная с самой старой неудалённой, и те, что придут позже.',
  },
  record: {
    en: '`handle` gets `{ partition, offset, timestamp, id, key, value }`: the timestamp is a number, the key a string or `null`, id and value are strings, all as they were sent.',
    ru: '`handle` получает `{ partition, offset, timestamp, id, key, value }`: метка времени — число, ключ — строка или `null`, id и значение — строки, и всё такое, как отправили.',
  },
  order: {
    en: 'Within a partition `handle` is called in the order of offsets, and only when what it gave for the record before has been saved; different partitions may be handled at the same time.',
    ru: 'Внутри партиции `handle` вызывается в порядке смещений и только после того, как сохранено то, что она вернула для предыдущей записи; разные партиции можно обрабатывать одновременно.',
  },
  resent: {
    en: 'Once the changes for an event are saved, and until its id is forgotten by the rules of `rememberIds` for the records of this partition, `handle` is not called with a record that has this id; later such a record is an event like any other.',
    ru: 'С той минуты, как изменения по событию сохранены, и пока его id не забыт — по правилам `rememberIds` для записей этой партиции, — `handle` не вызывается с записью, у которой тот же id; позже такая запись — событие, как любое другое.',
  },
  crash: {
    en: 'Whenever the program crashes, what `handle` gives for an event is saved once: not twice, and not never.',
    ru: 'Когда бы ни упала программа, то, что `handle` вернула для события, сохраняется один раз: не два и не ноль.',
  },
  replay: {
    en: 'When somebody sets the committed offsets of the stopped group back, `handle` is not called with records whose changes were saved before, however long ago.',
    ru: 'Если у остановленной группы сдвинули назад зафиксированные смещения, `handle` не вызывается с записями, изменения по которым уже сохранены, как бы давно это ни было.',
  },
  fails: {
    en: 'If `handle` or `store.save` fails, with whatever error and up to three times in a row, it is tried again within 5 seconds, and later records of this partition wait.',
    ru: 'Если `handle` или `store.save` завершилась ошибкой, какой угодно и до трёх раз подряд, попытка повторяется не позже чем через 5 секунд, а следующие записи этой партиции ждут.',
  },
  unsure: {
    en: 'A `store.save` that fails may have saved all the same; then `handle` is not called with this record again.',
    ru: '`store.save`, которая завершилась ошибкой, могла всё-таки сохранить; тогда `handle` с этой записью больше не вызывается.',
  },
  bounded: {
    en: 'What you save under `memory:`, names and strings, has together at most 1,000 characters, and 100 for each id that is not forgotten.',
    ru: 'Всё, что вы храните под `memory:`, имена и строки вместе, — не больше 1000 символов и ещё по 100 на каждый id, который не забыт.',
  },
  stops: {
    en: '`stop()` waits for a call of `handle` that has begun, and for the saving; when it has resolved, nothing is handled or saved any more, and in each partition the group has committed the offset after the last record that was dealt with, be it an event or a duplicate.',
    ru: '`stop()` дожидается начатого вызова `handle` и сохранения; после того как он завершился, ничего больше не обрабатывается и не сохраняется, и в каждой партиции зафиксировано смещение, следующее за последней записью, с которой закончили, будь то событие или дубль.',
  },
  groups: {
    en: 'Several consumers may run at the same time, each with a group and a store of its own, with the same `kafka` or with different ones: each handles every event of its topic.',
    ru: 'Несколько консюмеров могут работать одновременно, каждый со своей группой и своим хранилищем, с одним `kafka` или с разными: каждый обрабатывает все события своего топика.',
  },
  ends: {
    en: 'If Kafka refuses what is asked, a topic name with a space in it for instance, `await` of the call throws; a second after that, or after `stop()` has ended, all connections of the call are closed.',
    ru: 'Если Kafka отказывает, например из-за пробела в имени топика, `await` вызова бросает ошибку; через секунду после этого или после того, как завершился `stop()`, все соединения этого вызова закрыты.',
  },
} as const satisfies Record<string, Text>
