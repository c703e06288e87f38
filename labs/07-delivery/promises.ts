/** Lab 07: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'most-once': {
    en: 'No record is given to `handle` twice: not after a crash at any moment, and not when `handle` fails.',
    ru: 'Ни одна запись не попадает в `handle` дважды: ни после падения в любой момент, ни после ошибки в `handle`.',
  },
  'most-loss': {
    en: 'A crash costs at most 10 records of each partition: those that were committed and not yet handled to the end.',
    ru: 'Из-за падения теряется не больше 10 записей в каждой партиции: тех, что уже зафиксированы, но не обработаны до конца.',
  },
  'most-fails': {
    en: 'If `handle` fails, with whatever error, this record is lost, and the next one follows.',
    ru: 'Если `handle` завершилась ошибкой, какой угодно, эта запись потеряна, и за ней идёт следующая.',
  },
  'least-once': {
    en: 'No record is lost: `handle` is called with it until it has succeeded, whenever the program crashes.',
    ru: 'Ни одна запись не теряется: `handle` вызывается с ней, пока не завершится успешно, когда бы ни упала программа.',
  },
  'least-repeats': {
    en: 'A crash repeats at most 10 records of each partition.',
    ru: 'После падения повторяется не больше 10 записей в каждой партиции.',
  },
  'least-fails': {
    en: 'If `handle` fails, with whatever error and up to three times in a row, it is called with the same record again within 5 seconds, the time of its calls for other partitions not counted, and later records of this partition wait.',
    ru: 'Если `handle` завершилась ошибкой, какой угодно и до трёх раз подряд, её снова вызывают с той же записью не позже чем через 5 секунд, не считая времени её вызовов для других партиций, а следующие записи этой партиции ждут.',
  },
  runs: {
    en: 'The function resolves to `{ stop }`, and until `stop` is called, calls `handle` for the records that are in the topic and for those that come later.',
    ru: 'Функция возвращает `{ stop }` и, пока не вызвали `stop`, вызывает `handle` для записей, которые уже есть в топике, и для тех, что придут позже.',
  },
  record: {
    en: '`handle` gets `{ partition, offset, key, value }`; the key is a string or `null`, the value a string, exactly as they were sent.',
    ru: '`handle` получает `{ partition, offset, key, value }`; ключ — строка или `null`, значение — строка, и то и другое в точности такое, как отправили.',
  },
  order: {
    en: 'Within a partition `handle` is called in the order of offsets, and only when the call before has ended; different partitions may be handled at the same time.',
    ru: 'Внутри партиции `handle` вызывается в порядке смещений и только после того, как закончился предыдущий вызов; разные партиции можно обрабатывать одновременно.',
  },
  begins: {
    en: 'In a partition where the group has committed nothing it begins with the oldest record that has not been deleted; in any other it goes on where it stopped.',
    ru: 'В партиции, где группа ничего не зафиксировала, она начинает с самой старой неудалённой записи, в любой другой продолжает с того места, где остановилась.',
  },
  once: {
    en: 'While nothing fails, `handle` is called exactly once for each record, however often the consumer is stopped and started again with the same group.',
    ru: 'Пока ничего не сломалось, `handle` вызывается для каждой записи ровно один раз, сколько бы раз консюмер ни останавливали и ни запускали снова с той же группой.',
  },
  stops: {
    en: '`stop()` waits for calls of `handle` that have begun; when it has resolved, `handle` is not called any more.',
    ru: '`stop()` дожидается уже начатых вызовов `handle`; после того как он завершился, `handle` больше не вызывается.',
  },
  committed: {
    en: 'By then the group has committed, in each partition, the offset after the last record that `handle` has succeeded with; with `consumeAtMostOnce` a record that it has failed with counts too.',
    ru: 'К этому моменту группа зафиксировала в каждой партиции смещение, следующее за последней записью, с которой `handle` завершилась успешно; для `consumeAtMostOnce` считается и та, на которой она завершилась ошибкой.',
  },
  groups: {
    en: 'Several consumers may run at the same time, with the same `kafka` or with different ones: each group gets every record, and none of another topic.',
    ru: 'Несколько консюмеров могут работать одновременно, с одним `kafka` или с разными: каждая группа получает все записи и ни одной из чужого топика.',
  },
  sent: {
    en: 'Both send the records of the list, 0 to 1,000 `{ key, value }`, as UTF-8: the key is `null` or a string of up to 1,000 bytes, the value a string of up to 100,000 bytes.',
    ru: 'Обе отправляют записи из списка, от 0 до 1000 штук `{ key, value }`, в UTF-8: ключ — `null` или строка до 1000 байт, значение — строка до 100 000 байт.',
  },
  'sent-once': {
    en: 'While nothing fails, each record is in the topic exactly once, and records with an equal key that is not `null` are in one partition, in the order of the list.',
    ru: 'Пока ничего не сломалось, каждая запись лежит в топике ровно один раз, а записи с одинаковым ключом, если это не `null`, — в одной партиции и в порядке списка.',
  },
  'send-most': {
    en: 'With `sendAtMostOnce` no record gets into the topic twice, not even when a connection breaks; then it may be lost, and the call may resolve or reject.',
    ru: 'При `sendAtMostOnce` ни одна запись не попадает в топик дважды, даже если соединение оборвалось; тогда она может потеряться, а вызов — завершиться успешно или ошибкой.',
  },
  'send-least': {
    en: '`sendAtLeastOnce` resolves only when the broker has confirmed all records; if the connection breaks before that, up to twice in a row, it sends again.',
    ru: '`sendAtLeastOnce` завершается, только когда брокер подтвердил все записи; если соединение оборвалось раньше, до двух раз подряд, она отправляет их снова.',
  },
  refused: {
    en: 'If Kafka refuses the topic’s name, one with a space in it for instance, `await` of the call throws.',
    ru: 'Если Kafka не принимает имя топика, например с пробелом, `await` вызова бросает ошибку.',
  },
  closed: {
    en: 'A second after `stop()` or a send has ended, or a call was rejected, all its connections are closed.',
    ru: 'Через секунду после того, как завершились `stop()` или отправка либо вызов закончился ошибкой, все его соединения закрыты.',
  },
  yours: {
    en: 'Arguments do not change.',
    ru: 'Аргументы не меняются.',
  },
} as const satisfies Record<string, Text>
