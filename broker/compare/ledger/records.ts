/**
 * Known differences in records in and out.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const RECORDS: readonly LedgerEntry[] = [
  ...['lastStableOffset', 'offset'].map((field) => ({
    scenario: 'Fetch: deleted up to the middle of a transaction',
    field: field === 'offset' ? '* ListOffsets v7: *.offset' : `* Fetch v12: *.${field}`,
    reason: {
      en: 'the log begins in the middle of the batch of an open transaction: Kafka names the first offset of that batch, which was deleted, as the last stable offset; here it is where the log starts',
      ru: 'лог начинается посередине пакета открытой транзакции: Kafka называет последним стабильным смещением начало этого пакета, уже удалённое, а здесь это начало лога',
    },
    kafkaVersion: KAFKA_VERSION,
  })),
  {
    scenario: 'ListOffsets: times over segments',
    field: '* ListOffsets v7: .topics[0].partitions[0].*',
    reason: {
      en: 'the first segment with a record of that time has only deleted records: Kafka looks no further and finds none, here the next segments are looked at, too',
      ru: 'в первом сегменте с записью того времени все записи удалены: Kafka дальше не ищет и ничего не находит, здесь просматриваются и следующие сегменты',
    },
    kafkaVersion: KAFKA_VERSION,
  },
]
