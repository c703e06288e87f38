/** Lab 13: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const names =
  'Names that Kafka takes for topics: letters, digits, dot, underscore and hyphen, up to 249 of them'
const policies = 'The page: one of three words'
const configs = 'Values that Kafka takes for these settings'
const ourDays = 'A time of our days, in milliseconds since 1970'
const small = 'The page: topics have up to 50 partitions and 200 records'
const outputs = 'The page: what the tool prints, a line for each partition'

const ofItsCase = 'The lines of a case depend on nothing else'
const fewLines = 'Nobody needs a thousand lines: topics have up to 50 partitions'

export const waived: Waived = {
  probes: {
    'topicAsAgreed.0.topic: *': names,
    'topicAsAgreed.0.policy: *': policies,
    'topicAsAgreed.0.existing.configs.retention.ms: *': configs,
    'topicAsAgreed.0.existing.configs.cleanup.policy: *': configs,
    'topicAsAgreed.0.existing.configs.max.message.bytes: *': configs,
    'topicAsAgreed.0.existing.configs.segment.bytes: *': configs,
    'topicAsAgreed.0.retentionMs: *': 'The page: a minute to 100 days',
    'topicAsAgreed.0.partitions: *': small,
    'topicAsAgreed.0.existing.partitions: *': small,
    'look.0.topic: *': names,
    'look.0.partition: *': small,
    'look.0.offset: *': small,
    'look.0.count: *': small,
    'rewind.0.group: *': names,
    'rewind.0.topic: *': names,
    'rewind.0.partitions: *': small,
    'rewind.0.partitions[]: *': small,
    'rewind.0.time: *': ourDays,
    'stuck.0: *': outputs,
    'stuck.1: *': outputs,
  },
  mutants: {
    'cache topicAsAgreed': ofItsCase,
    'cache look': ofItsCase,
    'cache rewind': ofItsCase,
    'cap topicAsAgreed': fewLines,
    'cap rewind': fewLines,
    'if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1 -> if (a.topic !== b.topic) return a.topic < b.topic ? -2 : 1':
      'Only the sign counts',
    'if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1 -> if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 2':
      'Only the sign counts',
    'if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1 -> if (a.topic !== b.topic) return a.topic <= b.topic ? -1 : 1':
      'They are not equal there',
  },
}
