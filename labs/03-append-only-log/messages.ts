/** Lab 03: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { readHints, stateHints } from './hints.ts'
import { appendTests } from './messages-append.ts'
import { copyTests } from './messages-copy.ts'
import { readSays, readTests } from './messages-read.ts'

export const tests = {
  ...appendTests,
  ...copyTests,
  ...readTests,
  'large-batches': {
    name: {
      en: 'Batches of 8 bytes to 2 MB, as Uint8Array, as Buffer, as views into larger memory',
      ru: 'Пакеты от 8 байт до 2 МБ: Uint8Array, Buffer, часть большего буфера',
    },
    promises: ['batch-size', 'batch-kind', 'total'],
    needs: ['append-offsets', 'stamped', 'copy-in', 'read-base', 'read-inside', 'max-bytes', 'first-too-big'],
    says: {
      ...readSays,
      refused: {
        en: 'append of a {kind} of {size} bytes threw {got}.',
        ru: 'append ({kind}, {size} байт) бросил {got}.',
        why: {
          en: 'A batch has from 8 bytes to 2 MB.',
          ru: 'В пакете от 8 байт до 2 МБ.',
        },
        try: {
          en: 'Look for a limit. Spreading a large array into arguments, `f(...bytes)`, overflows the stack.',
          ru: 'Ищите предел. Если разворачивать большой массив в аргументы, `f(...bytes)`, переполнится стек.',
        },
      },
      full: {
        en: 'append no. {n} of {size} bytes threw {got}; with it the log has {total} bytes.',
        ru: 'append № {n} ({size} байт) бросил {got}; вместе с ним в журнале {total} байт.',
        why: {
          en: 'The batches of a log have up to 16 MB together: 16 · 1,048,576 = 16,777,216 bytes.',
          ru: 'В пакетах одного журнала вместе до 16 МБ: 16 · 1 048 576 = 16 777 216 байт.',
        },
        try: {
          en: 'Look for memory of a fixed size.',
          ru: 'Ищите память постоянного размера.',
        },
      },
      start: {
        en: 'With 16 MB in the log startOffset is {got}; it is to stay {wanted}.',
        ru: 'Когда в журнале 16 МБ, startOffset равен {got}, а должен оставаться {wanted}.',
        why: {
          en: 'A log deletes nothing by itself. In Kafka retention does, and it moves startOffset.',
          ru: 'Журнал сам ничего не удаляет. В Kafka это делает retention, и тогда сдвигается startOffset.',
        },
        try: {
          en: 'Keep every batch: look for a limit on bytes, and for `>=` where `>` is meant.',
          ru: 'Храните каждый пакет: ищите предел на байты и `>=` там, где нужно `>`.',
        },
      },
      'whole-memory': {
        en: 'The batch was a {kind} of {size} bytes inside a memory of {got}; a read gives all {got}.',
        ru: 'Пакет был {kind} на {size} байт внутри памяти в {got} байт; чтение отдаёт все {got}.',
        why: {
          en: '`batch.buffer` is the whole memory that the batch lies in, with the bytes of others around it.',
          ru: '`batch.buffer` — это вся память, в которой лежит пакет, вместе с чужими байтами вокруг.',
        },
        try: {
          en: 'Copy the batch itself: `Uint8Array.from(batch)`.',
          ru: 'Копируйте сам пакет: `Uint8Array.from(batch)`.',
        },
      },
    },
    hints: readHints,
  },
  'many-batches': {
    name: {
      en: 'A log of 5,000 batches gives each of them, and all of them in one read',
      ru: 'Журнал из 5000 пакетов отдаёт любой из них и все сразу за одно чтение',
    },
    promises: ['batch-count', 'time'],
    needs: ['append-offsets', 'stamped', 'copy-in', 'read-base', 'read-inside', 'max-bytes', 'first-too-big'],
    says: {
      ...readSays,
      start: {
        en: 'With 5,000 batches in the log startOffset is {got}; it is to stay {wanted}.',
        ru: 'Когда в журнале 5000 пакетов, startOffset равен {got}, а должен оставаться {wanted}.',
        why: {
          en: 'A log deletes nothing by itself. In Kafka retention does, and it moves startOffset.',
          ru: 'Журнал сам ничего не удаляет. В Kafka это делает retention, и тогда сдвигается startOffset.',
        },
        try: {
          en: 'Give back the argument of createLog.',
          ru: 'Отдавайте аргумент createLog.',
        },
      },
      last: {
        en: 'read({offset}, …) gave an empty list; there lies the last of {many} batches, {first}.',
        ru: 'read({offset}, …) вернул пустой список; там лежит последний из {many} {many:пакета|пакетов|пакетов}, {first}.',
        why: {
          en: 'A log holds up to 5,000 batches: the 5,000th is the largest number that a table must have room for.',
          ru: 'В журнале бывает до 5000 пакетов: таблице должно хватать места и на пятитысячный.',
        },
        try: {
          en: 'Does something end at 5,000, a table, an array of fixed length? The end of the last batch needs a place too.',
          ru: 'Не кончается ли что-то на 5000: таблица, массив постоянной длины? Концу последнего пакета тоже нужно место.',
        },
      },
      oldest: {
        en: 'Of 5,000 batches the oldest are gone: read({offset}, …) begins at offset {got}.',
        ru: 'Из 5000 пакетов самые старые пропали: read({offset}, …) начинается со смещения {got}.',
        why: {
          en: 'A log deletes nothing by itself. In Kafka retention does, and it moves startOffset.',
          ru: 'Журнал сам ничего не удаляет. В Kafka это делает retention, и тогда сдвигается startOffset.',
        },
        try: {
          en: 'Keep every batch: look for a limit on the list, a ring, a `shift`.',
          ru: 'Храните каждый пакет: поищите предел на длину списка, кольцо, `shift`.',
        },
      },
    },
    hints: readHints,
  },
  'two-logs': {
    name: {
      en: 'Each call of createLog makes a separate log',
      ru: 'Каждый вызов createLog создаёт отдельный журнал',
    },
    promises: ['separate'],
    needs: ['read-again'],
    says: {
      end: {
        en: 'An append to one log moved endOffset of another: {before} → {after}.',
        ru: 'append в один журнал сдвинул endOffset другого: {before} → {after}.',
        why: {
          en: 'Offsets are counted for each partition; two logs share nothing.',
          ru: 'Смещения считаются в каждой партиции отдельно; у двух журналов нет ничего общего.',
        },
        try: {
          en: 'Keep the state inside createLog (or in an object), not at the top of the file, and not in a static field.',
          ru: 'Держите состояние внутри createLog (или в объекте), а не на верхнем уровне файла и не в статическом поле.',
        },
      },
      batches: {
        en: 'An append to one log changed what another gives: {before} → {after} batches.',
        ru: 'append в один журнал изменил то, что отдаёт другой: пакетов {before} → {after}.',
        why: {
          en: 'Each partition has records of its own; two logs share nothing.',
          ru: 'У каждой партиции свои записи; у двух журналов нет ничего общего.',
        },
        try: {
          en: 'Keep the state inside createLog (or in an object), not at the top of the file, and not in a static field.',
          ru: 'Держите состояние внутри createLog (или в объекте), а не на верхнем уровне файла и не в статическом поле.',
        },
      },
      mixed: {
        en: 'Two logs begin at the same offset and hold as many records. read({offset}, {maxBytes}) of one gave the batches of the other.',
        ru: 'Два журнала начинаются с одного смещения, и записей в них поровну. read({offset}, {maxBytes}) одного вернул пакеты другого.',
        why: {
          en: 'Offsets and sizes of two partitions may be equal at any time; their records are not.',
          ru: 'Смещения и размеры у двух партиций в любой момент могут совпасть, а записи — нет.',
        },
        try: {
          en: 'Look for what is shared by all logs: a Map at the top of the file, a static field. Its key does not say which log is meant.',
          ru: 'Ищите то, что общее у всех журналов: Map на верхнем уровне файла, статическое поле. Его ключ не говорит, о каком журнале речь.',
        },
      },
      same: {
        en: 'createLog({start}) was called again and gave a log that has batches already.',
        ru: 'createLog({start}) вызвали ещё раз, и она вернула журнал, в котором уже есть пакеты.',
        why: {
          en: 'Two partitions may begin at the same offset, 0 for instance.',
          ru: 'Две партиции могут начинаться с одного смещения, например с 0.',
        },
        try: {
          en: 'Make a new log in each call; keep none by its start offset.',
          ru: 'Создавайте новый журнал при каждом вызове; не храните их по начальному смещению.',
        },
      },
    },
    hints: stateHints,
  },
  'long-run': {
    name: {
      en: 'Hundreds of random appends and reads agree with a simple model',
      ru: 'Сотни случайных append и read сходятся с простой моделью',
    },
    promises: ['append', 'read-batches', 'max-bytes'],
    needs: [
      'append-offsets',
      'stamped',
      'copy-in',
      'read-base',
      'read-inside',
      'max-bytes',
      'first-too-big',
      'read-end',
      'copy-out',
      'read-again',
    ],
    says: {
      ...readSays,
      append: {
        en: 'Step {step}: append returned {got} instead of {wanted}.',
        ru: 'Шаг {step}: append вернул {got}, а не {wanted}.',
        try: {
          en: 'If the checks of append pass, something that read did has changed endOffset.',
          ru: 'Если проверки append проходят, значит, endOffset изменил read.',
        },
      },
      stamps: {
        en: 'Step {step}: read({offset}, {maxBytes}) gave the right batches, with other offsets in their first 8 bytes.',
        ru: 'Шаг {step}: read({offset}, {maxBytes}) вернул верные пакеты, но в первых 8 байтах у них другие смещения.',
        try: {
          en: '`stamped` shows the same on a few batches.',
          ru: '`stamped` показывает то же на нескольких пакетах.',
        },
      },
    },
    hints: readHints,
  },
  'any-order': {
    name: {
      en: 'In any order: calls of two logs by turns, refused ones among them, memory used again, answers overwritten',
      ru: 'В любом порядке: вызовы двух журналов вперемешку, отвергнутые тоже; память используется снова, ответы перезаписываются',
    },
    promises: ['separate', 'reuse', 'refuse', 'read-again', 'own'],
    needs: [
      'empty-log',
      'append-offsets',
      'stamped',
      'bad-append',
      'same-batch-twice',
      'copy-in',
      'copy-out',
      'read-base',
      'read-inside',
      'max-bytes',
      'first-too-big',
      'read-end',
      'out-of-range',
      'read-again',
      'large-batches',
      'two-logs',
      'long-run',
    ],
    says: {
      'other-log': {
        en: '{call} gave the batches of another log, which begins at the same offset. In a new log with the same batches the same call is right.',
        ru: '{call} отдал пакеты другого журнала, который начинается с того же смещения. В новом журнале с теми же пакетами этот же вызов верен.',
        why: {
          en: 'Offsets and sizes of two partitions may be equal at any time; their records are not.',
          ru: 'Смещения и размеры у двух партиций в любой момент могут совпасть, а записи — нет.',
        },
        try: {
          en: 'Look for what is shared by all logs: a Map at the top of the file, a static field.',
          ru: 'Ищите то, что общее у всех журналов: Map на верхнем уровне файла, статическое поле.',
        },
      },
      stale: {
        en: '{call} gave what was right before the last append. In a new log with the same batches the same call is right.',
        ru: '{call} отдал то, что было верно до последнего append. В новом журнале с теми же пакетами этот же вызов верен.',
        why: {
          en: 'A result that is kept for the same arguments does not know what was appended later.',
          ru: 'Результат, сохранённый для тех же аргументов, не знает, что дописали потом.',
        },
        try: {
          en: 'Look into the log at each read; keep no results.',
          ru: 'Смотрите в журнал при каждом чтении; результатов не храните.',
        },
      },
      'after-refusal': {
        en: '{call} is wrong right after a refused call, {refused}. In a new log with the same batches it is right.',
        ru: '{call} неверен сразу после отвергнутого вызова, {refused}. В новом журнале с теми же пакетами он верен.',
        why: {
          en: 'The caller was told that nothing has happened.',
          ru: 'Вызывающему сказали, что ничего не произошло.',
        },
        try: {
          en: 'Check before you change anything.',
          ru: 'Проверяйте до того, как что-то менять.',
        },
      },
      differs: {
        en: '{call} is wrong after the calls below. In a new log with the same batches, asked nothing else, it is right.',
        ru: '{call} неверен после вызовов, показанных ниже. В новом журнале с теми же пакетами, если больше ничего не вызывать, он верен.',
        try: {
          en: 'What do the calls before it leave behind: a kept result, a position, memory that two use, half of a refused batch?',
          ru: 'Что остаётся от вызовов перед ним: сохранённый результат, позиция, общая память, половина отвергнутого пакета?',
        },
      },
    },
    hints: readHints,
  },
  'wire-kafkajs': {
    name: {
      en: 'kafkajs writes to a broker on your log and reads every record back at its offset',
      ru: 'kafkajs пишет в брокер на вашем журнале и читает каждую запись на её смещении',
    },
    promises: ['append', 'read-batches'],
    needs: [
      'append-offsets',
      'stamped',
      'copy-in',
      'read-base',
      'read-inside',
      'max-bytes',
      'first-too-big',
      'read-end',
      'long-run',
    ],
    says: {
      threw: {
        en: 'In the broker your log threw an error: {message}',
        ru: 'В брокере ваш журнал бросил ошибку: {message}',
        try: {
          en: 'The picture shows the calls the broker made; the last one threw.',
          ru: 'На рисунке — вызовы, которые сделал брокер; ошибку бросил последний.',
        },
      },
      acknowledged: {
        en: 'The broker acknowledged a batch at offset {got}; it was {wanted}.',
        ru: 'Брокер подтвердил пакет на смещении {got}, а должно быть {wanted}.',
        why: {
          en: 'The broker passes on to the producer what your append returned.',
          ru: 'Брокер передаёт продюсеру то, что вернул ваш append.',
        },
        try: {
          en: '`append-offsets` shows the same without a broker.',
          ru: '`append-offsets` показывает то же без брокера.',
        },
      },
      silence: {
        en: 'The consumer got {got} of {wanted} records and waits for the rest.',
        ru: 'Консюмер получил {got} {got:запись|записи|записей} из {wanted} и ждёт остальных.',
        why: {
          en: 'The broker gives the consumer what your read returned; kafkajs goes on behind the last record it got.',
          ru: 'Брокер отдаёт консюмеру то, что вернул ваш read; kafkajs продолжает после последней полученной записи.',
        },
        try: {
          en: 'Look at the reads in the picture: which offset was asked for, and how many batches came?',
          ru: 'Посмотрите на чтения на рисунке: какое смещение спросили и сколько пакетов пришло?',
        },
      },
      differs: {
        en: 'The consumer read other records, or at other offsets, than the producer sent.',
        ru: 'Консюмер прочитал не те записи или не на тех смещениях, что отправил продюсер.',
        why: {
          en: 'The same bytes that the producer sent reach the consumer; between them stands your log.',
          ru: 'К консюмеру приходят те же байты, что отправил продюсер; между ними — ваш журнал.',
        },
        try: {
          en: 'kafkajs takes the offset of each record from the first 8 bytes of its batch: `stamped` shows the same without a broker.',
          ru: 'Смещение каждой записи kafkajs берёт из первых 8 байт пакета: `stamped` показывает то же без брокера.',
        },
      },
      unused: {
        en: 'The broker did not ask your log for anything: the run shows nothing.',
        ru: 'Брокер ни разу не обратился к вашему журналу: прогон ничего не показал.',
      },
    },
    hints: readHints,
  },
} as const satisfies Record<string, TestText>
