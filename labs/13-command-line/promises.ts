/** Lab 13: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  'lines-end': {
    en: 'Each line ends by itself, after at most 4 seconds, with exit code 0.',
    ru: 'Каждая строка завершается сама, не позже чем через 4 секунды, с кодом выхода 0.',
  },
  'topic-agreed': {
    en: 'When your lines have run, `retention.ms` of the topic is `retentionMs` and its `cleanup.policy` is `policy`; `compact,delete` means both.',
    ru: 'После ваших строк `retention.ms` топика равно `retentionMs`, а `cleanup.policy` — `policy`; `compact,delete` — это обе политики сразу.',
  },
  'topic-partitions': {
    en: 'It has `partitions` partitions; if it had more, it keeps them.',
    ru: 'Партиций в нём `partitions`; если было больше, столько и остаётся.',
  },
  'topic-keeps': {
    en: 'If it was there before, its records and all its other settings are as they were.',
    ru: 'Если топик уже был, его записи и все остальные настройки не меняются.',
  },
  'topic-race': {
    en: 'If `existing` is `null`, a colleague may have created the topic in the meantime, exactly as agreed: your lines work then as well.',
    ru: 'Если `existing` равно `null`, коллега мог за это время создать топик сам, ровно таким, как договорились: ваши строки работают и тогда.',
  },
  'look-prints': {
    en: 'It prints the `count` records from `offset` on, in their order, one a line and nothing else: `Partition:2`, `Offset:7`, the key and the value, with a tab between them, and `null` for a key or a value that is not there.',
    ru: 'Печатает `count` записей начиная с `offset`, по порядку, по одной в строке и больше ничего: `Partition:2`, `Offset:7`, ключ и значение через табуляцию; если ключа или значения нет — `null`.',
  },
  'look-fewer': {
    en: 'If fewer records are there, it prints these and does not wait for more.',
    ru: 'Если записей меньше, печатает сколько есть и других не ждёт.',
  },
  'look-traceless': {
    en: 'It leaves no consumer group behind.',
    ru: 'Никакой группы консюмеров после неё не остаётся.',
  },
  'rewind-time': {
    en: 'Afterwards the group has committed, in each of these partitions, the offset of the first record that is not older than `time`, to the millisecond.',
    ru: 'После ваших строк в каждой из этих партиций зафиксировано смещение первой записи, которая не старше `time`, с точностью до миллисекунды.',
  },
  'rewind-end': {
    en: 'If all records of a partition are older, it is the end of the partition.',
    ru: 'Если все записи партиции старше, это её конец.',
  },
  'rewind-only': {
    en: 'What the group has committed for other partitions and other topics stays as it was.',
    ru: 'Что группа зафиксировала в других партициях и других топиках, не меняется.',
  },
  'stuck-nobody': {
    en: '`nobody`: in `after` the partition has lag, and no consumer has it: CONSUMER-ID is `-`. It need not be in `before`.',
    ru: '`nobody`: в `after` у партиции есть отставание, и она не досталась ни одному консюмеру: в CONSUMER-ID стоит `-`. В `before` её может и не быть.',
  },
  'stuck-still': {
    en: '`stands still`: in `after` a consumer has it, and in both outputs it has lag and the same CURRENT-OFFSET.',
    ru: '`stands still`: в `after` она у какого-то консюмера, а в обоих выводах у неё есть отставание и один и тот же CURRENT-OFFSET.',
  },
  'stuck-spares': {
    en: 'Nothing else is named. A partition without lag in `after` is not stuck. One that a consumer has is not stuck either if its CURRENT-OFFSET has changed, if it had no lag in `before`, or if it is not in `before`.',
    ru: 'Больше ничего в ответе нет. Партиция без отставания в `after` не застряла. Партиция с консюмером не застряла и тогда, когда её CURRENT-OFFSET изменился, когда в `before` у неё не было отставания или когда её там нет.',
  },
  'stuck-dash': {
    en: 'Where LAG is `-`, nothing is committed: such a partition has lag if LOG-END-OFFSET is more than 0.',
    ru: 'Если в LAG стоит `-`, ничего не зафиксировано: у такой партиции отставание есть, когда LOG-END-OFFSET больше 0.',
  },
  'stuck-widths': {
    en: 'A column is as wide as its widest value, with one space or more to the next; names and ids have up to 255 characters and no spaces.',
    ru: 'Ширина столбца — по самому длинному значению, до следующего один пробел или больше; имена и идентификаторы — до 255 символов, без пробелов.',
  },
  'stuck-large': {
    en: 'Offsets go up to 2⁶³ − 1, and two that differ by 1 are not the same.',
    ru: 'Смещения бывают до 2⁶³ − 1, и два, которые отличаются на 1, — разные.',
  },
  'stuck-sorted': {
    en: 'The list is sorted by topic, as `<` compares strings, and then by partition, as a number; the rows of an output stand in any order.',
    ru: 'Список отсортирован по топику, как строки сравнивает `<`, а потом по номеру партиции; строки вывода идут в любом порядке.',
  },
  yours: {
    en: 'Arguments stay as they were.',
    ru: 'Аргументы не меняются.',
  },
} as const satisfies Record<string, Text>
