/** Lab 09: what is checked of a processor while nothing fails, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { processHints, stopHints } from './hints.ts'

export const processTests = {
  'process-all': {
    name: {
      en: 'startProcessor transforms each record that counts, writes its results once and commits the offset after it',
      ru: 'startProcessor преобразует каждую видимую запись, один раз пишет её результаты и фиксирует следующее смещение',
    },
    promises: ['runs', 'record', 'results', 'offsets', 'once'],
    says: {
      aborted: {
        en: 'transform was called with {count} {count:record|records} of a transaction that was aborted, first {place}.',
        ru: 'transform вызвали с записями отменённой транзакции: {count}, первая — {place}.',
        why: {
          en: 'Records of an aborted transaction stay in the log. Only consumers that read with read_committed do not get them.',
          ru: 'Записи отменённой транзакции остаются в журнале. Их не получают только консюмеры, которые читают с read_committed.',
        },
        try: {
          en: 'Leave readUncommitted of the consumer at false, its default in kafkajs.',
          ru: 'Не включайте readUncommitted у консюмера: по умолчанию в kafkajs он false.',
        },
      },
      open: {
        en: 'A transaction in the source was still open, and transform was called with {place}, which is in it or behind it.',
        ru: 'В исходном топике ещё была открыта транзакция, а transform вызвали с {place}: эта запись входит в неё или лежит за ней.',
        why: {
          en: 'Whether it counts is not decided yet. Consumers that read with read_committed stop before it.',
          ru: 'Будет ли она видна, ещё не решено. Консюмеры, которые читают с read_committed, останавливаются перед ней.',
        },
        try: {
          en: 'Leave readUncommitted of the consumer at false, its default in kafkajs.',
          ru: 'Не включайте readUncommitted у консюмера: по умолчанию в kafkajs он false.',
        },
      },
      fromNowOn: {
        en: 'The source held {wanted} records when the processor started; none of them came to it.',
        ru: 'Когда обработчик запустился, в исходном топике было {wanted} {wanted:запись|записи|записей}; до него не дошла ни одна.',
        why: {
          en: 'A group that has committed nothing begins at the end of a topic, unless subscribe says fromBeginning: true.',
          ru: 'Группа, которая ничего не зафиксировала, начинает с конца топика, если не подписаться с fromBeginning: true.',
        },
        try: {
          en: 'consumer.subscribe({ topics: [source], fromBeginning: true }), before run.',
          ru: 'consumer.subscribe({ topics: [source], fromBeginning: true }), до run.',
        },
      },
      uncalled: {
        en: 'transform was called with {got} of the {wanted} records that count in the source; the first missing one is {place}.',
        ru: 'transform вызвали с {got} из {wanted} записей, видимых в исходном топике; первая пропавшая — {place}.',
        try: {
          en: 'Follow that record from eachBatch to transform: what lets it fall?',
          ru: 'Проследите путь этой записи от eachBatch до transform: где она выпадает?',
        },
      },
      passed: {
        en: 'While the processor ran, more records came to count; transform was not called with {count} of them, first {place}, and the committed offset there is {committed} already.',
        ru: 'Пока обработчик работал, стали видны новые записи; с {count} из них transform не вызвали, первая — {place}, а зафиксировано там уже смещение {committed}.',
        why: {
          en: 'A batch ends where its last record does. The high watermark may lie far beyond it: above records of a transaction that is still open.',
          ru: 'Пакет заканчивается своей последней записью. Верхняя отметка бывает намного дальше: выше записей ещё открытой транзакции.',
        },
        try: {
          en: 'Commit the offset after the last record that was transformed, or batch.lastOffset() plus 1.',
          ru: 'Фиксируйте смещение после последней преобразованной записи или batch.lastOffset() плюс 1.',
        },
      },
      laterMissing: {
        en: 'While the processor ran, more records came to count; transform was not called with {count} of them, first {place}.',
        ru: 'Пока обработчик работал, стали видны новые записи; с {count} из них transform не вызвали, первая — {place}.',
        try: {
          en: 'Keep the consumer running until stop() is called.',
          ru: 'Консюмер должен работать, пока не вызовут stop().',
        },
      },
      shape: {
        en: 'transform was called with {got}; it should get { partition, offset, key, value }.',
        ru: 'transform вызвали с {got}, а она должна получать { partition, offset, key, value }.',
        try: {
          en: 'partition is a number in the batch; offset, key and value are in its messages.',
          ru: 'partition — число в batch; offset, key и value лежат в его messages.',
        },
      },
      strange: {
        en: 'transform was called with {place}, which the source does not hold.',
        ru: 'transform вызвали с {place}, а такой записи в исходном топике нет.',
        try: {
          en: 'Take partition and offset from the same batch.',
          ru: 'Берите партицию и смещение из одного и того же batch.',
        },
      },
      order: {
        en: 'transform was called with {place} after a later record of the same partition.',
        ru: 'transform вызвали с {place} после более поздней записи той же партиции.',
        try: {
          en: 'Take the records of a batch in the order in which kafkajs gives them.',
          ru: 'Берите записи пакета в том порядке, в котором их отдаёт kafkajs.',
        },
      },
      differs: {
        en: 'Keys or values that came to transform are not what was sent: {count}.',
        ru: 'Ключи или значения попали в transform не такими, какими их отправили: {count}.',
        try: {
          en: 'kafkajs gives Buffers, and null where there is no key: message.key?.toString() ?? null.',
          ru: 'kafkajs отдаёт Buffer, а где ключа нет — null: message.key?.toString() ?? null.',
        },
      },
      hangs: {
        en: 'The processor has been stopped, and a transaction is still open in the target: its readers wait.',
        ru: 'Обработчик остановлен, а в целевом топике всё ещё открыта транзакция, и его читатели ждут.',
        try: {
          en: 'Each transaction that was begun ends: commit, or abort where something failed.',
          ru: 'Каждая начатая транзакция должна закончиться: commit, а если что-то не удалось — abort.',
        },
      },
      changed: {
        en: '{count} {count:record counts|records count} in the target that transform did not give like this.',
        ru: 'В целевом топике видны записи, которых transform в таком виде не давала: {count}.',
        try: {
          en: 'Write key and value of the results as they are.',
          ru: 'Пишите ключ и значение результатов как есть.',
        },
      },
      missing: {
        en: 'Nothing failed, and {count} {count:result does|results do} not count in the target, first {result} of the record {place}.',
        ru: 'Ничего не ломалось, а в целевом топике не видно результатов: {count}, первый — {result} записи {place}.',
        try: {
          en: 'Send all results of the batch by the transaction, and await commit().',
          ru: 'Отправьте все результаты пакета через транзакцию и дождитесь commit().',
        },
      },
      twice: {
        en: 'Nothing failed, and {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Ничего не ломалось, а видны больше одного раза {count} {count:результат|результата|результатов}, первый — {result} записи {place}.',
        try: {
          en: 'Send the results of a batch once, in its transaction.',
          ru: 'Отправляйте результаты пакета один раз, в его транзакции.',
        },
      },
      resultOrder: {
        en: 'Results with the key {key} are not in the order in which transform gave them.',
        ru: 'Результаты с ключом {key} лежат не в том порядке, в котором их дала transform.',
        try: {
          en: 'Await transform for one record after the other, and send the results in one list.',
          ru: 'Дожидайтесь transform для записей по очереди и отправляйте результаты одним списком.',
        },
      },
      thisOffset: {
        en: 'The last record of partition {partition} has the offset {last}, and the committed offset of the group is {committed}; it should be {wanted}.',
        ru: 'У последней записи партиции {partition} смещение {last}, и зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
        why: {
          en: 'The committed offset is the one of the next record to read. Committed like this, the last record comes again at each start, and its results count again.',
          ru: 'Зафиксированное смещение — это смещение следующей записи, которую надо прочитать. С таким последняя запись придёт снова при каждом запуске, и её результаты будут видны ещё раз.',
        },
        try: {
          en: 'sendOffsets with (BigInt(message.offset) + 1n).toString().',
          ru: 'sendOffsets с (BigInt(message.offset) + 1n).toString().',
        },
      },
      behind: {
        en: 'The last record of partition {partition} has the offset {last}, and the committed offset of the group is {committed}; it should be {wanted}.',
        ru: 'У последней записи партиции {partition} смещение {last}, и зафиксированное смещение группы — {committed}, а должно быть {wanted}.',
        why: {
          en: 'A record without results is done as well. What is not committed comes again at the next start.',
          ru: 'Запись без результатов тоже обработана. Что не зафиксировано, придёт снова при следующем запуске.',
        },
        try: {
          en: 'sendOffsets in each transaction, also where there are no results to send.',
          ru: 'Вызывайте sendOffsets в каждой транзакции, даже если отправлять нечего.',
        },
      },
      ahead: {
        en: 'The committed offset of the group in partition {partition} is {committed}, and the last record has the offset {last}.',
        ru: 'Зафиксированное смещение группы в партиции {partition} — {committed}, а у последней записи смещение {last}.',
        try: {
          en: 'Commit the offset after the last record of the batch, no other.',
          ru: 'Фиксируйте смещение, следующее за последней записью пакета, и никакое другое.',
        },
      },
    },
    hints: processHints,
  },
  'process-batches': {
    name: {
      en: 'Records that wait in a partition share transactions',
      ru: 'Записи, которые ждут в партиции, делят транзакции между собой',
    },
    promises: ['batches'],
    needs: ['process-all'],
    says: {
      many: {
        en: '{count} transactions for the first {records} records; for 300 that wait, {max} at most are allowed.',
        ru: 'На первые {records} записей ушло транзакций: {count}. На 300 ждущих записей можно не больше {max}.',
        why: {
          en: 'Each transaction costs several round trips, and a marker in each partition that it has touched.',
          ru: 'Каждая транзакция — это несколько обменов с брокером и по маркеру в каждой затронутой партиции.',
        },
        try: {
          en: 'eachBatch in place of eachMessage: one transaction for what one fetch has brought.',
          ru: 'eachBatch вместо eachMessage: одна транзакция на всё, что принёс один запрос.',
        },
      },
      portions: {
        en: '{count} transactions for the first {records} records, which came in {portions} portions; for 300 that wait, {max} transactions at most are allowed.',
        ru: 'На первые {records} записей ушло транзакций: {count}; записи приходили порциями ({portions}). На 300 ждущих записей можно не больше {max} транзакций.',
        why: {
          en: 'What eachBatch gets is what one fetch has brought, and maxBytesPerPartition says how much that is at most.',
          ru: 'eachBatch получает то, что принёс один запрос, а сколько это самое большее, говорит maxBytesPerPartition.',
        },
        try: {
          en: 'Leave maxBytesPerPartition at its default, 1 MB; or let several portions share a transaction.',
          ru: 'Оставьте maxBytesPerPartition по умолчанию, 1 МБ, или пусть несколько порций делят одну транзакцию.',
        },
      },
      none: {
        en: '{wanted} records were processed, and no transaction was committed.',
        ru: 'Обработано записей: {wanted}, а ни одной транзакции не подтверждено.',
        try: {
          en: 'Results and offsets go into a transaction: send, sendOffsets, commit.',
          ru: 'Результаты и смещения входят в транзакцию: send, sendOffsets, commit.',
        },
      },
      stuck: {
        en: '{wanted} records waited in one partition; {count} came to transform, and then nothing happened for 5 s.',
        ru: 'В партиции ждало записей: {wanted}; до transform дошло {count}, и потом 5 с ничего не происходило.',
        try: {
          en: 'Let the processor read the whole topic first; what the check above says helps.',
          ru: 'Добейтесь сначала, чтобы обработчик читал весь топик: смотрите, что говорит проверка выше.',
        },
      },
    },
    hints: processHints,
  },
  'process-apart': {
    name: {
      en: 'Several processors at the same time do not disturb each other',
      ru: 'Несколько обработчиков одновременно друг другу не мешают',
    },
    promises: ['apart'],
    needs: ['process-all'],
    says: {
      ended: {
        en: '{count} processors ran at the same time, each with an id and a group of its own; one of them ended by itself: {why}.',
        ru: 'Одновременно работали {count} {count:обработчик|обработчика|обработчиков}, у каждого свой идентификатор и своя группа; один завершился сам: {why}.',
        why: {
          en: 'A producer that takes over a transactional id fences the one that had it before.',
          ru: 'Продюсер, который забирает transactional id, отсекает прежнего владельца.',
        },
        try: {
          en: 'Use the transactionalId exactly as it is given ({one}), and keep nothing in variables that calls share.',
          ru: 'Берите transactionalId в точности таким, каким его дали ({one}), и ничего не храните в переменных, общих для вызовов.',
        },
      },
      missing: {
        en: '{at} processors ran at the same time; {count} {count:result does|results do} not count, first {result} of the record {place}.',
        ru: 'Одновременно работало обработчиков: {at}; не видно результатов: {count}, первый — {result} записи {place}.',
        try: {
          en: 'Use the group and the id that are given, and keep nothing in variables that calls share.',
          ru: 'Берите ту группу и тот идентификатор, которые дали, и ничего не храните в переменных, общих для вызовов.',
        },
      },
      twice: {
        en: '{at} processors ran at the same time; {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Одновременно работало обработчиков: {at}; больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        try: {
          en: 'Use the group and the id that are given, and keep nothing in variables that calls share.',
          ru: 'Берите ту группу и тот идентификатор, которые дали, и ничего не храните в переменных, общих для вызовов.',
        },
      },
    },
    hints: processHints,
  },
  'process-stop': {
    name: {
      en: 'stop() waits for the transaction that has begun, and the next start goes on behind it',
      ru: 'stop() дожидается начатой транзакции, и следующий запуск продолжает с места за ней',
    },
    promises: ['stops', 'offsets', 'once'],
    needs: ['process-all'],
    says: {
      never: {
        en: 'Before stop() could be called, the processor had to come to the middle of a batch; within 5 s transform was called {got} {got:time|times}.',
        ru: 'До вызова stop() обработчик должен был дойти до середины пакета; за 5 с transform вызвали {got} {got:раз|раза|раз}.',
        try: {
          en: 'Let the processor read the whole topic first; what the checks above it say helps.',
          ru: 'Добейтесь сначала, чтобы обработчик читал весь топик: смотрите, что говорят проверки выше.',
        },
      },
      early: {
        en: 'stop() has resolved while transform was still at work on {place}.',
        ru: 'stop() завершился, когда transform ещё работала над {place}.',
        why: {
          en: 'After stop() the process usually ends. A transaction that is still going on is cut off then as in a crash, and stays open.',
          ru: 'После stop() процесс обычно завершают. Транзакция, которая ещё идёт, тогда оборвётся, как при падении, и останется открытой.',
        },
        try: {
          en: 'await consumer.disconnect() in stop: it waits for the running eachBatch. Only then disconnect the producer.',
          ru: 'В stop дождитесь consumer.disconnect(): она ждёт идущую eachBatch. И только потом отключайте продюсера.',
        },
      },
      said: {
        en: 'stop() was called, and onEnded was called too, with {why}. It is for a processor that ends by itself.',
        ru: 'Вызвали stop(), а обработчик вызвал ещё и onEnded, с {why}. Она для тех случаев, когда он завершается сам.',
        try: {
          en: 'Disconnect the consumer before the producer: a producer that is gone makes the running transaction fail.',
          ru: 'Отключайте консюмер раньше продюсера: без продюсера идущая транзакция завершится ошибкой.',
        },
      },
      open: {
        en: 'stop() has resolved, and a transaction is still open in the target.',
        ru: 'stop() завершился, а в целевом топике осталась открытая транзакция.',
        try: {
          en: 'In stop: first await consumer.disconnect(), then producer.disconnect(). A batch that is left half-done is committed so far, or aborted.',
          ru: 'В stop: сначала дождитесь consumer.disconnect(), потом producer.disconnect(). Пакет, оставленный на полпути, либо подтверждается до этого места, либо отменяется.',
        },
      },
      apart: {
        en: 'After stop() the committed offset of the group is {committed}, and in the target count not exactly the results of the records below it.',
        ru: 'После stop() зафиксированное смещение группы — {committed}, а в целевом топике видны не в точности результаты записей ниже него.',
        why: {
          en: 'Results and offset have to be of the same records, also when the processor stops in the middle of a batch.',
          ru: 'Результаты и смещение должны относиться к одним и тем же записям, в том числе когда обработчик останавливается посередине пакета.',
        },
        try: {
          en: 'Commit the offset after the last record whose results are in this transaction.',
          ru: 'Фиксируйте смещение, следующее за последней записью, результаты которой вошли в эту транзакцию.',
        },
      },
      afterwards: {
        en: 'After stop() had resolved, transform was called {count} more {count:time|times}.',
        ru: 'После завершения stop() transform вызвали ещё {count} {count:раз|раза|раз}.',
        try: {
          en: 'Wait in stop() until the consumer has stopped.',
          ru: 'Дождитесь в stop(), пока консюмер остановится.',
        },
      },
      twice: {
        en: 'The processor was stopped and started again, and {count} {count:result counts|results count} more than once, first {result} of the record {place}.',
        ru: 'Обработчик остановили и запустили снова, и больше одного раза видны результаты: {count}, первый — {result} записи {place}.',
        try: {
          en: 'Compare what the group has committed after stop() with what counts in the target.',
          ru: 'Сравните то, что группа зафиксировала после stop(), с тем, что видно в целевом топике.',
        },
      },
      missing: {
        en: 'The processor was stopped and started again, and {count} {count:result does|results do} not count, first {result} of the record {place}.',
        ru: 'Обработчик остановили и запустили снова, и не видно результатов: {count}, первый — {result} записи {place}.',
        try: {
          en: 'Compare what the group has committed after stop() with what counts in the target.',
          ru: 'Сравните то, что группа зафиксировала после stop(), с тем, что видно в целевом топике.',
        },
      },
    },
    hints: stopHints,
  },
} as const satisfies Record<string, TestText>
