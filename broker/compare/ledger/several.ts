/**
 * Differences that are expected with a cluster of several brokers (--bootstrap), because ours is one. normalise.ts hides
 * which broker has answered; the entries here cover fields that depend on the number of brokers.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const LISTED: Reason = {
  en: 'all brokers are listed: the cluster has several, we have one',
  ru: 'в ответе перечислены все брокеры: в кластере их несколько, а у нас один',
}
const REPLICATED: Reason = {
  en: 'several brokers can keep several replicas, one cannot',
  ru: 'на нескольких брокерах может быть несколько реплик, на одном — нет',
}
const VOTERS: Reason = {
  en: 'the quorum of the cluster has several voters, and they are a little behind the leader',
  ru: 'в кворуме кластера несколько голосующих узлов, и они немного отстают от лидера',
}
const ASSIGNED: Reason = {
  en: 'the output of a tool contains broker ids, and partitions and coordinators may be on any of several brokers',
  ru: 'в выводе утилиты есть номера брокеров, а партиции и координаторы могут быть на любом из нескольких',
}
const HEARD: Reason = {
  en: 'a tool asks another broker than the one that it sent the change to, and that broker may not know of it yet',
  ru: 'утилита обращается не к тому брокеру, которому отправила изменение, и он мог о нём ещё не узнать',
}

function anyValue(scenario: string, field: string, reason: Reason): LedgerEntry {
  return { scenario, field, reason, kafkaVersion: KAFKA_VERSION }
}

export const SEVERAL_BROKERS: readonly LedgerEntry[] = [
  anyValue('*', '*.brokers', LISTED),
  anyValue('ListConfigResources: of every type', '*.seen', LISTED),
  anyValue('kcat: metadata', '*.out', LISTED),
  anyValue('kafka-cluster: *', '*.out', LISTED),
  anyValue('kafka-log-dirs: *', '*.out*', LISTED),
  anyValue('kafka-log-dirs: *', '* --broker-list 99: .err*', LISTED),
  anyValue('kafka-reassign-partitions: *', '*.out*', LISTED),
  anyValue('CreateTopics: numbers that are none', '4 CreateTopics *', REPLICATED),
  anyValue('CreateTopics: replication factors that are none', '* CreateTopics *', REPLICATED),
  anyValue('Metadata: internal topics', '*.first', REPLICATED),
  // From then on the topic with two replicas exists.
  anyValue('kafka-topics: what is refused', '* TopicCommand *', REPLICATED),
  anyValue('DescribeQuorum: *', '*.voters', VOTERS),
  anyValue('DescribeQuorum: *', '*.listeners', VOTERS),
  anyValue('kafka-metadata-quorum: *', '*.out*', VOTERS),
  anyValue('kafka-topics: made, described, changed, removed', '* TopicCommand --describe *', ASSIGNED),
  anyValue('kafka-transactions: *', '*.Coordinator*', ASSIGNED),
  anyValue('kafkajs: a topic made, described, grown, removed', '* fetchTopicMetadata: *', ASSIGNED),
  anyValue('kafka-configs: of brokers', '* --describe*', HEARD),
  anyValue('kafka-configs: quotas of users and clients', '*', HEARD),
  anyValue('kafka-consumer-groups: *', '* --state: .out*', ASSIGNED),
]
