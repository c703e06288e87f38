/**
 * Known differences in settings.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const QUEUED_BYTES: Reason = {
  en: 'our default of queued.max.request.bytes is one frame of the largest size, Kafka has no limit: one client with many connections would fill the memory of a process that all share',
  ru: 'у нас queued.max.request.bytes по умолчанию — один запрос наибольшего размера, у Kafka предела нет: один клиент со множеством соединений занял бы память процесса, который один на всех',
}

export const CONFIGS: readonly LedgerEntry[] = [
  {
    scenario: 'DescribeConfigs: a broker, every key',
    field: '*.configs.queued.max.request.bytes.*',
    reason: QUEUED_BYTES,
    kafkaVersion: KAFKA_VERSION,
  },
]
