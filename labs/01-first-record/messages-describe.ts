/** Lab 01: what the tests of `describeTopic` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { describeHints } from './hints.ts'

const joinTry = {
  en: 'Look up each partition by its number: offsets.find((one) => one.partition === partitionId).',
  ru: 'Ищите каждую партицию по номеру: offsets.find((one) => one.partition === partitionId).',
} as const

export const describeTests = {
  'describe-partitions': {
    name: {
      en: 'describeTopic lists every partition once, sorted by number',
      ru: 'describeTopic перечисляет все партиции по одному разу, в порядке номеров',
    },
    promises: ['describe-list'],
    says: {
      set: {
        en: 'The topic has the partitions {wanted}; describeTopic listed {got}.',
        ru: 'В топике партиции {wanted}; describeTopic перечислила {got}.',
        try: {
          en: 'One element for each of topics[0].partitions in the answer of admin.fetchTopicMetadata({ topics: [topic] }).',
          ru: 'По одному элементу на каждую партицию из topics[0].partitions в ответе admin.fetchTopicMetadata({ topics: [topic] }).',
        },
      },
      asText: {
        en: 'The partitions come as {got}: sorted as texts.',
        ru: 'Партиции идут так: {got}, то есть отсортированы как тексты.',
        why: {
          en: 'sort() without a function compares texts, and so does localeCompare: "10" comes before "2".',
          ru: 'sort() без функции сравнивает тексты, localeCompare тоже: «10» оказывается раньше «2».',
        },
        try: {
          en: 'Sort as numbers: sort((a, b) => a.partition - b.partition)',
          ru: 'Отсортируйте как числа: sort((a, b) => a.partition - b.partition)',
        },
      },
      order: {
        en: 'The partitions come as {got}.',
        ru: 'Партиции идут так: {got}.',
        why: {
          en: 'Brokers list partitions in any order.',
          ru: 'Брокер перечисляет партиции в любом порядке.',
        },
        try: {
          en: 'Sort as numbers: sort((a, b) => a.partition - b.partition)',
          ru: 'Отсортируйте как числа: sort((a, b) => a.partition - b.partition)',
        },
      },
    },
    hints: describeHints,
  },
  'describe-leaders': {
    name: {
      en: 'describeTopic names the broker that leads each partition now',
      ru: 'describeTopic называет брокер, на котором сейчас лидер каждой партиции',
    },
    promises: ['describe-leader'],
    needs: ['describe-partitions'],
    says: {
      firstReplica: {
        en: 'For {wrong} {wrong:partition|partitions} describeTopic named the first replica, which does not lead now.',
        ru: 'У {wrong} {wrong:партиции|партиций|партиций} describeTopic назвала первую реплику, а лидер сейчас на другом брокере.',
        why: {
          en: 'The first of the replicas is the preferred leader. Another one leads after the preferred broker was down, or before leadership has moved to it.',
          ru: 'Первая реплика — предпочтительный лидер. Другая ведёт партицию, если предпочтительный брокер останавливался или лидерство к нему ещё не перешло.',
        },
        try: { en: 'Take the field leader of the metadata.', ru: 'Возьмите из метаданных поле leader.' },
      },
      leaders: {
        en: 'For {wrong} {wrong:partition|partitions} describeTopic named a broker that does not lead it.',
        ru: 'У {wrong} {wrong:партиции|партиций|партиций} describeTopic назвала не тот брокер.',
        why: {
          en: 'Ids of brokers are arbitrary numbers, and the leader of each partition is chosen by the cluster.',
          ru: 'id брокеров — произвольные числа, а лидера каждой партиции выбирает кластер.',
        },
        try: {
          en: 'The metadata has the field leader beside partitionId.',
          ru: 'В метаданных рядом с partitionId есть поле leader.',
        },
      },
    },
    hints: describeHints,
  },
  'describe-offsets': {
    name: {
      en: 'describeTopic gives each partition’s start and end offset',
      ru: 'describeTopic даёт начальное и конечное смещение каждой партиции',
    },
    promises: ['describe-offsets'],
    needs: ['describe-partitions'],
    says: {
      lastRecord: {
        en: 'The end offsets are too small by 1: they are the offsets of the last records.',
        ru: 'Конечные смещения меньше нужных на 1: это смещения последних записей.',
        why: {
          en: 'The end offset is the one that the next record will get. So it exists in an empty partition too.',
          ru: 'Конечное смещение — то, которое получит следующая запись. Поэтому оно есть и у пустой партиции.',
        },
        try: {
          en: 'Take high of fetchTopicOffsets as it is.',
          ru: 'Берите high из fetchTopicOffsets как есть.',
        },
      },
      starts: {
        en: 'The end offsets are right, some start offsets are not.',
        ru: 'Конечные смещения верные, некоторые начальные — нет.',
        why: {
          en: 'Old records are deleted from the front, and offsets are not counted anew: the oldest record keeps its number.',
          ru: 'Старые записи удаляют с начала, а смещения заново не считают: номер самой старой записи остаётся прежним.',
        },
        try: { en: 'low of fetchTopicOffsets is the start.', ru: 'low из fetchTopicOffsets — это начало.' },
      },
      mixed: {
        en: 'The offsets are those of other partitions.',
        ru: 'Смещения — от других партиций.',
        why: {
          en: 'The two answers list the partitions in different orders, so the same place in both is not the same partition.',
          ru: 'Два ответа перечисляют партиции в разном порядке: одно и то же место в них — не одна и та же партиция.',
        },
        try: joinTry,
      },
      differs: {
        en: 'Some offsets are not those of the broker.',
        ru: 'Некоторые смещения не те, что у брокера.',
        try: {
          en: 'admin.fetchTopicOffsets(topic): low is the start, high the end.',
          ru: 'admin.fetchTopicOffsets(topic): low — начало, high — конец.',
        },
      },
    },
    hints: describeHints,
  },
  'describe-again': {
    name: {
      en: 'describeTopic says how things are at each call, not how they were',
      ru: 'describeTopic при каждом вызове говорит, что есть сейчас, а не что было',
    },
    promises: ['describe-now', 'describe-began'],
    needs: ['describe-partitions', 'describe-offsets'],
    says: {
      stale: {
        en: 'Between two calls the topic changed; the second call described it as it was before.',
        ru: 'Между двумя вызовами топик изменился; второй вызов описал его таким, каким он был.',
        why: {
          en: 'Partitions are added and records come and go while your program runs, and it gets no notice of that.',
          ru: 'Пока ваша программа работает, партиции добавляют, записи приходят и удаляются; ей об этом не сообщают.',
        },
        try: {
          en: 'Ask the broker at each call; keep no answers.',
          ru: 'Спрашивайте брокер при каждом вызове; не храните ответы.',
        },
      },
      shared: {
        en: 'A record was sent, then describeTopic was called while an earlier call was still at work: it said {got} instead of {wanted}, how things were before the record.',
        ru: 'Отправили запись, потом вызвали describeTopic, пока прошлый вызов ещё не закончился: она вернула {got} вместо {wanted}, то есть то, что было до записи.',
        why: {
          en: 'The answer that an earlier call waits for may have been given before yours began.',
          ru: 'Ответ, которого ждёт прошлый вызов, брокер мог дать ещё до начала вашего.',
        },
        try: {
          en: 'Let each call ask the broker by itself, also when they run at the same time.',
          ru: 'Пусть каждый вызов спрашивает брокер сам, даже если вызовы идут одновременно.',
        },
      },
      differs: {
        en: 'Between two calls the topic changed; the second call did not describe it as it is now.',
        ru: 'Между двумя вызовами топик изменился; второй вызов описал его не таким, какой он сейчас.',
        try: {
          en: 'Ask the broker at each call; keep no answers.',
          ru: 'Спрашивайте брокер при каждом вызове; не храните ответы.',
        },
      },
    },
    hints: describeHints,
  },
} as const satisfies Record<string, TestText>
