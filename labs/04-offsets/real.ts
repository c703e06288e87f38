/** Lab 04 for real: six orders, a group that processes them, its lag when three more come, and back to their time. */
import { defineReal } from '../engine/real.ts'
import type { Offsets } from './subject.ts'

const topic = 'lab-04-orders'
const group = 'lab-04-billing'

export const real = defineReal<Offsets>({
  topics: [topic],
  run: async ({ subject, kafka, bootstrap, say, show }) => {
    const admin = kafka.admin()
    const producer = kafka.producer()
    await Promise.all([admin.connect(), producer.connect()])
    const send = (values: readonly string[]) =>
      producer.send({ topic, messages: values.map((value) => ({ key: value, value: `order of ${value}` })) })
    try {
      await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })
      await send(['anna', 'boris', 'vera', 'ivan', 'maria', 'oleg'])
      const handle = async (record: unknown) => show('handle', record)
      show(`resume(kafka, '${group}', '${topic}', handle)`, await subject.resume(kafka, group, topic, handle))
      say({
        en: 'The group has processed everything, this run’s orders and those of the time when you were away.',
        ru: 'Группа обработала всё: и заказы этого запуска, и те, что пришли, пока вас не было.',
      })
      const time = Date.now()
      await send(['anna', 'vera', 'oleg'])
      show(`lag(kafka, '${group}', '${topic}')`, await subject.lag(kafka, group, topic))
      await subject.resume(kafka, group, topic, async () => {})
      say({
        en: 'Three more have come and were processed. Back to the moment before them:',
        ru: 'Пришли и обработаны ещё три. Вернёмся к моменту перед ними:',
      })
      const moved = await subject.resetToTime(kafka, group, topic, time)
      show(`resetToTime(kafka, '${group}', '${topic}', ${time})`, moved)
      show(`lag(kafka, '${group}', '${topic}')`, await subject.lag(kafka, group, topic))
      say(
        {
          en: 'The same in Kafka’s own tool: kafka-consumer-groups.sh --bootstrap-server {bootstrap} --describe --group {group}',
          ru: 'То же в утилите самой Kafka: kafka-consumer-groups.sh --bootstrap-server {bootstrap} --describe --group {group}',
        },
        { bootstrap, group },
      )
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    }
  },
})
