/** Lab 09: what is checked when the program crashes, when `transform` fails and when connections break; what is said when it does not hold. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { breakHints, crashHints, failHints } from './hints.ts'

const outside = {
  en: 'Results that are sent outside of the transaction count at once, and offsets that are committed outside of it move by themselves. Only what is in the same transaction counts together.',
  ru: 'Результаты, отправленные мимо транзакции, видны сразу, а смещения, зафиксированные мимо неё, движутся сами по себе. Вместе вступает в силу только то, что вошло в одну транзакцию.',
} as const

const inside = {
  en: 'autoCommit: false; transaction.send for the results and transaction.sendOffsets for the offset after the last record, then transaction.commit(). No consumer.commitOffsets, no producer.send.',
  ru: 'autoCommit: false; transaction.send — для результатов, transaction.sendOffsets — для смещения после последней записи, затем transaction.commit(). Никаких consumer.commitOffsets и producer.send.',
} as const

/** How the crash could not be judged, or came to nothing. */
const crashCases = {
  never: {
    en: 'The moment of the crash did not come within 5 s: transform was called {got} {got:time|times}, and the source holds {wanted} records.',
    ru: 'За 5 с до момента падения дело не дошло: transform вызвали {got} {got:раз|раза|раз}, а записей в исходном топике {wanted}.',
    try: {
      en: 'Let the processor read the whole topic first; what the checks above it say helps.',
      ru: 'Добейтесь сначала, чтобы обработчик читал весь топик: смотрите, что говорят проверки выше.',
    },
  },
  noTransaction: {
    en: 'The processor has handled the records without ending a transaction: the broker was sent no EndTxn.',
    ru: 'Обработчик прошёл записи и не завершил ни одной транзакции: запросов EndTxn брокер не получил.',
    why: outside,
    try: inside,
  },
} as const satisfies Record<string, CaseText>

