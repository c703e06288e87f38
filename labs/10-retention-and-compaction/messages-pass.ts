/** Lab 10: what the tests of `nextPass` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { passHints } from './hints.ts'

export const passTests = {
  'pass-range': {
    name: {
      en: 'A pass takes closed segments only, below open transactions, and old enough',
      ru: 'Проход берёт только закрытые сегменты, ниже открытых транзакций и достаточно старые',
    },
    promises: ['pass-range'],
    says: {
      activeToo: {
        en: 'The pass takes the active segment as well.',
        ru: 'Проход берёт и активный сегмент.',
        why: {
          en: 'Records are appended to it all the time; the cleaner rewrites only files that do not change any more.',
          ru: 'В него всё время дописывают; очистка переписывает только те файлы, которые больше не меняются.',
        },
        try: {
          en: 'upTo is the base offset of the last segment at most.',
          ru: 'upTo — самое большее базовое смещение последнего сегмента.',
        },
      },
      noTransactions: {
        en: 'The pass takes records at or above the last stable offset, {stable}.',
        ru: 'Проход берёт записи не ниже последнего стабильного смещения, {stable}.',
        why: {
          en: 'A transaction that is open may still be aborted. Were its record taken for the newest of its key, an older one would be removed in vain.',
          ru: 'Открытую транзакцию могут и отменить. Если принять её запись за последнюю для ключа, прежнюю удалят зря.',
        },
        try: {
          en: 'A segment waits if the next one begins above lastStableOffset.',
          ru: 'Сегмент ждёт, если следующий начинается выше lastStableOffset.',
        },
      },
      stableInside: {
        en: 'The pass takes a segment that has records at or above the last stable offset, {stable}.',
        ru: 'Проход берёт сегмент, в котором есть записи не ниже последнего стабильного смещения, {stable}.',
        why: { en: 'Only whole segments are compacted.', ru: 'Уплотняются только целые сегменты.' },
        try: {
          en: 'Compare the end of the segment with it, not its base offset.',
          ru: 'Сравнивайте с ним конец сегмента, а не его базовое смещение.',
        },
      },
      ageOfFirst: {
        en: 'The pass takes a segment whose first record is older than {min}, and whose newest is not.',
        ru: 'Проход берёт сегмент, первая запись которого старше {min}, а самая новая — нет.',
        why: {
          en: 'min.compaction.lag.ms protects each record for so long. A segment is taken whole, so its newest one decides.',
          ru: 'min.compaction.lag.ms защищает на это время каждую запись. Сегмент берут целиком, поэтому решает самая новая.',
        },
        try: { en: 'Take the age from maxTimestamp.', ru: 'Считайте возраст от maxTimestamp.' },
      },
      noAge: {
        en: 'The pass takes records that are younger than {min}.',
        ru: 'Проход берёт записи, которым меньше {min}.',
        try: {
          en: 'minCompactionLagMs: a segment waits while its newest record is younger.',
          ru: 'minCompactionLagMs: сегмент ждёт, пока его самая новая запись моложе.',
        },
      },
      skipsWaiting: {
        en: 'The pass goes beyond a segment that has to wait.',
        ru: 'Проход заходит за сегмент, которому надо ждать.',
        why: {
          en: 'What a pass has reached is one number, cleanedTo. It cannot leave a segment out and come back to it.',
          ru: 'То, докуда дошёл проход, — одно число, cleanedTo. Пропустить сегмент и вернуться к нему позже нельзя.',
        },
        try: {
          en: 'upTo is the first segment that waits; what follows it waits too.',
          ru: 'upTo — первый сегмент, который ждёт; ждёт и всё, что за ним.',
        },
      },
      differs: {
        en: 'nextPass is wrong for {count} of {all} logs. In the one below (lastStableOffset {stable}, minCompactionLagMs {min}) from and upTo should be {wanted}, and are {got}.',
        ru: 'Для {count} из {all} журналов ответ nextPass неверен. В том, что ниже (lastStableOffset {stable}, minCompactionLagMs {min}), from и upTo должны быть {wanted}, а получено {got}.',
      },
    },
    hints: passHints,
  },
  'pass-due': {
    name: {
      en: 'A pass waits until enough is dirty or too old, and nextPass says for what',
      ru: 'Проход ждёт, пока грязного не станет достаточно или оно не устареет, и nextPass говорит, чего он ждёт',
    },
    promises: ['pass-due', 'pass-overdue', 'pass-waits'],
    needs: ['pass-range'],
    says: {
      multiplied: {
        en: 'A pass was due although exactly as many bytes are dirty as the ratio says: {share}, ratio {ratio}.',
        ru: 'Проход оказался нужен, хотя грязных байт ровно столько, сколько говорит порог: {share}, порог {ratio}.',
        why: {
          en: 'Ratio times bytes is rounded: 0.57 * 100 is 56.99999999999999. Bytes by bytes is rounded to the very number that 0.57 is.',
          ru: 'Произведение порога и байт округляется: 0.57 * 100 — это 56.99999999999999. А частное от деления байт на байты округляется как раз до того числа, которое обозначает 0.57.',
        },
        try: {
          en: 'Divide, and compare with the ratio: dirty / all > minCleanableDirtyRatio.',
          ru: 'Делите и сравнивайте с порогом: dirty / all > minCleanableDirtyRatio.',
        },
      },
      equalShare: {
        en: 'A pass was called due when exactly {ratio} of the bytes were dirty ({share}). waitsFor should be {wanted}, and is {got}.',
        ru: 'Проход назван нужным, когда грязных байт ровно {ratio} ({share}). waitsFor должно быть {wanted}, а получено {got}.',
        try: {
          en: 'More than minCleanableDirtyRatio: >, not >=.',
          ru: 'Больше чем minCleanableDirtyRatio: >, а не >=.',
        },
      },
      shareOfAll: {
        en: 'The share of the dirty bytes was taken from the whole log, with what cannot be compacted yet. waitsFor should be {wanted}, and is {got}.',
        ru: 'Доля грязных байт посчитана от всего журнала, вместе с тем, что уплотнять ещё нельзя. waitsFor должно быть {wanted}, а получено {got}.',
        why: {
          en: 'The question is whether reading and writing these bytes is worth it, and the pass does not read what lies above upTo.',
          ru: 'Вопрос в том, стоит ли читать и переписывать эти байты, а того, что выше upTo, проход не читает.',
        },
        try: {
          en: 'Divide by the bytes of all segments below upTo, clean and dirty: {share}.',
          ru: 'Делите на байты всех сегментов ниже upTo, чистых и грязных: {share}.',
        },
      },
      overNothing: {
        en: 'A pass was called due because of records older than {max}, although nothing lies between from and upTo. waitsFor should be {wanted}, and is {got}.',
        ru: 'Проход назван нужным из-за записей старше {max}, хотя между from и upTo ничего нет. waitsFor должно быть {wanted}, а получено {got}.',
        why: {
          en: 'max.compaction.lag.ms does not open the active segment. Only a record that arrives closes it.',
          ru: 'max.compaction.lag.ms не открывает активного сегмента. Закрыть его может только пришедшая запись.',
        },
        try: {
          en: 'First ask whether something can be compacted at all.',
          ru: 'Сначала спросите, есть ли вообще что уплотнять.',
        },
      },
      neverOverdue: {
        en: 'There are dirty records older than {max}, and waitsFor is {got}.',
        ru: 'Есть грязные записи старше {max}, а waitsFor — {got}.',
        why: {
          en: 'max.compaction.lag.ms is the way around the ratio: for data that must be gone within a given time.',
          ru: 'max.compaction.lag.ms обходит порог: он для данных, которых к сроку быть не должно.',
        },
        try: {
          en: 'Look at maxCompactionLagMs beside the ratio; one of them is enough.',
          ru: 'Кроме порога смотрите на maxCompactionLagMs; достаточно одного.',
        },
      },
      newestOverdue: {
        en: 'The first record of a dirty segment is older than {max}, its newest is not, and waitsFor is {got}.',
        ru: 'Первая запись грязного сегмента старше {max}, самая новая — нет, а waitsFor — {got}.',
        why: {
          en: 'The limit must hold for each record, so the oldest one decides.',
          ru: 'Предел должен соблюдаться для каждой записи, поэтому решает самая старая.',
        },
        try: { en: 'Take this age from firstTimestamp.', ru: 'Этот возраст считайте от firstTimestamp.' },
      },
      differs: {
        en: 'nextPass is wrong for {count} of {all} logs. In the one below (dirty {share}, ratio {ratio}, lastStableOffset {stable}, minCompactionLagMs {min}, maxCompactionLagMs {max}) waitsFor should be {wanted}, and is {got}.',
        ru: 'Для {count} из {all} журналов ответ nextPass неверен. В том, что ниже (грязного {share}, порог {ratio}, lastStableOffset {stable}, minCompactionLagMs {min}, maxCompactionLagMs {max}), waitsFor должно быть {wanted}, а получено {got}.',
      },
    },
    hints: passHints,
  },
} as const satisfies Record<string, TestText>
