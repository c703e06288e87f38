/** Lab 10: what the tests of `loadTable` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { closeHints, compactHints, snapshotHints, tableHints } from './hints.ts'
import { rowCases } from './messages-shared.ts'

export const tableTests = {
  'table-rows': {
    name: {
      en: 'The newest value of each key of each partition, no row for a deleted one, and where to go on',
      ru: 'Последнее значение каждого ключа каждой партиции, без удалённых, и откуда продолжать',
    },
    promises: ['table-rows', 'table-offsets', 'table-taken'],
    says: {
      ...rowCases,
      fromStart: {
        en: 'There was no snapshot, so all partitions are new: fromStart should be {wanted}, and is {got}.',
        ru: 'Снимка не было, так что все партиции построены заново: fromStart должно быть {wanted}, а получено {got}.',
        try: {
          en: 'The numbers of all partitions, sorted as numbers; empty ones too.',
          ru: 'Номера всех партиций, отсортированные как числа; пустых тоже.',
        },
      },
      taken: {
        en: 'takenAt is {got}; the call began at {wanted}.',
        ru: 'takenAt равно {got}, а вызов начался в {wanted}.',
        try: { en: 'Date.now(), in the first line.', ru: 'Date.now(), в первой строке.' },
      },
    },
    hints: tableHints,
  },
  'table-gaps': {
    name: {
      en: 'Gaps between offsets, markers at the end, empty partitions: nothing is waited for that is not there',
      ru: 'Дыры между смещениями, маркеры в конце, пустые партиции: того, чего нет, функция не ждёт',
    },
    promises: ['table-gaps', 'table-offsets'],
    needs: ['table-rows'],
    says: rowCases,
    hints: tableHints,
  },
  'table-meanwhile': {
    name: {
      en: 'Records that come late, are sent or are deleted while the call is at work',
      ru: 'Записи, которые пришли с задержкой, добавились или удалились во время вызова',
    },
    promises: ['table-meanwhile', 'table-offsets', 'table-taken'],
    needs: ['table-rows', 'table-gaps'],
    says: {
      ...rowCases,
      early: {
        en: 'The records came late, and loadTable did not wait for them: {got} rows of {wanted}.',
        ru: 'Записи пришли с задержкой, и loadTable их не дождалась: строк {got} из {wanted}.',
        why: {
          en: 'Silence says nothing about the end. The offsets do: how far a partition goes can be asked.',
          ru: 'Тишина ничего не говорит о конце. О нём говорят смещения: докуда идёт партиция, можно спросить.',
        },
        try: {
          en: 'Ask admin.fetchTopicOffsets first, and end when each partition has come to its high; use no timer.',
          ru: 'Сначала спросите admin.fetchTopicOffsets и закончите, когда каждая партиция дошла до своего high; без таймеров.',
        },
      },
      stuckMoved: {
        en: 'While loadTable was at work, each key got a newer record, and what lay below was deleted. {came} {came:record has|records have} come, and it still waits.',
        ru: 'Пока loadTable работала, для каждого ключа появилась более новая запись, а всё прежнее удалили. Пришло записей: {came}, а она всё ещё ждёт.',
        why: {
          en: 'The record at the end that you asked for may be gone when you get there, by retention or by compaction. Then a fetch begins with the next one that is there; and where a whole start is gone, fromBeginning decides whether kafkajs goes on at the new start or at the end.',
          ru: 'Запись у того конца, о котором вы спросили, может исчезнуть раньше, чем вы до неё дойдёте: по сроку или при уплотнении. Тогда чтение продолжится со следующей, которая есть; а если пропало само начало, fromBeginning решает, перейдёт ли kafkajs к новому началу или в конец.',
        },
        try: {
          en: 'A partition is done when its next offset is at or beyond the end (>=), not when a certain record has come; and subscribe with fromBeginning: true.',
          ru: 'Партиция готова, когда её следующее смещение не меньше конца (>=), а не когда пришла определённая запись; и подпишитесь с fromBeginning: true.',
        },
      },
      jumped: {
        en: 'While loadTable was at work, the start of partition 1 moved to {start}. What lies from there on is still in the log, and there is no row of it, although offsets goes to {to}.',
        ru: 'Пока loadTable работала, начало партиции 1 сдвинулось на {start}. Всё, что дальше, в журнале есть, а строк нет ни одной, хотя по offsets таблица доходит до {to}.',
        why: {
          en: 'A fetch below the start is OFFSET_OUT_OF_RANGE. Then fromBeginning decides whether kafkajs goes on at the new start or at the end, without a word.',
          ru: 'Чтение ниже начала — это OFFSET_OUT_OF_RANGE. После него fromBeginning решает, перейдёт ли kafkajs к новому началу или в конец, и она об этом молчит.',
        },
        try: {
          en: 'Subscribe with fromBeginning: true, also where you seek.',
          ru: 'Подпишитесь с fromBeginning: true, даже если потом вызываете seek.',
        },
      },
      takenLate: {
        en: 'takenAt is {ms} ms after the first fetch was sent; it should be the time at which the call began.',
        ru: 'takenAt на {ms} мс позже, чем отправлен первый запрос на чтение, а должно быть время начала вызова.',
        why: {
          en: 'The age of a snapshot decides whether tombstones after it may be gone. A tombstone that was written while you were reading counts from then, not from the end of your call.',
          ru: 'По возрасту снимка решают, могли ли исчезнуть tombstone после него. Для того, который записали, пока вы читали, время идёт с того момента, а не с конца вашего вызова.',
        },
        try: {
          en: 'const takenAt = Date.now() in the first line.',
          ru: 'const takenAt = Date.now() в первой строке.',
        },
      },
    },
    hints: tableHints,
  },
  'snapshot-on': {
    name: {
      en: 'From a snapshot that can be used it goes on, without reading everything again',
      ru: 'Если снимок годится, чтение продолжается с него, а не с начала',
    },
    promises: ['snapshot-on', 'snapshot-same'],
    needs: ['table-rows', 'table-gaps', 'snapshot-late'],
    says: {
      ...rowCases,
      takenOld: {
        en: 'Nothing had come since the snapshot. takenAt is {got}, and the call began at {wanted}.',
        ru: 'После снимка ничего не пришло. takenAt равно {got}, а вызов начался в {wanted}.',
        why: {
          en: 'A table that was looked at again is as young as this look. With the old time it would be built anew some day, although it is up to date.',
          ru: 'Таблицу проверили заново, значит, и её время новое. Со старым временем её однажды построят заново, хотя она не устарела.',
        },
        try: {
          en: 'takenAt is the time of this call, also where the rows are those of the snapshot.',
          ru: 'takenAt — время этого вызова, даже если все строки остались из снимка.',
        },
      },
      rebuilt: {
        en: 'The snapshot could be used for all partitions, and fromStart is {got}.',
        ru: 'Снимок годился для всех партиций, а fromStart — {got}.',
        try: {
          en: 'Usable: low <= offset and offset <= high. An offset that equals the start or the end is one of these.',
          ru: 'Годится, если low <= offset и offset <= high. Смещение, равное началу или концу, тоже подходит.',
        },
      },
      fetchedAgain: {
        en: 'The snapshot covers {known} records of a partition, and {new} are new. {came} were fetched.',
        ru: 'Снимок содержит {known} записей партиции, новых — {new}. Прочитано {came}.',
        why: {
          en: 'This is what a snapshot is for: a changelog of a million records takes minutes, its last hundred an instant.',
          ru: 'Для этого снимок и нужен: changelog из миллиона записей читается минуты, последние сто — мгновение.',
        },
        try: {
          en: 'consumer.seek for each partition, as soon as the consumer has joined: in a listener of the event GROUP_JOIN, or right after await consumer.run().',
          ru: 'consumer.seek для каждой партиции, как только консюмер вошёл в группу: в обработчике события GROUP_JOIN или сразу после await consumer.run().',
        },
      },
    },
    hints: snapshotHints,
  },
  'snapshot-late': {
    name: {
      en: 'Partitions of which the snapshot knows too little, or more than there is, are built anew, and no others',
      ru: 'Партиции, о которых снимок знает слишком мало или больше, чем есть, строятся заново, и только они',
    },
    promises: ['snapshot-late', 'snapshot-same'],
    needs: ['table-rows', 'table-gaps'],
    says: {
      ...rowCases,
      takenOld: {
        en: 'Nothing had come since the snapshot. takenAt is {got}, and the call began at {wanted}.',
        ru: 'После снимка ничего не пришло. takenAt равно {got}, а вызов начался в {wanted}.',
        why: {
          en: 'A table that was looked at again is as young as this look. With the old time it would be built anew some day, although it is up to date.',
          ru: 'Таблицу проверили заново, значит, и её время новое. Со старым временем её однажды построят заново, хотя она не устарела.',
        },
        try: {
          en: 'takenAt is the time of this call, also where the rows are those of the snapshot.',
          ru: 'takenAt — время этого вызова, даже если все строки остались из снимка.',
        },
      },
      late: {
        en: 'The log of partition {partition} begins beyond the snapshot’s offset: records were missed. The key {key} was deleted in them, and its row is still there.',
        ru: 'Журнал партиции {partition} начинается дальше смещения из снимка: часть записей пропущена. В них был удалён ключ {key}, а его строка всё ещё есть.',
        why: {
          en: 'A fetch below the start is OFFSET_OUT_OF_RANGE, and kafkajs goes on at the start without telling you. What lay between is gone, tombstones too, so no row of the old table can be trusted.',
          ru: 'Чтение ниже начала — это OFFSET_OUT_OF_RANGE, и kafkajs молча продолжает с начала. Того, что было между, уже нет, в том числе tombstone, и ни одной строке старой таблицы верить нельзя.',
        },
        try: {
          en: 'Compare the snapshot’s offset with low before you read; if it is below, drop all rows of this partition.',
          ru: 'До чтения сравните смещение из снимка с low; если оно меньше, отбросьте все строки этой партиции.',
        },
      },
      beyond: {
        en: 'The log of partition {partition} ends before the snapshot’s offset: it is another log. The key {key} is not in it, and its row is still there.',
        ru: 'Журнал партиции {partition} кончается раньше смещения из снимка: это уже другой журнал. Ключа {key} в нём нет, а его строка всё ещё есть.',
        why: {
          en: 'Offsets never go down. A topic whose log is shorter than it was has been deleted and made anew.',
          ru: 'Смещения не уменьшаются. Если журнал стал короче, топик удалили и создали заново.',
        },
        try: {
          en: 'Compare the snapshot’s offset with high as well.',
          ru: 'Сравните смещение из снимка и с high.',
        },
      },
      tooMany: {
        en: 'Partitions were built anew that the snapshot was good for: fromStart should be {wanted}, and is {got}.',
        ru: 'Заново построены и те партиции, для которых снимок годился: fromStart должно быть {wanted}, а получено {got}.',
        why: {
          en: 'Each partition is a log of its own. That one of them was trimmed says nothing about the others.',
          ru: 'Каждая партиция — отдельный журнал. То, что один из них обрезан, ничего не говорит об остальных.',
        },
        try: { en: 'Decide for each partition.', ru: 'Решайте по каждой партиции отдельно.' },
      },
      fromStart: {
        en: 'fromStart should be {wanted}, and is {got}.',
        ru: 'fromStart должно быть {wanted}, а получено {got}.',
        try: {
          en: 'Built anew is a partition whose offset in the snapshot is below low, above high, or missing.',
          ru: 'Заново строится партиция, смещение которой в снимке меньше low, больше high или отсутствует.',
        },
      },
      fromStartOrder: {
        en: 'fromStart is not sorted by number: {got}.',
        ru: 'fromStart не по порядку номеров: {got}.',
        try: {
          en: '.sort((a, b) => a - b): without a function, sort compares texts, and 10 comes before 2.',
          ru: '.sort((a, b) => a - b): без функции sort сравнивает как текст, и 10 окажется раньше 2.',
        },
      },
    },
    hints: snapshotHints,
  },
  'snapshot-old': {
    name: {
      en: 'A snapshot older than delete.retention.ms is not trusted',
      ru: 'Снимку старше delete.retention.ms верить нельзя',
    },
    promises: ['snapshot-old', 'snapshot-on'],
    needs: ['snapshot-on'],
    says: {
      ...rowCases,
      tombstoneGone: {
        en: 'The snapshot is {age} old, and delete.retention.ms is {retention}. The key {key} was deleted meanwhile, its tombstone is gone as well, and its row is still there.',
        ru: 'Возраст снимка — {age}, а delete.retention.ms — {retention}. Ключ {key} за это время удалили, исчез и его tombstone, а строка всё ещё есть.',
        why: {
          en: 'A tombstone may go delete.retention.ms after its first pass. Whoever comes later sees neither the value nor the deletion: a gap in the offsets looks like any other.',
          ru: 'Tombstone может исчезнуть через delete.retention.ms после первого прохода. Кто придёт позже, не увидит ни значения, ни удаления: дыра в смещениях выглядит как любая другая.',
        },
        try: {
          en: 'Ask for delete.retention.ms of the topic with admin.describeConfigs, and build anew if the snapshot is older.',
          ru: 'Спросите delete.retention.ms топика через admin.describeConfigs и, если снимок старше, стройте заново.',
        },
      },
      trusted: {
        en: 'The snapshot is {age} old, delete.retention.ms is {retention}, and fromStart is {got}: all partitions should be built anew.',
        ru: 'Возраст снимка — {age}, delete.retention.ms — {retention}, а fromStart — {got}: заново должны строиться все партиции.',
        try: {
          en: 'The age counts for all partitions alike.',
          ru: 'Возраст относится ко всем партициям сразу.',
        },
      },
      distrusted: {
        en: 'The snapshot is {age} old, and delete.retention.ms of this topic is {retention}; fromStart is {got}: nothing should be built anew.',
        ru: 'Возраст снимка — {age}, а delete.retention.ms этого топика — {retention}; fromStart — {got}, а заново не надо строить ничего.',
        why: {
          en: 'A day is only the default; topics have their own.',
          ru: 'Сутки — лишь значение по умолчанию, у топиков оно бывает своё.',
        },
        try: {
          en: 'Ask for the config delete.retention.ms of the topic; its value is a string.',
          ru: 'Спросите у топика настройку delete.retention.ms; её значение — строка.',
        },
      },
    },
    hints: snapshotHints,
  },
  refused: {
    name: {
      en: 'When Kafka refuses, the promise is rejected; afterwards all connections are closed',
      ru: 'Если Kafka отказывает, промис отклоняется; после вызова все соединения закрыты',
    },
    promises: ['refused', 'closed'],
    says: {
      resolved: {
        en: '{call} resolved. Kafka does not take this topic name: the promise should be rejected.',
        ru: '{call} завершилась успешно. Такого имени топика Kafka не принимает, поэтому промис должен быть отклонён.',
        try: {
          en: 'Await each call, and catch no error that you cannot mend.',
          ru: 'Дождитесь каждого вызова и не перехватывайте ошибок, которые не можете исправить.',
        },
      },
      open: {
        en: '{call} has finished, and {count} of its connections {count:is|are} still open.',
        ru: '{call} завершилась, а её соединений ещё открыто: {count}.',
        try: {
          en: 'disconnect() for the admin client and for the consumer, each in a finally, and awaited.',
          ru: 'disconnect() и для admin, и для консюмера, каждый в finally и с await.',
        },
      },
      openAfterError: {
        en: '{call} was rejected, as it should be, and {count} of its connections {count:is|are} still open.',
        ru: 'Промис {call} отклонён, как и должен, а её соединений ещё открыто: {count}.',
        why: {
          en: 'An error leaves the function at once: lines after the await that threw are not reached.',
          ru: 'Ошибка сразу прерывает функцию: до строк после await, который её бросил, дело не доходит.',
        },
        try: {
          en: 'disconnect() in a finally, and await it there.',
          ru: 'disconnect() в finally, и там же await.',
        },
      },
    },
    hints: closeHints,
  },
  yours: {
    name: {
      en: 'Arguments stay as they were',
      ru: 'Аргументы остаются какими были',
    },
    promises: ['yours'],
    needs: ['compact-last', 'compact-tombstones', 'snapshot-on'],
    says: {
      stuck: rowCases.stuck,
      changed: {
        en: '{call} changed what was passed to it.',
        ru: '{call}: переданное изменилось.',
        try: {
          en: 'Change a copy: { ...record }, [...list], new Map(…).',
          ru: 'Меняйте копию: { ...record }, [...list], new Map(…).',
        },
      },
    },
    hints: compactHints,
  },
} as const satisfies Record<string, TestText>
