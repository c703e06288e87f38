/** Lab 08: failures, stop, refusals and closing: what is checked, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { closeHints, failsHints, runHints } from './hints.ts'

export const endsTests = {
  fails: {
    name: {
      en: 'When handle or save fails, the event is tried again until it is saved, and later ones of its partition wait',
      ru: 'Если handle или save завершилась ошибкой, попытки повторяются, пока событие не сохранится, а следующие в партиции ждут',
    },
    promises: ['fails', 'unsure'],
    needs: ['all'],
    says: {
      skipped: {
        en: 'handle was called with {later}, although {failed} before it had failed and was not saved yet.',
        ru: 'handle вызвали с {later}, хотя перед ней {failed} завершилась ошибкой и ещё не сохранена.',
        why: {
          en: 'isNew has said true, so the memory knows the record, although nothing was saved. When it comes again, it is taken for a duplicate. Or the error never got to kafkajs, and the record does not come again.',
          ru: 'isNew ответила true, и память запись уже знает, хотя ничего не сохранено. Когда та придёт снова, её примут за дубль. Или ошибка не дошла до kafkajs, и запись снова не придёт.',
        },
        try: {
          en: 'When handle or save fails, throw away the memory of this partition, load it from the store again, and let eachMessage fail.',
          ru: 'Если handle или save завершилась ошибкой, выбросьте память этой партиции, загрузите её из хранилища заново, и пусть eachMessage завершится ошибкой.',
        },
      },
      again: {
        en: 'A call of save failed, although the database had saved all. Then handle was called once more with {place}.',
        ru: 'Вызов save завершился ошибкой, хотя база всё сохранила. После этого handle ещё раз вызвали с {place}.',
        why: {
          en: 'The answer was lost, not the work. Whether it was done, only the store can say.',
          ru: 'Потерялся ответ, а не работа. Сделано ли дело, знает только хранилище.',
        },
        try: {
          en: 'After an error of save load the memory from the store again, and ask that.',
          ru: 'После ошибки save загрузите память из хранилища заново и спросите её.',
        },
      },
      stuck: {
        en: '{place} failed ({kind}), and then nothing happened for 5 s; {count} {count:event is|events are} not saved.',
        ru: 'На {place} случилась ошибка ({kind}), и после этого 5 с ничего не происходило; несохранённых событий: {count}.',
        try: {
          en: 'Let eachMessage fail with a plain Error: kafkajs fetches the record again.',
          ru: 'Пусть eachMessage завершается обычной Error: тогда kafkajs прочитает запись снова.',
        },
      },
      dead: {
        en: 'A {kind} was thrown at {place}, and then nothing happened for 5 s; {count} {count:event is|events are} not saved.',
        ru: 'На {place} брошена {kind}, и после этого 5 с ничего не происходило; несохранённых событий: {count}.',
        why: {
          en: 'kafkajs takes TypeError, RangeError and their like for a fault of the program, and stops for good.',
          ru: 'kafkajs считает TypeError, RangeError и подобные ошибкой в программе и останавливается насовсем.',
        },
        try: {
          en: 'Catch the error, whatever its class, and throw new Error(…, { cause }).',
          ru: 'Перехватите ошибку любого класса и бросьте new Error(…, { cause }).',
        },
      },
      twice: {
        en: 'After errors of handle and save the changes for {place} are saved twice.',
        ru: 'После ошибок handle и save изменения для {place} сохранены дважды.',
        try: {
          en: 'Save the changes and the memory in one call.',
          ru: 'Сохраняйте изменения и память одним вызовом.',
        },
      },
    },
    hints: failsHints,
  },
  stop: {
    name: {
      en: 'stop waits for handle and save; then all is committed, duplicates too',
      ru: 'stop дожидается handle и save; после этого всё зафиксировано, и дубли тоже',
    },
    promises: ['stops'],
    needs: ['all'],
    says: {
      never: {
        en: 'handle was called {got} {got:time|times}, and then not any more.',
        ru: 'handle вызвали {got} {got:раз|раза|раз}, и больше не вызывали.',
        try: { en: 'The consumer runs until stop is called.', ru: 'Консюмер работает, пока не вызвали stop.' },
      },
      early: {
        en: 'stop() resolved while handle was still at work on {place}.',
        ru: 'stop() завершился, когда handle ещё работала над {place}.',
        try: {
          en: 'stop is consumer.disconnect(): it waits for the running eachMessage, if that awaits handle and save.',
          ru: 'stop — это consumer.disconnect(): она дожидается идущей eachMessage, если та дожидается handle и save.',
        },
      },
      unsaved: {
        en: 'stop() has resolved, and what handle gave for {place} is not saved.',
        ru: 'stop() завершился, а то, что handle вернула для {place}, не сохранено.',
        try: { en: 'await store.save in eachMessage.', ru: 'Дождитесь store.save в eachMessage.' },
      },
      behind: {
        en: 'After stop() the group has committed {committed}; the last record that was handled is {last}, so it should be {wanted}.',
        ru: 'После stop() у группы зафиксировано {committed}; последняя обработанная запись — {last}, значит, должно быть {wanted}.',
        try: {
          en: 'Leave the commit to kafkajs (autoCommit), or commit after each record, before disconnect is called.',
          ru: 'Оставьте фиксацию kafkajs (autoCommit) или фиксируйте после каждой записи, до вызова disconnect.',
        },
      },
      ahead: {
        en: 'After stop() the group has committed {committed}; the last record that was handled is {last}, so it should be {wanted}.',
        ru: 'После stop() у группы зафиксировано {committed}; последняя обработанная запись — {last}, значит, должно быть {wanted}.',
        try: {
          en: 'Commit only what was handled: the committed offset is that of the next record.',
          ru: 'Фиксируйте только обработанное: зафиксированное смещение — это смещение следующей записи.',
        },
      },
      afterwards: {
        en: 'After stop() had resolved, something went on: {count} more {count:call|calls} of handle or the store.',
        ru: 'stop() завершился, а работа продолжилась: ещё {count} {count:вызов|вызова|вызовов} handle или хранилища.',
        try: { en: 'Await all that eachMessage begins.', ru: 'Дождитесь всего, что начинает eachMessage.' },
      },
      missing: {
        en: 'The consumer was stopped and started again with the same group; {count} {count:event is|events are} not saved, first {place}.',
        ru: 'Консюмер остановили и запустили снова с той же группой; несохранённых событий — {count}, первое — {place}.',
        try: { en: 'Commit only what was saved.', ru: 'Фиксируйте только то, что сохранено.' },
      },
      twice: {
        en: 'The consumer was stopped and started again with the same group, and the changes for {place} are saved twice.',
        ru: 'Консюмер остановили и запустили снова с той же группой, и изменения для {place} сохранены дважды.',
        try: { en: 'Load the memory from the store at the start.', ru: 'При запуске загрузите память из хранилища.' },
      },
      lag: {
        en: 'All events are saved and the consumer is stopped, but in partition {partition} the group lags by {lag}: committed is {committed}. The last records there are duplicates.',
        ru: 'Все события сохранены, консюмер остановлен, но в партиции {partition} группа отстаёт на {lag}: зафиксировано {committed}. Последние записи там — дубли.',
        why: {
          en: 'A duplicate is done, too, by doing nothing. Without a commit it comes again at each start, and the lag looks like work.',
          ru: 'Дубль тоже обработан — тем, что ничего не сделали. Без фиксации он придёт при каждом запуске, а лаг выглядит как несделанная работа.',
        },
        try: {
          en: 'Commit past duplicates as past events.',
          ru: 'Фиксируйте смещение и после дублей, как после событий.',
        },
      },
    },
    hints: runHints,
  },
  refused: {
    name: {
      en: 'What Kafka refuses, the caller hears of',
      ru: 'Об отказе Kafka узнаёт вызывающий',
    },
    promises: ['refused'],
    says: {
      resolved: {
        en: '{call} resolved, although no topic can have this name.',
        ru: '{call} завершилась успешно, хотя топика с таким именем быть не может.',
        try: {
          en: 'await connect, subscribe and run, and let their errors through.',
          ru: 'Дождитесь connect, subscribe и run и пропустите их ошибки к вызывающему.',
        },
      },
    },
    hints: closeHints,
  },
  closed: {
    name: {
      en: 'After stop, and after a refusal, all connections are closed',
      ru: 'После stop и после отказа все соединения закрыты',
    },
    promises: ['closed'],
    says: {
      openAfterStop: {
        en: 'A second after stop() {count} {count:connection is|connections are} still open.',
        ru: 'Через секунду после stop() открытых соединений: {count}.',
        try: { en: 'stop is consumer.disconnect().', ru: 'stop — это consumer.disconnect().' },
      },
      openAfterError: {
        en: 'A second after the call was rejected {count} {count:connection is|connections are} still open.',
        ru: 'Через секунду после того, как вызов закончился ошибкой, открытых соединений: {count}.',
        try: {
          en: 'catch, disconnect, and throw the error again.',
          ru: 'Перехватите ошибку, вызовите disconnect и бросьте её снова.',
        },
      },
      late: {
        en: 'The connections were closed, but later than a second after the call had ended: {count} were open then.',
        ru: 'Соединения закрылись, но позже чем через секунду после конца вызова: тогда их оставалось открытых {count}.',
        try: { en: 'await consumer.disconnect() at once.', ru: 'Вызывайте consumer.disconnect() сразу.' },
      },
    },
    hints: closeHints,
  },
} as const satisfies Record<string, TestText>
