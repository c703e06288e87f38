/** Lab 02 for real: kafkajs with the learner's partitioner, where each key landed, and what three more partitions would do. */
import type { ICustomPartitioner } from 'kafkajs'
import { defineReal } from '../engine/real.ts'
import type { Partitioning } from './suite.ts'

const topic = 'keyed-records'
const partitions = 3
const keys = ['anna', 'boris', 'user-42', 'ключ', '']

export const real = defineReal<Partitioning>({
  topics: [topic],
  run: async ({ subject, kafka, bootstrap, say, show }) => {
    const admin = kafka.admin()
    await admin.connect()
    try {
      await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
    } finally {
      await admin.disconnect()
    }
    const createPartitioner = subject.createPartitioner as unknown as ICustomPartitioner
    const producer = kafka.producer({ createPartitioner })
    await producer.connect()
    try {
      for (const key of keys) {
        const sent = await producer.send({
          topic,
          messages: [1, 2].map((n) => ({ key, value: `${key} ${n}` })),
        })
        const places = sent.map(({ partition, baseOffset }) => ({ partition, baseOffset }))
        show(`send({ key: '${key}' }) × 2   murmur2 = ${subject.murmur2(Buffer.from(key))}`, places)
      }
      const free = Array.from({ length: 9 }, (_, n) => ({ key: null, value: `no key ${n + 1}` }))
      const sent = await producer.send({ topic, messages: free })
      show(
        'send({ key: null }) × 9',
        sent.map(({ partition, baseOffset }) => ({ partition, baseOffset })),
      )
    } finally {
      await producer.disconnect()
    }
    show(
      `movedKeys(keys, ${partitions}, ${2 * partitions})`,
      subject.movedKeys([...keys], partitions, 2 * partitions),
    )
    say({
      en: 'Another client, the same partition: this writes one more record of anna, hashed by kcat (librdkafka).',
      ru: 'Другой клиент, та же партиция: эта команда пишет ещё одну запись с ключом anna, а хеширует её kcat (librdkafka).',
    })
    say(
      { en: '{command}', ru: '{command}' },
      {
        command: `  echo 'anna:from kcat' | kcat -b ${bootstrap} -t ${topic} -P -K : -X partitioner=murmur2_random`,
      },
    )
  },
})
