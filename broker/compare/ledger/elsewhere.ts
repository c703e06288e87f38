/**
 * What must differ where the other side is not the one broker that `npm run compare` starts: a cluster that
 * --bootstrap names, or a container. Here an entry may be idle, for nobody knows what cluster it will be.
 */
import { KAFKA_VERSION, type LedgerEntry, type Reason } from './entry.ts'

const SEVERAL: Reason = {
  en: 'the other side has several brokers, ours is one',
  ru: 'с другой стороны брокеров несколько, наш один',
}
const OWN_SETTINGS: Reason = {
  en: 'each cluster was started with settings of its own',
  ru: 'каждый кластер запущен со своими настройками',
}
const FILES: Reason = {
  en: "the other side's files are on another machine, or in a container",
  ru: 'файлы другой стороны лежат на другой машине или в контейнере',
}

function anyValue(scenario: string, field: string, reason: Reason): LedgerEntry {
  return { scenario, field, reason, kafkaVersion: KAFKA_VERSION }
}

export const ELSEWHERE: readonly LedgerEntry[] = [
  anyValue('*', '*.brokers', SEVERAL),
  anyValue('*', '*.controllerId', SEVERAL),
  anyValue('CreateTopics: numbers that are none', '4 CreateTopics *', SEVERAL),
  anyValue('*', '*.finalizedFeatures.*', OWN_SETTINGS),
  anyValue('kafka-dump-log: *', '*', FILES),
  anyValue('*', '*.configs.min.insync.replicas.*', OWN_SETTINGS),
]
