/** Lab 10: what the tests of `compact` check, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { compactHints } from './hints.ts'

const differs = {
  en: 'compact is wrong for {count} of {all} lists. Of the {before} records of the one below (upTo {upTo}, now {now}) {wanted} should stay, and {got} do; ✓ is one that stays.',
  ru: 'Для {count} из {all} списков ответ compact неверен. В том, что ниже (upTo {upTo}, now {now}), из {before} {before:записи|записей|записей} должно остаться {wanted}, а осталось {got}; ✓ — та, что остаётся.',
} as const

export const compactTests = {
  'compact-last': {
    name: {
      en: 'A pass leaves the last record of each key below upTo, in order and unchanged',
      ru: 'Проход оставляет последнюю запись каждого ключа ниже upTo, по порядку и без изменений',
    },
    promises: ['compact-last', 'compact-beyond', 'compact-order'],
    says: {
      wholeLog: {
        en: 'Records went because of newer ones with the same key that lie at or above upTo, {upTo}.',
        ru: 'Записи удалены из-за более новых с тем же ключом, которые лежат не ниже upTo, {upTo}.',
        why: {
          en: 'The cleaner has read only what lies below upTo, and does not know of them. So a compacted log has several records of a key at any time.',
          ru: 'Очистка прочла только то, что ниже upTo, и о них не знает. Поэтому в уплотнённом журнале в любой момент бывает несколько записей с одним ключом.',
        },
        try: {
          en: 'Note the last offset of each key among the records below upTo.',
          ru: 'Запоминайте последнее смещение ключа только среди записей ниже upTo.',
        },
      },
      keepsKeyless: {
        en: 'Records without a key stayed.',
        ru: 'Записи без ключа остались.',
        why: {
          en: 'Without a key nothing can ever overwrite them. A broker takes none into a compacted topic; those from the time before it was compacted go.',
          ru: 'Без ключа их никогда ничем не заместить. В уплотняемый топик брокер таких не принимает, а те, что попали туда раньше, уходят.',
        },
        try: { en: 'key === null: below upTo it goes.', ru: 'key === null: ниже upTo такая запись уходит.' },
      },
      nullIsAKey: {
        en: 'Of the records without a key the last one stayed, as if null were a key.',
        ru: 'Из записей без ключа осталась последняя, будто null — это ключ.',
        try: { en: 'key === null: below upTo it goes.', ru: 'key === null: ниже upTo такая запись уходит.' },
      },
      differs,
    },
    hints: compactHints,
  },
  'compact-tombstones': {
    name: {
      en: 'A tombstone stays for deleteRetentionMs after its first pass, and goes at the next one after that',
      ru: 'Tombstone остаётся на deleteRetentionMs после первого прохода и уходит при следующем после этого',
    },
    promises: ['tombstone-first', 'tombstone-later', 'compact-beyond'],
    needs: ['compact-last'],
    says: {
      tombstoneAtOnce: {
        en: 'Tombstones went in their first pass, together with the records that they delete.',
        ru: 'Tombstone ушли в первый же проход, вместе с записями, которые они удаляют.',
        why: {
          en: 'A reader that is on its way has the old value in its table and the tombstone still before it. It would never hear of the deletion.',
          ru: 'У читателя, который ещё в пути, старое значение уже в таблице, а tombstone впереди. Об удалении он не узнал бы никогда.',
        },
        try: {
          en: 'When goesAt is null, keep it and set goesAt.',
          ru: 'Если goesAt равно null, оставьте запись и задайте goesAt.',
        },
      },
      neverGoes: {
        en: 'Tombstones stayed whose goesAt is over.',
        ru: 'Остались tombstone, у которых goesAt уже прошло.',
        why: {
          en: 'They would stay forever, one for each key that was ever deleted.',
          ru: 'Они остались бы навсегда, по одной на каждый ключ, который когда-либо удаляли.',
        },
        try: {
          en: 'A tombstone with goesAt at or before now goes.',
          ru: 'Tombstone, у которого goesAt не позже now, уходит.',
        },
      },
      clockAnew: {
        en: 'A tombstone that had a goesAt got a new one.',
        ru: 'Tombstone, у которого goesAt уже было, получил новое.',
        why: {
          en: 'The time is counted from the first pass. If each pass began anew, a topic that is compacted often would never get rid of it.',
          ru: 'Время считается от первого прохода. Если бы каждый проход начинал счёт заново, в часто уплотняемом топике он не ушёл бы никогда.',
        },
        try: { en: 'Set goesAt only where it is null.', ru: 'Задавайте goesAt только там, где оно null.' },
      },
      zeroIsNull: {
        en: 'A tombstone whose goesAt is 0 got a new one; it should have gone.',
        ru: 'Tombstone, у которого goesAt равно 0, получил новое, а должен был уйти.',
        why: {
          en: '0 is a time, the first millisecond of 1970; only null says that no pass has been.',
          ru: '0 — это момент, первая миллисекунда 1970 года; о том, что прохода не было, говорит только null.',
        },
        try: { en: 'goesAt === null, not !goesAt.', ru: 'goesAt === null, а не !goesAt.' },
      },
      notYetAtGoesAt: {
        en: 'A tombstone whose goesAt is exactly now stayed.',
        ru: 'Tombstone, у которого goesAt ровно now, остался.',
        try: {
          en: 'It goes when now has reached goesAt: >=.',
          ru: 'Он уходит, когда now достигло goesAt: >=.',
        },
      },
      tombstonesBeyond: {
        en: 'Tombstones at or above upTo were touched.',
        ru: 'Затронуты tombstone не ниже upTo.',
        why: {
          en: 'A pass does not read what lies there; it cannot be the first pass that they meet.',
          ru: 'Того, что там лежит, проход не читает, и первым для них он быть не может.',
        },
        try: { en: 'Look at upTo before anything else.', ru: 'Прежде всего смотрите на upTo.' },
      },
      emptyIsNull: {
        en: 'A record whose value is an empty string was treated as a tombstone.',
        ru: 'Запись, значение которой — пустая строка, принята за tombstone.',
        why: {
          en: 'For the broker an empty value is zero bytes, and null is no value at all.',
          ru: 'Для брокера пустое значение — это ноль байт, а null — отсутствие значения.',
        },
        try: { en: 'value === null, not !value.', ru: 'value === null, а не !value.' },
      },
      differs,
    },
    hints: compactHints,
  },
} as const satisfies Record<string, TestText>
