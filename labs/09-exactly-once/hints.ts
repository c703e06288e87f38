/**
 * Lab 09: hints, three for each function and three for each promise that is hard: a nudge, the concept, nearly the code. The
 * code of each stands in the solution, line for line (hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const sendHints: Hints = [
  {
    en: 'The answer does not come, so the producer sends again. How can the broker know that it has this batch already?',
    ru: 'Ответ не пришёл, и продюсер отправляет снова. Как брокеру узнать, что этот пакет у него уже есть?',
  },
  {
    en: 'An idempotent producer asks for a producer id and numbers its batches. That holds for one producer: a new one has a new id. So make one, and let it try again.',
    ru: 'Идемпотентный продюсер получает номер и нумерует свои пакеты. Это действует в пределах одного продюсера: у нового и номер новый. Поэтому создайте одного, и пусть он сам и повторяет.',
  },
  {
    en: 'The whole function:',
    ru: 'Вся функция:',
    code: `const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
try {
  await producer.connect()
  await producer.send({ topic, messages: [...records] })
} finally {
  await producer.disconnect()
}`,
  },
]

export const togetherHints: Hints = [
  {
    en: 'Which of your calls go through the transaction, and which past it? And how does it end when one of them throws?',
    ru: 'Какие из ваших вызовов идут через транзакцию, а какие мимо? И чем она закончится, если один из них бросит ошибку?',
  },
  {
    en: 'producer.transaction() takes the id over and aborts what an earlier call has left open under it, so the id must be the one that was given. Everything is sent by the transaction. In catch: abort, as long as the transaction is active, and throw again.',
    ru: 'producer.transaction() забирает идентификатор и отменяет то, что под ним оставил открытым прежний вызов, поэтому идентификатор должен быть тот, который дали. Всё отправляется через транзакцию. В catch: abort, пока транзакция активна, и ошибку дальше.',
  },
  {
    en: 'Between connect and disconnect:',
    ru: 'Между connect и disconnect:',
    code: `const transaction = await producer.transaction()
try {
  const topicMessages = records.map(({ topic, key, value }) => ({ topic, messages: [{ key, value }] }))
  await transaction.sendBatch({ topicMessages })
  await transaction.commit()
} catch (error) {
  if (transaction.isActive()) await transaction.abort()
  throw error
}`,
  },
]

export const processHints: Hints = [
  {
    en: 'One batch, one transaction: what has to be in it, so that nothing is left to be done after its commit?',
    ru: 'Один пакет — одна транзакция. Что должно в неё войти, чтобы после неё ничего не осталось доделать?',
  },
  {
    en: 'autoCommit: false and eachBatch. Transform the records one after the other and collect the results; send them by the transaction; give sendOffsets the offset after the last record, also when there are no results; commit.',
    ru: 'autoCommit: false и eachBatch. Преобразуйте записи по очереди и соберите результаты; отправьте их через транзакцию; передайте в sendOffsets смещение после последней записи, даже если результатов нет; подтвердите.',
  },
  {
    en: 'The end of the transaction of a batch:',
    ru: 'Конец транзакции пакета:',
    code: `await transaction.send({ topic: target, messages: results })
const topics = [{ topic: source, partitions: [{ partition, offset: next }] }]
await transaction.sendOffsets({ consumerGroupId: group, topics })
await transaction.commit()`,
  },
]

export const crashHints: Hints = [
  {
    en: 'Ask of each line of yours: if the program dies right here, what counts already? It must be nothing of this batch, or everything.',
    ru: 'Спросите о каждой своей строке: если программа умрёт прямо здесь, что уже видно? Из этого пакета — либо ничего, либо всё.',
  },
  {
    en: 'Results outside of the transaction count before the crash, offsets outside of it move before or after it. Both belong in the transaction. And what the crash leaves open ends when the next start takes over the same id.',
    ru: 'Результаты мимо транзакции видны ещё до падения, смещения мимо неё сдвигаются раньше или позже. Место и тем и другим — в транзакции. А то, что осталось открытым после падения, закончится, когда следующий запуск заберёт тот же идентификатор.',
  },
  {
    en: 'The producer, at each start the same:',
    ru: 'Продюсер, при каждом запуске один и тот же:',
    code: `return kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })`,
  },
]

export const failHints: Hints = [
  {
    en: 'After abort nothing of the batch counts. And where does the consumer go on?',
    ru: 'После abort ни одного результата этого пакета не видно. А с какого места продолжит консюмер?',
  },
  {
    en: 'kafkajs goes on behind a batch whose eachBatch has returned, and fetches it again if eachBatch has thrown. So abort, and throw; and throw a plain Error, for after a TypeError and its like kafkajs stops for good.',
    ru: 'Если eachBatch закончилась, kafkajs идёт дальше, а если бросила ошибку — читает тот же пакет снова. Значит, abort и ошибку дальше, причём обычную Error: после TypeError и подобных kafkajs останавливается насовсем.',
  },
  {
    en: 'Around transform, and around the transaction:',
    ru: 'Вокруг transform и вокруг транзакции:',
    code: `const given = await transform(received(partition, message)).catch((cause: unknown) => {
  throw new Error('transform failed, the batch has to come again', { cause })
})`,
  },
]

export const breakHints: Hints = [
  {
    en: 'The commit was sent, and no answer came. Has it happened? Where could the program ask?',
    ru: 'Подтверждение отправлено, а ответа нет. Состоялось ли оно? У кого это можно узнать?',
  },
  {
    en: 'Only the coordinator knows. A new start asks it: taking over the id ends the transaction one way or the other, and the committed offsets, read afterwards, say which. So end, and let yourself be started again: throw; kafkajs ends the consumer, because its producer begins no other transaction; tell of it.',
    ru: 'Знает только координатор. Его спросит новый запуск: забрав идентификатор, он так или иначе завершит транзакцию, и прочитанные после этого смещения скажут, как именно. Поэтому завершитесь, и пусть вас запустят снова: бросьте ошибку; kafkajs остановит консюмер, ведь новой транзакции продюсер не начнёт; сообщите об этом.',
  },
  {
    en: 'Before run:',
    ru: 'До run:',
    code: `consumer.on(consumer.events.CRASH, async ({ payload: { error, restart } }) => {
  if (restart) return
  await producer.disconnect()
  await onEnded(isFenced(error) ? 'fenced' : 'failed')
})`,
  },
]

export const zombieHints: Hints = [
  {
    en: 'From which of your calls on is the old instance shut out? And what has the new one read by then?',
    ru: 'С какого вашего вызова старый экземпляр отсечён? И что новый к этому времени уже прочитал?',
  },
  {
    en: 'The first producer.transaction() takes the id over. Do it before the consumer joins its group, for then it reads the committed offsets. The old instance hears INVALID_PRODUCER_EPOCH at its next request; let this error out of eachBatch, and kafkajs ends the consumer.',
    ru: 'Идентификатор забирает первый producer.transaction(). Сделайте это до того, как консюмер войдёт в группу: тогда же он читает зафиксированные смещения. Старый экземпляр на следующий же запрос получит INVALID_PRODUCER_EPOCH; выпустите эту ошибку из eachBatch, и kafkajs остановит консюмер.',
  },
  {
    en: 'The order of a start:',
    ru: 'Порядок запуска:',
    code: `const transaction = await producer.transaction()
await transaction.abort()
await consumer.connect()
await consumer.subscribe({ topics: [source], fromBeginning: true })`,
  },
]

export const stopHints: Hints = [
  {
    en: 'Two clients, one order. Which of them is needed by the work that is still going on?',
    ru: 'Два клиента, один порядок. Какой из них нужен работе, которая ещё идёт?',
  },
  {
    en: 'consumer.disconnect() waits for the running eachBatch, and isRunning() tells that one to come to an end. It ends its transaction by the producer, so the producer goes last.',
    ru: 'consumer.disconnect() дожидается идущей eachBatch, а isRunning() говорит ей, что пора заканчивать. Свою транзакцию она завершает через продюсера, поэтому его отключают последним.',
  },
  {
    en: 'What startProcessor returns:',
    ru: 'Что возвращает startProcessor:',
    code: `stop: async () => {
  await consumer.disconnect()
  await producer.disconnect()
},`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Count your connect() calls: each of them needs a disconnect() that is reached whatever happens in between.',
    ru: 'Посчитайте вызовы connect(): каждому нужен disconnect(), до которого дойдёт, что бы ни случилось между ними.',
  },
  {
    en: 'subscribe and send throw when Kafka refuses. Let the error through to the caller, but disconnect on the way: in finally for a producer; in catch for a processor, both of its clients.',
    ru: 'Если Kafka отказывает, subscribe и send бросают ошибку. Пропустите её к вызывающему, но по пути закройте соединения: у продюсера — в finally, у обработчика — в catch, у обоих клиентов.',
  },
  {
    en: 'The end of startProcessor’s start:',
    ru: 'Конец запуска в startProcessor:',
    code: `} catch (error) {
  await consumer.disconnect()
  await producer.disconnect()
  throw error
}`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Begin with sendOnce, then writeTogether: startProcessor is writeTogether in a loop, with offsets among the records.',
    ru: 'Начните с sendOnce, потом writeTogether: startProcessor — это writeTogether в цикле, где среди записей есть и смещения.',
  },
  {
    en: 'At the start: take over the id, then join the group. For each batch: one transaction with results and offsets. When anything fails: abort if that can still be done, and throw. What kafkajs does not start again by itself ends with onEnded.',
    ru: 'При запуске: забрать идентификатор, потом войти в группу. На каждый пакет: одна транзакция с результатами и смещениями. При любой неудаче: abort, если ещё можно, и ошибку дальше. Что kafkajs сама не запустит снова, заканчивается вызовом onEnded.',
  },
  {
    en: 'The frame of a batch:',
    ru: 'Рамка для пакета:',
    code: `} catch (error) {
  if (transaction.isActive()) await transaction.abort()
  throw error
}`,
  },
]
