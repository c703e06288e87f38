/** Texts of the playground. */
export const words = {
  fallback: {
    en: 'The playground needs JavaScript. This is what it draws: a topic with three partitions after six records.',
    ru: 'Песочнице нужен JavaScript. Вот что она рисует: топик из трёх партиций после шести записей.',
  },
  starting: { en: 'The broker is starting …', ru: 'Брокер запускается…' },
  ready: {
    en: 'The broker is ready: topic orders, three partitions.',
    ru: 'Брокер готов: топик orders, три партиции.',
  },
  producer: { en: 'Producer', ru: 'Продюсер' },
  key: { en: 'Key (empty: none)', ru: 'Ключ (пусто — без ключа)' },
  value: { en: 'Value', ru: 'Значение' },
  send: { en: 'Send', ru: 'Отправить' },
  addPartition: { en: 'Add a partition', ru: 'Добавить партицию' },
  restart: { en: 'Start over', ru: 'Начать заново' },
  topic: { en: 'Topic orders', ru: 'Топик orders' },
  partition: { en: 'partition', ru: 'партиция' },
  position: { en: 'reads next', ru: 'читает дальше' },
  consumer: { en: 'Consumer', ru: 'Консюмер' },
  readOne: { en: 'Read one', ru: 'Прочитать одну' },
  readAll: { en: 'Read all', ru: 'Прочитать всё' },
  rewind: { en: 'Back to the beginning', ru: 'Вернуться в начало' },
  waiting: {
    en: 'Nothing to read: the fetch waits on the broker. Send a record and it is answered at once.',
    ru: 'Читать нечего: запрос ждёт на брокере. Отправьте запись, и ответ придёт сразу.',
  },
  readNothing: {
    en: 'Time was up: the broker answered with no records.',
    ru: 'Время вышло: брокер ответил без записей.',
  },
  readSome: { en: 'Records read', ru: 'Прочитано записей' },
  nothingRead: { en: 'Nothing read yet.', ru: 'Пока ничего не прочитано.' },
  rewound: {
    en: 'The position is 0 in every partition. The records are all still there.',
    ru: 'Позиция снова 0 во всех партициях. Записи все на месте.',
  },
  stored: {
    en: 'stored in partition {partition} at offset {offset}',
    ru: 'сохранено: партиция {partition}, смещение {offset}',
  },
  grown: {
    en: 'Partitions now: {count}. Records stay where they are; keys may go elsewhere from now on.',
    ru: 'Партиций теперь: {count}. Записи остались на местах, а ключи отныне могут попадать в другие.',
  },
  failed: { en: 'This went wrong', ru: 'Что-то пошло не так' },
  wire: { en: 'On the wire', ru: 'Что идёт по проводу' },
  request: { en: 'request', ru: 'запрос' },
  response: { en: 'response', ru: 'ответ' },
  bytes: { en: 'bytes', ru: 'байт' },
  noKey: { en: 'no key', ru: 'без ключа' },
}
