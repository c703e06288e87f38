/** Lab 01: what the tests of `createTopic` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { createHints } from './hints.ts'

const partitionsGot = {
  en: 'createTopic was asked for {wanted} {wanted:partition|partitions}; the topic has {got}.',
  ru: 'У createTopic просили партиций: {wanted}, а в топике их {got}.',
  why: {
    en: 'How many partitions a topic has decides how many consumers of a group can share it; the broker’s own default is seldom that number.',
    ru: 'От числа партиций зависит, сколько консюмеров группы смогут поделить топик; настройка брокера по умолчанию редко совпадает с нужным числом.',
  },
  try: {
    en: 'Pass the argument on: createTopics({ topics: [{ topic, numPartitions: partitions }] }).',
    ru: 'Передайте аргумент дальше: createTopics({ topics: [{ topic, numPartitions: partitions }] }).',
  },
} as const

export const createTests = {
  'create-topic': {
    name: {
      en: 'createTopic creates a topic with the number of partitions asked for, and resolves to true',
      ru: 'createTopic создаёт топик с заданным числом партиций и возвращает true',
    },
    promises: ['create-new'],
    says: {
      answer: {
        en: 'There was no topic {topic}; createTopic created it and resolved to {got} instead of true.',
        ru: 'Топика {topic} не было; createTopic создала его и вернула {got} вместо true.',
        try: {
          en: 'Return what admin.createTopics resolves to: it is true when the topic is new.',
          ru: 'Верните то, что возвращает admin.createTopics: для нового топика это true.',
        },
      },
      missing: {
        en: 'createTopic resolved to {got}, but there is no topic {topic}.',
        ru: 'createTopic вернула {got}, но топика {topic} нет.',
        try: {
          en: 'Await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] }) before you return.',
          ru: 'Дождитесь admin.createTopics({ topics: [{ topic, numPartitions: partitions }] }) и только потом возвращайте результат.',
        },
      },
      partitions: partitionsGot,
    },
    hints: createHints,
  },
  'create-name': {
    name: {
      en: 'Topics with similar names do not count as this topic',
      ru: 'Топики с похожими именами за этот топик не считаются',
    },
    promises: ['create-name'],
    needs: ['create-topic'],
    says: {
      alike: {
        en: 'There is no topic {topic}: createTopic did not create it and resolved to {got}. There are {alike}.',
        ru: 'Топика {topic} нет: createTopic его не создала и вернула {got}. Есть {alike}.',
        why: {
          en: 'Kafka compares names of topics whole and letter by letter: what contains a name, or differs in one capital letter, is another topic.',
          ru: 'Kafka сравнивает имена топиков целиком, буква в букву: имя, которое лишь содержит данное или отличается одной заглавной буквой, — другой топик.',
        },
        try: {
          en: 'Leave the comparison to Kafka: createTopics itself resolves to false when there is exactly this topic.',
          ru: 'Оставьте сравнение Kafka: createTopics сама возвращает false, если есть ровно такой топик.',
        },
      },
      builtIn: {
        en: 'There was no topic {topic}; createTopic resolved to {got} instead of creating it and resolving to true.',
        ru: 'Топика {topic} не было; createTopic вернула {got}, а должна была его создать и вернуть true.',
        why: {
          en: 'Every plain object has inherited properties, such as constructor and toString: used as a table of names, it seems to hold these names from the start.',
          ru: 'У любого обычного объекта есть унаследованные свойства, например constructor и toString: если он служит таблицей имён, кажется, что эти имена в ней уже есть.',
        },
        try: {
          en: 'Keep names in a Set, or leave the comparison to Kafka: createTopics resolves to false when there is such a topic.',
          ru: 'Храните имена в Set или оставьте сравнение Kafka: createTopics возвращает false, если такой топик есть.',
        },
      },
      answer: {
        en: 'createTopic created {topic} and resolved to {got} instead of true. There were {alike}, but no {topic}.',
        ru: 'createTopic создала {topic} и вернула {got} вместо true. До этого были {alike}, но не {topic}.',
        try: {
          en: 'Return what admin.createTopics resolves to.',
          ru: 'Верните то, что возвращает admin.createTopics.',
        },
      },
    },
    hints: createHints,
  },
  'create-again': {
    name: {
      en: 'A topic that is already there stays as it is, and createTopic resolves to false',
      ru: 'Топик, который уже есть, остаётся как был, а createTopic возвращает false',
    },
    promises: ['create-exists'],
    says: {
      threw: {
        en: 'The topic was there already, and createTopic was rejected: {message}',
        ru: 'Топик уже был, и промис createTopic отклонён: {message}',
        why: {
          en: 'A program starts more than once. That its topic is there from the last time is not an error.',
          ru: 'Программу запускают не один раз. Топик, оставшийся с прошлого раза, — не ошибка.',
        },
        try: {
          en: 'Resolve to false in this case. admin.createTopics does so by itself.',
          ru: 'В этом случае верните false. admin.createTopics так и делает.',
        },
      },
      answer: {
        en: 'The topic was there already; createTopic resolved to {got} instead of false.',
        ru: 'Топик уже был; createTopic вернула {got} вместо false.',
        try: {
          en: 'Return what admin.createTopics resolves to: it is false when there is such a topic.',
          ru: 'Верните то, что возвращает admin.createTopics: если такой топик есть, это false.',
        },
      },
      grown: {
        en: 'The topic had {before} {before:partition|partitions}; after createTopic it has {after}.',
        ru: 'В топике было партиций: {before}; после createTopic их {after}.',
        why: {
          en: 'A topic that grows sends keys to other partitions than before: that is a separate decision, and createTopic was not asked for it.',
          ru: 'Когда в топике прибавляется партиций, ключи попадают не туда, куда раньше; это отдельное решение, и здесь о нём не просили.',
        },
        try: {
          en: 'Do not call createPartitions here.',
          ru: 'Не вызывайте здесь createPartitions.',
        },
      },
      changed: {
        en: 'The records of the topic are not what they were before createTopic.',
        ru: 'Записи в топике уже не те, что были до createTopic.',
        why: {
          en: 'Deleting a topic and creating it again loses all that is in it.',
          ru: 'Если удалить топик и создать заново, всё, что в нём было, пропадёт.',
        },
        try: {
          en: 'Do not delete anything: createTopics leaves an existing topic alone.',
          ru: 'Ничего не удаляйте: createTopics не трогает существующий топик.',
        },
      },
    },
    hints: createHints,
  },
  'create-together': {
    name: {
      en: 'Of several calls that create the same topic at the same time, one resolves to true',
      ru: 'Из нескольких вызовов, которые одновременно создают один топик, true возвращает один',
    },
    promises: ['create-race', 'together'],
    needs: ['create-topic', 'create-again'],
    says: {
      threw: {
        en: '{calls} calls created the same topic at the same time, and one of them was rejected: {message}',
        ru: 'Один и тот же топик одновременно создавали {calls} {calls:вызов|вызова|вызовов}, и промис одного из них отклонён: {message}',
        try: {
          en: 'createTopics resolves to false for the calls that came second; each call needs an admin of its own.',
          ru: 'Вызовам, которые опоздали, createTopics возвращает false; каждому вызову нужен свой admin.',
        },
      },
      answers: {
        en: '{calls} calls created the same topic at the same time; {trues} of them resolved to true, {falses} to false.',
        ru: 'Один и тот же топик одновременно создавали {calls} {calls:вызов|вызова|вызовов}; true вернули {trues}, false — {falses}.',
        why: {
          en: 'Another program may create the topic at any moment, also between two requests of yours. Only the broker knows who came first.',
          ru: 'Другая программа может создать топик в любой момент, в том числе между двумя вашими запросами. Кто успел первым, знает только брокер.',
        },
        try: {
          en: 'Make one request and return its answer: createTopics resolves to true or false.',
          ru: 'Сделайте один запрос и верните его ответ: createTopics возвращает true или false.',
        },
      },
      rival: {
        en: 'Another program created the topic while createTopic was at work. createTopic resolved to {got}; exactly one of the two has created it.',
        ru: 'Пока работала createTopic, тот же топик создавала другая программа. createTopic вернула {got}, а создал его ровно один из двоих.',
        why: {
          en: 'Another program may create the topic at any moment, also between two requests of yours. Only the broker knows who came first.',
          ru: 'Другая программа может создать топик в любой момент, в том числе между двумя вашими запросами. Кто успел первым, знает только брокер.',
        },
        try: {
          en: 'Make one request and return its answer: createTopics resolves to true or false.',
          ru: 'Сделайте один запрос и верните его ответ: createTopics возвращает true или false.',
        },
      },
      partitions: partitionsGot,
    },
    hints: createHints,
  },
} as const satisfies Record<string, TestText>
