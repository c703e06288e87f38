/** Lab 04: what the tests of `lag` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { lagHints } from './hints.ts'

const differs = {
  en: 'Some numbers are not those of the broker (committed / end / lag).',
  ru: 'Некоторые числа не те, что у брокера (committed / end / lag).',
  try: {
    en: 'committed comes from admin.fetchOffsets({ groupId, topics: [topic] }), end is high of admin.fetchTopicOffsets(topic), lag their difference.',
    ru: 'committed даёт admin.fetchOffsets({ groupId, topics: [topic] }), end — это high из admin.fetchTopicOffsets(topic), lag — их разность.',
  },
} as const

const moved = {
  en: 'lag was asked, and the committed offsets of the group changed from {before} to {after} (by partition).',
  ru: 'Спросили lag, и зафиксированные смещения группы изменились: было {before}, стало {after} (по партициям).',
  why: {
    en: 'With resolveOffsets: true kafkajs does not only answer: where nothing is committed it commits the end. A group whose lag was looked at skips all that it has not read.',
    ru: 'С resolveOffsets: true kafkajs не только отвечает: где ничего не зафиксировано, она фиксирует конец. Группа, чьё отставание посмотрели, пропустит всё непрочитанное.',
  },
  try: {
    en: 'Leave out resolveOffsets, and whatever else commits.',
    ru: 'Уберите resolveOffsets и всё остальное, что фиксирует.',
  },
} as const

export const lagTests = {
  'lag-list': {
    name: {
      en: 'lag gives committed offset, end offset and lag of each partition, sorted by number',
      ru: 'lag даёт зафиксированное смещение, конец и отставание каждой партиции, в порядке номеров',
    },
    promises: ['lag-list', 'lag-value', 'lag-trimmed'],
    says: {
      set: {
        en: 'The topic has the partitions {wanted}; lag listed {got}.',
        ru: 'В топике партиции {wanted}; lag перечислила {got}.',
        try: {
          en: 'One element for each partition of admin.fetchTopicOffsets(topic).',
          ru: 'По элементу на каждую партицию из admin.fetchTopicOffsets(topic).',
        },
      },
      order: {
        en: 'The partitions come as {got}.',
        ru: 'Партиции идут так: {got}.',
        why: {
          en: 'The broker lists partitions in any order, and sort() without a function compares texts: "10" comes before "2".',
          ru: 'Брокер перечисляет партиции в любом порядке, а sort() без функции сравнивает тексты: «10» оказывается раньше «2».',
        },
        try: {
          en: 'Sort as numbers: sort((a, b) => a.partition - b.partition)',
          ru: 'Отсортируйте как числа: sort((a, b) => a.partition - b.partition)',
        },
      },
      lastRecord: {
        en: 'All lags that are wrong are too small by 1 (committed / end / lag).',
        ru: 'Все неверные отставания меньше нужного на 1 (committed / end / lag).',
        why: {
          en: 'The end offset is the one that the next record will get, and the committed offset that of the next record to process. When all is processed, both are equal and the lag is 0.',
          ru: 'Конечное смещение получит следующая запись, а зафиксированное указывает на следующую необработанную. Когда всё обработано, они равны и отставание — 0.',
        },
        try: {
          en: 'Take the two as they are: end - committed.',
          ru: 'Берите оба как есть: end - committed.',
        },
      },
      trimmed: {
        en: 'Only the partition whose oldest records have been deleted is wrong (committed / end / lag).',
        ru: 'Неверна только партиция, где удалены самые старые записи (committed / end / lag).',
        why: {
          en: 'Kafka’s tools subtract, and do not look at the log start offset: a lag that is larger than the log shows that records were lost to the group.',
          ru: 'Утилиты Kafka вычитают и на начало журнала не смотрят: отставание больше самого журнала показывает, что записи для группы пропали.',
        },
        try: {
          en: 'end - committed, whatever the start offset is.',
          ru: 'end - committed, каким бы ни было начальное смещение.',
        },
      },
      mixed: {
        en: 'The committed offsets stand at other partitions than their own (committed / end / lag).',
        ru: 'Зафиксированные смещения стоят не у своих партиций (committed / end / lag).',
        why: {
          en: 'The two answers list the partitions in different orders, so the same place in both is not the same partition.',
          ru: 'Два ответа перечисляют партиции в разном порядке: одно и то же место в них — не одна и та же партиция.',
        },
        try: {
          en: 'Look up each partition by its number: partitions.find((one) => one.partition === partition)',
          ru: 'Ищите каждую партицию по номеру: partitions.find((one) => one.partition === partition)',
        },
      },
      differs,
    },
    hints: lagHints,
  },
  'lag-none': {
    name: {
      en: 'lag gives null where nothing is committed, and takes a committed 0 for what it is',
      ru: 'lag даёт null там, где ничего не зафиксировано, а зафиксированный 0 понимает верно',
    },
    promises: ['lag-none'],
    says: {
      none: {
        en: 'The group has committed nothing in a partition; its lag is given as {got} (committed / end / lag).',
        ru: 'В одной из партиций группа ничего не зафиксировала, а отставание там — {got} (committed / end / lag).',
        why: {
          en: 'The broker answers -1 where nothing is committed. That is no offset: where the group will begin is not decided yet, so nobody knows its lag. Kafka’s tool prints a dash.',
          ru: 'Где ничего не зафиксировано, брокер отвечает -1. Это не смещение: откуда группа начнёт, ещё не решено, и её отставания никто не знает. Утилита Kafka печатает прочерк.',
        },
        try: {
          en: "offset === '-1' ? null : offset, before you calculate.",
          ru: "offset === '-1' ? null : offset — до вычислений.",
        },
      },
      zero: {
        en: 'The group has committed 0 in a partition, and lag says that it has committed nothing.',
        ru: 'В одной из партиций группа зафиксировала 0, а lag говорит, что ничего.',
        why: {
          en: '0 is an offset like any other: the group has decided to begin with the very first record.',
          ru: '0 — такое же смещение, как остальные: группа решила начать с самой первой записи.',
        },
        try: {
          en: 'Compare with -1 or null; `||` and `if (committed)` take 0 for nothing.',
          ru: 'Сравнивайте с -1 или null; `||` и `if (committed)` принимают 0 за ничто.',
        },
      },
      moved,
      unknown: {
        en: 'For a group that does not exist the promise of lag was rejected: {message}',
        ru: 'Для группы, которой нет, промис lag отклонён: {message}',
        why: {
          en: 'A group comes into being with its first member or its first commit. Until then it has committed nothing, and that is an answer.',
          ru: 'Группа возникает с первым участником или первой фиксацией. До того она ничего не зафиксировала, и это тоже ответ.',
        },
      },
      unknownNone: {
        en: 'For a group that does not exist lag gave {got}.',
        ru: 'Для группы, которой нет, lag вернула {got}.',
        try: {
          en: 'One element for each partition of the topic, with null for committed and lag.',
          ru: 'По элементу на каждую партицию топика, committed и lag в них — null.',
        },
      },
      differs,
    },
    hints: lagHints,
  },
  'lag-running': {
    name: {
      en: 'lag does not disturb a group at work, and counts what it has committed',
      ru: 'lag не мешает работающей группе и считает то, что она зафиксировала',
    },
    promises: ['lag-quiet'],
    needs: ['lag-list'],
    says: {
      joined: {
        en: 'While a consumer of the group was at work, lag let another one join the group.',
        ru: 'Пока консюмер группы работал, lag ввела в группу ещё одного.',
        why: {
          en: 'Whoever joins triggers a rebalance and is given partitions: the group stops, and records go to somebody who only wanted to ask.',
          ru: 'Каждый вошедший вызывает ребалансировку и получает партиции: группа встаёт, а записи достаются тому, кто хотел только спросить.',
        },
        try: {
          en: 'kafka.admin() answers without joining.',
          ru: 'kafka.admin() отвечает, не входя в группу.',
        },
      },
      moved: {
        en: moved.en,
        ru: moved.ru,
        why: {
          en: 'Where the group goes on is decided by what it commits itself. A question must not answer that.',
          ru: 'Откуда группа продолжит, решает то, что она зафиксировала сама. Вопрос не должен этого менять.',
        },
        try: {
          en: 'Use admin.fetchOffsets without resolveOffsets, and no consumer.',
          ru: 'Возьмите admin.fetchOffsets без resolveOffsets и обойдитесь без консюмера.',
        },
      },
      position: {
        en: 'The consumer has read everything and committed nothing of it; lag says 0 (committed / end / lag).',
        ru: 'Консюмер прочитал всё и ничего из этого не зафиксировал, а lag говорит 0 (committed / end / lag).',
        why: {
          en: 'The position is in the memory of the consumer. If it dies, the group goes on at the committed offset.',
          ru: 'Позиция — в памяти консюмера. Если он умрёт, группа продолжит с зафиксированного смещения.',
        },
        try: {
          en: 'Ask the broker: admin.fetchOffsets({ groupId, topics: [topic] }).',
          ru: 'Спросите брокер: admin.fetchOffsets({ groupId, topics: [topic] }).',
        },
      },
      differs,
    },
    hints: lagHints,
  },
  'lag-again': {
    name: {
      en: 'lag says how things are at each call, and is never below 0',
      ru: 'lag при каждом вызове говорит, что есть сейчас, и не бывает меньше 0',
    },
    promises: ['lag-now', 'answers'],
    needs: ['lag-list'],
    says: {
      stale: {
        en: 'Records were sent and processed between two calls; the second one said what the first had said (committed / end / lag).',
        ru: 'Между двумя вызовами записи прислали и обработали; второй вызов вернул то же, что первый (committed / end / lag).',
        why: {
          en: 'Groups commit while your program runs, and it gets no notice of that.',
          ru: 'Группы фиксируют смещения, пока ваша программа работает, и ей об этом не сообщают.',
        },
        try: {
          en: 'Ask the broker at each call; keep no answers.',
          ru: 'Спрашивайте брокер при каждом вызове; не храните ответы.',
        },
      },
      negative: {
        en: 'While lag was at work, records were sent and processed. It said committed {committed}, end {end}, lag {got}.',
        ru: 'Пока lag работала, записи присылали и обрабатывали. Она вернула committed {committed}, end {end}, lag {got}.',
        why: {
          en: 'The end was asked for first, and by the time of the second question the group was beyond it. The two numbers are of different moments.',
          ru: 'Сначала спросили конец, а ко второму вопросу группа уже ушла дальше. Это числа из разных моментов.',
        },
        try: {
          en: 'Ask for the committed offsets first, and for the ends after the answer: an end only grows.',
          ru: 'Сначала спросите зафиксированные смещения, а концы — после ответа: конец только растёт.',
        },
      },
      unequal: {
        en: 'While lag was at work, records were sent and processed. It said committed {committed}, end {end}, and lag {got}, which is not their difference.',
        ru: 'Пока lag работала, записи присылали и обрабатывали. Она вернула committed {committed}, end {end} и lag {got}, а это не их разность.',
        why: {
          en: 'A lag of 0 beside a committed offset above the end only hides that the two numbers are of different moments.',
          ru: 'Отставание 0 рядом с зафиксированным смещением больше конца только скрывает, что числа взяты в разные моменты.',
        },
        try: {
          en: 'Ask for the committed offsets first, and for the ends after the answer: then no maximum is needed.',
          ru: 'Сначала спросите зафиксированные смещения, а концы — после ответа: тогда никакой максимум не нужен.',
        },
      },
      shared: {
        en: 'While one call waited for the broker, records were sent and processed. A second call, made after that, said {got} (committed / end / lag), as things were before; now it is {wanted}.',
        ru: 'Пока один вызов ждал ответа брокера, записи прислали и обработали. Второй вызов, сделанный после этого, вернул {got} (committed / end / lag), то есть прежнее; сейчас — {wanted}.',
        why: {
          en: 'Whoever joins a question that is under way gets an answer that may be older than his own question.',
          ru: 'Кто присоединяется к уже идущему вопросу, получает ответ, который может быть старше его собственного.',
        },
        try: {
          en: 'Let each call ask the broker itself; keep no promise for other calls.',
          ru: 'Пусть каждый вызов сам спрашивает брокер; не храните промис для других вызовов.',
        },
      },
      differs,
    },
    hints: lagHints,
  },
} as const satisfies Record<string, TestText>
