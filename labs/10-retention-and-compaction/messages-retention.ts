/** Lab 10: what the tests of `expiredSegments` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { expiredHints } from './hints.ts'

const differs = {
  en: 'expiredSegments is wrong for {count} of {all} logs. In the one below (cleanupPolicy {policy}, retentionMs {ms}, retentionBytes {bytes}, startOffset {start}, highWatermark {hw}) it should name {wanted} {wanted:segment|segments} and names {got}; ✗ is a segment that goes.',
  ru: 'Для {count} из {all} журналов ответ expiredSegments неверен. В том, что ниже (cleanupPolicy {policy}, retentionMs {ms}, retentionBytes {bytes}, startOffset {start}, highWatermark {hw}), удаляемых сегментов должно быть {wanted}, а названо {got}; ✗ — сегмент, который уходит.',
} as const

export const retentionTests = {
  'expired-time': {
    name: {
      en: 'By time: whole segments, by their newest record, from the oldest on',
      ru: 'По сроку: целыми сегментами, по самой новой записи, начиная с самого старого',
    },
    promises: ['expired-oldest', 'expired-time'],
    says: {
      firstRecord: {
        en: 'A segment was deleted whose first record is older than {ms}, and whose newest is not.',
        ru: 'Удалён сегмент, первая запись которого старше {ms}, а самая новая — нет.',
        why: {
          en: 'Files are deleted, not records. As long as one record of a file has to stay, all of them do.',
          ru: 'Удаляются файлы, а не записи. Пока в файле должна остаться хоть одна запись, остаются все.',
        },
        try: { en: 'Take the age from maxTimestamp.', ru: 'Считайте возраст от maxTimestamp.' },
      },
      eachAlone: {
        en: 'A segment was deleted although an older one before it stays.',
        ru: 'Сегмент удалён, хотя более ранний перед ним остаётся.',
        why: {
          en: 'Retention moves the start of the log and leaves no holes behind it: the broker stops at the first segment that has to stay.',
          ru: 'Удаление по сроку и размеру сдвигает начало журнала и дыр не оставляет: брокер останавливается на первом сегменте, который должен остаться.',
        },
        try: {
          en: 'Leave the loop at the first segment that stays; filter goes on.',
          ru: 'Выйдите из цикла на первом сегменте, который остаётся; filter идёт дальше.',
        },
      },
      equalAge: {
        en: 'A segment was deleted whose newest record is exactly {ms} old.',
        ru: 'Удалён сегмент, самой новой записи которого ровно {ms}.',
        try: { en: 'More than retentionMs: >, not >=.', ru: 'Больше чем retentionMs: >, а не >=.' },
      },
      differs,
    },
    hints: expiredHints,
  },
  'expired-size': {
    name: {
      en: 'By size: as long as the rest is still large enough; either limit is enough',
      ru: 'По размеру: пока остаток ещё достаточно велик; хватает одного из условий',
    },
    promises: ['expired-size', 'expired-oldest'],
    says: {
      toTheLimit: {
        en: 'Segments were deleted until less than {bytes} bytes were left.',
        ru: 'Сегменты удаляли, пока не осталось меньше {bytes} байт.',
        why: {
          en: 'retention.bytes is what a partition keeps at least, not what it has at most: it may be larger by up to one segment.',
          ru: 'retention.bytes — это сколько партиция хранит как минимум, а не как максимум: она бывает больше, самое большее на один сегмент.',
        },
        try: {
          en: 'Ask of each segment how many bytes would be left without it: if they are fewer than retentionBytes, it stays.',
          ru: 'О каждом сегменте спросите, сколько байт останется без него: если меньше retentionBytes, он остаётся.',
        },
      },
      bothNeeded: {
        en: 'Segments were kept that go by one limit only: by time, or by size.',
        ru: 'Остались сегменты, которые уходят только по одному условию: по сроку или по размеру.',
        why: {
          en: 'The limits do not know of each other. What is too old goes, however small the log is, and what is too much goes, however young.',
          ru: 'Условия не знают друг о друге. Слишком старое уходит из какого угодно маленького журнала, лишнее — каким бы новым оно ни было.',
        },
        try: { en: 'Join the two with ||.', ru: 'Соедините их через ||.' },
      },
      inPasses: {
        en: 'A segment that is too old was kept: it lies behind one that is young and goes by size only.',
        ru: 'Остался слишком старый сегмент: он идёт за молодым, который уходит только по размеру.',
        why: {
          en: 'Each reason was asked for the whole list, one after the other. When size has taken the young segment, nobody asks for the time of the next one any more.',
          ru: 'Причины проверены одна за другой, каждая сразу для всего списка. Когда молодой сегмент ушёл по размеру, о сроке следующего уже никто не спросил.',
        },
        try: {
          en: 'Ask of each segment in turn whether any of the reasons holds.',
          ru: 'О каждом сегменте по очереди спросите, есть ли для него хотя бы одна причина.',
        },
      },
      differs,
    },
    hints: expiredHints,
  },
  'expired-stays': {
    name: {
      en: 'The policy, the start of the log, the high watermark and the active segment',
      ru: 'Политика, начало журнала, верхняя отметка и активный сегмент',
    },
    promises: ['expired-start', 'expired-policy', 'expired-stays'],
    needs: ['expired-time', 'expired-size'],
    says: {
      activeNever: {
        en: 'Everything in the active segment is older than {ms}, and it was kept.',
        ru: 'В активном сегменте всё старше {ms}, а он остался.',
        why: {
          en: 'It is compaction that never touches the active segment. Retention begins a new, empty one and deletes the old one.',
          ru: 'Активный сегмент никогда не трогает уплотнение. По сроку хранения его удаляют, а вместо него заводят новый, пустой.',
        },
        try: {
          en: 'Treat it like the others, unless it has 0 bytes.',
          ru: 'Поступайте с ним, как с остальными, если в нём не 0 байт.',
        },
      },
      compactKeepsAll: {
        en: 'With cleanupPolicy compact nothing was deleted, although the log begins at {start}.',
        ru: 'С cleanupPolicy compact ничего не удалено, хотя журнал начинается с {start}.',
        why: {
          en: 'DeleteRecords moves the start of any log. What lies below it cannot be read any more, and its files go, whatever the policy.',
          ru: 'DeleteRecords сдвигает начало любого журнала. Того, что ниже, уже не прочитать, и его файлы уходят при любой политике.',
        },
        try: {
          en: 'Ask for the policy only where time and size are looked at.',
          ru: 'Смотрите на политику только там, где решают срок и размер.',
        },
      },
      anyPolicy: {
        en: 'With cleanupPolicy compact segments were deleted by time or by size.',
        ru: 'С cleanupPolicy compact сегменты удалены по сроку или по размеру.',
        why: {
          en: 'A compacted topic keeps the newest record of each key, however old it is. With compact alone retention.ms means nothing.',
          ru: 'Уплотняемый топик хранит последнюю запись каждого ключа, сколько бы ей ни было. С одним compact настройка retention.ms ничего не значит.',
        },
        try: {
          en: "Ask cleanupPolicy.includes('delete') first.",
          ru: "Сначала проверьте cleanupPolicy.includes('delete').",
        },
      },
      watermark: {
        en: 'A segment was deleted that has records at or above the high watermark, {hw}.',
        ru: 'Удалён сегмент, в котором есть записи не ниже верхней отметки, {hw}.',
        why: {
          en: 'Records above the high watermark are not on all in-sync replicas yet, and no consumer has seen them.',
          ru: 'Записи выше верхней отметки есть ещё не на всех синхронных репликах, и ни один консюмер их не видел.',
        },
        try: {
          en: 'A segment ends where the next one begins; this end must not be above highWatermark.',
          ru: 'Сегмент кончается там, где начинается следующий; его конец не должен быть выше highWatermark.',
        },
      },
      activeBelowStart: {
        en: 'The active segment was deleted because the log begins at its end, {start}.',
        ru: 'Активный сегмент удалён, потому что журнал начинается с его конца, {start}.',
        why: {
          en: 'Below the start of a log only closed segments are deleted: a segment goes when the next one begins at or below the start, and the active one has none.',
          ru: 'Ниже начала журнала удаляются только закрытые сегменты: сегмент уходит, когда следующий начинается не выше начала, а за активным никакого нет.',
        },
        try: {
          en: 'For this reason ask as well whether a next segment exists.',
          ru: 'По этой причине проверьте и то, есть ли следующий сегмент.',
        },
      },
      emptyGoes: {
        en: 'The active segment was deleted, and it is empty.',
        ru: 'Удалён активный сегмент, а он пуст.',
        why: {
          en: 'There is nothing in it to be deleted, and an empty one would have to take its place.',
          ru: 'Удалять в нём нечего, а на его место пришлось бы завести такой же пустой.',
        },
        try: {
          en: 'If it is the last one and has 0 bytes, it stays.',
          ru: 'Если он последний и в нём 0 байт, он остаётся.',
        },
      },
      differs,
    },
    hints: expiredHints,
  },
} as const satisfies Record<string, TestText>
