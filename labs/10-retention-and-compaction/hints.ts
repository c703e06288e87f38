/**
 * Lab 10: hints, three for each function and three for snapshots and for ending. The code of each stands in the
 * solution, line for line (labs/tests/hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const expiredHints: Hints = [
  {
    en: 'One loop from the oldest segment on. In it, four questions with yes or no; the first segment for which all are no ends the loop.',
    ru: 'Один цикл от самого старого сегмента. В нём четыре вопроса с ответом «да» или «нет»; первый сегмент, для которого всё «нет», завершает цикл.',
  },
  {
    en: 'Where a segment ends is where the next one begins; the active one ends at endOffset. First what keeps it in any case (it ends above highWatermark; it is active and empty), then what makes it go: below the start, too old, too much. Too much means: the bytes of the segments after it are at least retentionBytes.',
    ru: 'Сегмент кончается там, где начинается следующий; активный — на endOffset. Сначала то, из-за чего он остаётся в любом случае (кончается выше highWatermark; активный и пустой), потом то, из-за чего уходит: ниже начала, слишком старый, лишний. Лишний — значит, что байт в сегментах после него не меньше retentionBytes.',
  },
  {
    en: 'The questions:',
    ru: 'Эти вопросы:',
    code: `if (end > highWatermark || (isActive && segment.bytes === 0)) break
const isBelowStart = !isActive && end <= startOffset
const isOld = isLimited && retentionMs >= 0 && now - segment.maxTimestamp > retentionMs
const isTooMuch = isLimited && retentionBytes >= 0 && sizeOf(segments.slice(i + 1)) >= retentionBytes
if (!isBelowStart && !isOld && !isTooMuch) break
gone.push(segment.baseOffset)`,
  },
]

export const passHints: Hints = [
  {
    en: 'Write a function of its own that says why one segment cannot be compacted: roll, transaction, age, or null. Both upTo and waitsFor follow from it.',
    ru: 'Напишите отдельную функцию, которая говорит, почему сегмент нельзя уплотнить: roll, transaction, age или null. Из неё следуют и upTo, и waitsFor.',
  },
  {
    en: 'Begin at the segment whose base offset is cleanedTo, and go on as long as there is no obstacle: these are the dirty ones, and upTo is where you stop. If there are none, waitsFor is the obstacle of the first. Else compare: dirty bytes by all bytes below upTo with the ratio, and the first timestamps with maxCompactionLagMs.',
    ru: 'Начните с сегмента, базовое смещение которого — cleanedTo, и идите, пока препятствий нет: это грязные сегменты, а место остановки — upTo. Если грязных нет, waitsFor — препятствие первого. Иначе сравните: долю грязных байт среди всех ниже upTo — с порогом, первые метки времени — с maxCompactionLagMs.',
  },
  {
    en: 'When something is dirty:',
    ru: 'Когда грязное есть:',
    code: `const share = sizeOf(dirty) / sizeOf(segments.slice(0, end))
const isOverdue = dirty.some(({ firstTimestamp }) => now - firstTimestamp > config.maxCompactionLagMs)
return { from, upTo, waitsFor: share > config.minCleanableDirtyRatio || isOverdue ? null : 'ratio' }`,
  },
]

export const compactHints: Hints = [
  {
    en: 'Go through the records twice, as the cleaner does: once to note, once to decide.',
    ru: 'Пройдите по записям дважды, как очистка: раз — запомнить, раз — решить.',
  },
  {
    en: 'First: a Map from the key to the last offset that it has below upTo. Then each record in turn: from upTo on it stays; without a key, or with another offset than that of the Map, it goes; with a value it stays; and of a tombstone goesAt decides. Where you set goesAt, make a copy of the record.',
    ru: 'Сначала Map: ключ → последнее его смещение ниже upTo. Потом каждая запись по очереди: начиная с upTo остаётся; без ключа или с другим смещением, чем в Map, уходит; со значением остаётся; а у tombstone решает goesAt. Там, где задаёте goesAt, сделайте копию записи.',
  },
  {
    en: 'The second time:',
    ru: 'Второй раз:',
    code: `if (offset >= pass.upTo) return [record]
if (key === null || last.get(key) !== offset) return []
if (value !== null) return [record]
if (goesAt === null) return [{ ...record, goesAt: pass.now + pass.deleteRetentionMs }]
return goesAt > pass.now ? [record] : []`,
  },
]

export const tableHints: Hints = [
  {
    en: 'First ask where each partition ends (admin.fetchTopicOffsets), then read until each has come there. Partitions that are there already are done.',
    ru: 'Сначала спросите, где кончается каждая партиция (admin.fetchTopicOffsets), потом читайте, пока каждая не дойдёт до конца. Те, что уже там, готовы.',
  },
  {
    en: 'Keep for each partition a Map of rows and the next offset. eachMessage puts a row, or deletes it when the value is null. How far you have come is told by the event END_BATCH_PROCESS: its lastOffset also counts what eachMessage never gets. Resolve when the next offset of each partition is at its end or beyond.',
    ru: 'Храните для каждой партиции Map строк и следующее смещение. eachMessage кладёт строку, а если значение null, удаляет. Докуда вы дошли, говорит событие END_BATCH_PROCESS: его lastOffset учитывает и то, чего eachMessage не получает. Заканчивайте, когда следующее смещение каждой партиции не меньше её конца.',
  },
  {
    en: 'How far it has come:',
    ru: 'Докуда дошли:',
    code: `consumer.on(END_BATCH_PROCESS, ({ payload }) => {
  const part = parts.find(({ partition }) => partition === payload.partition)
  if (part !== undefined) part.next = Math.max(part.next, Number(payload.lastOffset) + 1)
  if (isDone()) resolve()
})`,
  },
]

export const snapshotHints: Hints = [
  {
    en: 'Before you read, decide for each partition: go on or build anew? After that the two are the same code with another beginning.',
    ru: 'Прежде чем читать, решите для каждой партиции: продолжать или строить заново? Дальше это один и тот же код с разным началом.',
  },
  {
    en: 'Old means: takenAt is longer ago than delete.retention.ms, which admin.describeConfigs gives as a string. Then the snapshot counts for nothing. Else a partition goes on if its offset lies from low to high. Rows whose offset is below low are gone. To begin at an offset, seek as soon as the consumer has joined its group (GROUP_JOIN).',
    ru: 'Старый — значит, что takenAt было раньше, чем delete.retention.ms назад; его строкой даёт admin.describeConfigs. Тогда снимок не считается. Иначе партиция продолжается, если её смещение в пределах от low до high. Строк со смещением ниже low больше нет. Чтобы начать со смещения, вызовите seek, как только консюмер вошёл в группу (GROUP_JOIN).',
  },
  {
    en: 'The beginning of a partition:',
    ru: 'Начало партиции:',
    code: `const offset = known.offsets.find((one) => one.partition === partition)?.offset
const isNew = offset === undefined || offset < start || offset > end
const rows = known.rows.filter((row) => !isNew && row.partition === partition && row.offset >= start)`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Count your connect() calls: each of them needs a disconnect() that is reached whatever happens in between.',
    ru: 'Посчитайте вызовы connect(): каждому нужен disconnect(), до которого дойдёт, что бы ни случилось между ними.',
  },
  {
    en: 'Put what comes after connect() into try, disconnect() into finally, and await it there. An error goes through to the caller by itself.',
    ru: 'То, что идёт после connect(), заключите в try, disconnect() — в finally, и там же дождитесь его. Ошибка сама дойдёт до вызывающего.',
  },
  {
    en: 'The frame:',
    ru: 'Рамка:',
    code: `} finally {
  await admin.disconnect()
}`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Begin with the three functions that compute: they need no broker, and tell you what loadTable has to reckon with.',
    ru: 'Начните с трёх функций, которые только считают: брокер им не нужен, а вы узнаете, чего ждать loadTable.',
  },
  {
    en: 'expiredSegments is a loop that ends at the first segment that stays. nextPass is the same with other questions. compact goes through the records twice. loadTable asks for the ends, decides for each partition where it begins, and reads until all have come to their ends.',
    ru: 'expiredSegments — цикл, который кончается на первом оставшемся сегменте. nextPass — то же с другими вопросами. compact проходит по записям дважды. loadTable спрашивает концы, решает для каждой партиции, откуда начать, и читает, пока все не дойдут до конца.',
  },
  {
    en: 'loadTable, from above:',
    ru: 'loadTable сверху:',
    code: `const known = snapshot === null || isOld ? { offsets: [], rows: [] } : snapshot
const parts = (await admin.fetchTopicOffsets(topic))
  .map(({ partition, low, high }) => partOf(partition, Number(low), Number(high), known))
  .sort((a, b) => a.partition - b.partition)
await readOn(kafka, topic, parts)`,
  },
]
