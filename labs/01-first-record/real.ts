/** Lab 01 for real: a topic, three records, where they lie, and all that is in it, this run's records and earlier ones'. */
import { defineReal } from '../engine/real.ts'
import type { FirstRecord } from './subject.ts'

const topic = 'first-records'
const records = [
  { key: 'anna', value: 'hello' },
  { key: 'boris', value: 'привет' },
  { key: null, value: 'no key' },
]

export const real = defineReal<FirstRecord>({
  topics: [topic],
  run: async ({ subject, kafka, say, show }) => {
    const isNew: unknown = await subject.createTopic(kafka, topic, 3)
    show(`createTopic(kafka, '${topic}', 3)`, isNew)
    if (isNew === false)
      say({
        en: 'The topic is there from an earlier run, with its records.',
        ru: 'Топик остался от прошлого запуска вместе с записями.',
      })
    for (const record of records) {
      const key = record.key === null ? 'null' : `'${record.key}'`
      const call = `sendRecord(kafka, '${topic}', { key: ${key}, value: '${record.value}' })`
      show(call, await subject.sendRecord(kafka, topic, record))
    }
    show(`describeTopic(kafka, '${topic}')`, await subject.describeTopic(kafka, topic))
    show(`readAll(kafka, '${topic}')`, await subject.readAll(kafka, topic))
    say({
      en: 'Run it again: the offsets go on where they stopped, for the broker has kept everything.',
      ru: 'Запустите ещё раз: смещения продолжатся с того же места, ведь брокер всё сохранил.',
    })
  },
})
