/**
 * Lab 07: hints, three for each kind of function and three for each promise that both share: a nudge, the concept, nearly
 * the code. The code of each stands in the solution, line for line (hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const mostHints: Hints = [
  {
    en: 'Ask of each line of yours: if the program dies right here, has the group committed this record? Before handle is called, the answer must be yes.',
    ru: 'Спросите о каждой своей строке: если программа умрёт прямо здесь, зафиксировала ли группа эту запись? К моменту вызова handle ответ должен быть «да».',
  },
  {
    en: 'Turn autoCommit off, for it commits after the work. In eachMessage commit the offset after the record, await that, and only then await handle. Catch what handle throws: an error that comes out of eachMessage makes kafkajs fetch the same record again, committed or not.',
    ru: 'Выключите autoCommit: она фиксирует после работы. В eachMessage зафиксируйте смещение, следующее за записью, дождитесь этого и только потом дождитесь handle. Ошибку handle перехватите: если она выйдет из eachMessage, kafkajs прочитает ту же запись снова, зафиксирована она или нет.',
  },
  {
    en: 'The configuration for consumer.run:',
    ru: 'Настройки для consumer.run:',
    code: `autoCommit: false,
eachMessage: async (payload) => {
  const { partition, message } = payload
  const next = (BigInt(message.offset) + 1n).toString()
  await consumer.commitOffsets([{ topic, partition, offset: next }])`,
  },
]

export const leastHints: Hints = [
  {
    en: 'Ask of each line of yours: if the program dies right here, will this record come again? Until handle has succeeded, the answer must be yes.',
    ru: 'Спросите о каждой своей строке: если программа умрёт прямо здесь, придёт ли эта запись снова? Пока handle не закончилась успешно, ответ должен быть «да».',
  },
  {
    en: 'kafkajs commits only what eachMessage has returned from, so await handle in it. By default it does so when a whole batch is done: autoCommitThreshold makes it more often. When handle fails, eachMessage must fail too, and with a plain Error: after a TypeError and its like kafkajs stops for good.',
    ru: 'kafkajs фиксирует только то, с чем eachMessage закончила, поэтому дождитесь в ней handle. По умолчанию это происходит, когда обработан весь пакет; с autoCommitThreshold — чаще. Если handle завершилась ошибкой, ошибкой должна закончиться и eachMessage, причём обычной Error: после TypeError и подобных kafkajs останавливается насовсем.',
  },
  {
    en: 'The configuration for consumer.run:',
    ru: 'Настройки для consumer.run:',
    code: `autoCommitThreshold: 1,
eachMessage: async (payload) => {
  try {
    await handle(received(payload))
  } catch (cause) {`,
  },
]

export const stopHints: Hints = [
  {
    en: 'One call of kafkajs ends reading, leaves the group and closes the connections. What does it wait for?',
    ru: 'У kafkajs есть один вызов, который прекращает чтение, выходит из группы и закрывает соединения. Чего он дожидается?',
  },
  {
    en: 'consumer.disconnect() waits for the running eachMessage, and commits afterwards what autoCommit has to commit. But consumer.commitOffsets, called by hand, does nothing from the moment at which disconnect was called. So either leave the commits after the work to kafkajs, or wait for the work and its commit before disconnect.',
    ru: 'consumer.disconnect() дожидается идущей eachMessage и после неё фиксирует то, что положено autoCommit. А вот consumer.commitOffsets, вызванная вручную, с момента вызова disconnect не делает ничего. Поэтому либо оставьте фиксацию после работы kafkajs, либо дождитесь и работы, и её фиксации до disconnect.',
  },
  {
    en: 'What both functions return, and how they begin:',
    ru: 'Что возвращают обе функции и с чего они начинают:',
    code: `await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run(configFor(consumer))`,
  },
]

export const sendHints: Hints = [
  {
    en: 'The two differ in one thing: what happens when the answer does not come.',
    ru: 'Они различаются одним: что происходит, когда ответ не пришёл.',
  },
  {
    en: 'A producer of kafkajs sends again when it has got no answer, retry.retries times. That is right for at least once, and the very thing that at most once must not do. Both pass the list on in one send, so that the order stays.',
    ru: 'Продюсер kafkajs, не получив ответа, отправляет снова, и так retry.retries раз. Для at least once это верно, а для at most once — как раз то, чего делать нельзя. Обе отправляют список одной send, чтобы порядок сохранился.',
  },
  {
    en: 'One function for both; retries is 0 or 5:',
    ru: 'Одна функция для обеих; retries — 0 или 5:',
    code: `const producer = kafka.producer({ retry: { retries } })
try {
  await producer.connect()
  await producer.send({ topic, acks: -1, messages: [...records] })
} finally {
  await producer.disconnect()
}`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Count your connect() calls: each of them needs a disconnect() that is reached whatever happens in between.',
    ru: 'Посчитайте вызовы connect(): каждому нужен disconnect(), до которого дойдёт, что бы ни случилось между ними.',
  },
  {
    en: 'subscribe and send throw when Kafka refuses. Let the error through to the caller, but disconnect on the way: in finally for a producer; in catch for a consumer, which goes on running when all is well.',
    ru: 'Если Kafka отказывает, subscribe и send бросают ошибку. Пропустите её к вызывающему, но по пути закройте соединения: у продюсера — в finally, у консюмера — в catch, ведь если всё хорошо, он продолжает работать.',
  },
  {
    en: 'The frame of a consumer:',
    ru: 'Рамка консюмера:',
    code: `const consumer = kafka.consumer({ groupId: group })
try {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run(configFor(consumer))
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
    en: 'Write the two consumers as one function that differs in what it gives to consumer.run. Begin with consumeAtLeastOnce: kafkajs is made for it.',
    ru: 'Напишите оба консюмера одной функцией, в которой различается только то, что она передаёт в consumer.run. Начните с consumeAtLeastOnce: kafkajs рассчитана на неё.',
  },
  {
    en: 'At least once: handle, then commit; if handle fails, eachMessage fails. At most once: commit, then handle; if handle fails, nobody hears of it. stop is disconnect.',
    ru: 'At least once: handle, потом фиксация; если handle завершилась ошибкой, то и eachMessage тоже. At most once: фиксация, потом handle; если она завершилась ошибкой, об этом никто не узнает. stop — это disconnect.',
  },
  {
    en: 'The frame of both consumers:',
    ru: 'Рамка обоих консюмеров:',
    code: `const consumer = kafka.consumer({ groupId: group })
try {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run(configFor(consumer))
} catch (error) {
  await consumer.disconnect()
  throw error
}
return { stop: () => consumer.disconnect() }`,
  },
]
