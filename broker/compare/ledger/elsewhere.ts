/**
 * Differences that are expected with a cluster that `npm run compare` has not started: that of --bootstrap, or a container.
 * An entry here may explain nothing, because the cluster is not known beforehand.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const OWN_SETTINGS: Reason = {
  en: 'each cluster has its own settings',
  ru: 'у каждого кластера свои настройки',
}
const USED: Reason = {
  en: 'the cluster was used before, so the topics of its coordinators exist',
  ru: 'кластером уже пользовались, и топики координаторов в нём созданы',
}
const FILES: Reason = {
  en: "the cluster's files are on another machine or in a container",
  ru: 'файлы кластера лежат на другой машине или в контейнере',
}
const NETWORK: Reason = {
  en: 'the cluster sees us from its own network under another address',
  ru: 'кластер видит нас из своей сети под другим адресом',
}
const STATIC_VOTERS: Reason = {
  en: 'the voters of the cluster are given in its settings (controller.quorum.voters), so its kraft.version is 0',
  ru: 'голосующие узлы кластера заданы в его настройках (controller.quorum.voters), поэтому kraft.version там 0',
}

function anyValue(scenario: string, field: string, reason: Reason): LedgerEntry {
  return { scenario, field, reason, kafkaVersion: KAFKA_VERSION }
}

export const ELSEWHERE: readonly LedgerEntry[] = [
  anyValue('*', '*.finalizedFeatures.*', OWN_SETTINGS),
  anyValue('Coordinators: before their topics are there', '*', USED),
  anyValue('kafka-dump-log: *', '*', FILES),
  anyValue('*', '*.clientHost', NETWORK),
  anyValue('Quotas: an address that connects too often', '*', NETWORK),
  anyValue('UpdateFeatures: kraft.version *', '*', STATIC_VOTERS),
  anyValue('DescribeQuorum: *', '*.hasDirectory', STATIC_VOTERS),
  anyValue('AddRaftVoter: *', '*', STATIC_VOTERS),
  anyValue('RemoveRaftVoter: *', '*', STATIC_VOTERS),
  anyValue('DescribeConfigs: a broker, every key', '*', OWN_SETTINGS),
  anyValue('*AlterConfigs: * broker *', '*.errorMessage', OWN_SETTINGS),
  anyValue('*AlterConfigs: what a broker refuses', '*.errorMessage', OWN_SETTINGS),
  anyValue('*', '*.configs.min.insync.replicas.*', OWN_SETTINGS),
]
