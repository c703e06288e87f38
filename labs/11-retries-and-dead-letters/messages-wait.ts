/** Lab 11: what is checked of waiting, of crashes and of the end of a program, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { closeHints, safeHints, stopHints, waitHints } from './hints.ts'

const finallyTry = {
  en: 'The consumer and the producer, and an admin client if you have one: await disconnect() of each in every way out.',
  ru: 'Консюмер и продюсер, а если есть admin, то и он: await disconnect() каждого на любом пути к выходу.',
} as const

export const waitTests = {
  waits: {
    name: {
      en: 'A record that waits for a day holds up nothing else, and the consumer stays in its group',
      ru: 'Запись, которая ждёт сутки, больше ничего не задерживает, а консюмер остаётся в группе',
    },
    promises: ['member', 'due', 'stops', 'safe'],
    needs: ['goes-on', 'stages'],
    says: {
      never: {
        en: '{place} should have failed twice and come into the second retry topic; handle was called with it {times} {times:time|times}.',
        ru: '{place} должна была дважды не удаться и попасть во второй топик повторов; с ней handle вызвали {times} {times:раз|раза|раз}.',
        try: {
          en: 'Let the first retry topic work first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы работал первый топик повторов: смотрите, что говорят проверки выше.',
        },
      },
      asleep: {
        en: '{place} waits for a day in the last retry topic. Since then {later} of the topic was not dealt with, and the consumer sent no heartbeat, for {seconds} s.',
        ru: '{place} ждёт сутки в последнем топике повторов. С тех пор {seconds} с запись {later} не обрабатывается, а консюмер не отправил ни одного heartbeat.',
        why: {
          en: 'kafkajs fetches and sends heartbeats only between calls of eachMessage or eachBatch. Code that sleeps in there stops all partitions, and after the session timeout (30 s by default) the group takes the member for dead.',
          ru: 'kafkajs читает и отправляет heartbeat только между вызовами eachMessage или eachBatch. Код, который в них спит, останавливает все партиции, а по истечении session timeout (30 с по умолчанию) группа считает участника мёртвым.',
        },
        try: {
          en: 'Do not sleep. pause() the partition, set a timer that resumes it, and return without resolving the record.',
          ru: 'Не спите. Поставьте партицию на паузу через pause(), заведите таймер, который её снимет, и вернитесь, не подтверждая запись.',
        },
      },
      blocked: {
        en: '{place} waits for a day in the last retry topic, and meanwhile {later} got stuck in {topic}.',
        ru: '{place} ждёт сутки в последнем топике повторов, а тем временем {later} застряла в {topic}.',
        why: {
          en: 'Delays differ from topic to topic so that a record with a short one does not stand behind a record with a long one.',
          ru: 'У каждого топика своя задержка как раз для того, чтобы запись с короткой не стояла за записью с длинной.',
        },
        try: {
          en: 'Pause only the partition in which the record lies: { topic, partitions: [partition] }, or the pause() of the payload. Wait for nothing in eachMessage or eachBatch.',
          ru: 'Ставьте на паузу только партицию, в которой лежит запись: { topic, partitions: [partition] } или pause() из аргумента. В eachMessage и eachBatch ничего не ждите.',
        },
      },
      committed: {
        en: '{place} waits in {topic}, and the program has committed the offset {committed} there. A crash at that moment would have lost the record.',
        ru: '{place} ждёт в {topic}, а программа фиксировала там смещение {committed}. Падение в этот момент потеряло бы запись.',
        why: {
          en: 'kafkajs resolves the record when eachMessage returns, whether the partition is paused or not, and then commits. seek() comes later: it commits the offset before.',
          ru: 'Когда eachMessage заканчивается, kafkajs подтверждает запись, стоит партиция на паузе или нет, и фиксирует. seek() сработает позже и зафиксирует прежнее смещение.',
        },
        try: {
          en: 'With eachMessage: autoCommit: false, and consumer.commitOffsets after what is done.',
          ru: 'С eachMessage: autoCommit: false и consumer.commitOffsets после того, что сделано.',
        },
      },
      silent: {
        en: 'While {place} waits, the consumer has sent no heartbeat for 4 s.',
        ru: 'Пока {place} ждёт, консюмер 4 с не отправлял heartbeat.',
        why: {
          en: 'A member that is silent for its session timeout is taken for dead, and its partitions are given away.',
          ru: 'Участника, который молчит дольше session timeout, считают мёртвым и отдают его партиции другим.',
        },
        try: {
          en: 'kafkajs sends them while it fetches: keep no call of eachMessage or eachBatch open.',
          ru: 'kafkajs отправляет их, пока читает: не держите вызовы eachMessage и eachBatch открытыми.',
        },
      },
      early: {
        en: 'handle was called with {place} {times} times; the delay of the second retry topic is a day.',
        ru: 'С {place} handle вызвали {times} {times:раз|раза|раз}, а задержка второго топика повторов — сутки.',
        try: {
          en: 'After a pause look at retry-due again: the record may still not be due.',
          ru: 'После паузы снова посмотрите на retry-due: срок записи мог ещё не настать.',
        },
      },
      slowStop: {
        en: 'A record waits for a day, handle is not at work, and stop() has not resolved within {seconds} s.',
        ru: 'Одна запись ждёт сутки, handle не работает, а stop() не завершился за {seconds} с.',
        why: {
          en: 'What waits is in the retry topic. Nobody has to wait for it before a restart.',
          ru: 'Всё, что ждёт, лежит в топике повторов. Дожидаться этого перед перезапуском незачем.',
        },
        try: {
          en: 'consumer.disconnect() waits for the running eachMessage or eachBatch: let none of them last as long as a delay. Clear your timers.',
          ru: 'consumer.disconnect() дожидается идущей eachMessage или eachBatch: ни одна не должна длиться столько, сколько задержка. Уберите свои таймеры.',
        },
      },
    },
    hints: waitHints,
  },
  safe: {
    name: {
      en: 'No record is lost when the program crashes while a copy is on its way, or the connection breaks then',
      ru: 'Ни одна запись не теряется, если программа упала или соединение оборвалось, пока копия в пути',
    },
    promises: ['safe', 'broken'],
    needs: ['goes-on', 'stages'],
    says: {
      never: {
        en: 'The moment of the crash did not come: no copy of {place} was sent into {topic}; handle was called with it {times} {times:time|times}.',
        ru: 'До момента падения дело не дошло: копию {place} в {topic} не отправляли; с этой записью handle вызвали {times} {times:раз|раза|раз}.',
        try: {
          en: 'Let the copies be sent first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы копии отправлялись: смотрите, что говорят проверки выше.',
        },
      },
      lost: {
        en: 'The program crashed before the copy of {place} had come to the broker. After the restart handle never succeeded with the record. The committed offset of the group was {committed}.',
        ru: 'Программа упала раньше, чем копия {place} дошла до брокера. После перезапуска handle с этой записью так и не справилась. Зафиксированное смещение группы было {committed}.',
        why: {
          en: 'A committed offset says that everything below it is done with. The copy was not stored anywhere yet.',
          ru: 'Зафиксированное смещение означает, что со всем ниже него закончено. А копия ещё нигде не сохранена.',
        },
        try: {
          en: 'await producer.send(…) before eachMessage returns or the offset is resolved, with acks: -1, the default.',
          ru: 'await producer.send(…) до того, как eachMessage закончилась или смещение подтверждено, и acks: -1, как по умолчанию.',
        },
      },
      lostDead: {
        en: 'The program crashed before the copy of {place} had come into {topic}. After the restart it never came there: the record is gone.',
        ru: 'Программа упала раньше, чем копия {place} попала в {topic}. После перезапуска она там так и не появилась: записи больше нет.',
        why: {
          en: 'The copy in the retry topic was committed before the next one was stored; or nothing was committed there, and the partition is not read from its beginning.',
          ru: 'Либо копия в топике повторов зафиксирована раньше, чем сохранена следующая, либо там ничего не зафиксировано, а партицию читают не с начала.',
        },
        try: {
          en: 'The same rule in every topic, also for the dead letters: first the copy, then the offset.',
          ru: 'Одно правило для каждого топика, и для dead letter тоже: сначала копия, потом смещение.',
        },
      },
      untried: {
        en: 'handle failed with {place}, and no copy of it was sent.',
        ru: 'На {place} handle завершилась ошибкой, а копию так и не отправили.',
        try: {
          en: 'Let the copies be sent first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы копии отправлялись: смотрите, что говорят проверки выше.',
        },
      },
      broken: {
        en: 'The connection broke {times} {times:time|times} while the copy of {place} was being sent, and handle never succeeded with the record afterwards.',
        ru: 'Пока отправлялась копия {place}, соединение оборвалось {times} {times:раз|раза|раз}, и handle с этой записью так и не справилась.',
        why: {
          en: 'A send that failed, or of which nothing was heard, has copied nothing as far as one can know.',
          ru: 'Если отправка не удалась или ответа нет, считать можно только одно: копии нет.',
        },
        try: {
          en: 'acks: -1 and the retries of kafkajs, as they are by default. If send throws in the end, let the error out: then the record comes again.',
          ru: 'acks: -1 и повторы kafkajs, как по умолчанию. Если send в конце концов бросила ошибку, выпустите её: тогда запись придёт снова.',
        },
      },
    },
    hints: safeHints,
  },
  stop: {
    name: {
      en: 'stop() waits for handle and commits what is done, and nothing that still waits',
      ru: 'stop() дожидается handle и фиксирует то, что сделано, но не то, что ещё ждёт',
    },
    promises: ['stops', 'committed', 'once', 'restart'],
    needs: ['goes-on', 'stages', 'waits'],
    says: {
      never: {
        en: 'Before stop() could be called, two records had to come through the first retry topic; with {place} handle was called {times} {times:time|times}.',
        ru: 'До вызова stop() две записи должны были пройти первый топик повторов; с {place} handle вызвали {times} {times:раз|раза|раз}.',
        try: {
          en: 'Let the retry topics work first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы работали топики повторов: смотрите, что говорят проверки выше.',
        },
      },
      early: {
        en: 'stop() has resolved, or left the group, while handle was still at work on {place}.',
        ru: 'stop() завершился или вышел из группы, когда handle ещё работала над {place}.',
        why: {
          en: 'Whoever awaits stop() wants to end the process. Work that goes on then is cut off as in a crash.',
          ru: 'Тот, кто дожидается stop(), собирается завершить процесс. Работа, которая ещё идёт, оборвётся, как при падении.',
        },
        try: {
          en: 'await consumer.disconnect() in stop; it waits for the running eachMessage or eachBatch, if that waits for handle.',
          ru: 'await consumer.disconnect() в stop: она дожидается идущей eachMessage или eachBatch, если та дожидается handle.',
        },
      },
      slow: {
        en: 'handle has ended, {place} waits for an hour, and stop() has not resolved within {seconds} s.',
        ru: 'handle закончила, {place} ждёт час, а stop() не завершился за {seconds} с.',
        try: {
          en: 'Do not wait for what is not due: it stays in its retry topic.',
          ru: 'Не ждите того, чей срок не настал: оно остаётся в своём топике повторов.',
        },
      },
      forgotten: {
        en: 'Between two runs in one process {earlier} came to lie in {topic}, where it waits for an hour. The second run has given {place}, a later record with the same key, to handle.',
        ru: 'Между двумя запусками в одном процессе в {topic} появилась {earlier}, ждать ей там час. Второй запуск передал в handle {place}, более позднюю запись с тем же ключом.',
        why: {
          en: 'What one run knew is old when the next one begins: others write into the retry topics too.',
          ru: 'Что знал один запуск, к началу следующего устарело: в топики повторов пишут и другие.',
        },
        try: {
          en: 'Read the retry topics at each call of consumeWithRetries; keep nothing for the next one.',
          ru: 'Читайте топики повторов при каждом вызове consumeWithRetries и ничего не храните для следующего.',
        },
      },
      afterwards: {
        en: 'After stop() had resolved, handle was called {count} more {count:time|times}.',
        ru: 'После завершения stop() handle вызвали ещё {count} {count:раз|раза|раз}.',
        try: {
          en: 'Wait in stop() until the consumer has stopped, and clear the timers.',
          ru: 'Дождитесь в stop(), пока консюмер остановится, и уберите таймеры.',
        },
      },
      skipped: {
        en: '{place} waits in {topic} for an hour, and after stop() the group has committed {committed} there: after a restart the record is not read again.',
        ru: '{place} ждёт в {topic} час, а после stop() группа зафиксировала там {committed}: после перезапуска эту запись уже не прочитают.',
        why: {
          en: 'kafkajs resolves the offset when eachMessage returns, and at the end of an eachBatch unless eachBatchAutoResolve is false. A pause does not change that.',
          ru: 'kafkajs подтверждает смещение, когда eachMessage заканчивается, а в конце eachBatch — если не задать eachBatchAutoResolve: false. Пауза этого не меняет.',
        },
        try: {
          en: 'Leave the record unresolved: eachBatch with eachBatchAutoResolve: false, and return before resolveOffset; or seek() back to it.',
          ru: 'Не подтверждайте запись: eachBatch с eachBatchAutoResolve: false и выход до resolveOffset или seek() назад на неё.',
        },
      },
      behind: {
        en: 'After stop() {count} {count:record|records} of {topic} that {count:was|were} handled or copied {count:is|are} not committed; the committed offset is {committed}.',
        ru: 'После stop() в {topic} не зафиксированы записи, которые уже обработаны или скопированы: {count}; зафиксированное смещение — {committed}.',
        why: {
          en: 'They come again at the next start. In kafkajs consumer.commitOffsets commits nothing any more once disconnect() was called.',
          ru: 'При следующем запуске они придут снова. После вызова disconnect() функция consumer.commitOffsets в kafkajs уже ничего не фиксирует.',
        },
        try: {
          en: 'Leave the commit to kafkajs (autoCommit, which commits while it stops), or wait for the running work and its commit before disconnect().',
          ru: 'Оставьте фиксацию kafkajs (autoCommit фиксирует и во время остановки) или до disconnect() дождитесь идущей работы и её фиксации.',
        },
      },
      missing: {
        en: 'The program was stopped and started again, and {place}, sent afterwards, never came to handle.',
        ru: 'Программу остановили и запустили снова, и запись {place}, отправленная после этого, до handle не дошла.',
        try: {
          en: 'A second call has to work like the first: keep nothing of the first one in variables of the file.',
          ru: 'Второй вызов должен работать как первый: не храните ничего от первого в переменных файла.',
        },
      },
      twice: {
        en: 'Nothing crashed, the program was stopped and started again, and handle was called again with {place}, which was done.',
        ru: 'Ничего не падало, программу остановили и запустили снова, и handle опять вызвали с {place}, хотя с этой записью было закончено.',
        try: {
          en: 'Compare what the group has committed after stop() with what was handled.',
          ru: 'Сравните, что группа зафиксировала после stop(), с тем, что обработано.',
        },
      },
    },
    hints: stopHints,
  },
  together: {
    name: {
      en: 'Two programs at the same time have nothing to do with each other, and arguments stay as they were',
      ru: 'Две программы одновременно друг друга не касаются, а аргументы не меняются',
    },
    promises: ['together', 'yours'],
    needs: ['goes-on', 'others'],
    says: {
      never: {
        en: 'The first program should have copied its record into {topic}.',
        ru: 'Первая программа должна была скопировать свою запись в {topic}.',
        try: {
          en: 'Let the copies be sent first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы копии отправлялись: смотрите, что говорят проверки выше.',
        },
      },
      held: {
        en: 'A record with the key {key} waits behind {topic}. Another program, with topics of its own, then did not handle {place}, whose key is {key}.',
        ru: 'За топиком {topic} ждёт запись с ключом {key}. После этого другая программа, у которой свои топики, не обработала {place} с ключом {key}.',
        why: {
          en: 'Variables of the file are shared by all calls of the function.',
          ru: 'Переменные файла общие для всех вызовов функции.',
        },
        try: {
          en: 'Make the list of what waits inside consumeWithRetries.',
          ru: 'Создавайте список того, что ждёт, внутри consumeWithRetries.',
        },
      },
      stopped: {
        en: 'Two programs ran, one was stopped, and the other did not handle {place} any more.',
        ru: 'Работали две программы, одну остановили, и другая перестала обрабатывать записи: {place} не обработана.',
        try: {
          en: 'Each call has a consumer, a producer and timers of its own; stop() ends only those.',
          ru: 'У каждого вызова свои консюмер, продюсер и таймеры; stop() завершает только их.',
        },
      },
    },
    hints: closeHints,
  },
  ends: {
    name: {
      en: 'When Kafka refuses, the call is rejected; a second after the end all connections are closed',
      ru: 'Если Kafka отказывает, вызов отклоняется; через секунду после конца все соединения закрыты',
    },
    promises: ['refused', 'closed'],
    needs: ['goes-on'],
    says: {
      resolved: {
        en: 'consumeWithRetries with the topic {topic} resolved. Kafka does not take this name: the promise should be rejected.',
        ru: 'consumeWithRetries с топиком {topic} завершилась успешно. Такого имени Kafka не принимает, поэтому промис должен быть отклонён.',
        why: {
          en: 'The caller has no other way to learn that nothing will be read.',
          ru: 'У вызывающего нет другого способа узнать, что ничего не будет прочитано.',
        },
        try: {
          en: 'Await subscribe, and catch no error that you cannot mend.',
          ru: 'Дождитесь subscribe и не перехватывайте ошибок, которые не можете исправить.',
        },
      },
      open: {
        en: 'stop() has resolved, and {count} of its connections {count:is|are} still open.',
        ru: 'stop() завершился, а соединений ещё открыто: {count}.',
        why: {
          en: 'An open connection keeps the process alive.',
          ru: 'Открытое соединение не даёт процессу завершиться.',
        },
        try: finallyTry,
      },
      openAfterError: {
        en: 'The call was rejected, as it should be, and {count} of its connections {count:is|are} still open.',
        ru: 'Вызов отклонён, как и должен, а соединений ещё открыто: {count}.',
        why: {
          en: 'An error leaves the function at once: lines after the await that threw are not reached.',
          ru: 'Ошибка сразу прерывает функцию: до строк после await, который её бросил, дело не доходит.',
        },
        try: finallyTry,
      },
    },
    hints: closeHints,
  },
} as const satisfies Record<string, TestText>
