/**
 * Lab 04: words that several tests of `resume` share: what can be wrong with the records that were handed over, with what is
 * committed, with the number that it resolved to.
 */
import type { CaseText } from '../engine/lab.ts'

/** What can be wrong with the records that were handed over. */
export const handedCases = {
  nothing: {
    en: 'handle was called for none of {wanted} {wanted:record|records}.',
    ru: 'handle не вызвана ни для одной записи, а обработать надо было: {wanted}.',
    why: {
      en: 'consumer.run resolves as soon as the consumer has started, before the first record has come.',
      ru: 'consumer.run завершается, как только консюмер запущен, — раньше, чем придёт первая запись.',
    },
    try: {
      en: 'Find out beforehand which record is the last one due in each partition, and wait for it.',
      ru: 'Заранее узнайте, какая запись в каждой партиции должна быть обработана последней, и дождитесь её.',
    },
  },
  foreign: {
    en: 'handle was called with {got}: no such record is in the topic.',
    ru: 'handle вызвана с {got}: такой записи в топике нет.',
    try: {
      en: 'partition comes beside message, offset is message.offset, as it is.',
      ru: 'partition стоит рядом с message, а смещение — это message.offset, без изменений.',
    },
  },
  again: {
    en: 'handle was called for {again} {again:record|records} that the group had processed before.',
    ru: 'handle вызвана и для того, что группа уже обработала: {again} {again:запись|записи|записей}.',
    why: {
      en: 'Where a group goes on is its committed offset. It belongs to the group id: another id begins anew. fromBeginning counts only where nothing is committed.',
      ru: 'Группа продолжает с зафиксированного смещения. Оно принадлежит id группы: другой id начинает заново. А fromBeginning действует только там, где ничего не зафиксировано.',
    },
    try: {
      en: 'Read with the group id that you were given, and move the position with seek only if you must.',
      ru: 'Читайте с тем id группы, который передан, и без нужды не двигайте позицию через seek.',
    },
  },
  twice: {
    en: 'handle was called more than once for {twice} {twice:record|records}.',
    ru: 'Повторно handle вызвана для {twice} {twice:записи|записей|записей}.',
    why: {
      en: 'kafkajs fetches anew from the position. If that did not move, the same records come again.',
      ru: 'kafkajs запрашивает записи с позиции. Если она не сдвинулась, придут те же самые.',
    },
    try: {
      en: 'Look for an error inside eachMessage or eachBatch, after which the batch is repeated.',
      ru: 'Поищите ошибку внутри eachMessage или eachBatch: после неё пакет повторяется.',
    },
  },
  fresh: {
    en: 'handle was not called for {missing} {missing:record|records}: all those of the partitions where the group had committed nothing.',
    ru: 'handle не вызвана для {missing} {missing:записи|записей|записей} — для всех в партициях, где группа ещё ничего не зафиксировала.',
    why: {
      en: 'Without a committed offset a consumer begins at the end, unless subscribe says fromBeginning: true.',
      ru: 'Без зафиксированного смещения консюмер начинает с конца, если не подписаться с fromBeginning: true.',
    },
    try: {
      en: 'subscribe({ topics: [topic], fromBeginning: true }): committed offsets still go first.',
      ru: 'subscribe({ topics: [topic], fromBeginning: true }): зафиксированные смещения всё равно важнее.',
    },
  },
  first: {
    en: 'handle was not called for {missing} {missing:record|records}: each the first one due in its partition.',
    ru: 'handle не вызвана для {missing} {missing:записи|записей|записей}: каждая — первая на очереди в своей партиции.',
    why: {
      en: 'The committed offset is that of the next record to process, not of the last one processed.',
      ru: 'Зафиксированное смещение — это смещение следующей записи, а не последней обработанной.',
    },
    try: { en: 'Begin at the committed offset itself.', ru: 'Начинайте с самого зафиксированного смещения.' },
  },
  missing: {
    en: 'handle was called for {got} of {wanted} {wanted:record|records}.',
    ru: 'handle вызвана для {got} {got:записи|записей|записей} из {wanted}.',
    why: {
      en: 'Records come partition by partition and in portions; the first portion is seldom all.',
      ru: 'Записи приходят порциями, то из одной партиции, то из другой; первая порция — редко всё.',
    },
    try: {
      en: 'Do not stop before the last record due in each partition has been processed.',
      ru: 'Не останавливайтесь, пока в каждой партиции не обработана последняя запись из тех, что на очереди.',
    },
  },
  content: {
    en: 'Record {place} was handed over as {got}; sent was {wanted}.',
    ru: 'Запись {place} передана как {got}, а отправлена как {wanted}.',
    why: {
      en: 'kafkajs gives key and value as Buffers, and null where there is no key; an empty one is a Buffer of length 0, which is no null.',
      ru: 'kafkajs отдаёт ключ и значение как Buffer, а если ключа нет — null; пустой ключ или значение — это Buffer длины 0, а не null.',
    },
    try: {
      en: 'Make strings of the Buffers: message.key?.toString() ?? null, message.value.toString()',
      ru: 'Превращайте Buffer в строку: message.key?.toString() ?? null, message.value.toString()',
    },
  },
} as const satisfies Record<string, CaseText>

