/** Lab 07: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const noName =
  'The page: a topic that exists, or one that Kafka refuses. kafkajs itself refuses an empty name'
const tooLong = 'kafkajs cannot send it: a name has a 16-bit length'
const noGroup = 'kafkajs itself refuses an empty group id'

export const waived: Waived = {
  probes: {
    'consumeAtMostOnce.1: empty': noName,
    'consumeAtLeastOnce.1: empty': noName,
    'sendAtMostOnce.1: empty': noName,
    'sendAtLeastOnce.1: empty': noName,
    'consumeAtMostOnce.1: 100,000 characters': tooLong,
    'consumeAtLeastOnce.1: 100,000 characters': tooLong,
    'sendAtMostOnce.1: 100,000 characters': tooLong,
    'sendAtLeastOnce.1: 100,000 characters': tooLong,
    'consumeAtMostOnce.2: empty': noGroup,
    'consumeAtLeastOnce.2: empty': noGroup,
    'consumeAtMostOnce.2: 100,000 characters': tooLong,
    'consumeAtLeastOnce.2: 100,000 characters': tooLong,
    'sendAtMostOnce.2[].key: 100,000 characters': 'The page: a key has 1,000 bytes at most',
    'sendAtLeastOnce.2[].key: 100,000 characters': 'The page: a key has 1,000 bytes at most',
    'sendAtMostOnce.2: 10,000 items': 'The page: 0 to 1,000 records',
    'sendAtLeastOnce.2: 10,000 items': 'The page: 0 to 1,000 records',
  },
}
