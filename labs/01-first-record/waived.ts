/** Lab 01: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const noName =
  'The page: a name of a topic that exists, or one that Kafka refuses. An empty one kafkajs refuses by itself in some verbs, and in others it does not'
const tooLong =
  'kafkajs cannot send it: a name has a 16-bit length. 250 characters are tried, one more than Kafka takes'

export const waived: Waived = {
  probes: {
    'createTopic.1: empty': noName,
    'sendRecord.1: empty': noName,
    'describeTopic.1: empty': noName,
    'readAll.1: empty': noName,
    'createTopic.1: 100,000 characters': tooLong,
    'sendRecord.1: 100,000 characters': tooLong,
    'describeTopic.1: 100,000 characters': tooLong,
    'readAll.1: 100,000 characters': tooLong,
    'createTopic.2: 0': 'The page: 1 to 60 partitions',
    'createTopic.2: 1,000 or more': 'The page: 1 to 60 partitions',
    'sendRecord.2.key: 100,000 characters': 'The page: a key has 1,000 bytes at most',
  },
}
