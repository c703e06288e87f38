/**
 * Lab 08: hints, three for each kind of memory and three for each promise of the consumer: a nudge, the concept, nearly the
 * code. The code of each stands in the solution, line for line (labs/tests/hints.test.ts).
 */
import type { Hints } from '../engine/lab.ts'

export const offsetsHints: Hints = [
  {
    en: 'In a partition records come in order. What can you say about all offsets below the one that came last?',
    ru: 'Внутри партиции записи приходят по порядку. Что можно сказать обо всех смещениях ниже последнего пришедшего?',
  },
  {
    en: 'One number for each partition: the next offset that is new. Below it everything is known; at it or above it a record is new, and the number moves to the offset after it.',
    ru: 'Одно число на партицию: следующее новое смещение. Всё, что ниже, знакомо; запись на нём или выше — новая, и число сдвигается на смещение после неё.',
  },
  {
    en: 'isNew, with a Map from partition to that number:',
    ru: 'isNew, где next — Map из партиции в это число:',
    code: `isNew: ({ partition, offset }: Place) => {
  if (offset < (next.get(partition) ?? 0)) return false
  next.set(partition, offset + 1)
  return true
},`,
  },
]

export const idsHints: Hints = [
  {
    en: 'Three things to keep apart: which time it is now, when the id was new, and when a duplicate of it came.',
    ru: 'Не смешивайте три вещи: который сейчас час, когда id был новым и когда пришёл его дубль.',
  },
  {
    en: 'Now is the largest timestamp so far. For each id keep the timestamp of the record that was new. First move the time on, then forget what is due, then look. Duplicates change nothing but the time.',
    ru: 'Сейчас — это наибольшая из меток. Для каждого id храните метку той записи, что была новой. Сначала продвиньте время, потом забудьте просроченное, потом смотрите. Дубли не меняют ничего, кроме времени.',
  },
  {
    en: 'isNew, with a Map from id to its time:',
    ru: 'isNew, где times — Map из id в его время:',
    code: `isNew: ({ id, timestamp }: Identified) => {
  nowMs = Math.max(nowMs, timestamp)
  for (const [old, atMs] of times) if (nowMs >= atMs + keepMs) times.delete(old)
  if (times.has(id)) return false
  times.set(id, timestamp)
  return true
},`,
  },
]

export const sequencesHints: Hints = [
  {
    en: 'A restarted producer begins at 0 again. By what do you tell its 0 from a repeated 0?',
    ru: 'Перезапущенный продюсер снова начинает с 0. Чем его 0 отличается от повторённого 0?',
  },
  {
    en: 'Compare two pairs, first the epoch, then the sequence: new is what is larger than the last pair of this producer. Not "the next one": numbers may be missing.',
    ru: 'Сравнивайте пары: сначала эпоху, потом номер. Новое — то, что больше последней пары этого продюсера. Не «следующее»: номера могут пропадать.',
  },
  {
    en: 'isNew, with a Map from producer to its last pair:',
    ru: 'isNew, где lasts — Map из продюсера в его последнюю пару:',
    code: `const last = lasts.get(producer) ?? { epoch: -1, sequence: -1 }
if (epoch < last.epoch) return false
if (epoch === last.epoch && sequence <= last.sequence) return false
lasts.set(producer, { epoch, sequence })
return true`,
  },
]

export const savedHints: Hints = [
  {
    en: 'List all variables that an answer depends on. Each of them belongs into saved(), and none of them outside of the function.',
    ru: 'Перечислите все переменные, от которых зависит ответ. Каждая должна попасть в saved(), и ни одна не должна жить вне функции.',
  },
  {
    en: 'A Map is a list of pairs: JSON.stringify([...map]) and new Map(JSON.parse(saved)). Keys that are numbers stay numbers that way; as keys of an object they would become strings.',
    ru: 'Map — это список пар: JSON.stringify([...map]) и new Map(JSON.parse(saved)). Числовые ключи так остаются числами; ключами объекта они стали бы строками.',
  },
  {
    en: 'For rememberOffsets:',
    ru: 'Для rememberOffsets:',
    code: `const next = new Map<number, number>(saved === null ? [] : (JSON.parse(saved) as [number, number][]))
// …
saved: () => JSON.stringify([...next]),`,
  },
]

export const runHints: Hints = [
  {
    en: 'It is the consumer of lab 07 with one question before handle, and one save behind it.',
    ru: 'Это консюмер из лабораторной 07, у которого до handle появился один вопрос, а после — одно сохранение.',
  },
  {
    en: 'In eachMessage: is it new? If not, return, so that kafkajs commits past it. Else await handle, then await one save. Leave commits to kafkajs; stop is disconnect.',
    ru: 'В eachMessage: запись новая? Если нет — return, и kafkajs зафиксирует смещение после неё. Если да — дождитесь handle, потом одной save. Фиксацию оставьте kafkajs; stop — это disconnect.',
  },
  {
    en: 'The record that handle gets:',
    ru: 'Запись, которую получает handle:',
    code: `offset: Number(message.offset),
timestamp: Number(message.timestamp),
id: String(message.headers?.id),
key: message.key?.toString() ?? null,
value: message.value?.toString() ?? '',`,
  },
]

