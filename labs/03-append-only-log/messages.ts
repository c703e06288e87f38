/** Lab 03: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { offsetsOf, readTests } from './messages-read.ts'

export const tests = {
  'empty-log': {
    name: {
      en: 'A new log begins and ends at the offset it was given, and holds nothing',
      ru: 'Новый журнал начинается и кончается на заданном смещении и ничего не содержит',
    },
    why: {
      en: 'A log whose old records were deleted does not begin at 0. endOffset is the offset of the record that comes next.',
      ru: 'Журнал, из которого удалили старые записи, начинается не с 0. endOffset — это смещение следующей записи.',
    },
    try: {
      en: 'Start both numbers from createLog’s argument.',
      ru: 'Начните оба числа с аргумента createLog.',
    },
    says: {
      offsets: { en: `createLog({wanted}): ${offsetsOf.en}`, ru: `createLog({wanted}): ${offsetsOf.ru}` },
      read: {
        en: 'read({wanted}, …) of an empty log should give [], it gave {got}.',
        ru: 'read({wanted}, …) пустого журнала должен вернуть [], а вернул {got}.',
      },
    },
  },
  'append-offsets': {
    name: {
      en: 'append returns the first record’s offset, and endOffset grows by the number of records',
      ru: 'append возвращает смещение первой записи, а endOffset растёт на число записей',
    },
    why: {
      en: 'Offsets count records, not batches and not bytes: a batch of 5 takes 5 offsets.',
      ru: 'Смещения считают записи, а не пакеты и не байты: пакет из 5 записей занимает 5 смещений.',
    },
    try: {
      en: 'Remember endOffset before you add `count` to it.',
      ru: 'Запомните endOffset до того, как прибавите к нему `count`.',
    },
    says: {
      base: {
        en: 'Append no. {n} (count {count}) returned {got}; its first record has offset {wanted}.',
        ru: 'append № {n} (count {count}) вернул {got}; смещение первой записи — {wanted}.',
      },
      end: {
        en: 'After append no. {n} (count {count}) endOffset is {got} instead of {wanted}.',
        ru: 'После append № {n} (count {count}) endOffset равен {got}, а не {wanted}.',
      },
      start: {
        en: 'startOffset moved to {got}: an append must not change where the log begins ({wanted}).',
        ru: 'startOffset сдвинулся на {got}: append не меняет начала журнала ({wanted}).',
      },
    },
  },
  stamped: {
    name: {
      en: 'The first 8 bytes of a stored batch hold its base offset, the rest is as it was',
      ru: 'Первые 8 байт сохранённого пакета — его базовое смещение, остальное не изменилось',
    },
    why: {
      en: 'The producer does not know the offset and writes 0. The broker stamps it, int64 big-endian, and clients read it from there.',
      ru: 'Продюсер смещения не знает и пишет 0. Брокер проставляет его как int64 big-endian, и оттуда его читают клиенты.',
    },
    try: {
      en: 'DataView.setBigInt64(0, BigInt(base)) on your copy.',
      ru: 'DataView.setBigInt64(0, BigInt(base)) на вашей копии.',
    },
    says: {
      lost: {
        en: 'read({offset}, …) gave {got} batches, one was expected at least.',
        ru: 'read({offset}, …) вернул пакетов: {got}, а нужен хотя бы один.',
      },
      stamp: {
        en: 'The batch at offset {offset} does not begin with its base offset.',
        ru: 'Пакет на смещении {offset} начинается не со своего базового смещения.',
      },
      rest: {
        en: 'Byte {at} of the batch at offset {offset} changed; only bytes 0 to 7 may.',
        ru: 'Изменился байт {at} пакета на смещении {offset}; меняться могут только байты с 0 по 7.',
      },
    },
  },
  'huge-offsets': {
    name: {
      en: 'Offsets beyond 2³² are exact, and a batch may count 2³¹−1 records',
      ru: 'Смещения больше 2³² точны, а в пакете может быть 2³¹−1 записей',
    },
    why: {
      en: 'A busy partition passes 2³² records in weeks. 32-bit arithmetic (`|`, `>>`, setInt32) wraps around there.',
      ru: 'Нагруженная партиция проходит 2³² записей за недели. 32-битная арифметика (`|`, `>>`, setInt32) там переполняется.',
    },
    try: {
      en: 'Use + and BigInt(offset) with setBigInt64; keep one entry per batch, nothing per record.',
      ru: 'Используйте + и BigInt(offset) с setBigInt64; храните по элементу на пакет, ничего на каждую запись.',
    },
    says: {
      base: {
        en: 'A batch that begins at {wanted} was reported at {got}.',
        ru: 'Пакет, который начинается на {wanted}, оказался на {got}.',
      },
      stamp: {
        en: 'The stamp of the batch at {wanted} is another number.',
        ru: 'В пакете на {wanted} проставлено другое число.',
      },
      read: {
        en: 'read({offset}, …) did not find the batch that begins at {wanted}.',
        ru: 'read({offset}, …) не нашёл пакет, который начинается на {wanted}.',
      },
    },
  },
  ...readTests,
  'bad-append': {
    name: {
      en: 'append refuses a count below 1, a broken count and a batch below 8 bytes, and changes nothing',
      ru: 'append отвергает count меньше 1, дробный count и пакет короче 8 байт и ничего не меняет',
    },
    why: {
      en: 'A batch without records or without room for its offset would poison the log for every reader.',
      ru: 'Пакет без записей или без места под смещение испортит журнал всем читателям.',
    },
    try: {
      en: 'Check first (Number.isInteger, length), change afterwards.',
      ru: 'Сначала проверки (Number.isInteger, длина), потом изменения.',
    },
    says: {
      accepted: {
        en: 'append of {bytes} bytes with count {count} was accepted ({got}); a RangeError was expected.',
        ru: 'append на {bytes} байт с count {count} принят ({got}), а ожидался RangeError.',
      },
      other: {
        en: 'append of {bytes} bytes with count {count} threw {got}, which is not a RangeError.',
        ru: 'append на {bytes} байт с count {count} бросил {got}, а это не RangeError.',
      },
      changed: {
        en: 'A refused append left a trace: endOffset is {got} instead of {wanted}, or a read changed.',
        ru: 'Отвергнутый append оставил след: endOffset равен {got}, а не {wanted}, или изменилось чтение.',
      },
    },
  },
  'copy-in': {
    name: {
      en: 'The log keeps a copy: the caller’s buffer is left alone and may be reused',
      ru: 'Журнал хранит копию: буфер вызывающего не тронут и может быть использован снова',
    },
    why: {
      en: 'A broker reads the next request into the same memory. A log that kept a reference would be rewritten from outside.',
      ru: 'Брокер читает следующий запрос в ту же память. Журнал, хранящий ссылку, переписали бы снаружи.',
    },
    try: {
      en: '`batch.slice()` copies a Uint8Array, `subarray` does not; Buffer’s slice does not either: Uint8Array.from(batch) always does.',
      ru: '`batch.slice()` копирует Uint8Array, а `subarray` нет; slice у Buffer тоже не копирует: Uint8Array.from(batch) копирует всегда.',
    },
    says: {
      shared: {
        en: 'After the caller reused its buffer, the stored batch changed at byte {at}.',
        ru: 'Вызывающий использовал буфер снова, и в сохранённом пакете изменился байт {at}.',
      },
    },
  },
  'copy-out': {
    name: {
      en: 'What a read gives may be overwritten without changing the log',
      ru: 'Прочитанное можно перезаписать, журнал от этого не меняется',
    },
    why: {
      en: 'An append-only log is not changed by its readers.',
      ru: 'Журнал, в который только дописывают, читатели не меняют.',
    },
    try: {
      en: 'Hand out copies of the bytes, and a new array each time.',
      ru: 'Отдавайте копии байтов и каждый раз новый массив.',
    },
    says: {
      changed: {
        en: 'After the reader overwrote what it had read, read({offset}, …) gives something else.',
        ru: 'Читатель перезаписал прочитанное, и read({offset}, …) теперь отдаёт другое.',
      },
    },
  },
  'two-logs': {
    name: { en: 'Each partition has a log of its own', ru: 'У каждой партиции свой журнал' },
    why: {
      en: 'Offsets are counted per partition; two logs share nothing.',
      ru: 'Смещения считаются в каждой партиции отдельно; у двух журналов нет ничего общего.',
    },
    try: {
      en: 'Keep the state inside createLog (or in an object), not at the top of the file.',
      ru: 'Держите состояние внутри createLog (или в объекте), а не на верхнем уровне файла.',
    },
    says: {
      mixed: {
        en: 'An append to one log showed up in another: {what}.',
        ru: 'Запись в один журнал отразилась на другом: {what}.',
      },
    },
  },
  'long-run': {
    name: {
      en: 'Hundreds of random appends and reads agree with a simple model',
      ru: 'Сотни случайных записей и чтений сходятся с простой моделью',
    },
    why: {
      en: 'Bugs like company: what holds for three batches must hold for three hundred.',
      ru: 'Ошибки любят компанию: что верно для трёх пакетов, должно быть верно и для трёхсот.',
    },
    try: {
      en: 'Get the tests above green; `--seed` repeats the very same run.',
      ru: 'Добейтесь, чтобы прошли проверки выше; `--seed` повторит тот же самый прогон.',
    },
    says: {
      append: {
        en: 'Step {step}: append returned {got} instead of {wanted}.',
        ru: 'Шаг {step}: append вернул {got}, а не {wanted}.',
      },
      read: {
        en: 'Step {step}: read({offset}, {maxBytes}) differs from the model.',
        ru: 'Шаг {step}: read({offset}, {maxBytes}) расходится с моделью.',
      },
    },
  },
  'wire-kafkajs': {
    name: {
      en: 'kafkajs writes to a broker on your log and reads every record back at its offset',
      ru: 'kafkajs пишет в брокер на вашем журнале и читает каждую запись на её смещении',
    },
    why: {
      en: 'The same bytes that the producer sent reach the consumer; between them stands your log.',
      ru: 'К консюмеру приходят те же байты, что отправил продюсер; между ними — ваш журнал.',
    },
    try: {
      en: 'Get the tests above green first; then look at the calls in the picture.',
      ru: 'Сначала добейтесь, чтобы прошли проверки выше; потом посмотрите на вызовы на рисунке.',
    },
    says: {
      threw: {
        en: 'In the broker your log threw an error: {message}',
        ru: 'В брокере ваш журнал бросил ошибку: {message}',
      },
      acknowledged: {
        en: 'The broker acknowledged a batch at offset {got}; it was {wanted}.',
        ru: 'Брокер подтвердил пакет на смещении {got}, а должно быть {wanted}.',
      },
      silence: {
        en: 'The consumer got {got} of {wanted} records and waits for the rest.',
        ru: 'Консюмер получил {got} записей из {wanted} и ждёт остальных.',
      },
      differs: {
        en: 'The consumer read other records, or at other offsets, than the producer sent.',
        ru: 'Консюмер прочитал не те записи или не на тех смещениях, что отправил продюсер.',
      },
      unused: {
        en: 'The broker did not ask your log for anything: the run shows nothing.',
        ru: 'Брокер ни разу не обратился к вашему журналу: прогон ничего не показал.',
      },
    },
  },
} as const satisfies Record<string, TestText>
