/** Lab 08: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const noName =
  'The page: a topic that exists, or one that Kafka refuses. kafkajs itself refuses an empty name'
const tooLong = 'kafkajs cannot send it: a name has a 16-bit length'
const noGroup = 'kafkajs itself refuses an empty group id'

export const waived: Waived = {
  offsets: ['isNew.0.offset'],
  probes: {
    'consumeOnce.1: empty': noName,
    'consumeOnce.1: 100,000 characters': tooLong,
    'consumeOnce.2: empty': noGroup,
    'consumeOnce.2: 100,000 characters': tooLong,
    'consumeOnce.3.keepMs: 0': 'The page: keepMs is 1 or more',
    'rememberIds.0: 0': 'The page: keepMs is 1 or more',
    'rememberOffsets.0: *': 'The text is what the same program has saved',
    'rememberIds.1: *': 'The text is what the same program has saved',
    'rememberSequences.0: *': 'The text is what the same program has saved',
  },
}