export const crashTests = {
  'process-crash': {
    name: {
      en: 'After a crash at any moment of a transaction the results of each record count once',
      ru: 'После падения в любой момент транзакции результаты каждой записи видны один раз',
    },
    promises: ['once', 'offsets'],
    needs: ['process-all', 'process-apart'],
    says: {
      ...crashCases,
      hangs: {
        en: 'The program crashed {moment}. After the restart that transaction is still open in the target: readers of committed data wait.',
        ru: 'Программа упала, {moment}. После перезапуска эта транзакция в целевом топике всё ещё открыта, и читатели с read_committed ждут.',
        why: {
          en: 'The coordinator aborts what a crashed instance has left open when its transactional id is taken over. An id that is new at each start is never taken over.',
          ru: 'То, что упавший экземпляр оставил открытым, координатор отменяет, когда его transactional id забирает другой. Идентификатор, который при каждом запуске новый, никто не заберёт.',
        },
        try: {
          en: 'Use the transactionalId of the settings as it is.',
          ru: 'Берите transactionalId из настроек как есть.',
        },
      },
      twice: {
        en: 'The program crashed {moment}. After the restart {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Программа упала, {moment}. После перезапуска больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        why: outside,
        try: inside,
      },
      stuck: {
        en: 'The program crashed {moment}. After the restart nothing happened for 5 s, and {count} {count:result does|results do} not count.',
        ru: 'Программа упала, {moment}. После перезапуска 5 с ничего не происходило, и не видно результатов: {count}.',
        try: {
          en: 'A new start must need nothing but its settings.',
          ru: 'Новому запуску должно хватать его настроек.',
        },
      },
      lost: {
        en: 'The program crashed {moment}. After the restart {count} {count:result does|results do} not count, first {result} of the record {place}.',
        ru: 'Программа упала, {moment}. После перезапуска не видно результатов: {count}, первый — {result} записи {place}.',
        why: outside,
        try: inside,
      },
    },
    hints: crashHints,
  },
  'process-fails': {
    name: {
      en: 'When transform fails, it is called with the same record again, and nothing is lost or doubled',
      ru: 'Если transform завершилась ошибкой, её вызывают с той же записью снова, и ничего не теряется и не удваивается',
    },
    promises: ['fails', 'once'],
    needs: ['process-all'],
    says: {
      twice: {
        en: 'transform failed on {at}. Afterwards {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'transform завершилась ошибкой на {at}. После этого больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        why: {
          en: 'When a batch fails in the middle, it comes again from its beginning. What was sent for it before must not count.',
          ru: 'Если пакет не удался посередине, он придёт снова с самого начала. То, что по нему уже отправлено, не должно быть видно.',
        },
        try: {
          en: 'abort the transaction before you let the error out of eachBatch.',
          ru: 'Отмените транзакцию (abort), прежде чем выпустить ошибку из eachBatch.',
        },
      },
      dead: {
        en: 'transform failed on {at} ({kind}), and the processor came to an end; {count} {count:result does|results do} not count.',
        ru: 'transform завершилась ошибкой на {at} ({kind}), и обработчик остановился; не видно результатов: {count}.',
        why: {
          en: 'kafkajs tries again after most errors, but not after a TypeError, a RangeError, a ReferenceError or a SyntaxError, nor where retriable is false: then it stops the consumer for good.',
          ru: 'После большинства ошибок kafkajs пробует ещё раз, но не после TypeError, RangeError, ReferenceError и SyntaxError и не там, где retriable — false: тогда она останавливает консюмер насовсем.',
        },
        try: {
          en: 'Catch what transform throws and throw a plain Error in its place, after abort.',
          ru: 'Перехватите ошибку transform и после abort бросьте вместо неё обычную Error.',
        },
      },
      stuck: {
        en: 'transform failed on {at}, and then nothing happened for 5 s; {count} {count:result does|results do} not count.',
        ru: 'transform завершилась ошибкой на {at}, и потом 5 с ничего не происходило; не видно результатов: {count}.',
        try: {
          en: 'End the transaction before you let the error out: a producer has one at a time, and refuses the next.',
          ru: 'Завершите транзакцию, прежде чем выпустить ошибку: у продюсера она бывает одна, и следующую он не начнёт.',
        },
      },
      skipped: {
        en: 'transform failed on {at}, and was called with it again, but not with {place}, which comes before it; {count} {count:result does|results do} not count.',
        ru: 'transform завершилась ошибкой на {at}, и её вызвали с этой записью снова, а с {place}, которая стоит раньше, — нет; не видно результатов: {count}.',
        why: {
          en: 'abort has taken back the results of the whole batch. Exactly once is about results, not about calls: transform has to be called again with each of its records.',
          ru: 'abort отменил результаты всего пакета. «Ровно один раз» относится к результатам, а не к вызовам: transform надо снова вызвать с каждой его записью.',
        },
        try: {
          en: 'Skip no record because transform has seen it already.',
          ru: 'Не пропускайте запись только потому, что transform её уже видела.',
        },
      },
      lost: {
        en: 'transform failed on {at}. Afterwards {count} {count:result does|results do} not count, first {result} of the record {place}.',
        ru: 'transform завершилась ошибкой на {at}. После этого не видно результатов: {count}, первый — {result} записи {place}.',
        why: {
          en: 'abort takes results and offsets back, but not the place of the consumer: to kafkajs a batch whose eachBatch has returned is read.',
          ru: 'abort отменяет результаты и смещения, но не место консюмера: пакет, с которым eachBatch закончила без ошибки, для kafkajs прочитан.',
        },
        try: {
          en: 'After abort throw the error again: then kafkajs fetches the same batch once more.',
          ru: 'После abort бросьте ошибку снова: тогда kafkajs прочитает тот же пакет ещё раз.',
        },
      },
    },
    hints: failHints,
  },
  'process-breaks': {
    name: {
      en: 'When a connection breaks in the middle of a transaction, the results of each record count once in the end',
      ru: 'Если посреди транзакции рвётся соединение, результаты каждой записи в итоге видны один раз',
    },
    promises: ['breaks', 'once', 'ended'],
    needs: ['process-all', 'process-crash'],
    says: {
      twice: {
        en: 'The connection broke at a request ({where}). In the end {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Соединение оборвалось на запросе ({where}). В итоге больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        why: outside,
        try: inside,
      },
      hangs: {
        en: 'The connection broke at a request ({where}). The work is done, and that transaction is still open in the target: readers of committed data wait, and {count} {count:result does|results do} not count.',
        ru: 'Соединение оборвалось на запросе ({where}). Работа закончена, а эта транзакция в целевом топике всё ещё открыта: читатели с read_committed ждут, и не видно результатов: {count}.',
        why: {
          en: 'The coordinator aborts what was left open under a transactional id when that id is taken over. An id that is new at each start is never taken over.',
          ru: 'То, что осталось открытым под transactional id, координатор отменяет, когда этот идентификатор забирают снова. Идентификатор, который при каждом запуске новый, никто не заберёт.',
        },
        try: {
          en: 'Use the transactionalId of the settings as it is.',
          ru: 'Берите transactionalId из настроек как есть.',
        },
      },
      again: {
        en: 'The connection broke at a request ({where}). In the end {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Соединение оборвалось на запросе ({where}). В итоге больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        why: {
          en: 'A commit without an answer may have been done. If it was, the offsets have moved too, and a program that sends the same batch again doubles it.',
          ru: 'Подтверждение, на которое не пришло ответа, могло состояться. Тогда сдвинулись и смещения, и программа, которая отправит тот же пакет ещё раз, удвоит его.',
        },
        try: {
          en: 'Do not do the batch again by yourself. End with onEnded, or take the id over anew and read the committed offsets again.',
          ru: 'Не повторяйте пакет сами. Завершитесь с onEnded или заново заберите идентификатор и снова прочитайте зафиксированные смещения.',
        },
      },
      lost: {
        en: 'The connection broke at a request ({where}). In the end {count} {count:result does|results do} not count, first {result} of the record {place}.',
        ru: 'Соединение оборвалось на запросе ({where}). В итоге не видно результатов: {count}, первый — {result} записи {place}.',
        why: outside,
        try: inside,
      },
      stuck: {
        en: 'The connection broke at a request ({where}), and the processor neither went on nor called onEnded; {count} {count:result does|results do} not count.',
        ru: 'Соединение оборвалось на запросе ({where}), и обработчик не продолжил работу и не вызвал onEnded; не видно результатов: {count}.',
        why: {
          en: 'If the answer to a commit is lost, the producer of kafkajs takes no other transaction, and the consumer ends for good: payload.restart of its event CRASH is false then.',
          ru: 'Если ответ на подтверждение потерян, продюсер kafkajs не начинает новых транзакций, и консюмер останавливается насовсем: в его событии CRASH тогда payload.restart — false.',
        },
        try: {
          en: "consumer.on(consumer.events.CRASH, …): when it does not restart, disconnect the producer and call onEnded('failed').",
          ru: "consumer.on(consumer.events.CRASH, …): если перезапуска не будет, отключите продюсера и вызовите onEnded('failed').",
        },
      },
      why: {
        en: 'The connection broke at a request ({where}), and onEnded was called with {why}; no other instance had taken over.',
        ru: 'Соединение оборвалось на запросе ({where}), и onEnded вызвали с {why}, хотя работу никто не забирал.',
        try: {
          en: "'fenced' is for INVALID_PRODUCER_EPOCH only, in the error or in one of its causes.",
          ru: "'fenced' — только для INVALID_PRODUCER_EPOCH в самой ошибке или в одной из её причин.",
        },
      },
    },
    hints: breakHints,
  },
} as const satisfies Record<string, TestText>
