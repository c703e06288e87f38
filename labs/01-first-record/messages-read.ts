/** Lab 01: what the tests of `readAll` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'

const common = {
  differs: {
    en: 'You returned {got} records, {wanted} were expected, and not the same.',
    ru: 'Вы вернули записей: {got}, ожидалось: {wanted}, и они не совпадают.',
  },
} as const

export const readTests = {
  'read-all': {
    name: {
      en: 'readAll returns every record of every partition, with key, value and place',
      ru: 'readAll возвращает все записи всех партиций: с ключом, значением и местом',
    },
    why: {
      en: 'Reading does not take anything out of a topic: whoever begins at the beginning sees everything that was ever sent and not yet deleted.',
      ru: 'Чтение ничего не забирает из топика: кто начинает с начала, видит всё, что отправлено и ещё не удалено.',
    },
    try: {
      en: 'subscribe with fromBeginning: true, and do not stop before the last record of each partition.',
      ru: 'Подпишитесь с fromBeginning: true и не останавливайтесь раньше последней записи каждой партиции.',
    },
    says: common,
  },
  'read-order': {
    name: {
      en: 'Within a partition the records come in the order of their offsets',
      ru: 'Внутри партиции записи идут в порядке смещений',
    },
    why: {
      en: 'Kafka promises an order within a partition, and none across partitions.',
      ru: 'Kafka обещает порядок внутри партиции и никакого — между партициями.',
    },
    try: {
      en: 'Append the records as they come; do not sort by key or value, and compare offsets as numbers.',
      ru: 'Добавляйте записи в том порядке, в каком они приходят; не сортируйте по ключу или значению, а смещения сравнивайте как числа.',
    },
    says: {
      ...common,
      order: {
        en: 'Partition {partition} was returned in the order {got}.',
        ru: 'Партиция {partition} вернулась в порядке {got}.',
      },
    },
  },
  'read-again': {
    name: {
      en: 'readAll reads everything again at each call',
      ru: 'readAll при каждом вызове читает всё заново',
    },
    why: {
      en: 'A consumer group commits how far it has read, and goes on from there. `fromBeginning` counts only for a group that has not committed.',
      ru: 'Группа консюмеров фиксирует, докуда дочитала, и продолжает оттуда. `fromBeginning` действует, только пока группа ничего не зафиксировала.',
    },
    try: {
      en: 'Give each call a group id of its own (randomUUID).',
      ru: 'Дайте каждому вызову свой id группы (randomUUID).',
    },
    says: common,
  },
  'read-empty': {
    name: {
      en: 'readAll of an empty topic returns an empty array',
      ru: 'readAll пустого топика возвращает пустой массив',
    },
    why: {
      en: 'On an empty topic no record will ever come that could end the waiting.',
      ru: 'В пустом топике не придёт ни одной записи, которая закончила бы ожидание.',
    },
    try: {
      en: 'Compare start and end offsets before you consume.',
      ru: 'Сравните начальные и конечные смещения до чтения.',
    },
    says: common,
  },
  'read-late': {
    name: {
      en: 'readAll waits for the records, however late they come',
      ru: 'readAll дожидается записей, как бы поздно они ни пришли',
    },
    why: {
      en: 'A broker may be slow, a leader may have just changed. Sleeping for a while is a bet that is lost on a bad day.',
      ru: 'Брокер бывает медленным, лидер мог только что смениться. «Поспать немного» — пари, которое в плохой день проиграно.',
    },
    try: {
      en: 'Resolve when the last awaited offset has come, not when some time has passed.',
      ru: 'Завершайтесь, когда пришло последнее ожидаемое смещение, а не когда прошло сколько-то времени.',
    },
    says: {
      ...common,
      early: {
        en: 'The records came late, and readAll returned {got} of {wanted} without them.',
        ru: 'Записи пришли с опозданием, и readAll вернула {got} из {wanted}, не дождавшись.',
      },
    },
  },
  'read-trimmed': {
    name: {
      en: 'readAll works when the oldest records have been deleted',
      ru: 'readAll работает, когда самые старые записи уже удалены',
    },
    why: {
      en: 'Retention deletes from the front. The first offset is then not 0, and the end offset is not the number of records.',
      ru: 'Очистка удаляет с начала. Первое смещение тогда не 0, а конечное — не число записей.',
    },
    try: {
      en: 'Wait for the record before the end offset, or for end minus start records.',
      ru: 'Ждите запись перед конечным смещением или «конец минус начало» записей.',
    },
    says: common,
  },
} as const satisfies Record<string, TestText>
