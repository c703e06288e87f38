/** Lab 08: what the tests of consumeOnce check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { crashHints, runHints, twoMemoriesHints } from './hints.ts'

export const crashCases = {
  never: {
    en: 'Before the crash handle was called {got} {got:time|times} for {wanted} records, and then nothing happened any more.',
    ru: 'До падения handle вызвали {got} {got:раз|раза|раз} на {wanted} {wanted:запись|записи|записей}, и больше ничего не происходило.',
    try: {
      en: 'consumer.run returns at once and works in the background; eachMessage has to await handle and store.save.',
      ru: 'consumer.run сразу возвращается и работает в фоне; в eachMessage нужно дождаться handle и store.save.',
    },
  },
  stuck: {
    en: 'After the restart nothing happened for 5 s, and {count} {count:event was|events were} not saved.',
    ru: 'После перезапуска 5 с ничего не происходило, а несохранённых событий — {count}.',
    try: {
      en: 'A second run begins at the committed offset and goes on with what the store says.',
      ru: 'Второй запуск начинает с зафиксированного смещения и продолжает с того, что лежит в хранилище.',
    },
  },
  lost: {
    en: 'The program crashed, was started again, and what handle gives for {place} was never saved ({count} {count:event|events} in all). Committed offset at the crash: {committed}.',
    ru: 'Программа упала, её запустили снова, а то, что handle возвращает для {place}, так и не сохранено (всего таких событий: {count}). Зафиксированное смещение при падении: {committed}.',
    why: {
      en: 'What is committed, or remembered, before it is saved does not come again.',
      ru: 'Что зафиксировано или запомнено раньше, чем сохранено, снова не придёт.',
    },
    try: {
      en: 'handle, then one store.save with the changes and the memory, then the commit.',
      ru: 'Сначала handle, потом одна store.save с изменениями и памятью, потом фиксация.',
    },
  },
  lostAtSave: {
    en: 'The program crashed in store.save, before the database had done it. After the restart what handle gives for {place} was not saved ({count} {count:event|events} in all). Committed offset at the crash: {committed}.',
    ru: 'Программа упала в store.save, когда база ещё ничего не сделала. После перезапуска то, что handle возвращает для {place}, не сохранено (всего таких событий: {count}). Зафиксированное смещение при падении: {committed}.',
    why: {
      en: 'If the memory is saved first and the changes second, a crash in between leaves an event that is remembered and not done.',
      ru: 'Если сначала сохранить память, а потом изменения, падение между ними оставит событие, которое помнят, но не сделали.',
    },
    try: {
      en: 'One call: store.save({ ...changes, [name]: memory }). And no commit before it.',
      ru: 'Один вызов: store.save({ ...changes, [name]: memory }). И никаких фиксаций до него.',
    },
  },
  twice: {
    en: 'The program crashed, was started again, and the changes for {place} are saved twice ({count} {count:event|events} in all).',
    ru: 'Программа упала, её запустили снова, и изменения для {place} сохранены дважды (всего таких событий: {count}).',
    why: {
      en: 'What the program had in its variables is gone. Only what is in the store can recognise a record that comes again.',
      ru: 'Всё, что программа держала в переменных, пропало. Узнать запись, которая пришла снова, поможет только хранилище.',
    },
    try: {
      en: 'Load the memory from the store before the first record of a partition.',
      ru: 'Загрузите память из хранилища перед первой записью партиции.',
    },
  },
  twiceAtSave: {
    en: 'The database had saved the changes for {place} when the program crashed; it never heard of it. After the restart they were saved a second time ({count} {count:event|events} in all).',
    ru: 'База уже сохранила изменения для {place}, когда программа упала, не узнав об этом. После перезапуска они сохранены второй раз (всего таких событий: {count}).',
    why: {
      en: 'If the changes are saved first and the memory second, a crash in between leaves an event that is done and not remembered.',
      ru: 'Если сначала сохранить изменения, а потом память, падение между ними оставит событие, которое сделали, но не запомнили.',
    },
    try: {
      en: 'One call: store.save({ ...changes, [name]: memory }).',
      ru: 'Один вызов: store.save({ ...changes, [name]: memory }).',
    },
  },
  twiceAtCommit: {
    en: 'All was saved when the program crashed, and its commit had not reached the broker (committed offset: {committed}). After the restart the changes for {place} were saved a second time ({count} {count:event|events} in all).',
    ru: 'Всё было сохранено, когда программа упала, а её запрос фиксации до брокера не дошёл (зафиксированное смещение: {committed}). После перезапуска изменения для {place} сохранены второй раз (всего таких событий: {count}).',
    why: {
      en: 'What the program had in its variables is gone. Only what is in the store can recognise a record that comes again.',
      ru: 'Всё, что программа держала в переменных, пропало. Узнать запись, которая пришла снова, поможет только хранилище.',
    },
    try: {
      en: 'Save the memory with each record, and load it when the program starts.',
      ru: 'Сохраняйте память с каждой записью и загружайте её при запуске.',
    },
  },
} as const satisfies Record<string, CaseText>

export const onceTests = {
  all: {
    name: {
      en: 'consumeOnce calls handle for each event once, in order, as it was sent, and saves what it gives before the next',
      ru: 'consumeOnce вызывает handle для каждого события один раз, по порядку, как отправлено, и сохраняет результат до следующего',
    },
    promises: ['runs', 'record', 'order'],
    says: {
      shape: {
        en: 'handle was called with {got}; it should get { partition, offset, timestamp, id, key, value }.',
        ru: 'handle вызвали с {got}, а она должна получать { partition, offset, timestamp, id, key, value }.',
        try: {
          en: 'partition is a number in the payload of eachMessage; the rest is in its message, the id in message.headers.',
          ru: 'partition — число из аргумента eachMessage; остальное лежит в его message, а id — в message.headers.',
        },
      },
      together: {
        en: 'handle was called with {later} while its call with {earlier} was still at work.',
        ru: 'handle вызвали с {later}, когда вызов с {earlier} ещё работал.',
        why: {
          en: 'handle reads what the records before have left in the store.',
          ru: 'handle читает из хранилища то, что оставили предыдущие записи.',
        },
        try: {
          en: 'await handle(…) inside eachMessage; no Promise.all over the records of a batch.',
          ru: 'await handle(…) внутри eachMessage; никаких Promise.all по записям пакета.',
        },
      },
      unsaved: {
        en: 'handle was called with {later} before what it gave for {earlier} was saved.',
        ru: 'handle вызвали с {later} раньше, чем сохранили то, что она вернула для {earlier}.',
        why: {
          en: 'handle reads what the records before have left in the store: a balance that is not saved yet is an old balance.',
          ru: 'handle читает из хранилища то, что оставили предыдущие записи: ещё не сохранённый баланс — это старый баланс.',
        },
        try: {
          en: 'await store.save(…) before the next record.',
          ru: 'Дождитесь store.save(…), прежде чем брать следующую запись.',
        },
      },
      fromNowOn: {
        en: 'The topic held {wanted} records when the consumer started; none of them came to it.',
        ru: 'Когда консюмер запустился, в топике было {wanted} {wanted:запись|записи|записей}; до него не дошла ни одна.',
        why: {
          en: 'A group that has committed nothing begins at the end of a topic, unless subscribe says fromBeginning: true.',
          ru: 'Группа, которая ничего не зафиксировала, начинает с конца топика, если не подписаться с fromBeginning: true.',
        },
        try: {
          en: 'consumer.subscribe({ topics: [topic], fromBeginning: true }), before run.',
          ru: 'consumer.subscribe({ topics: [topic], fromBeginning: true }), до run.',
        },
      },
      order: {
        en: 'handle was called with {place} after a record with a larger offset of the same partition.',
        ru: 'handle вызвали с {place} после записи с большим смещением той же партиции.',
        try: {
          en: 'One record after the other, as kafkajs gives them.',
          ru: 'Берите записи по одной, как их отдаёт kafkajs.',
        },
      },
      missing: {
        en: 'handle was called with {got} of {wanted} events; {place} is the first that is missing.',
        ru: 'handle вызвали с {got} из {wanted} событий; первое, которого не хватает, — {place}.',
        try: {
          en: 'Is an event taken for a duplicate? An id is equal only when all its characters are, and is known by its own partition.',
          ru: 'Событие приняли за дубль? id равны, только когда совпадают все символы, и память у каждой партиции своя.',
        },
      },
      laterMissing: {
        en: '{wanted} events were sent while the consumer ran, and did not all come to handle.',
        ru: 'Пока консюмер работал, отправили ещё {wanted} {wanted:событие|события|событий}, и до handle дошли не все.',
        try: {
          en: 'The consumer runs until stop is called.',
          ru: 'Консюмер работает, пока не вызвали stop.',
        },
      },
      notSaved: {
        en: 'handle was called with {place}, and what it gave was not saved ({count} {count:event|events} in all).',
        ru: 'handle вызвали с {place}, но то, что она вернула, не сохранено (всего таких событий: {count}).',
        try: {
          en: 'Pass on to store.save all names and strings that handle gives, as they are.',
          ru: 'Передавайте в store.save все имена и строки, которые вернула handle, как есть.',
        },
      },
      twice: {
        en: 'Nothing failed, and the changes for {place} were saved twice ({count} {count:event|events} in all).',
        ru: 'Ничего не ломалось, а изменения для {place} сохранены дважды (всего таких событий: {count}).',
        try: {
          en: 'Ask the memory before you call handle.',
          ru: 'Спросите память, прежде чем вызывать handle.',
        },
      },
      strange: {
        en: 'Something was saved under the name {name}, which is neither from handle nor begins with memory:',
        ru: 'Что-то сохранено под именем {name}: его не возвращала handle, и оно не начинается с memory:',
        try: {
          en: 'Other names belong to handle: yours begin with memory:',
          ru: 'Остальные имена принадлежат handle: ваши начинаются с memory:',
        },
      },
      differs: {
        en: 'Fields that handle got are not as they were sent: {count}.',
        ru: 'Поля записей дошли до handle не такими, какими их отправили: {count}.',
        try: {
          en: 'Number(message.timestamp); key, value and the header id as UTF-8, as they are; a key that is null stays null, an empty string an empty string.',
          ru: 'Number(message.timestamp); ключ, значение и заголовок id — в UTF-8, как есть; ключ null остаётся null, пустая строка — пустой строкой.',
        },
      },
    },
    hints: runHints,
  },
  resent: {
    name: {
      en: 'What the producer has sent twice is handled once, until its id is forgotten',
      ru: 'То, что продюсер отправил дважды, обрабатывается один раз, пока id не забыт',
    },
    promises: ['resent'],
    needs: ['all'],
    says: {
      dup: {
        en: 'handle was called with {place}, a duplicate: its id had come with {first}, {ms} ms earlier; keepMs is {keepMs}.',
        ru: 'handle вызвали с дублем {place}: его id уже был у записи {first}, на {ms} мс раньше; keepMs — {keepMs}.',
        why: {
          en: 'The two have different offsets, for the broker cannot see that they are one event. Only the id says so.',
          ru: 'Смещения у них разные: брокер не видит, что это одно событие. Об этом говорит только id.',
        },
        try: {
          en: 'rememberIds(keepMs, …), one for each partition, with the timestamps of the records.',
          ru: 'rememberIds(keepMs, …), своя для каждой партиции, с метками времени записей.',
        },
      },
      forAll: {
        en: 'handle was called with {place}, a duplicate of {first} just before it. In another partition, whose records are much younger, the duplicate {ahead} was recognised.',
        ru: 'handle вызвали с {place} — дублем записи {first}, которая пришла прямо перед ней. А в другой партиции, где записи намного новее, дубль {ahead} узнали.',
        why: {
          en: 'Each partition has a time of its own. With one time for all, the partition that is ahead makes the others forget.',
          ru: 'У каждой партиции своё время. Если время одно на всех, из-за ушедшей вперёд партиции забывают id остальных.',
        },
        try: {
          en: 'A memory of ids for each partition, with a name of its own in the store.',
          ru: 'Своя память id у каждой партиции, под своим именем в хранилище.',
        },
      },
      movedOn: {
        en: 'handle was not called with {place}. Its id had come with {first}; then the duplicate {mover} moved the time on, and the id was forgotten. keepMs is {keepMs}.',
        ru: 'handle не вызвали с {place}. Его id был у записи {first}; потом дубль {mover} продвинул время, и id забыт. keepMs — {keepMs}.',
        why: {
          en: 'A duplicate moves the time on as well. Only a stop, a crash or an error may undo that.',
          ru: 'Дубль тоже двигает время. Потеряться это может только при остановке, падении или ошибке.',
        },
        try: {
          en: 'Keep the memory between two records, also when the answer was false; or save it for duplicates, too.',
          ru: 'Не выбрасывайте память между записями, даже если она ответила false, или сохраняйте её и для дублей.',
        },
      },
      forgotten: {
        en: 'handle was not called with {place}. Its id had come with {first}, but {ms} ms earlier, and keepMs is {keepMs}: it was forgotten.',
        ru: 'handle не вызвали с {place}. Его id был у записи {first}, но на {ms} мс раньше, а keepMs — {keepMs}: он уже забыт.',
        try: {
          en: 'Give rememberIds the keepMs that you were given, and the time of the record, not of the clock.',
          ru: 'Передайте rememberIds тот keepMs, который получили, и время записи, а не часов.',
        },
      },
      other: {
        en: 'handle was not called with {place}, whose id {id} had not come before.',
        ru: 'handle не вызвали с {place}, хотя его id {id} раньше не приходил.',
        try: {
          en: 'Take the id from the header id, as it is: not the key, not the value.',
          ru: 'Берите id из заголовка id, как есть: не ключ и не значение.',
        },
      },
      notSaved: {
        en: 'handle was called with {place}, and what it gave was not saved ({count} {count:event|events} in all).',
        ru: 'handle вызвали с {place}, но то, что она вернула, не сохранено (всего таких событий: {count}).',
        try: { en: 'await store.save for each event.', ru: 'Дождитесь store.save для каждого события.' },
      },
      twice: {
        en: 'The changes for {place} are saved twice.',
        ru: 'Изменения для {place} сохранены дважды.',
        try: { en: 'Call handle once for each event.', ru: 'Вызывайте handle один раз для каждого события.' },
      },
    },
    hints: twoMemoriesHints,
  },
  replay: {
    name: {
      en: 'When the committed offsets are set back, nothing is handled again, however old it is',
      ru: 'Если зафиксированные смещения сдвинули назад, ничего не обрабатывается снова, как бы старо оно ни было',
    },
    promises: ['replay'],
    needs: ['all', 'crash', 'resent'],
    says: {
      never: {
        en: 'handle was called {got} {got:time|times} for {wanted} events.',
        ru: 'handle вызвали {got} {got:раз|раза|раз} на {wanted} {wanted:событие|события|событий}.',
        try: {
          en: 'First make the check "all" pass.',
          ru: 'Сначала добейтесь, чтобы прошла проверка на все события.',
        },
      },
      stays: {
        en: 'stop() has resolved, and 5 s later the consumer is still a member of its group. Nobody can set the offsets of a group back while it has a member.',
        ru: 'stop() завершился, но и через 5 с консюмер остаётся участником группы. Пока в группе есть участник, сдвинуть её смещения нельзя.',
        try: { en: 'stop is consumer.disconnect().', ru: 'stop — это consumer.disconnect().' },
      },
      unremembered: {
        en: 'The group was stopped and its committed offset set back to {back}. Then handle was called again with {place} ({count} {count:call|calls} in all), and until then the second run had loaded nothing that the first had saved under memory:',
        ru: 'Группу остановили и сдвинули её зафиксированное смещение назад, на {back}. После этого handle снова вызвали с {place} (всего вызовов: {count}), а до того второй запуск не загрузил ничего, что первый сохранил бы под memory:',
        why: {
          en: 'What the program had in its variables is gone. Only what is in the store can recognise a record that comes again.',
          ru: 'Всё, что программа держала в переменных, пропало. Узнать запись, которая пришла снова, поможет только хранилище.',
        },
        try: {
          en: 'Save the memory with each event, and load it before the first record of a partition.',
          ru: 'Сохраняйте память с каждым событием и загружайте её перед первой записью партиции.',
        },
      },
      again: {
        en: 'The group was stopped and its committed offset set back to {back}. Then handle was called again with {place} ({count} {count:call|calls} in all).',
        ru: 'Группу остановили и сдвинули её зафиксированное смещение назад, на {back}. После этого handle снова вызвали с {place} (всего вызовов: {count}).',
        why: {
          en: 'The ids of these records are forgotten. Their places are not: one number for each partition, kept for ever.',
          ru: 'id этих записей уже забыты. А места — нет: одно число на партицию, и хранится оно всегда.',
        },
        try: {
          en: 'Ask rememberOffsets as well, and save it beside the ids.',
          ru: 'Спрашивайте и rememberOffsets и сохраняйте её рядом с id.',
        },
      },
      overwritten: {
        en: 'The group was stopped, and the committed offsets of two partitions were set back. In one of them handle was called again with {place} ({count} {count:call|calls} in all); in partition {other}, which came to its end last, with nothing.',
        ru: 'Группу остановили и сдвинули назад смещения двух партиций. В одной из них handle снова вызвали с {place} (всего вызовов: {count}), а в партиции {other}, которая закончилась последней, — ни с чем.',
        why: {
          en: 'What one partition had saved last was not there any more. A save that writes the places of all partitions, as they were when its handle began, takes back what others have saved since.',
          ru: 'Того, что первая партиция сохранила последним, уже нет. Если сохранение пишет места всех партиций такими, какими они были до вызова handle, оно стирает то, что другие сохранили за это время.',
        },
        try: {
          en: 'A name of its own for each partition; or handle one record at a time.',
          ru: 'Своё имя для каждой партиции — или обрабатывайте по одной записи.',
        },
      },
      after: {
        en: 'After the replay a new event came, {place}, and was not saved.',
        ru: 'После перечитывания пришло новое событие, {place}, и оно не сохранено.',
        try: {
          en: 'A record that is known is left out, and the consumer goes on.',
          ru: 'Знакомую запись пропускают, и консюмер идёт дальше.',
        },
      },
    },
    hints: twoMemoriesHints,
  },
  bounded: {
    name: {
      en: 'What is saved to remember does not grow with the topic',
      ru: 'То, что сохранено для памяти, не растёт вместе с топиком',
    },
    promises: ['bounded'],
    needs: ['ids-forget', 'offsets'],
    says: {
      never: {
        en: 'handle was called {got} {got:time|times}, and not all of {wanted} events are saved.',
        ru: 'handle вызвали {got} {got:раз|раза|раз}, и сохранены не все события ({wanted}).',
        try: {
          en: 'First make the check "all" pass.',
          ru: 'Сначала добейтесь, чтобы прошла проверка на все события.',
        },
      },
      large: {
        en: 'After {count} events there are {size} characters under memory:, and {kept} {kept:id is|ids are} not forgotten: {max} are allowed.',
        ru: 'После {count} {count:события|событий|событий} под memory: лежит {size} {size:символ|символа|символов}, а не забыто id: {kept}; можно не больше {max}.',
        try: {
          en: 'Save under one name for each partition, so that the old memory is written over; or remove a name with null when its id is forgotten.',
          ru: 'Сохраняйте под одним именем на партицию, чтобы новая память заменяла старую, или удаляйте имя через null, когда id забыт.',
        },
      },
      left: {
        en: 'The consumer was stopped and started again, and {kept} {kept:id is|ids are} not forgotten now. Under memory: there are {size} characters; {max} are allowed.',
        ru: 'Консюмер остановили и запустили снова, и не забыто теперь id: {kept}. Под memory: лежит {size} {size:символ|символа|символов}, а можно не больше {max}.',
        why: {
          en: 'What an earlier run has saved stays until somebody removes it, and the store does not say which names it has.',
          ru: 'Сохранённое прошлым запуском лежит, пока его не удалят, а какие имена в нём есть, хранилище не скажет.',
        },
        try: {
          en: 'One name for each partition, with all its ids under it: then each save writes over what is forgotten.',
          ru: 'Одно имя на партицию, и под ним все её id: тогда каждое сохранение заменяет и то, что забыто.',
        },
      },
    },
    hints: twoMemoriesHints,
  },
  crash: {
    name: {
      en: 'A crash at any moment neither loses an event nor saves it twice',
      ru: 'Падение в любой момент не теряет событие и не сохраняет его дважды',
    },
    promises: ['crash'],
    needs: ['all'],
    says: crashCases,
    hints: crashHints,
  },
  groups: {
    name: {
      en: 'Several consumers at once: each handles every event of its topic',
      ru: 'Несколько консюмеров сразу: каждый обрабатывает все события своего топика',
    },
    promises: ['groups'],
    needs: ['all'],
    says: {
      missing: {
        en: 'Of {count} consumers at once one has saved {got} of {wanted} events.',
        ru: 'Из консюмеров, которые работали одновременно ({count}), один сохранил {got} из {wanted} событий.',
        try: {
          en: 'A memory belongs to one call of consumeOnce; the group is the one that was given.',
          ru: 'Память принадлежит одному вызову consumeOnce; группа — та, которую передали.',
        },
      },
      more: {
        en: 'One of the consumers called handle {calls} {calls:time|times} for {wanted} events.',
        ru: 'Один из консюмеров вызвал handle {calls} {calls:раз|раза|раз} на {wanted} {wanted:событие|события|событий}.',
        try: {
          en: 'One consumer for each call, with the group that was given.',
          ru: 'По одному консюмеру на вызов, с переданной группой.',
        },
      },
    },
    hints: runHints,
  },
} as const satisfies Record<string, TestText>
