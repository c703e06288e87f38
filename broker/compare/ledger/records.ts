/**
 * Known differences in records in and out.
 */
import { KAFKA_VERSION, type LedgerEntry } from './entry.ts'

export const RECORDS: readonly LedgerEntry[] = [
  {
    scenario: 'Produce: more than ten thousand records without a key',
    field: '1 refused: .named',
    ours: 10_000,
    kafka: 10_001,
    reason: {
      en: 'Of the refused records of a batch, the first 10,000 are named; the message counts all of them. Kafka names all. A batch of 6 KB may hold nine million records without a key: naming them takes an answer of a gigabyte, and a broker with a small heap would die of it.',
      ru: 'Из отвергнутых записей пакета по именам названы первые 10 000, а в тексте ошибки сосчитаны все. Kafka называет все до одной. Пакет в 6 КБ вмещает девять миллионов записей без ключа: их перечисление — это ответ в гигабайт, и брокер с небольшой кучей от него бы умер.',
    },
    kafkaVersion: KAFKA_VERSION,
  },
]
