/**
 * Known differences in produced and fetched records.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const RECORDS: readonly LedgerEntry[] = [
  {
    scenario: 'Produce: more than ten thousand records without a key',
    field: '1 refused: .named',
    ours: 10_000,
    kafka: 10_001,
    reason: {
      en: 'Of the refused records of a batch only the first 10,000 are listed, while the message counts all of them. Kafka lists all. A batch of 6 KB can hold nine million records without a key: the list would take a gigabyte, and a broker with a small heap would run out of memory.',
      ru: 'Из отвергнутых записей пакета в ответе перечислены только первые 10 000, а в тексте ошибки указано их полное число. Kafka перечисляет все. В пакет размером 6 КБ помещается девять миллионов записей без ключа: такой список занял бы гигабайт, и брокеру с небольшой кучей не хватило бы памяти.',
    },
    kafkaVersion: KAFKA_VERSION,
  },
]
