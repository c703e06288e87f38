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
        ru: 'handle вызвали с {later}, хотя на {failed} перед ней случилась ошибка и она ещё не сохранена.',
        why: {
          en: 'A record that has failed must come again, and then be new. As long as its changes are not saved, no memory may know it, neither in your variables nor in the store.',
          ru: 'Запись, на которой случилась ошибка, должна прийти снова и оказаться новой. Пока изменения по ней не сохранены, её не должна знать память — ни в переменных, ни в хранилище.',
        },
        try: {
          en: 'When handle or save fails, throw away the memory of this partition, so that it is loaded from the store again, and let eachMessage fail: then kafkajs brings the record again.',
          ru: 'Если handle или save завершилась ошибкой, выбросьте память этой партиции, чтобы загрузить её из хранилища заново, и пусть eachMessage завершится ошибкой: тогда kafkajs принесёт запись снова.',
        },
      },
      again: {
        en: 'A call of save failed, although the database had saved everything. Then handle was called once more with {place}.',
        ru: 'Вызов save завершился ошибкой, хотя база всё сохранила. После этого handle ещё раз вызвали с {place}.',
        why: {
          en: 'The answer was lost, not the work. Whether it was done, only the store can say.',
          ru: 'Потерялся ответ, а не работа. Сделано ли дело, знает только хранилище.',
        },
        try: {
          en: 'Save the memory in the same call as the changes. After an error of save load it from the store again, and ask that.',
          ru: 'Сохраняйте память тем же вызовом, что и изменения. После ошибки save загрузите её из хранилища заново и спросите её.',
        },
      },
      redone: {
        en: 'After an error handle was called again with {place}, whose changes were saved already.',
        ru: 'После ошибки handle снова вызвали с {place}, хотя изменения по ней уже сохранены.',
        try: {
          en: 'Ask the memory about each record that comes, also after an error. What is saved is not new.',
          ru: 'Спрашивайте память о каждой пришедшей записи, и после ошибки тоже. То, что сохранено, не новое.',
        },
      },
      stuck: {
        en: 'The last error was thrown at {place} ({kind}); then nothing happened for 5 s, and {count} {count:event is|events are} not saved.',
        ru: 'Последняя ошибка случилась на {place} ({kind}); после неё 5 с ничего не происходило, и несохранённых событий осталось: {count}.',
        try: {
          en: 'Let eachMessage fail with a plain Error: kafkajs fetches the record again.',
          ru: 'Пусть eachMessage завершается обычной Error: тогда kafkajs прочитает запись снова.',
        },
      },
      dead: {
        en: 'A {kind} was thrown at {place}, and then nothing happened for 5 s; {count} {count:event is|events are} not saved.',
        ru: 'На {place} брошена {kind}, и после этого 5 с ничего не происходило; несохранённых событий: {count}.',
        why: {
          en: 'kafkajs tries again after an error of most kinds, but not after a TypeError, a RangeError, a ReferenceError or a SyntaxError: then it stops the consumer for good, without a word.',
          ru: 'Почти после любой ошибки kafkajs пробует ещё раз, но не после TypeError, RangeError, ReferenceError и SyntaxError: тогда она останавливает консюмер насовсем и молча.',
        },
        try: {
          en: 'Catch the error, whatever its class, and throw new Error(…, { cause }).',
          ru: 'Перехватите ошибку любого класса и бросьте new Error(…, { cause }).',
        },
      },
      nothing: {
        en: 'At {place} undefined was thrown, not an Error. After that the consumer ended, and {count} {count:event is|events are} not saved.',
        ru: 'На {place} брошена не ошибка, а undefined. После этого консюмер остановился, и несохранённых событий осталось: {count}.',
        why: {
          en: 'A promise may be rejected with anything. To read a property of undefined is a TypeError, and after that kafkajs stops the consumer for good.',
          ru: 'Промис может отклониться с чем угодно. Чтение свойства у undefined — это TypeError, а после неё kafkajs останавливает консюмер насовсем.',
        },
        try: {
          en: 'Catch whatever comes, do not look into it, and throw new Error(…, { cause }).',
          ru: 'Перехватывайте что угодно, не заглядывая внутрь, и бросайте new Error(…, { cause }).',
        },
      },
      slow: {
        en: 'The last error was thrown at {place} ({kind}); then nothing was tried for 5 s, although the consumer was connected, and {count} {count:event is|events are} not saved.',
        ru: 'Последняя ошибка случилась на {place} ({kind}); консюмер оставался подключён, но 5 с ничего не пробовал, и несохранённых событий осталось: {count}.',
        try: {
          en: 'Try again after some hundred milliseconds, also the third time: a wait that doubles soon is too long.',
          ru: 'Пробуйте снова через несколько сотен миллисекунд, и в третий раз тоже: ожидание, которое удваивается, быстро становится слишком долгим.',
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
        try: {
          en: 'The consumer runs until stop is called.',
          ru: 'Консюмер работает, пока не вызвали stop.',
        },
      },
      passed: {
        en: 'stop() was called while handle kept failing. After it the committed offset is {committed}, and {place} below it is not saved: it will not come again.',
        ru: 'stop() вызвали, пока handle завершалась ошибками. После этого зафиксировано смещение {committed}, а {place} ниже него не сохранена: она больше не придёт.',
        why: {
          en: 'For kafkajs an eachMessage that returns has done its record, whatever the reason was for giving up.',
          ru: 'Если eachMessage просто вернулась, для kafkajs запись обработана, почему бы попытки ни прекратились.',
        },
        try: {
          en: 'When you give a record up because of stop(), throw an error; then it is not committed.',
          ru: 'Если прекращаете попытки из-за stop(), бросьте ошибку: тогда запись не зафиксируют.',
        },
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
      dropped: {
        en: 'stop() was called while handle was at work on offset {last}. When handle had ended, no commit followed: the committed offset of the group is {committed}, and should be {wanted}.',
        ru: 'stop() вызвали, когда handle работала над смещением {last}. Когда она закончила, фиксации не последовало: зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
        why: {
          en: 'Once disconnect() or stop() of kafkajs has been called, consumer.commitOffsets() commits nothing, and says nothing.',
          ru: 'Как только у kafkajs вызвали disconnect() или stop(), consumer.commitOffsets() ничего не фиксирует и молчит об этом.',
        },
        try: {
          en: 'Leave the commit to kafkajs, which commits while it stops too; or wait for the running handle and its commit before you call disconnect().',
          ru: 'Оставьте фиксацию kafkajs: она фиксирует и во время остановки. Или до вызова disconnect() дождитесь идущей handle и её фиксации.',
        },
      },
      behind: {
        en: 'After stop() the committed offset of the group is {committed}; the last record that was dealt with has the offset {last}, so it should be {wanted}.',
        ru: 'После stop() зафиксированное смещение группы — {committed}; у последней обработанной записи смещение {last}, значит, должно быть {wanted}.',
        try: {
          en: 'Leave the commit to kafkajs (autoCommit), or commit after each record, before disconnect is called.',
          ru: 'Оставьте фиксацию kafkajs (autoCommit) или фиксируйте после каждой записи, до вызова disconnect.',
        },
      },
      ahead: {
        en: 'After stop() the committed offset of the group is {committed}; the last record that was dealt with has the offset {last}, so it should be {wanted}.',
        ru: 'После stop() зафиксированное смещение группы — {committed}; у последней обработанной записи смещение {last}, значит, должно быть {wanted}.',
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
        try: {
          en: 'Load the memory from the store at the start.',
          ru: 'При запуске загрузите память из хранилища.',
        },
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
  ends: {
    name: {
      en: 'What Kafka refuses is thrown to the caller, and all connections are closed, as after stop',
      ru: 'Отказ Kafka узнаёт вызывающий, и все соединения закрыты, как и после stop',
    },
    promises: ['ends'],
    says: {
      resolved: {
        en: '{call} resolved, although no topic can have this name.',
        ru: '{call} завершилась успешно, хотя топика с таким именем быть не может.',
        try: {
          en: 'await connect, subscribe and run, and let their errors through.',
          ru: 'Дождитесь connect, subscribe и run и пропустите их ошибки к вызывающему.',
        },
      },
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
