/** Lab 05: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const kafkasNames =
  'A name of a topic: Kafka allows letters, digits, dots, dashes and underlines, 249 at most'
const sizes = 'The page: up to 100 members, 50 topics and 2,000 partitions'
const named = 'Members and instances have names; an empty or an endless one is of no use to anybody'
const words = "The page: 'starts', 'stops' or 'crashes'"
const timeouts = 'A time of a live group: a broker would refuse it, or it would say nothing new'
const tooLong = 'kafkajs cannot send it: a group id has a 16-bit length'

export const waived: Waived = {
  probes: {
    'assign.0: 10,000 items': sizes,
    'assign.0[].id: 100,000 characters': named,
    'assign.0[].id: empty': named,
    'assign.0[].owned: 10,000 items': sizes,
    'assign.0[].owned[].topic: *': kafkasNames,
    'assign.0[].topics: 0 items': 'A member that reads nothing does not join a group',
    'assign.0[].topics: 10,000 items': sizes,
    'assign.0[].topics[]: *': kafkasNames,
    'assign.1: 10,000 items': sizes,
    'assign.1[].partitions: 0': 'A topic has one partition at least',
    'assign.1[].topic: *': kafkasNames,
    'cooperativeRound.0: 10,000 items': sizes,
    'cooperativeRound.0[].id: *': named,
    'cooperativeRound.0[].owned: 10,000 items': sizes,
    'cooperativeRound.0[].owned[].partition: 1,000 or more':
      'A number is only compared here; assign is asked for 1,020',
    'cooperativeRound.0[].owned[].topic: *': kafkasNames,
    'cooperativeRound.0[].topics: 0 items': 'A member that reads nothing does not join a group',
    'cooperativeRound.0[].topics: 10,000 items': sizes,
    'cooperativeRound.0[].topics[]: *': kafkasNames,
    'cooperativeRound.1: 10,000 items': sizes,
    'cooperativeRound.1[].id: *': named,
    'cooperativeRound.1[].partitions: 10,000 items': sizes,
    'cooperativeRound.1[].partitions[].partition: 1,000 or more':
      'A number is only compared here; assign is asked for 1,020',
    'cooperativeRound.1[].partitions[].topic: *': kafkasNames,
    'memberChanges.0: 10,000 items': 'Each event is looked at once; 28 of them take the same paths',
    'memberChanges.0[].instanceId: 100,000 characters': named,
    'memberChanges.0[].instanceId: empty': named,
    'memberChanges.0[].what: *': words,
    'memberChanges.0[].worker: 100,000 characters': named,
    'memberChanges.0[].worker: byte order mark':
      'The name of a worker has no effect; an instance id with one is tried',
    'memberChanges.0[].worker: empty': named,
    'memberChanges.1: 0': 'A session of no time ends before it begins',
    'startWorker.1.groupId: 100,000 characters': tooLong,
    'startWorker.1.groupId: empty': 'The page: any text that is not empty',
    'startWorker.1.heartbeatMs: *': timeouts,
    'startWorker.1.sessionMs: *': timeouts,
    'startWorker.1.topics: 0 items': 'A member that reads nothing does not join a group',
    'startWorker.1.topics: 10,000 items': 'The topics have to be made first',
    'startWorker.1.topics[]: *': kafkasNames,
  },
}
