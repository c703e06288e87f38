/** Lab 03: what can be wrong with the batches that a read gives, and what the tests of `read` check. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { boundHints, readHints } from './hints.ts'

export const offsetsOf = {
  en: 'startOffset is {start}, endOffset is {end}.',
  ru: 'startOffset равен {start}, endOffset равен {end}.',
}

const wholeBatches = {
  en: 'A batch is compressed and checksummed as a whole, so a broker hands out whole batches; the client skips the records before its offset.',
  ru: 'Пакет сжат и снабжён контрольной суммой целиком, поэтому брокер отдаёт целые пакеты; записи до нужного смещения пропустит клиент.',
}
const noGap = {
  en: 'A consumer goes on behind the last record that it got: a batch that was left out is lost for it.',
  ru: 'Консюмер продолжает с места после последней полученной записи: пропущенный пакет для него потерян.',
}

/** What a read gave beside what it should have: classified in reading.ts. */
export const readSays = {
  nothing: {
    en: 'read({offset}, {maxBytes}) gave an empty list; offset {offset} lies in the batch {first}.',
    ru: 'read({offset}, {maxBytes}) вернул пустой список; смещение {offset} лежит в пакете {first}.',
    why: {
      en: 'An empty list means “you have read everything”: the consumer waits, and never gets this record.',
      ru: 'Пустой список означает «вы всё прочитали»: консюмер будет ждать и этой записи не получит никогда.',
    },
    try: {
      en: 'The batch you want has base <= offset && offset < base + count; it is given whatever its size.',
      ru: 'Нужен пакет, у которого base <= offset && offset < base + count; он отдаётся, какого бы ни был размера.',
    },
  },
  later: {
    en: 'read({offset}, {maxBytes}) begins with the batch {got}; offset {offset} lies in an earlier one, {first}.',
    ru: 'read({offset}, {maxBytes}) начинается с пакета {got}, а смещение {offset} лежит в более раннем, {first}.',
    why: noGap,
    try: {
      en: 'Search for the first batch that ends behind the offset (base + count > offset), not for the first that begins at it or behind it.',
      ru: 'Ищите первый пакет, который кончается после смещения (base + count > offset), а не первый, который начинается на нём или после.',
    },
  },
  earlier: {
    en: 'read({offset}, {maxBytes}) begins with the batch {got}, all of which lies before {offset}; it should begin with {first}.',
    ru: 'read({offset}, {maxBytes}) начинается с пакета {got}, который целиком лежит до {offset}; начаться должно с {first}.',
    why: {
      en: 'A consumer would get records that it has had, and the limit would be used up by them.',
      ru: 'Консюмер снова получил бы записи, которые у него уже были, и предел ушёл бы на них.',
    },
    try: {
      en: 'A batch of `count` records ends at base + count - 1: the one you want has base + count > offset.',
      ru: 'Пакет из `count` записей кончается на base + count - 1: у нужного base + count > offset.',
    },
  },
  fewer: {
    en: 'read({offset}, {maxBytes}) gave {got} {got:batch|batches}; {wanted} fit: {bytes} bytes together.',
    ru: 'read({offset}, {maxBytes}) вернул {got} {got:пакет|пакета|пакетов}, а умещается {wanted}: вместе {bytes} байт.',
    why: {
      en: 'Each read is a round trip over the network; as much as fits goes into one.',
      ru: 'Каждое чтение — поход по сети туда и обратно; за один раз отдаётся всё, что умещается.',
    },
    try: {
      en: 'Take batches as long as the sum of their lengths is at most maxBytes: an exact fit fits, and there is no other limit. A position plus maxBytes may be above 2³¹ − 1: no 32-bit arithmetic.',
      ru: 'Берите пакеты, пока сумма их длин не больше maxBytes: ровно впритык — умещается, а других пределов нет. Позиция плюс maxBytes бывает больше 2³¹ − 1: 32-битная арифметика не годится.',
    },
  },
  more: {
    en: 'read({offset}, {maxBytes}) gave {got} {got:batch|batches} of {gotBytes} bytes together; only {wanted} should come, {bytes} bytes.',
    ru: 'read({offset}, {maxBytes}) вернул {got} {got:пакет|пакета|пакетов}, вместе {gotBytes} байт; прийти {wanted:должен|должны|должны} только {wanted}, {bytes} байт.',
    why: {
      en: 'maxBytes bounds memory on both sides; only the first batch may exceed it.',
      ru: 'maxBytes ограничивает память с обеих сторон; превысить его может только первый пакет.',
    },
    try: {
      en: 'Add the length of the next batch before you take it, and stop if the sum exceeds maxBytes.',
      ru: 'Прибавьте длину следующего пакета до того, как взять его, и остановитесь, если сумма больше maxBytes.',
    },
  },
  gap: {
    en: 'read({offset}, {maxBytes}) leaves out the batch {missing} and goes on behind it.',
    ru: 'read({offset}, {maxBytes}) пропускает пакет {missing} и продолжает после него.',
    why: noGap,
    try: {
      en: 'The first batch that does not fit ends the read: `break`, not `continue`.',
      ru: 'Первый пакет, который не умещается, заканчивает чтение: `break`, а не `continue`.',
    },
  },
  order: {
    en: 'read({offset}, {maxBytes}) gave the right batches in another order.',
    ru: 'read({offset}, {maxBytes}) вернул верные пакеты, но в другом порядке.',
    why: {
      en: 'Order within a partition is Kafka’s one promise about order.',
      ru: 'Порядок внутри партиции — единственное, что Kafka обещает о порядке.',
    },
    try: {
      en: 'Oldest first, as they were appended.',
      ru: 'Сначала старые, в том порядке, в каком их дописывали.',
    },
  },
  twice: {
    en: 'read({offset}, {maxBytes}) gave the batch {got} more than once.',
    ru: 'read({offset}, {maxBytes}) вернул пакет {got} больше одного раза.',
    why: {
      en: 'A consumer would process its records twice.',
      ru: 'Консюмер обработал бы его записи дважды.',
    },
    try: {
      en: 'Go through the batches once, from the one that holds the offset.',
      ru: 'Пройдите по пакетам один раз, начиная с того, в котором лежит смещение.',
    },
  },
  joined: {
    en: 'read({offset}, {maxBytes}) gave one array of {gotBytes} bytes, in which {wanted} batches stand one after the other.',
    ru: 'read({offset}, {maxBytes}) вернул один массив на {gotBytes} байт, в котором подряд стоят пакеты: {wanted}.',
    try: {
      en: 'Give a list with one Uint8Array for each batch.',
      ru: 'Верните список, в котором на каждый пакет свой Uint8Array.',
    },
  },
  cut: {
    en: 'read({offset}, {maxBytes}) gave only a part of the batch {first}: {gotBytes} of its {bytes} bytes.',
    ru: 'read({offset}, {maxBytes}) вернул только часть пакета {first}: {gotBytes} байт из {bytes}.',
    why: wholeBatches,
    try: {
      en: 'Give the whole batch, all its bytes, even if the offset is in its middle or maxBytes is smaller.',
      ru: 'Отдавайте пакет целиком, со всеми байтами, даже если смещение в середине или maxBytes меньше.',
    },
  },
  alien: {
    en: 'read({offset}, {maxBytes}): no. {n} of the batches has bytes that were not appended; {first} should come there.',
    ru: 'read({offset}, {maxBytes}): в пакете № {n} байты, которых никто не дописывал; там должен быть {first}.',
    why: {
      en: 'The same bytes that the producer sent must reach the consumer, but for the first eight.',
      ru: 'К консюмеру должны прийти те же байты, что отправил продюсер, кроме первых восьми.',
    },
    try: {
      en: 'Compare the bytes you keep with those that came: does the copy begin where the batch begins, and does nobody else write into it?',
      ru: 'Сравните байты, которые вы храните, с теми, что пришли: там ли начинается копия, где начинается пакет, и не пишет ли в неё кто-то ещё?',
    },
  },
  altered: {
    en: 'read({offset}, {maxBytes}): the batch {first}, no. {n} in the list, came with other bytes than were appended, from byte {at} on: {changed} of them.',
    ru: 'read({offset}, {maxBytes}): пакет {first}, № {n} в списке, пришёл не с теми байтами, какие дописали, начиная с байта {at}; всего других байтов: {changed}.',
    why: {
      en: 'The same bytes that the producer sent must reach the consumer, but for the first eight.',
      ru: 'К консюмеру должны прийти те же байты, что отправил продюсер, кроме первых восьми.',
    },
    try: {
      en: 'Who writes there? Your log, beyond the first 8 bytes; or somebody else, because the memory is not the log’s alone.',
      ru: 'Кто туда пишет? Сам журнал, дальше первых 8 байт; или кто-то ещё, потому что эта память принадлежит не только журналу.',
    },
  },
  differs: {
    en: 'read({offset}, {maxBytes}) gave other batches than were appended: see below.',
    ru: 'read({offset}, {maxBytes}) вернул не те пакеты, что были дописаны: см. ниже.',
    try: {
      en: 'In the picture, the batches in brackets are not those that belong there.',
      ru: 'На рисунке в квадратных скобках — пакеты, которые стоят не на своём месте.',
    },
  },
} as const satisfies Record<string, CaseText>

