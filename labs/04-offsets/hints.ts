/**
 * Lab 04: hints, three for each question: a nudge, the concept, nearly the code. The code of each stands in the
 * solution, line for line (labs/tests/hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const resumeHints: Hints = [
  {
    en: 'A consumer with the group’s id goes on at the committed offset by itself. What it cannot know is when you are done: ask kafka.admin() beforehand which partitions hold something to process, and up to which offset.',
    ru: 'Консюмер с id группы сам продолжит с зафиксированного смещения. Не знает он одного — когда вы закончили: заранее спросите у kafka.admin(), в каких партициях есть что обработать и до какого смещения.',
  },
  {
    en: 'fetchOffsets tells what is committed (-1: nothing), fetchTopicOffsets the start (low) and the end (high). There is something to process where the larger of committed and start is below the end. If that is nowhere so, return 0. Otherwise read with fromBeginning: true, which counts only where nothing valid is committed, and finish when the record end - 1 of each such partition has been processed.',
    ru: 'fetchOffsets говорит, что зафиксировано (-1 — ничего), fetchTopicOffsets — начало (low) и конец (high). Работа есть там, где большее из зафиксированного и начального меньше конечного. Если такого нет нигде, верните 0. Иначе читайте с fromBeginning: true — он действует, только если годного зафиксированного смещения нет, — и завершайтесь, когда в каждой такой партиции обработана запись end - 1.',
  },
  {
    en: 'What there is to process, by partition:',
    ru: 'Что надо обработать, по партициям:',
    code: `const committed = await committedBy(admin, groupId, topic)
const due = new Map<number, bigint>()
for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
  const bookmark = committed.get(partition) ?? 0n
  const from = bookmark > BigInt(low) ? bookmark : BigInt(low)
  if (from < BigInt(high)) due.set(partition, BigInt(high))
}`,
  },
]

export const commitHints: Hints = [
  {
    en: 'What is committed should follow from what handle is done with, and from nothing else. Who commits in your program: you, or kafkajs?',
    ru: 'Фиксироваться должно то, с чем handle закончила, и больше ничего. Кто в вашей программе фиксирует: вы или kafkajs?',
  },
  {
    en: 'Run the consumer with autoCommit: false. After `await handle(…)` note the next offset of the partition in a Map; commit the whole Map while the consumer still runs, before disconnect().',
    ru: 'Запускайте консюмер с autoCommit: false. После `await handle(…)` запоминайте следующее смещение партиции в Map, а всю Map фиксируйте, пока консюмер ещё работает, — до disconnect().',
  },
  {
    en: 'In a finally, before the consumer disconnects; next is a Map from partition to BigInt(offset) + 1n:',
    ru: 'В finally, до отключения консюмера; next — это Map из номера партиции в BigInt(offset) + 1n:',
    code: `const offsets = [...next].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }))
if (offsets.length > 0) await consumer.commitOffsets(offsets)`,
  },
]

export const failHints: Hints = [
  {
    en: 'Where does an error go that leaves eachMessage? Not to you: kafkajs takes it for a passing trouble.',
    ru: 'Куда попадает ошибка, вышедшая из eachMessage? Не к вам: kafkajs считает её временной неполадкой.',
  },
  {
    en: 'Catch the error around handle, reject your own promise with it, and make sure that eachMessage does nothing from then on: it will still be called for the rest of the batch. What was processed before is committed in a finally.',
    ru: 'Ловите ошибку вокруг handle, отклоняйте ею свой промис и позаботьтесь, чтобы дальше eachMessage ничего не делала: для остатка пакета её ещё вызовут. То, что обработано раньше, фиксируется в finally.',
  },
  {
    en: 'In eachMessage; reject belongs to the promise that resume waits for, and due is the Map of what is left to do:',
    ru: 'В eachMessage; reject — от промиса, которого ждёт resume, а due — Map того, что осталось сделать:',
    code: `try {
  await handle({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
} catch (error) {
  due.clear()
  reject(error)
  return
}`,
  },
]

export const lagHints: Hints = [
  {
    en: 'kafka.admin() answers both questions: fetchOffsets knows what a group has committed, fetchTopicOffsets where the partitions end.',
    ru: 'kafka.admin() отвечает на оба вопроса: fetchOffsets знает, что зафиксировала группа, fetchTopicOffsets — где концы партиций.',
  },
  {
    en: 'Ask for the committed offsets first, then for the ends: a group that goes on meanwhile cannot get past an end that was asked for later. Join the two by the number of the partition. -1 means that nothing is committed: null, not a number to calculate with.',
    ru: 'Сначала спросите зафиксированные смещения, потом концы: группа, которая за это время продвинулась, не обгонит конец, спрошенный позже. Соединяйте ответы по номеру партиции. -1 значит, что ничего не зафиксировано: это null, а не число для вычислений.',
  },
  {
    en: 'With committed as a Map from partition to bigint, without those that are -1:',
    ru: 'Если committed — Map из номера партиции в bigint, без тех, где -1:',
    code: `const ends = await admin.fetchTopicOffsets(topic)
return ends
  .map(({ partition, high }) => {
    const offset = committed.get(partition)
    if (offset === undefined) return { partition, committed: null, end: high, lag: null }
    return { partition, committed: offset, end: high, lag: BigInt(high) - offset }
  })
  .sort((a, b) => a.partition - b.partition)`,
  },
]

export const resetHints: Hints = [
  {
    en: 'kafka.admin() can do both: find offsets by time, and commit for a group in which nobody is at work.',
    ru: 'kafka.admin() умеет и то и другое: найти смещения по времени и зафиксировать их за группу, в которой никто не работает.',
  },
  {
    en: 'fetchTopicOffsetsByTimestamp gives for each partition the first record from a time on, and the end offset where there is none. setOffsets commits them, and throws while the group has a member. A seek would not do: it moves one consumer, not the group.',
    ru: 'fetchTopicOffsetsByTimestamp даёт для каждой партиции первую запись начиная с указанного времени, а если такой нет — конечное смещение. setOffsets их фиксирует и бросает ошибку, пока в группе кто-то есть. seek не поможет: он двигает один консюмер, а не группу.',
  },
  {
    en: 'Between connect and disconnect:',
    ru: 'Между connect и disconnect:',
    code: `const partitions = await admin.fetchTopicOffsetsByTimestamp(topic, time)
await admin.setOffsets({ groupId, topic, partitions })
return partitions.sort((a, b) => a.partition - b.partition)`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Each admin and each consumer that you connect has connections of its own. Is there a way out of the function that passes disconnect() by?',
    ru: 'У каждого админ-клиента и у каждого консюмера, который вы подключили, свои соединения. Нет ли выхода из функции в обход disconnect()?',
  },
  {
    en: 'In try … finally the finally is reached after a return and after an error alike. Await disconnect() there: without await the function is finished before its connections are.',
    ru: 'В try … finally блок finally выполняется и после return, и после ошибки. Дождитесь там disconnect(): без await функция завершится раньше, чем закроются соединения.',
  },
  {
    en: 'A frame for all that asks an admin:',
    ru: 'Рамка для всего, что спрашивают у админ-клиента:',
    code: `const admin = kafka.admin()
try {
  await admin.connect()
  return await ask(admin)
} finally {
  await admin.disconnect()
}`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Three numbers of a partition: where it begins (low), where it ends (high), and the group’s bookmark between them, the committed offset. kafka.admin() knows all three; the position is a fourth one, in the memory of a consumer.',
    ru: 'У партиции три числа: где она начинается (low), где кончается (high) и где между ними закладка группы — зафиксированное смещение. kafka.admin() знает все три; четвёртое, позиция, — в памяти консюмера.',
  },
  {
    en: 'Begin with lag: fetchOffsets, then fetchTopicOffsets, joined by partition. resume asks the same questions to know what there is to do, reads with autoCommit: false, and commits what handle is done with, plus 1. resetToTime needs two calls of the admin.',
    ru: 'Начните с lag: fetchOffsets, потом fetchTopicOffsets, соединить по партиции. resume задаёт те же вопросы, чтобы знать, что надо сделать, читает с autoCommit: false и фиксирует то, с чем handle закончила, плюс 1. resetToTime хватит двух вызовов админ-клиента.',
  },
  {
    en: 'What a group has committed, for lag and for resume:',
    ru: 'Что зафиксировала группа — и для lag, и для resume:',
    code: `const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] })
const committed = new Map<number, bigint>()
for (const { partition, offset } of answer?.partitions ?? []) {
  if (offset !== '-1') committed.set(partition, BigInt(offset))
}
return committed`,
  },
]