export const silent = {
  en: 'resume did not finish within {seconds} s; handle was called for {got} of {wanted} {wanted:record|records}.',
  ru: 'resume не завершилась за {seconds} с; handle вызвана для {got} {got:записи|записей|записей} из {wanted}.',
  try: {
    en: 'Find what resume still waits for: a record that will not come, or a disconnect() inside eachMessage, which waits for eachMessage itself.',
    ru: 'Найдите, чего ещё ждёт resume: записи, которая не придёт, или disconnect() внутри eachMessage, который ждёт саму eachMessage.',
  },
} as const

export const count = {
  en: 'resume resolved to {got}; handle was called for {wanted} {wanted:record|records}.',
  ru: 'resume вернула {got}, а handle вызвана для {wanted} {wanted:записи|записей|записей}.',
  why: {
    en: 'The difference of two offsets is not a number of records: some may have been deleted.',
    ru: 'Разность смещений — не число записей: часть из них могли удалить.',
  },
  try: {
    en: 'Count the calls of handle that have ended well.',
    ru: 'Считайте вызовы handle, которые завершились успешно.',
  },
} as const

/** What can be wrong with what is committed when resume has resolved. */
export const committedCases = {
  last: {
    en: 'Too small by 1: committed are the offsets of the last processed records ({wrong} of {wanted} {wanted:partition|partitions}).',
    ru: 'Меньше нужного на 1: зафиксированы смещения последних обработанных записей (партиций: {wrong} из {wanted}).',
    why: {
      en: 'A group goes on with the record at its committed offset. If that is the last processed one, it is processed again after each restart.',
      ru: 'Группа продолжает с записи, на которую указывает зафиксированное смещение. Если это последняя обработанная, после каждого перезапуска она обработается ещё раз.',
    },
    try: {
      en: 'Commit the next one: (BigInt(message.offset) + 1n).toString()',
      ru: 'Фиксируйте следующее: (BigInt(message.offset) + 1n).toString()',
    },
  },
  none: {
    en: 'The records were processed, and the group’s committed offsets did not move.',
    ru: 'Записи обработаны, а зафиксированные смещения группы не сдвинулись.',
    why: {
      en: 'Reading moves the position, which is in the consumer’s memory and gone with it. What stays is what is committed for this group id.',
      ru: 'Чтение двигает позицию, а она живёт в памяти консюмера и пропадает вместе с ним. Остаётся то, что зафиксировано для этого id группы.',
    },
    try: {
      en: 'Commit before you disconnect: consumer.commitOffsets([{ topic, partition, offset }]).',
      ru: 'Фиксируйте до отключения: consumer.commitOffsets([{ topic, partition, offset }]).',
    },
  },
  some: {
    en: 'In {wrong} of {wanted} {wanted:partition|partitions} records were processed, and the committed offset did not move.',
    ru: 'Записи обработаны в {wanted} {wanted:партиции|партициях|партициях}, а зафиксированное смещение не сдвинулось в {wrong} из них.',
    why: {
      en: 'Each partition has a committed offset of its own.',
      ru: 'У каждой партиции своё зафиксированное смещение.',
    },
    try: {
      en: 'Keep the next offset of each partition in a Map, and commit all of them.',
      ru: 'Храните следующее смещение каждой партиции в Map и фиксируйте все.',
    },
  },
  moved: {
    en: 'In {moved} {moved:partition|partitions} no record was processed, and the committed offset changed.',
    ru: 'В {moved} {moved:партиции|партициях|партициях} не обработано ни одной записи, а зафиксированное смещение изменилось.',
    why: {
      en: 'Where a group has committed nothing, the next consumer decides where to begin. A commit takes that decision away.',
      ru: 'Пока ничего не зафиксировано, откуда начинать, решает следующий консюмер. Фиксация отнимает у него этот выбор.',
    },
    try: {
      en: 'Commit only where handle was called.',
      ru: 'Фиксируйте только там, где вызывалась handle.',
    },
  },
  differs: {
    en: 'In {wrong} of {wanted} {wanted:partition|partitions} the committed offset is not the one after the last processed record.',
    ru: 'Зафиксировано не то, что следует за последней обработанной записью: партиций — {wrong} из {wanted}.',
    try: {
      en: 'Compare the table with the records that handle got: the last one of a partition plus 1 is what is due.',
      ru: 'Сравните таблицу с записями, которые получила handle: должна быть последняя в партиции плюс 1.',
    },
  },
} as const satisfies Record<string, CaseText>

export const notCommitted = {
  en: 'All records were processed; the committed offsets are not the ends of the partitions.',
  ru: 'Все записи обработаны, а зафиксированы не концы партиций.',
  try: {
    en: 'Commit, for each partition, the offset of the last processed record plus 1.',
    ru: 'Фиксируйте в каждой партиции смещение последней обработанной записи плюс 1.',
  },
} as const
