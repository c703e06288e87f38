/** Lab 03: what the tests of createLog and `append` check, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { appendHints, stampHints, stateHints } from './hints.ts'
import { offsetsOf } from './messages-read.ts'
import { stampSays } from './messages-stamp.ts'

export const appendTests = {
  'empty-log': {
    name: {
      en: 'A new log begins and ends at the offset it was given, and holds nothing',
      ru: 'Новый журнал начинается и кончается на заданном смещении и ничего не содержит',
    },
    promises: ['start', 'end', 'read-end'],
    says: {
      offsets: {
        en: `createLog({wanted}): ${offsetsOf.en}`,
        ru: `createLog({wanted}): ${offsetsOf.ru}`,
        why: {
          en: 'A log whose old records were deleted does not begin at 0. endOffset is the offset of the record that comes next.',
          ru: 'Журнал, из которого удалили старые записи, начинается не с 0. endOffset — это смещение следующей записи.',
        },
        try: {
          en: 'In an empty log both numbers are createLog’s argument.',
          ru: 'В пустом журнале оба числа равны аргументу createLog.',
        },
      },
      threw: {
        en: 'read({wanted}, …) of an empty log threw an error: {got}',
        ru: 'read({wanted}, …) пустого журнала бросил ошибку: {got}',
        why: {
          en: 'In an empty log {wanted} is endOffset too: a consumer may wait there for the first record.',
          ru: 'В пустом журнале {wanted} — это и endOffset: там консюмер может ждать первую запись.',
        },
        try: {
          en: 'Return `[]` there. What does your search do when there is no batch at all?',
          ru: 'Верните там `[]`. Что делает ваш поиск, когда пакетов нет вообще?',
        },
      },
      read: {
        en: 'read({wanted}, …) of an empty log should give [], it gave {got}.',
        ru: 'read({wanted}, …) пустого журнала должен вернуть [], а вернул {got}.',
        try: {
          en: 'Nothing has been appended, so nothing can be read: return an empty list.',
          ru: 'Ничего не дописано, значит, и читать нечего: верните пустой список.',
        },
      },
    },
    hints: stateHints,
  },
  'append-offsets': {
    name: {
      en: 'append returns the first record’s offset, and endOffset grows by the number of records',
      ru: 'append возвращает смещение первой записи, а endOffset растёт на число записей',
    },
    promises: ['append', 'count'],
    says: {
      eight: {
        en: 'append refused a batch of 8 bytes: {got}.',
        ru: 'append отказался от пакета в 8 байт: {got}.',
        why: {
          en: 'Batches have 8 bytes and more: 8 are enough for the offset.',
          ru: 'В пакете бывает от 8 байт: 8 как раз хватает на смещение.',
        },
        try: {
          en: 'Refuse a batch only if `batch.length < 8`.',
          ru: 'Отказывайтесь от пакета, только если `batch.length < 8`.',
        },
      },
      'new-end': {
        en: 'Append no. {n} (count {count}) returned {got}, the endOffset after it; its first record has offset {wanted}.',
        ru: 'append № {n} (count {count}) вернул {got}, то есть endOffset после него; смещение первой записи — {wanted}.',
        try: {
          en: 'Remember endOffset before you add `count` to it, and return that.',
          ru: 'Запомните endOffset до того, как прибавите к нему `count`, и верните это число.',
        },
      },
      last: {
        en: 'Append no. {n} (count {count}) returned {got}, the offset of its last record; its first has {wanted}.',
        ru: 'append № {n} (count {count}) вернул {got}, смещение последней записи; у первой — {wanted}.',
        try: {
          en: 'Return the endOffset from before the append.',
          ru: 'Верните endOffset, каким он был до append.',
        },
      },
      'by-one': {
        en: 'After append no. {n} (count {count}) endOffset is {got} instead of {wanted}: it has grown by 1.',
        ru: 'После append № {n} (count {count}) endOffset равен {got}, а не {wanted}: он вырос на 1.',
        why: {
          en: 'Offsets number records, not batches: a batch of 5 takes 5 offsets.',
          ru: 'Смещения нумеруют записи, а не пакеты: пакет из 5 записей занимает 5 смещений.',
        },
        try: { en: 'Add `count`.', ru: 'Прибавляйте `count`.' },
      },
      'by-bytes': {
        en: 'After append no. {n} (count {count}) endOffset is {got} instead of {wanted}: it has grown by the number of bytes.',
        ru: 'После append № {n} (count {count}) endOffset равен {got}, а не {wanted}: он вырос на число байтов.',
        why: {
          en: 'Offsets number records, not bytes.',
          ru: 'Смещения нумеруют записи, а не байты.',
        },
        try: { en: 'Add `count`.', ru: 'Прибавляйте `count`.' },
      },
      'not-at-all': {
        en: 'After append no. {n} (count {count}) endOffset is {got} still; it should be {wanted}.',
        ru: 'После append № {n} (count {count}) endOffset по-прежнему {got}, а должен быть {wanted}.',
        why: {
          en: 'endOffset is the offset that the next record will get, at each moment.',
          ru: 'endOffset — смещение, которое получит следующая запись, в любой момент.',
        },
        try: {
          en: '`{ endOffset: end }` copies the number once. A getter, `get endOffset() { return end }`, gives it as it is now.',
          ru: '`{ endOffset: end }` копирует число один раз. Геттер, `get endOffset() { return end }`, отдаёт его текущее значение.',
        },
      },
      base: {
        en: 'Append no. {n} (count {count}) returned {got}; its first record has offset {wanted}.',
        ru: 'append № {n} (count {count}) вернул {got}; смещение первой записи — {wanted}.',
        why: {
          en: 'Offsets number records one after the other, from startOffset on.',
          ru: 'Смещения нумеруют записи подряд, начиная со startOffset.',
        },
        try: {
          en: 'The first record of a batch gets the endOffset from before the append.',
          ru: 'Первая запись пакета получает endOffset, каким он был до append.',
        },
      },
      end: {
        en: 'After append no. {n} (count {count}) endOffset is {got} instead of {wanted}.',
        ru: 'После append № {n} (count {count}) endOffset равен {got}, а не {wanted}.',
        why: {
          en: 'A batch of `count` records takes `count` offsets.',
          ru: 'Пакет из `count` записей занимает `count` смещений.',
        },
        try: {
          en: 'Each append adds `count` to endOffset.',
          ru: 'Каждый append прибавляет `count` к endOffset.',
        },
      },
      start: {
        en: 'startOffset moved to {got}: an append must not change where the log begins ({wanted}).',
        ru: 'startOffset сдвинулся на {got}: append не меняет начала журнала ({wanted}).',
        try: {
          en: 'startOffset and endOffset are two numbers; append changes only the second.',
          ru: 'startOffset и endOffset — два разных числа; append меняет только второе.',
        },
      },
    },
    hints: appendHints,
  },
  stamped: {
    name: {
      en: 'The first 8 bytes of a stored batch hold its base offset, the rest is as it was',
      ru: 'Первые 8 байт сохранённого пакета — его базовое смещение, остальное не изменилось',
    },
    promises: ['stamp', 'rest'],
    needs: ['append-offsets', 'two-logs'],
    says: {
      ...stampSays,
      lost: {
        en: 'read({offset}, …) gave an empty list right after a batch was appended at {offset}.',
        ru: 'read({offset}, …) вернул пустой список сразу после того, как на {offset} дописали пакет.',
        try: {
          en: 'Does append keep the batch, and does read look at what is kept?',
          ru: 'Сохраняет ли append пакет и смотрит ли read на то, что сохранено?',
        },
      },
      'as-text': {
        en: 'The batch at offset {offset} came back as its bytes do from a string and back: each byte that is no UTF-8 as EF BF BD.',
        ru: 'Пакет на смещении {offset} вернулся таким, каким байты возвращаются из строки: каждый байт, который не UTF-8, стал EF BF BD.',
        why: {
          en: 'A batch is compressed and checksummed: not text. What is no UTF-8 does not survive the way through a string.',
          ru: 'Пакет сжат и снабжён контрольной суммой, это не текст. То, что не UTF-8, путь через строку не переживает.',
        },
        try: {
          en: 'Keep bytes as bytes: `Uint8Array.from(batch)`.',
          ru: 'Храните байты байтами: `Uint8Array.from(batch)`.',
        },
      },
      length: {
        en: 'The batch at offset {offset} has {got} bytes instead of {wanted}.',
        ru: 'В пакете на смещении {offset} байт: {got}, а не {wanted}.',
        why: {
          en: 'There is room for the offset in the batch already: its first 8 bytes.',
          ru: 'Место под смещение в пакете уже есть: это его первые 8 байт.',
        },
        try: {
          en: 'Write over the first 8 bytes of a copy; put nothing in front and cut nothing off.',
          ru: 'Пишите поверх первых 8 байт копии; ничего не добавляйте спереди и не отрезайте.',
        },
      },
      rest: {
        en: 'Byte {at} of the batch at offset {offset} changed; only bytes 0 to 7 may.',
        ru: 'Изменился байт {at} пакета на смещении {offset}; меняться могут только байты с 0 по 7.',
        why: {
          en: 'The batch carries a checksum over what follows: a changed byte makes it unreadable.',
          ru: 'В пакете есть контрольная сумма того, что идёт дальше: изменённый байт делает его нечитаемым.',
        },
        try: { en: 'Write 8 bytes, at position 0.', ru: 'Пишите 8 байт, с позиции 0.' },
      },
    },
    hints: stampHints,
  },
  'huge-offsets': {
    name: {
      en: 'Offsets are exact up to 2⁵³−1, and a batch may count 2³¹−1 records',
      ru: 'Смещения точны до 2⁵³−1, а в пакете может быть 2³¹−1 записей',
    },
    promises: ['exact', 'count-max'],
    needs: ['append-offsets', 'stamped', 'read-inside'],
    says: {
      ...stampSays,
      wrapped: {
        en: 'A batch that begins at {wanted} was reported at {got}: only the lower 32 bits are right.',
        ru: 'Пакет, который начинается на {wanted}, оказался на {got}: верны только младшие 32 бита.',
        why: {
          en: 'A busy partition passes 2³² records in weeks. `|`, `>>` and `>>>` make 32-bit numbers of their operands.',
          ru: 'Нагруженная партиция проходит 2³² записей за недели. `|`, `>>` и `>>>` превращают операнды в 32-битные числа.',
        },
        try: { en: 'Use + and -, Math.floor and BigInt.', ru: 'Используйте + и -, Math.floor и BigInt.' },
      },
      base: {
        en: 'A batch that begins at {wanted} was reported at {got}.',
        ru: 'Пакет, который начинается на {wanted}, оказался на {got}.',
        why: {
          en: 'A number is exact up to 2⁵³−1; no offset here is above that.',
          ru: 'Обычное число точно до 2⁵³−1; смещений больше здесь нет.',
        },
        try: { en: 'Use + and -, Math.floor and BigInt.', ru: 'Используйте + и -, Math.floor и BigInt.' },
      },
      refused: {
        en: 'append(…, {count}) at offset {wanted} threw {got}; both are within the limits.',
        ru: 'append(…, {count}) на смещении {wanted} бросил {got}, хотя оба числа в пределах.',
        try: {
          en: '`count` goes up to 2³¹−1 = 2147483647, offsets up to 2⁵³−1: look for a smaller limit.',
          ru: '`count` бывает до 2³¹−1 = 2147483647, смещения — до 2⁵³−1: ищите предел поменьше.',
        },
      },
      read: {
        en: 'read({offset}, …) did not begin with the batch {first}–{last}: it gave {got}.',
        ru: 'read({offset}, …) начался не с пакета {first}–{last}: он вернул {got}.',
        why: {
          en: 'The larger offsets are, the sooner 32-bit arithmetic and rounding show.',
          ru: 'Чем больше смещения, тем скорее вылезают 32-битная арифметика и округление.',
        },
        try: {
          en: 'Compare with base <= offset && offset < base + count, on plain numbers.',
          ru: 'Сравнивайте так: base <= offset && offset < base + count, на обычных числах.',
        },
      },
    },
    hints: stampHints,
  },
  'bad-append': {
    name: {
      en: 'append refuses a count that is no positive integer and a batch below 8 bytes; the log stays as it was',
      ru: 'Если count — не положительное целое или пакет короче 8 байт, append бросает RangeError, и журнал остаётся прежним',
    },
    promises: ['refuse'],
    needs: ['append-offsets', 'read-base', 'read-again'],
    says: {
      count: {
        en: 'append with count {count} did not throw; it gave {got}.',
        ru: 'append с count {count} не бросил ошибку, а вернул {got}.',
        why: {
          en: 'A count that is no positive integer makes every offset after it wrong.',
          ru: 'Если count — не положительное целое, все смещения после него будут неверны.',
        },
        try: {
          en: '`if (!Number.isInteger(count) || count < 1) throw new RangeError(…)`: Number.isInteger is false for NaN and Infinity too.',
          ru: '`if (!Number.isInteger(count) || count < 1) throw new RangeError(…)`: Number.isInteger ложно и для NaN, и для Infinity.',
        },
      },
      short: {
        en: 'append of a batch of {bytes} bytes did not throw; it gave {got}.',
        ru: 'append пакета в {bytes} байт не бросил ошибку, а вернул {got}.',
        why: {
          en: 'The offset needs 8 bytes; a shorter batch has no room for it.',
          ru: 'Смещению нужно 8 байт; в более коротком пакете ему нет места.',
        },
        try: {
          en: '`if (batch.length < 8) throw new RangeError(…)`, as the first thing.',
          ru: '`if (batch.length < 8) throw new RangeError(…)`, самым первым делом.',
        },
      },
      other: {
        en: 'append of {bytes} bytes with count {count} threw {got}, which is not a RangeError.',
        ru: 'append на {bytes} байт с count {count} бросил {got}, а это не RangeError.',
        try: { en: '`throw new RangeError(…)`.', ru: '`throw new RangeError(…)`.' },
      },
      end: {
        en: 'A refused append moved endOffset: {got} instead of {wanted}.',
        ru: 'Отвергнутый append сдвинул endOffset: {got}, а не {wanted}.',
        why: {
          en: 'Offsets that no record got would be a gap in the log.',
          ru: 'Смещения, которые никому не достались, — это дыра в журнале.',
        },
        try: { en: 'Check before you change anything.', ru: 'Проверяйте до того, как что-то менять.' },
      },
      kept: {
        en: 'After a refused append a read gives {got} {got:batch|batches} instead of {wanted}.',
        ru: 'После отвергнутого append чтение отдаёт {got} {got:пакет|пакета|пакетов}, а не {wanted}.',
        why: {
          en: 'The caller was told that the batch is not in the log.',
          ru: 'Вызывающему сказали, что этого пакета в журнале нет.',
        },
        try: { en: 'Check before you change anything.', ru: 'Проверяйте до того, как что-то менять.' },
      },
      altered: {
        en: 'append of {bytes} bytes with count {count} was refused, and now the batch {first} comes with other bytes: {got} of them, {wanted} were appended.',
        ru: 'append ({bytes} байт, count {count}) отвергнут, и теперь пакет {first} приходит с другими байтами: их {got}, а дописали {wanted}.',
        why: {
          en: 'The caller was told that nothing has happened: no byte of a refused batch may stay in the log.',
          ru: 'Вызывающему сказали, что ничего не произошло: от отвергнутого пакета в журнале не должно остаться ни байта.',
        },
        try: {
          en: 'Check count and length first; copy, stamp and count only then.',
          ru: 'Сначала проверьте count и длину и только потом копируйте, вписывайте смещение и считайте.',
        },
      },
      shifted: {
        en: 'append of {bytes} bytes with count {count} was refused and a good one appended, and now the batch {first} comes with other bytes: {got} of them, {wanted} were appended.',
        ru: 'append ({bytes} байт, count {count}) отвергнут, следующий принят, и теперь пакет {first} приходит с другими байтами: их {got}, а дописали {wanted}.',
        why: {
          en: 'The caller was told that nothing has happened: nothing of a refused batch may stay, in whichever list or memory.',
          ru: 'Вызывающему сказали, что ничего не произошло: от отвергнутого пакета ничего не должно остаться ни в одном списке и ни в какой памяти.',
        },
        try: {
          en: 'Check count and length first; copy, stamp and count only then.',
          ru: 'Сначала проверьте count и длину и только потом копируйте, вписывайте смещение и считайте.',
        },
      },
      broken: {
        en: 'After a refused append the log does not work any more: the next append threw {got}.',
        ru: 'После отвергнутого append журнал больше не работает: следующий append бросил {got}.',
        why: {
          en: 'One bad request must not stop a partition.',
          ru: 'Один плохой запрос не должен останавливать партицию.',
        },
        try: {
          en: 'Throw and leave everything as it was.',
          ru: 'Бросьте ошибку и оставьте всё как было.',
        },
      },
    },
    hints: appendHints,
  },
  'same-batch-twice': {
    name: {
      en: 'The same bytes appended twice are two batches',
      ru: 'Одни и те же байты, дописанные дважды, — два пакета',
    },
    promises: ['twice'],
    needs: ['append-offsets', 'stamped', 'copy-in', 'read-base'],
    says: {
      dropped: {
        en: 'The same bytes were appended again: append returned {got} instead of {wanted}, endOffset is {end}.',
        ru: 'Те же байты дописали ещё раз: append вернул {got}, а не {wanted}; endOffset равен {end}.',
        why: {
          en: 'Two equal records are two events. A producer’s retry is recognised by its sequence number, in the broker above the log.',
          ru: 'Две одинаковые записи — два события. Повтор продюсера узнаёт по порядковому номеру брокер, слоем выше журнала.',
        },
        try: {
          en: 'Keep every batch that comes; do not compare it with earlier ones.',
          ru: 'Сохраняйте каждый пакет, который пришёл, и не сравнивайте его с прежними.',
        },
      },
      read: {
        en: 'The same bytes were appended {wanted} times, and a read gives {got} {got:batch|batches}.',
        ru: 'Те же байты дописали {wanted} {wanted:раз|раза|раз}, а чтение отдаёт {got} {got:пакет|пакета|пакетов}.',
        why: {
          en: 'Two equal records are two events, each with an offset of its own.',
          ru: 'Две одинаковые записи — два события, у каждого своё смещение.',
        },
        try: {
          en: 'Keep batches in a list, not in a Set or Map by their bytes or by their object.',
          ru: 'Храните пакеты в списке, а не в Set или Map по байтам или по объекту.',
        },
      },
      stamps: {
        en: 'The same bytes were appended {wanted} times; the offsets in the batches are {got}, expected: {offsets}.',
        ru: 'Те же байты дописали {wanted} {wanted:раз|раза|раз}; в пакетах смещения {got}, ожидались: {offsets}.',
        why: {
          en: 'Each of them has an offset of its own.',
          ru: 'У каждого из них своё смещение.',
        },
        try: {
          en: 'Stamp a new copy each time: `Uint8Array.from(batch)`.',
          ru: 'Каждый раз вписывайте смещение в новую копию: `Uint8Array.from(batch)`.',
        },
      },
    },
    hints: appendHints,
  },
} as const satisfies Record<string, TestText>
