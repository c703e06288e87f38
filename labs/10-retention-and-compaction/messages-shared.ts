/** Lab 10: words that the tests of `loadTable` share: what its offsets and rows are like. */
import type { CaseText } from '../engine/lab.ts'

export const rowCases = {
  partitions: {
    en: 'offsets names the partitions {got}; the topic has {wanted}.',
    ru: 'В offsets партиции {got}, а в топике {wanted}.',
    try: {
      en: 'One element for each partition, an empty one too.',
      ru: 'По элементу на каждую партицию, на пустую тоже.',
    },
  },
  unsorted: {
    en: 'offsets is not sorted by partition: {got}.',
    ru: 'offsets идут не по порядку партиций: {got}.',
    try: {
      en: 'Sort it: .sort((a, b) => a.partition - b.partition)',
      ru: 'Отсортируйте: .sort((a, b) => a.partition - b.partition)',
    },
  },
  behind: {
    en: 'Partition {partition} ended at {wanted} when the call began, and offsets says {got}.',
    ru: 'К началу вызова партиция {partition} кончалась на {wanted}, а в offsets {got}.',
    why: {
      en: 'The end is the offset that the next record will get: that of the last one plus 1, and more where the last offsets hold no record.',
      ru: 'Конец — это смещение, которое получит следующая запись: смещение последней плюс 1, а если на последних смещениях записей нет, то больше.',
    },
    try: {
      en: 'Compare with high of admin.fetchTopicOffsets.',
      ru: 'Сравните с high из admin.fetchTopicOffsets.',
    },
  },
  keyless: {
    en: 'A row came of a record without a key: {got}.',
    ru: 'Из записи без ключа получилась строка: {got}.',
    try: {
      en: 'message.key is null then: skip the record.',
      ru: 'Тогда message.key — null: пропустите запись.',
    },
  },
  nullRow: {
    en: 'A row has no value: {got}.',
    ru: 'В строке нет значения: {got}.',
    why: {
      en: 'A record with the value null is a tombstone. It does not say that the value is null, it says that the key is gone.',
      ru: 'Запись со значением null — это tombstone. Она говорит не о том, что значение null, а о том, что ключа больше нет.',
    },
    try: {
      en: 'When message.value is null, delete the row.',
      ru: 'Если message.value — null, удалите строку.',
    },
  },
  twice: {
    en: 'There are two rows for the key {key} of partition {partition}.',
    ru: 'Для ключа {key} партиции {partition} есть две строки.',
    try: {
      en: 'Keep the rows in a Map by key, and make the list of it at the end.',
      ru: 'Храните строки в Map по ключу, а список делайте из неё в конце.',
    },
  },
  merged: {
    en: 'The key {key} is in several partitions, and its row of partition {partition} is missing.',
    ru: 'Ключ {key} есть в нескольких партициях, а его строки из партиции {partition} нет.',
    why: {
      en: 'Between partitions there is no order, so nobody can say which of the two records is newer. Each partition is a table of its own.',
      ru: 'Между партициями порядка нет, и сказать, какая из двух записей новее, нельзя. Каждая партиция — отдельная таблица.',
    },
    try: { en: 'A Map for each partition.', ru: 'Заведите Map на каждую партицию.' },
  },
  deleted: {
    en: 'The key {key} of partition {partition} was deleted by a tombstone, and its row is there.',
    ru: 'Ключ {key} партиции {partition} удалён через tombstone, а его строка на месте.',
    try: {
      en: 'When message.value is null, delete the row: also one that came from a snapshot.',
      ru: 'Если message.value — null, удалите строку, в том числе взятую из снимка.',
    },
  },
  beyond: {
    en: 'offsets says that the table goes to {end} in partition {partition}, and there is a row of offset {offset}, of the key {key}.',
    ru: 'По offsets таблица доходит в партиции {partition} до {end}, а в ней строка со смещения {offset}, с ключом {key}.',
    why: {
      en: 'Who goes on from these offsets believes that the table knows nothing of what comes after them.',
      ru: 'Тот, кто продолжит с этих смещений, считает, что о дальнейших записях таблица ничего не знает.',
    },
    try: {
      en: 'Leave out records at or above the offset that you give back, or give back the offset after the last one that you took.',
      ru: 'Пропускайте записи не ниже того смещения, которое вернёте, или верните смещение, следующее за последней взятой.',
    },
  },
  ghost: {
    en: 'The log has no value of the key {key} in partition {partition} any more, and its row is there.',
    ru: 'В журнале партиции {partition} больше нет ни одного значения ключа {key}, а его строка на месте.',
    try: {
      en: 'A row of the snapshot stays only if its offset is not below the start of the log (low).',
      ru: 'Строка из снимка остаётся, только если её смещение не ниже начала журнала (low).',
    },
  },
  collides: {
    en: 'The key {key} of partition {partition} has no row; there is one of the key {other} in partition {of}, and partition and key one after the other read the same.',
    ru: 'У ключа {key} партиции {partition} нет строки; есть строка ключа {other} из партиции {of}, а если написать партицию и ключ подряд, выходит одно и то же.',
    why: {
      en: 'Numbers and keys have any length, so 1 and 0x make the same text as 10 and x.',
      ru: 'Длина у номеров и ключей любая, поэтому из 1 и 0x получается тот же текст, что из 10 и x.',
    },
    try: {
      en: 'A Map for each partition, or something between the two that no number contains.',
      ru: 'Map на каждую партицию или между номером и ключом знак, которого в номере не бывает.',
    },
  },
  missing: {
    en: 'There are {got} rows, and {wanted} are due; {count} {count:is|are} missing.',
    ru: 'Строк {got}, а должно быть {wanted}; не хватает: {count}.',
    try: {
      en: 'Follow a key of the table below through your code: where is it dropped, or not waited for?',
      ru: 'Проследите в коде путь ключа из таблицы ниже: где он теряется или где его не ждут?',
    },
  },
  older: {
    en: 'The row of the key {key} is of offset {got}; the newest record of the key is {wanted}.',
    ru: 'Строка ключа {key} взята со смещения {got}, а самая новая запись этого ключа — {wanted}.',
    try: {
      en: 'Each record overwrites the row before; its offset goes into the row, and only records from the snapshot’s offset on are looked at.',
      ru: 'Каждая запись замещает прежнюю строку, в строку идёт её смещение, а смотреть надо только записи начиная со смещения из снимка.',
    },
  },
  differs: {
    en: 'The value of the key {key} is not what was sent.',
    ru: 'Значение ключа {key} не такое, каким его отправили.',
    try: { en: 'message.value.toString(), as it is.', ru: 'message.value.toString(), без изменений.' },
  },
  stuck: {
    en: 'All records have come ({came}), and loadTable still waits.',
    ru: 'Все записи пришли ({came}), а loadTable всё ещё ждёт.',
    why: {
      en: 'The offset before the end need not hold a record that you get: there may be the marker of a transaction, a record that was aborted, or nothing.',
      ru: 'На последнем смещении перед концом может не оказаться записи, которую вы получите: там бывает маркер транзакции, отменённая запись или ничего.',
    },
    try: {
      en: 'Do not wait for an offset, and do not count records: the event END_BATCH_PROCESS says how far the consumer has come (lastOffset), whatever was in the batch. A partition that is at its end already is not waited for.',
      ru: 'Не ждите определённого смещения и не считайте записи: докуда дошёл консюмер, говорит событие END_BATCH_PROCESS (lastOffset), что бы ни было в пакете. Партицию, которая уже на конце, ждать не надо.',
    },
  },
} as const satisfies Record<string, CaseText>
