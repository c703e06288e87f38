/** Lab 12: what is checked of a relay whose surroundings break, and of its end; what is said when it does not hold. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { goOnHints, relayHints, stopHints } from './hints.ts'

const markAfterwards = {
  en: 'First await send, then mark. Whatever happens in between, the row is sent once more.',
  ru: 'Сначала await send, потом отметка. Что бы ни случилось между ними, строка будет отправлена ещё раз.',
} as const

export const outageCases = {
  settled: {
    en: 'Kafka could not be reached for a while. {count} of {wanted} rows are marked as sent or deleted, and the topic has no record of them.',
    ru: 'Какое-то время Kafka была недоступна. Строк, которые отмечены или удалены, а записи в топике не имеют, — {count} из {wanted}.',
    why: {
      en: 'They were marked before the broker had confirmed them.',
      ru: 'Их отметили раньше, чем брокер их подтвердил.',
    },
    try: markAfterwards,
  },
  kafkaAway: {
    en: 'Kafka could not be reached for a while, and has been back for 5 s. {count} of {wanted} rows are not in the topic.',
    ru: 'Какое-то время Kafka была недоступна, уже 5 с она снова работает. В топике не хватает строк: {count} из {wanted}.',
    why: {
      en: 'After some retries of its own kafkajs gives up, and send throws. Nobody starts the relay again.',
      ru: 'После нескольких повторов kafkajs сдаётся, и send бросает ошибку. Запустить relay заново некому.',
    },
    try: {
      en: 'Catch the error in the loop, wait a moment, and look for rows again.',
      ru: 'Перехватите ошибку внутри цикла, подождите немного и снова запросите строки.',
    },
  },
  databaseFails: {
    en: 'The database has failed {failures} {failures:time|times}, and has been working for 5 s since. {count} of {wanted} rows are not in the topic.',
    ru: 'База {failures} {failures:раз|раза|раз} ответила ошибкой и уже 5 с работает. В топике не хватает строк: {count} из {wanted}.',
    why: {
      en: 'A database is restarted now and then, and its connections break. Nobody starts the relay again.',
      ru: 'Базу время от времени перезапускают, и соединения обрываются. Запустить relay заново некому.',
    },
    try: {
      en: 'Catch errors of transact in the loop too, wait a moment, and look for rows again.',
      ru: 'Ошибки transact тоже перехватывайте внутри цикла, подождите немного и снова запросите строки.',
    },
  },
  notStarted: {
    en: 'The database failed when relay was called, and relay threw: {message}',
    ru: 'Когда вызвали relay, база ответила ошибкой, и relay её бросила: {message}',
    why: {
      en: 'A relay that is started while the database is away is not there when it comes back.',
      ru: 'relay, которую запустили, пока базы нет, не появится, когда база вернётся.',
    },
    try: {
      en: 'Ask the database for nothing outside the loop that catches its errors.',
      ru: 'Не обращайтесь к базе вне цикла, в котором перехватываете её ошибки.',
    },
  },
  stillSlow: {
    en: 'The database has failed {failures} {failures:time|times}, and works again: all rows of that time were sent. {count} of {wanted} rows that came afterwards were not in the topic after 2 s.',
    ru: 'База {failures} {failures:раз|раза|раз} ответила ошибкой и снова работает: всё, что тогда ждало, отправлено. А из строк, которые пришли потом ({wanted}), через 2 с в топике не было {count}.',
    why: {
      en: 'A pause that grows with each error has to be short again after a success.',
      ru: 'Пауза, которая растёт с каждой ошибкой, после успеха должна снова стать короткой.',
    },
    try: {
      en: 'Set the pause back when a round has succeeded.',
      ru: 'Когда круг удался, верните паузу к начальной.',
    },
  },
} as const satisfies Record<string, CaseText>

export const breaksTests = {
  'relay-outage': {
    name: {
      en: 'The relay goes on by itself after Kafka was away and after the database has failed',
      ru: 'relay продолжает сам после того, как Kafka была недоступна и база отвечала ошибкой',
    },
    promises: ['outage', 'marks', 'runs'],
    needs: ['relay-sends', 'relay-crash'],
    says: outageCases,
    hints: goOnHints,
  },
  'relay-crash': {
    name: {
      en: 'After a crash of the relay no row is lost, and one that is sent again has the same id',
      ru: 'После падения relay не теряется ни одной строки, а отправленная повторно сохраняет свой id',
    },
    promises: ['marks', 'record'],
    needs: ['relay-sends'],
    says: {
      lostInFlight: {
        en: 'The relay crashed while its records were on the way to the broker. The rows were marked already, and {count} of {wanted} never came to the topic.',
        ru: 'relay упал, когда его записи ещё шли к брокеру. Строки уже были отмечены, и до топика не дошло {count} из {wanted}.',
        why: {
          en: 'A row that is marked is not looked at again. Marked first and sent then is at most once.',
          ru: 'На отмеченную строку никто больше не посмотрит. Сначала отметить, потом отправить — это at most once.',
        },
        try: markAfterwards,
      },
      lost: {
        en: 'The relay crashed and was started again. {count} of {wanted} rows never came to the topic.',
        ru: 'relay упал, и его запустили снова. До топика не дошло строк: {count} из {wanted}.',
        try: markAfterwards,
      },
      newId: {
        en: 'Row {row} was sent before the crash and again after it, and the two records have different ids: {one} and {other}.',
        ru: 'Строку {row} отправили до падения и ещё раз после него, и id у двух записей разные: {one} и {other}.',
        why: {
          en: 'Readers know a repetition by its id. With a new one the same event counts twice.',
          ru: 'Повтор читатели узнают по id. С новым id то же событие посчитают дважды.',
        },
        try: {
          en: 'Take what is saved with the row: headers: { id: String(row.id) }.',
          ru: 'Берите то, что сохранено вместе со строкой: headers: { id: String(row.id) }.',
        },
      },
      order: {
        en: 'After the crash the first records of the key {key} are not in the order of their rows.',
        ru: 'После падения первые записи с ключом {key} идут не в порядке своих строк.',
        try: {
          en: 'Begin with the first row that is not sent.',
          ru: 'Начинайте с первой неотправленной строки.',
        },
      },
    },
    hints: relayHints,
  },
  stop: {
    name: {
      en: 'stop() waits for the send that is under way, marks what was confirmed, and closes all connections',
      ru: 'stop() дожидается идущей отправки, отмечает подтверждённое и закрывает все соединения',
    },
    promises: ['stops', 'closed'],
    needs: ['relay-sends'],
    says: {
      early: {
        en: 'stop() has resolved while a send was still under way.',
        ru: 'stop() завершился, когда отправка ещё шла.',
        why: {
          en: 'Whoever awaits stop() ends the process then. The rows are sent, and not marked: they will be sent again.',
          ru: 'Тот, кто дожидается stop(), затем завершает процесс. Строки отправлены, но не отмечены, и уйдут ещё раз.',
        },
        try: {
          en: 'Keep the promise of your loop, and await it in stop before producer.disconnect().',
          ru: 'Сохраните промис своего цикла и дождитесь его в stop перед producer.disconnect().',
        },
      },
      earlyMark: {
        en: 'The broker has confirmed the rows, and stop() has resolved while the database was still committing their marks.',
        ru: 'Брокер подтвердил строки, а stop() завершился, когда база ещё фиксировала их отметки.',
        why: {
          en: 'producer.disconnect() waits for what the producer has to send; of the rest of your loop it knows nothing. If the process ends now, the rows are sent again.',
          ru: 'producer.disconnect() дожидается того, что отправляет продюсер, а об остальном вашем цикле не знает. Если процесс сейчас завершится, строки уйдут ещё раз.',
        },
        try: {
          en: 'Keep the promise of your loop, and await it in stop before producer.disconnect().',
          ru: 'Сохраните промис своего цикла и дождитесь его в stop перед producer.disconnect().',
        },
      },
      unmarked: {
        en: 'stop() has resolved. The broker has confirmed {wanted} {wanted:row|rows}; {count} of them {count:is|are} neither marked nor deleted.',
        ru: 'stop() завершился. Брокер подтвердил строк: {wanted}; из них не отмечено и не удалено {count}.',
        try: {
          en: 'Await the whole round in stop: send, markSent and the commit.',
          ru: 'Дождитесь в stop всего круга: send, markSent и фиксации.',
        },
      },
      afterwards: {
        en: 'After stop() had resolved, {count} more rows were added, and the relay has sent something.',
        ru: 'После завершения stop() добавили ещё строк: {count}, и relay что-то отправил.',
        try: {
          en: 'Look after each wait whether stop() was called.',
          ru: 'После каждого ожидания проверяйте, не вызвали ли stop().',
        },
      },
      open: {
        en: 'A second after stop() {count} of the connections to Kafka {count:is|are} still open.',
        ru: 'Через секунду после stop() ещё открыто соединений с Kafka: {count}.',
        why: {
          en: 'An open connection keeps the process alive.',
          ru: 'Открытое соединение не даёт процессу завершиться.',
        },
        try: { en: 'await producer.disconnect() in stop.', ru: 'await producer.disconnect() в stop.' },
      },
      twice: {
        en: 'The relay was stopped and another one started; {count} {count:row was|rows were} sent a second time.',
        ru: 'relay остановили и запустили другой; второй раз отправлено строк: {count}.',
        try: {
          en: 'Await the whole round in stop: send, markSent and the commit.',
          ru: 'Дождитесь в stop всего круга: send, markSent и фиксации.',
        },
      },
      missing: {
        en: 'The relay was stopped and another one started; {count} of {wanted} rows never came to the topic.',
        ru: 'relay остановили и запустили другой; до топика не дошло строк: {count} из {wanted}.',
        try: {
          en: 'Keep nothing in variables that calls of relay share.',
          ru: 'Ничего не храните в переменных, общих для вызовов relay.',
        },
      },
    },
    hints: stopHints,
  },
} as const satisfies Record<string, TestText>
