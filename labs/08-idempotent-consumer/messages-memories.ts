/** Lab 08: what the tests of the three memories check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { idsHints, offsetsHints, savedHints, sequencesHints } from './hints.ts'

const large: CaseText = {
  en: 'After {count} records saved() has {size} characters; {max} are allowed.',
  ru: 'После записей ({count}) в saved() {size} {size:символ|символа|символов}, а можно не больше {max}.',
}

export const memoryTests = {
  offsets: {
    name: {
      en: 'rememberOffsets knows a record by its place, with one number for each partition',
      ru: 'rememberOffsets узнаёт запись по её месту, и хватает одного числа на партицию',
    },
    promises: ['offsets-new', 'small'],
    needs: ['apart'],
    says: {
      dup: {
        en: 'isNew gave true for {record} (partition:offset), although a record with this offset or a larger one came before in the partition.',
        ru: 'isNew вернула true для {record} (партиция:смещение), хотя в этой партиции уже приходила запись с таким же или большим смещением.',
        try: {
          en: 'For each partition keep the next offset that would be new; what lies below it is known.',
          ru: 'Для каждой партиции храните следующее смещение, которое будет новым; всё, что ниже, уже знакомо.',
        },
      },
      fresh: {
        en: 'isNew gave false for {record} (partition:offset), although all offsets before in this partition were smaller.',
        ru: 'isNew вернула false для {record} (партиция:смещение), хотя все прежние смещения в этой партиции были меньше.',
        try: {
          en: 'Compare numbers with < and >, each partition for itself. Offset 0 is an offset like any other, and large ones do not fit into 32 bits.',
          ru: 'Сравнивайте числа через < и >, каждую партицию отдельно. Смещение 0 — такое же, как остальные, а большие не помещаются в 32 бита.',
        },
      },
      gap: {
        en: 'isNew gave false for {record} (partition:offset), which comes after a gap: the offset before it never came.',
        ru: 'isNew вернула false для {record} (партиция:смещение), а эта запись идёт после пропуска: предыдущее смещение не приходило.',
        why: {
          en: 'Offsets have gaps: transactions, compaction and deleted records leave some.',
          ru: 'Смещения идут с пропусками: их оставляют транзакции, уплотнение и удалённые записи.',
        },
        try: {
          en: 'Any offset that is larger than the last one is new, not only the next.',
          ru: 'Новое — любое смещение больше последнего, а не только следующее.',
        },
      },
      below: {
        en: 'isNew gave true for {record} (partition:offset): it lies below an offset that came before in the partition.',
        ru: 'isNew вернула true для {record} (партиция:смещение): это смещение ниже того, что уже приходило в партиции.',
        why: {
          en: 'A partition is read in order. What lies below the largest offset came earlier, or was missing and will not come.',
          ru: 'Партиция читается по порядку. Всё, что ниже наибольшего смещения, уже приходило или пропущено и не придёт.',
        },
        try: {
          en: 'One number for each partition is enough: not the set of offsets, the next one.',
          ru: 'Достаточно одного числа на партицию: не множества смещений, а следующего.',
        },
      },
      large: {
        ...large,
        try: {
          en: 'Keep one number for each partition, not each offset.',
          ru: 'Храните одно число на партицию, а не каждое смещение.',
        },
      },
      sparse: {
        en: 'A memory that had been asked about three records, one of them of partition {first}, has {size} characters in saved(); {max} are allowed.',
        ru: 'Память спросили о трёх записях, одна из них — из партиции {first}, и в saved() {size} {size:символ|символа|символов}, а можно не больше {max}.',
        why: {
          en: 'In an array with the partition as index all numbers below it take space too.',
          ru: 'В массиве с индексом-партицией место занимают и все номера перед ней.',
        },
        try: {
          en: 'Save pairs of partition and offset, only for partitions that have come: a Map, not an array.',
          ru: 'Сохраняйте пары «партиция и смещение» и только для тех партиций, что приходили: Map вместо массива.',
        },
      },
    },
    hints: offsetsHints,
  },
  ids: {
    name: {
      en: 'rememberIds knows an id by all its characters',
      ru: 'rememberIds узнаёт id по всем его символам',
    },
    promises: ['ids-new'],
    needs: ['apart'],
    says: {
      dup: {
        en: 'isNew gave true for {record} (id and timestamp), although this id had come a moment before.',
        ru: 'isNew вернула true для {record} (id и метка времени), хотя этот id только что приходил.',
        try: {
          en: 'Use a Map with the id as it is: an empty one and __proto__ are ids like any other.',
          ru: 'Возьмите Map и id как есть: пустой и __proto__ — такие же id, как остальные.',
        },
      },
      fresh: {
        en: 'isNew gave false for {record} (id and timestamp), although no equal id had come before.',
        ru: 'isNew вернула false для {record} (id и метка времени), хотя такого id раньше не было.',
        try: {
          en: 'Use the id as it is: no trim, no toLowerCase, no normalize, no part of it; and a Map, not a plain object.',
          ru: 'Берите id как есть: без trim, toLowerCase и normalize, целиком; и Map вместо простого объекта.',
        },
      },
    },
    hints: idsHints,
  },
  'ids-window': {
    name: {
      en: 'rememberIds forgets an id keepMs after its record, to the millisecond, in the time of the records',
      ru: 'rememberIds забывает id через keepMs после записи, с точностью до миллисекунды, по времени записей',
    },
    promises: ['ids-window', 'ids-fixed'],
    needs: ['ids', 'apart'],
    says: {
      fresh: {
        en: 'keepMs is {keepMs}. isNew gave false for {record} (id and timestamp), although this id had not come before.',
        ru: 'keepMs — {keepMs}. isNew вернула false для {record} (id и метка времени), хотя этот id раньше не приходил.',
        try: {
          en: 'An id that is not in the memory is new, whatever the time is.',
          ru: 'id, которого в памяти нет, — новый, какое бы ни было время.',
        },
      },
      early: {
        en: 'keepMs is {keepMs}. isNew gave true for {record} (id and timestamp) too early: the id was not forgotten yet.',
        ru: 'keepMs — {keepMs}. isNew вернула true для {record} (id и метка времени) слишком рано: id ещё не забыт.',
        try: {
          en: 'Forgotten is what has timestamp + keepMs <= the time, and the time is the largest timestamp so far.',
          ru: 'Забыто то, у чего timestamp + keepMs <= времени, а время — наибольшая из пришедших меток.',
        },
      },
      late: {
        en: 'keepMs is {keepMs}. isNew gave false for {record} (id and timestamp): the id should have been forgotten by then.',
        ru: 'keepMs — {keepMs}. isNew вернула false для {record} (id и метка времени), а id к этому моменту должен быть забыт.',
        try: {
          en: 'When exactly keepMs have passed, the id is forgotten. Take the time from the records, not from Date.now().',
          ru: 'Когда прошло ровно keepMs, id забыт. Время берите из записей, а не из Date.now().',
        },
      },
      prolonged: {
        en: 'keepMs is {keepMs}. Duplicates came in between, and isNew gave false for {record} (id and timestamp): the id should have been forgotten by then.',
        ru: 'keepMs — {keepMs}. По пути приходили дубли, и isNew вернула false для {record} (id и метка времени), а id к этому моменту должен быть забыт.',
        why: {
          en: 'keepMs is counted from the record that was new. If each duplicate began it anew, an id that is sent every minute would never be forgotten.',
          ru: 'keepMs отсчитывается от той записи, которая была новой. Если бы каждый дубль начинал отсчёт заново, id, который шлют каждую минуту, не забылся бы никогда.',
        },
        try: {
          en: 'Write the time down only when the answer is true.',
          ru: 'Запоминайте время только тогда, когда отвечаете true.',
        },
      },
      behind: {
        en: 'keepMs is {keepMs}. isNew gave false for {record} (id and timestamp). The id had come late, behind one with a larger timestamp; its own time is over, that of the other is not.',
        ru: 'keepMs — {keepMs}. isNew вернула false для {record} (id и метка времени). Этот id пришёл с опозданием, после другого с большей меткой; его срок уже вышел, а срок того — нет.',
        why: {
          en: 'Timestamps may come out of order, so what came first need not be forgotten first.',
          ru: 'Метки идут не по порядку, поэтому первым забывают не обязательно то, что первым пришло.',
        },
        try: {
          en: 'Compare each id’s own timestamp with the time; do not stop at the first id that has time left.',
          ru: 'Сравнивайте со временем метку каждого id отдельно; не останавливайтесь на первом, чей срок ещё не вышел.',
        },
      },
      lateRecord: {
        en: 'keepMs is {keepMs}. isNew gave false for {record} (id and timestamp). The record is late, but another one had moved the time on already, and the id was forgotten.',
        ru: 'keepMs — {keepMs}. isNew вернула false для {record} (id и метка времени). Эта запись опоздала, но другая уже продвинула время, и id был забыт.',
        why: {
          en: 'A late record does not turn the time back.',
          ru: 'Опоздавшая запись не возвращает время назад.',
        },
        try: {
          en: 'Keep the largest timestamp of all records, and compare with that.',
          ru: 'Храните наибольшую метку из всех записей и сравнивайте с ней.',
        },
      },
    },
    hints: idsHints,
  },
  'ids-forget': {
    name: {
      en: 'rememberIds does not keep what it has forgotten',
      ru: 'rememberIds не хранит то, что забыла',
    },
    promises: ['ids-forget'],
    says: {
      large: {
        en: 'After {count} records saved() has {size} characters; {kept} {kept:id is|ids are} not forgotten, so {max} are allowed.',
        ru: 'После записей ({count}) в saved() {size} {size:символ|символа|символов}; не забыто id: {kept}, значит, можно не больше {max}.',
        why: {
          en: 'A memory that keeps everything works for a year, and then it is the largest table of the database.',
          ru: 'Память, которая хранит всё, работает год, а потом оказывается самой большой таблицей в базе.',
        },
        try: {
          en: 'Delete ids whose time has come, in saved() at the latest.',
          ru: 'Удаляйте id, чей срок вышел, самое позднее — в saved().',
        },
      },
    },
    hints: idsHints,
  },
  sequences: {
    name: {
      en: 'rememberSequences knows a record by its producer, epoch and sequence',
      ru: 'rememberSequences узнаёт запись по продюсеру, эпохе и номеру',
    },
    promises: ['sequences-new', 'small'],
    needs: ['apart'],
    says: {
      dup: {
        en: 'isNew gave true for {record} (producer, epoch/sequence), which is not new.',
        ru: 'isNew вернула true для {record} (продюсер, эпоха/номер), а эта запись не новая.',
        try: {
          en: 'Keep the last epoch and sequence of each producer; an equal number is known already.',
          ru: 'Для каждого продюсера храните последние эпоху и номер; равный номер уже знаком.',
        },
      },
      fresh: {
        en: 'isNew gave false for {record} (producer, epoch/sequence), which is new.',
        ru: 'isNew вернула false для {record} (продюсер, эпоха/номер), а эта запись новая.',
        try: {
          en: 'Each producer has numbers of its own; names are equal when all their characters are; 0 is a number like any other.',
          ru: 'У каждого продюсера свои номера; имена равны, когда совпадают все символы; 0 — такой же номер, как другие.',
        },
      },
      restarted: {
        en: 'isNew gave false for {record} (producer, epoch/sequence): the producer was restarted, its epoch has risen and its numbers begin anew.',
        ru: 'isNew вернула false для {record} (продюсер, эпоха/номер): продюсера перезапустили, эпоха выросла, и номера начались заново.',
        try: {
          en: 'Compare the epochs first, and the sequences only when the epochs are equal; in one number together they need 46 bits.',
          ru: 'Сначала сравнивайте эпохи, а номера — только при равных эпохах; одному числу для обоих нужно 46 бит.',
        },
      },
      zombie: {
        en: 'isNew gave true for {record} (producer, epoch/sequence), although a larger epoch of this producer had come.',
        ru: 'isNew вернула true для {record} (продюсер, эпоха/номер), хотя уже приходила большая эпоха этого продюсера.',
        why: {
          en: 'That is the old run of a producer that was restarted. Kafka calls it a zombie, and refuses it.',
          ru: 'Это прошлый запуск продюсера, которого уже перезапустили. Kafka называет такой «зомби» и отказывает ему.',
        },
        try: {
          en: 'A smaller epoch is never new, whatever its sequence.',
          ru: 'Меньшая эпоха никогда не новая, какой бы номер в ней ни был.',
        },
      },
      gap: {
        en: 'isNew gave false for {record} (producer, epoch/sequence), which comes after a gap.',
        ru: 'isNew вернула false для {record} (продюсер, эпоха/номер), а она идёт после пропуска.',
        why: {
          en: 'A broker refuses what comes after a gap, for the producer can send again. A consumer has nobody to ask.',
          ru: 'Брокер не принимает того, что идёт после пропуска: продюсер может отправить снова. Консюмеру просить некого.',
        },
        try: {
          en: 'Any sequence that is larger than the last one is new, not only the next.',
          ru: 'Новый — любой номер больше последнего, а не только следующий.',
        },
      },
      inGap: {
        en: 'isNew gave true for {record} (producer, epoch/sequence), although a larger sequence of this epoch had come.',
        ru: 'isNew вернула true для {record} (продюсер, эпоха/номер), хотя в этой эпохе уже приходил больший номер.',
        try: {
          en: 'One pair of numbers for each producer is enough: what is not larger than the last is not new.',
          ru: 'Достаточно одной пары чисел на продюсера: что не больше последнего, то не новое.',
        },
      },
      large: {
        ...large,
        try: {
          en: 'Keep the last epoch and its last sequence, and nothing of earlier ones.',
          ru: 'Храните последнюю эпоху и её последний номер, а прежние — нет.',
        },
      },
    },
    hints: sequencesHints,
  },
  saved: {
    name: {
      en: 'A memory that is made from what was saved goes on as if nothing had happened',
      ru: 'Память, созданная из сохранённого, продолжает, как будто ничего не было',
    },
    promises: ['saved'],
    needs: ['offsets', 'ids', 'ids-window', 'sequences', 'apart'],
    says: {
      dup: {
        en: '{name}: isNew gave true for {record}, which this memory knew before it was saved, or has been asked about since.',
        ru: '{name}: isNew вернула true для {record}, хотя память знала эту запись до сохранения или о ней уже спрашивали после него.',
        try: {
          en: 'Put all that answers depend on into saved(), and read it back when the memory is made.',
          ru: 'Положите в saved() всё, от чего зависят ответы, и прочитайте это, когда создаёте память.',
        },
      },
      fresh: {
        en: '{name}: isNew gave false for {record}, which is new.',
        ru: '{name}: isNew вернула false для {record}, хотя эта запись новая.',
        try: {
          en: 'What was saved has to be read back as it was: numbers as numbers, each name with its own.',
          ru: 'Сохранённое нужно прочитать таким, каким оно было: числа — числами, каждое имя — со своими данными.',
        },
      },
      again: {
        en: '{name}: a second memory was made from the same saved string, and gave another answer than the first: {record}.',
        ru: '{name}: из той же сохранённой строки создали вторую память, и она ответила не так, как первая: {record}.',
        try: {
          en: 'What a memory learns after it was made belongs to it alone: keep nothing outside of the function.',
          ru: 'То, что память узнала после создания, принадлежит только ей: не держите ничего вне функции.',
        },
      },
      window: {
        en: '{name}: isNew gave false for {record} (id and timestamp), {keepMs} ms after the record that was new. The memory was saved and read back in between; keepMs is {keepMs}, so the id should have been forgotten by then.',
        ru: '{name}: isNew вернула false для {record} (id и метка времени) через {keepMs} мс после той записи, которая была новой. Между ними память сохранили и прочитали снова; keepMs — {keepMs}, значит, id должен быть уже забыт.',
        try: {
          en: 'Save with each id the timestamp of its own record.',
          ru: 'Сохраняйте с каждым id метку времени его собственной записи.',
        },
      },
      time: {
        en: '{name}: isNew gave false for {record} (id and timestamp). Before the memory was saved, its time was past the end of this id.',
        ru: '{name}: isNew вернула false для {record} (id и метка времени). До сохранения время памяти уже прошло срок этого id.',
        try: {
          en: 'Save the time, too, or delete what is forgotten before you save.',
          ru: 'Сохраняйте и время либо удаляйте забытое перед сохранением.',
        },
      },
    },
    hints: savedHints,
  },
  apart: {
    name: {
      en: 'Memories that were made apart know nothing of each other',
      ru: 'Памяти, созданные порознь, ничего не знают друг о друге',
    },
    promises: ['apart'],
    says: {
      known: {
        en: 'A memory that {name} had just made was asked about {record}, and isNew gave false.',
        ru: 'Память, которую только что создала {name}, спросили о {record}, и isNew вернула false.',
        try: {
          en: 'A memory that is made from null knows nothing: all records are new to it.',
          ru: 'Память, созданная из null, не знает ничего: все записи для неё новые.',
        },
      },
      shared: {
        en: 'Two memories of {name} were asked about the same records in turn, and {record}, which was new for the first, was not new for the second.',
        ru: 'Две памяти {name} по очереди спросили об одних и тех же записях, и {record}, новая для первой, для второй оказалась не новой.',
        try: {
          en: 'Make the Map inside of the function, so that each memory has its own.',
          ru: 'Создавайте Map внутри функции, чтобы у каждой памяти был свой.',
        },
      },
    },
    hints: savedHints,
  },
} as const satisfies Record<string, TestText>
