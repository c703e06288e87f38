/**
 * Lab 11: hints, three for each kind of promise: a nudge, the concept, nearly the code. The code of each stands in the
 * solution, line for line (hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const planHints: Hints = [
  {
    en: 'One object for each retry; its number decides the name and the delay.',
    ru: 'По объекту на каждый повтор; его номер определяет и имя, и задержку.',
  },
  {
    en: 'The delay of retry n is firstMs, doubled n - 1 times, but not more than maxMs. For powers take `**`: `<<` works on 32 bits.',
    ru: 'Задержка повтора n — это firstMs, удвоенная n - 1 раз, но не больше maxMs. Степени считайте через `**`: `<<` работает с 32 битами.',
  },
  {
    en: 'The whole function:',
    ru: 'Вся функция:',
    code: `return Array.from({ length: retries }, (_, i) => ({
  topic: \`\${topic}-retry-\${i + 1}\`,
  delayMs: Math.min(firstMs * 2 ** i, maxMs),
}))`,
  },
]

export const flowHints: Hints = [
  {
    en: 'Number the topics: 0 is the topic itself, 1 the first retry topic. A record that fails in n goes to n + 1. What is behind the last one?',
    ru: 'Пронумеруйте топики: 0 — сам топик, 1 — первый топик повторов. Запись, которая не удалась в n, идёт в n + 1. А что после последнего?',
  },
  {
    en: 'One consumer subscribes to all topics but the dead letters. For each record: handle it; if that fails, choose the next topic (`dead` when there is none, or when error.retriable is false), send the copy, await it. Either way the record is then done with, and its offset may be committed.',
    ru: 'Один консюмер подписан на все топики, кроме dead letter. Каждую запись обработайте; если не удалось, выберите следующий топик (`dead`, если его нет или если error.retriable — false), отправьте копию и дождитесь. В любом случае после этого с записью закончено, и её смещение можно фиксировать.',
  },
  {
    en: 'What becomes of one record (`next` is retries.length + 1 for the dead letters):',
    ru: 'Что происходит с одной записью (для dead letter `next` — это retries.length + 1):',
    code: `try {
  await handle({ ...place, key, value, attempt })
} catch (error) {
  const next = isForGood(error) ? retries.length + 1 : stage + 1
  await copyTo(next, { 'retry-attempts': String(attempt), 'retry-error': reasonOf(error) })
}`,
  },
]

export const copyHints: Hints = [
  {
    en: 'Which parts does a record have? Each of them is in the message that kafkajs gives; how many of them come out of your copy as they went in?',
    ru: 'Из каких частей состоит запись? Все они есть в message, который отдаёт kafkajs. Сколько из них выходит из вашей копии такими же, какими вошло?',
  },
  {
    en: 'Give key, value and headers to producer.send as you got them: Buffers, null, lists of Buffers. Your own headers come behind, in the same object, so that those of an earlier copy are replaced. Place and attempts are taken from the headers, if the record comes from a retry topic.',
    ru: 'Передайте key, value и headers в producer.send такими, какими получили: Buffer, null, списки Buffer. Свои заголовки ставьте после, в том же объекте, чтобы они заменили заголовки прошлой копии. Место и число попыток, если запись пришла из топика повторов, берите из заголовков.',
  },
  {
    en: 'The copy:',
    ru: 'Копия:',
    code: `const retry = retries[next - 1]
const due = String(Date.now() + (retry?.delayMs ?? 0))
const copy = { key, value, headers: { ...headers, ...marks, 'retry-due': due, ...more } }
await producer.send({ topic: retry?.topic ?? dead, messages: [copy] })`,
  },
]

export const waitHints: Hints = [
  {
    en: 'A consumer that waits must still fetch: that is when kafkajs sends heartbeats. So who waits?',
    ru: 'Консюмер, который ждёт, должен продолжать читать: именно тогда kafkajs отправляет heartbeat. Так кто же ждёт?',
  },
  {
    en: 'The partition waits. In eachBatch with eachBatchAutoResolve: false: when the first record is not due, pause its partition, set a timer that resumes it, and return. Nothing was resolved, so the same record comes again then. Look at its time once more.',
    ru: 'Ждёт партиция. В eachBatch с eachBatchAutoResolve: false: если срок первой записи не настал, поставьте её партицию на паузу, заведите таймер, который паузу снимет, и вернитесь. Ничего не подтверждено, поэтому потом придёт та же запись. Посмотрите на её время ещё раз.',
  },
  {
    en: 'pause is in the payload of eachBatch, and gives the function that resumes:',
    ru: 'pause есть в аргументе eachBatch и возвращает функцию, которая снимает паузу:',
    code: `const resume = pause()
const timer = setTimeout(() => {
  timers.delete(timer)
  resume()
}, ms)
timers.add(timer)`,
  },
]

export const safeHints: Hints = [
  {
    en: 'Ask of each line of yours: if the program dies right here, where is this record? There must be a place at every line: not yet committed where it comes from, or confirmed where it goes to.',
    ru: 'Спросите о каждой своей строке: если программа умрёт прямо здесь, где эта запись? Ответ должен быть на любой строке: ещё не зафиксирована там, откуда пришла, или уже подтверждена там, куда идёт.',
  },
  {
    en: 'First the copy, then the offset. producer.send resolves when the broker has stored the copy (acks: -1, the default), and repeats it when the connection breaks. Resolve the offset behind the await.',
    ru: 'Сначала копия, потом смещение. producer.send завершается, когда брокер сохранил копию (acks: -1, как по умолчанию), и повторяет отправку, если соединение оборвалось. Подтверждайте смещение после await.',
  },
  {
    en: 'The body of the loop in eachBatch:',
    ru: 'Тело цикла в eachBatch:',
    code: `await deal(stage, batch.partition, message)
resolveOffset(message.offset)
await commitOffsetsIfNecessary()
await heartbeat()`,
  },
]

export const orderHints: Hints = [
  {
    en: 'Before you call handle: does an earlier record of this key wait somewhere further down the line?',
    ru: 'Прежде чем вызвать handle: ждёт ли где-нибудь дальше по цепочке более ранняя запись с этим ключом?',
  },
  {
    en: 'For each retry topic keep a map from key to the number of records that wait there: up when a copy is sent into it, down when a record of it is done with. In the topic, and in each retry topic too: if a later one holds the key, copy the record into the next one instead of handling it. Records without a key are never counted.',
    ru: 'Для каждого топика повторов заведите таблицу: ключ — сколько записей с ним там ждёт. Отправили туда копию — прибавьте, закончили с записью оттуда — отнимите. И в самом топике, и в каждом топике повторов: если ключ есть в одном из следующих, не обрабатывайте запись, а скопируйте её в следующий. Записи без ключа не считайте.',
  },
  {
    en: 'The question, with the key in hexadecimal:',
    ru: 'Сам вопрос, с ключом в шестнадцатеричном виде:',
    code: `const waitsBehind = (stage: number, key: Buffer | null) => {
  const name = nameOf(key)
  return name !== undefined && waiting.slice(stage + 1).some((counts) => (counts.get(name) ?? 0) > 0)
}`,
  },
]

export const restartHints: Hints = [
  {
    en: 'After a crash the variables are empty. Where does it still stand which keys wait?',
    ru: 'После падения переменные пусты. Где всё ещё записано, какие ключи ждут?',
  },
  {
    en: 'In the retry topics, between the committed offset of the group and the end. Read that part before consumer.run, with a consumer of another group and without commits: admin.fetchOffsets and admin.fetchTopicOffsets say from where to where, seek() goes there. Where nothing lies between, there is nothing to read.',
    ru: 'В топиках повторов, между зафиксированным смещением группы и концом. Прочитайте эту часть до consumer.run консюмером из другой группы и без фиксации: откуда и докуда, скажут admin.fetchOffsets и admin.fetchTopicOffsets, а перейти туда поможет seek(). Где между ними пусто, читать нечего.',
  },
  {
    en: 'From where to where, for one partition; an offset of -1 means that nothing was committed:',
    ru: 'Откуда и докуда, для одной партиции; смещение -1 значит, что ничего не зафиксировано:',
    code: `for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
  const offset = BigInt(known.find((one) => one.partition === partition)?.offset ?? -1)
  const from = offset > BigInt(low) ? offset : BigInt(low)
  if (from < BigInt(high)) spans.push({ topic, partition, from, end: BigInt(high) })
}`,
  },
]

export const stopHints: Hints = [
  {
    en: 'Two things can keep stop() waiting: work that has begun, and time that has not come. Only one of them is worth it.',
    ru: 'Задержать stop() могут две вещи: начатая работа и ненаступивший срок. Дожидаться стоит только одной.',
  },
  {
    en: 'consumer.disconnect() waits for the running eachBatch and commits what it has resolved. consumer.commitOffsets, called by hand, does nothing from then on. In the loop ask isRunning() before each record, so that the batch ends soon.',
    ru: 'consumer.disconnect() дожидается идущей eachBatch и фиксирует то, что она подтвердила. А consumer.commitOffsets, вызванная вручную, с этого момента не делает ничего. В цикле перед каждой записью спрашивайте isRunning(), чтобы пакет кончился скоро.',
  },
  {
    en: 'The function that both stop and an error use:',
    ru: 'Функция, которая нужна и для stop, и при ошибке:',
    code: `const stop = async () => {
  for (const timer of timers) clearTimeout(timer)
  await consumer.disconnect()
  await producer.disconnect()
}`,
  },
]

export const closeHints: Hints = [
  {
    en: 'Count your connect() calls: each of them needs a disconnect() that is reached whatever happens in between.',
    ru: 'Посчитайте вызовы connect(): каждому нужен disconnect(), до которого дойдёт, что бы ни случилось между ними.',
  },
  {
    en: 'Keep consumer, producer, timers and the maps of keys inside the function: each call has its own. When subscribe throws, disconnect both and let the error through.',
    ru: 'Держите консюмер, продюсер, таймеры и таблицы ключей внутри функции: у каждого вызова они свои. Если subscribe бросила ошибку, отключите оба и пропустите её дальше.',
  },
  {
    en: 'How the function ends:',
    ru: 'Как заканчивается функция:',
    code: `} catch (error) {
  await stop()
  throw error
}
return { stop }`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Write it in steps, each of which turns some checks green: copy into `dead` what fails; put the retry topics in between; let a partition wait; then the order by key.',
    ru: 'Пишите по шагам, каждый сделает зелёными несколько проверок: скопировать неудавшееся в `dead`; вставить между ними топики повторов; научить партицию ждать; потом порядок по ключу.',
  },
  {
    en: 'One consumer reads the topic and the retry topics, with eachBatch and eachBatchAutoResolve: false. For each record: is it due? does an earlier one of its key wait further on? handle it, or copy it. Then resolve it.',
    ru: 'Один консюмер читает топик и топики повторов, через eachBatch с eachBatchAutoResolve: false. О каждой записи: настал ли срок? ждёт ли дальше более ранняя с её ключом? обработать её или скопировать. Потом подтвердить.',
  },
  {
    en: 'The loop:',
    ru: 'Цикл:',
    code: `for (const message of batch.messages) {
  if (!isRunning() || isStale()) return
  const waitMs = stage === 0 ? 0 : Number(headerOf(message, 'retry-due')) - Date.now()
  if (waitMs > 0) return resumeIn(waitMs, payload, timers)
  await deal(stage, batch.partition, message)
  resolveOffset(message.offset)
  await commitOffsetsIfNecessary()
  await heartbeat()
}`,
  },
]