export type ReadCase = keyof typeof readSays

export const readTests = {
  'read-base': {
    name: {
      en: 'Reading from a batch’s first offset gives that batch and the ones after it, in order',
      ru: 'Чтение с первого смещения пакета даёт его и следующие за ним, по порядку',
    },
    promises: ['read-batches'],
    needs: ['append-offsets', 'read-again', 'two-logs'],
    says: readSays,
    hints: readHints,
  },
  'read-inside': {
    name: {
      en: 'Reading from an offset inside a batch begins with the batch that holds it',
      ru: 'Чтение со смещения внутри пакета начинается с пакета, в котором оно лежит',
    },
    promises: ['read-batches'],
    needs: ['append-offsets', 'read-base'],
    says: readSays,
    hints: readHints,
  },
  'max-bytes': {
    name: {
      en: 'A read gives as many whole batches as fit into maxBytes, without a gap',
      ru: 'Чтение отдаёт столько целых пакетов, сколько умещается в maxBytes, без пропусков',
    },
    promises: ['max-bytes'],
    needs: ['append-offsets', 'read-base', 'read-inside'],
    says: readSays,
    hints: readHints,
  },
  'first-too-big': {
    name: {
      en: 'The first batch is given even if it is larger than maxBytes',
      ru: 'Первый пакет отдаётся, даже если он больше maxBytes',
    },
    promises: ['one-at-least'],
    needs: ['append-offsets', 'read-base'],
    says: {
      none: {
        en: 'read({offset}, {maxBytes}) gave an empty list. The batch there has {bytes} bytes and should come all the same.',
        ru: 'read({offset}, {maxBytes}) вернул пустой список. В пакете там {bytes} байт, и прийти он должен всё равно.',
        why: {
          en: 'Otherwise a consumer with a small limit would ask for the same offset for ever (KIP-74).',
          ru: 'Иначе консюмер с маленьким пределом вечно просил бы одно и то же смещение (KIP-74).',
        },
        try: {
          en: 'Take the first batch without asking for its size.',
          ru: 'Берите первый пакет, не спрашивая о размере.',
        },
      },
      zero: {
        en: 'read({offset}, 0) gave {got} batches; with a limit of 1 only the first came, as it should.',
        ru: 'read({offset}, 0) вернул {got} {got:пакет|пакета|пакетов}, а с пределом 1 приходил, как и должен, только первый.',
        why: {
          en: '0 is a limit like any other, and not “no limit”. It is falsy: `maxBytes || …` passes over it.',
          ru: '0 — такой же предел, как и любой другой, а не «без предела». Это ложное значение: `maxBytes || …` его пропустит.',
        },
        try: {
          en: 'Compare with maxBytes as it is.',
          ru: 'Сравнивайте с maxBytes как есть.',
        },
      },
      several: {
        en: 'read({offset}, {maxBytes}) gave {got} batches. The first has {bytes} bytes already and should come alone.',
        ru: 'read({offset}, {maxBytes}) вернул {got} {got:пакет|пакета|пакетов}. Уже в первом {bytes} байт, он должен прийти один.',
        why: {
          en: 'The exception is made for the first batch only; maxBytes bounds memory on both sides.',
          ru: 'Исключение сделано только для первого пакета; maxBytes ограничивает память с обеих сторон.',
        },
        try: {
          en: 'The length of the first batch counts too: add it to the sum.',
          ru: 'Длина первого пакета тоже считается: прибавляйте её к сумме.',
        },
      },
      cut: {
        en: 'read({offset}, {maxBytes}) gave {got} of the {bytes} bytes of the batch there.',
        ru: 'read({offset}, {maxBytes}) вернул {got} байт из {bytes} того пакета, что там лежит.',
        why: wholeBatches,
        try: {
          en: 'Give the whole batch: maxBytes decides how many batches come, never how much of one.',
          ru: 'Отдавайте пакет целиком: maxBytes решает, сколько придёт пакетов, но не какая часть пакета.',
        },
      },
    },
    hints: readHints,
  },
  'read-end': {
    name: {
      en: 'Reading at endOffset gives an empty list, until something is appended there',
      ru: 'Чтение с endOffset даёт пустой список, пока туда ничего не дописали',
    },
    promises: ['read-end'],
    needs: ['append-offsets', 'two-logs'],
    says: {
      refused: {
        en: 'read({offset}, …) at endOffset threw {got}.',
        ru: 'read({offset}, …) на endOffset бросил {got}.',
        why: {
          en: 'A consumer that has read everything asks there again and again; to it an error would mean that its offset is gone.',
          ru: 'Консюмер, который всё прочитал, спрашивает там снова и снова; ошибка для него значила бы, что его смещения больше нет.',
        },
        try: {
          en: 'The bound is `offset > endOffset`, not `>=`.',
          ru: 'Граница — `offset > endOffset`, а не `>=`.',
        },
      },
      stale: {
        en: 'read({offset}, …) gave an empty list, rightly; then a batch was appended there, and the same read gives an empty list still.',
        ru: 'read({offset}, …) вернул пустой список, и правильно; потом туда дописали пакет, а то же чтение по-прежнему отдаёт пустой список.',
        why: {
          en: 'A consumer that has read everything asks for the same offset until there is something.',
          ru: 'Консюмер, который всё прочитал, спрашивает одно и то же смещение, пока там что-то не появится.',
        },
        try: {
          en: 'Do not keep the answers of earlier reads: look at the batches in each call.',
          ru: 'Не храните ответы прежних чтений: смотрите на пакеты при каждом вызове.',
        },
      },
      last: {
        en: 'read({offset}, …) at endOffset gave the last batch of the log; it should give an empty list.',
        ru: 'read({offset}, …) на endOffset вернул последний пакет журнала, а должен вернуть пустой список.',
        why: {
          en: 'endOffset is the offset of the record that comes next: it is not written yet.',
          ru: 'endOffset — это смещение следующей записи: её ещё никто не записал.',
        },
        try: {
          en: 'The last batch ends at base + count - 1: it does not hold base + count.',
          ru: 'Последний пакет кончается на base + count - 1: смещения base + count в нём нет.',
        },
      },
      got: {
        en: 'read({offset}, …) at endOffset gave {got} instead of an empty list.',
        ru: 'read({offset}, …) на endOffset вернул {got}, а не пустой список.',
        try: {
          en: 'Nothing has been appended at endOffset yet: return `[]`.',
          ru: 'На endOffset ещё ничего не дописано: верните `[]`.',
        },
      },
    },
    hints: boundHints,
  },
  'out-of-range': {
    name: {
      en: 'Reading below startOffset or above endOffset throws a RangeError',
      ru: 'Чтение ниже startOffset или выше endOffset бросает RangeError',
    },
    promises: ['out-of-range'],
    needs: ['append-offsets', 'huge-offsets'],
    says: {
      below: {
        en: `read({offset}, …) gave {got} instead of throwing, below the start: ${offsetsOf.en}`,
        ru: `read({offset}, …) вернул {got} и не бросил ошибку, а это ниже начала: ${offsetsOf.ru}`,
        why: {
          en: 'The records that the consumer wants there are gone. It must learn that (OFFSET_OUT_OF_RANGE) and not silently lose them.',
          ru: 'Записей, которые там нужны консюмеру, больше нет. Он должен об этом узнать (OFFSET_OUT_OF_RANGE), а не молча их потерять.',
        },
        try: {
          en: 'Before you look for a batch: `if (offset < startOffset) throw new RangeError(…)`.',
          ru: 'До поиска пакета: `if (offset < startOffset) throw new RangeError(…)`.',
        },
      },
      above: {
        en: `read({offset}, …) gave {got} instead of throwing, above the end: ${offsetsOf.en}`,
        ru: `read({offset}, …) вернул {got} и не бросил ошибку, а это выше конца: ${offsetsOf.ru}`,
        why: {
          en: 'An offset above the end was never given out here: the consumer has it from another log, and would wait for ever.',
          ru: 'Смещения выше конца здесь никто не выдавал: оно у консюмера из другого журнала, и ждать он будет вечно.',
        },
        try: {
          en: 'Before you look for a batch: `if (offset > endOffset) throw new RangeError(…)`.',
          ru: 'До поиска пакета: `if (offset > endOffset) throw new RangeError(…)`.',
        },
      },
      zero: {
        en: `read({offset}, 0) gave {got} instead of throwing; with a larger maxBytes it throws, as it should. ${offsetsOf.en}`,
        ru: `read({offset}, 0) вернул {got} и не бросил ошибку; с maxBytes побольше он её бросает, как и должен. ${offsetsOf.ru}`,
        why: {
          en: 'Whether an offset is in the log does not depend on how much the reader wants.',
          ru: 'Есть ли смещение в журнале, не зависит от того, сколько читатель просит.',
        },
        try: {
          en: 'Check the offset first, before any short way for maxBytes 0.',
          ru: 'Сначала проверьте смещение и только потом сворачивайте на короткий путь для maxBytes 0.',
        },
      },
      empty: {
        en: `The log is empty: read({offset}, {maxBytes}) gave {got} instead of throwing. ${offsetsOf.en} With batches in the log such reads throw, as they should.`,
        ru: `Журнал пуст: read({offset}, {maxBytes}) вернул {got} и не бросил ошибку. ${offsetsOf.ru} Когда в журнале есть пакеты, такие чтения бросают ошибку, как и должны.`,
        why: {
          en: 'An empty log has bounds, too: only one offset lies within them, the one where both meet.',
          ru: 'У пустого журнала тоже есть границы: внутри них одно-единственное смещение, то, где они сходятся.',
        },
        try: {
          en: 'Check the offset first, before you ask whether there are batches at all.',
          ru: 'Сначала проверьте смещение и только потом спрашивайте, есть ли пакеты вообще.',
        },
      },
      other: {
        en: 'read({offset}, …) threw {got}, which is not a RangeError.',
        ru: 'read({offset}, …) бросил {got}, а это не RangeError.',
        why: {
          en: 'The broker turns a RangeError into OFFSET_OUT_OF_RANGE; any other error is a fault of the log to it.',
          ru: 'RangeError брокер превращает в OFFSET_OUT_OF_RANGE, а любая другая ошибка для него — поломка журнала.',
        },
        try: { en: '`throw new RangeError(…)`.', ru: '`throw new RangeError(…)`.' },
      },
      changed: {
        en: `A refused read left a trace. After it ${offsetsOf.en} Before: {before}.`,
        ru: `Отвергнутое чтение оставило след. После него ${offsetsOf.ru} До него: {before}.`,
        why: {
          en: 'A reader cannot be allowed to change the log, least of all by a mistake of its own.',
          ru: 'Читатель не должен менять журнал, тем более собственной ошибкой.',
        },
        try: {
          en: 'read changes nothing: look for an assignment in it to something outside.',
          ru: 'read ничего не меняет: поищите в нём присваивание чему-то внешнему.',
        },
      },
    },
    hints: boundHints,
  },
  'read-again': {
    name: {
      en: 'Reading removes nothing: every reader gets the same batches',
      ru: 'Чтение ничего не удаляет: каждый читатель получает те же пакеты',
    },
    promises: ['read-again'],
    needs: ['append-offsets', 'read-end'],
    says: {
      gone: {
        en: 'read({offset}, {maxBytes}) gave {before} {before:batch|batches} at first and {got} when it was asked again.',
        ru: 'read({offset}, {maxBytes}) сначала вернул {before} {before:пакет|пакета|пакетов}, а при повторе — {got}.',
        why: {
          en: 'A log is no queue: many groups read the same records, each at its own pace, and some begin again.',
          ru: 'Журнал — не очередь: одни и те же записи читает много групп, каждая в своём темпе, а кто-то начинает сначала.',
        },
        try: {
          en: 'Does a read take batches out of the list (`shift`, `splice`, `pop`), or go on from a position that an earlier read left? Each read looks for its place anew.',
          ru: 'Не вынимает ли чтение пакеты из списка (`shift`, `splice`, `pop`)? Не продолжает ли с места, на котором остановилось предыдущее? Каждое чтение ищет своё место заново.',
        },
      },
      stale: {
        en: 'A batch was appended, and read({offset}, {maxBytes}) still gives the {got} batches of before; there are {wanted} now.',
        ru: 'Дописан ещё один пакет, а read({offset}, {maxBytes}) по-прежнему отдаёт {got} {got:пакет|пакета|пакетов}; сейчас их {wanted}.',
        why: {
          en: 'A result that is kept for the same arguments does not know what was appended later.',
          ru: 'Результат, сохранённый для тех же аргументов, не знает, что дописали потом.',
        },
        try: {
          en: 'Look into the log at each read; keep no results.',
          ru: 'Смотрите в журнал при каждом чтении; результатов не храните.',
        },
      },
      differs: {
        en: 'read({offset}, {maxBytes}) gave other batches than when it was first asked.',
        ru: 'read({offset}, {maxBytes}) вернул не те пакеты, что при первом вызове.',
        why: {
          en: 'A log has no “current place”: where to read from is said by each call.',
          ru: 'У журнала нет «текущего места»: откуда читать, говорит каждый вызов.',
        },
        try: {
          en: 'Keep nothing between two reads: what comes follows from offset and maxBytes alone.',
          ru: 'Не храните ничего между чтениями: результат следует только из offset и maxBytes.',
        },
      },
    },
    hints: readHints,
  },
} as const satisfies Record<string, TestText>
