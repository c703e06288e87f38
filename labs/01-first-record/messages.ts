/** Lab 01: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { readTests } from './messages-read.ts'

export const tests = {
  'create-topic': {
    name: {
      en: 'createTopic makes a topic with the number of partitions asked for, and says true',
      ru: 'createTopic создаёт топик с заданным числом партиций и возвращает true',
    },
    why: {
      en: 'The number of partitions is a decision: it bounds how many consumers of a group can share the work.',
      ru: 'Число партиций — это решение: от него зависит, сколько консюмеров группы смогут разделить работу.',
    },
    try: {
      en: 'admin.createTopics({ topics: [{ topic, numPartitions }] }) and return what it answers.',
      ru: 'admin.createTopics({ topics: [{ topic, numPartitions }] }), и верните её ответ.',
    },
    says: {
      answer: {
        en: 'The topic was new, so true was expected; the answer was {got}.',
        ru: 'Топик новый, ожидалось true; ответ: {got}.',
      },
      missing: {
        en: 'The answer was {got}, but there is no topic {topic}.',
        ru: 'Ответ: {got}, но топика {topic} нет.',
      },
      partitions: {
        en: 'Asked for {wanted} partitions, got {got}.',
        ru: 'Просили партиций: {wanted}, получили: {got}.',
      },
    },
  },
  'create-again': {
    name: {
      en: 'A topic that is already there is left as it is, and the answer is false',
      ru: 'Топик, который уже есть, остаётся как был, а ответ — false',
    },
    why: {
      en: 'Programs start twice. Making the topic once more must neither fail nor lose what is in it.',
      ru: 'Программы запускают дважды. Повторное создание не должно ни падать, ни терять записи.',
    },
    try: {
      en: 'kafkajs already answers false in this case; do not turn that into an error.',
      ru: 'kafkajs в этом случае и так отвечает false; не превращайте это в ошибку.',
    },
    says: {
      threw: {
        en: 'The topic was there already, and createTopic threw: {message}',
        ru: 'Топик уже был, а createTopic бросила ошибку: {message}',
      },
      answer: {
        en: 'The topic was there already: false was expected, the answer was {got}.',
        ru: 'Топик уже был: ожидалось false, ответ: {got}.',
      },
      changed: {
        en: 'The topic had {before}; after your call it has {after}.',
        ru: 'В топике было {before}; после вашего вызова — {after}.',
      },
    },
  },
  'send-content': {
    name: {
      en: 'sendRecord sends key and value as they are: any alphabet, an empty key, no key',
      ru: 'sendRecord отправляет ключ и значение как есть: любой алфавит, пустой ключ, без ключа',
    },
    why: {
      en: 'For Kafka both are just bytes. An empty key is a key; null is none.',
      ru: 'Для Kafka и то и другое — просто байты. Пустой ключ — это ключ, null — его отсутствие.',
    },
    try: {
      en: 'Hand { key, value } over to producer.send without changing them.',
      ru: 'Передайте { key, value } в producer.send без изменений.',
    },
    says: {
      lost: {
        en: '{wanted} records were sent, {got} are in the topic.',
        ru: 'Отправлено записей: {wanted}, в топике: {got}.',
      },
      differs: {
        en: 'What lies in the topic is not what was to be sent.',
        ru: 'В топике лежит не то, что надо было отправить.',
      },
    },
  },
  'send-place': {
    name: {
      en: 'sendRecord returns the partition and the offset where the record lies',
      ru: 'sendRecord возвращает партицию и смещение, где лежит запись',
    },
    why: {
      en: 'The broker assigns the offset, and tells it in its acknowledgement. Guessing works once: on an empty topic.',
      ru: 'Смещение назначает брокер и сообщает его в подтверждении. Угадать можно один раз — в пустом топике.',
    },
    try: {
      en: 'producer.send resolves to a list; its element has partition and baseOffset. With acks: 0 nobody answers.',
      ru: 'producer.send возвращает список; в его элементе есть partition и baseOffset. При acks: 0 никто не отвечает.',
    },
    says: {
      differs: {
        en: 'The places that you returned are not where the records lie.',
        ru: 'Возвращённые места — не те, где лежат записи.',
      },
    },
  },
  'describe-partitions': {
    name: {
      en: 'describeTopic lists every partition with its leader, sorted by number',
      ru: 'describeTopic перечисляет все партиции с лидерами, по порядку номеров',
    },
    why: {
      en: 'A client asks any broker for the metadata and then talks to each partition’s leader. Brokers list partitions in any order.',
      ru: 'Клиент спрашивает метаданные у любого брокера, а потом обращается к лидеру каждой партиции. Порядок партиций в ответе любой.',
    },
    try: {
      en: 'admin.fetchTopicMetadata({ topics: [topic] }); sort numerically by partitionId.',
      ru: 'admin.fetchTopicMetadata({ topics: [topic] }); отсортируйте по partitionId как числа.',
    },
    says: {
      order: {
        en: 'The partitions come as {got}; expected {wanted}.',
        ru: 'Партиции идут так: {got}; ожидалось: {wanted}.',
      },
      leaders: {
        en: 'The leaders are other brokers than the cluster says.',
        ru: 'Лидеры — не те брокеры, которых называет кластер.',
      },
    },
  },
  'describe-offsets': {
    name: {
      en: 'describeTopic gives each partition’s start and end offset',
      ru: 'describeTopic даёт начальное и конечное смещение каждой партиции',
    },
    why: {
      en: 'The end is the offset of the next record. The start is not 0 for ever: old records are deleted.',
      ru: 'Конец — это смещение следующей записи. Начало не вечно равно 0: старые записи удаляются.',
    },
    try: {
      en: 'admin.fetchTopicOffsets(topic): low is the start, high the end. Join by partition number, not by place in the list.',
      ru: 'admin.fetchTopicOffsets(topic): low — начало, high — конец. Соединяйте по номеру партиции, а не по месту в списке.',
    },
    says: {
      differs: {
        en: 'Some offsets differ from the broker’s.',
        ru: 'Некоторые смещения отличаются от того, что говорит брокер.',
      },
    },
  },
  ...readTests,
  'hang-up': {
    name: {
      en: 'When a function has finished, it has closed its connections',
      ru: 'Завершившись, функция закрывает свои соединения',
    },
    why: {
      en: 'An open client keeps the process alive, and a consumer that does not leave holds its partitions until the session times out.',
      ru: 'Незакрытый клиент не даёт процессу завершиться, а консюмер, который не вышел из группы, держит партиции до конца сессии.',
    },
    try: {
      en: 'await client.disconnect() in a finally block, after the work, outside eachMessage.',
      ru: 'await client.disconnect() в блоке finally, после работы, снаружи eachMessage.',
    },
    says: {
      open: {
        en: '{name} has finished, and {count} of its connections are still open.',
        ru: 'Функция {name} завершилась, а её соединений ещё открыто: {count}.',
      },
    },
  },
} as const satisfies Record<string, TestText>
