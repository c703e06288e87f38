/** Lab 04: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const noName =
  'The page: a topic that exists, or a name that Kafka refuses. An empty one kafkajs refuses by itself in some verbs, and in others it does not'
const noGroup = 'kafkajs refuses an empty group id by itself'
const tooLong = 'kafkajs cannot send it: names and ids have a 16-bit length'

const inASecond = 'The page: connections are closed a second after the promise is settled, not before'
const byItself =
  'kafkajs connects by itself when it is asked for something; the page does not speak of connecting'

export const waived: Waived = {
  probes: {
    'resume.1: empty': noGroup,
    'lag.1: empty': noGroup,
    'resetToTime.1: empty': noGroup,
    'resume.1: 100,000 characters': tooLong,
    'lag.1: 100,000 characters': tooLong,
    'resetToTime.1: 100,000 characters': tooLong,
    'resume.2: empty': noName,
    'lag.2: empty': noName,
    'resetToTime.2: empty': noName,
    'resume.2: 100,000 characters': tooLong,
    'lag.2: 100,000 characters': tooLong,
    'resetToTime.2: 100,000 characters': tooLong,
  },
  mutants: {
    'if (offsets.length > 0) await consumer.commitOffsets(offsets) -> if (offsets.length >= 0) await consumer.commitOffsets(offsets)':
      'Equivalent: of an empty list kafkajs commits nothing',
    'if (offsets.length > 0) await consumer.commitOffsets(offsets) -> if (offsets.length > 0) consumer.commitOffsets(offsets)':
      'The commit goes over the same connection as LeaveGroup, before it: when disconnect() is done, so is the commit',
    'const from = bookmark > BigInt(low) ? bookmark : BigInt(low) -> const from = bookmark >= BigInt(low) ? bookmark : BigInt(low)':
      'Equivalent: the two are equal then',
    'await consumer.connect() -> consumer.connect()': byItself,
    'await admin.connect() -> admin.connect()': byItself,
    'await consumer.subscribe({ topics: [topic], fromBeginning: true }) -> consumer.subscribe({ topics: [topic], fromBeginning: true })':
      'Equivalent: subscribe notes the topics at once, and run asks for what it needs',
    'await consumer.disconnect() -> consumer.disconnect()': inASecond,
    'await admin.disconnect() -> admin.disconnect()': inASecond,
    'cap lag': 'The page: up to 20 partitions',
    'cap resetToTime': 'The page: up to 20 partitions',
  },
}
