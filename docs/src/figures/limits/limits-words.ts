import type { Text } from '../../i18n/locale'
import type { Limit, Load } from './limits'

/** Texts of the figure of limits. */
export const limitsWords = {
  ceilings: { en: 'Ceilings, records per second', ru: 'Потолки, записей в секунду' },
  reached: { en: 'reached', ru: 'достигается' },
  perS: { en: '{count} records/s', ru: '{count} записей/с' },
  answer: { en: 'an answer takes', ru: 'ответ занимает' },
  in: { en: 'into the leader', ru: 'в лидер' },
  out: { en: 'out of the leader', ru: 'из лидера' },
  ms: { en: '{count} ms', ru: '{count} мс' },
  megabytes: { en: '{count} MB/s', ru: '{count} МБ/с' },
} satisfies Record<string, Text>

export const loadNames: Readonly<Record<keyof Load, Text>> = {
  valueBytes: { en: 'bytes in a value', ru: 'байт в значении' },
  perBatch: { en: 'records in a batch', ru: 'записей в пакете' },
  inFlight: { en: 'requests in flight', ru: 'запросов без ответа' },
  roundTripMs: { en: 'round trip, ms', ru: 'туда и обратно, мс' },
  copies: { en: 'replicas', ru: 'реплик' },
  groups: { en: 'groups that read', ru: 'читающих групп' },
}

export const limitNames: Readonly<Record<Limit, Text>> = {
  answers: { en: 'waiting for answers', ru: 'ожидание ответов' },
  requests: { en: 'requests that the broker handles', ru: 'запросы, которые успевает брокер' },
  network: { en: 'the network of the leader', ru: 'сеть лидера' },
  disk: { en: 'its disk', ru: 'его диск' },
}

/** What helps when this is the lowest ceiling. */
export const remedies: Readonly<Record<Limit, Text>> = {
  answers: {
    en: 'The producer waits most of the time; CPU and network are idle. Larger batches, more requests in flight, more partitions on other brokers, or a shorter way.',
    ru: 'Продюсер почти всё время ждёт, процессор и сеть простаивают. Помогут пакеты крупнее, больше запросов без ответа, партиции на других брокерах или путь короче.',
  },
  requests: {
    en: 'Too many small requests. Larger batches: linger.ms, batch.size.',
    ru: 'Слишком много мелких запросов. Помогут пакеты крупнее: linger.ms, batch.size.',
  },
  network: {
    en: 'Each record goes out once for each follower and each group. Compression, fewer copies, leaders on more brokers.',
    ru: 'Каждая запись уходит по разу каждой ведомой реплике и каждой группе. Помогут сжатие, меньше копий, лидеры на большем числе брокеров.',
  },
  disk: {
    en: 'Rare: writing goes to the page cache and in sequence. Compression, more brokers, more disks.',
    ru: 'Случается редко: пишется в страничный кэш и подряд. Помогут сжатие, больше брокеров, больше дисков.',
  },
}
