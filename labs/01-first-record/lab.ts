/** Lab 01, the first record: its title, hints and exports, in both languages. */
import type { LabText } from '../engine/lab.ts'
import { tests } from './messages.ts'

export const text = {
  id: '01',
  slug: 'first-record',
  file: 'first-record.ts',
  track: 'use',
  title: { en: 'The first record', ru: 'Первая запись' },
  summary: {
    en: 'Make a topic, send a record, find out where it went, and read everything from the beginning: kafkajs on a live broker.',
    ru: 'Создайте топик, отправьте запись, узнайте, где она лежит, и прочитайте всё с самого начала: kafkajs на живом брокере.',
  },
  exports: ['createTopic', 'sendRecord', 'describeTopic', 'readAll'],
  hints: [
    {
      en: 'kafka.admin() makes topics and knows partitions and offsets, kafka.producer() sends, kafka.consumer() reads. Each wants connect() before and disconnect() after; try … finally makes sure of the second.',
      ru: 'kafka.admin() создаёт топики и знает партиции и смещения, kafka.producer() отправляет, kafka.consumer() читает. Каждому нужен connect() до и disconnect() после; второе гарантирует try … finally.',
    },
    {
      en: 'producer.send answers with partition and baseOffset: that is the place. describeTopic joins fetchTopicMetadata (leaders) and fetchTopicOffsets (low, high) by partition number. A topic has no end, so readAll must know beforehand how far to read: ask for the end offsets first. A group remembers how far it has read: use a new group id for each call.',
      ru: 'producer.send отвечает полями partition и baseOffset: это и есть место записи. describeTopic соединяет fetchTopicMetadata (лидеры) и fetchTopicOffsets (low, high) по номеру партиции. У топика нет конца, поэтому readAll должна знать заранее, докуда читать: сначала спросите конечные смещения. Группа помнит, докуда дочитала: для каждого вызова нужен новый id группы.',
    },
    {
      en: 'readAll: const ends = await describeTopic(…); if every partition is empty, return []. subscribe({ topics: [topic], fromBeginning: true }); then await new Promise(resolve => consumer.run({ eachMessage: async ({ partition, message }) => { push; if this was the last awaited record, resolve() } })); and only after that promise, outside eachMessage, await consumer.disconnect(). Compare offsets as BigInt, not as strings.',
      ru: 'readAll: const ends = await describeTopic(…); если все партиции пусты, верните []. subscribe({ topics: [topic], fromBeginning: true }); затем await new Promise(resolve => consumer.run({ eachMessage: async ({ partition, message }) => { добавить; если это последняя ожидаемая запись, resolve() } })); и только после этого промиса, снаружи eachMessage, await consumer.disconnect(). Сравнивайте смещения как BigInt, а не как строки.',
    },
  ],
  examples: ['hello', 'greetings', 'world', 'anna', 3, 2, 5, '0', '1'],
  tests,
} as const satisfies LabText
