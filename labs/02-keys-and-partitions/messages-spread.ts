/** Lab 02: what is checked of records without a key, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { spreadHints } from './hints.ts'

export const spreadTests = {
  'no-key': {
    name: {
      en: 'Records without a key are spread over all partitions',
      ru: 'Записи без ключа распределяются по всем партициям',
    },
    promises: ['spread', 'spread-many'],
    says: {
      outside: {
        en: 'A record without a key went to {got}, but the topic has partitions 0 to {last}.',
        ru: 'Запись без ключа попала в {got}, а в топике партиции от 0 до {last}.',
        try: {
          en: 'The result is an integer from 0 to `partitionMetadata.length - 1`.',
          ru: 'Результат — целое число от 0 до `partitionMetadata.length - 1`.',
        },
      },
      late: {
        en: 'Record no. {n} without a key to one topic went to {got}, but the topic has partitions 0 to {last}. All before it went where they may.',
        ru: 'Запись без ключа № {n} в один топик попала в {got}, а в топике партиции от 0 до {last}. Все предыдущие шли куда можно.',
        why: {
          en: 'A counter grows with each record: after 32,767 it no longer fits a signed number of 16 bits.',
          ru: 'Счётчик растёт с каждой записью: после 32 767 он уже не помещается в 16-битное число со знаком.',
        },
        try: {
          en: 'Count in an ordinary number, or keep the remainder instead of the count.',
          ru: 'Считайте в обычном числе или храните остаток, а не счётчик.',
        },
      },
      one: {
        en: 'All {all} records without a key went to partition {got}.',
        ru: 'Все записи без ключа ({all}) попали в партицию {got}.',
        why: {
          en: 'Without a key there is no order to keep, so the load may be shared; one partition would carry all of it.',
          ru: 'Без ключа порядок хранить незачем, и нагрузку можно делить; здесь её всю несёт одна партиция.',
        },
        try: {
          en: 'Choose anew for each such record: count them for each topic, or choose at random in each call. And null is not a key to hash.',
          ru: 'Выбирайте заново для каждой такой записи: считайте их в каждом топике или каждый раз выбирайте случайно. И null — не ключ, хешировать его не надо.',
        },
      },
      uneven: {
        en: 'Of {all} records without a key some partitions got less than {floor}: see below.',
        ru: 'Из {all} записей без ключа некоторым партициям досталось меньше {floor}: см. ниже.',
        why: {
          en: 'Without a key there is no order to keep, so the load is shared: in turn, at random, or in runs of up to 20.',
          ru: 'Без ключа порядок хранить незачем, и нагрузку делят: по очереди, случайно или пачками до 20 штук.',
        },
        try: {
          en: 'Which partitions are left out, and what do their numbers have in common?',
          ru: 'Какие партиции обделены и что общего у их номеров?',
        },
      },
    },
    hints: spreadHints,
  },
  'no-key-between': {
    name: {
      en: 'Records without a key are spread in each topic, whatever goes in between',
      ru: 'Записи без ключа распределяются в каждом топике, что бы ни шло вперемешку с ними',
    },
    promises: ['spread-between'],
    needs: ['no-key', 'string-key'],
    says: {
      outside: {
        en: 'A record without a key went to {got} in topic {topic}, which has partitions 0 to {last}.',
        ru: 'Запись без ключа попала в {got} в топике {topic}, а в нём партиции от 0 до {last}.',
        try: {
          en: 'The result is an integer from 0 to `partitionMetadata.length - 1`, of this very call.',
          ru: 'Результат — целое число от 0 до `partitionMetadata.length - 1`, причём из этого вызова.',
        },
      },
      name: {
        en: 'In topic {topic} a record without a key went to {got}; it has partitions 0 to {last}. In topics with ordinary names all went well.',
        ru: 'В топике {topic} запись без ключа попала в {got}, а в нём партиции от 0 до {last}. В топиках с обычными именами всё в порядке.',
        why: {
          en: 'An object made by `{}` has properties already: `{}["constructor"]` is a function, `{}["__proto__"]` an object.',
          ru: 'У объекта `{}` уже есть свойства: `{}["constructor"]` — функция, `{}["__proto__"]` — объект.',
        },
        try: {
          en: 'What you keep by topic, keep in a Map.',
          ru: 'То, что храните по топикам, храните в Map.',
        },
      },
      'name-uneven': {
        en: 'Several topics took turns, and of {all} records without a key in {topic} some partitions got less than {floor}. In topics with ordinary names all went well.',
        ru: 'Несколько топиков чередовались, и из {all} записей без ключа в {topic} некоторым партициям досталось меньше {floor}. В топиках с обычными именами всё в порядке.',
        why: {
          en: 'An object made by `{}` is no empty table: setting `object["__proto__"]` to a number keeps nothing.',
          ru: 'Объект `{}` — не пустая таблица: если присвоить `object["__proto__"]` число, ничего не сохранится.',
        },
        try: {
          en: 'What you keep by topic, keep in a Map.',
          ru: 'То, что храните по топикам, храните в Map.',
        },
      },
      keyed: {
        en: 'Records with a key went in between, and of {all} without one some partitions got less than {floor}.',
        ru: 'Между записями без ключа ({all}) шли записи с ключом, и некоторым партициям досталось меньше {floor}.',
        why: {
          en: 'If records with a key move the counter too, every second number is used up by them.',
          ru: 'Если счётчик двигают и записи с ключом, каждый второй номер достаётся им.',
        },
        try: {
          en: 'Count only records without a key, right where you choose for them.',
          ru: 'Считайте только записи без ключа — там же, где для них выбирается партиция.',
        },
      },
      named: {
        en: 'Records with a partition of their own went in between, and of {all} without a key some partitions got less than {floor}.',
        ru: 'Между записями без ключа ({all}) шли записи с указанной партицией, и некоторым партициям досталось меньше {floor}.',
        why: {
          en: 'If records that name their partition move the counter too, every second number is used up by them.',
          ru: 'Если счётчик двигают и записи, в которых партиция указана, каждый второй номер достаётся им.',
        },
        try: {
          en: 'Count only records for which you choose, after the test of `message.partition`.',
          ru: 'Считайте только записи, для которых выбираете вы, — после проверки `message.partition`.',
        },
      },
      topics: {
        en: 'Several topics took turns, and of {all} records without a key in {topic} some partitions got less than {floor}.',
        ru: 'Несколько топиков чередовались, и из {all} записей без ключа в {topic} некоторым партициям досталось меньше {floor}.',
        why: {
          en: 'What all topics move together (a counter, a generator) gives each of them only the numbers that are left when its turn comes.',
          ru: 'Если одно и то же (счётчик, генератор) двигают все топики, каждому достаются только те номера, которые выпадают на его очередь.',
        },
        try: {
          en: 'One counter for each topic (a Map by `topic`), or Math.random() in each call. A generator of your own is a shared counter, too: `%` takes its low bits, and these repeat after a few steps.',
          ru: 'По счётчику на топик (Map по `topic`) или Math.random() при каждом вызове. Собственный генератор — тоже общий счётчик: `%` берёт его младшие биты, а они повторяются через несколько шагов.',
        },
      },
      instances: {
        en: 'Two partitioners took turns, and of {all} records without a key sent by one some partitions got less than {floor}.',
        ru: 'Два партиционера чередовались, и из {all} записей без ключа, отправленных через один, некоторым партициям досталось меньше {floor}.',
        why: {
          en: 'Each producer calls createPartitioner; a counter outside of it is shared by all producers of the program.',
          ru: 'createPartitioner вызывает каждый продюсер; счётчик вне неё общий для всех продюсеров программы.',
        },
        try: {
          en: 'Declare the counter inside createPartitioner.',
          ru: 'Объявите счётчик внутри createPartitioner.',
        },
      },
    },
    hints: spreadHints,
  },
} as const satisfies Record<string, TestText>
