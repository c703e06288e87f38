/** Lab 11: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const names =
  'A name of a topic or a group: Kafka allows letters, digits, dots, dashes and underlines for topics, and kafkajs refuses an empty one'

export const waived: Waived = {
  probes: {
    'planRetries.0: *': names,
    'planRetries.1.retries: 1,000 or more': 'The page: 0 to 100 retries',
    'consumeWithRetries.1.topic: *': names,
    'consumeWithRetries.1.group: *': names,
    'consumeWithRetries.1.dead: *': names,
    'consumeWithRetries.1.retries[].topic: *': names,
    'consumeWithRetries.1.retries: 10,000 items': 'The page: up to 5 retry topics',
  },
}
