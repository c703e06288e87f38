/** Lab 03: what the tests of `read` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'

export const offsetsOf = {
  en: 'startOffset is {start}, endOffset is {end}.',
  ru: 'startOffset равен {start}, endOffset равен {end}.',
}

export const readTests = {
  'read-base': {
    name: {
      en: 'Reading from a batch’s first offset gives that batch and the ones after it, in order',
      ru: 'Чтение с первого смещения пакета даёт его и следующие за ним, по порядку',
    },
    why: {
      en: 'Order within a partition is Kafka’s one promise about order.',
      ru: 'Порядок внутри партиции — единственное, что Kafka обещает о порядке.',
    },
    try: {
      en: 'Look for the batch by its offset, not by its place in the list.',
      ru: 'Ищите пакет по смещению, а не по месту в списке.',
    },
    says: {
      differs: {
        en: 'read({offset}, {maxBytes}) gave other batches than were appended.',
        ru: 'read({offset}, {maxBytes}) вернул не те пакеты, что были дописаны.',
      },
    },
  },
  'read-inside': {
    name: {
      en: 'Reading from an offset inside a batch begins with the batch that holds it',
      ru: 'Чтение со смещения внутри пакета начинается с пакета, в котором оно лежит',
    },
    why: {
      en: 'The broker never cuts a batch: it is compressed and checksummed whole. The client skips the records before its offset.',
      ru: 'Брокер не разрезает пакет: он сжат и снабжён контрольной суммой целиком. Записи до нужного смещения пропустит клиент.',
    },
    try: {
      en: 'The batch you want has base <= offset && offset < base + count.',
      ru: 'Нужен пакет, у которого base <= offset && offset < base + count.',
    },
    says: {
      differs: {
        en: 'read({offset}, {maxBytes}) should begin with the batch {first}–{last}.',
        ru: 'read({offset}, {maxBytes}) должен начаться с пакета {first}–{last}.',
      },
    },
  },
  'max-bytes': {
    name: {
      en: 'A read gives as many whole batches as fit into maxBytes, without a gap',
      ru: 'Чтение отдаёт столько целых пакетов, сколько влезает в maxBytes, без пропусков',
    },
    why: {
      en: 'maxBytes bounds memory on both sides. A batch that is skipped because it is big is lost for the consumer.',
      ru: 'maxBytes ограничивает память с обеих сторон. Пакет, который пропустили из-за размера, для консюмера потерян.',
    },
    try: {
      en: 'Add up the lengths; stop before the first batch that would exceed the limit. An exact fit fits.',
      ru: 'Складывайте длины; остановитесь перед первым пакетом, с которым сумма превысит предел. Ровно впритык — влезает.',
    },
    says: {
      differs: {
        en: 'read({offset}, {maxBytes}) should give {wanted} batches, {bytes} bytes together.',
        ru: 'read({offset}, {maxBytes}) должен вернуть пакетов: {wanted}, всего байт: {bytes}.',
      },
    },
  },
  'first-too-big': {
    name: {
      en: 'The first batch is given even if it is larger than maxBytes',
      ru: 'Первый пакет отдаётся, даже если он больше maxBytes',
    },
    why: {
      en: 'Otherwise a consumer with a small limit would ask for the same offset for ever (KIP-74).',
      ru: 'Иначе консюмер с маленьким пределом вечно просил бы одно и то же смещение (KIP-74).',
    },
    try: {
      en: 'Take the first batch without asking for its size.',
      ru: 'Берите первый пакет, не спрашивая о размере.',
    },
    says: {
      differs: {
        en: 'read({offset}, {maxBytes}): the batch there has {bytes} bytes and should come alone.',
        ru: 'read({offset}, {maxBytes}): в пакете там {bytes} байт, он должен прийти один.',
      },
    },
  },
  'read-end': {
    name: { en: 'Reading at endOffset gives an empty list', ru: 'Чтение с endOffset даёт пустой список' },
    why: {
      en: 'A consumer that has read everything waits there; this is no error.',
      ru: 'Там ждёт консюмер, который всё прочитал; это не ошибка.',
    },
    try: {
      en: 'endOffset is inside the bounds, one step above it is not.',
      ru: 'endOffset ещё внутри границ, на шаг выше — уже нет.',
    },
    says: {
      threw: {
        en: 'read({offset}, …) at endOffset threw an error: {got}',
        ru: 'read({offset}, …) на endOffset бросил ошибку: {got}',
      },
      got: {
        en: 'read({offset}, …) at endOffset gave {got}.',
        ru: 'read({offset}, …) на endOffset вернул {got}.',
      },
    },
  },
  'out-of-range': {
    name: {
      en: 'Reading below startOffset or above endOffset throws a RangeError',
      ru: 'Чтение ниже startOffset или выше endOffset бросает RangeError',
    },
    why: {
      en: 'A consumer must learn that its offset is gone (OFFSET_OUT_OF_RANGE) and reset, not wait or read something else.',
      ru: 'Консюмер должен узнать, что его смещения больше нет (OFFSET_OUT_OF_RANGE), и сбросить его, а не ждать и не читать другое.',
    },
    try: {
      en: 'Check both bounds before you look for a batch.',
      ru: 'Проверьте обе границы до того, как искать пакет.',
    },
    says: {
      silent: {
        en: `read({offset}, …) gave {got} instead of throwing; ${offsetsOf.en}`,
        ru: `read({offset}, …) вернул {got} и не бросил ошибку; ${offsetsOf.ru}`,
      },
      other: {
        en: 'read({offset}, …) threw {got}, which is not a RangeError.',
        ru: 'read({offset}, …) бросил {got}, а это не RangeError.',
      },
    },
  },
} as const satisfies Record<string, TestText>
