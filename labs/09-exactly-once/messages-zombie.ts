/** Lab 09: what is checked when an old instance wakes up after a new one has started, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { zombieHints } from './hints.ts'

const early = {
  en: 'Fencing begins when the id is taken over, and kafkajs does that with the first transaction, not with connect. Until then the old instance may commit. A new one that has read the group’s offsets before that does the same records again.',
  ru: 'Прежний экземпляр отсекается, когда забирают идентификатор, а kafkajs делает это при первой транзакции, не при connect. До тех пор старый может подтвердить свою. А новый, если прочитал смещения группы раньше, обработает те же записи ещё раз.',
} as const

export const zombieTests = {
  zombie: {
    name: {
      en: 'When a new instance has started, nothing that the old one commits counts, and the old one ends by itself',
      ru: 'Когда запущен новый экземпляр, всё, что подтверждает старый, не считается, а сам он завершается',
    },
    promises: ['fences', 'gives-way', 'ended', 'once'],
    needs: ['process-all', 'process-crash'],
    says: {
      never: {
        en: 'The old instance had to be in the middle of its work first; within 5 s transform was called {got} {got:time|times}.',
        ru: 'Старый экземпляр должен был сначала дойти до середины работы; за 5 с transform вызвали {got} {got:раз|раза|раз}.',
        try: {
          en: 'Let the processor read the whole topic first; what the checks above it say helps.',
          ru: 'Добейтесь сначала, чтобы обработчик читал весь топик: смотрите, что говорят проверки выше.',
        },
      },
      noTransaction: {
        en: 'The old instance has handled its records without committing a transaction: the broker was sent no EndTxn.',
        ru: 'Старый экземпляр прошёл записи и не подтвердил ни одной транзакции: запросов EndTxn брокер не получил.',
        try: {
          en: 'Results and offsets go into a transaction: send, sendOffsets, commit.',
          ru: 'Результаты и смещения входят в транзакцию: send, sendOffsets, commit.',
        },
      },
      otherId: {
        en: 'Both instances had the same settings, and the new one took over {new}, where the old one had {old}. So the old one could still commit.',
        ru: 'Настройки у обоих экземпляров одни и те же, а новый забрал {new}, хотя у старого был {old}. Поэтому старый смог подтвердить свою транзакцию.',
        why: {
          en: 'The broker tells an old instance from a new one by the epoch of their common transactional id. Instances with different ids have nothing to do with each other.',
          ru: 'Старый экземпляр от нового брокер отличает по эпохе их общего transactional id. Экземпляры с разными идентификаторами друг друга не касаются.',
        },
        try: {
          en: 'Use the transactionalId of the settings as it is: the same at each start.',
          ru: 'Берите transactionalId из настроек как есть: один и тот же при каждом запуске.',
        },
      },
      wrote: {
        en: 'startProcessor of the new instance had resolved, and the broker still accepted the commit of the old one (EndTxn).',
        ru: 'startProcessor нового экземпляра уже завершилась, а брокер всё же принял подтверждение от старого (EndTxn).',
        why: early,
        try: {
          en: 'Take the id over at the start, before the consumer joins its group: begin a transaction and abort it.',
          ru: 'Заберите идентификатор при запуске, до того как консюмер войдёт в группу: начните транзакцию и отмените её.',
        },
      },
      tookBack: {
        en: 'The old instance was fenced, and took the id over again (InitProducerId). Now the new one is fenced.',
        ru: 'Старого экземпляра отсекли, а он забрал идентификатор обратно (InitProducerId). Теперь отсечён новый.',
        why: {
          en: 'Two instances that take over from each other in turns get nothing done. A fenced instance has to give way.',
          ru: 'Если два экземпляра по очереди отбирают работу друг у друга, её не сделает ни один. Отсечённый должен уступить.',
        },
        try: {
          en: "On INVALID_PRODUCER_EPOCH make no new producer: disconnect, and call onEnded('fenced').",
          ru: "При INVALID_PRODUCER_EPOCH не создавайте нового продюсера: отключитесь и вызовите onEnded('fenced').",
        },
      },
      goesOn: {
        en: 'The old instance woke up and was fenced; it did not call onEnded within 5 s.',
        ru: 'Старый экземпляр проснулся и был отсечён; за 5 с он не вызвал onEnded.',
        why: {
          en: 'A zombie that goes on keeps partitions of the group, and nothing that it does counts: their records are stuck.',
          ru: 'Зомби, который работает дальше, держит партиции группы, а ничего из сделанного им не видно: их записи застряли.',
        },
        try: {
          en: 'Swallow no error of a transaction: let it out of eachBatch, and kafkajs ends the consumer. Tell of it in consumer.events.CRASH.',
          ru: 'Не проглатывайте ошибок транзакции: выпустите их из eachBatch, и kafkajs остановит консюмер. Сообщите об этом в consumer.events.CRASH.',
        },
      },
      why: {
        en: "The old instance was fenced, and onEnded was called with {why}, not with 'fenced'.",
        ru: "Старого экземпляра отсекли, а onEnded вызвали с {why}, а не с 'fenced'.",
        try: {
          en: 'Look for INVALID_PRODUCER_EPOCH in the type of the error, of its cause, and of the cause of that.',
          ru: 'Ищите INVALID_PRODUCER_EPOCH в type самой ошибки, её cause и cause этой причины.',
        },
      },
      often: {
        en: '{wanted} processors were fenced, and onEnded was called {count} {count:time|times}.',
        ru: 'Отсечено обработчиков: {wanted}, а onEnded вызвали {count} {count:раз|раза|раз}.',
        try: { en: 'Call onEnded once.', ru: 'Вызывайте onEnded один раз.' },
      },
      works: {
        en: 'The old instance had called onEnded, and then transform {count} more {count:time|times}.',
        ru: 'Старый экземпляр вызвал onEnded, а потом ещё {count} {count:раз|раза|раз} transform.',
        try: {
          en: 'Stop the consumer first, and call onEnded then.',
          ru: 'Сначала остановите консюмер, а потом вызывайте onEnded.',
        },
      },
      twice: {
        en: 'The old instance woke up after the new one had started. In the end {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Старый экземпляр проснулся, когда новый уже работал. В итоге больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        why: {
          en: 'The commit of the old instance was refused. Results that it had sent outside of its transaction count all the same.',
          ru: 'Подтверждение старого экземпляра брокер отверг. Но результаты, отправленные мимо транзакции, всё равно видны.',
        },
        try: {
          en: 'Send the results by transaction.send, not by producer.send.',
          ru: 'Отправляйте результаты через transaction.send, а не через producer.send.',
        },
      },
      lost: {
        en: 'The old instance woke up after the new one had started. In the end {count} {count:result does|results do} not count, first {result} of the record {place}.',
        ru: 'Старый экземпляр проснулся, когда новый уже работал. В итоге не видно результатов: {count}, первый — {result} записи {place}.',
        why: {
          en: 'Offsets that are committed outside of the transaction count, though the transaction itself was refused.',
          ru: 'Смещения, зафиксированные мимо транзакции, действуют, хотя саму транзакцию брокер отверг.',
        },
        try: {
          en: 'Commit offsets by transaction.sendOffsets only.',
          ru: 'Фиксируйте смещения только через transaction.sendOffsets.',
        },
      },
      connections: {
        en: 'The old instance has ended, and {count} of its connections {count:is|are} still open a second later.',
        ru: 'Старый экземпляр завершился, а через секунду его соединений ещё открыто: {count}.',
        try: {
          en: 'When kafkajs ends the consumer, it disconnects the consumer only: disconnect the producer before you call onEnded.',
          ru: 'Останавливая консюмер, kafkajs отключает только его: продюсера отключите сами, до вызова onEnded.',
        },
      },
    },
    hints: zombieHints,
  },
} as const satisfies Record<string, TestText>
