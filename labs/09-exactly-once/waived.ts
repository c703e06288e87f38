/** Lab 09: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const noName =
  'The page: a topic that exists, or one that Kafka refuses. kafkajs itself refuses an empty name'
const tooLong = 'kafkajs cannot send it: names and ids have a 16-bit length'
const noId = 'kafkajs itself refuses an empty group id, and takes an empty transactional id for none'
const keyMax = 'The page: a key has 1,000 bytes at most'

export const waived: Waived = {
  probes: {
    'sendOnce.1: empty': noName,
    'sendOnce.1: 100,000 characters': tooLong,
    'sendOnce.2: 10,000 items': 'The page: 0 to 1,000 records',
    'sendOnce.2[].key: 100,000 characters': keyMax,
    'writeTogether.1: empty': noId,
    'writeTogether.1: 100,000 characters': tooLong,
    'writeTogether.2: 10,000 items': 'The page: 0 to 100 records',
    'writeTogether.2[].topic: empty': noName,
    'writeTogether.2[].topic: 100,000 characters': tooLong,
    'writeTogether.2[].key: 100,000 characters':
      'The lists of writeTogether are short; sendOnce has long keys',
    'writeTogether.2[].value: 100,000 characters':
      'sendOnce has long values; both send them by the same verb',
    'startProcessor.1.source: empty': noName,
    'startProcessor.1.source: 100,000 characters': tooLong,
    'startProcessor.1.target: empty': 'The page: target exists',
    'startProcessor.1.target: spaces at the ends': 'The page: target exists',
    'startProcessor.1.target: byte order mark': 'The page: target exists',
    'startProcessor.1.target: combining marks': 'The page: target exists',
    'startProcessor.1.target: astral': 'The page: target exists',
    'startProcessor.1.target: 100,000 characters': 'The page: target exists',
    'startProcessor.1.group: empty': noId,
    'startProcessor.1.group: 100,000 characters': tooLong,
    'startProcessor.1.transactionalId: empty': noId,
    'startProcessor.1.transactionalId: 100,000 characters': tooLong,
  },
}
