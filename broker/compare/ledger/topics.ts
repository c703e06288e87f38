/**
 * Known differences in the administration of topics.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const TOPICS: readonly LedgerEntry[] = [
  {
    scenario: 'CreateTopics: every version, and again',
    field: '16 CreateTopics v7: .topics[0].topicId',
    ours: 'AAAAAAAAAAAAAAAAAAAAAA',
    kafka: 'topicId#1',
    reason: {
      en: 'asked only to validate, Kafka names an id that no topic will ever have; ours names none',
      ru: 'при одной лишь проверке Kafka называет id, которого не будет ни у одного топика; наш брокер — никакого',
    },
    kafkaVersion: KAFKA_VERSION,
  },
  {
    scenario: 'CreateTopics: every version, and again',
    field: '17 CreateTopics v7: .topics[0].topicId',
    ours: 'topicId#1',
    kafka: 'topicId#2',
    reason: {
      en: 'follows from the line before: the id is the second that Kafka has named',
      ru: 'следует из предыдущей строки: это второй id, который назвала Kafka',
    },
    kafkaVersion: KAFKA_VERSION,
  },
]
