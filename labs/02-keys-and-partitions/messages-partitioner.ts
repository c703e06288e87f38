/**
 * Lab 02: what is checked of the partitioner's other rules (a partition that is named, metadata, growth, many topics), and what
 * is said when it does not hold, in both languages.
 */
import type { TestText } from '../engine/lab.ts'
import { partitionerHints } from './hints.ts'

export const partitionerTests = {
  'explicit-partition': {
    name: {
      en: 'A partition that the record names wins over its key',
      ru: 'Партиция, указанная в записи, важнее ключа',
    },
    promises: ['partition-wins'],
    says: {
      zero: {
        en: 'The record asked for partition 0; you chose {got}. Other numbers you return.',
        ru: 'Запись просила партицию 0; вы выбрали {got}. Другие номера вы возвращаете.',
        why: {
          en: '0 is falsy: `if (message.partition)` takes it for “not set”.',
          ru: '0 — ложное значение: `if (message.partition)` сочтёт, что номер не задан.',
        },
        try: {
          en: 'Compare with undefined: `message.partition !== undefined`.',
          ru: 'Сравнивайте с undefined: `message.partition !== undefined`.',
        },
      },
      keyed: {
        en: 'The record has a key and asks for partition {asked}; you chose {got}. Without a key you return the partition that is asked for.',
        ru: 'У записи есть ключ, и она просит партицию {asked}; вы выбрали {got}. Записи без ключа попадают туда, куда просят.',
        why: {
          en: 'A program that names a partition knows what it wants; its key then serves other purposes, compaction for one.',
          ru: 'Программа, которая называет партицию, знает, чего хочет; ключ тогда нужен для другого, например для сжатия (compaction).',
        },
        try: {
          en: 'Look at message.partition before the key.',
          ru: 'Смотрите на message.partition раньше, чем на ключ.',
        },
      },
      unset: {
        en: 'The message is { key: {key}, partition: undefined }: no partition is set. You chose {got}; the topic has {partitions} partitions.',
        ru: 'Сообщение — { key: {key}, partition: undefined }: партиция не задана. Вы выбрали {got}, а партиций в топике {partitions}.',
        why: {
          en: 'An object that is put together by `{ ...options }` has properties that hold undefined.',
          ru: 'У объекта, собранного через `{ ...options }`, бывают свойства со значением undefined.',
        },
        try: {
          en: 'Ask for the value, `message.partition !== undefined`, not for the property: `"partition" in message` is true here.',
          ru: 'Спрашивайте о значении, `message.partition !== undefined`, а не о свойстве: `"partition" in message` здесь истинно.',
        },
      },
      beyond: {
        en: 'The record asked for partition {asked} while the metadata listed {partitions}; you chose {got}. Partitions that are listed you return.',
        ru: 'Запись просила партицию {asked}, когда в метаданных их было {partitions}; вы выбрали {got}. Партиции из метаданных вы возвращаете.',
        why: {
          en: 'Metadata is refreshed every few minutes; the program that names a partition may know of a new one earlier. If there is none, the broker says so.',
          ru: 'Метаданные обновляются раз в несколько минут, и программа может узнать о новой партиции раньше. А если такой нет, об этом скажет брокер.',
        },
        try: {
          en: 'Return message.partition itself.',
          ru: 'Возвращайте сам message.partition.',
        },
      },
      ignored: {
        en: 'The record asked for partition {asked}, you chose {got}.',
        ru: 'Запись просила партицию {asked}; вы выбрали {got}.',
        why: {
          en: 'The program knows better. kafkajs leaves this rule to the partitioner.',
          ru: 'Программе виднее. kafkajs оставляет это правило партиционеру.',
        },
        try: {
          en: 'Look at message.partition first, and return it if it is not undefined.',
          ru: 'Сначала смотрите на message.partition и возвращайте его, если это не undefined.',
        },
      },
    },
    hints: partitionerHints,
  },
  'metadata-order': {
    name: {
      en: 'The answer is a partition’s number, whatever the order and the leaders in the metadata',
      ru: 'Ответ — номер партиции, каковы бы ни были порядок и лидеры в метаданных',
    },
    promises: ['any-order', 'leader'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative', 'string-key'],
    says: {
      place: {
        en: 'With partitions listed as {order}, {wrong} of {all} keys went elsewhere: to the partition that stands at the place of the remainder.',
        ru: 'Когда партиции перечислены как {order}, ушли не туда {wrong} {wrong:ключ|ключа|ключей} из {all}: в ту партицию, которая стоит на месте с номером остатка.',
        why: {
          en: 'Brokers list partitions in any order. The hash picks the number, not a place in that list.',
          ru: 'Брокеры перечисляют партиции в любом порядке. Хеш выбирает номер, а не место в этом списке.',
        },
        try: {
          en: 'Return the remainder itself, not `partitionMetadata[remainder].partitionId`.',
          ru: 'Возвращайте сам остаток, а не `partitionMetadata[остаток].partitionId`.',
        },
      },
      leaders: {
        en: 'The leaders are {leaders}: {wrong} of {all} keys went elsewhere than in Kafka. With leaders other than 0 all went right.',
        ru: 'Лидеры — {leaders}: не туда, куда в Kafka, {wrong:ушёл|ушли|ушли} {wrong} {wrong:ключ|ключа|ключей} из {all}. Когда лидера 0 не было, все шли куда надо.',
        why: {
          en: 'Brokers are numbered from 0 in many clusters: leader 0 is a broker, not “none”.',
          ru: 'Во многих кластерах брокеры нумеруются с 0: лидер 0 — это брокер, а не «нет лидера».',
        },
        try: {
          en: 'Count all elements of partitionMetadata; do not look at `leader`.',
          ru: 'Считайте все элементы partitionMetadata и не смотрите на `leader`.',
        },
      },
      idle: {
        en: 'Half of the partitions have broker 0 as their leader. Of {all} records without a key each of these got less than {floor}, and each of the others its share.',
        ru: 'У половины партиций лидер — брокер 0. Из {all} записей без ключа каждой из них досталось меньше {floor}, а каждой из остальных — её доля.',
        why: {
          en: 'Brokers are numbered from 0 in many clusters: leader 0 is a broker, not “none”.',
          ru: 'Во многих кластерах брокеры нумеруются с 0: лидер 0 — это брокер, а не «нет лидера».',
        },
        try: {
          en: 'Count all elements of partitionMetadata; do not look at `leader`.',
          ru: 'Считайте все элементы partitionMetadata и не смотрите на `leader`.',
        },
      },
      many: {
        en: 'With {count} partitions {wrong} of {all} keys went elsewhere than your partitionForKey says; with fewer all went right.',
        ru: 'Когда партиций {count}, не туда, куда указывает ваша partitionForKey, {wrong:ушёл|ушли|ушли} {wrong} {wrong:ключ|ключа|ключей} из {all}; когда их меньше, все шли куда надо.',
        try: {
          en: 'Look for a limit that this number runs into.',
          ru: 'Ищите предел, на который попадает это число.',
        },
      },
      differs: {
        en: 'With partitions listed as {order}, {wrong} of {all} keys went elsewhere than in Kafka.',
        ru: 'Когда партиции перечислены как {order}, не туда, куда в Kafka, {wrong:ушёл|ушли|ушли} {wrong} {wrong:ключ|ключа|ключей} из {all}.',
        why: {
          en: 'Brokers list partitions in any order; the partition of a key does not depend on it.',
          ru: 'Брокеры перечисляют партиции в любом порядке; партиция ключа от него не зависит.',
        },
        try: {
          en: 'Of partitionMetadata you need only the length.',
          ru: 'От partitionMetadata нужна только длина.',
        },
      },
    },
    hints: partitionerHints,
  },
  growth: {
    name: {
      en: 'When a topic grows, the next record already uses the new number of partitions',
      ru: 'Когда топик вырос, уже следующая запись использует новое число партиций',
    },
    promises: ['now'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative', 'string-key', 'no-key'],
    says: {
      remembered: {
        en: 'The topic grew from {before} to {after} partitions, and {wrong} of {all} keys went elsewhere than in Kafka: where they belonged while there were {before}.',
        ru: 'Топик вырос с {before} до {after} партиций, и не туда, куда в Kafka, {wrong:ушёл|ушли|ушли} {wrong} {wrong:ключ|ключа|ключей} из {all}: туда, где им было место при {before}.',
        why: {
          en: 'A partitioner lives as long as its producer; kafkajs refreshes the metadata meanwhile and passes it with each message.',
          ru: 'Партиционер живёт столько же, сколько продюсер; kafkajs тем временем обновляет метаданные и передаёт их с каждым сообщением.',
        },
        try: {
          en: 'Read partitionMetadata.length in every call; keep neither counts nor chosen partitions in the closure.',
          ru: 'Читайте partitionMetadata.length при каждом вызове; не храните в замыкании ни число партиций, ни выбранные партиции.',
        },
      },
      'same-list': {
        en: 'Partitions were added to the list that was passed before, from {before} to {after}: {wrong} of {all} keys went elsewhere than in Kafka. With a new list all went right.',
        ru: 'Партиции добавили в тот же список, который передавали раньше, с {before} до {after}: не туда, куда в Kafka, {wrong:ушёл|ушли|ушли} {wrong} {wrong:ключ|ключа|ключей} из {all}. С новым списком все шли куда надо.',
        why: {
          en: 'An array can change in place: the same object says nothing about its length.',
          ru: 'Массив можно изменить на месте: то, что объект тот же, ничего не говорит о его длине.',
        },
        try: {
          en: 'Read partitionMetadata.length in every call; keep nothing by the array.',
          ru: 'Читайте partitionMetadata.length при каждом вызове и ничего не храните по массиву.',
        },
      },
      'never-new': {
        en: 'The topic grew from {before} to {after} partitions, and {all} records without a key went only to the old ones.',
        ru: 'Топик вырос с {before} до {after} партиций, а записи без ключа ({all}) попали только в старые.',
        why: {
          en: 'Partitions are added so that they take a share of the load.',
          ru: 'Партиции добавляют, чтобы они взяли на себя часть нагрузки.',
        },
        try: {
          en: 'Read partitionMetadata.length in every call.',
          ru: 'Читайте partitionMetadata.length при каждом вызове.',
        },
      },
      differs: {
        en: 'After growing from {before} to {after} partitions, {wrong} of {all} keys went elsewhere than in Kafka.',
        ru: 'После роста с {before} до {after} партиций не туда, куда в Kafka, {wrong:ушёл|ушли|ушли} {wrong} {wrong:ключ|ключа|ключей} из {all}.',
        why: {
          en: 'The partition of a key follows from the number of partitions that there are when it is sent.',
          ru: 'Партиция ключа зависит от числа партиций в момент отправки.',
        },
        try: {
          en: 'Read partitionMetadata.length in every call.',
          ru: 'Читайте partitionMetadata.length при каждом вызове.',
        },
      },
    },
    hints: partitionerHints,
  },
  topics: {
    name: {
      en: 'One partitioner serves 1,000 topics, whatever their names and numbers of partitions',
      ru: 'Один партиционер обслуживает 1000 топиков, как бы они ни назывались и сколько бы в них ни было партиций',
    },
    promises: ['topic-names'],
    needs: [
      'hash-words',
      'hash-tail',
      'key-positive',
      'key-negative',
      'string-key',
      'growth',
      'no-key-between',
    ],
    says: {
      differs: {
        en: 'In topic {topic} with {partitions} {partitions:partition|partitions} a key went to {got}; Kafka puts it into {expected}. It was topic no. {n} of this partitioner.',
        ru: 'В топике {topic}, где {partitions} {partitions:партиция|партиции|партиций}, ключ попал в {got}; Kafka кладёт его в {expected}. Для этого партиционера это был топик № {n}.',
        why: {
          en: 'A producer keeps one partitioner for all its topics, and they differ in their number of partitions.',
          ru: 'У продюсера один партиционер на все топики, а число партиций в них разное.',
        },
        try: {
          en: 'What follows from partitionMetadata belongs to this call; keep nothing for “the” topic.',
          ru: 'Всё, что следует из partitionMetadata, относится к этому вызову; не храните ничего «про топик».',
        },
      },
      name: {
        en: 'In topic {topic} with {partitions} {partitions:partition|partitions} a record without a key went to {got}. In topics with ordinary names all went well.',
        ru: 'В топике {topic}, где {partitions} {partitions:партиция|партиции|партиций}, запись без ключа попала в {got}. В топиках с обычными именами всё в порядке.',
        why: {
          en: 'An object made by `{}` has properties already: `{}["constructor"]` is a function, `{}["__proto__"]` an object.',
          ru: 'У объекта `{}` уже есть свойства: `{}["constructor"]` — функция, `{}["__proto__"]` — объект.',
        },
        try: {
          en: 'What you keep by topic, keep in a Map.',
          ru: 'То, что храните по топикам, храните в Map.',
        },
      },
      forgotten: {
        en: '{topics} topics took turns with {each} records without a key each. In {forgotten} of the topics all went to one partition; with {few} topics they were spread.',
        ru: 'Чередовались {topics} {topics:топик|топика|топиков}, в каждый шло {each} {each:запись|записи|записей} без ключа. В {forgotten} из них все записи попали в одну партицию; когда топиков было {few}, они распределялись.',
        why: {
          en: 'If counters are thrown away when there are many, each topic begins anew when its turn comes, always at the same partition.',
          ru: 'Если счётчики выбрасывать, когда их много, каждый топик в свою очередь начинает заново, всегда с одной и той же партиции.',
        },
        try: {
          en: 'Keep one counter for each topic, as many as there are, or choose at random.',
          ru: 'Храните по счётчику на топик, сколько бы их ни было, или выбирайте случайно.',
        },
      },
      shared: {
        en: '{topics} topics took turns, and of {all} records without a key in {topic} some partitions got less than {floor}. With {few} topics they were spread.',
        ru: 'Чередовались {topics} {topics:топик|топика|топиков}, и из {all} записей без ключа в {topic} некоторым партициям досталось меньше {floor}. Когда топиков было {few}, записи распределялись.',
        why: {
          en: 'If there are fewer counters than topics, or they are found by a hash of the name, two topics share one: each gets only the numbers that the other leaves.',
          ru: 'Если счётчиков меньше, чем топиков, или их находят по хешу имени, двум топикам достаётся один: каждый получает только те номера, которые оставил другой.',
        },
        try: {
          en: 'One counter for each topic, found by its whole name (a Map), or choose at random.',
          ru: 'По счётчику на топик, который находят по полному имени (Map), или случайный выбор.',
        },
      },
      outside: {
        en: 'In topic {topic} with {partitions} {partitions:partition|partitions} a record without a key went to {got}.',
        ru: 'В топике {topic}, где {partitions} {partitions:партиция|партиции|партиций}, запись без ключа попала в {got}.',
        try: {
          en: 'The result is an integer from 0 to `partitionMetadata.length - 1`, of this very call.',
          ru: 'Результат — целое число от 0 до `partitionMetadata.length - 1`, причём из этого вызова.',
        },
      },
    },
    hints: partitionerHints,
  },
} as const satisfies Record<string, TestText>
