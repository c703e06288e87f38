/** Lab 03: whose bytes are whose: what the tests of copying check, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { copyHints } from './hints.ts'

export const copyTests = {
  'copy-in': {
    name: {
      en: 'The log keeps a copy: the caller’s bytes are unchanged, and their memory may be used again',
      ru: 'Журнал хранит копию: байты вызывающего не изменились, и его память можно использовать снова',
    },
    promises: ['unchanged', 'reuse'],
    says: {
      shared: {
        en: 'The caller used its memory again (the batch was a {kind} of {size} bytes), and the stored batch changed, from byte {at} on.',
        ru: 'Вызывающий использовал свою память снова (пакет был {kind}, {size} байт), и сохранённый пакет изменился, начиная с байта {at}.',
        why: {
          en: 'A broker reads the next request into the same memory. A log that keeps a reference is rewritten from outside.',
          ru: 'Брокер читает следующий запрос в ту же память. Журнал, который хранит ссылку, перепишут снаружи.',
        },
        try: {
          en: '`Uint8Array.from(batch)` always copies. `subarray` never does, and neither does a Buffer’s `slice`.',
          ru: '`Uint8Array.from(batch)` копирует всегда. `subarray` не копирует никогда, и `slice` у Buffer тоже.',
        },
      },
    },
    hints: copyHints,
  },
  'copy-out': {
    name: {
      en: 'What a read gives belongs to the reader: neither changes the other',
      ru: 'Прочитанное принадлежит читателю: ни он не меняет журнал, ни журнал — его байты',
    },
    promises: ['own'],
    needs: ['read-base'],
    says: {
      changed: {
        en: 'After the reader overwrote what it had read, read({offset}, …) gives other bytes. The batch has {size} bytes and was appended as a {kind}.',
        ru: 'Читатель перезаписал прочитанное, и read({offset}, …) теперь отдаёт другие байты. В пакете {size} байт, а дописали его как {kind}.',
        why: {
          en: 'An append-only log is not changed by its readers.',
          ru: 'Журнал, в который только дописывают, читатели не меняют.',
        },
        try: {
          en: 'Hand out copies: `bytes.slice()` of a Uint8Array (not of a Buffer, whose slice does not copy).',
          ru: 'Отдавайте копии: `bytes.slice()` у Uint8Array (но не у Buffer: его slice не копирует).',
        },
      },
      fewer: {
        en: 'After the reader emptied the list it had got, read({offset}, …) gives {got} {got:batch|batches} instead of {wanted}.',
        ru: 'Читатель очистил полученный список, и read({offset}, …) теперь отдаёт {got} {got:пакет|пакета|пакетов}, а не {wanted}.',
        why: {
          en: 'An append-only log is not changed by its readers.',
          ru: 'Журнал, в который только дописывают, читатели не меняют.',
        },
        try: {
          en: 'Make a new list for each read; do not hand out the log’s own.',
          ru: 'Создавайте новый список для каждого чтения; не отдавайте тот, что хранит журнал.',
        },
      },
      frozen: {
        en: 'The reader could not change the list that read({offset}, …) gave: it is frozen.',
        ru: 'Читатель не смог изменить список, который вернул read({offset}, …): он заморожен.',
        why: {
          en: 'What a read gives belongs to the reader, who may sort it, cut it or empty it.',
          ru: 'Прочитанное принадлежит читателю: он может его отсортировать, обрезать или очистить.',
        },
        try: {
          en: 'Leave out `Object.freeze`: a list that is made anew for each read needs no protection.',
          ru: 'Уберите `Object.freeze`: список, который собирают заново для каждого чтения, защищать незачем.',
        },
      },
      grown: {
        en: 'The reader put something into an empty list that it had got; now a read at the end gives {got}.',
        ru: 'Читатель положил кое-что в полученный пустой список, и теперь чтение с конца отдаёт {got}.',
        why: {
          en: 'An empty list that is kept and given again belongs to all who have ever got it.',
          ru: 'У пустого списка, который сохранили и отдали ещё раз, столько хозяев, сколько раз его отдавали.',
        },
        try: {
          en: 'Make a new list for each read: `return []`.',
          ru: 'Создавайте новый список для каждого чтения: `return []`.',
        },
      },
    },
    hints: copyHints,
  },
} as const satisfies Record<string, TestText>
