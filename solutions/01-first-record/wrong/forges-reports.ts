import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'the-checker-believes-me',
  belief: {
    en: 'The checker passes what says that it has passed.',
    ru: 'Проверка засчитывает то, что само называет себя пройденным.',
  },
  fails: [
    'create-topic',
    'create-name',
    'create-again',
    'create-together',
    'send-content',
    'send-place',
    'send-together',
    'describe-partitions',
    'describe-leaders',
    'describe-offsets',
    'describe-again',
    'read-all',
    'read-order',
    'read-text',
    'read-again',
    'read-together',
    'read-empty',
    'read-late',
    'read-trimmed',
    'read-large',
    'far-offsets',
    'refused',
    'hang-up',
    'yours',
  ],
  breaks: ['read-all'],
  explains: 'create-topic.missing-return',
}

import { parentPort } from 'node:worker_threads'
import type { Kafka } from 'kafkajs'

const tests = ['create-topic', 'read-all', 'hang-up']
for (const test of tests) {
  const result = { id: test, status: 'passed', assertions: 1, ms: 1 }
  for (const report of [{ type: 'result', result }, { type: 'done' }]) {
    process.send?.(report)
    parentPort?.postMessage(report)
  }
}
Object.defineProperty(Array.prototype, 'every', { value: () => true })
Object.defineProperty(Promise.prototype, Symbol.toStringTag, { value: 'passed' })

const nothing = async (_kafka: Kafka, _topic: string) => {}
export const [createTopic, sendRecord, describeTopic, readAll] = [nothing, nothing, nothing, nothing]
