/** Lab 12: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const topicName = "The page: a topic that exists. The characters of its name are Kafka's affair"

export const waived: Waived = {
  probes: {
    'placeOrder.2: *': topicName,
    'cancelOrder.2: *': topicName,
    'relay.2: *': topicName,
    'placeOrder.3.id: empty': 'The page: an id has 1 to 100 characters',
    'placeOrder.3.id: 100,000 characters': 'The page: an id has 1 to 100 characters',
    'placeOrder.3.item: 100,000 characters': 'The page: an item has 100 characters at most',
    'cancelOrder.3: empty': 'The page: an id has 1 to 100 characters',
    'cancelOrder.3: 100,000 characters': 'The page: an id has 1 to 100 characters',
  },
}
