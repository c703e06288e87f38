/** Lab 11: what is checked of the order by key, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { orderHints, restartHints } from './hints.ts'

export const orderTests = {
  order: {
    name: {
      en: 'While a record waits, later ones with its key follow it and do not overtake',
      ru: 'Пока запись ждёт, более поздние с её ключом идут за ней и не обгоняют',
    },
    promises: ['order'],
    needs: ['goes-on', 'stages'],
    says: {
      shuffled: {
        en: '{later} (key {key}) was given to handle before {earlier}, which has the same key and had not failed at all.',
        ru: '{later} (ключ {key}) попала в handle раньше, чем {earlier} с тем же ключом, хотя с той handle ещё ни разу не завершалась ошибкой.',
        try: {
          en: 'Take the records of a partition in their order, await each, and send the copies one after the other.',
          ru: 'Берите записи партиции по порядку, каждой дожидайтесь и отправляйте копии одну за другой.',
        },
      },
      overtakesTried: {
        en: 'The second attempt of {earlier} was going on, and {later}, with the same key {key}, came to handle at the same time.',
        ru: 'Шла вторая попытка записи {earlier}, и в это же время в handle попала {later} с тем же ключом {key}.',
        why: {
          en: 'As long as an attempt goes on nobody knows how it ends: if it fails, the later record was first.',
          ru: 'Пока попытка идёт, неизвестно, чем она кончится: если ошибкой, более поздняя запись окажется первой.',
        },
        try: {
          en: 'A record waits until handle has succeeded with it or its copy has gone on, not until its turn comes.',
          ru: 'Запись ждёт, пока handle с ней не справится или её копия не уйдёт дальше, а не пока подойдёт её очередь.',
        },
      },
      overtakes: {
        en: '{earlier} had failed {times} {times:time|times} and was waiting. Meanwhile {later}, with the same key {key}, came to handle straight from the topic.',
        ru: 'На {earlier} handle завершилась ошибкой ({times} {times:раз|раза|раз}), и запись ждала. Тем временем {later} с тем же ключом {key} попала в handle прямо из топика.',
        why: {
          en: 'Kafka keeps the order of a key by keeping it in one partition. A retry topic is another partition: the record in there is out of the order, unless the later ones follow it.',
          ru: 'Kafka сохраняет порядок по ключу тем, что ключ лежит в одной партиции. Топик повторов — уже другая партиция: запись в нём выпала из порядка, если более поздние не идут за ней.',
        },
        try: {
          en: 'Remember which keys wait in the retry topics. A record with such a key is not given to handle: copy it into the first retry topic.',
          ru: 'Помните, какие ключи ждут в топиках повторов. Запись с таким ключом не передавайте в handle, а копируйте в первый топик повторов.',
        },
      },
      overtakesThere: {
        en: '{earlier} had failed {times} {times:time|times} and was waiting. {later}, with the same key {key}, had followed it into the first retry topic, and came to handle from there before it.',
        ru: 'На {earlier} handle завершилась ошибкой ({times} {times:раз|раза|раз}), и запись ждала. {later} с тем же ключом {key} пошла за ней в первый топик повторов и оттуда попала в handle раньше неё.',
        why: {
          en: 'When a record fails in the first retry topic, it goes on to the second one. What stood behind it is now in front.',
          ru: 'Если запись не удалась в первом топике повторов, она уходит во второй. И то, что стояло за ней, теперь впереди.',
        },
        try: {
          en: 'Ask the same question in each retry topic: does an earlier record of this key wait in a later one? Then copy this one into the next.',
          ru: 'Задавайте тот же вопрос в каждом топике повторов: ждёт ли более ранняя запись с этим ключом в одном из следующих? Тогда и эту копируйте в следующий.',
        },
      },
      stuck: {
        en: '{place} (key {key}) was never handled: handle was called with it {times} {times:time|times}, and nothing waits before it any more.',
        ru: '{place} (ключ {key}) так и не обработана: handle вызвали с ней {times} {times:раз|раза|раз}, хотя перед ней уже ничего не ждёт.',
        try: {
          en: 'A record that follows waits only for records in later topics. When those are done, it must be handled: count down where a record leaves a retry topic, and do not count a record as waiting for itself.',
          ru: 'Запись, которая идёт за другой, ждёт только записей в следующих топиках. Когда с ними закончено, её надо обработать: уменьшайте счётчик там, где запись покидает топик повторов, и не заставляйте запись ждать саму себя.',
        },
      },
    },
    hints: orderHints,
  },
  others: {
    name: {
      en: 'Records with other keys, and those without a key, do not wait',
      ru: 'Записи с другими ключами и записи без ключа не ждут',
    },
    promises: ['others'],
    needs: ['goes-on'],
    says: {
      never: {
        en: 'The records that should fail and wait were not given to handle.',
        ru: 'Записи, которые должны не удаться и ждать, до handle не дошли.',
        try: {
          en: 'Let handle be called first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы вызывалась handle: смотрите, что говорят проверки выше.',
        },
      },
      keyless: {
        en: 'A record without a key waits. {place}, whose key is {key}, was held back because of it; {count} {count:record|records} in all.',
        ru: 'Одна запись без ключа ждёт, и из-за неё задержали {place}, у которой ключ {key}; всего задержано записей: {count}.',
        why: {
          en: 'No key means no order: two records without one have nothing in common. And the text "null" is a key like any other.',
          ru: 'Нет ключа — нет и порядка: у двух записей без ключа нет ничего общего. А текст "null" — такой же ключ, как любой другой.',
        },
        try: {
          en: 'For key === null remember nothing and ask nothing. Make no text of it: String(null) is "null".',
          ru: 'Если key === null, ничего не запоминайте и ни о чём не спрашивайте. И не делайте из него текста: String(null) — это "null".',
        },
      },
      binary: {
        en: 'A record waits, and {place} was held back because of it, though its key {key} is another one: the bytes differ.',
        ru: 'Одна запись ждёт, и из-за неё задержали {place}, хотя ключ {key} у неё другой: байты различаются.',
        why: {
          en: 'Bytes that are not UTF-8 all become the same sign as text (U+FFFD), and different keys become equal.',
          ru: 'Байты, которые не UTF-8, в тексте превращаются в один и тот же знак (U+FFFD), и разные ключи становятся равными.',
        },
        try: {
          en: "As a name of a key take key.toString('hex') or 'base64'.",
          ru: "В качестве имени ключа берите key.toString('hex') или 'base64'.",
        },
      },
      held: {
        en: 'A record with the key {waiting} waits for an hour, and {place}, whose key is {key}, was held back; {count} {count:record|records} in all.',
        ru: 'Запись с ключом {waiting} ждёт час, а задержали {place}, у которой ключ {key}; всего задержано записей: {count}.',
        why: {
          en: 'Only records with equal keys belong together. Whoever holds back the others has stopped the partition after all.',
          ru: 'Вместе держатся только записи с равными ключами. Кто задерживает остальные, тот всё-таки остановил партицию.',
        },
        try: {
          en: 'Remember keys, not partitions, and compare them whole.',
          ru: 'Запоминайте ключи, а не партиции, и сравнивайте их целиком.',
        },
      },
    },
    hints: orderHints,
  },
  restart: {
    name: {
      en: 'After a restart the program knows which keys wait in the retry topics',
      ru: 'После перезапуска программа знает, какие ключи ждут в топиках повторов',
    },
    promises: ['restart', 'due', 'record'],
    needs: ['order', 'stages', 'goes-on'],
    says: {
      overtakes: {
        en: 'When the program started, {earlier} was waiting in {topic}, where an earlier run had put it. {later}, with the same key {key}, came to handle before it.',
        ru: 'Когда программа запустилась, {earlier} ждала в {topic}, куда её положил прошлый запуск. {later} с тем же ключом {key} попала в handle раньше неё.',
        why: {
          en: 'What a program remembers in its variables is gone after a crash. What the retry topics hold is not.',
          ru: 'Всё, что программа помнит в переменных, после падения пропадает. А то, что лежит в топиках повторов, остаётся.',
        },
        try: {
          en: 'Before the first record is handled, read each retry topic from the committed offset of the group to the end, and remember the keys. Ask all later retry topics whether a key waits, not only the next one; and compare offsets as numbers (BigInt).',
          ru: 'До того как обработать первую запись, прочитайте каждый топик повторов от зафиксированного группой смещения до конца и запомните ключи. Спрашивайте о ключе все следующие топики повторов, а не только ближайший, и сравнивайте смещения как числа (BigInt).',
        },
      },
      overtakesFar: {
        en: 'When the program started, {earlier} was waiting in {topic}, behind more than a megabyte of other records. {later}, with the same key {key}, came to handle before it.',
        ru: 'Когда программа запустилась, {earlier} ждала в {topic} за другими записями, которых больше мегабайта. {later} с тем же ключом {key} попала в handle раньше неё.',
        why: {
          en: 'One fetch brings about 1 MB of a partition (maxBytesPerPartition), not all that is there; and a topic has several partitions.',
          ru: 'Один запрос приносит около 1 МБ партиции (maxBytesPerPartition), а не всё, что в ней есть; и партиций в топике несколько.',
        },
        try: {
          en: 'Read on until you have come to the end offset of each partition (admin.fetchTopicOffsets).',
          ru: 'Читайте, пока не дойдёте до конечного смещения каждой партиции (admin.fetchTopicOffsets).',
        },
      },
      held: {
        en: 'No record with the key {key} waits in {topic}; one was handled from there earlier, and the group has committed {committed}. Still {place} was copied there instead of being handled.',
        ru: 'В {topic} ни одна запись с ключом {key} не ждёт: одна была, её уже обработали, и группа зафиксировала {committed}. Но {place} скопировали туда, а не обработали.',
        why: {
          en: 'Handled records stay in the retry topic until retention deletes them. The committed offset says which ones still wait.',
          ru: 'Обработанные записи остаются в топике повторов, пока их не удалит retention. Какие ещё ждут, говорит зафиксированное смещение.',
        },
        try: {
          en: 'Begin to read at the committed offset (admin.fetchOffsets), and at the start of the partition only where there is none.',
          ru: 'Начинайте читать с зафиксированного смещения (admin.fetchOffsets), а с начала партиции — только там, где его нет.',
        },
      },
      again: {
        en: '{place} was handled from {topic} by an earlier run and committed, and handle was called with it again.',
        ru: '{place} уже обработал прошлый запуск из {topic}, смещение зафиксировано, и handle вызвали с ней снова.',
        try: {
          en: 'Reading the retry topics at the start is only for the keys: it must not move the consumer back.',
          ru: 'Чтение топиков повторов при запуске нужно только ради ключей: консюмер оно назад сдвигать не должно.',
        },
      },
      early: {
        en: '{place} was given to handle {waited} ms after an earlier run had copied it; by its retry-due it had to wait {delay} ms.',
        ru: '{place} попала в handle через {waited} мс после того, как её скопировал прошлый запуск, а по retry-due ей ждать {delay} мс.',
        try: {
          en: 'Take the time from the header retry-due, not from a variable.',
          ru: 'Берите время из заголовка retry-due, а не из переменной.',
        },
      },
      stuck: {
        en: '{place} (key {key}) was never handled; {count} {count:record|records} in all.',
        ru: '{place} (ключ {key}) так и не обработана; всего таких записей: {count}.',
        try: {
          en: 'What an earlier run has put there must be handled when it is due, and what follows it, afterwards.',
          ru: 'Что положил прошлый запуск, надо обработать, когда настанет срок, а то, что идёт следом, — после него.',
        },
      },
      attempt: {
        en: 'An earlier run had failed with {place}, as its header retry-attempts says; handle got the attempt {got}, and it should be {wanted}.',
        ru: 'Прошлый запуск уже завершался ошибкой на {place}, это сказано в её заголовке retry-attempts; handle получила attempt {got}, а должна была {wanted}.',
        try: {
          en: 'Count attempts in the header, not in a variable.',
          ru: 'Считайте попытки в заголовке, а не в переменной.',
        },
      },
    },
    hints: restartHints,
  },
  free: {
    name: {
      en: 'When no record of a key waits any more, its next one is handled straight from the topic',
      ru: 'Когда ни одна запись с ключом больше не ждёт, следующая обрабатывается прямо из топика',
    },
    promises: ['free'],
    needs: ['order', 'stages', 'goes-on'],
    says: {
      stuck: {
        en: '{place} (key {key}) was not handled, nor failed for the last time.',
        ru: '{place} (ключ {key}) не обработана, и последней ошибки на ней тоже не было.',
        try: {
          en: 'Let the retry topics and the order work first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы работали топики повторов и порядок: смотрите, что говорят проверки выше.',
        },
      },
      heldAfterDone: {
        en: 'All records with the key {key} had been handled, and still {place} was not handled straight from the topic.',
        ru: 'Все записи с ключом {key} уже обработаны, но {place} прямо из топика не обработали.',
        why: {
          en: 'A key that is never free again sends all its records through the retry topics for ever.',
          ru: 'Если ключ не освобождается, все его записи теперь вечно ходят через топики повторов.',
        },
        try: {
          en: 'Count the records of a key that wait, up at each copy into a retry topic and down when a record leaves one; free is 0.',
          ru: 'Считайте ожидающие записи ключа: больше на одну при каждом копировании в топик повторов, меньше, когда запись его покидает; свободен — это 0.',
        },
      },
      heldAfterDead: {
        en: 'The record with the key {key} that had failed lies in the dead letters, and still {place} was not handled straight from the topic.',
        ru: 'Неудавшаяся запись с ключом {key} лежит в dead letter, но {place} прямо из топика не обработали.',
        why: {
          en: 'Nobody knows whether a dead letter will ever be handled. Whoever waits for it, waits for a person.',
          ru: 'Никто не знает, обработают ли dead letter когда-нибудь. Ждать её — значит ждать человека.',
        },
        try: {
          en: 'A copy into `dead` does not wait: do not count it, and count down where it comes from.',
          ru: 'Копия в `dead` не ждёт: не считайте её, а счётчик топика, откуда она пришла, уменьшите.',
        },
      },
    },
    hints: orderHints,
  },
} as const satisfies Record<string, TestText>
