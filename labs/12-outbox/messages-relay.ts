/** Lab 12: what the tests of the relay's sending check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { lockHints, relayHints } from './hints.ts'

const orderCase = {
  en: 'The first record of row {row} lies behind that of row {before}, and both have the key {key}.',
  ru: 'Первая запись строки {row} лежит позади записи строки {before}, а ключ у обеих {key}.',
} as const

export const relaySendsCases = {
  nothing: {
    en: 'The outbox had {wanted} rows to be sent when the relay was started; none is in the topic.',
    ru: 'Когда relay запустили, в outbox ждало строк: {wanted}; в топике ни одной.',
    try: {
      en: 'events({ sent: false }), then producer.send with a message for each row.',
      ru: 'events({ sent: false }), затем producer.send с сообщением на каждую строку.',
    },
  },
  old: {
    en: 'The relay has sent {count} {count:row|rows} that were marked as sent before it was started.',
    ru: 'relay отправил строки, которые были отмечены как отправленные ещё до его запуска: {count}.',
    try: { en: 'Ask for { sent: false }.', ru: 'Запрашивайте { sent: false }.' },
  },
  missing: {
    en: 'Of the {wanted} rows that were there when the relay was started, {got} are in the topic.',
    ru: 'Когда relay запустили, в outbox было строк: {wanted}; в топике их {got}.',
    try: {
      en: 'Ask again for rows until there are none, also if one answer has a limit.',
      ru: 'Запрашивайте строки, пока они есть, даже если в одном ответе их число ограничено.',
    },
  },
  laterMissing: {
    en: 'While the relay ran, {wanted} more rows were added one by one; {count} of them never came to the topic.',
    ru: 'Пока relay работал, добавили по одной ещё строк: {wanted}; до топика не дошло {count}.',
    try: {
      en: 'When there is nothing to be sent, wait a moment and look again, until stop() is called.',
      ru: 'Если отправлять нечего, подождите немного и посмотрите снова, пока не вызовут stop().',
    },
  },
  twice: {
    en: 'Nothing failed, and the topic has {got} records of {wanted} rows; rows that are not marked: {unsent}.',
    ru: 'Ничего не ломалось, а записей в топике {got} на {wanted} {wanted:строку|строки|строк}; неотмеченных строк: {unsent}.',
    why: {
      en: 'A row that is not marked is sent again at the next look.',
      ru: 'Неотмеченная строка в следующий раз будет отправлена снова.',
    },
    try: {
      en: 'After send mark exactly the rows that were sent, and wait for the commit before you look again.',
      ru: 'После send отметьте ровно те строки, которые отправлены, и, прежде чем смотреть снова, дождитесь фиксации.',
    },
  },
  differs: {
    en: 'Keys or values in the topic that are not those of their rows: {count}.',
    ru: 'Ключей или значений в топике, которые не совпадают со своими строками: {count}.',
    why: {
      en: 'For Kafka key and value are bytes: a space or a mark is a byte like any other, and null is no text.',
      ru: 'Для Kafka ключ и значение — байты: пробел или знак — такие же байты, как остальные, а null — не текст.',
    },
    try: {
      en: 'Pass key and value on as they are, null too.',
      ru: 'Передавайте ключ и значение как есть, в том числе null.',
    },
  },
  noId: {
    en: 'The record of row {row} has no header id.',
    ru: 'У записи строки {row} нет заголовка id.',
    why: {
      en: 'At least once means that a record may come twice. Readers know the second one by its id.',
      ru: 'At least once значит, что запись может прийти дважды. Вторую читатели узнают по id.',
    },
    try: {
      en: 'Send the id of the row along: headers: { id: String(row.id) }.',
      ru: 'Отправляйте и id строки: headers: { id: String(row.id) }.',
    },
  },
  sameId: {
    en: 'The records of the rows {other} and {row} have the same header id, {id}.',
    ru: 'У записей строк {other} и {row} один и тот же заголовок id: {id}.',
    why: {
      en: 'A reader takes the second one for a repetition, and leaves it out.',
      ru: 'Читатель примет вторую за повтор и пропустит её.',
    },
    try: {
      en: "The row's id is given once only: headers: { id: String(row.id) }.",
      ru: 'Свой id есть у каждой строки: headers: { id: String(row.id) }.',
    },
  },
  twinMissing: {
    en: 'Two rows say the same, with the same key and the same value; records of them in the topic: {count}.',
    ru: 'Две строки говорят одно и то же: тот же ключ, то же значение; их записей в топике: {count}.',
    why: {
      en: 'They are two events: somebody has paid twice.',
      ru: 'Это два события: кто-то заплатил дважды.',
    },
    try: {
      en: 'Tell rows apart by their id and by nothing else.',
      ru: 'Различайте строки по id, и только по нему.',
    },
  },
  acks: {
    en: 'The relay asks for acks {acks}; it should wait for all in-sync replicas, acks: -1.',
    ru: 'relay запрашивает acks {acks}, а должен ждать всех синхронных реплик: acks: -1.',
    why: {
      en: 'The row is marked for good. A record that only the leader has is lost with it.',
      ru: 'Строка отмечена насовсем. Запись, которая есть только у лидера, пропадёт вместе с ним.',
    },
    try: {
      en: 'acks: -1 is the default of kafkajs.',
      ru: 'acks: -1 — значение kafkajs по умолчанию.',
    },
  },
  spread: {
    en: 'Records of rows with the key {key} lie in {count} {count:partition|partitions}, or have no key.',
    ru: 'Записи строк с ключом {key} лежат в разных партициях ({count}) или остались без ключа.',
    why: {
      en: 'Without the key kafkajs deals records out, and there is no order between partitions.',
      ru: 'Без ключа kafkajs раздаёт записи по партициям, а между партициями порядка нет.',
    },
    try: {
      en: 'Give kafkajs the key of the row, and leave the choice of the partition to it.',
      ru: 'Передайте kafkajs ключ строки, а выбор партиции оставьте ей.',
    },
  },
  order: {
    ...orderCase,
    why: {
      en: 'Nothing failed here: the rows were sent in another order than that of their ids.',
      ru: 'Здесь ничего не ломалось: строки отправлены не по порядку своих id.',
    },
    try: {
      en: 'events gives rows by id: send them in this order, one send after the other.',
      ru: 'events отдаёт строки по порядку id: так их и отправляйте, одну отправку за другой.',
    },
  },
  unmarked: {
    en: 'All {wanted} rows are in the topic, and {count} are neither marked as sent nor deleted.',
    ru: 'Все строки ({wanted}) в топике, но не отмечено как отправленные и не удалено: {count}.',
    why: {
      en: 'The next relay that is started will send them again.',
      ru: 'Следующий же relay отправит их снова.',
    },
    try: {
      en: 'markSent({ ids }) after send, in a transaction that is committed.',
      ru: 'markSent({ ids }) после send, в транзакции, которая зафиксирована.',
    },
  },
} as const satisfies Record<string, CaseText>

export const relayTests = {
  'relay-sends': {
    name: {
      en: 'The relay sends each row once, as it is, with its id, and marks it',
      ru: 'relay отправляет каждую строку один раз, как есть, с её id, и отмечает её',
    },
    promises: ['runs', 'record', 'once', 'order', 'marks'],
    says: relaySendsCases,
    hints: relayHints,
  },
  'relay-order': {
    name: {
      en: 'When sends fail, the order within a key stays',
      ru: 'Когда отправка не удаётся, порядок внутри ключа сохраняется',
    },
    promises: ['order', 'marks', 'closed'],
    needs: ['relay-sends', 'relay-outage', 'relay-crash'],
    says: {
      missing: {
        en: 'Connections broke several times. {count} of {wanted} rows never came to the topic.',
        ru: 'Соединения несколько раз обрывались. До топика не дошло строк: {count} из {wanted}.',
        try: {
          en: 'Mark nothing before send has resolved, and go on after an error.',
          ru: 'Ничего не отмечайте, пока send не завершилась успешно, и продолжайте после ошибки.',
        },
      },
      order: {
        ...orderCase,
        why: {
          en: 'A send that fails is repeated later. What was sent meanwhile is in the topic before it: so nothing of this key may be sent meanwhile.',
          ru: 'Неудачная отправка повторится позже. Что отправлено тем временем, окажется в топике раньше неё, поэтому с этим ключом тем временем отправлять нельзя ничего.',
        },
        try: {
          en: 'Send one list after the other, and begin the next one only when the last has been confirmed. After an error begin again with the first row that is not sent.',
          ru: 'Отправляйте список за списком и начинайте следующий, только когда подтверждён предыдущий. После ошибки начните снова с первой неотправленной строки.',
        },
      },
      spread: {
        en: 'Records of rows with the key {key} lie in {count} partitions.',
        ru: 'Записи строк с ключом {key} лежат в разных партициях ({count}).',
        try: {
          en: 'Give kafkajs the key of the row, and leave the choice of the partition to it.',
          ru: 'Передайте kafkajs ключ строки, а выбор партиции оставьте ей.',
        },
      },
      open: {
        en: 'Connections broke several times. A second after stop() {count} of the connections to Kafka {count:is|are} still open.',
        ru: 'Соединения несколько раз обрывались. Через секунду после stop() ещё открыто соединений с Kafka: {count}.',
        why: {
          en: 'A producer whose send has failed connects again. If it is replaced by a new one, somebody has to disconnect it.',
          ru: 'Продюсер, у которого не удалась отправка, соединяется снова. Если его заменили новым, кто-то должен вызвать у него disconnect().',
        },
        try: {
          en: 'Keep one producer for the whole relay, or await producer.disconnect() for each that you replace.',
          ru: 'Держите один продюсер на весь relay или вызывайте await producer.disconnect() у каждого, который заменяете.',
        },
      },
    },
    hints: relayHints,
  },
  'relay-late': {
    name: {
      en: 'A row whose transaction commits late is sent as well',
      ru: 'Строка, транзакция которой зафиксирована поздно, тоже отправляется',
    },
    promises: ['late', 'runs'],
    needs: ['relay-sends'],
    says: {
      never: {
        en: 'Two transactions were open. The rows of the others, with higher ids, should have been sent meanwhile; {count} were not.',
        ru: 'Две транзакции оставались открытыми. Строки остальных, с большими id, должны были тем временем уйти; не ушло {count}.',
        try: {
          en: 'Wait for no id that is missing: a row that was rolled back never comes.',
          ru: 'Не ждите пропущенных id: строка, которую откатили, не появится никогда.',
        },
      },
      skipped: {
        en: 'Row {row} was added before row {highest}, and committed after that one had been sent. It was never sent.',
        ru: 'Строку {row} добавили раньше строки {highest}, а зафиксировали, когда та уже была отправлена. Она так и не отправлена.',
        why: {
          en: 'An id is given when a row is added, and the row can be seen when its transaction commits. Transactions commit in any order, so the highest id that was sent says nothing about those below.',
          ru: 'Номер строка получает при добавлении, а видна становится, когда зафиксирована её транзакция. Транзакции фиксируются в любом порядке, и наибольший отправленный id ничего не говорит о меньших.',
        },
        try: {
          en: 'Ask for the rows that are not marked, { sent: false }, and for no more: without after.',
          ru: 'Запрашивайте неотмеченные строки, { sent: false }, и только: без after.',
        },
      },
      starved: {
        en: 'Row {row} was committed late, while new rows kept coming. After 2 s it was not sent, and {count} rows with higher ids had come meanwhile.',
        ru: 'Строку {row} зафиксировали поздно, когда одна за другой приходили новые. Через 2 с она не отправлена, а строк с большими id за это время пришло {count}.',
        why: {
          en: 'Who goes on behind the last row as long as there are more comes back to the beginning only when it is quiet.',
          ru: 'Кто идёт дальше от последней строки, пока они есть, вернётся к началу, только когда станет тихо.',
        },
        try: {
          en: 'Begin each look with the first row that is not marked: { sent: false }, without after.',
          ru: 'Каждый раз начинайте с первой неотмеченной строки: { sent: false }, без after.',
        },
      },
      settled: {
        en: 'Row {row} is marked as sent or deleted, and the topic has no record of it. It was committed while rows with higher ids were being sent.',
        ru: 'Строка {row} отмечена как отправленная или удалена, а её записи в топике нет. Её зафиксировали, когда отправлялись строки с большими id.',
        why: {
          en: '"All up to this id" and "all that are not sent" are other rows now than when you looked: one has come in between.',
          ru: '«Все до этого id» и «все неотправленные» — это сейчас уже не те строки, что были, когда вы смотрели: между ними появилась новая.',
        },
        try: {
          en: 'Mark the very rows that you have sent: { ids }.',
          ru: 'Отмечайте ровно те строки, которые отправили: { ids }.',
        },
      },
      overrun: {
        en: 'Row {row} was committed while rows with higher ids were being sent, and it was never sent.',
        ru: 'Строку {row} зафиксировали, когда отправлялись строки с большими id, и она так и не отправлена.',
        why: {
          en: 'Transactions commit in any order, so a row with a smaller id may come at any time.',
          ru: 'Транзакции фиксируются в любом порядке, поэтому строка с меньшим id может появиться когда угодно.',
        },
        try: {
          en: 'Ask for the rows that are not marked, { sent: false }, and for no more.',
          ru: 'Запрашивайте неотмеченные строки, { sent: false }, и только.',
        },
      },
    },
    hints: lockHints,
  },
  'relay-together': {
    name: {
      en: 'Two relays on one database send each row once, in order',
      ru: 'Два relay на одной базе отправляют каждую строку один раз и по порядку',
    },
    promises: ['once', 'order'],
    needs: ['relay-sends', 'relay-crash'],
    says: {
      missing: {
        en: 'Two relays ran, and {count} of {wanted} rows are not in the topic.',
        ru: 'Работали два relay, а в топике не хватает строк: {count} из {wanted}.',
        try: {
          en: 'Mark the very rows that you have sent: { ids }.',
          ru: 'Отмечайте ровно те строки, которые отправили: { ids }.',
        },
      },
      order: {
        ...orderCase,
        why: {
          en: 'The first relay had locked its rows and was sending them; the second one skipped those and sent later rows of the same keys, which arrived first.',
          ru: 'Первый relay заблокировал свои строки и отправлял их; второй эти строки пропустил и отправил более поздние с теми же ключами, и они пришли раньше.',
        },
        try: {
          en: "lock: 'wait': the second relay waits until the first one has marked its rows.",
          ru: "lock: 'wait': второй relay дождётся, пока первый отметит свои строки.",
        },
      },
      twice: {
        en: 'Two relays ran, nothing failed, and {count} of {wanted} rows are in the topic twice.',
        ru: 'Работали два relay, ничего не ломалось, а строк, которые лежат в топике дважды, — {count} из {wanted}.',
        why: {
          en: 'While the first relay was sending, the second one saw the same rows: they were not marked yet. A variable of your program does not help, for the other relay is another program.',
          ru: 'Пока первый relay отправлял, второй видел те же строки: они ещё не отмечены. Переменная в программе не поможет: второй relay — это другая программа.',
        },
        try: {
          en: "Look with lock: 'wait', send and mark in one transaction: rows stay locked until it ends.",
          ru: "Запрашивайте строки с lock: 'wait', отправляйте и отмечайте в одной транзакции: до её конца строки заблокированы.",
        },
      },
    },
    hints: lockHints,
  },
  'relay-backlog': {
    name: {
      en: 'The relay sends a thousand rows that have been waiting',
      ru: 'relay отправляет тысячу строк, которые скопились',
    },
    promises: ['backlog'],
    needs: ['relay-sends', 'relay-order'],
    says: {
      tooLarge: {
        en: '{wanted} rows were waiting, {got} came to the topic, and Kafka has answered MESSAGE_TOO_LARGE.',
        ru: 'Ждало строк: {wanted}, в топик попало {got}, а Kafka ответила MESSAGE_TOO_LARGE.',
        why: {
          en: 'The messages of one send go to a partition as one batch, and a batch has 1 MB at most (message.max.bytes). After a long outage everything that is waiting is more than that, and it will be the next time as well.',
          ru: 'Сообщения одной send уходят в партицию одним пакетом, а пакет занимает не больше 1 МБ (message.max.bytes). После долгого перерыва всё, что скопилось, в него не поместится — и в следующий раз тоже.',
        },
        try: {
          en: 'events(…, { limit: 100 }): at 8,000 bytes each that is 800 kB at most.',
          ru: 'events(…, { limit: 100 }): по 8000 байт это не больше 800 кБ.',
        },
      },
      idle: {
        en: '{wanted} rows were waiting; {got} came to the topic, and the relay finds no more.',
        ru: 'Ждало строк: {wanted}; в топик попало {got}, и больше relay не находит.',
        try: {
          en: 'Begin with the first row that is not sent, until there is none.',
          ru: 'Начинайте с первой неотправленной строки, пока такие есть.',
        },
      },
      stuck: {
        en: '{wanted} rows were waiting; {got} came to the topic, and then nothing happened any more.',
        ru: 'Ждало строк: {wanted}; в топик попало {got}, и дальше ничего не происходит.',
        try: {
          en: 'Take some hundred rows at most, send them, mark them, and take the next ones at once.',
          ru: 'Берите не больше сотни-другой строк, отправляйте, отмечайте и сразу берите следующие.',
        },
      },
      twice: {
        en: 'Nothing failed, and {count} of {wanted} rows are in the topic more than once.',
        ru: 'Ничего не ломалось, а строк, которые лежат в топике больше одного раза, — {count} из {wanted}.',
        try: {
          en: 'After send mark exactly the rows that were sent.',
          ru: 'После send отметьте ровно те строки, которые отправлены.',
        },
      },
      order: {
        ...orderCase,
        why: {
          en: 'Nothing failed here: the rows were sent in another order than that of their ids.',
          ru: 'Здесь ничего не ломалось: строки отправлены не по порядку своих id.',
        },
        try: {
          en: 'Send one list after the other, the first rows first.',
          ru: 'Отправляйте список за списком, первые строки — первыми.',
        },
      },
    },
    hints: relayHints,
  },
} as const satisfies Record<string, TestText>