export const twoMemoriesHints: Hints = [
  {
    en: 'Look at the table of origins on the page. No memory recognises all three; which two together do?',
    ru: 'Посмотрите на таблицу происхождений на странице. Все три не узнаёт ни одна память; а какие две вместе?',
  },
  {
    en: 'One of each for each partition: rememberOffsets for ever, rememberIds for keepMs. New is what is new to both. Save both as one string under one name, so that the new one replaces the old one.',
    ru: 'По одной каждого вида на партицию: rememberOffsets — навсегда, rememberIds — на keepMs. Новое — то, что ново для обеих. Обе сохраняйте одной строкой под одним именем: новая заменит старую.',
  },
  {
    en: 'The memory of one partition:',
    ru: 'Память одной партиции:',
    code: `const byOffset = rememberOffsets(offsets)
const byId = rememberIds(keepMs, ids)
return {
  isNew: (record: Received) => byOffset.isNew(record) && byId.isNew(record),
  saved: () => JSON.stringify([byOffset.saved(), byId.saved()]),
}`,
  },
]

export const crashHints: Hints = [
  {
    en: 'Put a finger between any two lines of eachMessage: the program dies here. What is in the database, and what is committed?',
    ru: 'Поставьте палец между любыми двумя строками eachMessage: программа умирает здесь. Что в базе и что зафиксировано?',
  },
  {
    en: 'Two saves have a gap between them, in either order. So there is one save, with what handle gave and with the memory, and the commit comes after it. After a restart the memory is loaded from the store before the first record.',
    ru: 'Между двумя сохранениями есть щель, в каком бы порядке они ни шли. Значит, сохранение одно — и то, что вернула handle, и память, — а фиксация после него. После перезапуска память загружают из хранилища до первой записи.',
  },
  {
    en: 'The save:',
    ru: 'Сохранение:',
    code: `const memory = memories.get(partition) ?? remember(keepMs, await store.load(name))
// …
const changes = await handle(record)
await store.save({ ...changes, [name]: memory.saved() })`,
  },
]

export const failsHints: Hints = [
  {
    en: 'isNew says true, and remembers. Then handle fails. What will isNew say when the record comes again?',
    ru: 'isNew отвечает true и запоминает. Потом handle завершается ошибкой. Что isNew ответит, когда запись придёт снова?',
  },
  {
    en: 'After an error the memory in your variables is ahead of the store, or, if save had done its work, the store is where it should be. In both cases the store is right: throw the memory away, and load it again. And kafkajs tries again only after a plain Error.',
    ru: 'После ошибки память в ваших переменных опередила хранилище; а если save успела сделать дело, хранилище там, где надо. В обоих случаях право хранилище: выбросьте память и загрузите заново. И помните: kafkajs пробует снова только после обычной Error.',
  },
  {
    en: 'What to do with the error:',
    ru: 'Что делать с ошибкой:',
    code: `} catch (cause) {
  memories.delete(partition)
  throw new Error('not saved, the record has to come again', { cause })
}`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Each connect() needs a disconnect() that is reached whatever happens in between.',
    ru: 'Каждому connect() нужен disconnect(), до которого дойдёт, что бы ни случилось между ними.',
  },
  {
    en: 'subscribe throws when Kafka refuses. Let the error through to the caller, but disconnect on the way.',
    ru: 'Если Kafka отказывает, subscribe бросает ошибку. Пропустите её к вызывающему, но по пути закройте соединения.',
  },
  {
    en: 'The frame:',
    ru: 'Рамка:',
    code: `const consumer = kafka.consumer({ groupId: group })
try {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage })
} catch (error) {
  await consumer.disconnect()
  throw error
}
return { stop: () => consumer.disconnect() }`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Begin with rememberOffsets: it is five lines. The three memories need no broker. consumeOnce comes last, and uses two of them.',
    ru: 'Начните с rememberOffsets: это пять строк. Трём памятям брокер не нужен. consumeOnce пишите последней: она использует две из них.',
  },
  {
    en: 'For each partition: load its memory once, ask it about each record, call handle for what is new, save changes and memory in one call. After an error throw the memory away.',
    ru: 'Для каждой партиции: один раз загрузите её память, спрашивайте её о каждой записи, вызывайте handle для нового, сохраняйте изменения и память одним вызовом. После ошибки память выбросьте.',
  },
  {
    en: 'The middle of eachMessage:',
    ru: 'Середина eachMessage:',
    code: `const memory = memories.get(partition) ?? remember(keepMs, await store.load(name))
memories.set(partition, memory)
const record = received(payload)
if (!memory.isNew(record)) return`,
  },
]
