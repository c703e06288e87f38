/**
 * Known differences in the administration of topics.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const TOPICS: readonly LedgerEntry[] = [
  {
    scenario: 'DescribeLogDirs: *',
    field: '*.isSized*',
    ours: false,
    kafka: true,
    reason: {
      en: 'the broker that is compared keeps its logs in memory: there is no volume whose size it could tell',
      ru: 'сравниваемый брокер держит логи в памяти: нет тома, размер которого он мог бы назвать',
    },
    kafkaVersion: KAFKA_VERSION,
  },
]
