/**
 * Known differences in settings.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const QUEUED_BYTES: Reason = {
  en: 'our default of queued.max.request.bytes is one frame of the largest size, Kafka has no limit: one client with many connections would fill the memory of a process that all share',
  ru: 'у нас queued.max.request.bytes по умолчанию — один запрос наибольшего размера, у Kafka предела нет: один клиент со множеством соединений занял бы память процесса, который один на всех',
}

const OWN_WORDS: Reason = {
  en: 'what a key means is said in our own words: shorter, and of what it does in this broker',
  ru: 'что значит ключ, сказано своими словами: короче и о том, что он делает в этом брокере',
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
