/**
 * What must differ where the other side is not the one broker that `npm run compare` starts: a cluster that
 * --bootstrap names, or a container. Here an entry may be idle, for nobody knows what cluster it will be.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const OWN_SETTINGS: Reason = {
  en: 'each cluster was started with settings of its own',
  ru: 'каждый кластер запущен со своими настройками',
}
const USED: Reason = {
  en: 'the other side was used before, and has the topics of its coordinators',
  ru: 'другой стороной уже пользовались, и топики её координаторов уже есть',
}
const FILES: Reason = {
  en: "the other side's files are on another machine, or in a container",
  ru: 'файлы другой стороны лежат на другой машине или в контейнере',
}
const NETWORK: Reason = {
  en: 'the other side sees us behind a network of its own, so our address is another there',
  ru: 'другая сторона видит нас через свою сеть, и адрес у нас там другой',
}
const STATIC_VOTERS: Reason = {
  en: 'the voters of the other side stand in its settings (controller.quorum.voters): its kraft.version is 0',
  ru: 'голосующие другой стороны перечислены в её настройках (controller.quorum.voters): её kraft.version — 0',
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
