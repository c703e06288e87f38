/**
 * Known differences in settings.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const CONFIGS: readonly LedgerEntry[] = [
  {
    scenario: 'IncrementalAlterConfigs: what is refused',
    field: '4 *.errorCode',
    ours: 42,
    kafka: -1,
    reason: {
      en: 'Kafka fails over an operation that does not exist; ours says INVALID_REQUEST',
      ru: 'на операции, которой не существует, Kafka падает с ошибкой; наш брокер отвечает INVALID_REQUEST',
    },
    kafkaVersion: KAFKA_VERSION,
  },
  {
    scenario: 'IncrementalAlterConfigs: what is refused',
    field: '4 *.errorMessage',
    ours: 'Unknown operation type 9',
    kafka: null,
    reason: { en: 'follows from the error before', ru: 'следует из предыдущей ошибки' },
    kafkaVersion: KAFKA_VERSION,
  },
]
