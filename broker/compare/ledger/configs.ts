/**
 * Known differences in configs.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const QUEUED_BYTES: Reason = {
  en: 'our default of queued.max.request.bytes is one request of the largest size, Kafka has no limit: without one, a client with many connections could fill the memory of the process that serves all clients',
  ru: 'queued.max.request.bytes по умолчанию у нас равен одному запросу наибольшего размера, а в Kafka не ограничен: без предела один клиент с множеством соединений занял бы всю память процесса, который обслуживает всех',
}

const OWN_WORDS: Reason = {
  en: 'descriptions of settings are in our own words: shorter, and about what a setting does in this broker',
  ru: 'описания настроек написаны своими словами: короче и о том, что настройка делает в этом брокере',
}

export const CONFIGS: readonly LedgerEntry[] = [
  {
    scenario: 'DescribeConfigs: a broker, every key',
    field: '*.configs.queued.max.request.bytes.*',
    reason: QUEUED_BYTES,
    kafkaVersion: KAFKA_VERSION,
  },
  {
    scenario: 'DescribeConfigs: what keys mean',
    field: '* DescribeConfigs v4: *.documentation',
    reason: OWN_WORDS,
    kafkaVersion: KAFKA_VERSION,
  },
]
