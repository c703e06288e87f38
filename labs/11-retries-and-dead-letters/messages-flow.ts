/** Lab 11: what is checked of the plan and of a record's way, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { flowHints, planHints } from './hints.ts'

export const flowTests = {
  plan: {
    name: {
      en: 'planRetries names one topic for each retry and doubles the delay up to the maximum',
      ru: 'planRetries называет по топику на каждый повтор и удваивает задержку до предела',
    },
    promises: ['plan-topics', 'plan-delays'],
    says: {
      count: {
        en: '{call} gave {got} {got:topic|topics}; {wanted} {wanted:retry|retries} {wanted:was|were} asked for.',
        ru: '{call} вернула топиков: {got}, а повторов просили {wanted}.',
        try: {
          en: 'One topic for each retry. The first attempt is made in the topic itself and needs none.',
          ru: 'По топику на каждый повтор. Первая попытка происходит в самом топике, для неё он не нужен.',
        },
      },
      topics: {
        en: '{call}: the topic of retry {nth} is {got}; it should be {wanted}.',
        ru: '{call}: топик повтора {nth} — {got}, а должен быть {wanted}.',
        try: {
          en: 'The numbers begin with 1.',
          ru: 'Номера начинаются с 1.',
        },
      },
      over: {
        en: '{call} gave a delay of {got} ms; none may be longer than {max}.',
        ru: '{call} вернула задержку {got} мс, а ни одна не должна быть больше {max}.',
        why: {
          en: 'Doubled twenty times, a second becomes twelve days. Growing delays need a limit.',
          ru: 'Секунда, удвоенная двадцать раз, — это двенадцать суток. Растущим задержкам нужен предел.',
        },
        try: {
          en: 'Math.min(delay, maxMs), for the first one too.',
          ru: 'Math.min(delay, maxMs), и для первой тоже.',
        },
      },
      delays: {
        en: '{call}: the delay of retry {nth} is {got} ms; it should be {wanted}.',
        ru: '{call}: задержка повтора {nth} — {got} мс, а должна быть {wanted}.',
        why: {
          en: 'Each delay is twice the one before: the longer something is out of order, the less often one should ask.',
          ru: 'Каждая задержка вдвое больше предыдущей: чем дольше что-то не работает, тем реже стоит спрашивать.',
        },
        try: {
          en: 'firstMs * 2 ** (n - 1). `<<` works on 32 bits: from the 31st doubling on it gives negative numbers.',
          ru: 'firstMs * 2 ** (n - 1). `<<` работает с 32 битами: с 31-го удвоения выходят отрицательные числа.',
        },
      },
    },
    hints: planHints,
  },
  'goes-on': {
    name: {
      en: 'A record that cannot be handled does not stop its partition: it is copied aside, and the others go on',
      ru: 'Запись, которую не удаётся обработать, не останавливает партицию: её копируют в сторону, остальные идут дальше',
    },
    promises: ['runs', 'goes-on', 'record', 'once'],
    says: {
      never: {
        en: 'handle was never called, and the topic holds {count} records.',
        ru: 'handle ни разу не вызвали, а в топике записей: {count}.',
        try: {
          en: 'Subscribe to the topic with fromBeginning: true, and call handle for each of its records.',
          ru: 'Подпишитесь на топик с fromBeginning: true и вызывайте handle для каждой его записи.',
        },
      },
      shape: {
        en: 'handle was called with {got}; it should get { partition, offset, key, value, attempt }.',
        ru: 'handle вызвали с {got}, а она должна получать { partition, offset, key, value, attempt }.',
        try: {
          en: 'partition is in the payload of kafkajs, offset, key and value are in its message. Pass key and value on as they are.',
          ru: 'partition лежит в аргументе kafkajs, а offset, key и value — в его message. Ключ и значение передавайте как есть.',
        },
      },
      blocked: {
        en: 'handle fails with {place}, and was called with it {times} {times:time|times}. {count} {count:record|records} of the topic never came to handle.',
        ru: 'На {place} handle завершается ошибкой; с этой записью её вызвали {times} {times:раз|раза|раз}. До handle так и не дошли записи топика: {count}.',
        why: {
          en: 'An error that comes out of eachMessage or eachBatch makes kafkajs fetch the same record again, and everything behind it waits. One record that can never be handled stops the partition for good: a poison pill.',
          ru: 'Если ошибка выходит из eachMessage или eachBatch, kafkajs читает ту же запись снова, а всё, что за ней, ждёт. Одна запись, которую обработать нельзя, останавливает партицию насовсем: это ядовитая запись.',
        },
        try: {
          en: 'Catch what handle throws, send a copy into the first retry topic, await that, and go on.',
          ru: 'Перехватите ошибку handle, отправьте копию в первый топик повторов, дождитесь этого и идите дальше.',
        },
      },
      inPlace: {
        en: 'handle failed with {place} and was called with it again, {times} times in all, though the first retry topic has a delay of an hour.',
        ru: 'На {place} handle завершилась ошибкой, и с этой записью её вызвали снова, всего {times} {times:раз|раза|раз}, хотя у первого топика повторов задержка — час.',
        try: {
          en: 'After the first failure copy the record into the first retry topic; the next attempt is made from there.',
          ru: 'После первой же ошибки скопируйте запись в первый топик повторов: следующая попытка будет оттуда.',
        },
      },
      twice: {
        en: 'handle had succeeded with {place}, and was called with it again.',
        ru: 'handle уже справилась с {place}, и её вызвали с этой записью снова.',
        why: {
          en: 'After an error kafkajs begins again with what was not resolved and committed, also with records that were handled.',
          ru: 'После ошибки kafkajs начинает с того, что не подтверждено через resolveOffset и не зафиксировано, в том числе с записей, которые уже обработаны.',
        },
        try: {
          en: 'Let no error of handle get out, and resolve each record when it is done.',
          ru: 'Не выпускайте ошибок handle наружу и подтверждайте каждую запись, когда с ней закончено.',
        },
      },
      order: {
        en: 'handle was called with {place} after a later record of the same partition.',
        ru: 'handle вызвали с {place} после более поздней записи той же партиции.',
        try: {
          en: 'Take the records in the order in which kafkajs gives them, and await handle before the next one.',
          ru: 'Берите записи в том порядке, в каком их отдаёт kafkajs, и дождитесь handle, прежде чем браться за следующую.',
        },
      },
      place: {
        en: 'handle got the place {got} for the record that lies at {place} of the topic.',
        ru: 'Для записи, которая лежит в топике на месте {place}, handle получила место {got}.',
        try: {
          en: 'partition from the payload, offset from the message, of the same record.',
          ru: 'partition из аргумента, offset из message одной и той же записи.',
        },
      },
      attempt: {
        en: 'At the first call with a record handle got the attempt {got}; it should be the number 1.',
        ru: 'При первом вызове с записью handle получила attempt {got}, а должна была число 1.',
        try: {
          en: 'The number of failures so far, plus 1. In the topic itself nothing has failed yet.',
          ru: 'Число ошибок до сих пор плюс 1. В самом топике ошибок ещё не было.',
        },
      },
      notCopied: {
        en: 'handle failed with {place}, and there is no copy of it in {topic}, which holds {got} {got:record|records}: the record is lost.',
        ru: 'На {place} handle завершилась ошибкой, а копии в {topic} нет (записей там: {got}). Запись потеряна.',
        why: {
          en: 'The offset goes on. What was neither handled nor copied is not read again.',
          ru: 'Смещение уходит вперёд. Что не обработано и не скопировано, больше прочитано не будет.',
        },
        try: {
          en: 'await producer.send({ topic: retries[0].topic, … }) where handle has failed.',
          ru: 'await producer.send({ topic: retries[0].topic, … }) там, где handle завершилась ошибкой.',
        },
      },
      copiedMore: {
        en: 'handle failed with {wanted} {wanted:record|records}, and {topic} holds {got} copies.',
        ru: 'handle завершилась ошибкой на записях числом {wanted}, а в {topic} копий: {got}.',
        try: {
          en: 'One copy of each record that has failed, and none of the others.',
          ru: 'По одной копии каждой записи, на которой случилась ошибка, и ни одной из остальных.',
        },
      },
      asleep: {
        en: 'Copies wait in {topic} for an hour. Records that were sent to the topic since then were not handled, and the consumer sent no heartbeat, for {seconds} s.',
        ru: 'В {topic} копии ждут час. Записи, которые после этого отправили в топик, {seconds} с не обрабатываются, и консюмер не отправил ни одного heartbeat.',
        why: {
          en: 'kafkajs fetches and sends heartbeats only between calls of eachMessage or eachBatch. Code that sleeps in there stops all partitions, and after the session timeout (30 s by default) the group takes the member for dead.',
          ru: 'kafkajs читает и отправляет heartbeat только между вызовами eachMessage или eachBatch. Код, который в них спит, останавливает все партиции, а по истечении session timeout (30 с по умолчанию) группа считает участника мёртвым.',
        },
        try: {
          en: 'Do not sleep. pause() the partition of the retry topic, set a timer that resumes it, and return without resolving the record.',
          ru: 'Не спите. Поставьте партицию топика повторов на паузу через pause(), заведите таймер, который её снимет, и вернитесь, не подтверждая запись.',
        },
      },
      waitsWith: {
        en: 'Copies wait in {topic} for an hour, and meanwhile, for {seconds} s, records that were sent to the topic were not handled.',
        ru: 'В {topic} копии ждут час, а тем временем записи, отправленные в топик, {seconds} с не обрабатываются.',
        why: {
          en: 'kafkajs calls eachMessage and eachBatch for one partition after the other. Code that waits in there lets all of them wait; heartbeats change nothing about that.',
          ru: 'kafkajs вызывает eachMessage и eachBatch для партиций по очереди. Код, который в них ждёт, заставляет ждать все; heartbeat этого не меняет.',
        },
        try: {
          en: 'pause() the partition of the retry topic, set a timer that resumes it, and return without resolving the record.',
          ru: 'Поставьте партицию топика повторов на паузу через pause(), заведите таймер, который её снимет, и вернитесь, не подтверждая запись.',
        },
      },
      laterMissing: {
        en: 'While the program ran, {wanted} more records were sent; {got} of them came to handle.',
        ru: 'Пока программа работала, отправили ещё записей: {wanted}; до handle дошло {got}.',
        try: {
          en: 'Keep the consumer running until stop() is called.',
          ru: 'Консюмер должен работать, пока не вызовут stop().',
        },
      },
    },
    hints: flowHints,
  },
  stages: {
    name: {
      en: 'A record goes from retry topic to retry topic, each time after its delay, and is a dead letter in the end',
      ru: 'Запись переходит из топика повторов в следующий, каждый раз после своей задержки, и в конце становится dead letter',
    },
    promises: ['stages', 'goes-on', 'due', 'record'],
    needs: ['goes-on'],
    says: {
      forever: {
        en: 'handle was called {times} times with {place}. There are {retries} retry topics: after that many retries the record belongs into the dead letters.',
        ru: 'С {place} handle вызвали {times} {times:раз|раза|раз}. Топиков повторов {retries}: после стольких повторов записи место среди dead letter.',
        why: {
          en: 'What fails again and again costs work each time, and nobody hears of it. A dead letter can be counted and looked at.',
          ru: 'То, что не удаётся снова и снова, каждый раз стоит работы, и никто об этом не узнаёт. А dead letter можно сосчитать и рассмотреть.',
        },
        try: {
          en: 'From retry topic n the next one is n + 1, and after the last one comes `dead`.',
          ru: 'Из топика повторов n следующий — n + 1, а после последнего идёт `dead`.',
        },
      },
      early: {
        en: 'handle was called with {place} for the {nth}. time {waited} ms after the failure before; the delay of this retry topic is {delay} ms.',
        ru: 'С {place} handle вызвали в {nth}-й раз через {waited} мс после предыдущей ошибки, а задержка этого топика повторов — {delay} мс.',
        try: {
          en: 'Write the time at which the record is due into the copy (Date.now() + delayMs), and leave it in the retry topic until then.',
          ru: 'Запишите в копию время, когда настанет её срок (Date.now() + delayMs), и до тех пор не трогайте её в топике повторов.',
        },
      },
      stuck: {
        en: 'handle was called {times} {times:time|times} with {place}; it should have been called {wanted} {wanted:time|times}.',
        ru: 'С {place} handle вызвали {times} {times:раз|раза|раз}, а должны были {wanted} {wanted:раз|раза|раз}.',
        why: {
          en: 'A retry topic is a topic like any other: somebody has to read it, too.',
          ru: 'Топик повторов — обычный топик: его тоже кто-то должен читать.',
        },
        try: {
          en: 'Subscribe to the topic and to all retry topics. Look at what happens to a record that is not due: it must be read again later.',
          ru: 'Подпишитесь на топик и на все топики повторов. Проверьте, что происходит с записью, чей срок не настал: позже её надо прочитать снова.',
        },
      },
      place: {
        en: 'handle got the place {got} for the record that lies at {place} of {topic}.',
        ru: 'Для записи, которая лежит в {topic} на месте {place}, handle получила место {got}.',
        why: {
          en: 'In a retry topic the copy has an offset of its own. What identifies the record, for an idempotent handle for example, is its place in the original topic.',
          ru: 'В топике повторов у копии своё смещение. А запись узнают, например в идемпотентном обработчике, по месту в исходном топике.',
        },
        try: {
          en: 'Write partition and offset into the headers of the first copy, and take them from there ever after.',
          ru: 'Запишите партицию и смещение в заголовки первой копии и дальше берите их оттуда.',
        },
      },
      attempt: {
        en: 'At call {nth} with {place} handle got the attempt {got}.',
        ru: 'При вызове {nth} с {place} handle получила attempt {got}.',
        try: {
          en: 'Number(headers["retry-attempts"]) + 1, as a number.',
          ru: 'Number(headers["retry-attempts"]) + 1, числом.',
        },
      },
      byName: {
        en: '{place} failed {times} {times:time|times}, with an error called {name}, and lies in the dead letters without having been in {topic}.',
        ru: '{place} завершилась ошибкой {times} {times:раз|раза|раз}, ошибка называется {name}; запись лежит среди dead letter, а в {topic} её не было.',
        why: {
          en: 'What an error means, only handle knows: it says so with retriable: false. A name, or the class, says nothing.',
          ru: 'Что значит ошибка, знает только handle и говорит об этом полем retriable: false. Имя и класс не говорят ничего.',
        },
        try: {
          en: 'error.retriable === false, and nothing else.',
          ru: 'error.retriable === false, и больше ничего.',
        },
      },
      elsewhere: {
        en: '{place} failed {times} times, and there is no copy of it in {topic}.',
        ru: 'На {place} ошибка случилась {times} {times:раз|раза|раз}, а копии в {topic} нет.',
        try: {
          en: 'A record that fails in retry topic n is copied into retry topic n + 1, whatever number of partitions that has: leave the choice of the partition to kafkajs.',
          ru: 'Запись, которая не удалась в топике повторов n, копируется в топик n + 1, сколько бы партиций в нём ни было: выбор партиции оставьте kafkajs.',
        },
      },
      notDead: {
        en: 'handle failed for the last time with {place}, after {times} calls, and there is no copy of it in {topic}: the record is lost.',
        ru: 'На {place} handle в последний раз завершилась ошибкой, вызовов было {times}, а копии в {topic} нет: запись потеряна.',
        try: {
          en: 'Where there is no next retry topic, send the copy to `dead`.',
          ru: 'Где следующего топика повторов нет, отправьте копию в `dead`.',
        },
      },
      copiedMore: {
        en: '{topic} holds {got} copies; {wanted} {wanted:record belongs|records belong} there.',
        ru: 'В {topic} копий: {got}, а должно быть {wanted}.',
        try: {
          en: 'One copy for one failure, into one topic.',
          ru: 'Одна ошибка — одна копия в одном топике.',
        },
      },
    },
    hints: flowHints,
  },
  permanent: {
    name: {
      en: 'What can never succeed is not tried again: it goes to the dead letters at once',
      ru: 'Что не удастся никогда, заново не пробуют: оно сразу уходит в dead letter',
    },
    promises: ['permanent', 'stages', 'runs'],
    needs: ['goes-on'],
    says: {
      never: {
        en: 'handle was never called with {place} as it should be: it fails there for good.',
        ru: 'До вызова handle с {place}, который кончается ошибкой насовсем, дело не дошло.',
        try: {
          en: 'Let the retry topics work first; what the checks above say helps.',
          ru: 'Добейтесь сначала, чтобы работали топики повторов: смотрите, что говорят проверки выше.',
        },
      },
      retried: {
        en: 'handle failed with {place}, the error had retriable: false, and handle was called with the record again, {times} times in all.',
        ru: 'На {place} handle завершилась ошибкой с retriable: false, и её вызвали с этой записью снова, всего {times} {times:раз|раза|раз}.',
        why: {
          en: 'JSON that cannot be parsed does not get better by waiting. Each retry costs time, and the records of the same key wait behind it.',
          ru: 'JSON, который не разбирается, от ожидания не исправится. Каждый повтор стоит времени, а записи с тем же ключом ждут за ним.',
        },
        try: {
          en: 'Look at error.retriable before you choose the next topic; only false is for good, an error without the field is not.',
          ru: 'Прежде чем выбирать следующий топик, посмотрите на error.retriable; насовсем — только false, ошибка без этого поля не в счёт.',
        },
      },
      notDead: {
        en: 'handle failed with {place}, the error had retriable: false, and there is no copy of the record in {topic}.',
        ru: 'На {place} handle завершилась ошибкой с retriable: false, а копии записи в {topic} нет.',
        try: {
          en: 'Send the copy to `dead`, from the topic and from each retry topic.',
          ru: 'Отправьте копию в `dead` — и из самого топика, и из любого топика повторов.',
        },
      },
      copiedMore: {
        en: 'handle failed with {place}, the error had retriable: false, and a copy lies in {topic}, where it would be tried again.',
        ru: 'На {place} handle завершилась ошибкой с retriable: false, а копия лежит в {topic}, где её стали бы пробовать снова.',
        try: {
          en: 'One copy, into `dead`.',
          ru: 'Одна копия, в `dead`.',
        },
      },
      notAgain: {
        en: 'Without retry topics the program was stopped and started again, and handle was not called with the next record, {place}.',
        ru: 'Без топиков повторов программу остановили и запустили снова; со следующей записью, {place}, handle не вызвали.',
        why: {
          en: 'admin.fetchOffsets takes an empty list of topics for all topics of the group.',
          ru: 'Пустой список топиков admin.fetchOffsets понимает как «все топики группы».',
        },
        try: {
          en: 'If there are no retry topics, nothing can wait: do not look.',
          ru: 'Если топиков повторов нет, ждать нечему: не смотрите.',
        },
      },
      noStages: {
        en: 'There are no retry topics (retries is an empty list), handle failed with {place}, and there is no copy of it in {topic}.',
        ru: 'Топиков повторов нет (retries — пустой список), на {place} handle завершилась ошибкой, а копии в {topic} нет.',
        try: {
          en: 'Where there is no next retry topic, the next one is `dead`: also right behind the topic itself.',
          ru: 'Где следующего топика повторов нет, следующий — `dead`, в том числе сразу после самого топика.',
        },
      },
    },
    hints: flowHints,
  },
} as const satisfies Record<string, TestText>
