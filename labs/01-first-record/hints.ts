/**
 * Lab 01: hints, three for each function and three about closing: a nudge, the concept, nearly the code.
 * The code of each stands in the solution, line for line (labs/tests/hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const createHints: Hints = [
  {
    en: 'kafka.admin() creates topics. Look at what its createTopics resolves to when the topic is new, and when it is not.',
    ru: 'Топики создаёт kafka.admin(). Посмотрите, что возвращает её createTopics, когда топик новый и когда он уже есть.',
  },
  {
    en: 'createTopics resolves to true when the topic is new and to false when there is one of this name; any other refusal it throws. So one request is enough, and its answer is yours. Asking first which topics there are only makes room for others in between.',
    ru: 'createTopics возвращает true, если топик новый, и false, если такой уже есть; при любом другом отказе бросает ошибку. Значит, хватит одного запроса, а его ответ и есть ваш. Если сначала спросить, какие топики есть, между запросами может успеть кто-то другой.',
  },
  {
    en: 'The body of createTopic:',
    ru: 'Тело createTopic:',
    code: `const admin = kafka.admin()
try {
  await admin.connect()
  return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
} finally {
  await admin.disconnect()
}`,
  },
]

export const sendHints: Hints = [
  {
    en: 'kafka.producer() sends. Look at what its send resolves to.',
    ru: 'Отправляет kafka.producer(). Посмотрите, что возвращает её send.',
  },
  {
    en: 'send resolves to a list with one element for each partition that was written to. You send one record, so there is one element: its partition and baseOffset are the place. Pass key and value on unchanged: kafkajs takes strings, and null as a key.',
    ru: 'send возвращает список: по элементу на каждую партицию, в которую писали. Запись одна, значит, и элемент один: его partition и baseOffset — место записи. Ключ и значение передавайте без изменений: kafkajs принимает строки, а ключом может быть и null.',
  },
  {
    en: 'Between connect and disconnect:',
    ru: 'Между connect и disconnect:',
    code: `const [answer] = await producer.send({ topic, messages: [{ key: record.key, value: record.value }] })
if (answer?.baseOffset === undefined) throw new Error('the broker did not say where the record lies')
return { partition: answer.partition, offset: answer.baseOffset }`,
  },
]

export const describeHints: Hints = [
  {
    en: 'kafka.admin() answers two questions here: fetchTopicMetadata knows the leaders, fetchTopicOffsets the offsets.',
    ru: 'kafka.admin() отвечает здесь на два вопроса: fetchTopicMetadata знает лидеров, fetchTopicOffsets — смещения.',
  },
  {
    en: 'Join the two answers by the number of the partition (partitionId in the one, partition in the other), never by the place in the list. low is the start offset, high the end offset. Sort with a function that subtracts: without one, sort() compares texts.',
    ru: 'Соединяйте ответы по номеру партиции (в одном это partitionId, в другом partition), а не по месту в списке. low — начальное смещение, high — конечное. Сортируйте функцией с вычитанием: без неё sort() сравнивает тексты.',
  },
  {
    en: 'Between connect and disconnect:',
    ru: 'Между connect и disconnect:',
    code: `const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
const offsets = await admin.fetchTopicOffsets(topic)
return (topics[0]?.partitions ?? [])
  .map(({ partitionId, leader }) => {
    const found = offsets.find(({ partition }) => partition === partitionId)
    return { partition: partitionId, leader, startOffset: found?.low ?? '', endOffset: found?.high ?? '' }
  })
  .sort((a, b) => a.partition - b.partition)`,
  },
]

export const readHints: Hints = [
  {
    en: 'A topic has no end, so a consumer never stops by itself. Ask for the end offsets before you read: then you know which record is the last one of each partition.',
    ru: 'У топика нет конца, и сам консюмер не остановится. До чтения узнайте конечные смещения: тогда известно, какая запись в каждой партиции последняя.',
  },
  {
    en: 'Write down the last offset of each partition that is not empty; if there is none, return []. Subscribe with fromBeginning: true and a group id that nobody has used. consumer.run resolves before the records have come, so make a promise of your own that eachMessage resolves when the last awaited record is there. Disconnect after that promise, outside of eachMessage: inside it would wait for itself.',
    ru: 'Запишите последнее смещение каждой непустой партиции; если таких нет, верните []. Подпишитесь с fromBeginning: true и с id группы, которым никто не пользовался. consumer.run завершается раньше, чем приходят записи, поэтому создайте свой промис: его выполнит eachMessage, когда придёт последняя ожидаемая запись. Отключайтесь после этого промиса, снаружи eachMessage: внутри отключение ждало бы само себя.',
  },
  {
    en: 'After last (partition → last offset) is filled and the consumer is connected:',
    ru: 'Когда last (партиция → последнее смещение) заполнена и консюмер подключён:',
    code: `await consumer.subscribe({ topics: [topic], fromBeginning: true })
await new Promise<void>((resolve, reject) => {
  const eachMessage = async ({ partition, message }: EachMessagePayload) => {
    const { offset, key, value } = message
    records.push({ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? '' })
    if (BigInt(offset) === last.get(partition)) last.delete(partition)
    if (last.size === 0) resolve()
  }
  consumer.run({ eachMessage }).catch(reject)
})
return records`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Count your connect() calls: each of them needs a disconnect() that is reached whatever happens in between.',
    ru: 'Посчитайте вызовы connect(): каждому нужен disconnect(), до которого дойдёт, что бы ни случилось между ними.',
  },
  {
    en: 'try … finally runs the finally block after a return and after an error alike. Await disconnect() there: without await the function is finished before its connections are.',
    ru: 'В try … finally блок finally выполняется и после return, и после ошибки. Дождитесь там disconnect(): без await функция завершится раньше, чем закроются соединения.',
  },
  {
    en: 'The same frame fits all four functions:',
    ru: 'Всем четырём функциям подходит одна и та же рамка:',
    code: `const admin = kafka.admin()
try {
  await admin.connect()
  return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
} finally {
  await admin.disconnect()
}`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'kafka.admin() creates topics and knows partitions and offsets, kafka.producer() sends, kafka.consumer() reads. Each wants connect() before and disconnect() after, also after an error.',
    ru: 'kafka.admin() создаёт топики и знает партиции и смещения, kafka.producer() отправляет, kafka.consumer() читает. Каждому нужен connect() до и disconnect() после, в том числе после ошибки.',
  },
  {
    en: 'Begin with createTopic: its answer is that of admin.createTopics. sendRecord returns partition and baseOffset of what send resolves to. describeTopic joins fetchTopicMetadata and fetchTopicOffsets by partition number. readAll uses describeTopic to know how far to read.',
    ru: 'Начните с createTopic: её ответ — это ответ admin.createTopics. sendRecord возвращает partition и baseOffset из того, что вернула send. describeTopic соединяет fetchTopicMetadata и fetchTopicOffsets по номеру партиции. readAll узнаёт из describeTopic, докуда читать.',
  },
  {
    en: 'All of createTopic, and the frame of the other three:',
    ru: 'createTopic целиком — и рамка для остальных трёх:',
    code: `const admin = kafka.admin()
try {
  await admin.connect()
  return await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
} finally {
  await admin.disconnect()
}`,
  },
]
